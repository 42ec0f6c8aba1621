import copy
import json
import random
from collections.abc import Mapping
from datetime import timedelta
from typing import Any

import pytest
from hypothesis import given as for_all
from hypothesis import settings
from hypothesis import strategies as st

from amana.design.pathway.case import apply_fact, compute_state
from amana.design.pathway.moving import move_case
from amana.design.pathway.pathway_model import Pathway
from amana.design.pathway.pathway_reading import read_pathway
from amana.design.pathway.run_events import EventKind, RunEvent, read_fact
from amana.design.pathway.run_state import RunState, build_key, split_key
from amana.design.pathway.tests.pathways import (
    MONDAY,
    ROLES,
    TABLES,
    WHOLE,
    a_random,
    began,
    fact,
    finish,
    plain_steps,
    walk,
    whole,
)

SCREENED = fact("done", 1, "screen", data={"presumed": "yes"})
WEDNESDAY = MONDAY + timedelta(days=2)


@pytest.fixture
def pathway() -> Pathway:
    return whole()


def changed(**steps: Any) -> Pathway:
    """The pathway with steps changed, added, or (None) taken out."""
    plain = copy.deepcopy(WHOLE)
    for id, change in steps.items():
        if change is None:
            del plain["steps"][id]
        else:
            plain["steps"][id] = {**plain["steps"].get(id, {}), **change}
    return read_pathway(plain, decisions=TABLES, roles=ROLES)


def after(
    old: Pathway, new: Pathway, facts: list[RunEvent], **renamed: str
) -> RunState:
    move = move_case(old, new, facts, renamed, at=WEDNESDAY, to="2")
    assert move.fact is not None, move.unplaced
    return compute_state(new, [*facts, move.fact])


def test_a_case_keeps_its_deadlines_when_a_clock_changes(pathway):
    facts = [began(), SCREENED]
    before = compute_state(pathway, facts)

    new = changed(health={"due": "PT1H"}, bed={"wait": WHOLE["steps"]["bed"]["wait"]})
    now = after(pathway, new, facts)
    assert now.open == before.open
    assert now.waiting == before.waiting
    assert now.joins == before.joins
    assert now.data == before.data


def test_who_comes_to_the_step_later_has_the_new_clock(pathway):
    new = changed(health={"due": "PT1H"})
    move = move_case(pathway, new, [began()], at=WEDNESDAY, to="2")
    later = RunEvent(EventKind.DONE, WEDNESDAY, "screen", {"presumed": "yes"})
    assert move.fact is not None
    now = compute_state(new, [began(), move.fact, later])

    assert now.open["health"].due_at == WEDNESDAY + timedelta(hours=1)


def test_a_renamed_step_keeps_its_deadline(pathway):
    plain = copy.deepcopy(WHOLE)
    plain["steps"]["health_check"] = plain["steps"].pop("health")
    plain["steps"]["support"]["together"][0] = "health_check"
    plain["interrupts"]["withdrawal"]["keeps"] = ["health_check"]
    new = read_pathway(plain, decisions=TABLES, roles=ROLES)
    facts = [began(), SCREENED]

    asked = move_case(pathway, new, facts, at=WEDNESDAY)
    assert asked.fact is None
    assert [(u.key, u.near) for u in asked.unplaced] == [("health", "health_check")]
    assert "health_check" in str(asked.unplaced[0])
    now = after(pathway, new, facts, health="health_check")
    assert (
        now.open["health_check"].due_at
        == compute_state(pathway, facts).open["health"].due_at
    )


def test_a_branch_added_to_a_block_is_not_waited_for_by_who_is_in_it(pathway):
    new = changed(
        support={"together": ["health", "ask_for_bed", "counsel", "school"]},
        school={"do": "Find a school", "role": "manager"},
    )
    facts = [began(), SCREENED]
    now = after(pathway, new, facts)
    assert now.joins["support"].left == 3

    at = WEDNESDAY + timedelta(hours=1)
    for step in ("health", "counsel", "claim"):
        now = apply_fact(now, new, RunEvent(EventKind.DONE, at, step))
    now = apply_fact(now, new, RunEvent(EventKind.HEARD, at, message="bed_given"))
    assert list(now.open) == ["decide"]


def test_a_branch_taken_out_of_a_block_is_named_and_not_lost(pathway):
    new = changed(
        support={"together": ["health", "ask_for_bed"]}, counsel=None, claim=None
    )
    facts = [began(), SCREENED]

    asked = move_case(pathway, new, facts, at=WEDNESDAY)
    assert [u.key for u in asked.unplaced] == ["counsel"]
    now = after(pathway, new, facts, counsel="health")
    assert set(now.open) == {"health"}
    assert now.joins["support"].left == 2


def test_a_step_given_to_another_role_moves_with_its_case(pathway):
    new = changed(health={"role": "manager"})
    assert after(pathway, new, [began(), SCREENED]).open["health"].role == "manager"

    given = fact("reassigned", 2, "health", reason="away", to="child")
    now = after(pathway, new, [began(), SCREENED, given])
    assert now.open["health"].role == "child"


