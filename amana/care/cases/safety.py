"""How safe the person is: what is asked, and the level that follows by rule.

A level always comes with the answers that led to it, and never as a number: people
decide, and the person is asked first (`domain` practice: GBVIMS+ safety planning)."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import timedelta
from enum import StrEnum

from django.db import models
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from amana.care.cases.models import Urgency


class Weight(StrEnum):
    """What a yes leads to."""

    CRITICAL = "critical"
    GRAVE = "grave"
    OTHER = "other"


class Answer(models.TextChoices):
    NO = "no", _("No")
    SOME = "some", _("Perhaps")
    YES = "yes", _("Yes")
    UNKNOWN = "unknown", _("Not known")


class Level(models.TextChoices):
    CRITICAL = "critical", _("Critical")
    HIGH = "high", pgettext_lazy("a level of danger", "High")
    MEDIUM = "medium", pgettext_lazy("a level of danger", "Medium")
    LOW = "low", _("Low")

    @property
    def urgency(self) -> Urgency:
        return URGENCY[self]

    @property
    def review(self) -> timedelta:
        """How soon safety is reviewed again; never later than after 30 days."""
        return REVIEW[self]


URGENCY = {
    Level.CRITICAL: Urgency.U0,
    Level.HIGH: Urgency.U1,
    Level.MEDIUM: Urgency.U2,
    Level.LOW: Urgency.U3,
}
REVIEW = {
    Level.CRITICAL: timedelta(hours=24),
    Level.HIGH: timedelta(days=3),
    Level.MEDIUM: timedelta(days=14),
    Level.LOW: timedelta(days=30),
}


@dataclass(frozen=True)
class Item:
    code: str
    text: str | Promise
    weight: Weight


W = Weight
GROUPS: tuple[tuple[str | Promise, tuple[Item, ...]], ...] = (
    (
        _("Right now"),
        (
            Item("ATTACK", _("An attack could happen at any moment"), W.CRITICAL),
            Item("CHILD", _("A child is with people who exploit them"), W.CRITICAL),
            Item("SUICIDE", _("The person has a plan to end their life"), W.CRITICAL),
            Item(
                "TONIGHT",
                _("The person has no safe place to sleep tonight"),
                W.CRITICAL,
            ),
        ),
    ),
    (
        _("People who may harm them"),
        (
            Item("LOCATION", _("They know where the person is"), W.GRAVE),
            Item("LARGE", _("They are at large"), W.OTHER),
            Item(
                "CONTACT",
                _("They are in contact with the person, or threaten them"),
                W.GRAVE,
            ),
            Item("FAMILY", _("They threaten the family, here or back home"), W.GRAVE),
            Item(
                "ORGANISED", _("They have weapons, or many people behind them"), W.GRAVE
            ),
            Item("BEFORE", _("They have taken revenge before"), W.GRAVE),
            Item("DEBT", _("They claim the person owes money"), W.OTHER),
            Item("PAPERS", _("They hold the person’s documents"), W.OTHER),
            Item("PHONE", _("They may read or track the phone"), W.GRAVE),
            Item("RELATIVES", _("Relatives are involved"), W.GRAVE),
        ),
    ),
    (
        _("What lies ahead"),
        (
            Item("COURT", _("The person is due to testify"), W.OTHER),
            Item("PRESS", _("The press is interested"), W.OTHER),
            Item("SHELTER", _("The shelter’s address is known"), W.GRAVE),
            Item("REMOVAL", _("Detention or removal is close"), W.GRAVE),
            Item("STIGMA", _("Their community would reject them"), W.OTHER),
        ),
    ),
    (
        _("The person"),
        (
            Item("DEPENDANTS", _("Children or dependants are at risk"), W.GRAVE),
            Item("SELF", _("The person has thoughts of self-harm"), W.GRAVE),
            Item("SUBSTANCE", _("Alcohol or drugs, or withdrawal from them"), W.OTHER),
            Item(
                "RETURN",
                _("Something draws them back to the people exploiting them"),
                W.OTHER,
            ),
            Item("FEAR", _("The person reports being very afraid"), W.GRAVE),
        ),
    ),
)
ITEMS: dict[str, Item] = {item.code: item for _name, items in GROUPS for item in items}


@dataclass(frozen=True)
class Assessment:
    """The level that follows from the answers, and the answers that led there."""

    level: Level
    reasons: list[Item]
    unknown: list[Item]


def assess(given: Mapping[str, str]) -> Assessment:
    """Derive the level from the answers.

    Critical: a critical yes. High: a grave yes, or a critical "perhaps". Medium: any
    other yes, or a grave "perhaps". Otherwise low. What isn't known is listed, to be
    found out."""
    answers = {c: Answer(given[c]) for c in ITEMS if given.get(c) in Answer.values}
    reasons: dict[Level, list[Item]] = {level: [] for level in Level}
    for code, answer in answers.items():
        level = level_of(ITEMS[code].weight, answer)
        if level is not Level.LOW:
            reasons[level].append(ITEMS[code])
    level = next((found for found in Level if reasons[found]), Level.LOW)
    unknown = [
        item
        for code, item in ITEMS.items()
        if answers.get(code, "unknown") == "unknown"
    ]
    return Assessment(level, reasons[level], unknown)


def level_of(weight: Weight, answer: Answer) -> Level:
    if answer is Answer.YES:
        return {
            W.CRITICAL: Level.CRITICAL,
            W.GRAVE: Level.HIGH,
            W.OTHER: Level.MEDIUM,
        }[weight]
    if answer is Answer.SOME:
        return {W.CRITICAL: Level.HIGH, W.GRAVE: Level.MEDIUM, W.OTHER: Level.LOW}[
            weight
        ]
    return Level.LOW
