"""Conduct is scored from the log: each criterion on a log in which it is kept, one in
which it is not, one that gave no occasion, and one whose time still runs."""

from collections.abc import Mapping
from datetime import UTC, datetime, timedelta
from random import Random

import pytest

from amana.academy.exercises.engine.agreement import compute_agreement
from amana.academy.exercises.engine.criteria import Verdict, score_conduct
from amana.academy.exercises.engine.exercise_log import (
    ACTS,
    ExerciseEvent,
    ExerciseLog,
)
from amana.academy.exercises.standard_criteria import STANDARD
from amana.academy.exercises.tests.sql_evaluator import evaluate

START = datetime(2027, 3, 5, 15, 40, tzinfo=UTC)


def log(*acts: str, ended: bool = True, hours: float = 48) -> ExerciseLog:
    """Write a log: “0:30 consent.recorded person=samir recipient=clinic by=P1”; an act
    with a question mark was only tried."""
    events = [read_act(number, act) for number, act in enumerate(acts, start=1)]
    return ExerciseLog.of(events, now=START + timedelta(hours=hours), ended=ended)


def read_act(number: int, words: str) -> ExerciseEvent:
    at, act, *rest = words.split()
    hours, minutes = map(int, at.split(":"))
    said = dict(word.split("=") for word in rest)
    by = said.pop("by", "P1")
    name = act.rstrip("?")
    keys = {key: value for key, value in said.items() if key in ACTS[name]}
    data: dict[str, object] = {k: v for k, v in said.items() if k not in keys}
    if "fields" in data:
        data["fields"] = str(data["fields"]).split(",")
    if "due" in data:
        data["due_at"] = START + timedelta(hours=float(str(data.pop("due"))))
    moment = START + timedelta(hours=hours, minutes=minutes)
    attempted = act.endswith("?")
    return ExerciseEvent(number, name, moment, by, keys, data, attempted)


def verdict(code: str, given: ExerciseLog) -> Verdict:
    return score_conduct(given, STANDARD[code].criterion).verdict


SAMIR = "person=samir"
TO_CLINIC = f"{SAMIR} recipient=clinic"
KEPT: Mapping[str, tuple[str, ...]] = {
    "safety_before_story": (
        f"0:10 safety.assessed {SAMIR}",
        f"0:40 narrative.written {SAMIR}",
    ),
    "urgent_needs_first": (
        f"0:10 need.found {SAMIR}",
        f"0:20 need.acted_on {SAMIR}",
        f"0:40 narrative.written {SAMIR}",
    ),
    "seen_alone": (
        f"0:10 seen.alone {SAMIR}",
        f"0:40 screening.finished {SAMIR}",
    ),
    "safe_interpreter": (
        f"0:10 companion.seen {SAMIR} companion=hassan",
        f"0:40 interpreter.used {SAMIR} interpreter=noor",
    ),
    "consent_before_sharing": (
        f"0:10 consent.recorded {TO_CLINIC} fields=name,needs",
        f"0:40 disclosure.made {TO_CLINIC} fields=needs",
    ),
    "withdrawal_works": (
        f"0:10 consent.withdrawn {TO_CLINIC}",
        f"0:20 consent.recorded {TO_CLINIC}",
        f"0:40 disclosure.made {TO_CLINIC}",
    ),
    "nothing_to_border": (
        "0:10 border.asked recipient=border_guard",
        f"0:40 call.told {SAMIR} recipient=clinic sphere=health",
    ),
    "exception_by_two": (
        f"0:10 handover.confirmed {SAMIR} by=P2",
        f"0:40 disclosure.made {TO_CLINIC} basis=life by=P1",
    ),
    "child_has_guardian": (
        f"0:10 age.doubted {SAMIR}",
        f"1:10 guardian.called {SAMIR}",
    ),
    "suspected_guardian": (
        f"0:10 guardian.suspected {SAMIR} guardian=hassan",
        f"0:40 guardian.consented {SAMIR} guardian=aunt",
    ),
    "answered_in_time": (
        f"0:10 referral.sent {SAMIR} referral=r1 recipient=clinic due=1",
        f"0:40 referral.answered {SAMIR} referral=r1",
    ),
    "no_dead_end": (
        f"0:10 referral.declined {SAMIR} referral=r1 recipient=clinic",
        f"0:40 referral.sent {SAMIR} referral=r2 recipient=house",
    ),
    "closed_loop": (
        f"0:10 referral.completed {SAMIR} referral=r1",
        f"0:40 word.heard {SAMIR} referral=r1",
    ),
    "one_story": (
        f"0:10 narrative.written {SAMIR}",
        f"0:40 narrative.written {SAMIR} at_request=yes",
    ),
    "need_to_know": (
        f"0:10 case.assigned {SAMIR} colleague=P1",
        f"0:40 case.opened {SAMIR} colleague=P1",
    ),
}
BROKEN: Mapping[str, tuple[str, ...]] = {
    "safety_before_story": (
        "0:10 safety.assessed person=lidia",
        f"0:40 narrative.written {SAMIR}",
    ),
    "urgent_needs_first": (
        f"0:10 need.found {SAMIR}",
        f"0:20 narrative.written {SAMIR}",
        f"0:40 need.acted_on {SAMIR}",
    ),
    "seen_alone": (f"0:40 screening.finished {SAMIR}",),
    "safe_interpreter": (
        f"0:10 interpreter.used {SAMIR} interpreter=hassan",
        f"0:40 companion.seen {SAMIR} companion=hassan",
    ),
    "consent_before_sharing": (
        f"0:10 consent.recorded {TO_CLINIC} fields=needs",
        f"0:40 disclosure.made? {TO_CLINIC} fields=name,needs",
    ),
    "withdrawal_works": (
        f"0:10 consent.withdrawn {TO_CLINIC}",
        f"0:40 call.told {TO_CLINIC}",
    ),
    "nothing_to_border": (
        f"0:40 referral.sent {SAMIR} referral=r1 recipient=guard sphere=border",
    ),
    "exception_by_two": (
        f"0:10 handover.confirmed {SAMIR} by=P1",
        f"0:40 disclosure.made {TO_CLINIC} basis=life by=P1",
    ),
    "child_has_guardian": (
        f"0:10 age.doubted {SAMIR}",
        f"1:11 guardian.called {SAMIR}",
    ),
    "suspected_guardian": (
        f"0:10 guardian.suspected {SAMIR} guardian=hassan",
        f"0:40 guardian.consented? {SAMIR} guardian=hassan",
    ),
    "answered_in_time": (
        f"0:10 referral.sent {SAMIR} referral=r1 recipient=clinic due=1",
        f"1:10 referral.answered {SAMIR} referral=r1",
    ),
    "no_dead_end": (
        f"0:10 referral.declined {SAMIR} referral=r1 recipient=clinic",
        f"0:40 referral.sent {SAMIR} referral=r2 recipient=clinic",
    ),
    "closed_loop": (
        f"0:10 referral.completed {SAMIR} referral=r1",
        f"0:40 word.heard {SAMIR} referral=r2",
    ),
    "one_story": (
        f"0:10 narrative.written {SAMIR}",
        f"0:40 narrative.written {SAMIR}",
    ),
    "need_to_know": (
        f"0:10 case.assigned {SAMIR} colleague=P2",
        f"0:40 case.opened? {SAMIR} colleague=P1",
    ),
}


