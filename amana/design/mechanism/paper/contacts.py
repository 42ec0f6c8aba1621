"""Who can be called: the services that the pack brings along (Open Referral's HSDS,
services/*.json). No address is read: a shelter's may not stand on paper, and a list in
which some have one would say of the others what they are."""

import json
from collections.abc import Iterator
from typing import Any

from django.utils.translation import gettext as _

from amana.design.mechanism import outline as outlines
from amana.design.mechanism import sentences
from amana.design.mechanism.paper.document import Block, Line, Table, plain, row, strong
from amana.design.mechanism.paper.source import Source
from amana.ui.sentences import listed

DAYS = dict(
    zip(
        ("MO", "TU", "WE", "TH", "FR", "SA", "SU"),
        sentences.WEEKDAYS.values(),
        strict=True,
    )
)


def contacts(source: Source) -> list[Block]:
    """Build the list by organisation; nothing if the pack has no services of that
    kind."""
    by_organisation: dict[str, list[dict[str, Any]]] = {}
    for service in services(source):
        name = str(outlines.a_map(service.get("organization")).get("name", ""))
        by_organisation.setdefault(name, []).append(service)
    with_telephone = any(map(telephones, services(source)))
    rows: list[tuple[Line, ...]] = []
    for name, some in sorted(by_organisation.items()):
        if name:
            rows.append((plain(name),))
        rows += [
            row(
                strong(service.get("name", "")),
                *([telephones(service) or "–"] if with_telephone else []),
                hours(service) or "–",
            )
            for service in some
        ]
    if not rows:
        return []
    if with_telephone:
        head = (_("Service"), _("Telephone"), _("When it is open"))
        return [Table(head, tuple(rows), (7, 3, 5))]
    return [Table((_("Service"), _("When it is open")), tuple(rows), (7, 5))]


def services(source: Source) -> Iterator[dict[str, Any]]:
    for name, content in sorted(source.pack.services.items()):
        if name.endswith(".json") and (read := read_json(content)):
            listed_ = read.get("contents") if isinstance(read, dict) else read
            for outline in outlines.a_list(listed_):
                service = outlines.a_map(outline)
                if service.get("status", "active") == "active":
                    yield service


def read_json(content: bytes) -> Any:
    """Read JSON; nothing of what is none: the check of the services names the fault."""
    try:
        return json.loads(content)
    except (ValueError, RecursionError):
        return None


def telephones(service: dict[str, Any]) -> str:
    phones = map(outlines.a_map, outlines.a_list(service.get("phones")))
    return listed(str(phone["number"]) for phone in phones if phone.get("number"))


def hours(service: dict[str, Any]) -> str:
    return listed(
        opening(
            str(schedule.get("byday")),
            str(schedule["opens_at"]),
            str(schedule["closes_at"]),
        )
        for schedule in map(outlines.a_map, outlines.a_list(service.get("schedules")))
        if schedule.get("opens_at") and schedule.get("closes_at")
    )


def opening(byday: str, opens: str, closes: str) -> str:
    """Format “Monday – Friday 08:30–16:30”; what closes when it opens never does."""
    if opens != closes:
        return f"{days(byday)} {opens}–{closes}".strip()
    if set(byday.split(",")) >= DAYS.keys():
        return _("Day and night")
    return f"{days(byday)} {_('Day and night')}".strip()


def days(codes: str) -> str:
    """Format “Monday – Friday” where they follow each other."""
    order = list(DAYS)
    places = sorted(order.index(code) for code in codes.split(",") if code in DAYS)
    names = [str(DAYS[order[place]]) for place in places]
    if len(places) > 2 and places[-1] - places[0] == len(places) - 1:
        return f"{names[0]} – {names[-1]}"
    return listed(names)
