"""A file of services without its rows: what its pages show of it, found out once, by
the process that opens it."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from itertools import islice
from typing import Any

from amana.answers import require_kind, require_texts
from amana.exchange.sources.linking import find_id_column
from amana.exchange.sources.source_tables import SourceFile, SourceTable, join_texts

SHOWN = 3
"""Values of a column that are shown."""
LOOKED_AT = 200
"""Values among which those that are shown are looked for."""
LONGEST = 60
"""Characters of a value that are shown."""

MOST_TAXONOMIES = 100


@dataclass(frozen=True)
class TableSketch:
    """One table: its columns, how often each is filled, and some of its values."""

    name: str
    columns: list[str]
    rows: int
    filled: Mapping[str, int]
    examples: Mapping[str, list[str]]
    key: str = ""
    """The column by which other tables name its rows."""
    above: str = ""


@dataclass(frozen=True)
class SourceSketch:
    """The tables of a file, and what a person should know of it."""

    tables: list[TableSketch] = field(default_factory=list)
    notes: list[str] = field(default_factory=list)
    taxonomies: list[str] = field(default_factory=list)
    """Whose words for kinds of help it says to use."""


def build_sketch(file: SourceFile) -> SourceSketch:
    tables = list(map(build_table_sketch, file.tables))
    return SourceSketch(tables, file.notes, list_taxonomies(file))


def list_taxonomies(file: SourceFile) -> list[str]:
    said = {
        join_texts(value)[:LONGEST]
        for table in file.tables
        for column in table.columns
        if column.rpartition(".")[2] == "taxonomy"
        for value in table.iterate_values(column)
    }
    return sorted(said)[:MOST_TAXONOMIES]


def build_table_sketch(table: SourceTable) -> TableSketch:
    filled = dict.fromkeys(table.columns, 0)
    for row in table.rows:
        for column in row.values:
            filled[column] = filled.get(column, 0) + 1
    examples = {column: list_examples(table, column) for column in table.columns}
    return TableSketch(
        table.name,
        table.columns,
        len(table.rows),
        filled,
        examples,
        find_id_column(table) or "",
        table.above or "",
    )


def list_examples(table: SourceTable, column: str) -> list[str]:
    """List the beginnings of some different values."""
    values = islice(table.iterate_values(column), LOOKED_AT)
    texts = (join_texts(value, "; ")[:LONGEST] for value in values)
    return list(dict.fromkeys(texts))[:SHOWN]


def write_sketch(sketch: SourceSketch) -> dict[str, Any]:
    """Write a sketch as plain values, for JSON."""
    return vars(sketch) | {"tables": [vars(table) for table in sketch.tables]}


def read_sketch(said: object) -> SourceSketch:
    """Read a sketch from plain values. Raises TypeError and KeyError where they have
    another shape: they come from the process that opened a foreign file."""
    plain = require_kind(said, dict)
    tables = [read_table(table) for table in require_kind(plain["tables"], list)]
    notes, taxonomies = (require_texts(plain[n]) for n in ("notes", "taxonomies"))
    return SourceSketch(tables, notes, taxonomies)


def read_table(said: object) -> TableSketch:
    plain = require_kind(said, dict)
    columns = require_texts(plain["columns"])
    filled, examples = (require_kind(plain[name], dict) for name in COUNTED)
    return TableSketch(
        require_kind(plain["name"], str),
        columns,
        require_kind(plain["rows"], int),
        {column: require_kind(filled[column], int) for column in columns},
        {column: require_texts(examples[column]) for column in columns},
        require_kind(plain["key"], str),
        require_kind(plain["above"], str),
    )


COUNTED = ("filled", "examples")
