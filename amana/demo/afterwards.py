"""What came of it for invented people: said in their cases through the real action, and
drawn for the facts of the months before."""

import random
from collections.abc import Iterator, Mapping

from amana.care.cases.models import Case
from amana.care.cases.rules import list_writable_parts
from amana.care.outcomes import actions
from amana.care.outcomes.questions import NoAnswerReason, map_asked
from amana.insight.facts.codes import ReintegrationArea
from amana.trust.access.models import User

type Weights = Mapping[str, int]
type Said = dict[str, object]

RIGHTS: Mapping[str, Weights] = {
    "reflection_condition": {"free": 78, "for_cooperation": 22},
    "detention": {"not_detained": 94, "detained": 6},
    "residence": {"granted": 34, "refused": 21, "pending": 45},
    "compensation_claimed": {"yes": 27, "no": 73},
}
"""Of people presumed to be victims. Of a hundred, so many."""
AWARDED, PAID = 44, 35
"""Of a hundred who claimed compensation; of a hundred to whom it was awarded."""
CHARGED = 24
DROPPED: Weights = {"applied": 63, "not_applied": 37}
RAPE_TOLD = 21
RAPE_CARE: Weights = {"in_time": 71, "late": 19, "not": 10}
CHILDREN = {"0-11", "12-17"}
CHILD_CARE: Weights = {"suitable": 86, "unsuitable": 14}
SCORES: Mapping[str, int] = {
    ReintegrationArea.ECONOMIC: 46,
    ReintegrationArea.SOCIAL: 61,
    ReintegrationArea.PSYCHOSOCIAL: 55,
}
"""Half a year after a return; half a year later some points more."""
LATER = 7
ANSWERS: Mapping[str, Weights] = {
    **RIGHTS,
    "goal": {"met": 58, "not_met": 30, NoAnswerReason.NOT_KNOWN: 12},
    "rape_care": {
        **RAPE_CARE,
        NoAnswerReason.NOT_ASKED: 40,
        NoAnswerReason.NOT_SO: 260,
    },
    "child_care": {**CHILD_CARE, NoAnswerReason.NOT_SO: 300},
    "non_punishment": {**DROPPED, NoAnswerReason.NOT_SO: 220},
    "compensation_awarded": {"yes": 12, "no": 80, NoAnswerReason.NOT_KNOWN: 8},
    "compensation_paid": {"yes": 5, "no": 87, NoAnswerReason.NOT_KNOWN: 8},
}
SAY_SO = 60
"""Of a hundred workers, so many come to the page before the work ends."""


def record_outcomes(case: Case, worker: User, chance: random.Random) -> None:
    """Record what a worker knows of a case, on the day on which its story ends."""
    if chance.random() * 100 < SAY_SO:
        written = list_writable_parts(worker, case)
        said = {
            item.key: draw_code(ANSWERS[item.question.code], chance)
            for item in map_asked(case, by=worker).values()
            if item.question.code in ANSWERS and item.question.part in written
        }
        actions.record_answers(case, said, by=worker)


def draw_code(weights: Weights, chance: random.Random) -> str:
    return chance.choices(list(weights), list(weights.values()))[0]


def draw_outcomes(here: Said, chance: random.Random) -> Iterator[tuple[str, Said]]:
    """Draw the outcomes of one person who was presumed to be a victim, except
    detention.
    """
    said = {kind: draw_code(weights, chance) for kind, weights in RIGHTS.items()}
    for kind in ("reflection_condition", "residence", "compensation_claimed"):
        yield kind, {**here, "result": said[kind]}
    if said["compensation_claimed"] == "yes":
        awarded = "yes" if chance.random() * 100 < AWARDED else "no"
        yield "compensation_awarded", {**here, "result": awarded}
        if awarded == "yes":
            paid = "yes" if chance.random() * 100 < PAID else "no"
            yield "compensation_paid", {**here, "result": paid}
    if chance.random() * 100 < CHARGED:
        yield "non_punishment", {**here, "result": draw_code(DROPPED, chance)}
    if here["sex"] != "male" and chance.random() * 100 < RAPE_TOLD:
        yield "rape_care", {**here, "result": draw_code(RAPE_CARE, chance)}
    if here["age_band"] in CHILDREN:
        yield "child_care", {**here, "result": draw_code(CHILD_CARE, chance)}


def draw_scores(here: Said, chance: random.Random) -> Iterator[tuple[str, Said]]:
    """Draw the scores of the survey, twice."""
    for moment, more in (("m6", 0), ("m12", LATER)):
        for side, usual in SCORES.items():
            number = min(100, max(0, round(chance.gauss(usual + more, 14))))
            said = {"number": number, "topic": str(side), "reason": moment}
            yield "reintegration", {**here, **said}
