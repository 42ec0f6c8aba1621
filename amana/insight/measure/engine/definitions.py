"""What an indicator is: which facts it counts, out of which, and what is better."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from enum import StrEnum
from typing import Literal

type Text = Mapping[str, str]
"""Words for people, by language."""

type Codes = tuple[str, ...]
type Where = Mapping[str, Codes]
"""For a column, the codes of which a fact must have one."""

type Better = Literal["higher", "lower", "neither"]


class Measure(StrEnum):
    COUNT = "count"
    TOTAL = "total"
    SHARE = "share"
    MEAN = "mean"
    MEDIAN = "median"
    DISTRIBUTION = "distribution"
    RATIO = "ratio"
    RATE = "rate"


D0 = (
    "age_band",
    "sex",
    "nationality_group",
    "disability",
    "status",
    "exploitation",
    "area",
    "sector",
    "urgency",
)
"""By what everything about people is split."""


@dataclass(frozen=True)
class ObservationChoice:
    """Facts of a kind: of some results, or of any; with some codes, or any."""

    kind: str
    results: Codes = ()
    where: Where = field(default_factory=dict)
    adds_numbers: bool = False


@dataclass(frozen=True)
class Target:
    """Percent, where what is measured is a share."""

    at_least: float | None = None
    at_most: float | None = None

    def met_by(self, value: float) -> bool:
        enough = self.at_least is None or value >= self.at_least
        return enough and (self.at_most is None or value <= self.at_most)


@dataclass(frozen=True)
class IndicatorPart:
    """One figure of an indicator."""

    name: str
    title: Text
    measure: Measure
    chosen: ObservationChoice
    counted: Codes = ()
    """Of a share: those results of `chosen` that count."""
    over: str = ""
    of: ObservationChoice | None = None
    per: float = 1.0
    unit: str = ""
    by: tuple[str, ...] = ()
    and_by: tuple[str, ...] = ()
    """By what each of `by` is split once more."""
    better: Better = "neither"
    target: Target | None = None


@dataclass(frozen=True)
class Indicator:
    code: str
    title: Text
    counts: Text
    of: Text
    group: str
    better: Better
    source: str
    checked: bool
    parts: Mapping[str, IndicatorPart]

    def part(self, name: str = "") -> IndicatorPart:
        """Get the figure with this name, or the first."""
        return self.parts[name] if name else next(iter(self.parts.values()))
