"""What people needed in a half-year, and what became of it: protected, all of it.

Every table that any page of this room may show is made here, in one call of `protect`,
and nothing else of people goes further. Whatever is worked out later, a ratio or a
rank, is made of what may be shown, so it tells no more (ADR 27). Filters choose among
these figures and never count anew.
"""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from functools import cached_property, lru_cache
from math import sqrt
from typing import Any

import numpy as np
from django.db.models import Count, Q
from numpy.typing import NDArray

from amana.design.directory.coverage import SHARING, Group
from amana.design.directory.models import Area
from amana.insight.disclosure.engine import K, Protected, Table, protect
from amana.insight.facts import codes
from amana.insight.facts.kinds import DECLINES
from amana.insight.facts.models import Fact
from amana.insight.gaps.halves import MONTHS, Half
from amana.insight.gaps.package import PACKAGE

type Said = Mapping[str, Any]
"""A row of facts that are alike, column by column."""

UNDER_AGE = frozenset({codes.AgeBand.TO_11, codes.AgeBand.TO_17})
NEEDS = tuple(need.code for need in PACKAGE)
YES_NO = ("yes", "no")


def person(said: Said) -> str:
    """Which of the groups that share all people; "" is known too little of, or another
    gender, of whom there are too few to be shown apart."""
    if said["age_band"] in UNDER_AGE:
        return Group.CHILDREN
    if not said["age_band"]:
        return ""
    return {"female": Group.WOMEN, "male": Group.MEN}.get(said["sex"], "")


def smuggled(said: Said) -> str:
    if not said["status"]:
        return ""
    return "yes" if said["status"] in ("smuggling", "both") else "no"


@dataclass(frozen=True)
class Dimension:
    codes: tuple[str, ...]
    """Public, and "" for who is not known."""
    of: Callable[[Said], str]


def column(name: str, values: Sequence[str]) -> Dimension:
    return Dimension((*values, ""), lambda said: said[name])


def dimensions(regions: Sequence[str]) -> dict[str, Dimension]:
    return {
        "topic": column("topic", NEEDS),
        "area": column("area", regions),
        "person": Dimension((*SHARING, ""), person),
        "disability": column("disability", YES_NO),
        "smuggled": Dimension((*YES_NO, ""), smuggled),
        "reason": column("reason", DECLINES),
        "band": column("band", codes.Band.values),
    }


WHERE, WHOM = ("topic", "area"), ("topic", "area", "person")
SHOWN: tuple[tuple[str, tuple[str, ...]], ...] = (
    *((name, ("topic",)) for name in ("need", "need:unmet")),
    *((name, ("topic", "person")) for name in ("need", "need:unmet")),
    *((name, WHERE) for name in ("need", "need:unmet")),
    *((name, WHOM) for name in ("need", "need:unmet")),
    *((name, (*WHERE, "disability")) for name in ("need", "need:unmet")),
    *((name, (*WHERE, "smuggled")) for name in ("need", "need:unmet")),
    *((name, WHERE) for name in ("acceptance", "acceptance:accepted")),
    ("acceptance", ("topic", "reason")),
    *((name, WHERE) for name in ("need_met", "need_met:met")),
    ("service_start", ("topic", "band")),
    *((name, ("area",)) for name in ("feedback.safe", "feedback.safe:no")),
    *((name, ("area",)) for name in ("child_care", "child_care:unsuitable")),
)
"""What is counted, and by what."""


def kind_of(name: str) -> str:
    """The kind of fact that a table counts."""
    return name.partition(":")[0].partition(".")[0]


KINDS = tuple(sorted({kind_of(name) for name, _by in SHOWN}))
COLUMNS = (
    *("kind", "result", "reason", "band", "topic", "area"),
    *("age_band", "sex", "disability", "status"),
)
TOPICS = {"feedback": (codes.Question.SAFE.value,), "child_care": ("",)}
"""What the fact has to be about, where that is not a need of the package."""


def counted(half: Half, regions: Sequence[str]) -> list[Table]:
    """Exact, and so not to be shown."""
    known = dimensions(regions)
    blank = {
        (name, by): np.zeros([len(known[d].codes) for d in by], np.int64)
        for name, by in SHOWN
    }
    by_kind: dict[str, list[tuple[str, tuple[str, ...]]]] = {}
    for name, by in SHOWN:
        by_kind.setdefault(kind_of(name), []).append((name, by))
    places = {d: {c: n for n, c in enumerate(known[d].codes)} for d in known}
    for said in alike(half):
        at = {d: places[d].get(one.of(said)) for d, one in known.items()}
        for name, by in by_kind[said["kind"]]:
            _whole, _colon, result = name.partition(":")
            where = tuple(at[d] for d in by)
            if (not result or said["result"] == result) and None not in where:
                blank[name, by][where] += said["n"]
    return [
        Table(name, by, tuple(known[d].codes for d in by), counts, half.code)
        for (name, by), counts in blank.items()
    ]


