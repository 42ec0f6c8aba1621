"""Facts of a pathway's steps, by the steps that a mechanism's indicators look at."""

from datetime import UTC, datetime, timedelta
from types import SimpleNamespace
from typing import Any

import pytest

from amana.care.pathways.models import Reason
from amana.design.mechanism.engine.facts import Kind
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
    "I35": ("guardian", "best_interests"),
}


def told(step, kind=Kind.DONE, after=1, due=24, reason="", **data):
    """What a step that was done so many hours after it was due says."""
    indicators = {c: SimpleNamespace(steps=s) for c, s in INDICATORS.items()}
    course: Any = SimpleNamespace(
        version=SimpleNamespace(pack=SimpleNamespace(indicators=indicators)),
        begun_at=BEGAN - timedelta(days=20),
    )
    was: Any = SimpleNamespace(
        since=BEGAN, due_at=BEGAN + timedelta(hours=due) if due else None
    )
    at = BEGAN + timedelta(hours=after)
    fact: Any = SimpleNamespace(kind=kind, step=step, at=at, reason=reason, data=data)
    return dict(steps.facts_of(course, fact, was))


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
    left_out = told("emergency", Kind.SKIPPED, reason=Reason.NOT_POSSIBLE)
    not_wished = told("emergency", Kind.SKIPPED, reason=Reason.NOT_WISHED)

    assert left_out["safe_bed"]["result"] == "not_placed"
    assert not_wished == {}
    assert told("guardian", Kind.SKIPPED, reason=Reason.ABSENT)["guardian"] == {
        "result": "not"
    }


def test_one_step_can_say_several_things():
    assert told("plan").keys() == {"assessment", "plan"}
    assert told("rest", Kind.EXPIRED)["reflection"]["result"] == "granted"
    assert told("look_again", outcome="changed")["review"]["result"] == "changed"


def test_a_step_without_a_clock_is_neither_in_time_nor_late():
    assert "assessment" not in told("interview", due=None)
