"""Invented facts, many or few, in which much is unknown."""

import random
from collections.abc import Sequence
from dataclasses import dataclass, field

import numpy as np

from amana.insight.facts import codes
from amana.insight.facts.kinds import KINDS, REASONS, TOPICS, ObservationKind
from amana.insight.measure import observation_columns
from amana.insight.measure.engine.columns import ObservationColumn, ObservationColumns

AREAS = ("XM-N", "XM-S", "XM-W")
MONTHS = ("2026-01", "2026-02", "2026-03")
BANDS = [code for code, _limit in codes.BANDS]


@dataclass
class Row:
    kind: str
    result: str = ""
    reason: str = ""
    band: str = ""
    topic: str = ""
    agency: str = ""
    month: str = MONTHS[0]
    number: int | None = None
    dims: dict[str, str] = field(default_factory=dict)

    def get(self, name: str) -> str:
        return self.dims.get(name, "") if name in DIMS else getattr(self, name)


DIMS: dict[str, Sequence[str]] = {
    **{name: list(words.values) for name, words in codes.DIMENSIONS.items()},
    "area": AREAS,
}


def invented(chance: random.Random, rows: int, kinds: Sequence[str] = ()) -> list[Row]:
    among = [KINDS[code] for code in kinds] or list(KINDS.values())
    return [row(chance, chance.choice(among)) for _ in range(rows)]


def row(chance: random.Random, kind: ObservationKind) -> Row:
    def one(codes: Sequence[str]) -> str:
        return chance.choice(["", *codes])

    return Row(
        kind=kind.code,
        result=one(kind.results),
        reason=one(kind.reasons),
        band=one(BANDS) if kind.timed else "",
        topic=one(kind.topics),
        agency=one(("haven", "clinic")),
        month=chance.choice(MONTHS),
        number=chance.choice([None, *range(6)]) if kind.numbered else None,
        dims={name: one(known) for name, known in DIMS.items()},
    )


def in_columns(rows: Sequence[Row]) -> ObservationColumns:
    known = {
        "kind": list(KINDS),
        "result": list(codes.RESULTS),
        "reason": list(REASONS),
        "topic": list(TOPICS),
        "band": BANDS,
        "month": MONTHS,
        "agency": ("clinic", "haven"),
        **DIMS,
    }
    coded = {
        name: ObservationColumn.of(words, [row.get(name) for row in rows])
        for name, words in known.items()
    }
    numbers = [np.nan if row.number is None else row.number for row in rows]
    return ObservationColumns(
        coded, np.array(numbers, dtype=float), observation_columns.BANDS
    )
