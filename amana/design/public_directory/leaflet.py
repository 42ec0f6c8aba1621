"""A leaflet of an area in one language: to be printed and hung up, or handed out."""

from collections.abc import Iterator
from dataclasses import dataclass
from itertools import groupby

from django.utils import timezone
from django.utils.formats import date_format
from django.utils.translation import get_language
from django.utils.translation import gettext as _

from amana.design.directory.codes import format_language
from amana.design.directory.labels import format_languages
from amana.design.directory.models import Service
from amana.design.directory.taxonomy import ServiceGroup
from amana.design.public_directory import finding, safe_places
from amana.design.public_directory.help_query import HelpQuery
from amana.design.public_directory.qr_codes import AddressSquare
from amana.design.public_directory.safe_places import SafePlaceNotice
from amana.design.public_directory.service_facts import (
    ServiceDescription,
    format_practice,
    shorten,
)
from amana.printing import document as tree
from amana.printing.document import Block, Document, Line
from amana.ui import helplines
from amana.ui.labels import format_list

ON_SCREEN = 10
"""Services on one page of the leaflet in a browser."""
ON_PAPER = 300
"""In a PDF; who needs more prints each area by itself."""
GROUPS = list(ServiceGroup)
MOST_KINDS, MOST_LANGUAGES, MOST_HOURS = 4, 8, 4
LONGEST_NAME, LONGEST_ADDRESS = 120, 160


@dataclass(frozen=True)
class Leaflet:
    """A leaflet, and the cursors of its other parts."""

    document: Document
    total: int
    previous: str = ""
    next: str = ""


def build_leaflet(
    query: HelpQuery, address: str, *, after: str = "", most: int = ON_SCREEN
) -> Leaflet:
    """Build a leaflet of what fits; `address` is that of the list."""
    found = finding.find_help(query, after=after, on_a_page=most)
    services = [item.service for item in found.items]
    document = Document(
        title=query.need_label or _("Where to find help"),
        of=query.place.name if query.place else _("Public directory"),
        language=get_language() or "en",
        blocks=tuple(iterate_blocks(query, services, address)),
        facts=tuple(list_facts(query, found.total, len(services))),
        notice=format_notice(),
        foot=format_foot(),
    )
    return Leaflet(document, found.total, found.previous, found.next)


def list_facts(query: HelpQuery, total: int, here: int) -> Iterator[tuple[str, Line]]:
    yield _("As of"), tree.build_line(format_today())
    if query.speaks:
        yield _("Languages"), tree.build_line(format_language(query.speaks))
    if here < total:
        part = _("%(here)s of %(total)s") % {"here": here, "total": total}
        yield _("Services"), tree.build_line(part)


def format_today() -> str:
    return date_format(timezone.localdate(), _("j F Y"))


def format_notice() -> str:
    change = _("Details change. Call before you go, or open the page for the latest.")
    limits = _("Some services are only for certain people. Ask when you call.")
    return f"{format_practice()} {change} {limits}".strip()


def format_foot() -> str:
    return _("Printed on %(day)s. Details change.") % {"day": format_today()}


def iterate_blocks(
    query: HelpQuery, services: list[Service], address: str
) -> Iterator[Block]:
    yield tree.build_paragraph(_("Open this page with a telephone:"))
    yield tree.Paragraph((tree.TextRun(address, code=True),))
    yield tree.Picture(AddressSquare(address), _("QR code of this page"))
    yield from iterate_helplines()
    notice = safe_places.find_safe_place(query)
    if notice:
        yield tree.Heading(1, _("A safe place to stay"))
        yield tree.Points(tuple(iterate_safe_place(notice)))
    if not services:
        yield tree.build_paragraph(_("No service is listed for this."))
    # Readers of paper look for a kind of help; on screen they have chosen it already.
    services.sort(key=lambda service: GROUPS.index(service.main_group))
    for group, inside in groupby(services, key=lambda service: service.main_group):
        yield tree.Heading(1, str(group.label))
        yield build_table(inside)


def iterate_helplines() -> Iterator[Block]:
    lines = helplines.list_helplines()
    if lines:
        yield tree.Heading(1, _("If you are in danger now"))
        yield tree.Points(
            tuple(build_contact(line.called, line.number) for line in lines)
        )


def build_contact(name: str, number: str) -> Line:
    # A number is read from the left in every language.
    return (tree.TextRun(f"{name} · "), tree.TextRun(number, code=True))


def iterate_safe_place(notice: SafePlaceNotice) -> Iterator[Line]:
    """Yield that there is one, and whom to ask."""
    yield tree.build_line(format_safe_place(notice))
    for service in notice.through:
        yield build_contact(service.called, service.phone)


def format_safe_place(notice: SafePlaceNotice) -> str:
    where = (
        _("A safe place to stay exists in this region: %(region)s.")
        % {"region": notice.region.name}
        if notice.region
        else _("A safe place to stay exists in this country.")
    )
    ask = (
        _("Its address is secret. Ask through:")
        if notice.through
        else _("Its address is secret. Ask any service of this directory.")
    )
    return f"{where} {ask}"


def build_table(services: Iterator[Service]) -> tree.Table:
    return tree.Table(
        (_("Service"), _("When and where"), _("Telephone")),
        tuple(
            tree.build_row(
                build_service(service),
                tree.build_line(format_place(service)),
                (tree.TextRun(service.phone or service.email, code=True),),
            )
            for service in services
        ),
        (5, 5, 3),
    )


def build_service(service: Service) -> Line:
    described = ServiceDescription(service)
    parts = (
        service.organisation.name,
        format_list(described.kinds[:MOST_KINDS]),
        format_languages(service.languages[:MOST_LANGUAGES]),
        _("There is a charge.") if service.costs else "",
        _("Not confirmed lately: call first") if service.is_uncertain else "",
    )
    more = " · ".join(filter(None, parts))
    return (
        tree.TextRun(shorten(service.called, LONGEST_NAME), strong=True),
        tree.TextRun(f" · {more}"),
    )


def format_place(service: Service) -> str:
    area = service.area.name if service.area else ""
    hours = service.hours_in_words[:MOST_HOURS]
    address = shorten(service.address, LONGEST_ADDRESS)
    return " · ".join(filter(None, (address, area, *hours)))
