"""Check whether a table that a user brings may go out: PASS, FAIL or NOT APPLICABLE.

Each table is examined by itself, for what a table alone gives away: a small number; a
small number that a total leaves over; a small number that a share and its whole make.
What another table gives away together with it, only `protect` can know.
"""

import re
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from enum import StrEnum
from math import gcd

from amana.insight.disclosure.engine.table_files import (
    DECIMAL,
    HIDDEN,
    SHARE,
    FileTable,
    is_year,
    parse_number,
    read_sheets,
)
from amana.insight.disclosure.engine.tables import K


class CheckOutcome(StrEnum):
    PASS = "pass"  # noqa: S105 — a verdict
    FAIL = "fail"
    NOT_APPLICABLE = "not_applicable"


class Why(StrEnum):
    SMALL = "small"
    LEFT_OVER = "left_over"
    SHARE = "share"
    SAFE = "safe"
    PEOPLE = "people"
    SYNTHETIC = "synthetic"
    NOISED = "noised"
    NO_COUNTS = "no_counts"
    EMPTY = "empty"
    TOO_LONG = "too_long"
    UNREADABLE = "unreadable"


@dataclass(frozen=True)
class Reason:
    why: Why
    row: int = 0
    column: str = ""
    count: int = 0


@dataclass(frozen=True)
class TableVerdict:
    """Of one table, which begins at a line of the file."""

    line: int
    outcome: CheckOutcome
    reasons: tuple[Reason, ...]
    rows: int = 0
    counts: int = 0
    """How many counts were checked."""


MOST_REASONS = 10
SYNTHETIC = re.compile(r"synthetic|synthétique|اصطناعي", re.IGNORECASE)
NOISED = re.compile(
    r"differential(ly)? priva|confidentialité différentielle|epsilon|ε\s*=|"
    r"الخصوصية التفاضلية",
    re.IGNORECASE,
)
NAMED = re.compile(
    r"(^|_|\b)(name|surname|first.?name|birth|dob|passport|phone|email|case.?(id|no)|"
    r"nom|prénom|naissance|téléphone|الاسم|الميلاد)(\b|_|$)",
    re.IGNORECASE,
)
TOTAL = re.compile(
    r"^(total|totals|all|sum|everybody|ensemble|tous|toutes|المجموع|الكل|الجميع)\b",
    re.IGNORECASE,
)
NO_COUNT = re.compile(
    r"^(year|month|quarter|code|id|no\.?|nr|row|version|année|mois|السنة|الشهر)$",
    re.IGNORECASE,
)
BEGINS = re.compile(r"^\W{0,3}\d")
"""A cell that may say how many, however it goes on: “7*”, “(3)”, “3 (m)”."""
BAND = re.compile(
    r"^\d+\s*\+$|^\d+\s*(?:[-–]|to|à|إلى)\s*\d+\+?$|^\d{1,4}([-/.])\d{1,2}\1\d{1,4}$",
    re.IGNORECASE,
)
"""Ages, lengths of time and dates: they begin with a number and say whose it is."""
ENOUGH_PEOPLE = 20


def check_tables(chunks: Iterable[bytes], *, k: int = K) -> Iterator[TableVerdict]:
    """Check each table in a file; yields one verdict at least."""
    any_table = False
    for sheet in read_sheets(chunks):
        any_table = True
        yield judge_table(sheet, k)
    if not any_table:
        yield TableVerdict(1, CheckOutcome.NOT_APPLICABLE, (Reason(Why.EMPTY),))


def judge_table(sheet: FileTable, k: int) -> TableVerdict:
    if why := get_exemption(sheet):
        return TableVerdict(
            sheet.line, CheckOutcome.NOT_APPLICABLE, (Reason(why),), len(sheet.rows)
        )
    columns = map_count_columns(sheet)
    counts = {n: [parse_number(c) for c in cells] for n, cells in columns.items()}
    many = sum(c is not None for cells in counts.values() for c in cells)
    found = list(iterate_faults(sheet, counts, k))
    if not found:
        unread = tuple(iterate_unreadable(sheet, counts))[:MOST_REASONS]
        outcome = CheckOutcome.NOT_APPLICABLE if unread else CheckOutcome.PASS
        reasons = unread or (Reason(Why.SAFE),)
        return TableVerdict(sheet.line, outcome, reasons, len(sheet.rows), many)
    return TableVerdict(
        sheet.line,
        CheckOutcome.FAIL,
        tuple(found[:MOST_REASONS]),
        len(sheet.rows),
        many,
    )


def get_exemption(sheet: FileTable) -> Why | None:
    """Get the reason why this is no table of true counts, if it is none."""
    if sheet.too_many:
        return Why.TOO_LONG
    said = " ".join((*sheet.remarks, *sheet.header))
    if SYNTHETIC.search(said):
        return Why.SYNTHETIC
    if NOISED.search(said):
        return Why.NOISED
    if not sheet.rows:
        return Why.EMPTY
    if any(NAMED.search(heading) for heading in sheet.header):
        return Why.PEOPLE
    if not map_count_columns(sheet):
        repeated = len({tuple(row) for row in sheet.rows}) < len(sheet.rows)
        long = len(sheet.rows) >= ENOUGH_PEOPLE
        return Why.PEOPLE if repeated or long else Why.NO_COUNTS
    return None


