"""Counts with noise: what is learned from them would be nearly the same if any one
person were not among those counted (differential privacy).

The noise is a discrete Gaussian (Canonne, Kamath and Steinke 2020), drawn by OpenDP in
whole numbers from the system's randomness; floating-point noise gives itself away by
its last digits (Mironov 2012). One person is one unit: they are in one cell of each
table, so that a table's sensitivity is 1. The cost of several tables is added up as
zero-concentrated privacy ρ (Bun and Steinke 2016), and said as ε at δ.

OpenDP is an optional extra (`amana[dp]`, 265 MB), loaded when noise is drawn.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from importlib.util import find_spec
from math import log, sqrt

import numpy as np
from numpy.typing import NDArray

from amana.insight.disclosure.engine.tables import Counts, Table

ENOUGH = 50_000
"""From so many people on, noise hides less of a table than suppression would."""
SURELY = 1.96
FEWER = 2
"""Below so many standard deviations a count is shown as “fewer than” these."""


@dataclass(frozen=True)
class Noised:
    """A table whose counts have had noise added, once and for all."""

    name: str
    dims: tuple[str, ...]
    codes: tuple[tuple[str, ...], ...]
    counts: Counts
    sigma: float
    period: str = ""

    @property
    def off(self) -> int:
        """By so much a count may be another, 95 times in a hundred."""
        return round(SURELY * self.sigma)

    @property
    def least(self) -> int:
        """What is below is shown as “fewer than” this."""
        return round(FEWER * self.sigma)


def is_installed() -> bool:
    return find_spec("opendp") is not None


def compute_delta(people: int) -> float:
    """Compute δ: smaller than the chance that one of so many people is exposed."""
    return 1 / (people * log(people))


ORDERS = 1 + np.geomspace(1e-2, 1e12, 7001)
"""Any order α tells of an ε that holds; of these the least is taken."""


def compute_order_bounds(delta: float) -> NDArray[np.float64]:
    """Compute, for each order, what ε is more than α ρ (Canonne, Kamath and Steinke
    2020, proposition 12). It allows for a third more ρ than ε = ρ + 2 √(ρ ln 1/δ)
    does."""
    rest = (log(1 / delta) - np.log(ORDERS)) / (ORDERS - 1)
    found: NDArray[np.float64] = np.log1p(-1 / ORDERS) + rest
    return found


def convert_to_rho(epsilon: float, delta: float) -> float:
    """Compute the most zero-concentrated privacy, which adds up, that ε at δ allows
    for."""
    return max(0.0, float(((epsilon - compute_order_bounds(delta)) / ORDERS).max()))


def convert_to_epsilon(rho: float, delta: float) -> float:
    """Compute the least ε that ρ amounts to; the inverse of the conversion to ρ."""
    return max(0.0, float((ORDERS * rho + compute_order_bounds(delta)).min()))


def compute_sigma(rho: float) -> float:
    """Compute the standard deviation for a table in which one person is in one cell,
    for this much privacy."""
    return sqrt(1 / (2 * rho))


def add_noise(tables: Sequence[Table], *, rho: float) -> tuple[Noised, ...]:
    """Add noise to each table, by an equal part of what may be spent. Never twice: two
    answers to the same question reveal more than one does."""
    wide = compute_sigma(rho / len(tables))
    return tuple(
        Noised(
            t.name, t.dims, t.codes, add_gaussian_noise(t.counts, wide), wide, t.period
        )
        for t in tables
    )


def add_gaussian_noise(counts: Counts, sigma: float) -> Counts:
    import opendp.prelude as dp

    dp.enable_features("contrib")
    whole = dp.vector_domain(dp.atom_domain(T="i64")), dp.l2_distance(T="f64")
    measure = dp.m.make_gaussian(*whole, scale=sigma)
    drawn = measure(counts.ravel().tolist())
    return np.array(drawn, dtype=np.int64).reshape(counts.shape)
