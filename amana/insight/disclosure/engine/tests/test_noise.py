from math import exp
from statistics import NormalDist

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from amana.insight.disclosure.engine import Table, noise

needs_opendp = pytest.mark.skipif(
    not noise.is_installed(),
    reason="OpenDP is not installed: an optional extra, 265 MB.",
)


def table(counts: list[int]) -> Table:
    codes = (tuple(map(str, range(len(counts)))),)
    return Table("closure", ("area",), codes, np.array(counts, dtype=np.int64))


@given(st.floats(0.05, 10), st.integers(50_000, 10_000_000))
def test_privacy_that_is_spent_is_said_as_it_was_asked(epsilon, people):
    delta = noise.compute_delta(people)

    assert noise.convert_to_epsilon(
        noise.convert_to_rho(epsilon, delta), delta
    ) == pytest.approx(epsilon)


@given(st.floats(0.05, 4), st.integers(50_000, 10_000_000))
def test_what_epsilon_allows_for_is_no_more_than_holds_and_hardly_less(epsilon, people):
    """Of a Gaussian the least δ is known (Balle and Wang 2018, theorem 8)."""
    delta = noise.compute_delta(people)

    def least_delta(rho: float) -> float:
        wide, phi = noise.compute_sigma(rho), NormalDist().cdf
        more = exp(epsilon) * phi(-0.5 / wide - epsilon * wide)
        return phi(0.5 / wide - epsilon * wide) - more

    allowed = noise.convert_to_rho(epsilon, delta)
    assert least_delta(allowed) <= delta < least_delta(1.3 * allowed)


def test_more_tables_for_the_same_privacy_have_more_noise():
    one, many = noise.compute_sigma(0.1), noise.compute_sigma(0.1 / 20)

    assert many == pytest.approx(one * 20**0.5)


@needs_opendp
def test_noise_is_as_wide_as_it_is_said_to_be_and_whole():
    (found,) = noise.add_noise([table([1000] * 4000)], rho=0.02)

    apart = found.counts - 1000
    assert found.counts.dtype == np.int64
    assert found.sigma == pytest.approx(5)
    assert np.std(apart) == pytest.approx(5, rel=0.1)
    assert abs(np.mean(apart)) < 0.5
    # In whole numbers it is 96.4 in a hundred; of 4,000 that is within 0.3, mostly.
    assert 0.95 < np.mean(np.abs(apart) <= found.off) < 0.98


@needs_opendp
def test_whether_one_person_is_there_hardly_changes_what_is_seen():
    """The odds of any answer, with and without them, stay within e^ε but for δ."""
    epsilon, draws = 1.0, 8_000
    wide = noise.compute_sigma(noise.convert_to_rho(epsilon, 1e-6))
    there, gone = (
        np.bincount(
            noise.add_gaussian_noise(np.full(draws, n), wide) + 200, minlength=500
        )
        for n in (50, 51)
    )
    often = (there > 150) & (gone > 150)

    assert often.any()
    assert np.all(np.abs(np.log(there[often] / gone[often])) < epsilon)
