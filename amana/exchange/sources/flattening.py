"""JSON of any shape as tables: objects in objects are columns, lists of objects are
tables below, lists of words are cells with several values."""

import json
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from django.utils.translation import gettext as _

from amana.errors import Unreadable
from amana.exchange.sources.source_tables import (
    MAIN,
    Cell,
    SourceFile,
    SourceRow,
    SourceTable,
)

DEEPEST = 12
"""Objects in objects: no directory nests as many, a bomb does."""
COUNTS = ("total_items", "total", "count", "totalItems", "totalCount", "total_count")
"""Where a page of an API states how many entries there are."""
SEVERAL_PAGES = ("total_pages", "totalPages", "pages", "page_count")

POLYGONS = ("Polygon", "MultiPolygon")

type Record = Mapping[str, Any]


def read_json(said: object) -> SourceFile:
    """Flatten what a JSON file holds. Raises `Unreadable` where there are no objects in
    it, or too many in one another."""
    if isinstance(said, list):
        return SourceFile(flatten_records(MAIN, said))
    if not isinstance(said, dict):
        raise Unreadable(_("the file"), _("It holds no entries with named values."))
    # A page of an API, or several tables in one object: what stands beside the lists
    # tells which.
    listed = {key: rows for key, rows in said.items() if is_list_of_objects(rows)}
    if said.get("type") == "FeatureCollection" and "features" in listed:
        return SourceFile(flatten_records(MAIN, listed["features"]))
    rest = {key: value for key, value in said.items() if key not in listed}
    if not listed or is_entry(rest):
        return SourceFile(flatten_records(MAIN, [said]))
    names = (
        {key: key for key in listed} if len(listed) > 1 else dict.fromkeys(listed, MAIN)
    )
    tables = [
        table
        for key, rows in listed.items()
        for table in flatten_records(names[key], rows)
    ]
    return SourceFile(tables, list_false_counts(rest, listed))


def is_list_of_objects(said: object) -> bool:
    """Return whether a list is a table: most of it are objects. What is none among them
    is a row without values."""
    if not isinstance(said, list):
        return False
    objects = sum(isinstance(each, dict) for each in said)
    return objects > 0 and objects * 2 >= len(said)


def is_object(said: object) -> bool:
    return isinstance(said, dict)


def is_entry(rest: Record) -> bool:
    """Return whether what stands beside the lists is an entry of its own, such as one
    service with its telephones, and not the head of a page."""
    return bool(rest.keys() & {"id", "name", "title", "nom", "الاسم"})


def list_false_counts(
    rest: Record, listed: Mapping[str, Sequence[object]]
) -> list[str]:
    """List what the head of a page states of the file that doesn't hold."""
    held = max(len(rows) for rows in listed.values())
    stated = [rest[name] for name in COUNTS if isinstance(rest.get(name), int)]
    pages = [rest[name] for name in SEVERAL_PAGES if isinstance(rest.get(name), int)]
    if not stated or stated[0] == held:
        return []
    if pages and pages[0] > 1 and stated[0] > held:
        note = _(
            "This is one page of %(pages)s: it holds %(held)s of %(stated)s entries. "
            "Upload the other pages too."
        )
        return [note % {"pages": pages[0], "held": held, "stated": stated[0]}]
    note = _("The file states %(stated)s entries and holds %(held)s. All were read.")
    return [note % {"stated": stated[0], "held": held}]


# -- one list of objects, and the lists in it ------------------------------------------


@dataclass
class Growing:
    """A table while it is read."""

    above: str | None = None
    columns: dict[str, None] = field(default_factory=dict)
    rows: list[SourceRow] = field(default_factory=list)


def flatten_records(name: str, records: Iterable[object]) -> list[SourceTable]:
    """Flatten a list of objects; return its table, and one for each list in it. What is
    no object has a row without values, so that it is counted."""
    tables: dict[str, Growing] = {name: Growing()}
    found = [convert_feature(r) if isinstance(r, dict) else {} for r in records]
    sets = find_sets(found, "" if name == MAIN else name)
    for number, record in enumerate(found, 1):
        add_record(tables, name, record, number=number, above=None, sets=sets)
    return [
        SourceTable(
            name,
            # A list that is empty in some entries is no column of theirs either.
            [path for path in table.columns if name_path(name, path) not in tables],
            table.rows,
            table.above,
        )
        for name, table in tables.items()
    ]


