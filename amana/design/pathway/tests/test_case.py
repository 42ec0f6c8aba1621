import json
import random
from contextlib import suppress
from dataclasses import replace
from datetime import timedelta
from itertools import pairwise

import pytest
from hypothesis import given as for_all
from hypothesis import settings
from hypothesis import strategies as st

from amana.design.pathway.case import EventNotApplicable, apply_fact, compute_state
from amana.design.pathway.check import check_pathway
from amana.design.pathway.pathway_model import Do, Pathway
from amana.design.pathway.pathway_reading import read_pathway
from amana.design.pathway.run_events import EventKind, RunEvent, read_fact
from amana.design.pathway.run_state import read_state
from amana.design.pathway.run_tokens import BESIDE
from amana.design.pathway.tests.pathways import (
    MONDAY,
    a_random,
    answers,
    began,
    fact,
    finish,
    walk,
    whole,
)

SCREENED = fact("done", 1, "screen", data={"presumed": "yes"})
COUNTED = fact("done", 2, "count", data={"children": 2})


@pytest.fixture
def pathway() -> Pathway:
    return whole()


def refused(pathway: Pathway, facts: list[RunEvent], fact: RunEvent) -> str:
    before = compute_state(pathway, facts)
    with pytest.raises(EventNotApplicable) as no:
        apply_fact(before, pathway, fact)
    assert compute_state(pathway, facts) == before
    return no.value.code


def test_a_step_is_due_by_urgency_and_by_the_working_days_of_the_place(pathway):
    now = compute_state(pathway, [began(urgency="U2")])

    assert now.open["screen"].role == "responder"
    assert now.open["screen"].due_at == MONDAY + timedelta(days=3)
    assert now.open["screen"].remind_at == MONDAY + timedelta(days=3, minutes=-30)
    urgent = compute_state(pathway, [began(urgency="U0")])
    assert urgent.open["screen"].due_at == MONDAY + timedelta(hours=1)


def test_what_is_late_is_told_the_longest_late_first(pathway):
    now = compute_state(pathway, [began(), SCREENED])

    assert list(now.open) == ["health", "counsel"]
    assert now.late(MONDAY + timedelta(days=1)) == []
    assert now.late(MONDAY + timedelta(days=30)) == ["health", "counsel"]


def test_a_block_goes_on_when_all_its_branches_have_ended(pathway):
    facts = [began(), SCREENED, fact("done", 2, "health"), fact("done", 3, "counsel")]
    assert list(compute_state(pathway, facts).open) == ["claim"]
    facts += [fact("heard", 4, message="bed_given")]
    assert list(compute_state(pathway, facts).open) == ["claim"]
    facts += [fact("done", 5, "claim")]
    now = compute_state(pathway, facts)
    assert list(now.open) == ["decide"]
    assert not now.joins
    assert not now.waiting


def test_every_child_has_steps_and_answers_of_its_own(pathway):
    facts = [began("child"), SCREENED, COUNTED]
    assert list(compute_state(pathway, facts).open) == ["interests@c1", "interests@c2"]

    facts += [
        fact("done", 3, "interests@c1", data={"guardian": "no"}),
        fact("done", 4, "interests@c2", data={"guardian": "yes"}),
    ]
    now = compute_state(pathway, facts)
    assert list(now.open) == ["appoint@c1"]
    assert now.known("c1")["guardian"] == "no"
    assert now.known("c2")["guardian"] == "yes"
    assert "guardian" not in now.data
    facts += [fact("done", 5, "appoint@c1")]
    assert "health" in compute_state(pathway, facts).open


def test_a_list_without_items_is_passed_by(pathway):
    nobody = fact("done", 2, "count", data={"children": 0})

    assert "health" in compute_state(pathway, [began("child"), SCREENED, nobody]).open


