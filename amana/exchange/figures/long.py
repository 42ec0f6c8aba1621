"""One long table: a line for each count, a column for each dimension. CSV, Parquet."""

import csv
import tempfile
from collections.abc import Iterator
from io import StringIO
from pathlib import Path

from amana.exchange.figures import counts
from amana.exchange.figures.counts import DIMENSIONS, Count
from amana.insight.measure.files import harmless
from amana.insight.release.models import Release

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


def line(release: Release, count: Count) -> tuple[object, ...]:
    """ "" in a dimension: the table is not split by it."""
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


def lines(release: Release) -> Iterator[tuple[object, ...]]:
    return (line(release, count) for count in counts.of(release))


def as_csv(release: Release) -> bytes:
    text = StringIO()
    write = csv.writer(text).writerow
    write(COLUMNS)
    for one in lines(release):
        *said, value, hidden = one
        number = "" if value is None else value
        write([*map(harmless, said), number, "yes" if hidden else "no"])
    return text.getvalue().encode()


def as_parquet(release: Release) -> bytes:
    import duckdb

    columns = ", ".join(f'"{name}" {TYPES.get(name, "VARCHAR")}' for name in COLUMNS)
    places = ", ".join("?" * len(COLUMNS))
    with tempfile.TemporaryDirectory() as folder, duckdb.connect() as database:
        file = Path(folder) / "release.parquet"
        database.execute(f"CREATE TABLE counts ({columns})")
        if some := list(lines(release)):
            database.executemany(f"INSERT INTO counts VALUES ({places})", some)  # noqa: S608
        database.execute(f"COPY counts TO '{file}' (FORMAT parquet)")
        return file.read_bytes()