def test_what_was_begun_for_a_child_goes_on_when_the_list_was_corrected(pathway):
    facts = [
        began("child"),
        SCREENED,
        fact("done", 2, "count", data={"children": 2}),
        fact("reopened", 3, "count", reason="mistake"),
        fact("done", 4, "count", data={"children": 1}),
    ]
    before = compute_state(pathway, facts)
    now = after(pathway, pathway, facts)

    assert list(now.open) == ["interests@c1", "interests@c2"]
    assert now.open == before.open
    assert now.data == before.data


def test_two_branches_that_became_one_after_the_other_are_named(pathway):
    new = changed(
        support={"together": ["health", "ask_for_bed"]},
        health={"next": "counsel"},
    )
    asked = move_case(pathway, new, [began(), SCREENED], at=WEDNESDAY)

    assert [(u.key, u.other) for u in asked.unplaced] == [("counsel", "health")]


def test_an_ended_case_moves_as_it_is(pathway):
    ended = [began(), fact("cancelled", 1, reason="error", to="mistake")]

    assert after(pathway, changed(health=None), ended).ended == "mistake"


def test_a_moved_case_needs_nothing_of_what_came_before(pathway):
    facts = [began(), SCREENED, fact("done", 2, "health")]
    move = move_case(pathway, pathway, facts, at=WEDNESDAY, to="2").fact
    assert move is not None
    assert move.to == "2"

    written = read_fact(json.loads(json.dumps(move.plain())))
    now = compute_state(pathway, [*facts, written])
    assert now == compute_state(
        pathway, [fact("done", 0, "unheard_of"), *facts[1:], move]
    )


# -- any pathway, any case, any change ------------------------------------------------


def renamed_key(key: str, renamed: Mapping[str, str]) -> str:
    step, item = split_key(key)
    return build_key(renamed.get(step, step), item)


def deadlines(now: RunState, renamed: Mapping[str, str]) -> dict[str, Any]:
    found = {key: open.due_at for key, open in now.open.items()}
    found |= {key: waiting.until for key, waiting in now.waiting.items()}
    return {renamed_key(key, renamed): at for key, at in found.items()}


def rewrite(
    plain: dict[str, Any], rng: random.Random
) -> tuple[dict[str, Any], dict[str, str]]:
    """Another version: clocks and roles changed, steps renamed, and put in between."""
    new = json.loads(json.dumps(plain))
    renamed = {}
    for id, step in plain_steps(new):
        if "do" in step and rng.random() < 0.4:
            step["due"], step["role"] = "P9D", "health"
        if "do" in step and rng.random() < 0.3:
            renamed[id] = f"{id}_new"
    text = json.dumps(new)
    for old, name in renamed.items():
        text = text.replace(f'"{old}"', f'"{name}"')
    new = json.loads(text)
    for part in (new, *new.get("parts", {}).values()):
        for id, step in list(part["steps"].items()):
            if step.get("next") and rng.random() < 0.2:
                fresh = f"fresh_{id}"
                following = {"next": step["next"]}
                part["steps"][fresh] = {"do": "New", "role": "health", **following}
                step["next"] = fresh
    return new, renamed


@settings(max_examples=60, deadline=None)
@for_all(st.integers(0, 2**32))
def test_any_case_keeps_every_deadline_and_comes_to_an_end(seed):
    rng = random.Random(seed)
    plain, tables = a_random(rng)
    old = read_pathway(plain, decisions=tables)
    rewritten, renamed = rewrite(plain, rng)
    new = read_pathway(rewritten, decisions=tables, roles=old.roles | {"health"})
    steps = [*walk(old, rng, meddling=0.2, most=rng.randint(1, 40))]
    facts, before = [fact for fact, _ in steps], steps[-1][1]
    move = move_case(old, new, facts, renamed, at=facts[-1].at)

    assert move.fact is not None, move.unplaced
    now = compute_state(new, [*facts, move.fact])
    assert now == apply_fact(before, new, move.fact)
    assert deadlines(now, {}) == deadlines(before, renamed)
    assert set(now.done) == {renamed_key(key, renamed) for key in before.done}
    assert now.data == before.data
    assert now.items == before.items
    assert finish(new, now, facts[-1].at, rng).ended is not None


@settings(max_examples=60, deadline=None)
@for_all(st.integers(0, 2**32))
def test_between_any_two_pathways_a_case_is_moved_whole_or_its_steps_are_named(seed):
    rng = random.Random(seed)
    plain, tables = a_random(rng)
    old = read_pathway(plain, decisions=tables)
    plain, tables = a_random(rng)
    new = read_pathway(plain, decisions=tables)
    steps = [*walk(old, rng, meddling=0.2, most=rng.randint(1, 40))]
    facts, before = [fact for fact, _ in steps], steps[-1][1]
    dos = sorted(id for id, s in new.steps.items() if s.word == "do")
    gone = {h.step for h in before.open.values() if h.step not in new.steps}
    renamed = {id: rng.choice(dos) for id in gone if rng.random() < 0.5}
    move = move_case(old, new, facts, renamed, at=facts[-1].at)

    if move.fact is None:
        keys = {*before.open, *before.waiting}
        assert move.unplaced
        assert {u.key for u in move.unplaced} <= keys
        assert all(str(u) and "%" not in str(u) for u in move.unplaced)
        return
    now = compute_state(new, [*facts, move.fact])
    assert now.ended == before.ended
    assert set(deadlines(now, {}).values()) <= set(deadlines(before, {}).values())
    assert finish(new, now, facts[-1].at, rng).ended is not None
