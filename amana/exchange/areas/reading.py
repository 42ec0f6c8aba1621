"""The areas of a file, by a mapping, and what is wrong with them: each fault with its
row and field, all of them at once."""

import json
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field, replace
from typing import Any

from django.utils.translation import gettext as _

from amana.design.directory.area_records import AreaFault, AreaRecord
from amana.design.directory.polygons import find_box, read_polygons
from amana.design.directory.shape_checks import find_shape_faults
from amana.exchange.areas.area_mapping import BY_BEGINNING, AreaMapping, AreaTable
from amana.exchange.sources.source_tables import (
    SourceFile,
    SourceRow,
    SourceTable,
    join_texts,
)
from amana.exchange.sources.values import parse_number

SHAPE = "@shape"
"""The column in which `exchange.sources` leaves a polygon."""
POINT = ("@latitude", "@longitude")

type Box = tuple[float, float, float, float]


@dataclass
class AreaReading:
    """What a file of areas holds by a mapping."""

    records: list[AreaRecord] = field(default_factory=list)
    faults: list[AreaFault] = field(default_factory=list)


def read_areas(file: SourceFile, mapping: AreaMapping) -> AreaReading:
    """Read every area of a file, those of the columns beside them, and the country."""
    reading = AreaReading()
    beside: dict[str, AreaRecord] = {}
    for table in file.tables:
        columns = mapping.tables.get(table.name, AreaTable())
        if columns.is_used:
            for row in table.rows:
                reading.records.append(read_row(table, row, columns, mapping, reading))
                add_areas_beside(table, row, columns, mapping, beside)
    find_areas_by_beginning(reading, mapping)
    add_missing(reading, [*beside.values(), *list_root(mapping)])
    boxes = {
        record.code: box for record in reading.records if (box := compute_box(record))
    }
    reading.faults += check_places(reading.records, boxes)
    reading.records = list(iterate_with_points(reading.records, boxes))
    return reading


# -- one row ---------------------------------------------------------------------------


def read_row(
    table: SourceTable,
    row: SourceRow,
    columns: AreaTable,
    mapping: AreaMapping,
    reading: AreaReading,
) -> AreaRecord:
    where = table.format_place(row)

    def report(field: str, what: str) -> None:
        reading.faults.append(AreaFault(where, field, what))

    lat, lon = read_middle(row, columns, report)
    return AreaRecord(
        where=where,
        code=get_text(row, columns.steps[0].code),
        above=read_above(row, columns, mapping),
        names=read_names(row, columns.steps[0].names),
        lat=lat,
        lon=lon,
        geometry=read_shape(row, report),
        level=read_level(row, columns.level, report),
    )


def get_text(row: SourceRow, column: str) -> str:
    return join_texts(row.values.get(column), ", ").strip() if column else ""


def read_names(row: SourceRow, columns: Mapping[str, str]) -> dict[str, str]:
    names = {
        code: " ".join(get_text(row, column).split())
        for code, column in columns.items()
    }
    return {code: name for code, name in names.items() if name}


def read_above(row: SourceRow, columns: AreaTable, mapping: AreaMapping) -> str:
    for step in columns.steps[1:]:
        if step.code == BY_BEGINNING:
            return BY_BEGINNING
        if code := get_text(row, step.code):
            return code
    own = get_text(row, columns.steps[0].code)
    return mapping.root_code if own != mapping.root_code else ""


def read_middle(
    row: SourceRow, columns: AreaTable, report: Any
) -> tuple[float | None, float | None]:
    """Read the point that the file names; neither number counts without the other."""
    lat_column, lon_column = columns.lat or POINT[0], columns.lon or POINT[1]
    texts = get_text(row, lat_column), get_text(row, lon_column)
    if not all(texts):
        return None, None
    lat, lon = (parse_number(text.replace(",", ".")) for text in texts)
    if lat is None or lon is None:
        what = _("“%(lat)s” and “%(lon)s” are no latitude and longitude.")
        report(_("Latitude"), what % {"lat": texts[0][:40], "lon": texts[1][:40]})
    elif abs(lat) > 90 and abs(lon) <= 90 and abs(lat) <= 180:
        report(_("Latitude"), _("Latitude and longitude look swapped."))
    elif abs(lat) > 90 or abs(lon) > 180:
        what = _("%(lat)s, %(lon)s is not on the globe.")
        report(_("Latitude"), what % {"lat": texts[0][:40], "lon": texts[1][:40]})
    else:
        return lat, lon
    return None, None


def read_shape(row: SourceRow, report: Any) -> dict[str, Any] | None:
    text = get_text(row, SHAPE)
    if not text:
        return None
    said: dict[str, Any] = json.loads(text)
    faults = list(dict.fromkeys(find_shape_faults(said)))
    for what in faults:
        report(_("Shape"), what)
    return None if faults else said


