import random
from datetime import timedelta

import pytest

from amana.design.pathway.case import RunState, compute_state
from amana.design.pathway.conformance import (
    DeviationKind,
    find_deviations,
    measure_conformance,
)
from amana.design.pathway.pathway_model import Pathway
from amana.design.pathway.tests.pathways import MONDAY, a_good_case, began, fact, whole
from amana.design.pathway.tests.planting import PLANTS, planted

D = DeviationKind


@pytest.fixture
def pathway() -> Pathway:
    return whole()


def test_cases_that_go_as_agreed_conform(pathway):
    cases = [a_good_case(pathway, random.Random(seed)) for seed in range(200)]

    result = measure_conformance(pathway, cases)
    assert result.cases == result.conforming == 200
    assert result.share == 1
    assert result.facts == sum(map(len, cases))
    assert not result.kinds


def test_what_supervisors_do_with_a_reason_conforms(pathway):
    facts = [
        began(),
        fact("skipped", 0.1, "screen", reason="known_already"),
        fact("reassigned", 0.2, "health", reason="away", to="manager"),
        fact("done", 0.3, "health", role="manager"),
        fact("reopened", 0.4, "health", reason="new"),
        fact("cancelled", 0.5, "counsel", reason="not_wanted"),
        fact("overridden", 0.6, "bed", reason="danger", to="close"),
        fact("done", 0.7, "close"),
    ]
    assert find_deviations(pathway, facts) == []


# -- fifty planted deviations ----------------------------------------------------------


@pytest.mark.parametrize("seed", range(4))
@pytest.mark.parametrize("plant", PLANTS)
def test_each_planted_deviation_is_found_and_told_once(pathway, plant, seed):
    rng = random.Random(seed)
    facts, kind = planted(pathway, plant, rng)
    found = find_deviations(pathway, facts)

    mine = [d for d in found if d.kind == kind]
    assert mine, found
    assert all("%" not in str(d) for d in found)
    if kind is not D.LATE:
        assert len(mine) == 1
    others = {d.kind for d in found} - {kind, D.LATE}
    assert not others, found


def test_at_least_fifty_are_planted():
    assert 4 * len(PLANTS) >= 50


def test_what_is_open_and_late_is_told_when_asked(pathway):
    facts = [began(), fact("done", 1, "screen", data={"presumed": "no"})]

    assert find_deviations(pathway, facts, now=MONDAY) == []
    found = find_deviations(pathway, facts, now=MONDAY + timedelta(days=30))
    assert [(d.kind, d.step) for d in found] == [
        (D.OVERDUE, "health"),
        (D.OVERDUE, "counsel"),
    ]


def test_after_a_deviation_the_replay_goes_on_where_the_case_went(pathway):
    facts = [
        began(),
        fact("done", 0.5, "decide", data={"identified": "no"}, role="authority"),
        fact("done", 0.6, "close", role="manager"),
    ]
    found = find_deviations(pathway, facts)

    assert [(d.kind, d.step) for d in found] == [(D.LEFT_OUT, "screen")]


def test_no_log_however_broken_breaks_the_replay(pathway):
    for seed in range(100):
        rng = random.Random(seed)
        facts = a_good_case(pathway, rng)
        rng.shuffle(facts)
        facts = [f for f in facts if rng.random() < 0.8]
        assert all(str(d) for d in find_deviations(pathway, facts))
    assert find_deviations(pathway, []) == []
    assert compute_state(pathway, []) == RunState()