def alike(half: Half) -> list[dict[str, Any]]:
    """Facts of the half-year, those that are alike counted by the database."""
    about = Q(topic__in=NEEDS) & ~Q(kind__in=TOPICS)
    for kind, topics in TOPICS.items():
        about |= Q(kind=kind, topic__in=topics)
    rows = (
        Fact.objects.in_force()
        .filter(month__gte=half.since, month__lt=half.until, kind__in=KINDS)
        .filter(about)
        .order_by()
        .values(*COLUMNS)
        .annotate(n=Count("pk"))
    )
    return list(rows)


@dataclass(frozen=True)
class Number:
    """How many people, as it may be shown; None: fewer than 11, or not to be said."""

    value: int | None

    @property
    def low(self) -> float:
        """Where the number that chance might have made lies, from …"""
        return byar(max(0, self.value - 2), low=True) if self.value else 0.0

    @property
    def middle(self) -> float:
        return float(self.value) if self.value is not None else (K - 1) / 2

    @property
    def high(self) -> float:
        """… to: with what rounding, or hiding, leaves open."""
        return byar(self.value + 2 if self.value is not None else K - 1, low=False)


def byar(n: float, *, low: bool) -> float:
    """The 95 % limits of a Poisson count, by Byar's approximation."""
    if low:
        return n * (1 - 1 / (9 * n) - 1.96 / (3 * sqrt(n))) ** 3 if n > 0 else 0.0
    n += 1
    return float(n * (1 - 1 / (9 * n) + 1.96 / (3 * sqrt(n))) ** 3)


@dataclass(frozen=True)
class Demand:
    half: Half
    regions: tuple[str, ...]
    tables: Mapping[tuple[str, tuple[str, ...]], Protected]
    looked_up: dict[tuple[str, ...], Number] = field(default_factory=dict)

    def number(self, name: str, **at: str) -> Number:
        """Of `name` at these codes: one of each dimension of one of the tables, in
        their order."""
        key = (name, *at, *at.values())
        if key not in self.looked_up:
            table = self.tables[name, tuple(at)]
            self.looked_up[key] = Number(table.value(*at.values()))
        return self.looked_up[key]

    def people(self, name: str, need: str, area: str, group: str) -> Number | None:
        """For a need, an area ("": all of them) and a group ("": everybody); None for
        what facts do not say at all."""
        if group == Group.FAMILIES:
            return None
        if group in (Group.DISABILITY, Group.SMUGGLED):
            dimension = "disability" if group == Group.DISABILITY else "smuggled"
            said = {"topic": need, "area": area, dimension: "yes"}
            return self.number(name, **said) if area else None
        said = {"topic": need}
        said |= {"area": area} if area else {}
        said |= {"person": group} if group else {}
        return self.number(name, **said)

    def share(self, whole: str, part: str, **at: str) -> float | None:
        """How many of the whole, where both may be shown; else None."""
        of, those = self.number(whole, **at), self.number(part, **at)
        if of.value is None or those.value is None:
            return None
        return min(1.0, those.value / of.value)

    @cached_property
    def monthly(self) -> dict[str, NDArray[np.float64]]:
        """People in need a month, [need, region, group]: "low", "middle" and "high"."""
        shape = (len(NEEDS), len(self.regions), len(Group))
        found = {limit: np.zeros(shape) for limit in ("low", "middle", "high")}
        for n, need in enumerate(NEEDS):
            for r, region in enumerate(self.regions):
                for g, group in enumerate(Group):
                    if number := self.people("need", need, region, group):
                        for limit, numbers in found.items():
                            numbers[n, r, g] = getattr(number, limit) / MONTHS
        return found

    def median_wait(self, need: str) -> str:
        """The band in which the median lies, of what may be shown; "" for too few."""
        table = self.tables["service_start", ("topic", "band")]
        counts = [(b, table.value(need, b)) for b in codes.Band.values]
        seen = [(band, n) for band, n in counts if n]
        total, so_far = sum(n for _band, n in seen), 0
        for band, n in seen:
            so_far += n
            if so_far * 2 >= total:
                return band
        return ""


def of(half: Half) -> Demand:
    """As the facts are now; kept in memory until there are more of them."""
    regions = tuple(
        Area.objects.filter(level=1).order_by("code").values_list("code", flat=True)
    )
    here = Q(month__gte=half.since, month__lt=half.until)
    return _of(half, regions, Fact.objects.filter(here).count())


@lru_cache(maxsize=8)
def _of(half: Half, regions: tuple[str, ...], _facts: int) -> Demand:
    """Facts are only ever added, so their number says which facts there are."""
    safe = protect(counted(half, regions))
    return Demand(half, regions, {(t.name, t.dims): t for t in safe})
