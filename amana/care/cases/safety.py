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


class SafetyWeight(StrEnum):
    """What a yes leads to."""

    CRITICAL = "critical"
    GRAVE = "grave"
    OTHER = "other"


class SafetyAnswer(models.TextChoices):
    NO = "no", _("No")
    SOME = "some", _("Perhaps")
    YES = "yes", _("Yes")
    UNKNOWN = "unknown", _("Not known")


class SafetyLevel(models.TextChoices):
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
    SafetyLevel.CRITICAL: Urgency.U0,
    SafetyLevel.HIGH: Urgency.U1,
    SafetyLevel.MEDIUM: Urgency.U2,
    SafetyLevel.LOW: Urgency.U3,
}
REVIEW = {
    SafetyLevel.CRITICAL: timedelta(hours=24),
    SafetyLevel.HIGH: timedelta(days=3),
    SafetyLevel.MEDIUM: timedelta(days=14),
    SafetyLevel.LOW: timedelta(days=30),
}


@dataclass(frozen=True)
class SafetyItem:
    code: str
    text: str | Promise
    weight: SafetyWeight


W = SafetyWeight
GROUPS: tuple[tuple[str | Promise, tuple[SafetyItem, ...]], ...] = (
    (
        _("Right now"),
        (
            SafetyItem("ATTACK", _("An attack could happen at any moment"), W.CRITICAL),
            SafetyItem(
                "CHILD", _("A child is with people who exploit them"), W.CRITICAL
            ),
            SafetyItem(
                "SUICIDE", _("The person has a plan to end their life"), W.CRITICAL
            ),
            SafetyItem(
                "TONIGHT",
                _("The person has no safe place to sleep tonight"),
                W.CRITICAL,
            ),
        ),
    ),
    (
        _("People who may harm them"),
        (
            SafetyItem("LOCATION", _("They know where the person is"), W.GRAVE),
            SafetyItem("LARGE", _("They are at large"), W.OTHER),
            SafetyItem(
                "CONTACT",
                _("They are in contact with the person, or threaten them"),
                W.GRAVE,
            ),
            SafetyItem(
                "FAMILY", _("They threaten the family, here or back home"), W.GRAVE
            ),
            SafetyItem(
                "ORGANISED", _("They have weapons, or many people behind them"), W.GRAVE
            ),
            SafetyItem("BEFORE", _("They have taken revenge before"), W.GRAVE),
            SafetyItem("DEBT", _("They claim the person owes money"), W.OTHER),
            SafetyItem("PAPERS", _("They hold the person’s documents"), W.OTHER),
            SafetyItem("PHONE", _("They may read or track the phone"), W.GRAVE),
            SafetyItem("RELATIVES", _("Relatives are involved"), W.GRAVE),
        ),
    ),
    (
        _("What lies ahead"),
        (
            SafetyItem("COURT", _("The person is due to testify"), W.OTHER),
            SafetyItem("PRESS", _("The press is interested"), W.OTHER),
            SafetyItem("SHELTER", _("The shelter’s address is known"), W.GRAVE),
            SafetyItem("REMOVAL", _("Detention or removal is close"), W.GRAVE),
            SafetyItem("STIGMA", _("Their community would reject them"), W.OTHER),
        ),
    ),
    (
        _("The person"),
        (
            SafetyItem("DEPENDANTS", _("Children or dependants are at risk"), W.GRAVE),
            SafetyItem("SELF", _("The person has thoughts of self-harm"), W.GRAVE),
            SafetyItem(
                "SUBSTANCE", _("Alcohol or drugs, or withdrawal from them"), W.OTHER
            ),
            SafetyItem(
                "RETURN",
                _("Something draws them back to the people exploiting them"),
                W.OTHER,
            ),
            SafetyItem("FEAR", _("The person reports being very afraid"), W.GRAVE),
        ),
    ),
)
ITEMS: dict[str, SafetyItem] = {
    item.code: item for _name, items in GROUPS for item in items
}


@dataclass(frozen=True)
class SafetyAssessment:
    """The level that follows from the answers, and the answers that led there."""

    level: SafetyLevel
    reasons: list[SafetyItem]
    unknown: list[SafetyItem]


def assess(given: Mapping[str, str]) -> SafetyAssessment:
    """Derive the level from the answers.

    Critical: a critical yes. High: a grave yes, or a critical "perhaps". Medium: any
    other yes, or a grave "perhaps". Otherwise low. What isn't known is listed, to be
    found out."""
    answers = {
        c: SafetyAnswer(given[c]) for c in ITEMS if given.get(c) in SafetyAnswer.values
    }
    reasons: dict[SafetyLevel, list[SafetyItem]] = {level: [] for level in SafetyLevel}
    for code, answer in answers.items():
        level = get_level(ITEMS[code].weight, answer)
        if level is not SafetyLevel.LOW:
            reasons[level].append(ITEMS[code])
    level = next((found for found in SafetyLevel if reasons[found]), SafetyLevel.LOW)
    unknown = [
        item
        for code, item in ITEMS.items()
        if answers.get(code, "unknown") == "unknown"
    ]
    return SafetyAssessment(level, reasons[level], unknown)


def get_level(weight: SafetyWeight, answer: SafetyAnswer) -> SafetyLevel:
    if answer is SafetyAnswer.YES:
        return {
            W.CRITICAL: SafetyLevel.CRITICAL,
            W.GRAVE: SafetyLevel.HIGH,
            W.OTHER: SafetyLevel.MEDIUM,
        }[weight]
    if answer is SafetyAnswer.SOME:
        return {
            W.CRITICAL: SafetyLevel.HIGH,
            W.GRAVE: SafetyLevel.MEDIUM,
            W.OTHER: SafetyLevel.LOW,
        }[weight]
    return SafetyLevel.LOW