def read_level(row: SourceRow, column: str, report: Any) -> int | None:
    text = get_text(row, column)
    if not text:
        return None
    number = parse_number(text)
    if number is None or not 0 <= number <= 9:
        report(_("Level"), _("“%(said)s” is no level.") % {"said": text[:40]})
        return None
    return int(number)


# -- areas that have no rows of their own ----------------------------------------------


def add_areas_beside(
    table: SourceTable,
    row: SourceRow,
    columns: AreaTable,
    mapping: AreaMapping,
    beside: dict[str, AreaRecord],
) -> None:
    """Add the areas above that a row names in columns of their own, with their
    names."""
    steps = columns.steps[1:]
    for number, step in enumerate(steps):
        code = get_text(row, step.code) if step.names else ""
        if not code or code in beside:
            continue
        rest = AreaTable((step, *steps[number + 1 :]))
        beside[code] = AreaRecord(
            where=table.format_place(row),
            code=code,
            above=read_above(row, rest, mapping),
            names=read_names(row, step.names),
        )


def list_root(mapping: AreaMapping) -> list[AreaRecord]:
    if not mapping.root_code or not mapping.root_name:
        return []
    names = {"en": mapping.root_name}
    return [AreaRecord(_("The country"), mapping.root_code, "", names)]


def add_missing(reading: AreaReading, more: Iterable[AreaRecord]) -> None:
    known = {record.code for record in reading.records}
    for record in more:
        if record.code not in known:
            known.add(record.code)
            reading.records.append(record)


def find_areas_by_beginning(reading: AreaReading, mapping: AreaMapping) -> None:
    """Find the area above by the beginning of a code: the longest that is a code
    too."""
    codes = {record.code for record in reading.records}
    reading.records = [
        replace(record, above=find_beginning(record.code, codes) or mapping.root_code)
        if record.above == BY_BEGINNING
        else record
        for record in reading.records
    ]
    reading.records = [
        replace(record, above="") if record.above == record.code else record
        for record in reading.records
    ]


def find_beginning(code: str, codes: set[str]) -> str:
    return next(
        (code[:n] for n in range(len(code) - 1, 0, -1) if code[:n] in codes), ""
    )


# -- where they are --------------------------------------------------------------------


def compute_box(record: AreaRecord) -> Box | None:
    """Compute west, south, east and north of a shape."""
    if not record.geometry:
        return None
    boxes = [find_box(polygon) for polygon in read_polygons(record.geometry)]
    return join_boxes(boxes)


def join_boxes(boxes: Iterable[Box]) -> Box | None:
    each = list(zip(*boxes, strict=True))
    if not each:
        return None
    west, south, east, north = each
    return min(west), min(south), max(east), max(north)


def check_places(
    records: Iterable[AreaRecord], boxes: Mapping[str, Box]
) -> Iterator[AreaFault]:
    """Check that what lies outside the area above it doesn't lie inside when it is
    turned."""
    for record in records:
        around, box = boxes.get(record.above), boxes.get(record.code)
        lat, lon = record.lat, record.lon
        if box is not None:
            lat, lon = (box[1] + box[3]) / 2, (box[0] + box[2]) / 2
        if around is None or lat is None or lon is None:
            continue
        if not is_in_box(around, lat, lon) and is_in_box(around, lon, lat):
            what = _(
                "It lies in “%(above)s” only if latitude and longitude are swapped."
            )
            yield AreaFault(record.where, _("Shape"), what % {"above": record.above})


def is_in_box(box: Box, lat: float, lon: float) -> bool:
    west, south, east, north = box
    return west <= lon <= east and south <= lat <= north


def iterate_with_points(
    records: Iterable[AreaRecord], boxes: Mapping[str, Box]
) -> Iterator[AreaRecord]:
    """Yield each area with a point: the one in the file, else the middle of the box
    around its shape, else of the box around its parts."""
    known = dict(boxes)
    listed = list(records)
    parts: dict[str, list[Box]] = {}
    for record in listed:
        if (
            record.code not in known
            and record.lat is not None
            and record.lon is not None
        ):
            known[record.code] = (record.lon, record.lat, record.lon, record.lat)
        if record.code in known:
            parts.setdefault(record.above, []).append(known[record.code])
    above = {record.code: record.above for record in listed}
    # From the districts up: what has a box gives one to the area above.
    for _step in range(9):
        for code, boxes_of_parts in [*parts.items()]:
            if code and code not in known and (box := join_boxes(boxes_of_parts)):
                known[code] = box
                parts.setdefault(above.get(code, ""), []).append(box)
    for record in listed:
        box = known.get(record.code)
        if record.has_point or box is None:
            yield record
            continue
        west, south, east, north = box
        # Of the box and not of the shape: the point only carries a number on a map, and
        # has to be the same on each machine.
        lat, lon = (south + north) / 2, (west + east) / 2
        yield replace(
            record, lat=lat, lon=(lon + 180) % 360 - 180 if abs(lon) > 180 else lon
        )