def test_a_list_may_be_of_codes(pathway):
    codes = fact("done", 2, "count", data={"children": ["eldest", "baby"]})

    now = compute_state(pathway, [began("child"), SCREENED, codes])
    assert list(now.open) == ["interests@eldest", "interests@baby"]


@pytest.mark.parametrize(
    "value", [-1, 51, 10**30, True, "two", ["a", "a"], ["A b"], [[]], {"a": 1}, 1.5, ""]
)
def test_a_list_is_a_number_or_codes(pathway, value):
    fact_ = fact("done", 2, "count", data={"children": value})

    assert refused(pathway, [began("child"), SCREENED], fact_) == "not_a_list"


def test_a_wait_ends_with_a_message_or_with_time(pathway):
    facts = [began(), SCREENED]
    until = compute_state(pathway, facts).waiting["bed"].until
    assert until == MONDAY + timedelta(hours=1, days=14)

    early = RunEvent(EventKind.EXPIRED, until - timedelta(minutes=1), "bed")
    assert refused(pathway, facts, early) == "too_early"
    over = [*facts, RunEvent(EventKind.EXPIRED, until, "bed")]
    assert "other_bed" in compute_state(pathway, over).open
    assert not compute_state(pathway, over).waiting


def test_who_has_to_be_told_is_said(pathway):
    told = compute_state(pathway, [began(), SCREENED]).told

    assert [(t.whom, t.message) for t in told] == [("shelter", "bed_needed")]


def test_a_part_goes_on_when_it_has_ended(pathway):
    facts = [
        began(),
        SCREENED,
        fact("done", 2, "health"),
        fact("done", 2, "counsel"),
        fact("done", 2, "claim"),
        fact("heard", 2, message="bed_given"),
        fact("done", 3, "decide", data={"identified": "yes"}),
        fact("done", 4, "risk"),
    ]
    assert list(compute_state(pathway, facts).open) == ["travel"]
    facts += [fact("done", 5, "travel")]
    assert list(compute_state(pathway, facts).open) == ["close"]
    facts += [fact("done", 6, "close")]
    assert compute_state(pathway, facts).ended == "closed"
    assert compute_state(pathway, facts).ended_at == MONDAY + timedelta(hours=6)


def test_of_two_people_who_finish_a_step_the_second_is_told(pathway):
    assert refused(pathway, [began(), SCREENED], SCREENED) == "done_already"


@pytest.mark.parametrize(
    ("now", "code"),
    [
        (fact("done", 2, "decide", data={"identified": "yes"}), "not_due"),
        (fact("done", 2, "nowhere"), "unknown_step"),
        (fact("done", 2, "health", data={"route": "child"}), "unknown_name"),
        (fact("heard", 2, message="hello"), "not_waiting"),
        (fact("heard", 2, step="health", message="bed_given"), "not_waiting"),
        (fact("expired", 2, "health"), "not_due"),
        (fact("start", 2), "started"),
        (fact("skipped", 2, "health"), "no_reason"),
        (fact("reassigned", 2, "health", reason="away"), "unknown_role"),
        (fact("cancelled", 2, "decide", reason="error"), "not_due"),
        (fact("reopened", 2, "health", reason="new"), "open"),
        (fact("reopened", 2, "decide", reason="new"), "not_done"),
        (fact("reopened", 2, "bed", reason="new"), "unknown_step"),
        (fact("overridden", 2, "health", reason="x", to="nowhere"), "unknown_step"),
        (fact("overridden", 2, "health", reason="x", to="counsel"), "same"),
        (fact("overridden", 2, "health", reason="x", to="claim"), "another_branch"),
        (fact("overridden", 2, "health", reason="x", to="interests"), "unknown_step"),
        (
            fact("overridden", 2, "health", reason="x", to="interests@c1"),
            "unknown_step",
        ),
    ],
)
def test_what_does_not_apply_is_refused_and_changes_nothing(pathway, now, code):
    assert refused(pathway, [began(), SCREENED], now) == code


