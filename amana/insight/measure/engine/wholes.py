"""Compute how many a distribution is of, where other tables show it. Among its own
states the suppressed ones are missing, and those in which there is no one."""

from collections.abc import Iterator, Sequence
from itertools import islice
from typing import TYPE_CHECKING

import numpy as np

from amana.insight.disclosure.engine import Protected
from amana.insight.measure.engine.counting import ALL
from amana.insight.measure.engine.definitions import Measure

if TYPE_CHECKING:
    from amana.insight.measure.engine.sheets import Dims, Wanted


def name_of_whole(name: str) -> str:
    return f"{name}:whole"


def wholes(
    figures: Sequence["Wanted"], ways: Sequence["Dims"], safe: Sequence[Protected]
) -> Iterator[Protected]:
    """Yield the total of each distribution, for each way to split it."""
    known = {table.dims: table for table in safe}
    for figure in figures:
        if figure.part.measure is Measure.DISTRIBUTION:
            for name, states in whole_of(figure, figures):
                for split in ways:
                    if source := known.get((name, *split)):
                        yield added(source, states, name_of_whole(figure.name))


def whole_of(
    one: "Wanted", figures: Sequence["Wanted"]
) -> Iterator[tuple[str, tuple[str, ...]]]:
    """Yield the share of which a distribution is a part, with the states that it
    splits; or else the figure that counts everything of its kind."""
    if one.out_of:
        yield one.out_of[0][0][0], tuple(cell[0][1] for cell in one.out_of)
    elif not (one.part.chosen.results or one.part.chosen.where):
        counts = (two for two in figures if two.part.measure is Measure.COUNT)
        alike = (two.name for two in counts if not (two.codes or two.out_of))
        yield from ((name, (ALL,)) for name in islice(alike, 1))


def added(source: Protected, states: Sequence[str], name: str) -> Protected:
    """Add up states; the sum is shown where all that adds up to it is."""
    at = [source.codes[0].index(state) for state in states]
    shown = source.shown[at].all(axis=0, keepdims=True)
    total = source.values[at].sum(axis=0, keepdims=True)
    dims, codes = (name, *source.dims[1:]), ((ALL,), *source.codes[1:])
    return Protected(source.name, dims, codes, np.where(shown, total, 0), shown)
