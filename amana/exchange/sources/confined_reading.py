"""Open and read a file in a process of its own: three hundred thousand rows take longer
than a page may hold up others.

The server keeps the tables packed, as that process wrote them, and hands them back
unread; of a large file it sees only what a page shows."""

import json
from collections import Counter
from collections.abc import Callable, Iterable
from dataclasses import dataclass, replace
from datetime import date
from typing import Any

from django.utils.translation import get_language

from amana import confined
from amana.answers import (
    pack_answer,
    pack_files,
    require_kind,
    require_texts,
    unpack_answer_rows,
    unpack_files,
    unpack_head,
)
from amana.errors import Unreadable
from amana.exchange.rows import MisplacedPart, ServiceRow
from amana.exchange.sources.guessing import guess_mapping, guess_table
from amana.exchange.sources.kind_keywords import count_kinds
from amana.exchange.sources.mapping import (
    SourceMapping,
    TableMapping,
    read_mapping,
    write_mapping,
)
from amana.exchange.sources.opening import (
    LIMITS,
    MOST_ROWS,
    pack_file,
    read_file,
    unpack_file,
)
from amana.exchange.sources.reading import Found, Reading, TableAccount, read_source
from amana.exchange.sources.sketching import (
    SourceSketch,
    build_sketch,
    read_sketch,
    write_sketch,
)
from amana.exchange.sources.source_tables import SourceFile
from amana.exchange.sources.terms import FoundTerm, find_terms

HERE = __name__
MOST_TERMS = 2_000
"""Words to decide on that are told of a file, the most frequent of them."""
LONGEST_SKETCH = 4 << 20
"""Bytes: read in a fifth of a second."""
PREVIEWED = 20
MOST_REASONS = 50


def run[T](work: str, content: bytes, read: Callable[[bytes], T], by: int | None) -> T:
    return confined.run_confined(
        f"{HERE}:{work}",
        content,
        read,
        by=by,
        limits=LIMITS,
        language=get_language() or "en",
    )


def pack_question(packed: bytes, mapping: SourceMapping, **more: object) -> bytes:
    plain = json.dumps(write_mapping(mapping)).encode()
    return pack_files({"tables": packed, "mapping": plain}, **more)


def unpack_question(content: bytes) -> tuple[SourceFile, SourceMapping, dict[str, Any]]:
    head, rest = unpack_head(content)
    files = unpack_files(head, rest, most=2)
    mapping = read_mapping(json.loads(files["mapping"]))
    return unpack_file(files["tables"]), mapping, head


# -- opened ----------------------------------------------------------------------------


@dataclass(frozen=True)
class OpenedSource:
    """A file that was opened."""

    packed: bytes
    """Its tables, as `opening.pack_file` writes them: not read by the server."""
    sketch: SourceSketch
    guess: SourceMapping
    """What it most likely means."""


def open_confined(blob: bytes, *, by: int | None) -> OpenedSource:
    """Open a file as tables. Raises `Unreadable` with its place and reason, or
    `confined.NotRead` where it is too much."""
    return run("unpack_source", blob, parse_opened, by)


def unpack_source(blob: bytes) -> bytes:
    """Open the file, and pack it with what its pages show: the work of the other
    process."""
    try:
        file = read_file(blob)
    # Travels as data, as in `rows.pack_rows`.
    except Unreadable as error:
        return pack_answer({"unreadable": [error.where, error.what]})
    told = {
        "sketch": write_sketch(build_sketch(file)),
        "guess": write_mapping(guess_mapping(file)),
    }
    plain = {name: json.dumps(said).encode() for name, said in told.items()}
    if max(map(len, plain.values())) > LONGEST_SKETCH:
        raise MemoryError
    return pack_files({"tables": pack_file(file), **plain})


def parse_opened(answer: bytes) -> OpenedSource:
    head, rest = unpack_head(answer)
    if told := require_kind(head, dict).get("unreadable"):
        where, what = require_texts(told)
        raise Unreadable(where, what)
    files = unpack_files(head, rest, most=3)
    guess = parse_mapping(files["guess"])
    return OpenedSource(files["tables"], parse_sketch(files["sketch"]), guess)


def parse_sketch(plain: bytes) -> SourceSketch:
    if len(plain) > LONGEST_SKETCH:
        raise ValueError("The answer has more than was agreed.")
    return read_sketch(json.loads(plain))


def parse_mapping(plain: bytes) -> SourceMapping:
    if len(plain) > LONGEST_SKETCH:
        raise ValueError("The answer has more than was agreed.")
    try:
        return read_mapping(json.loads(plain))
    except Unreadable as error:
        raise ValueError("The answer has another shape than was agreed.") from error


def guess_confined(
    packed: bytes, mapping: SourceMapping, table: str, thing: str, *, by: int
) -> TableMapping:
    """Guess what the columns of a table are, of which a person has said what it is."""
    asked = pack_question(packed, mapping, table=table, thing=thing)
    return run("unpack_guess", asked, lambda told: parse_guess(told, table), by)


def unpack_guess(content: bytes) -> bytes:
    file, mapping, head = unpack_question(content)
    table = next(table for table in file.tables if table.name == head["table"])
    guess = guess_table(file, table, head["thing"])
    told = write_mapping(replace(mapping, tables={table.name: guess}))
    return pack_files({"guess": json.dumps(told).encode()})


def parse_guess(answer: bytes, table: str) -> TableMapping:
    files = unpack_files(*unpack_head(answer), most=1)
    return parse_mapping(files["guess"]).get_table(table)


# -- its words -------------------------------------------------------------------------


@dataclass(frozen=True)
class SourceTerms:
    """The words of a file that a person decides on, and which kinds of help services
    without one would get by words."""

    terms: list[FoundTerm]
    kinds: dict[str, int]


