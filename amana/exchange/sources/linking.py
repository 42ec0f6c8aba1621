"""Which column of a table names rows of another: by its heading, and by its values."""

import re
from collections.abc import Iterator, Mapping
from itertools import islice

from amana.exchange.sources.columns import fold_heading
from amana.exchange.sources.source_tables import (
    Cell,
    SourceFile,
    SourceTable,
    iterate_texts,
)

LOOKED_AT = 2_000
"""Rows by which a column is judged."""
ENOUGH = 0.5
"""What part of a column's values have to name rows of the other table, where its
heading says so; without that, nearly all."""
NEARLY_ALL = 0.98
SEPARATORS = re.compile(r"[,;|\n،]")

ENDING = re.compile(r"\.(?:csv|json|xlsx)$")
"""Of a table that is named like a file."""

type Link = tuple[str, str]


def split_ids(cell: Cell | None) -> Iterator[str]:
    """Yield each id of a cell that may hold several: `101-03, 102`."""
    for text in iterate_texts(cell):
        yield from filter(None, map(str.strip, SEPARATORS.split(text)))


def make_singular(name: str) -> str:
    """Return a name of a table as one of its rows is called: `addresses`, `address`."""
    stem = ENDING.sub("", name)
    last = fold_heading(stem.rpartition(".")[2] or stem)
    for ending, single in (("ies", "y"), ("sses", "ss"), ("s", "")):
        if last.endswith(ending) and not last.endswith("ss"):
            return last.removesuffix(ending) + single
    return last


def find_id_column(table: SourceTable) -> str | None:
    """Find the column whose values name the rows of a table, by its heading."""
    row = make_singular(table.name)
    names = ["id", f"{row} id", f"{fold_heading(table.name)} id", "uuid", "identifier"]
    folded = {fold_heading(column): column for column in table.columns}
    found = (folded[name] for name in names if name in folded)
    return next((column for column in found if any(table.iterate_values(column))), None)


def find_id_columns(table: SourceTable) -> list[str]:
    """Find the columns that together name each row once: where an id stands twice, also
    the first other id or code that tells the rows apart."""
    own = find_id_column(table)
    if own is None or is_unique(table, own):
        return [own] if own else []
    others = [c for c in table.columns if c != own and is_code_column(table, c)]
    return [own, *[c for c in others if is_unique(table, own, c)][:1]]


def is_unique(table: SourceTable, *columns: str) -> bool:
    keys = [tuple(str(row.values.get(c, "")) for c in columns) for row in table.rows]
    return len(set(keys)) == len(keys)


def is_code_column(table: SourceTable, column: str) -> bool:
    """Return whether a column holds ids or codes, of something that is in no table."""
    some = list(map(str, islice(table.iterate_values(column), 50)))
    return (
        bool(some)
        and all(value.isalnum() and len(value) <= 40 for value in some)
        and any(c.isdigit() for c in "".join(some))
    )


def guess_links(file: SourceFile) -> dict[str, dict[str, Link]]:
    """Guess, by table and column, whose rows the column names."""
    keys = {key: ids for table in file.tables for key, ids in iterate_keys(table)}
    found: dict[str, dict[str, Link]] = {}
    for table in file.tables:
        own = find_id_column(table)
        links = {
            column: link
            for column in table.columns
            if column != own and (link := guess_link(table, column, keys))
        }
        if links:
            found[table.name] = links
    return found


def iterate_keys(table: SourceTable) -> Iterator[tuple[Link, frozenset[str]]]:
    """Yield the columns by which rows of a table may be named: its id and codes."""
    own = find_id_column(table)
    for column in table.columns:
        heading = fold_heading(column)
        row = make_singular(table.name)
        if (
            column == own
            or heading == f"{row} id"
            or (heading == "code" and "term" in row)
        ):
            ids = {
                text
                for value in table.iterate_values(column)
                for text in iterate_texts(value)
            }
            if ids:
                yield (table.name, column), frozenset(ids)


def guess_link(
    table: SourceTable, column: str, keys: Mapping[Link, frozenset[str]]
) -> Link | None:
    values = {
        text
        for value in islice(table.iterate_values(column), LOOKED_AT)
        for text in split_ids(value)
    }
    if not values:
        return None
    held = {
        link: len(values & ids) / len(values)
        for link, ids in keys.items()
        if link[0] != table.name
    }
    is_id = fold_heading(column).endswith((" id", " ids", " uuid"))
    # Where the heading names a table and says that it is an id, rows that it does not
    # hold are missing from the file.
    enough = 0 if is_id else ENOUGH
    named = [k for k in held if is_named_after(column, k) and held[k] >= enough]
    # Of two tables with such ids, the one that holds more of them.
    if named:
        return max(named, key=held.__getitem__)
    if not is_id:
        return None
    best = max(held, key=held.__getitem__, default=None)
    return best if best and held[best] >= NEARLY_ALL else None


def is_named_after(column: str, link: Link) -> bool:
    """Return whether a heading names a table or its key: `organization_id`,
    `Organization ID`, `Services`, `taxonomy_ids`."""
    heading, table = fold_heading(column), make_singular(link[0])
    stem = heading.removesuffix(" ids").removesuffix(" id")
    stem = stem if stem == table else make_singular(stem)
    return stem == table or heading in (fold_heading(link[0]), fold_heading(link[1]))