@pytest.mark.parametrize(
    ("data", "code"),
    [
        ({}, "missing"),
        ({"presumed": "perhaps"}, "unknown_code"),
        ({"presumed": ["yes"]}, "unknown_code"),
        ({"presumed": 1}, "unknown_code"),
    ],
)
def test_a_step_leaves_only_codes_that_it_declares(pathway, data, code):
    assert refused(pathway, [began()], fact("done", 1, "screen", data=data)) == code


def test_nothing_happens_before_the_start_nor_after_the_end(pathway):
    assert refused(pathway, [], SCREENED) == "not_started"
    ended = [began(), fact("cancelled", 1, reason="error", to="entered_by_mistake")]
    assert compute_state(pathway, ended).ended == "entered_by_mistake"
    assert refused(pathway, ended, SCREENED) == "ended"


def test_a_skipped_step_leads_on(pathway):
    facts = [began(), fact("skipped", 1, "screen", reason="known_already")]

    assert "health" in compute_state(pathway, facts).open


def test_a_cancelled_step_ends_its_branch_but_never_leaves_a_case_without_any(pathway):
    facts = [began(), SCREENED, fact("cancelled", 2, "counsel", reason="refused")]
    now = compute_state(pathway, facts)
    assert "claim" not in now.open
    assert now.joins["support"].left == 2
    facts += [fact("cancelled", 3, "bed", reason="x"), fact("done", 4, "health")]
    assert list(compute_state(pathway, facts).open) == ["decide"]
    cancelled = fact("cancelled", 5, "decide", reason="x")
    assert refused(pathway, facts, cancelled) == "would_strand"


def test_a_reassigned_step_keeps_its_deadline(pathway):
    before = compute_state(pathway, [began(), SCREENED])
    now = apply_fact(
        before, pathway, fact("reassigned", 2, "health", reason="away", to="manager")
    )

    assert now.open["health"] == replace(before.open["health"], role="manager")


def at_decide() -> list[RunEvent]:
    return [
        began(),
        SCREENED,
        fact("done", 2, "health"),
        fact("done", 2, "counsel"),
        fact("done", 2, "claim"),
        fact("heard", 2, message="bed_given"),
    ]


def test_a_reopened_step_is_done_anew_beside_what_is_due(pathway):
    facts = [*at_decide(), fact("reopened", 9, "counsel", reason="new_facts")]
    now = compute_state(pathway, facts)
    assert list(now.open) == ["decide", "counsel"]
    assert now.open["counsel"].due_at == MONDAY + timedelta(days=8, hours=-1)
    assert now.open["counsel"].again
    facts += [fact("done", 10, "counsel")]
    assert list(compute_state(pathway, facts).open) == ["decide"]


def test_going_back_closes_what_came_after(pathway):
    back = fact("reopened", 9, "counsel", reason="new_facts", onward=True)
    facts = [*at_decide(), back]
    now = compute_state(pathway, facts)
    assert list(now.open) == ["counsel"]
    assert now.joins["support"].left == 1
    facts += [fact("done", 10, "counsel"), fact("done", 11, "claim")]
    assert list(compute_state(pathway, facts).open) == ["decide"]


def test_going_back_in_one_branch_leaves_the_others(pathway):
    facts = [began(), SCREENED, fact("done", 2, "counsel"), fact("done", 2, "claim")]
    facts += [fact("reopened", 3, "counsel", reason="x", onward=True)]
    now = compute_state(pathway, facts)

    assert set(now.open) == {"health", "counsel"}
    assert now.joins["support"].left == 3


def test_going_back_out_of_a_block_closes_it(pathway):
    facts = [began(), SCREENED, fact("reopened", 3, "screen", reason="x", onward=True)]
    now = compute_state(pathway, facts)

    assert list(now.open) == ["screen"]
    assert not now.joins
    assert not now.waiting


