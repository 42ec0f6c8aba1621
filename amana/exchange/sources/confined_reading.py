"""Read a file by a mapping in a process of its own: fifty thousand services take longer
than a page may hold up others."""

import json
from datetime import date

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
from amana.exchange.rows import MisplacedPart, ServiceRow
from amana.exchange.sources.mapping import SourceMapping, read_mapping, write_mapping
from amana.exchange.sources.opening import LIMITS, MOST_ROWS, pack_file, unpack_file
from amana.exchange.sources.reading import Found, Reading, TableAccount, read_source
from amana.exchange.sources.source_tables import SourceFile


def read_confined(file: SourceFile, mapping: SourceMapping, *, by: int) -> Reading:
    """Read a file in a process of its own. Raises `confined.NotRead` where there is too
    much in it."""
    plain = json.dumps(write_mapping(mapping)).encode()
    return confined.run_confined(
        "amana.exchange.sources.confined_reading:unpack",
        pack_files({"tables": pack_file(file), "mapping": plain}),
        parse_reading,
        by=by,
        limits=LIMITS,
        language=get_language() or "en",
    )


def unpack(content: bytes) -> bytes:
    """Read the file and pack what was found: the work of the other process."""
    files = unpack_files(*unpack_head(content), most=2)
    mapping = read_mapping(json.loads(files["mapping"]))
    reading = read_source(unpack_file(files["tables"]), mapping)
    accounts = [vars(account) for account in reading.accounts]
    rows = map(pack_found, reading.found)
    return pack_answer({"accounts": accounts}, rows=rows, most=2 * MOST_ROWS)


def pack_found(row: Found) -> list[object]:
    if isinstance(row, MisplacedPart):
        return [row.where, row.what, dict(row.found)]
    plain = {
        name: value.isoformat() if isinstance(value, date) else value
        for name, value in row.values.items()
    }
    texts = [row.origin_id, row.organisation, row.area, row.within]
    return [row.where, *texts, plain, list(row.remarks)]


def parse_reading(answer: bytes) -> Reading:
    """Parse what the other process found; a date comes as text."""
    head, rest = unpack_head(answer)
    accounts = require_kind(require_kind(head, dict)["accounts"], list)
    rows = unpack_answer_rows(rest, most=2 * MOST_ROWS)
    return Reading(
        list(map(parse_found, rows)), [TableAccount(**account) for account in accounts]
    )


def parse_found(said: object) -> Found:
    row = require_kind(said, list)
    if len(row) == 3:
        where, what = require_texts(row[:2])
        return MisplacedPart(where, what, require_kind(row[2], dict))
    *texts, values, remarks = row
    where, origin_id, organisation, area, within = require_texts(texts)
    return ServiceRow(
        where=where,
        origin_id=origin_id,
        organisation=organisation,
        values=require_kind(values, dict),
        area=area,
        within=within,
        remarks=tuple(require_texts(remarks)),
    )
