"""Open a file of any layout as tables: JSON, JSON lines, GeoJSON, CSV, a workbook, or a
zip of these. Its contents say what it is, whatever it is called.

A file is opened in a process of its own: a kilobyte may unfold to gigabytes (ADR 68).
"""

import io
import json
import zipfile
import zlib
from collections.abc import Iterator
from contextlib import suppress
from dataclasses import replace
from pathlib import PurePosixPath
from typing import Any

from charset_normalizer import from_bytes
from django.utils.translation import get_language
from django.utils.translation import gettext as _
from python_calamine import CalamineError, CalamineWorkbook

from amana import confined
from amana.answers import require_kind, require_texts
from amana.errors import Unreadable
from amana.exchange.rows import pack_rows, unpack_rows
from amana.exchange.sources.flattening import format_text, read_json
from amana.exchange.sources.sheets import list_tables, parse_csv
from amana.exchange.sources.source_tables import (
    MAIN,
    Cell,
    SourceFile,
    SourceRow,
    SourceTable,
)
from amana.exchange.sources.zips import DAMAGED, LARGEST, read_bounded

LIMITS = confined.Limits(memory=1024, seconds=30, answer=64)
MOST_ROWS = 300_000
MOST_COLUMNS = 500
CODE_PAGES = ["cp1252", "cp1256", "cp1250", "cp1251", "cp1254"]
"""Encodings in which spreadsheets of our readers' languages still leave."""


def open_file(blob: bytes, *, by: int | None) -> SourceFile:
    """Open a file as tables. Raises `Unreadable` with its place and reason, or
    `confined.NotRead` where it is too much."""
    return confined.run_confined(
        "amana.exchange.sources.opening:unpack",
        blob,
        parse_answer,
        by=by,
        limits=LIMITS,
        language=get_language() or "en",
    )


def unpack(blob: bytes) -> bytes:
    """Open the file and pack its tables: the work of the other process."""
    return pack_rows(lambda: iterate_lines(read_file(blob)), most=2 * MOST_ROWS)


def pack_file(file: SourceFile) -> bytes:
    """Pack the tables of a file that was opened, to open them again at once."""
    return zlib.compress(pack_rows(lambda: iterate_lines(file), most=2 * MOST_ROWS))


def unpack_file(packed: bytes) -> SourceFile:
    """Unpack what `pack_file` packed."""
    return parse_answer(zlib.decompress(packed))


def iterate_lines(file: SourceFile) -> Iterator[object]:
    """Yield each table's head, then its rows, as lists."""
    yield ["notes", file.notes]
    for table in file.tables:
        yield ["table", table.name, table.columns, table.above]
        for row in table.rows:
            yield [row.number, row.above, list(row.values.items())]


def parse_answer(answer: bytes) -> SourceFile:
    rows = unpack_rows(answer, most=2 * MOST_ROWS)
    file = SourceFile([], require_texts(require_kind(next(rows), list)[1]))
    for said in rows:
        head, *rest = require_kind(said, list)
        if head == "table":
            name, columns, above = rest
            file.tables.append(
                SourceTable(
                    require_kind(name, str),
                    require_texts(columns),
                    [],
                    None if above is None else require_kind(above, str),
                )
            )
        else:
            file.tables[-1].rows.append(parse_row(head, *rest))
    return file


def parse_row(number: Any, above: Any, values: Any) -> SourceRow:
    found: dict[str, Cell] = {}
    for key, value in require_kind(values, list):
        cell = value if isinstance(value, str) else require_texts(value)
        found[require_kind(key, str)] = cell
    held = above if above is None else require_kind(above, int)
    return SourceRow(require_kind(number, int), found, held)


# -- what kind of file it is -----------------------------------------------------------


def read_file(blob: bytes) -> SourceFile:
    """Read a file by what it holds. Raises `Unreadable`."""
    if zipfile.is_zipfile(io.BytesIO(blob)):
        return read_workbook(blob) if is_workbook(blob) else read_zip(blob)
    file = read_text(decode(blob))
    require_rows(file)
    return file


def require_rows(file: SourceFile) -> None:
    if not any(row.values for table in file.tables for row in table.rows):
        raise Unreadable(_("the file"), _("It holds no rows."))
    if sum(len(table.rows) for table in file.tables) > MOST_ROWS:
        raise Unreadable(_("the file"), _("It has more than 300,000 rows."))
    for table in file.tables:
        if len(table.columns) > MOST_COLUMNS:
            raise Unreadable(
                table.name or _("the file"), _("It has more than 500 columns.")
            )