def map_count_columns(sheet: FileTable) -> dict[int, list[str]]:
    """Map the number of each column of counts to its cells."""
    found = {}
    for n, cells in sheet.columns:
        numbers = [c for c in cells if parse_number(c) is not None]
        others = [c for c in cells if parse_number(c) is None and not HIDDEN.match(c)]
        if any(cells) and not others and not is_label(sheet.header[n], numbers):
            found[n] = cells
    return found


def is_label(title: str, numbers: Sequence[str]) -> bool:
    return bool(NO_COUNT.match(title)) or (bool(numbers) and all(map(is_year, numbers)))


def iterate_unreadable(sheet: FileTable, counts: Iterable[int]) -> Iterator[Reason]:
    """Yield columns that may be counts, of which not every cell can be read: no one can
    know that they are safe."""
    for n, cells in sheet.columns:
        numbers = [c for c in cells if parse_number(c) is not None]
        if n in counts or is_label(sheet.header[n], numbers):
            continue
        others = [c for c in cells if not is_readable(c)]
        if others and any(BEGINS.match(c) for c in (*numbers, *others)):
            row = next(r for r, c in enumerate(cells, 1) if c == others[0])
            yield Reason(Why.UNREADABLE, row, sheet.header[n])


def is_readable(cell: str) -> bool:
    ways = (HIDDEN, SHARE, DECIMAL, BAND, TOTAL)
    return parse_number(cell) is not None or any(way.match(cell) for way in ways)


type Counts = dict[int, list[int | None]]


def iterate_faults(sheet: FileTable, counts: Counts, k: int) -> Iterator[Reason]:
    for n, cells in counts.items():
        for row, count in enumerate(cells):
            if count is not None and 0 < abs(count) < k:
                yield Reason(Why.SMALL, row + 1, sheet.header[n], count)
    base = compute_rounding_base(counts)
    yield from check_rows(sheet, counts, k, base)
    yield from check_columns(sheet, counts, k, base)
    yield from check_shares(sheet, counts, k)


def compute_rounding_base(counts: Counts) -> int:
    """Compute the base to which everything is rounded, if it is."""
    numbers = [c for cells in counts.values() for c in cells if c]
    common = gcd(*numbers) if len(numbers) > 2 else 1
    return next((base for base in (100, 50, 25, 10, 5, 3) if common % base == 0), 1)


def check_rows(sheet: FileTable, counts: Counts, k: int, base: int) -> Iterator[Reason]:
    """Check each row of which one column is the total of the others."""
    totals = [n for n in counts if TOTAL.match(sheet.header[n])]
    parts = [n for n in counts if n not in totals]
    if len(totals) != 1 or len(parts) < 2:
        return
    for row in range(len(sheet.rows)):
        some = [counts[n][row] for n in parts]
        if (
            left := compute_remainder(counts[totals[0]][row], some, k, base)
        ) is not None:
            yield Reason(Why.LEFT_OVER, row + 1, sheet.header[totals[0]], left)


def check_columns(
    sheet: FileTable, counts: Counts, k: int, base: int
) -> Iterator[Reason]:
    """Check each row that is the total of those with the same other words."""
    labels = [n for n in range(len(sheet.header)) if n not in counts]
    for label in labels:
        others = [n for n in labels if n != label]
        groups: dict[tuple[str, ...], list[int]] = {}
        for at, row in enumerate(sheet.rows):
            key = tuple(row[n] if n < len(row) else "" for n in others)
            groups.setdefault(key, []).append(at)
        for rows in groups.values():
            totals = [r for r in rows if is_total(sheet.rows[r], label)]
            if len(totals) != 1:
                continue
            for n, cells in counts.items():
                parts = [cells[r] for r in rows if r not in totals]
                left = compute_remainder(cells[totals[0]], parts, k, base)
                if left is not None:
                    yield Reason(Why.LEFT_OVER, totals[0] + 1, sheet.header[n], left)


def is_total(row: Sequence[str], label: int) -> bool:
    return label < len(row) and bool(TOTAL.match(row[label]))


def compute_remainder(
    total: int | None, parts: Sequence[int | None], k: int, base: int
) -> int | None:
    """Compute what the hidden parts must be together, where that is certainly few."""
    shown = [part for part in parts if part is not None]
    if total is None or len(shown) == len(parts):
        return None
    left = total - sum(shown)
    slack = (len(shown) + 1) * (base // 2)
    surely_some, surely_few = left - slack > 0, left + slack < k
    return left if surely_some and surely_few else None


def check_shares(sheet: FileTable, counts: Counts, k: int) -> Iterator[Reason]:
    """Check shares whose whole is in the same row: “3 %” of “100” is three
    people."""
    for n, cells in sheet.columns:
        if n in counts or not any(map(SHARE.match, cells)):
            continue
        for row, cell in enumerate(cells):
            if not SHARE.match(cell):
                continue
            share = float(cell.rstrip("% ").replace(",", ".")) / 100
            wholes = [c for some in counts.values() if (c := some[row])]
            few = [c for c in wholes if 0.5 <= share * c < k - 0.5]
            if len(wholes) == 1 and few:
                yield Reason(Why.SHARE, row + 1, sheet.header[n], round(share * few[0]))
