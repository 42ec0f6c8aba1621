"""Facts of a pathway's steps, by the steps that a mechanism's indicators look at."""

from datetime import UTC, datetime, timedelta
from types import SimpleNamespace
from typing import Any

import pytest

from amana.care.pathways.models import DeviationReason
from amana.design.pathway.pathway_reading import read_pathway
from amana.design.pathway.run_events import EventKind, RunEvent
from amana.insight.facts import steps

BEGAN = datetime(2026, 3, 2, 9, tzinfo=UTC)
INDICATORS = {
    "I07": ("grounds",),
    "I08": ("conclusive",),
    "I09": ("look_again",),
    "I10": ("rest",),
    "I13": ("emergency",),
    "I16": ("interview", "plan"),
    "I17": ("plan",),
    "I42": ("return_risk", "travel"),
    "I35": ("guardian", "best_interests"),
}


DECIDE, LEAVE = {"en": "Decide"}, {"en": "Leave"}
WAY = read_pathway(
    {
        "start": "grounds",
        "steps": {
            "grounds": {
                "do": DECIDE,
                "role": "authority",
                "gives": {"grounds": ["yes", "no"]},
                "due": "P5D",
                "next": "plan",
            },
            "plan": {"do": DECIDE, "role": "manager", "next": "rest"},
            "rest": {
                "wait": [
                    {"message": "ready_to_decide", "next": "leave"},
                    {"after": "P30D", "next": "leave"},
                ]
            },
            "leave": {"do": LEAVE, "role": "manager", "end": "closed"},
        },
    }
)


def course_of():
    indicators = {c: SimpleNamespace(steps=s) for c, s in INDICATORS.items()}
    return SimpleNamespace(
        version=SimpleNamespace(
            pack=SimpleNamespace(indicators=indicators, pathway=WAY)
        ),
        begun_at=BEGAN - timedelta(days=20),
    )


def told(step, kind=EventKind.DONE, after=1, due=24, reason="", **data):
    """What a step that was done so many hours after it was due says."""
    course: Any = course_of()
    was: Any = SimpleNamespace(
        since=BEGAN, due_at=BEGAN + timedelta(hours=due) if due else None
    )
    at = BEGAN + timedelta(hours=after)
    message = data.pop("message", "")
    fact: Any = SimpleNamespace(
        kind=kind, step=step, at=at, reason=reason, message=message, data=data
    )
    return dict(steps.observe_event(course, fact, was))


@pytest.mark.parametrize(
    ("step", "after", "kind", "result", "band"),
    [
        ("grounds", 20, "decision", "in_time", "24"),
        ("grounds", 30, "decision", "late", "48"),
        ("interview", 30, "assessment", "late", "48"),
        ("guardian", 3, "guardian", "in_time", "4"),
        ("best_interests", 25, "best_interests", "late", "48"),
    ],
)
def test_a_step_is_in_time_by_its_own_clock(step, after, kind, result, band):
    found = told(step, after=after)[kind]

    assert (found["result"], found["band"]) == (result, band)


def test_the_final_decision_counts_from_the_beginning_of_the_case():
    assert told("conclusive")["decision"] == {
        "result": "in_time",
        "band": "720",
        "topic": "final",
    }


def test_what_was_left_out_says_so_unless_that_was_fair():
    left_out = told("emergency", EventKind.SKIPPED, reason=DeviationReason.NOT_POSSIBLE)
    not_wished = told("emergency", EventKind.SKIPPED, reason=DeviationReason.NOT_WISHED)

    assert left_out["safe_bed"]["result"] == "not_placed"
    assert not_wished == {}
    assert told("guardian", EventKind.SKIPPED, reason=DeviationReason.ABSENT)[
        "guardian"
    ] == {"result": "not"}


def test_one_step_can_say_several_things():
    assert told("plan").keys() == {"assessment", "plan"}
    assert told("rest", EventKind.EXPIRED)["reflection"]["result"] == "granted"
    assert told("look_again", outcome="changed")["review"]["result"] == "changed"


def test_a_step_without_a_clock_is_neither_in_time_nor_late():
    assert "assessment" not in told("interview", due=None)


@pytest.mark.parametrize(
    ("after", "due", "result"),
    [(20, 24, "placed"), (24 * 7, 24, "not_placed"), (24 * 7, None, "not_placed")],
)
def test_a_bed_a_week_later_is_none_for_the_night(after, due, result):
    assert told("emergency", after=after, due=due)["safe_bed"] == {"result": result}


def test_rest_is_over_at_the_persons_word_too():
    heard = told("", EventKind.HEARD, message="ready_to_decide")

    assert heard["reflection"] == {"result": "granted"}
    assert told("", EventKind.HEARD, message="consent_withdrawn") == {}


RISKS = ("return_risk", {"return_safe": "yes"})
NOT_SAFE = ("return_risk", {"return_safe": "no"})
CHOSEN = ("options", {"option": "return"})


@pytest.mark.parametrize(
    ("done", "result"),
    [
        ([CHOSEN, RISKS], "checked"),
        ([RISKS], "unchecked"),
        ([CHOSEN], "unchecked"),
        ([CHOSEN, NOT_SAFE], "unchecked"),
        ([CHOSEN, RISKS, ("rethink", {"option": "stay"})], "unchecked"),
    ],
)
def test_a_return_is_checked_when_it_is_safe_and_the_person_chose_it(done, result):
    facts = [
        RunEvent(EventKind.DONE, BEGAN, step=step, data=data) for step, data in done
    ]

    assert steps.classify_return(facts, "return_risk") == result


# --- what never came to be

LATE = ("decision", {"result": "late", "topic": "first"})


@pytest.mark.parametrize(
    ("happened", "days", "found"),
    [
        ([("grounds", "yes")], 9, [("reflection", {"result": "not_granted"})]),
        ([("grounds", "no")], 9, []),
        (
            [("grounds", "yes"), ("plan", "")],
            9,
            [("reflection", {"result": "granted"})],
        ),
        ([("grounds", "yes"), ("plan", ""), ("", "ready_to_decide")], 9, []),
        ([], 9, [LATE]),
        ([], 2, []),
    ],
)
def test_a_way_that_ends_tells_what_never_came_to_be(happened, days, found):
    course: Any = course_of()
    facts = [RunEvent(EventKind.START, BEGAN)]
    for step, said in happened:
        data = {"grounds": said} if step == "grounds" else {}
        facts.append(
            RunEvent(EventKind.DONE, BEGAN, step=step, data=data)
            if step
            else RunEvent(EventKind.HEARD, BEGAN, message=said)
        )
    end = BEGAN + timedelta(days=days)
    facts.append(RunEvent(EventKind.CANCELLED, end, reason="withdrew", to="closed"))

    assert steps.observe_end(course, facts) == found


def test_a_decision_that_was_due_and_left_out_is_late():
    left_out = told(
        "grounds", EventKind.SKIPPED, after=30, reason=DeviationReason.NOT_POSSIBLE
    )
    in_time = told(
        "grounds", EventKind.SKIPPED, after=3, reason=DeviationReason.NOT_POSSIBLE
    )

    assert left_out["decision"] == LATE[1]
    assert "decision" not in in_time