def decode(blob: bytes) -> str:
    """Decode text in whatever encoding it is: Unicode where it is valid, else by what
    its letters make likely. Raises `Unreadable`."""
    marked = blob[:2] in (b"\xff\xfe", b"\xfe\xff")
    with suppress(UnicodeDecodeError):
        return blob.decode("utf-16" if marked else "utf-8-sig")
    if (
        b"\0" not in blob
        and (found := from_bytes(blob, cp_isolation=CODE_PAGES).best()) is not None
    ):
        return str(found)
    raise Unreadable(
        _("the file"),
        _(
            "It is neither text nor a workbook that can be read. Save it as CSV in "
            "UTF-8, XLSX, JSON or a zip of these."
        ),
    )


def read_text(text: str) -> SourceFile:
    """Read JSON, JSON lines or CSV, by how the text begins."""
    if text.lstrip()[:1] in ("{", "["):
        return read_json(parse_json(text))
    return SourceFile(list_tables(MAIN, parse_csv(text)))


def parse_json(text: str) -> object:
    """Parse JSON, or one value a line. Raises `Unreadable` with the line."""
    try:
        return json.loads(text)
    except RecursionError as error:
        raise Unreadable(_("the file"), _("Values are nested too deeply.")) from error
    except json.JSONDecodeError as error:
        lines = [line for line in text.splitlines() if line.strip()]
        if len(lines) < 2 or not lines[0].rstrip().endswith("}"):
            raise build_json_error(error.lineno, error) from error
    return [parse_line(number, line) for number, line in enumerate(lines, 1)]


def parse_line(number: int, line: str) -> object:
    try:
        return json.loads(line)
    except (json.JSONDecodeError, RecursionError) as error:
        raise build_json_error(number, error) from error


def build_json_error(line: int, error: Exception) -> Unreadable:
    where = _("line %(number)s") % {"number": line}
    return Unreadable(where, _("It is not JSON: %(error)s") % {"error": error})


# -- workbooks and zips ----------------------------------------------------------------


def is_workbook(blob: bytes) -> bool:
    try:
        names = zipfile.ZipFile(io.BytesIO(blob)).namelist()
    except DAMAGED as error:
        raise Unreadable(_("the file"), _("It is damaged.")) from error
    return any(name.startswith(("xl/", "content.xml")) for name in names)


def read_workbook(blob: bytes, name: str = "") -> SourceFile:
    """Read each sheet of a workbook as a table."""
    try:
        book = CalamineWorkbook.from_filelike(io.BytesIO(blob))
        sheets = {
            sheet: book.get_sheet_by_name(sheet).to_python(skip_empty_area=False)
            for sheet in book.sheet_names
        }
    except CalamineError as error:
        raise Unreadable(name or _("the file"), _("It is damaged.")) from error
    tables = [
        table
        for sheet, rows in sheets.items()
        for table in list_tables(sheet, [list(map(format_number, row)) for row in rows])
    ]
    file = SourceFile(tables)
    require_rows(file)
    return file


def format_number(cell: object) -> str:
    """Format a cell as its author sees it: 3 and not 3.0."""
    if isinstance(cell, float) and cell.is_integer():
        return str(int(cell))
    return format_text(cell)


def read_zip(blob: bytes) -> SourceFile:
    """Read each file in a zip; name what is none of ours, which is left out."""
    package = zipfile.ZipFile(io.BytesIO(blob))
    file, left = SourceFile([]), LARGEST
    for entry in sorted(package.infolist(), key=lambda entry: entry.filename):
        path = PurePosixPath(entry.filename)
        if entry.is_dir() or path.name.startswith(".") or "__MACOSX" in entry.filename:
            continue
        part = read_bounded(package, entry, left)
        left -= len(part)
        try:
            inside = read_part(path, part)
        except Unreadable as error:
            note = _("%(file)s was not read. %(what)s")
            file.notes.append(note % {"file": path.name, "what": error.what})
            continue
        file.tables.extend(inside.tables)
        file.notes.extend(inside.notes)
    require_rows(file)
    return file


def read_part(path: PurePosixPath, part: bytes) -> SourceFile:
    """Read a file of a zip; its tables bear its name."""
    if path.suffix.lower() in (
        ".csv",
        ".tsv",
        ".txt",
        ".json",
        ".geojson",
        ".jsonl",
        ".ndjson",
    ):
        inside = read_text(decode(part))
    elif path.suffix.lower() in (".xlsx", ".ods"):
        inside = read_workbook(part, path.name)
    else:
        raise Unreadable(path.name, _("It is no table."))
    return rename_tables(inside, path.stem)


def rename_tables(file: SourceFile, stem: str) -> SourceFile:
    def rename(name: str) -> str:
        return stem if name == MAIN else f"{stem}.{name}"

    tables = [
        replace(
            table,
            name=rename(table.name),
            above=None if table.above is None else rename(table.above),
        )
        for table in file.tables
    ]
    return SourceFile(tables, file.notes)
