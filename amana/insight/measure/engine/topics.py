"""Kinds of which a person may say something of every topic: drawn up topic by topic.

So in each table a person is counted once, and 25 answers never look like 25 people. A
figure over all topics is added up from those that are shown: it tells nothing more.
"""

from collections.abc import Iterator, Sequence
from dataclasses import replace

import numpy as np

from amana.insight.disclosure.engine import Protected
from amana.insight.measure.engine.columns import ObservationColumns
from amana.insight.measure.engine.protected_tables import (
    NOTHING,
    OUT,
    Dims,
    NeededFigure,
    TableContent,
    build_protected_tables,
)

TOPIC = "topic"


def build_topic_tables(
    kind: ObservationColumns,
    figures: Sequence[NeededFigure],
    topics: Sequence[str],
    *,
    name: str,
    dims: Sequence[str],
    smallest: int,
    earlier: TableContent = NOTHING,
) -> TableContent:
    """Build the tables from the observations of a kind in a year, with the topic as the
    last dimension."""
    here = [remove_topic_split(figure) for figure in figures]
    known = [
        build_protected_tables(
            kind.where({TOPIC: [topic]}),
            here,
            name=name,
            dims=dims,
            smallest=smallest,
            earlier=TableContent(tuple(iterate_topic_tables(topic, earlier))),
        ).tables
        for topic in topics
    ]
    tables = list(stack_topics(known, tuple(topics)))
    return TableContent((*tables, *add_up_topics(tables)))


def remove_topic_split(one: NeededFigure) -> NeededFigure:
    by = tuple(dim for dim in one.part.by if dim != TOPIC)
    return replace(one, part=replace(one.part, by=by))


def iterate_topic_tables(topic: str, earlier: TableContent) -> Iterator[Protected]:
    """Yield what was shown of a topic before."""
    for table in earlier.tables:
        if table.dims[-1:] == (TOPIC,) and topic in table.codes[-1]:
            at = table.codes[-1].index(topic)
            yield Protected(
                table.name,
                table.dims[:-1],
                table.codes[:-1],
                table.values[..., at],
                table.shown[..., at],
            )


def stack_topics(
    known: Sequence[Sequence[Protected]], topics: tuple[str, ...]
) -> Iterator[Protected]:
    """Stack the same table of each topic into one; of some there may be too few
    observations."""
    by_dims: dict[Dims, dict[int, Protected]] = {}
    for number, tables in enumerate(known):
        for table in tables:
            by_dims.setdefault(table.dims, {})[number] = table
    for dims, some in by_dims.items():
        one = next(iter(some.values()))
        shape = (*one.values.shape, len(topics))
        values, shown = np.zeros(shape, np.int64), np.zeros(shape, bool)
        for number, table in some.items():
            values[..., number], shown[..., number] = table.values, table.shown
        codes = (*one.codes, topics)
        yield Protected(one.name, (*dims, TOPIC), codes, values, shown)


def add_up_topics(tables: Sequence[Protected]) -> Iterator[Protected]:
    """Add up those topics of which the undivided figure is shown, wherever all of them
    are."""
    whole = {
        table.dims[0]: choose_shown_topics(table)
        for table in tables
        if len(table.dims) == 2
    }
    for table in tables:
        # The same topics in every group: if each group had its own, the difference of
        # two would be one hidden topic.
        some = whole[table.dims[0]]
        shown = table.shown[..., some].all(axis=-1) & some.any()
        values = np.where(shown, table.values[..., some].sum(axis=-1), 0)
        yield Protected(table.name, table.dims[:-1], table.codes[:-1], values, shown)


def choose_shown_topics(table: Protected) -> np.ndarray[tuple[int], np.dtype[np.bool_]]:
    """Choose the topics of which all that is known is shown."""
    states = [n for n, code in enumerate(table.codes[0]) if code not in ("", OUT)]
    return np.asarray(table.shown[states].all(axis=0))