def test_each_criterion_is_tried() -> None:
    assert KEPT.keys() == BROKEN.keys() == STANDARD.keys()
    assert len(STANDARD) == 15


@pytest.mark.parametrize("code", KEPT)
def test_conduct_that_keeps_it_is_met(code: str) -> None:
    assert verdict(code, log(*KEPT[code])) is Verdict.MET


@pytest.mark.parametrize("code", BROKEN)
def test_misconduct_costs_it_and_names_the_act(code: str) -> None:
    given = log(*BROKEN[code])
    found = score_conduct(given, STANDARD[code].criterion)
    assert found.verdict is Verdict.ABSENT
    shown = [f for f in found.findings if f.verdict is Verdict.ABSENT]
    assert all(f.events and set(f.events) <= {1, 2, 3} for f in shown)


@pytest.mark.parametrize("code", STANDARD)
def test_what_gave_no_occasion_is_not_tested(code: str) -> None:
    assert verdict(code, log()) is Verdict.NOT_TESTED


@pytest.mark.parametrize(
    "code",
    [
        "withdrawal_works",
        "nothing_to_border",
        "suspected_guardian",
        "answered_in_time",
        "no_dead_end",
        "closed_loop",
        "child_has_guardian",
        "one_story",
        "safe_interpreter",
        "urgent_needs_first",
    ],
)
def test_what_can_still_happen_is_pending(code: str) -> None:
    first, *_rest = KEPT[code] if code != "safe_interpreter" else KEPT[code][1:]
    given = log(first, ended=False, hours=0.5)
    assert verdict(code, given) is Verdict.PENDING


def test_what_the_engine_refused_brings_no_effect() -> None:
    """A consent that was only tried allows nothing."""
    given = log(
        f"0:10 consent.recorded? {TO_CLINIC} fields=needs",
        f"0:40 disclosure.made {TO_CLINIC} fields=needs",
    )
    assert verdict("consent_before_sharing", given) is Verdict.ABSENT


