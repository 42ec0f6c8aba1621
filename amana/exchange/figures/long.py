"""One long table: a line for each count, a column for each dimension. CSV, Parquet."""

import csv
import tempfile
from collections.abc import Iterator
from importlib.util import find_spec
from io import StringIO
from pathlib import Path

from amana.exchange.figures import counts
from amana.exchange.figures.counts import DIMENSIONS, FigureCount
from amana.insight.release.models import Release
from amana.ui.harmless import escape_formula

COLUMNS = (
    *("release", "year", "indicator", "figure", "state"),
    *DIMENSIONS,
    *("count", "hidden"),
)
TYPES = {
    "release": "INTEGER",
    "year": "INTEGER",
    "count": "BIGINT",
    "hidden": "BOOLEAN",
}


def build_line(release: Release, count: FigureCount) -> tuple[object, ...]:
    """Build a line; "" in a dimension means that the table is not split by it."""
    return (
        release.pk,
        release.year,
        count.indicator,
        count.part,
        count.state,
        *(count.codes.get(dim, "") for dim in DIMENSIONS),
        count.value,
        count.value is None,
    )


def iterate_lines(release: Release) -> Iterator[tuple[object, ...]]:
    return (build_line(release, count) for count in counts.iterate_counts(release))


def write_csv(release: Release) -> bytes:
    text = StringIO()
    write = csv.writer(text).writerow
    write(COLUMNS)
    for row in iterate_lines(release):
        *said, value, hidden = row
        number = "" if value is None else value
        write([*map(escape_formula, said), number, "yes" if hidden else "no"])
    return text.getvalue().encode()


def can_write_parquet(release: Release) -> bool:
    """Tell whether this server has DuckDB: an extra of 70 MB that most do without."""
    return find_spec("duckdb") is not None


def write_parquet_file(release: Release) -> bytes:
    """Write the long table as Parquet."""
    # Imported here: of all the formats only this one needs the library, which is large.
    import duckdb

    types = {name: TYPES.get(name, "VARCHAR") for name in COLUMNS}
    with tempfile.TemporaryDirectory() as folder, duckdb.connect() as database:
        there, file = Path(folder) / "counts.csv", Path(folder) / "counts.parquet"
        there.write_bytes(write_csv(release))
        # One thread: the server's other cores answer people's pages.
        database.execute("SET threads = 1")
        # From the CSV in one statement: row by row it takes seconds.
        counts = database.read_csv(str(there), dtype=types, all_varchar=False)
        counts.write_parquet(str(file))
        return file.read_bytes()
