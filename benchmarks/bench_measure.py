"""All 56 indicators with all that they are split by, over a million facts, beside pandas
on the same definitions.

Pure: the facts are invented in columns. Reading them from the database is measured apart.
"""

from datetime import date

import numpy as np

from amana.insight.facts import codes
from amana.insight.facts.kinds import KINDS
from amana.insight.measure import columns
from amana.insight.measure.engine.columns import Column, Columns
from amana.insight.measure.engine.counting import everything
from amana.insight.measure.engine.definitions import D0
from amana.insight.measure.engine.figures import figures
from amana.insight.measure.engine.tests import pandas_peer
from amana.insight.measure.library.reading import library
from benchmarks.bench import RESULTS, bench

FACTS = 1_000_000
AREAS = [f"XM-{number:02}" for number in range(20)]
AGENCIES = [f"agency-{number:03}" for number in range(80)]
MONTHS = columns.months(*(date(year, 1, 1) for year in (2025, 2026)))
DIMS = (*D0, "month", "agency")
PARTS = [(code, part) for code, one in library().items() for part in one.parts.values()]


def a_million() -> Columns:
    """Each fact with a result, reason, topic and so on that its kind can have, and one
    in ten of all codes unknown."""
    chance = np.random.default_rng(7)
    lists = columns.code_lists(MONTHS) | {"area": AREAS, "agency": AGENCIES}
    kind = chance.integers(1, len(KINDS) + 1, FACTS)

    def unknown() -> np.ndarray:
        return chance.random(FACTS) < 0.1

    def any_of(names: list[str], allowed: list[tuple[str, ...]]) -> np.ndarray:
        """For each fact one of the codes that its kind allows."""
        longest = max(map(len, allowed))
        number = {name: at + 1 for at, name in enumerate(names)}
        table = np.zeros((len(allowed) + 1, longest), dtype=np.intp)
        for at, some in enumerate(allowed):
            if some:
                numbers = [number[name] for name in some]
                table[at + 1] = np.resize(numbers, longest)
        return table[kind, chance.integers(0, longest, FACTS)]

    kinds = list(KINDS.values())
    bands = tuple(lists["band"])
    values = {
        "kind": kind,
        "result": any_of(lists["result"], [k.results for k in kinds]),
        "reason": any_of(lists["reason"], [k.reasons for k in kinds]),
        "topic": any_of(lists["topic"], [k.topics for k in kinds]),
        "band": any_of(list(bands), [bands if k.timed else () for k in kinds]),
    }
    coded = {}
    for name, known in lists.items():
        found = values.get(name)
        if found is None:
            found = chance.integers(1, len(known) + 1, FACTS)
        if name not in ("kind", "month"):
            found = np.where(unknown(), 0, found)
        coded[name] = Column(("", *known), found.astype(np.uint8))
    number = chance.integers(0, 30, FACTS).astype(float)
    number[unknown()] = np.nan
    return Columns(coded, number, columns.BANDS)


facts = a_million()
frame = pandas_peer.frame(facts)
parts = [part for _code, part in PARTS]


@bench("pandas on the same definitions", at_most_ms=60_000, times=1)
def _peer() -> None:
    pandas_peer.everything(parts, frame, DIMS)


peer = f"pandas {RESULTS[-1].ms:.0f} ms (counts alone)"


@bench(
    f"All {len(library())} indicators by all dimensions over {FACTS:,} facts",
    at_most_ms=2_000,
    times=3,
    peer=peer,
)
def _all() -> None:
    anew = Columns(facts.coded, facts.number, facts.bands)  # not sorted yet
    tallies = everything(parts, anew, DIMS)
    for (number, _dim), tally in tallies.items():
        for _figure in figures(PARTS[number][0], tally, 5_000_000):
            pass