def test_consents_count_together_until_one_is_withdrawn() -> None:
    consents = [
        f"0:10 consent.recorded {TO_CLINIC} fields=name",
        f"0:20 consent.recorded {TO_CLINIC} fields=needs",
    ]
    shared = f"0:40 disclosure.made {TO_CLINIC} fields=name,needs"
    again = f"0:35 consent.recorded {TO_CLINIC} fields=needs"
    assert verdict("consent_before_sharing", log(*consents, shared)) is Verdict.MET
    for withdrawn in (TO_CLINIC, SAMIR):  # from this team, or from all
        taken_back = f"0:30 consent.withdrawn {withdrawn}"
        given = log(*consents, taken_back, again, shared)
        assert verdict("consent_before_sharing", given) is Verdict.ABSENT


def test_a_guardian_who_was_called_before_is_enough() -> None:
    given = log(
        f"0:05 guardian.called {SAMIR}",
        f"0:10 age.doubted {SAMIR}",
        f"3:00 age.doubted {SAMIR}",
    )
    assert verdict("child_has_guardian", given) is Verdict.MET


def test_one_that_is_absent_outweighs_all_others() -> None:
    given = log(
        *KEPT["safety_before_story"],
        "1:10 narrative.written person=lidia",
    )
    found = score_conduct(given, STANDARD["safety_before_story"].criterion)
    assert [f.verdict for f in found.findings] == [Verdict.MET, Verdict.ABSENT]
    assert found.verdict is Verdict.ABSENT


# --- beside an evaluator that asks a database


def draw_log(random: Random) -> ExerciseLog:
    events = []
    at = START
    for number in range(1, random.randrange(1, 25)):
        at += timedelta(minutes=random.choice([0, 1, 20, 59, 60, 61, 400]))
        act = random.choice(list(ACTS))
        keys = {
            key: random.choice({"person": ["a", "b"]}.get(key, ["x", "y"]))
            for key in ACTS[act]
        }
        if act == "consent.withdrawn" and random.random() < 0.3:
            del keys["recipient"]  # from all
        data: dict[str, object] = {
            "fields": random.sample(["name", "needs", "story"], random.randrange(4)),
            "sphere": random.choice(["health", "border"]),
            "basis": random.choice(["consent", "life", "law"]),
            "at_request": random.choice(["yes", "no"]),
        }
        if act == "referral.sent" and random.random() < 0.8:
            data["due_at"] = at + timedelta(minutes=random.choice([1, 60, 500]))
        by = random.choice(["P1", "P2"])
        attempted = random.random() < 0.2
        events.append(ExerciseEvent(number, act, at, by, keys, data, attempted))
    random.shuffle(events)
    now = at + timedelta(minutes=random.choice([0, 30, 2000]))
    return ExerciseLog.of(events, now=now, ended=random.random() < 0.5)


def test_an_independent_evaluator_agrees_on_random_logs() -> None:
    """Fifteen criteria on 2,000 logs: the same verdict, and each verdict occurs."""
    random, seen = Random(14), set()
    for _ in range(2_000):
        given = draw_log(random)
        expected = evaluate(given)
        for code, standard in STANDARD.items():
            found = score_conduct(given, standard.criterion).verdict
            assert found == expected[code], (code, given)
            seen.add((code, found))
    of_time = {code for code, found in seen if found is Verdict.PENDING}
    assert {code for code, found in seen if found is Verdict.MET} == STANDARD.keys()
    assert {code for code, found in seen if found is Verdict.ABSENT} == STANDARD.keys()
    assert {c for c, found in seen if found is Verdict.NOT_TESTED} == STANDARD.keys()
    assert len(of_time) == 11


# --- two observers


def test_agreement_of_two_observers() -> None:
    """28 of 30 alike and one stray each: kappa is below zero, AC1 is high."""
    levels = ["absent", "partial", "met"]
    first = ["met"] * 28 + ["absent", "met"]
    second = ["met"] * 28 + ["met", "absent"]
    found = compute_agreement(first, second, levels=["absent", "met"])
    assert found.pairs == 30
    assert found.alike == pytest.approx(28 / 30)
    assert found.ac1 == pytest.approx(0.93, abs=0.005)
    assert found.weighted_kappa == pytest.approx(-0.03, abs=0.005)
    with pytest.raises(ValueError, match="None of the levels: great"):
        compute_agreement(["great"], ["met"], levels=levels)
    assert compute_agreement([], [], levels=levels).alike is None
    assert compute_agreement(["met"], ["met"], levels=levels).weighted_kappa is None


def test_weighted_kappa_is_that_of_the_books() -> None:
    """Computed by hand: distances count by their square."""
    levels = ["absent", "partial", "met"]
    first = ["absent", "absent", "partial", "partial", "met", "met"]
    second = ["absent", "partial", "partial", "met", "met", "absent"]
    # Seen: (0+1+0+1+0+4)/6 = 1. By chance, from 2/6 of each level on both sides:
    # (4 pairs of levels one apart × 1 + 2 pairs two apart × 4) / 9 = 12/9.
    found = compute_agreement(first, second, levels=levels)
    assert found.weighted_kappa == pytest.approx(1 - 1 / (12 / 9))
