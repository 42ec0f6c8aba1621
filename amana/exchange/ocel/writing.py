"""Write what happened in cases as OCEL 2.0 JSON and as CSV, while it is read.

The rows are gathered below this room, so a row is anything with these names. It holds
codes and pseudonyms only: which rows belong together, and no more.
"""

import csv
import json
from collections.abc import Iterable, Iterator, Mapping
from datetime import UTC, datetime
from io import StringIO
from typing import Protocol

from amana.ui.harmless import escape_formula


class CaseEvent(Protocol):
    """One thing that happened in a case. What is not known is an empty text."""

    @property
    def event(self) -> str:
        """Names it: no other row of the log has the same."""

    @property
    def activity(self) -> str:
        """What was done, in few words or as a code: the same for the same work."""

    @property
    def at(self) -> datetime:
        """When, with its time zone."""

    @property
    def case(self) -> str:
        """A pseudonym of the case."""

    @property
    def step(self) -> str:
        """The step of the pathway, with “@item” where it is done for each item."""

    @property
    def team(self) -> str:
        """A pseudonym, or a code, of the team that did it."""

    @property
    def organisation(self) -> str:
        """A pseudonym, or a code, of the organisation that the team belongs to."""

    @property
    def role(self) -> str:
        """The role in which it was done."""

    @property
    def kind(self) -> str:
        """How it came: done, heard, expired, skipped and so on, as facts are called."""

    @property
    def reason(self) -> str:
        """A code, where the agreed way was left."""


COLUMNS = (
    "event", "activity", "at", "case", "step", "team", "organisation", "role", "kind",
    "reason",
)  # fmt: skip
ATTRIBUTES = ("kind", "role", "reason")
"""Of events, in OCEL; the rest of a row is told by objects."""
OBJECTS = {"case": (), "step": ("name",), "team": (), "organisation": ()}
"""The types of objects, and the attributes of each."""


def write_ocel(
    rows: Iterable[CaseEvent], mark: Mapping[str, str] | None = None
) -> Iterator[str]:
    """Write the log piece by piece; objects are kept meanwhile, events are not. The
    `mark` is who exported it: under a key of its own, which readers of OCEL pass over.

    Events are related to their case, step, team and organisation; a step to its case, a
    team to its organisation.
    """
    kinds: set[str] = set()
    objects: dict[str, dict[str, object]] = {}
    yield '{"events":['
    separator = ""
    for row in rows:
        kinds.add(row.activity)
        yield separator + format_json(build_event(row, objects))
        separator = ","
    yield '],"objects":['
    separator = ""
    for item in objects.values():
        yield separator + format_json(item)
        separator = ","
    yield '],"eventTypes":'
    yield format_json([build_type(kind, ATTRIBUTES) for kind in sorted(kinds)])
    yield ',"objectTypes":'
    yield format_json([build_type(name, all) for name, all in OBJECTS.items()])
    if mark:
        yield f',"exported":{format_json(mark)}'
    yield "}"


def write_csv(
    rows: Iterable[CaseEvent], mark: Mapping[str, str] | None = None
) -> Iterator[str]:
    """Write the log as CSV, line by line, first the names of its columns. A text that a
    spreadsheet would take for a formula has an apostrophe before it."""
    # In each line: a few lines that are copied still show who exported them (ADR 63).
    marked = [escape_formula(" ".join(mark.values()))] if mark else []
    yield format_line([*COLUMNS, *(["exported"] if mark else [])])
    for row in rows:
        values = [str(getattr(row, name)) for name in COLUMNS if name != "at"]
        values.insert(COLUMNS.index("at"), format_moment(row))
        yield format_line([*(escape_formula(value) for value in values), *marked])


def build_event(
    row: CaseEvent, objects: dict[str, dict[str, object]]
) -> dict[str, object]:
    return {
        "id": row.event,
        "type": row.activity,
        "time": format_moment(row),
        "attributes": [
            {"name": name, "value": value}
            for name in ATTRIBUTES
            if (value := getattr(row, name))
        ],
        "relationships": [
            {"objectId": id, "qualifier": qualifier}
            for id, qualifier in iterate_objects(row, objects)
        ],
    }


def iterate_objects(
    row: CaseEvent, objects: dict[str, dict[str, object]]
) -> Iterator[tuple[str, str]]:
    """Yield the objects of an event, each added to the others the first time it is
    met."""
    case = f"case:{row.case}"
    objects.setdefault(case, build_object(case, "case"))
    yield case, "in"
    if row.step:
        # By its case: the same step of two cases is two objects, or all cases would be
        # linked through it.
        step = f"step:{row.case}:{row.step}"
        if step not in objects:
            name = row.step.partition("@")[0]
            objects[step] = build_object(step, "step", name=name, of=case)
        yield step, "about"
    organisation = f"organisation:{row.organisation}" if row.organisation else ""
    if row.team:
        team = f"team:{row.team}"
        objects.setdefault(team, build_object(team, "team", of=organisation))
        yield team, "by"
    if organisation:
        objects.setdefault(organisation, build_object(organisation, "organisation"))
        yield organisation, "by"


def build_object(
    id: str, kind: str, *, name: str = "", of: str = ""
) -> dict[str, object]:
    found: dict[str, object] = {"id": id, "type": kind}
    if name:
        always = "1970-01-01T00:00:00Z"  # the standard's word for “from the beginning”
        found["attributes"] = [{"name": "name", "time": always, "value": name}]
    if of:
        found["relationships"] = [{"objectId": of, "qualifier": "belongs to"}]
    return found


def build_type(name: str, attributes: Iterable[str]) -> dict[str, object]:
    return {
        "name": name,
        "attributes": [
            {"name": attribute, "type": "string"} for attribute in attributes
        ],
    }


def format_moment(row: CaseEvent) -> str:
    """Format a time in UTC. Raises `ValueError` for a time without a zone, which would
    be a guess."""
    if row.at.tzinfo is None:
        raise ValueError(f"The time of {row.event} has no zone.")
    return row.at.astimezone(UTC).isoformat().replace("+00:00", "Z")


def format_json(thing: object) -> str:
    return json.dumps(thing, ensure_ascii=False, separators=(",", ":"))


def format_line(values: Iterable[str]) -> str:
    buffer = StringIO()
    csv.writer(buffer).writerow(values)
    return buffer.getvalue()
