from math import factorial
from statistics import fmean
from typing import Any

import pytest

from amana.design.pathway.pathway_model import Pathway
from amana.design.pathway.pathway_reading import read_pathway
from amana.design.pathway.tests.pathways import ROLES, TABLES, WHOLE, whole
from amana.design.simulation.simulator import (
    ConfidenceBand,
    EndlessRun,
    SimulatedFigure,
    Workweek,
    compare_versions,
    compute_band,
    compute_quantile,
    compute_student_t,
    simulate,
    simulate_repeatedly,
    try_one_more,
)
from amana.design.simulation.tests.simpy_peer import Peer
from amana.working_time import Calendar

F = SimulatedFigure
ALWAYS = Calendar(weekend=frozenset())

CAPACITY: dict[str, Any] = {
    "arrivals_per_day": 4,
    "hours_a_day": 5,
    "starts_with": {
        "age_group": {"adult": 0.7, "child": 0.3},
        "urgency": {"U0": 0.1, "U1": 0.2, "U2": 0.4, "U3": 0.3},
    },
    "staff": {
        "responder": 2,
        "manager": 5,
        "child": 3,
        "health": 2,
        "legal": 12,
        "authority": 4.5,
        "coordinator": 6,
    },
    "work_hours": {
        "screen": 1.5,
        "count": 1,
        "interests": 6,
        "appoint": 3,
        "health": 1,
        "counsel": 2,
        "claim": 5,
        "decide": 4,
        "other_bed": 2,
        "risk": 3,
        "travel": 4,
        "close": 2,
        "ask": 1,
        "farewell": 1,
    },
    "chance": {
        "presumed": {"yes": 0.6, "no": 0.2, "unsure": 0.2},
        "guardian": {"yes": 0.6, "no": 0.4},
        "identified": {"yes": 0.7, "no": 0.2, "more": 0.1},
        "goes_on": {"yes": 0.5, "no": 0.5},
    },
    "items": {"children": [0.2, 0.5, 0.3]},
    "answers": {"bed": {"bed_given": 0.8}},
    "places": {"health": {"places": 12, "days": 2}},
}


def one_step(servers: float, hours: float, a_day: float = 12) -> tuple[Pathway, Any]:
    """Everybody comes to one desk that is open day and night."""
    steps = {"desk": {"do": "See", "role": "clerk", "end": "seen", "due": "PT4H"}}
    pathway = read_pathway({"start": "desk", "steps": steps}, calendar=ALWAYS)
    capacity = {
        "arrivals_per_day": a_day,
        "hours_a_day": 24,
        "staff": {"clerk": servers},
        "work_hours": {"desk": hours},
    }
    return pathway, capacity


def erlang_c(servers: int, load: float) -> float:
    """The share that has to wait (Erlang 1917), for `load` = arrivals × service."""
    last = load**servers / factorial(servers) * servers / (servers - load)
    return last / (sum(load**k / factorial(k) for k in range(servers)) + last)


@pytest.mark.parametrize(("servers", "hours"), [(1, 1.2), (3, 4.5), (6, 10.0)])
def test_queues_are_as_long_as_erlang_says(servers, hours):
    pathway, capacity = one_step(servers, hours)
    seen = simulate_repeatedly(pathway, capacity, cases=3_000, replications=6, seed=3)

    load = 12 * hours / 24
    waits = erlang_c(servers, load) * hours / (servers - load) / 24  # days
    mean = seen.roles["clerk"][F.WAIT_MEAN]
    assert mean.low * 0.98 <= waits <= mean.high * 1.02
    little = 12 * mean.mean
    assert seen.roles["clerk"][F.QUEUE].mean == pytest.approx(little, rel=0.05)
    assert seen.roles["clerk"][F.USED].mean == pytest.approx(load / servers, rel=0.03)
    assert seen.whole[F.DONE].mean == pytest.approx(12 * 7, rel=0.03)


def test_the_same_seed_gives_the_same_run():
    pathway = whole()

    assert simulate(pathway, CAPACITY, cases=300, seed=7) == simulate(
        pathway, CAPACITY, cases=300, seed=7
    )
    assert simulate(pathway, CAPACITY, cases=300, seed=7) != simulate(
        pathway, CAPACITY, cases=300, seed=8
    )


def test_people_go_the_ways_that_the_shares_say():
    run = simulate(whole(), CAPACITY, cases=2_500, seed=1)

    assert run.ends == {"closed": 1.0}
    children = 0.3 / (1 - 0.1)  # each time that "more" is asked for
    assert run.steps["count"][F.DONE] == pytest.approx(children, rel=0.08)
    assert run.steps["interests"][F.DONE] == pytest.approx(children * 1.1, rel=0.08)
    assert run.steps["other_bed"][F.DONE] == pytest.approx(0.2 / 0.9, rel=0.12)
    assert run.steps["claim"][F.DONE] == run.steps["counsel"][F.DONE]


def test_who_withdraws_ends_so_as_often_as_is_said():
    capacity = {**CAPACITY, "interrupts": {"withdrawal": 0.3}}
    run = simulate(whole(), capacity, cases=2_500, seed=1)

    assert run.steps["ask"][F.DONE] == pytest.approx(0.3, rel=0.1)
    assert run.ends["withdrawn"] == pytest.approx(0.15, rel=0.2)
    assert sum(run.ends.values()) == pytest.approx(1)


