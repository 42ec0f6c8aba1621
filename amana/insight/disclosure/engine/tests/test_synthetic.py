import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from amana.insight.disclosure.engine import synthetic

CODES = (("female", "male"), ("yes", "no"), ("north", "south", "east"))
COLUMNS = ("sex", "accepted", "area")


def some_people(many: int = 20_000) -> list[synthetic.Coded]:
    """Women are accepted far more often than men, wherever they are."""
    chance = np.random.default_rng(3)
    sex = chance.integers(0, 2, many)
    accepted = (chance.random(many) > np.where(sex == 0, 0.9, 0.2)).astype(np.intp)
    return [sex, accepted, chance.integers(0, 3, many)]


def rounded_noise(counts, sigma):
    """The same shape of noise as OpenDP’s, at once."""
    drawn = np.random.default_rng(7).normal(0, sigma, counts.shape)
    return counts + np.round(drawn).astype(np.int64)


def tree(rho: float = 0.05) -> synthetic.Tree:
    chance = np.random.default_rng(5)
    return synthetic.learn_tree(
        COLUMNS, CODES, some_people(), rho=rho, chance=chance, add=rounded_noise
    )


def test_columns_hang_together_as_they_did():
    rows = list(tree().people(4000, np.random.default_rng(9)))

    women = [row for row in rows if row[0] == "female"]
    men = [row for row in rows if row[0] == "male"]
    share = [sum(r[1] == "yes" for r in some) / len(some) for some in (women, men)]
    assert share == pytest.approx([0.9, 0.2], abs=0.03)
    assert len(women) / len(rows) == pytest.approx(0.5, abs=0.03)


def test_the_pair_that_hangs_together_most_is_in_the_tree():
    assert {(pair.one, pair.other) for pair in tree().pairs} >= {(0, 1)}


def unlike_unrelated() -> float:
    """How far a pair of wide columns that have nothing to do with each other is from
    looking so."""
    chance = np.random.default_rng(11)
    people = [chance.integers(0, 20, 5_000) for _column in "ab"]
    codes = [tuple(map(str, range(20)))] * 2
    found = synthetic.learn_tree(
        ["a", "b"], codes, people, rho=0.01, chance=chance, add=rounded_noise
    )
    shares = found.pairs[0].shares
    alike = np.outer(shares.sum(1), shares.sum(0))
    return float(np.abs(shares - alike).sum() / 2)


def test_noise_does_not_make_columns_hang_together(monkeypatch):
    with_care = unlike_unrelated()
    monkeypatch.setattr(synthetic, "SURE", 0)

    assert with_care < 0.6 * unlike_unrelated()


def test_with_next_to_no_privacy_spent_nothing_is_learnt():
    rows = list(tree(rho=1e-9).people(2000, np.random.default_rng(9)))

    women = [row for row in rows if row[0] == "female"]
    share = sum(row[1] == "yes" for row in women) / max(1, len(women))
    assert abs(share - 0.9) > 0.1


@given(st.lists(st.integers(-50, 500), min_size=1, max_size=12))
def test_the_nearest_shares_are_shares(counts):
    shares = synthetic.compute_nearest_shares(np.array(counts, dtype=float))

    assert shares.sum() == pytest.approx(1)
    assert (shares >= 0).all()
