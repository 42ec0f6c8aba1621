"""A release as a list of counts, each with the codes that it is about."""

from collections.abc import Iterator
from dataclasses import dataclass

from amana.insight.release.models import Release

DIMENSIONS = (
    *("sex", "age_band", "nationality_group", "disability", "status"),
    *("exploitation", "area", "sector", "urgency", "quarter"),
)
"""The dimensions that split tables; each is a column of a long table."""

UNKNOWN = "unknown"


@dataclass(frozen=True)
class FigureCount:
    """How many, rounded as published; None where the release suppresses it."""

    indicator: str
    """Its code in the library: I03."""
    part: str
    """Which of its figures."""
    state: str
    """counted and others of a share, all of a number, unknown; of a distribution, the
    code itself."""
    at: tuple[tuple[str, str], ...]
    """Dimension and code, for each that the table is split by; "" is not known."""
    value: int | None

    @property
    def codes(self) -> dict[str, str]:
        return {dim: code or UNKNOWN for dim, code in self.at}

    @property
    def key(self) -> str:
        """Of what is counted, without the groups."""
        return f"{self.indicator}.{self.part}.{self.state}"


def iterate_counts(release: Release) -> Iterator[FigureCount]:
    """Yield every count of the release's tables, those that are suppressed too."""
    # Imported here, because numpy takes long to load and most pages need none of it.
    import numpy as np

    for table in release.tables():
        name, _colon, state = table.name.partition(":")
        indicator, _dot, part = name.partition(".")
        for at in np.ndindex(*table.values.shape):
            codes = tuple(codes[n] for codes, n in zip(table.codes, at, strict=True))
            yield FigureCount(
                indicator,
                part,
                state,
                tuple(zip(table.dims, codes, strict=True)),
                int(table.values[at]) if table.shown[at] else None,
            )


def iterate_shown_counts(release: Release) -> Iterator[tuple[FigureCount, int]]:
    """Yield the counts that have a number; most formats can't express a suppressed
    one."""
    for count in iterate_counts(release):
        if count.value is not None:
            yield count, count.value
