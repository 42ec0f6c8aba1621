"""Facts from the database into columns, for a stretch of months."""

from collections.abc import Iterable, Sequence
from datetime import date
from typing import Any

from amana.design.directory.models import Area
from amana.insight.facts import codes
from amana.insight.facts.kinds import KINDS, REASONS, TOPICS
from amana.insight.facts.models import Observation
from amana.insight.measure.engine.columns import ObservationColumn, ObservationColumns

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


def load_observations(since: date, until: date) -> ObservationColumns:
    """Load the observations in force from the month of `since` up to before that of
    `until`."""
    rows = (
        Observation.objects.in_force()
        .filter(month__gte=since, month__lt=until)
        .values_list(*CODED, "number")
    )
    return build_columns(rows.iterator(chunk_size=AT_ONCE), list_months(since, until))


def build_columns(
    rows: Iterable[Sequence[Any]], months: Sequence[str]
) -> ObservationColumns:
    """Build columns from rows of `CODED` and a number."""
    import numpy as np

    said: list[Sequence[Any]] = list(zip(*rows, strict=True))
    if not said:
        said = [()] * (len(CODED) + 1)
    # Never read from the observations: a code that occurs, or does not, would say
    # something about few people.
    known = list_codes(months)
    coded = {}
    for name, values in zip(CODED, said, strict=False):
        words = map(format_month, values) if name == "month" else values
        if name == "agency":
            known[name] = sorted({*values} - {""})
        coded[name] = ObservationColumn.of(known[name], words)
    number = np.array([np.nan if n is None else n for n in said[-1]], dtype=np.float64)
    return ObservationColumns(coded, number, BANDS)


def list_codes(months: Sequence[str]) -> dict[str, Sequence[str]]:
    """List the public codes of each column."""
    return {
        "kind": list(KINDS),
        "result": list(codes.RESULTS),
        "reason": list(REASONS),
        "topic": list(TOPICS),
        "band": [code for code, _limit in codes.BANDS],
        "month": months,
        "area": list_area_codes(),
        **{name: list(words.values) for name, words in codes.DIMENSIONS.items()},
    }


def list_area_codes() -> list[str]:
    level = Area.objects.filter(level=AREA_LEVEL)
    return list(level.order_by("code").values_list("code", flat=True))


def list_months(since: date, until: date) -> list[str]:
    """List each month from the first up to before the last, as “2026-11”."""
    first, last = since.year * 12 + since.month - 1, until.year * 12 + until.month - 1
    return [f"{n // 12:04}-{n % 12 + 1:02}" for n in range(first, last)]


def format_month(day: date) -> str:
    return f"{day:%Y-%m}"
