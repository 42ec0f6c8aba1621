"""Facts from the database into columns, for a stretch of months."""

from collections.abc import Iterable, Sequence
from datetime import date
from typing import Any

from amana.design.directory.models import Area
from amana.insight.facts import codes
from amana.insight.facts.kinds import KINDS, REASONS, TOPICS
from amana.insight.facts.models import Fact
from amana.insight.measure.engine.columns import Column, Columns

AT_ONCE = 20_000
"""So many rows are fetched at a time."""

AREA_LEVEL = 1

BANDS = tuple(
    (code, None if limit is None else float(limit)) for code, limit in codes.BANDS
)

CODED: tuple[str, ...] = (
    "kind",
    "result",
    "reason",
    "band",
    "month",
    "age_band",
    "sex",
    "nationality_group",
    "disability",
    "status",
    "exploitation",
    "area",
    "sector",
    "agency",
    "urgency",
    "topic",
)


def read(since: date, until: date) -> Columns:
    """Load the observations in force from the month of `since` up to before that of
    `until`."""
    rows = (
        Fact.objects.in_force()
        .filter(month__gte=since, month__lt=until)
        .values_list(*CODED, "number")
    )
    return columns(rows.iterator(chunk_size=AT_ONCE), months(since, until))


def columns(rows: Iterable[Sequence[Any]], months: Sequence[str]) -> Columns:
    """Build columns from rows of `CODED` and a number."""
    import numpy as np

    said: list[Sequence[Any]] = list(zip(*rows, strict=True))
    if not said:
        said = [()] * (len(CODED) + 1)
    # Never read from the observations: a code that occurs, or does not, would say
    # something about few people.
    known = code_lists(months)
    coded = {}
    for name, values in zip(CODED, said, strict=False):
        words = map(month_code, values) if name == "month" else values
        if name == "agency":
            known[name] = sorted({*values} - {""})
        coded[name] = Column.of(known[name], words)
    number = np.array([np.nan if n is None else n for n in said[-1]], dtype=np.float64)
    return Columns(coded, number, BANDS)


def code_lists(months: Sequence[str]) -> dict[str, Sequence[str]]:
    """List the public codes of each column."""
    return {
        "kind": list(KINDS),
        "result": list(codes.RESULTS),
        "reason": list(REASONS),
        "topic": list(TOPICS),
        "band": [code for code, _limit in codes.BANDS],
        "month": months,
        "area": areas(),
        **{name: list(words.values) for name, words in codes.DIMENSIONS.items()},
    }


def areas() -> list[str]:
    level = Area.objects.filter(level=AREA_LEVEL)
    return list(level.order_by("code").values_list("code", flat=True))


def months(since: date, until: date) -> list[str]:
    """List each month from the first up to before the last, as “2026-11”."""
    first, last = since.year * 12 + since.month - 1, until.year * 12 + until.month - 1
    return [f"{n // 12:04}-{n % 12 + 1:02}" for n in range(first, last)]


def month_code(day: date) -> str:
    return f"{day:%Y-%m}"
