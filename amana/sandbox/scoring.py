"""What the log shows of each criterion of the scenario, with the acts that show it; and
what was done, in its order."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime

from django.utils.translation import gettext as _

from amana.academy.exercises import labels
from amana.academy.exercises.accounts import build_player_account
from amana.academy.exercises.engine.criteria import (
    Finding,
    Score,
    Verdict,
    score_conduct,
)
from amana.academy.exercises.engine.exercise_log import ExerciseEvent, ExerciseLog
from amana.academy.exercises.engine.scenario import Seat
from amana.academy.exercises.standard_criteria import STANDARD
from amana.sandbox import act_log, country, playing
from amana.sandbox.stage import Stage
from amana.trust.access.models import User
from amana.ui.labels import format_list


@dataclass(frozen=True, order=True)
class ShownAct:
    """An act as it is read: when, by whom, what, and of whom."""

    number: int
    at: datetime
    by: str
    what: str
    whom: str
    attempted: bool


@dataclass(frozen=True)
class ShownScore:
    title: str
    why: str
    objective: str
    verdict: str
    tone: str
    occasions: tuple[tuple[str, str, tuple[ShownAct, ...]], ...]
    """Of each occasion: the verdict, its tone, and the acts that show it."""


def list_scores(log: ExerciseLog) -> list[ShownScore]:
    """Score each criterion of the scenario, those first that were not met."""
    scenario = playing.load_scenario()
    scores = [
        (score_conduct(log, STANDARD[code].criterion), objective)
        for code, objective in scenario.criteria.items()
    ]
    # What to talk about comes first; what was not put to the test says nothing.
    order = [Verdict.ABSENT, Verdict.PENDING, Verdict.MET, Verdict.NOT_TESTED]
    scores.sort(key=lambda scored: order.index(scored[0].verdict))
    acts = {act.number: act for act in list_acts(log.events)}
    return [build_score(score, objective, acts) for score, objective in scores]


def build_score(score: Score, objective: str, acts: dict[int, ShownAct]) -> ShownScore:
    standard = STANDARD[score.criterion.code]
    verdict, tone = labels.VERDICTS[score.verdict]
    return ShownScore(
        title=str(standard.title),
        why=str(standard.why),
        objective=playing.say(playing.load_scenario().objectives[objective]),
        verdict=str(verdict),
        tone=tone,
        occasions=tuple(build_occasion(finding, acts) for finding in score.findings),
    )


def build_occasion(
    finding: Finding, acts: dict[int, ShownAct]
) -> tuple[str, str, tuple[ShownAct, ...]]:
    verdict, tone = labels.VERDICTS[finding.verdict]
    shown = sorted(acts[number] for number in set(finding.events))
    return str(verdict), tone, tuple(shown)


# -- acts


def list_acts(events: Iterable[ExerciseEvent]) -> list[ShownAct]:
    """List acts as they are read, in their order."""
    names = {f"user:{pk}": name for pk, name in User.objects.values_list("pk", "name")}
    return [build_act(event, names) for event in events]


def build_act(event: ExerciseEvent, names: dict[str, str]) -> ShownAct:
    keys = ("person", "recipient", "interpreter", "companion", "guardian")
    whom = [format_key(event.keys[key]) for key in keys if event.keys.get(key)]
    return ShownAct(
        event.number,
        event.at,
        names.get(event.by, _("by itself")),
        str(labels.ACTS[event.act]),
        format_list(whom),
        event.attempted,
    )


def format_key(code: str) -> str:
    """Format whom an act is of: an invented person, an organisation, or the person of
    a case of whom no one said who it is."""
    if act_log.is_case(code):
        return _("someone")
    return labels.name_party(code, playing.load_scenario(), playing.load_pack())


# -- moments

SENT = ("referral", "enquiry")
"""By what an act names what a seat sent: its answers are for that seat too."""


@dataclass(frozen=True)
class Moment:
    """An act, or an inject, on the timeline."""

    at: datetime
    what: str
    by: str = ""
    whom: str = ""
    is_inject: bool = False
    attempted: bool = False


def list_moments(log: ExerciseLog, stage: Stage, seat: Seat | None) -> list[Moment]:
    """List what was done and what came, the earliest first; of a seat, what those who
    played it did, and what they could see: what came to it, and what others did
    towards its agency."""
    scenario = playing.load_scenario()
    accounts = list_accounts(seat) if seat else frozenset()
    own = {
        event.keys[sent]
        for event in log.events
        for sent in SENT
        if event.by in accounts and sent in event.keys
    }
    seen = [
        event
        for event in log.events
        if seat is None
        or event.by in accounts
        or event.keys.get("recipient") == seat.agency
        # The answers to what they sent themselves.
        or any(event.keys.get(sent) in own for sent in SENT)
    ]
    moments = [
        Moment(act.at, act.what, act.by, act.whom, attempted=act.attempted)
        for act in list_acts(seen)
    ]
    moments += [
        Moment(
            stage.played[code],
            playing.say(inject.text),
            playing.say(inject.sender),
            is_inject=True,
        )
        for code, inject in scenario.injects.items()
        if code in stage.played and (seat is None or seat.code in inject.seats)
    ]
    return sorted(moments, key=lambda moment: moment.at)


def list_accounts(seat: Seat) -> frozenset[str]:
    """List the accounts of a seat, as the log names them."""
    emails = [
        country.get_address(build_player_account(seat.code, number))
        for number in range(1, seat.most + 1)
    ]
    pks = User.objects.filter(email__in=emails).values_list("pk", flat=True)
    return frozenset(f"user:{pk}" for pk in pks)
