"""Read a file of areas by a mapping in a process of its own: the rings of a country
take longer than a page may hold up others."""

import json
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
from amana.design.directory.area_records import AreaFault, AreaRecord
from amana.exchange.areas.area_mapping import (
    AreaMapping,
    read_area_mapping,
    write_area_mapping,
)
from amana.exchange.areas.reading import AreaReading, read_areas
from amana.exchange.sources.opening import LIMITS, MOST_ROWS, unpack_file

MOST_FAULTS = 200


def read_areas_confined(
    tables: bytes, mapping: AreaMapping, *, by: int | None
) -> AreaReading:
    """Read a file in a process of its own. Raises `confined.NotRead` where there is too
    much in it."""
    plain = json.dumps(write_area_mapping(mapping)).encode()
    return confined.run_confined(
        "amana.exchange.areas.confined_areas:unpack",
        pack_files({"tables": tables, "mapping": plain}),
        parse_reading,
        by=by,
        limits=LIMITS,
        language=get_language() or "en",
    )


def unpack(content: bytes) -> bytes:
    """Read the areas and pack what was found: the work of the other process."""
    files = unpack_files(*unpack_head(content), most=2)
    mapping = read_area_mapping(json.loads(files["mapping"]))
    reading = read_areas(unpack_file(files["tables"]), mapping)
    faults = [[f.where, f.field, f.what] for f in reading.faults[:MOST_FAULTS]]
    rows = (list(vars(record).values()) for record in reading.records)
    return pack_answer({"faults": faults}, rows=rows, most=2 * MOST_ROWS)


def parse_reading(answer: bytes) -> AreaReading:
    """Parse what the other process found."""
    head, rest = unpack_head(answer)
    faults = require_kind(require_kind(head, dict)["faults"], list)
    rows = unpack_answer_rows(rest, most=2 * MOST_ROWS)
    return AreaReading(
        list(map(parse_record, rows)),
        [AreaFault(*require_texts(fault)) for fault in faults],
    )


def parse_record(said: object) -> AreaRecord:
    where, code, above, names, lat, lon, geometry, level = require_kind(said, list)
    place, own, around = require_texts([where, code, above])
    named: dict[str, object] = require_kind(names, dict)
    return AreaRecord(
        place,
        own,
        around,
        {language: require_kind(name, str) for language, name in named.items()},
        lat=parse_optional(lat, float),
        lon=parse_optional(lon, float),
        geometry=parse_optional(geometry, dict),
        level=parse_optional(level, int),
    )


def parse_optional[T](said: Any, kind: type[T]) -> T | None:
    return None if said is None else require_kind(said, kind)