def test_a_case_that_ended_goes_on_from_what_is_reopened(pathway):
    facts = [*at_decide(), fact("done", 3, "decide", data={"identified": "no"})]
    facts += [fact("done", 4, "close")]
    assert compute_state(pathway, facts).ended == "closed"

    facts += [fact("reopened", 5, "decide", reason="review")]
    now = compute_state(pathway, facts)
    assert now.ended is None
    assert list(now.open) == ["decide"]
    facts += [fact("done", 6, "decide", data={"identified": "yes"})]
    assert list(compute_state(pathway, facts).open) == ["risk"]


def test_a_supervisor_goes_on_elsewhere(pathway):
    override = fact("overridden", 3, "health", reason="danger", to="close")
    now = compute_state(pathway, [began(), SCREENED, override])

    assert list(now.open) == ["close"]
    assert not now.joins


def test_a_supervisor_corrects_what_is_known(pathway):
    correct = fact("overridden", 1, reason="mistake", data={"urgency": "U0"})
    now = compute_state(pathway, [began(), correct, SCREENED])

    assert now.data["urgency"] == "U0"


def test_withdrawal_closes_all_but_what_it_keeps(pathway):
    facts = [began(), SCREENED, fact("heard", 2, message="consent_withdrawn")]
    now = compute_state(pathway, facts)
    assert set(now.open) == {"health", "ask"}
    assert not now.waiting
    assert (
        now.open["health"].due_at
        == compute_state(pathway, facts[:2]).open["health"].due_at
    )

    no = fact("done", 3, "ask", data={"goes_on": "no"})
    ended = [*facts, no, fact("done", 4, "farewell")]
    assert compute_state(pathway, ended).ended is None
    assert list(compute_state(pathway, ended).open) == ["health"]
    ended += [fact("done", 5, "health")]
    assert compute_state(pathway, ended).ended == "withdrawn"


def test_what_was_kept_is_the_same_work_when_the_case_comes_to_it_again(pathway):
    facts = [began(), SCREENED, fact("heard", 2, message="consent_withdrawn")]
    due_at = compute_state(pathway, facts).open["health"].due_at
    facts += [fact("done", 3, "ask", data={"goes_on": "yes"})]
    now = compute_state(pathway, facts)

    assert now.open["health"].due_at == due_at
    assert list(now.joins) == ["support"]
    assert now.joins["support"].left == 3


def test_a_withdrawal_is_heard_once(pathway):
    stop = fact("heard", 2, message="consent_withdrawn")

    assert refused(pathway, [began(), SCREENED, stop], stop) == "open"


def test_facts_and_states_are_the_same_after_they_were_written_down(pathway):
    facts = [began("child"), SCREENED, COUNTED, fact("heard", 3, message="x")][:3]
    facts += [fact("reopened", 4, "screen", reason="x", onward=True)]
    for told in facts:
        assert read_fact(json.loads(json.dumps(told.plain()))) == told
    for n in range(1, len(facts) + 1):
        now = compute_state(pathway, facts[:n])
        again = read_state(json.loads(json.dumps(now.plain())))
        assert replace(again, length=now.length) == now


# -- any pathway, any case -------------------------------------------------------------

seeds = st.integers(0, 2**32)


def a_pathway(rng: random.Random) -> Pathway:
    plain, tables = a_random(rng)
    assert [
        str(f)
        for f in check_pathway(plain, decisions=tables, roles=["manager", "health"])
    ] == []
    return read_pathway(plain, decisions=tables)


@settings(max_examples=150, deadline=None)
@for_all(seeds)
def test_any_case_in_any_pathway_has_something_open_or_has_ended(seed):
    rng = random.Random(seed)
    pathway = a_pathway(rng)
    facts: list[RunEvent] = []
    for told, now in walk(pathway, rng, meddling=0.2, most=60):
        facts.append(told)
        assert now.open or now.waiting or now.ended is not None
        assert now.length == len(facts)
    assert compute_state(pathway, facts) == now
    assert compute_state(pathway, facts) == compute_state(pathway, list(facts))
    finish(pathway, now, facts[-1].at, rng)


