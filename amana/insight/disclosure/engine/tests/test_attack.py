"""Somebody tries to learn a small cell from all that was ever published, and fails."""

from collections.abc import Sequence
from dataclasses import replace

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from amana.insight.disclosure.engine import K, Protected, hiding, protect, subject
from amana.insight.disclosure.engine.tests.attacker import EDITION, Attacker
from amana.insight.disclosure.engine.tests.worlds import (
    Dims,
    World,
    a_choice,
    a_world,
    sums,
)

SEEDS = st.integers(0, 10**6)
TRIED = 12
"""So many small cells of a world are attacked."""


def published(
    world: World, wanted: Sequence[Dims], earlier: Sequence[Protected] = ()
) -> tuple[Protected, ...]:
    """A release of these tables, beside those before it. What is split once is what
    people ask for first."""
    chosen = {
        dims: replace(table, headline=len(dims) == 1)
        for dims, table in world.tables(wanted).items()
    }
    again = {e.dims: world.table(e.dims) for e in earlier}
    safe = protect(list({**again, **chosen}.values()), earlier=earlier)
    return tuple(table for table in safe if table.dims in chosen)


def small_cells(world: World, wanted: Sequence[Dims]) -> list[dict[str, str]]:
    every = dict.fromkeys(some for dims in wanted for some in sums(dims) if some)
    return [cell for dims in every for cell in world.small(dims, K)][:TRIED]


def learnt_from_one(seed: int) -> list[dict[str, str]]:
    rng = np.random.default_rng(seed)
    world = a_world(rng)
    wanted = a_choice(world, rng)
    attacker = Attacker([world.dims], world.codes)
    attacker.read(published(world, wanted))
    return [c for c in small_cells(world, wanted) if attacker.learns(c, K)]


def learnt_from_two(seed: int, *, beside: bool = True) -> list[dict[str, str]]:
    """Two releases of the same facts, of different tables; the second beside the first
    or as if there were none."""
    rng = np.random.default_rng(seed)
    world = a_world(rng)
    first, second = a_choice(world, rng), a_choice(world, rng)
    attacker = Attacker([world.dims], world.codes)
    before = published(world, first)
    attacker.read(before)
    attacker.read(published(world, second, before if beside else ()))
    cells = small_cells(world, [*first, *second])
    return [cell for cell in cells if attacker.learns(cell, K)]


def learnt_from_correction(seed: int) -> list[dict[str, str]]:
    """The same tables before and after some facts were corrected."""
    rng = np.random.default_rng(seed)
    world = a_world(rng)
    wanted = a_choice(world, rng)
    later = world.corrected(rng, int(rng.choice([1, 3, 8, 20])))
    attacker = Attacker([(EDITION, *world.dims)], {EDITION: ("1", "2"), **world.codes})
    before = published(world, wanted)
    attacker.read(before, edition="1")
    attacker.read(published(later, wanted, before), edition="2")
    groups = [
        dict(zip(d, c, strict=True))
        for d in sums(world.dims)[:3]
        for c in every(world, d)
    ]
    changed = [cell for cell in groups if attacker.learns_change(cell, K)]
    small = small_cells(later, wanted)[: TRIED // 2]
    return changed + [c for c in small if attacker.learns({**c, EDITION: "2"}, K)]


def every(world: World, dims: Dims) -> list[tuple[str, ...]]:
    table = world.table(dims)
    return [
        tuple(codes[n] for codes, n in zip(table.codes, at, strict=True))
        for at in np.ndindex(table.counts.shape)
    ]


@given(seed=SEEDS)
def test_one_release_tells_no_small_cell(seed):
    assert learnt_from_one(seed) == []


@given(seed=SEEDS)
@settings(max_examples=15)
def test_two_releases_together_tell_no_small_cell(seed):
    assert learnt_from_two(seed) == []


@given(seed=SEEDS)
@settings(max_examples=10)
def test_a_corrected_figure_does_not_tell_how_few_were_corrected(seed):
    assert learnt_from_correction(seed) == []


# The same attacker, when a part of the protection is missing.


def test_without_any_hiding_it_is_learnt(monkeypatch):
    monkeypatch.setattr(subject.Rule, "least_shown", 1)
    monkeypatch.setattr(hiding, "suppress_small_cells", lambda everything: True)

    assert any(learnt_from_one(seed) for seed in range(5))


def test_without_hiding_of_others_beside_it_is_learnt(monkeypatch):
    monkeypatch.setattr(hiding, "suppress_small_cells", lambda everything: True)

    assert any(learnt_from_one(seed) for seed in range(20))


def test_without_a_look_at_earlier_releases_it_is_learnt():
    assert learnt_from_two(952, beside=False)
    assert not learnt_from_two(952)


def test_without_a_look_at_earlier_figures_a_correction_is_learnt(monkeypatch):
    monkeypatch.setattr(subject.Node, "compare", lambda *_: None)

    assert any(learnt_from_correction(seed) for seed in range(10))


@pytest.mark.parametrize("seed", [0, 1])
def test_something_is_still_shown(seed):
    world = a_world(np.random.default_rng(seed))
    safe = published(world, [world.dims])
    big = sum(int((world.table(t.dims).counts >= 13).sum()) for t in safe)

    assert sum(int(t.shown.sum()) for t in safe) >= big / 2