def test_who_is_more_urgent_waits_less():
    step = {"do": "See", "role": "clerk", "end": "seen", "due": "PT8H"}
    plain = {
        "starts_with": {"urgency": ["U0", "U3"]},
        "start": "which",
        "steps": {
            "which": {
                "choose": [
                    {"if": 'urgency == "U0"', "next": "urgent"},
                    {"else": True, "next": "other"},
                ]
            },
            "urgent": step,
            "other": step,
        },
    }
    _, capacity = one_step(2, 1)
    capacity = {**capacity, "work_hours": {"urgent": 3.6, "other": 3.6}}
    run = simulate(read_pathway(plain, calendar=ALWAYS), capacity, cases=3_000, seed=1)

    assert run.steps["urgent"][F.WAIT_MEAN] < run.steps["other"][F.WAIT_MEAN] / 2
    assert run.steps["urgent"][F.LATE] < run.steps["other"][F.LATE]


def test_a_place_is_taken_for_its_days():
    pathway, capacity = one_step(50, 1)
    capacity = {**capacity, "places": {"desk": {"places": 60, "days": 4}}}
    run = simulate(pathway, capacity, cases=6_000, seed=1)

    assert run.places["desk"][F.USED] == pytest.approx(12 * 4 / 60, rel=0.05)
    assert run.places["desk"][F.QUEUE] < run.steps["desk"][F.WAIT_MEAN] * 12 * 1.1


def test_more_work_than_can_be_done_is_told_as_such():
    run = simulate(*one_step(1, 3), cases=2_000, seed=1)

    assert run.roles["clerk"][F.LOAD] == pytest.approx(1.5, rel=0.1)
    assert run.roles["clerk"][F.USED] == pytest.approx(1, abs=0.02)
    assert run.steps["desk"][F.LATE] > 0.9


def test_one_more_where_people_wait_spares_most():
    seen: list[tuple[int, int]] = []
    staff = {"authority": 3, "manager": 8, "health": 3}
    found = try_one_more(
        whole(),
        {**CAPACITY, "staff": staff, "arrivals_per_day": 5.5},
        cases=300,
        replications=3,
        progress=lambda done, of: seen.append((done, of)),
    )

    assert (found[0].kind, found[0].name) == ("role", "authority")
    assert found[0].whole[F.WAIT_MEAN].high < 0
    means = [change.whole[F.WAIT_MEAN].mean for change in found]
    assert means == sorted(means)
    assert seen[-1][0] == seen[-1][1] == len(seen)


def test_two_versions_are_compared_with_the_same_people():
    same = compare_versions(
        (whole(), CAPACITY), (whole(), CAPACITY), cases=200, replications=3
    )
    assert same.whole[F.WAIT_MEAN] == ConfidenceBand(0, 0, 0)

    fewer = {**CAPACITY, "staff": {**CAPACITY["staff"], "authority": 2.5}}
    worse = compare_versions(
        (whole(), CAPACITY), (whole(), fewer), cases=300, replications=3
    )
    assert worse.whole[F.WAIT_MEAN].sure
    assert worse.whole[F.WAIT_MEAN].mean > 0
    assert worse.now.queues[0] == ("role", "authority")


def test_shares_that_lead_in_a_circle_are_refused():
    chance = {**CAPACITY["chance"], "identified": {"more": 1.0}}

    with pytest.raises(EndlessRun, match="it loops at"):
        simulate(whole(), {**CAPACITY, "chance": chance}, cases=10, seed=1)


def test_the_least_that_a_capacity_says_is_enough():
    pathway = read_pathway(WHOLE, decisions=TABLES, roles=ROLES)
    least = {
        "arrivals_per_day": 1,
        "staff": {"authority": 1},
        "work_hours": {"decide": 1},
    }

    assert simulate(pathway, least, cases=50, seed=1).ends == {"closed": 1.0}


def test_hours_of_work_and_days_of_the_calendar_are_the_same_moment():
    week = Workweek(Calendar(weekend=frozenset({4, 5})), 5)

    assert week.days(0) == pytest.approx(8 / 24)
    assert week.days(4.999) == pytest.approx(16 / 24, abs=1e-4)
    assert week.days(25.0001) == pytest.approx(7 + 8 / 24, abs=1e-4)
    assert week.hours(4.5) == week.hours(5.9) == 20  # Friday and Saturday
    for hours in (0.1, 4.9, 7, 24.9, 33, 1234.5):
        assert week.hours(week.days(hours)) == pytest.approx(hours)


def test_a_mean_is_told_with_how_sure_it_is():
    assert compute_band([2.0]) == ConfidenceBand(2, 2, 2)
    found = compute_band([1.0, 2.0, 3.0])
    assert found.mean == 2
    assert found.high == pytest.approx(2 + 4.303 / 3**0.5, rel=1e-3)
    assert compute_student_t(30) == 2.042
    assert compute_student_t(40) == pytest.approx(2.021, abs=0.002)


def test_simpy_comes_to_the_same_on_the_same_pathway():
    capacity = {**CAPACITY, "arrivals_per_day": 3.2}
    ours = simulate_repeatedly(whole(), capacity, cases=600, replications=3)
    theirs = [Peer(whole(), capacity, seed, 600).run() for seed in range(3)]
    counted = 540

    for step, bands in ours.steps.items():
        waits = compute_band([fmean(peer.waits[step]) for peer in theirs])
        assert overlap(bands[F.WAIT_MEAN], waits, 0.05), step
        done = compute_band([peer.done[step] / counted for peer in theirs])
        assert overlap(bands[F.DONE], done, 0.02), step
        if F.LATE in bands:
            late = compute_band([peer.late[step] / peer.done[step] for peer in theirs])
            assert overlap(bands[F.LATE], late, 0.02), step
    median = compute_band([compute_quantile(peer.lengths, 0.5) for peer in theirs])
    assert overlap(ours.whole[F.LENGTH_MEDIAN], median, 0.5)


def overlap(one: ConfidenceBand, other: ConfidenceBand, within: float) -> bool:
    return one.low - within <= other.high and other.low - within <= one.high
