"""All 56 indicators with all that splits them, over a million facts, beside pandas on
the same definitions.

The facts are invented in columns; reading them from the database is measured apart, and
so is drawing up a sheet, which happens once a month.
"""

from collections.abc import Sequence
from datetime import date
from typing import Any

import numpy as np
from numpy.typing import NDArray

from amana.design.directory.models import Area
from amana.insight.facts.kinds import KINDS
from amana.insight.facts.models import Observation
from amana.insight.measure import observation_columns
from amana.insight.measure.engine import protected_tables
from amana.insight.measure.engine.columns import ObservationColumn, ObservationColumns
from amana.insight.measure.engine.counting import count_all_figures
from amana.insight.measure.engine.definitions import D0
from amana.insight.measure.engine.figures import iterate_figures
from amana.insight.measure.library.reading import load_library
from amana.insight.measure.tests import pandas_peer
from benchmarks.bench import RESULTS, bench

type Numbers = NDArray[Any]

FACTS = 1_000_000
AREAS = [f"XM-{number:02}" for number in range(20)]
AGENCIES = [f"agency-{number:03}" for number in range(80)]
MONTHS = observation_columns.list_months(*(date(year, 1, 1) for year in (2025, 2026)))
DIMS = (*D0, "month", "agency")
PARTS = [
    (code, part)
    for code, indicator in load_library().items()
    for part in indicator.parts.values()
]


def a_million() -> ObservationColumns:
    """Each fact with a result, reason, topic and so on that its kind can have, and one
    in ten of all codes unknown."""
    chance = np.random.default_rng(7)
    lists = observation_columns.list_codes(MONTHS) | {"area": AREAS, "agency": AGENCIES}
    kind = chance.integers(1, len(KINDS) + 1, FACTS)

    def unknown() -> Numbers:
        return np.asarray(chance.random(FACTS) < 0.1)

    def any_of(names: Sequence[str], allowed: list[Sequence[str]]) -> Numbers:
        """For each fact one of the codes that its kind allows."""
        longest = max(map(len, allowed))
        number = {name: at + 1 for at, name in enumerate(names)}
        table = np.zeros((len(allowed) + 1, longest), dtype=np.intp)
        for at, some in enumerate(allowed):
            if some:
                numbers = [number[name] for name in some]
                table[at + 1] = np.resize(numbers, longest)
        return np.asarray(table[kind, chance.integers(0, longest, FACTS)])

    kinds = list(KINDS.values())
    bands = tuple(lists["band"])
    values = {
        "kind": kind,
        "result": any_of(lists["result"], [k.results for k in kinds]),
        "reason": any_of(lists["reason"], [k.reasons for k in kinds]),
        "topic": any_of(lists["topic"], [k.topics for k in kinds]),
        "band": any_of(bands, [bands if k.timed else () for k in kinds]),
    }
    coded = {}
    for name, known in lists.items():
        found = values.get(name)
        if found is None:
            found = chance.integers(1, len(known) + 1, FACTS)
        if name not in ("kind", "month"):
            found = np.where(unknown(), 0, found)
        coded[name] = ObservationColumn(("", *known), found.astype(np.uint8))
    number = chance.integers(0, 30, FACTS).astype(float)
    number[unknown()] = np.nan
    return ObservationColumns(coded, number, observation_columns.BANDS)


facts = a_million()
frame = pandas_peer.frame(facts)
parts = [part for _code, part in PARTS]


@bench("pandas on the same definitions", at_most_ms=60_000, times=1)
def _peer() -> None:
    pandas_peer.everything(parts, frame, DIMS)


peer = f"pandas {RESULTS[-1].ms:.0f} ms (counts alone)"


@bench(
    f"All {len(load_library())} indicators by all dimensions over {FACTS:,} facts",
    at_most_ms=2_000,
    times=3,
    peer=peer,
)
def _all() -> None:
    anew = ObservationColumns(facts.coded, facts.number, facts.bands)  # not sorted yet
    tallies = count_all_figures(parts, anew, DIMS)
    for (number, _dim), tally in tallies.items():
        for _figure in iterate_figures(PARTS[number][0], tally, 5_000_000):
            pass


def in_the_database(number: int) -> None:
    """The first facts, as rows."""
    names = {name: np.array(column.names) for name, column in facts.coded.items()}
    words = {
        name: names[name][column.values[:number]]
        for name, column in facts.coded.items()
        if name != "month"
    }
    rows = [
        Observation(
            month=date(2025, int(facts.coded["month"].values[at]), 1),
            number=int(facts.number[at]) if KINDS[kind].numbered else None,
            **{name: str(some[at]) for name, some in words.items()},
        )
        for at, kind in enumerate(words["kind"])
        if not np.isnan(facts.number[at])
    ]
    areas = [
        Area(code=code, level=1, lat=0, lon=0, path=f"XM/{code}/") for code in AREAS
    ]
    country = Area.objects.create(code="XM", level=0, lat=0, lon=0, path="XM/")
    for area in areas:
        area.above = country
    Area.objects.bulk_create(areas)
    Observation.objects.bulk_create(rows, batch_size=500)


in_the_database(50_000)


@bench("Read 45,000 facts from the database into columns", at_most_ms=1_000, times=3)
def _read() -> None:
    observation_columns.load_observations(date(2025, 1, 1), date(2026, 1, 1))


screened = facts.kind("screening").of_rows(slice(0, 600))
results = {code: kind.results for code, kind in KINDS.items()}
of_screening = protected_tables.map_figures_by_kind(load_library(), results)[
    "screening"
]


@bench("Draw up the sheet of 600 screenings", at_most_ms=6_000, times=1)
def _sheet() -> None:
    protected_tables.build_protected_tables(
        screened, of_screening, name="screening", dims=D0, smallest=11
    )
