"""Deviations for tests: each takes a case that went as agreed, and spoils one thing."""

from collections.abc import Callable, Sequence
from dataclasses import replace
from datetime import datetime, timedelta
from random import Random

from amana.design.pathway.case import (
    EventNotApplicable,
    apply_fact,
    compute_state,
    split_key,
)
from amana.design.pathway.conformance import DeviationKind
from amana.design.pathway.pathway_model import Do, Pathway
from amana.design.pathway.run_events import EventKind, RunEvent
from amana.design.pathway.running import RunAdvance
from amana.design.pathway.tests.pathways import a_good_case

D = DeviationKind
type Facts = list[RunEvent]
type Planted = tuple[Facts, DeviationKind]
type Plant = Callable[[Pathway, Facts, Random], Planted]


class Unfit(Exception):
    """This case has nothing that could be spoilt so."""


def chosen[T](rng: Random, among: Sequence[T]) -> T:
    if not among:
        raise Unfit
    return rng.choice(among)


def planted(pathway: Pathway, plant: Plant, rng: Random) -> Planted:
    """In the first case that fits."""
    for _ in range(200):
        try:
            return plant(pathway, a_good_case(pathway, rng), rng)
        except Unfit:
            continue
    raise AssertionError(f"{plant.__name__} fits no case")


def some_done(facts: Facts, rng: Random) -> int:
    return chosen(rng, [n for n, f in enumerate(facts) if f.kind is EventKind.DONE])


def an_unknown_step(pathway: Pathway, facts: Facts, rng: Random) -> Planted:
    number = rng.randint(1, len(facts) - 1)
    odd = RunEvent(EventKind.DONE, facts[number].at, "greet", role="manager")
    return [*facts[:number], odd, *facts[number:]], D.UNKNOWN_STEP


def a_wrong_role(pathway: Pathway, facts: Facts, rng: Random) -> Planted:
    number = some_done(facts, rng)
    facts[number] = replace(facts[number], role="outsider")
    return facts, D.WRONG_ROLE


def due(pathway: Pathway, facts: Facts, number: int) -> datetime | None:
    return compute_state(pathway, facts[:number]).open[facts[number].step].due_at


def a_late_step(pathway: Pathway, facts: Facts, rng: Random) -> Planted:
    timed = [
        (n, due_at)
        for n, f in enumerate(facts)
        if f.kind is EventKind.DONE and (due_at := due(pathway, facts, n))
    ]
    number, due_at = chosen(rng, timed)
    wait = due_at - facts[number].at + timedelta(minutes=1)
    later = [replace(f, at=f.at + wait) for f in facts[number:]]
    return [*facts[:number], *later], D.LATE


def a_step_left_out(pathway: Pathway, facts: Facts, rng: Random) -> Planted:
    """Of those with one step after them, so that it is left out and not only later. On
    a way back it would look like the other step done twice, which is as true."""
    for number in rng.sample(range(1, len(facts) - 1), len(facts) - 2):
        without = [*facts[:number], *facts[number + 1 :]]
        kinds = (facts[number].kind, facts[number + 1].kind)
        same_branch = (
            compute_state(pathway, facts[: number + 1]).open.keys()
            - compute_state(pathway, facts[:number]).open.keys()
        )
        anew = any(f.step == facts[number + 1].step for f in facts[:number])
        follows = facts[number + 1].step in same_branch and not anew
        if kinds == (EventKind.DONE, EventKind.DONE) and follows:
            return without, D.LEFT_OUT
    raise Unfit


def two_steps_in_the_wrong_order(
    pathway: Pathway, facts: Facts, rng: Random
) -> Planted:
    for number in rng.sample(range(1, len(facts) - 2), len(facts) - 3):
        one, two = facts[number], facts[number + 1]
        if one.kind is two.kind is EventKind.DONE and one.step != two.step:
            try:
                apply_fact(compute_state(pathway, facts[:number]), pathway, two)
            except EventNotApplicable:
                swapped = [replace(two, at=one.at), one]
                return [*facts[:number], *swapped, *facts[number + 2 :]], D.ORDER
    raise Unfit