def add_record(
    tables: dict[str, Growing],
    name: str,
    record: Record,
    *,
    number: int,
    above: int | None,
    sets: frozenset[str],
) -> None:
    table = tables[name]
    values: dict[str, Cell] = {}
    below: list[tuple[str, list[Record]]] = []
    for path, value in iterate_leaves(record, name, sets):
        table.columns.setdefault(path)
        if isinstance(value, list) and is_list_of_objects(value):
            below.append((path, value))
        elif cell := format_cell(value):
            values[path] = cell
    place = len(table.rows)
    table.rows.append(SourceRow(number, values, above))
    for path, records in below:
        inner = name_path(name, path)
        tables.setdefault(inner, Growing(above=name))
        for part in records:
            part = part if is_object(part) else {}
            count = len(tables[inner].rows) + 1
            add_record(tables, inner, part, number=count, above=place, sets=sets)


def iterate_leaves(
    record: Record, table: str, sets: frozenset[str], path: str = "", depth: int = 1
) -> Iterable[tuple[str, Any]]:
    """Yield each value with its path; objects in the record are walked through, but for
    those that list words as keys (`{"Walk-in": true}`)."""
    if depth > DEEPEST:
        raise Unreadable(path, _("Values are nested too deeply."))
    for key, value in record.items():
        here = f"{path}.{key}" if path else str(key)
        if not isinstance(value, dict):
            yield here, value
        elif name_path(table, here) in sets:
            yield here, list_members(value)
        else:
            yield from iterate_leaves(value, table, sets, here, depth + 1)


def name_path(table: str, path: str) -> str:
    return path if table == MAIN else f"{table}.{path}"


def list_members(said: Record) -> list[str]:
    """List the words of a set: its keys, and beside them what is more than yes."""
    return [
        str(key) if value is True or value == 1 else f"{key}: {value}"
        for key, value in said.items()
        if value not in (None, False, "", 0)
    ]


def find_sets(records: Sequence[Record], name: str) -> frozenset[str]:
    """Find the paths whose objects list words, and have no columns: their keys differ
    from entry to entry, and their values are yes, no or numbers."""
    seen: dict[str, list[Record]] = {}
    for record in records:
        gather_objects(record, name, seen)
    return frozenset(path for path, objects in seen.items() if is_word_set(objects))


def gather_objects(
    record: Record, path: str, seen: dict[str, list[Record]], depth: int = 1
) -> None:
    if depth > DEEPEST:
        raise Unreadable(path, _("Values are nested too deeply."))
    for key, value in record.items():
        here = f"{path}.{key}" if path else str(key)
        if isinstance(value, dict):
            seen.setdefault(here, []).append(value)
            gather_objects(value, here, seen, depth + 1)
        elif is_list_of_objects(value):
            for part in filter(is_object, value):
                gather_objects(part, here, seen, depth + 1)


def is_word_set(objects: Sequence[Record]) -> bool:
    plain = all(
        value is None or isinstance(value, bool | int | float)
        for said in objects
        for value in said.values()
    )
    keys = {key for said in objects for key in said}
    most = max(len(said) for said in objects)
    yes = all(value is True for said in objects for value in said.values())
    return plain and bool(keys) and (yes or len(keys) > most)


def format_cell(value: object) -> Cell:
    """Format a value as text; a list where it has several."""
    if isinstance(value, list):
        if any(isinstance(each, list | dict) for each in value):
            return json.dumps(value, ensure_ascii=False)
        return [text for each in value if (text := format_text(each))]
    return format_text(value)


def format_text(value: object) -> str:
    if isinstance(value, bool):
        return "true" if value else "false"
    return "" if value is None else str(value).strip()


# -- GeoJSON ---------------------------------------------------------------------------


def convert_feature(record: Record) -> Record:
    """Convert a feature of GeoJSON (RFC 7946) to its properties, id and point; return
    any other object as it is."""
    if record.get("type") != "Feature" or not (
        record.keys() & {"properties", "geometry"} or record.keys() <= {"type", "id"}
    ):
        return record
    properties = record.get("properties")
    found = dict(properties) if isinstance(properties, dict) else {}
    if "id" in record:
        found["@id" if "id" in found else "id"] = record["id"]
    return found | convert_geometry(record.get("geometry"))


def round_positions(said: Any) -> Any:
    """Round positions to a decimetre: a coast of fifteen decimals is three times as
    long. What is no number stays, for its fault to be found."""
    if isinstance(said, list):
        return [round_positions(each) for each in said]
    return round(said, 6) if isinstance(said, float) else said


def convert_geometry(geometry: object) -> dict[str, object]:
    """Convert a point to two columns, a polygon to one; of another shape tell the kind
    alone."""
    if not isinstance(geometry, dict):
        return {}
    said = geometry.get("coordinates")
    if geometry.get("type") == "Point" and isinstance(said, list) and len(said) >= 2:
        return {"@longitude": said[0], "@latitude": said[1]}
    kind = str(geometry.get("type") or "")
    if kind in POLYGONS and isinstance(said, list):
        shape = {"type": kind, "coordinates": round_positions(said)}
        return {"@shape": json.dumps(shape, separators=(",", ":"))}
    return {"@geometry": kind}
