"""Who can be called: the services that the pack brings along (Open Referral's HSDS,
services/*.json). No address is read: a shelter's may not stand on paper, and a list in
which some have one would say of the others what they are."""

import json
from collections.abc import Iterator

from django.utils.translation import gettext as _

from amana.design.mechanism import labels
from amana.design.mechanism import outline as outlines
from amana.design.mechanism.documents.source import PrintSource
from amana.printing.document import (
    Block,
    Line,
    Table,
    build_line,
    build_row,
    build_strong,
)
from amana.ui.labels import format_list

DAYS = ("MO", "TU", "WE", "TH", "FR", "SA", "SU")
"""As iCalendar names them, whose words HSDS has."""


def build_contacts(source: PrintSource) -> list[Block]:
    """Build the list by organisation; nothing if the pack has no services of that
    kind."""
    by_organisation: dict[str, list[dict[str, object]]] = {}
    for service in iterate_services(source):
        name = str(outlines.read_map(service.get("organization")).get("name", ""))
        by_organisation.setdefault(name, []).append(service)
    with_telephone = any(map(format_telephones, iterate_services(source)))
    rows: list[tuple[Line, ...]] = []
    for name, some in sorted(by_organisation.items()):
        if name:
            rows.append((build_line(name),))
        rows += [
            build_row(
                build_strong(service.get("name", "")),
                *([format_telephones(service) or "–"] if with_telephone else []),
                format_hours(service) or "–",
            )
            for service in some
        ]
    if not rows:
        return []
    if with_telephone:
        head = (_("Service"), _("Telephone"), _("When it is open"))
        return [Table(head, tuple(rows), (7, 3, 5))]
    return [Table((_("Service"), _("When it is open")), tuple(rows), (7, 5))]


def iterate_services(source: PrintSource) -> Iterator[dict[str, object]]:
    for name, content in sorted(source.pack.services.items()):
        if name.endswith(".json") and (read := read_json(content)):
            listed_ = read.get("contents") if isinstance(read, dict) else read
            for outline in outlines.read_list(listed_):
                service = outlines.read_map(outline)
                if service.get("status", "active") == "active":
                    yield service


def read_json(content: bytes) -> object:
    """Read JSON; nothing of what is none: the check of the services names the fault."""
    try:
        return json.loads(content)
    except (ValueError, RecursionError):
        return None


def format_telephones(service: dict[str, object]) -> str:
    phones = map(outlines.read_map, outlines.read_list(service.get("phones")))
    return format_list(str(phone["number"]) for phone in phones if phone.get("number"))


def format_hours(service: dict[str, object]) -> str:
    return format_list(
        labels.format_opening(
            read_days(str(schedule.get("byday"))),
            str(schedule["opens_at"]),
            str(schedule["closes_at"]),
        )
        for schedule in map(
            outlines.read_map, outlines.read_list(service.get("schedules"))
        )
        if schedule.get("opens_at") and schedule.get("closes_at")
    )


def read_days(byday: str) -> list[int]:
    """Read “MO,FR” as days from Monday: 0. What is no day is left out."""
    return [DAYS.index(code) for code in byday.split(",") if code in DAYS]