def a_step_done_twice(pathway: Pathway, facts: Facts, rng: Random) -> Planted:
    number = rng.randint(1, len(facts) - 2)
    while facts[number].kind is not EventKind.DONE or (
        facts[number].step in compute_state(pathway, facts[: number + 1]).open
    ):
        number = rng.randint(1, len(facts) - 2)
    return [*facts[: number + 1], *facts[number:]], D.AGAIN


def gives(pathway: Pathway, fact: RunEvent) -> list[str]:
    step = pathway.steps[split_key(fact.step)[0]]
    return sorted(step.gives) if isinstance(step, Do) else []


def a_skip_without_a_reason(pathway: Pathway, facts: Facts, rng: Random) -> Planted:
    plain = [
        n
        for n, f in enumerate(facts)
        if f.kind is EventKind.DONE and not gives(pathway, f)
    ]
    number = chosen(rng, plain)
    facts[number] = replace(facts[number], kind=EventKind.SKIPPED, data={})
    return facts, D.NO_REASON


def a_code_that_is_not_declared(pathway: Pathway, facts: Facts, rng: Random) -> Planted:
    giving = [n for n, f in enumerate(facts) if f.kind is EventKind.DONE and f.data]
    number = chosen(rng, giving)
    name = rng.choice(gives(pathway, facts[number]))
    facts[number] = replace(facts[number], data={name: "maybe_so"})
    return facts, D.CODES


def a_message_nobody_waits_for(pathway: Pathway, facts: Facts, rng: Random) -> Planted:
    number = rng.randint(1, len(facts) - 1)
    odd = RunEvent(EventKind.HEARD, facts[number].at, message="greetings")
    return [*facts[:number], odd, *facts[number:]], D.NOT_AWAITED


def a_step_after_the_end(pathway: Pathway, facts: Facts, rng: Random) -> Planted:
    odd = replace(facts[some_done(facts, rng)], at=facts[-1].at)
    return [*facts, odd], D.AFTER_END


def a_second_start(pathway: Pathway, facts: Facts, rng: Random) -> Planted:
    number = rng.randint(1, len(facts) - 1)
    again = replace(facts[0], at=facts[number].at)
    return [*facts[:number], again, *facts[number:]], D.STARTED_TWICE


def a_step_before_the_start(pathway: Pathway, facts: Facts, rng: Random) -> Planted:
    odd = replace(facts[1], at=facts[0].at)
    return [odd, *facts], D.BEFORE_START


def a_time_that_runs_backwards(pathway: Pathway, facts: Facts, rng: Random) -> Planted:
    number = some_done(facts, rng)
    facts[number] = replace(facts[number], at=facts[number - 1].at - timedelta(days=1))
    return facts, D.BACKWARDS


def a_wait_cut_short(pathway: Pathway, facts: Facts, rng: Random) -> Planted:
    expired = [n for n, f in enumerate(facts) if f.kind is EventKind.EXPIRED]
    number = chosen(rng, expired)
    at = facts[number - 1].at + timedelta(seconds=1)
    until = compute_state(pathway, facts[:number]).waiting[facts[number].step].until
    if until is None or until <= at:
        raise Unfit
    return [*facts[:number], replace(facts[number], at=at)], D.TOO_EARLY


def a_step_of_another_way(pathway: Pathway, facts: Facts, rng: Random) -> Planted:
    """That this case could not have come to, and did not."""
    number = rng.randint(1, len(facts) - 2)
    running = RunAdvance(pathway, compute_state(pathway, facts[:number]))
    done = {split_key(f.step)[0] for f in facts}
    away = [
        id
        for id, step in pathway.steps.items()
        if not isinstance(step, Do) or not (id in done or running.stands(id, ""))
    ]
    odd = RunEvent(EventKind.DONE, facts[number].at, chosen(rng, away))
    return [*facts[:number], odd, *facts[number:]], D.NOT_DUE


PLANTS: list[Plant] = [
    an_unknown_step,
    a_wrong_role,
    a_late_step,
    a_step_left_out,
    two_steps_in_the_wrong_order,
    a_step_done_twice,
    a_skip_without_a_reason,
    a_code_that_is_not_declared,
    a_message_nobody_waits_for,
    a_step_after_the_end,
    a_second_start,
    a_step_before_the_start,
    a_time_that_runs_backwards,
    a_wait_cut_short,
    a_step_of_another_way,
]
