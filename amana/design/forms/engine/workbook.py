"""Reads an .xlsx to rows of text, after checking what it would take to open it.

A workbook is a zip of XML, and both can be bombs: a few bytes that unpack to gigabytes,
entities, or one cell in the last row and column of an otherwise empty sheet. So each
part is unpacked within limits and parsed once, and only parts that passed are given to
the reader."""

import io
import re
import zipfile
import zlib
from collections.abc import Iterator
from datetime import date, datetime, time, timedelta
from itertools import islice
from xml.parsers import expat

from python_calamine import CalamineError, CalamineWorkbook

from amana.answers import (
    pack_answer,
    require_kind,
    require_texts,
    unpack_answer_rows,
    unpack_head,
)
from amana.design.forms.engine.form_faults import UnreadablePart
from amana.faults import gettext_noop

MOST_BYTES = 5_000_000
MOST_UNPACKED = 40_000_000
MOST_PARTS = 500
MOST_ROWS = 10_000
MOST_COLUMNS = 100
BOUNDED = frozenset({zipfile.ZIP_STORED, zipfile.ZIP_DEFLATED})
"""Ways to pack that unpack no further than they are asked to."""
READ = ("survey", "choices", "settings")
MOST_DEPTH = 60

NO_WORKBOOK = gettext_noop("This is not an Excel workbook (.xlsx).")
TOO_LARGE = gettext_noop("This workbook is larger than a form can be.")
TOO_MANY_CELLS = gettext_noop(
    "A sheet has more than %(rows)s rows or %(columns)s columns. Delete "
    "anything far below or next to the form."
)
PROTECTED = gettext_noop("This workbook is protected with a password. Remove it first.")

WRONG = (NO_WORKBOOK, TOO_LARGE, TOO_MANY_CELLS, PROTECTED)

CELL = re.compile(r"([A-Z]{1,4})([0-9]{1,8})", re.ASCII)

type Sheets = dict[str, list[list[str]]]
"""By their names in small letters, as rows of text."""

type Row = tuple[int, dict[str, str]]
"""Its number in the sheet, and the value under each heading."""


def read_sheets(xlsx: bytes) -> Sheets:
    """Read the sheets of a form. Raises `UnreadablePart`."""
    found: Sheets = {}
    try:
        workbook = CalamineWorkbook.from_filelike(io.BytesIO(clean_workbook(xlsx)))
        for name in workbook.sheet_names:
            if name.strip().lower() in READ:
                sheet = workbook.get_sheet_by_name(name)
                # Empty rows are kept, or the numbers of rows in faults would be wrong.
                cells = sheet.to_python(skip_empty_area=False)
                found[name.strip().lower()] = [
                    list(map(format_cell, row)) for row in cells
                ]
    except CalamineError as error:
        raise UnreadablePart(NO_WORKBOOK) from error
    return found


def unpack_sheets(xlsx: bytes) -> bytes:
    """Read the sheets for another process, each row as a line; `parse_answer` reads
    them there."""
    try:
        return pack_sheets(read_sheets(xlsx))
    except UnreadablePart as broken:
        return pack_answer({"broken": [broken.sentence, broken.values]})


def pack_sheets(found: Sheets) -> bytes:
    rows = (row for sheet in found.values() for row in sheet)
    lengths = {name: len(sheet) for name, sheet in found.items()}
    return pack_answer({"sheets": lengths}, rows=rows, most=MOST_ROWS * len(READ))


def parse_answer(answer: bytes) -> Sheets:
    head, rest = unpack_head(answer)
    if "broken" in require_kind(head, dict):
        sentence, values = head["broken"]
        # The process that opened the file may be compromised: only sentences of ours
        # reach a page (ADR 68).
        if sentence not in WRONG:
            raise ValueError("The answer has a sentence that none agreed.")
        raise UnreadablePart(sentence, **values)
    rows = unpack_answer_rows(rest, most=MOST_ROWS * len(READ))
    found = {
        name: [require_texts(row) for row in islice(rows, require_kind(length, int))]
        for name, length in require_kind(head["sheets"], dict).items()
        if name in READ
    }
    if next(rows, None) is not None:
        raise ValueError("The answer has more than was agreed.")
    return found