@settings(max_examples=100, deadline=None)
@for_all(seeds)
def test_blocks_wait_for_exactly_the_branches_that_are_under_way(seed):
    rng = random.Random(seed)
    pathway = a_pathway(rng)
    for _, now in walk(pathway, rng, meddling=0.3, most=60):
        ends_in = [o.join for o in now.open.values() if not o.again]
        ends_in += [w.join for w in now.waiting.values()]
        ends_in += [j.join for key, j in now.joins.items() if key[0] != BESIDE]
        for key, join in now.joins.items():
            assert join.left == ends_in.count(key)
        assert all(join in now.joins for join in ends_in if join)
        outside = ends_in.count(None)
        assert outside == (1 if now.ended is None and now.ending is None else 0)


@settings(max_examples=60, deadline=None)
@for_all(seeds)
def test_a_fact_that_does_not_apply_changes_nothing_and_never_crashes(seed):
    rng = random.Random(seed)
    pathway = a_pathway(rng)
    steps = [*walk(pathway, rng, most=30)]
    everything = [f for f, _ in steps]
    for (_, now), (_, later) in pairwise(steps):
        before = replace(now)
        for odd in (
            rng.choice(everything),
            RunEvent(EventKind.DONE, MONDAY, "x@y@z", {"": 1}),
        ):
            with suppress(EventNotApplicable):
                apply_fact(now, pathway, odd)
        assert now == before
        assert later.length == now.length + 1


@settings(max_examples=60, deadline=None)
@for_all(seeds)
def test_an_interrupt_keeps_what_it_names_with_its_deadline_and_closes_the_rest(seed):
    rng = random.Random(seed)
    pathway = a_pathway(rng)
    for told, before in walk(pathway, rng, meddling=0.2, most=30):
        for interrupt in pathway.interrupts.values():
            heard = RunEvent(EventKind.HEARD, told.at, message=interrupt.on)
            try:
                now = apply_fact(before, pathway, heard)
            except EventNotApplicable:
                continue
            begun = {key for key, o in now.open.items() if o.since == told.at}
            kept = {
                k: o for k, o in now.open.items() if o.join == BESIDE + interrupt.id
            }
            assert now.open.keys() == begun | kept.keys()
            assert all(before.open[key].due_at == o.due_at for key, o in kept.items())
            assert {o.step for o in kept.values()} <= interrupt.keeps
            left = [w for w in now.waiting.values() if w.since != told.at]
            assert all(w.step in interrupt.keeps for w in left)
            assert now.open or now.waiting or now.ended is not None


@settings(max_examples=60, deadline=None)
@for_all(seeds)
def test_what_is_only_done_anew_leads_nowhere(seed):
    rng = random.Random(seed)
    pathway = a_pathway(rng)
    for told, before in walk(pathway, rng, meddling=0.2, most=30):
        for key in sorted(before.done.keys() - before.open.keys()):
            anew = RunEvent(EventKind.REOPENED, told.at, key, reason="new")
            if before.ended is not None:
                continue
            now = apply_fact(before, pathway, anew)
            assert now.open[key].again
            step = pathway.steps[key.partition("@")[0]]
            assert isinstance(step, Do)
            after = apply_fact(
                now, pathway, RunEvent(EventKind.DONE, told.at, key, answers(step, rng))
            )
            assert (after.open, after.waiting, after.joins) == (
                before.open,
                before.waiting,
                before.joins,
            )


def test_five_hundred_random_cases_come_to_an_end(pathway):
    ends = set()
    for seed in range(500):
        rng = random.Random(seed)
        cases = list(walk(pathway, rng, most=30, meddling=0.1))
        last, now = cases[-1]
        ends.add(finish(pathway, now, last.at, rng).ended)
    assert ends >= {"closed", "withdrawn"}
