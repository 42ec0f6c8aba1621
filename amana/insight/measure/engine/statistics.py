"""How sure a figure is: intervals of 95 %, limits of funnels. Each names its source."""

from collections.abc import Sequence
from math import ceil, exp, inf, lgamma, log, sqrt

Z = 1.959963984540054
"""Of 95 in 100."""

type Interval = tuple[float, float]


def compute_wilson_interval(counted: float, of: float, z: float = Z) -> Interval:
    """Compute the interval of a share (Wilson 1927; Brown, Cai and DasGupta 2001 on why
    not Wald's)."""
    share, more = counted / of, z * z / of
    middle = (share + more / 2) / (1 + more)
    half = z / (1 + more) * sqrt(share * (1 - share) / of + more / (4 * of))
    return max(0.0, middle - half), min(1.0, middle + half)


def compare_shares(
    a: float, of_a: float, b: float, of_b: float
) -> tuple[float, float, float]:
    """Compare two shares: how much larger the first is, and the hybrid score interval
    of that (Newcombe 1998, method 10)."""
    share_a, share_b = a / of_a, b / of_b
    low_a, high_a = compute_wilson_interval(a, of_a)
    low_b, high_b = compute_wilson_interval(b, of_b)
    by = share_a - share_b
    below = sqrt((share_a - low_a) ** 2 + (high_b - share_b) ** 2)
    above = sqrt((high_a - share_a) ** 2 + (share_b - low_b) ** 2)
    return by, by - below, by + above


def compute_student_t(freedom: int) -> float:
    """Compute Student's t for 95 %, by its expansion (Abramowitz and Stegun 26.7.5)."""
    # The expansion is poor for one or two degrees of freedom; these are the tabled
    # values.
    if freedom <= 2:
        return 12.7062 if freedom <= 1 else 4.3027
    z, n = Z, float(freedom)
    first = (z**3 + z) / 4
    second = (5 * z**5 + 16 * z**3 + 3 * z) / 96
    third = (3 * z**7 + 19 * z**5 + 17 * z**3 - 15 * z) / 384
    return z + first / n + second / n**2 + third / n**3


def compute_mean(
    count: int, total: float, squares: float
) -> tuple[float, float, float]:
    """Compute a mean with its interval (Student 1908)."""
    value = total / count
    if count < 2:
        return value, -inf, inf
    # Rounding can make the difference of two large sums slightly negative.
    spread = max(0.0, squares - count * value * value) / (count - 1)
    half = compute_student_t(count - 1) * sqrt(spread / count)
    return value, value - half, value + half


def compute_poisson_interval(count: float) -> Interval:
    """Compute the interval of a count of rare events (Byar's approximation; Breslow and
    Day 1987)."""
    low = count * (1 - 1 / (9 * count) - Z / (3 * sqrt(count))) ** 3 if count else 0.0
    up = count + 1
    return low, up * (1 - 1 / (9 * up) + Z / (3 * sqrt(up))) ** 3


def compute_median(
    counts: Sequence[float], limits: Sequence[float | None]
) -> tuple[float, float, float]:
    """Compute the median of coded lengths of time, with its interval.

    It is interpolated within its band (grouped data, as in Yule 1911). The ends are the
    order statistics of ranks n/2 ± 1.96 √n/2 (Conover 1999, 3.2), interpolated alike.
    `limits` are upper; what lies in the last, open band is infinitely long, so that
    nothing is claimed that no one knows.
    """
    n = sum(counts)
    half = Z * sqrt(n) / 2
    return (
        compute_at_rank(n / 2, counts, limits),
        compute_at_rank(max(0.0, n / 2 - half), counts, limits),
        compute_at_rank(min(n, n / 2 + half), counts, limits),
    )


def compute_at_rank(
    rank: float, counts: Sequence[float], limits: Sequence[float | None]
) -> float:
    below, lower = 0.0, 0.0
    for count, upper in zip(counts, limits, strict=True):
        if count and below + count >= rank:
            if upper is None:
                return inf
            return lower + (upper - lower) * (rank - below) / count
        below, lower = below + count, upper if upper is not None else inf
    return inf


def compute_funnel_limit(share: float, of: int, p: float) -> float:
    """Compute where the quantile `p` of a share lies for so many, if it is `share`
    everywhere: the exact binomial limit, interpolated (Spiegelhalter 2005, A.1.1)."""
    if of == 0 or share in (0.0, 1.0):
        return share
    below = 0.0
    for successes in range(of + 1):
        here = compute_binomial(successes, of, share)
        if below + here >= p:
            over = (below + here - p) / here if here else 0.0
            return min(1.0, max(0.0, (successes - over) / of))
        below += here
    return 1.0


def compute_binomial(successes: int, of: int, share: float) -> float:
    # By logarithms: the factorials of a large agency do not fit into a float.
    ways = lgamma(of + 1) - lgamma(successes + 1) - lgamma(of - successes + 1)
    return exp(ways + successes * log(share) + (of - successes) * log(1 - share))


FUNNEL = ((0.001, 0.999), (0.025, 0.975))
"""998 in 1000, and 95 in 100."""


def list_funnel_sizes(most: int, points: int = 40) -> list[int]:
    """List the sizes at which a funnel is drawn: closer where it bends."""
    step = most ** (1 / max(1, points - 1))
    return sorted({max(1, ceil(step**n)) for n in range(points)} | {most})
