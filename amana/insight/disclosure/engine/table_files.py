"""Tables in a file that a user brings: read line by line, whatever wrote it."""

import codecs
import csv
import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field

DELIMITERS = ",;\t|"
MOST_BYTES = 10_000_000
MOST_ROWS = 50_000
"""More than that is no table of counts."""

BOMS = (
    (codecs.BOM_UTF8, "utf-8-sig"),
    (codecs.BOM_UTF16_LE, "utf-16"),
    (codecs.BOM_UTF16_BE, "utf-16"),
)

HIDDEN = re.compile(
    r"^(|[-–—.…*xXcCsS:]+|n/?a|nd|\(?(suppressed|hidden|masked|not shown)\)?|"
    r"[<≤]\s*=?\s*\d+)$",
    re.IGNORECASE,
)
"""How people write that a number is not shown."""
NUMBER = re.compile(
    r"^(?P<sign>[+\-−]?)(?P<whole>\d{1,3}(?:[\s,.’']\d{3})+|\d+)(?:[.,]0{1,2})?$"
)
"""It may have a sign, and the “.0” that programs add."""
DECIMAL = re.compile(r"^[+\-−]?\d+[.,]\d+$")
SHARE = re.compile(r"^\d{1,3}(?:[.,]\d+)?\s*%$")


class TooLarge(Exception):
    """It is larger than a table of counts can be."""


class Unreadable(Exception):
    """No program would read it as a table."""


@dataclass
class FileTable:
    """One table of a file: its first line there, its header, its rows."""

    line: int
    remarks: list[str] = field(default_factory=list)
    header: list[str] = field(default_factory=list)
    rows: list[list[str]] = field(default_factory=list)
    too_many: bool = False

    @property
    def columns(self) -> Iterator[tuple[int, list[str]]]:
        for n in range(len(self.header)):
            yield n, [row[n] if n < len(row) else "" for row in self.rows]


def decode_lines(chunks: Iterable[bytes]) -> Iterator[str]:
    """Decode line by line; what is neither Unicode nor ASCII is taken for Windows’
    Latin. Raises `TooLarge`."""
    encoding, decoder, left, size = "", None, "", 0
    for chunk in chunks:
        size += len(chunk)
        if size > MOST_BYTES:
            raise TooLarge
        if decoder is None:
            encoding = get_encoding(chunk)
            decoder = codecs.getincrementaldecoder(encoding)("replace")
        left += decoder.decode(chunk)
        *whole, left = left.splitlines(keepends=True) or [""]
        yield from whole
    if decoder is not None:
        left += decoder.decode(b"", final=True)
    if left:
        yield left


def get_encoding(start: bytes) -> str:
    for bom, encoding in BOMS:
        if start.startswith(bom):
            return encoding
    try:
        codecs.getincrementaldecoder("utf-8")("strict").decode(start)
    except UnicodeDecodeError:
        return "cp1252"
    return "utf-8"


def read_sheets(chunks: Iterable[bytes]) -> Iterator[FileTable]:
    """Read each table in turn; an empty line ends one."""
    lines: list[str] = []
    number, first = 0, 1
    for number, line in enumerate(decode_lines(chunks), 1):
        if line.strip(" \t\r\n,;|\ufeff"):
            lines = lines or []
            first = first if lines else number
            lines.append(line)
            if len(lines) > MOST_ROWS:
                yield FileTable(first, too_many=True)
                return
        elif lines:
            yield parse_sheet(lines, first)
            lines = []
    if lines:
        yield parse_sheet(lines, first)


def parse_sheet(lines: list[str], first: int) -> FileTable:
    remarks = [line.strip() for line in lines if line.lstrip("\ufeff").startswith("#")]
    told = [line for line in lines if not line.lstrip("\ufeff").startswith("#")]
    try:
        rows = [
            [cell.strip().strip("\ufeff") for cell in row]
            for row in csv.reader(told, delimiter=choose_delimiter(told))
        ]
    except csv.Error as error:  # a cell without an end
        raise Unreadable from error
    titles = [row for row in rows if len([c for c in row if c]) == 1]
    wide = (
        [row for row in rows if row not in titles] if len(rows) > len(titles) else rows
    )
    remarks += [" ".join(row) for row in titles if row in rows[:3]]
    header, body = separate_header(wide)
    return FileTable(first, remarks, header, body)


def choose_delimiter(lines: list[str]) -> str:
    """Choose the mark that divides the first lines into as many cells each."""
    some = lines[:20]

    def even(mark: str) -> tuple[bool, int]:
        counts = [line.count(mark) for line in some]
        usual = max(set(counts), key=counts.count) if counts else 0
        return usual > 0, counts.count(usual) * usual

    return max(DELIMITERS, key=even)


def separate_header(rows: list[list[str]]) -> tuple[list[str], list[list[str]]]:
    if not rows:
        return [], []
    first = rows[0]
    if any(NUMBER.match(c) and not is_year(c) for c in first) or len(rows) == 1:
        return [str(n) for n in range(1, len(first) + 1)], rows
    return first, rows[1:]


def is_year(cell: str) -> bool:
    return cell.isdecimal() and 1900 <= int(cell) <= 2100


def parse_number(cell: str) -> int | None:
    found = NUMBER.match(cell)
    if not found:
        return None
    whole = int(re.sub(r"\D", "", found["whole"]))
    return -whole if found["sign"] in ("-", "−") else whole