def find_terms_confined(
    packed: bytes, mapping: SourceMapping, *, by: int
) -> SourceTerms:
    asked = pack_question(packed, mapping)
    return run("unpack_terms", asked, parse_terms, by)


def unpack_terms(content: bytes) -> bytes:
    file, mapping, _head = unpack_question(content)
    found = find_terms(file, mapping)
    # Whatever was accepted of the kinds before: they are counted for all.
    reading = read_source(file, replace(mapping, kinds_by_words=()))
    kinds = count_kinds(row for row in reading.found if isinstance(row, ServiceRow))
    rows = [
        [t.field, t.word, t.times, None if t.decided is None else list(t.decided)]
        for t in found[:MOST_TERMS]
    ]
    return pack_answer({"kinds": kinds.most_common()}, rows=rows, most=MOST_TERMS)


def parse_terms(answer: bytes) -> SourceTerms:
    head, rest = unpack_head(answer)
    kinds = {
        require_kind(kind, str): require_kind(number, int)
        for kind, number in require_kind(require_kind(head, dict)["kinds"], list)
    }
    rows = unpack_answer_rows(rest, most=MOST_TERMS)
    return SourceTerms(list(map(parse_term, rows)), kinds)


def parse_term(said: object) -> FoundTerm:
    field, word, times, decided = require_kind(said, list)
    codes = None if decided is None else tuple(require_texts(decided))
    field, word = require_texts([field, word])
    return FoundTerm(field, word, require_kind(times, int), codes)


# -- its services ----------------------------------------------------------------------


@dataclass(frozen=True)
class SourcePreview:
    """What a file would bring, without most of its services."""

    services: int
    without_kind: int
    shown: list[ServiceRow]
    misplaced: list[tuple[str, int]]
    """Why rows can't be placed, the most frequent reason first."""
    accounts: list[TableAccount]


def preview_confined(
    packed: bytes, mapping: SourceMapping, *, by: int
) -> SourcePreview:
    asked = pack_question(packed, mapping)
    return run("unpack_preview", asked, parse_preview, by)


def unpack_preview(content: bytes) -> bytes:
    file, mapping, _head = unpack_question(content)
    reading = read_source(file, mapping)
    services = [row for row in reading.found if isinstance(row, ServiceRow)]
    told = {
        "services": len(services),
        "without_kind": 0 if mapping.translates else count_without_kind(services),
        "misplaced": count_reasons(reading.found).most_common(MOST_REASONS),
        "accounts": list(map(vars, reading.accounts)),
    }
    rows = map(pack_found, services[:PREVIEWED])
    return pack_answer(told, rows=rows, most=PREVIEWED)


def count_without_kind(services: Iterable[ServiceRow]) -> int:
    return sum(not row.values.get("types") for row in services)


def count_reasons(found: Iterable[Found]) -> Counter[str]:
    return Counter(row.what for row in found if isinstance(row, MisplacedPart))


def parse_preview(answer: bytes) -> SourcePreview:
    head, rest = unpack_head(answer)
    told = require_kind(head, dict)
    rows = map(parse_found, unpack_answer_rows(rest, most=PREVIEWED))
    return SourcePreview(
        require_kind(told["services"], int),
        require_kind(told["without_kind"], int),
        [row for row in rows if isinstance(row, ServiceRow)],
        [
            (require_kind(what, str), require_kind(times, int))
            for what, times in require_kind(told["misplaced"], list)
        ],
        parse_accounts(told),
    )


def read_confined(packed: bytes, mapping: SourceMapping, *, by: int) -> Reading:
    """Read a file in a process of its own. Raises `confined.NotRead` where there is too
    much in it."""
    return run("unpack", pack_question(packed, mapping), parse_reading, by)


def unpack(content: bytes) -> bytes:
    """Read the file and pack what was found: the work of the other process."""
    file, mapping, _head = unpack_question(content)
    reading = read_source(file, mapping)
    accounts = list(map(vars, reading.accounts))
    rows = map(pack_found, reading.found)
    return pack_answer({"accounts": accounts}, rows=rows, most=2 * MOST_ROWS)


def pack_found(row: Found) -> list[object]:
    if isinstance(row, MisplacedPart):
        return [row.where, row.what, dict(row.found)]
    plain = {
        name: value.isoformat() if isinstance(value, date) else value
        for name, value in row.values.items()
    }
    texts = [row.origin_id, row.organisation, row.missing, row.area, row.within]
    texts.append(row.shape)
    return [row.where, *texts, plain, list(row.served), list(row.remarks)]


def parse_reading(answer: bytes) -> Reading:
    """Parse what the other process found; a date comes as text."""
    head, rest = unpack_head(answer)
    rows = unpack_answer_rows(rest, most=2 * MOST_ROWS)
    return Reading(
        list(map(parse_found, rows)), parse_accounts(require_kind(head, dict))
    )


def parse_accounts(head: dict[str, Any]) -> list[TableAccount]:
    return [TableAccount(**each) for each in require_kind(head["accounts"], list)]


def parse_found(said: object) -> Found:
    row = require_kind(said, list)
    if len(row) == 3:
        where, what = require_texts(row[:2])
        return MisplacedPart(where, what, require_kind(row[2], dict))
    *texts, values, served, remarks = row
    where, origin_id, organisation, missing, *place = require_texts(texts)
    area, within, shape = place
    return ServiceRow(
        where=where,
        origin_id=origin_id,
        organisation=organisation,
        values=require_kind(values, dict),
        missing=missing,
        area=area,
        within=within,
        served=tuple(require_texts(served)),
        shape=shape,
        remarks=tuple(require_texts(remarks)),
    )
