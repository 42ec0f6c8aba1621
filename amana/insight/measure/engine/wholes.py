"""Compute how many a distribution is of, where other tables show it. Among its own
states the suppressed ones are missing, and those in which there is no one."""

from collections.abc import Iterator, Sequence
from itertools import islice

import numpy as np

from amana.insight.disclosure.engine import Protected
from amana.insight.measure.engine.counting import ALL
from amana.insight.measure.engine.definitions import Measure
from amana.insight.measure.engine.protected_tables.dimensions import Dims, NeededFigure


def build_whole_name(name: str) -> str:
    return f"{name}:whole"


def iterate_wholes(
    figures: Sequence[NeededFigure], ways: Sequence[Dims], safe: Sequence[Protected]
) -> Iterator[Protected]:
    """Yield the total of each distribution, for each way to split it."""
    known = {table.dims: table for table in safe}
    for figure in figures:
        if figure.part.measure is Measure.DISTRIBUTION:
            for name, states in iterate_whole_states(figure, figures):
                for split in ways:
                    if source := known.get((name, *split)):
                        yield add_up_states(
                            source, states, build_whole_name(figure.name)
                        )


def iterate_whole_states(
    one: NeededFigure, figures: Sequence[NeededFigure]
) -> Iterator[tuple[str, tuple[str, ...]]]:
    """Yield the share of which a distribution is a part, with the states that it
    splits; or else the figure that counts everything of its kind."""
    if one.out_of:
        yield one.out_of[0][0][0], tuple(cell[0][1] for cell in one.out_of)
    elif not (one.part.chosen.results or one.part.chosen.where):
        counts = (two for two in figures if two.part.measure is Measure.COUNT)
        alike = (two.name for two in counts if not (two.codes or two.out_of))
        yield from ((name, (ALL,)) for name in islice(alike, 1))


def add_up_states(source: Protected, states: Sequence[str], name: str) -> Protected:
    """Add up states; the sum is shown where all that adds up to it is."""
    at = [source.codes[0].index(state) for state in states]
    shown = source.shown[at].all(axis=0, keepdims=True)
    total = source.values[at].sum(axis=0, keepdims=True)
    dims, codes = (name, *source.dims[1:]), ((ALL,), *source.codes[1:])
    return Protected(source.name, dims, codes, np.where(shown, total, 0), shown)