def clean_workbook(xlsx: bytes) -> bytes:
    """Clean the workbook: unpack it within limits, with nothing in it but sound XML.
    Raises `UnreadablePart`."""
    if len(xlsx) > MOST_BYTES:
        raise UnreadablePart(TOO_LARGE)
    # The signature of an OLE file: Excel stores an encrypted workbook in one, and old
    # .xls files are such too.
    if xlsx[:8] == b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1":
        raise UnreadablePart(PROTECTED)
    looked = io.BytesIO()
    try:
        with (
            zipfile.ZipFile(io.BytesIO(xlsx)) as given,
            zipfile.ZipFile(looked, "w") as taken,
        ):
            for name, part in iterate_parts(given):
                taken.writestr(name, part)
    except (
        zipfile.BadZipFile,
        zlib.error,
        NotImplementedError,
        EOFError,
        ValueError,
        RuntimeError,
        OSError,
    ) as error:
        raise UnreadablePart(NO_WORKBOOK) from error
    return looked.getvalue()


def iterate_parts(given: zipfile.ZipFile) -> Iterator[tuple[str, bytes]]:
    left = MOST_UNPACKED
    names: set[str] = set()
    if len(given.infolist()) > MOST_PARTS:
        raise UnreadablePart(TOO_LARGE)
    for entry in given.infolist():
        # Pictures, macros and embedded files are dropped here, unread.
        if not entry.filename.lower().endswith((".xml", ".rels")):
            continue
        if entry.filename in names:
            raise UnreadablePart(NO_WORKBOOK)  # two parts of one name: which is it?
        if entry.compress_type not in BOUNDED:
            raise UnreadablePart(NO_WORKBOOK)
        names.add(entry.filename)
        with given.open(entry) as stream:
            part = stream.read(left + 1)
        left -= len(part)
        if left < 0:
            raise UnreadablePart(TOO_LARGE)
        require_sound_part(part)
        yield entry.filename, part


def require_sound_part(part: bytes) -> None:
    """Require XML without entities and with few cells. Raises `UnreadablePart`."""
    parser = expat.ParserCreate()
    depth = rows = cells = 0

    def opened(name: str, attributes: dict[str, str]) -> None:
        nonlocal depth, rows, cells
        depth += 1
        if depth > MOST_DEPTH:
            raise UnreadablePart(NO_WORKBOOK)
        kind = name.rpartition(":")[2]
        if kind == "c":
            cells += 1
            require_within_limits(attributes.get("r", "A1"))
        elif kind == "row":
            rows, cells = rows + 1, 0
            require_within_limits(f"A{attributes.get('r', 1)}")
        # A reader may reserve as much as the sheet claims to have, whatever is in it.
        elif kind == "dimension":
            for corner in attributes.get("ref", "A1").split(":"):
                require_within_limits(corner)
        if rows > MOST_ROWS or cells > MOST_COLUMNS:
            raise build_cells_error()

    def closed(_name: str) -> None:
        nonlocal depth
        depth -= 1

    def doctype(*_about: object) -> None:
        raise UnreadablePart(NO_WORKBOOK)

    parser.StartElementHandler = opened
    parser.EndElementHandler = closed
    parser.StartDoctypeDeclHandler = doctype
    try:
        parser.Parse(part, True)
    except expat.ExpatError as error:
        raise UnreadablePart(NO_WORKBOOK) from error


def require_within_limits(cell: str) -> None:
    found = CELL.fullmatch(cell.replace("$", ""))
    if not found:
        raise UnreadablePart(NO_WORKBOOK)
    column = 0
    for letter in found[1]:
        column = column * 26 + ord(letter) - 64
    if int(found[2]) > MOST_ROWS or column > MOST_COLUMNS:
        raise build_cells_error()


def build_cells_error() -> UnreadablePart:
    return UnreadablePart(TOO_MANY_CELLS, rows=MOST_ROWS, columns=MOST_COLUMNS)


def format_cell(
    cell: float | str | bool | time | date | datetime | timedelta | None,
) -> str:
    """Format a cell as its author sees it: 3 and not 3.0, no-break spaces as spaces."""
    if isinstance(cell, bool):
        return "true" if cell else "false"
    if isinstance(cell, float) and cell.is_integer():
        return str(int(cell))
    if isinstance(cell, datetime | date | time):
        return cell.isoformat()
    return str(cell if cell is not None else "").replace("\xa0", " ").strip()


def list_rows(sheet: list[list[str]]) -> list[Row]:
    """List each row that has a value, by its headings."""
    if not sheet:
        return []
    heads = [head.strip() for head in sheet[0]]
    found = []
    for number, row in enumerate(sheet[1:], 2):
        filled = {h: v for h, v in zip(heads, row, strict=False) if h and v}
        if filled:
            found.append((number, filled))
    return found
