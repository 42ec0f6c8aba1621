"""The directory as HSDS 3.x services, valid by the standard's own schemas.

Where a safe house is never leaves: a hidden place has no location here, and its area is
given only as the area that it serves. Neither does how many of its places are free.
Services that only their team may see are not written at all. Telephone numbers and
e-mail addresses of staff stay inside too.
"""

from collections.abc import Iterable, Iterator
from typing import Any
from uuid import UUID, uuid5

from django.utils import timezone

from amana.design.directory.codes import format_language
from amana.design.directory.models import Service
from amana.exchange.hsds import NONE, SWITCHES, TAXONOMY
from amana.exchange.rows import CODES

NAMESPACE = UUID("6f0c5a0e-3c43-4f7e-9a51-5b1b2f7d8e11")
STATUS = {"active": "active", "paused": "temporarily closed", "ended": "defunct"}
BYDAY = ("MO", "TU", "WE", "TH", "FR", "SA", "SU")
DAY = 24 * 60
NUMBERS = (
    "children_max",
    "wait_days",
    "answers_within_hours",
    "feedback_within_hours",
    "max_stay_days",
)
WORDS = ("name_en", "name_fr", "name_ar", "referral_method", "next_step", "feedback")
TEXTS = (
    "zone",
    "hours_note",
    "contact_role",
    "information_needed",
    "funded_until",
)
"""What HSDS has no field for: the value of an attribute, not its code."""
WHERE = ("address", "arrival", "coverage_note")
"""Texts that tell where a place is."""
USUAL = Service()
"""What a service is that says nothing of it."""


def build_page(services: Iterable[Service]) -> dict[str, Any]:
    """Build one page of all of them, as HSDS's API gives it for `/services`."""
    contents = [build_service(service) for service in iterate_exported(services)]
    return {
        "total_items": len(contents),
        "total_pages": 1,
        "page_number": 1,
        "size": len(contents),
        "first_page": True,
        "last_page": True,
        "empty": not contents,
        "contents": contents,
    }


def iterate_exported(services: Iterable[Service]) -> Iterator[Service]:
    for service in services:
        if service.visibility != Service.Visibility.RESTRICTED:
            yield service


def build_id(kind: str, *keys: object) -> str:
    """Build an id that is the same for the same thing in every export."""
    # A name-based UUID: a receiver that imports again updates what it has.
    return str(uuid5(NAMESPACE, "/".join(map(str, (kind, *keys)))))


def build_service(service: Service) -> dict[str, Any]:
    """Build one service with everything nested in it."""
    found: dict[str, Any] = {
        "id": build_id("service", service.pk),
        "name": service.name,
        "status": STATUS[service.status],
        "description": service.description,
        "eligibility_description": service.conditions,
        "minimum_age": service.age_min,
        "maximum_age": service.age_max,
        "fees_description": service.cost_note,
        "last_modified": format_modified(service),
        "organization": build_organisation(service),
        "organization_id": build_id("organisation", service.organisation_id),
        "languages": [build_language(service, code) for code in service.languages],
        "schedules": list(build_schedules(service)),
        "service_areas": list(build_areas(service)),
        "service_at_locations": list(build_locations(service)),
        "capacities": list(build_capacities(service)),
        "required_documents": [
            {"id": build_id("document", service.pk, code), "document": code}
            for code in service.documents
        ],
        "attributes": list(build_attributes(service)),
    }
    if service.website:
        found["url"] = service.website
    if service.verified_at:
        found["assured_date"] = service.verified_at.date().isoformat()
    return {name: value for name, value in found.items() if value not in ("", [])}


def format_modified(service: Service) -> str:
    """Format when the service last changed; of a hidden one, the day alone."""
    at = timezone.localtime(service.updated_at)
    if service.hidden:
        # Its last change may be a count of places: the hour would reveal when a person
        # came or left (ADR 62).
        at = at.replace(hour=0, minute=0, second=0, microsecond=0)
    return at.isoformat()


def build_organisation(service: Service) -> dict[str, object]:
    organisation = service.organisation
    return {
        "id": build_id("organisation", organisation.pk),
        "name": organisation.name,
        "description": str(organisation.get_kind_display()),
    }


def build_language(service: Service, code: str) -> dict[str, object]:
    return {
        "id": build_id("language", service.pk, code),
        "code": code,
        "name": format_language(code),
    }


def build_schedules(service: Service) -> Iterator[dict[str, object]]:
    for number, (start, end) in enumerate(split_days(service.hours or ())):
        yield {
            "id": build_id("schedule", service.pk, number),
            "freq": "WEEKLY",
            "byday": BYDAY[start // DAY % 7],
            "opens_at": format_clock(start),
            "closes_at": format_clock(end),
        }


def split_days(hours: Iterable[Iterable[int]]) -> Iterator[tuple[int, int]]:
    """Split what is open for more than a day, because a schedule has two times of a
    day: reading joins them again."""
    for start, end in hours:
        while end - start > DAY:
            yield start, start + DAY
            start += DAY
        yield start, end


def format_clock(minute: int) -> str:
    return f"{minute % DAY // 60:02}:{minute % 60:02}"


def build_areas(service: Service) -> Iterator[dict[str, object]]:
    if service.area:
        yield {
            "id": build_id("area", service.pk),
            "name": service.area.code,
            "description": service.area.name,
        }


def build_locations(service: Service) -> Iterator[dict[str, object]]:
    # The address of a safe house leaves by no export (ADR 9).
    if service.hidden or service.lat is None:
        return
    yield {
        "id": build_id("at", service.pk),
        "location": {
            "id": build_id("location", service.pk),
            "location_type": "physical",
            "name": service.address or service.name,
            "latitude": service.lat,
            "longitude": service.lon,
        },
    }


def build_capacities(service: Service) -> Iterator[dict[str, object]]:
    if not service.counts_places or service.places_said_at is None:
        return
    if service.hidden:  # what changes in it tells when someone came or left
        return
    yield {
        "id": build_id("capacity", service.pk),
        "available": service.places_free,
        "maximum": service.places_total,
        "updated": service.places_said_at.isoformat(),
        "unit": {"id": build_id("unit", service.unit), "name": service.unit},
    }


def build_attributes(service: Service) -> Iterator[dict[str, object]]:
    for name in sorted(CODES - {"languages"}):
        codes = getattr(service, name)
        if codes == [] and getattr(USUAL, name) is None:
            codes = [NONE]
        for code in codes or ():
            yield build_attribute(service, name, code)
    if service.hours == []:
        yield build_attribute(service, "hours", NONE)
    for name in list_switches(service):
        yield build_attribute(service, name, "true")
    for name in (*NUMBERS, *WORDS):
        if getattr(service, name) not in (getattr(USUAL, name), ""):
            yield build_attribute(service, name, str(getattr(service, name)))
    if service.cost_note and not service.costs:
        yield build_attribute(service, "costs", "false")
    if not service.accepts_referrals:
        yield build_attribute(service, "accepts_referrals", "false")
    yield from build_texts(service)


def list_switches(service: Service) -> list[str]:
    """List what is true of a service; of a hidden one, not that its places are
    counted."""
    return [
        name
        for name in SWITCHES
        if getattr(service, name) and not (name == "counts_places" and service.hidden)
    ]


def build_texts(service: Service) -> Iterator[dict[str, object]]:
    if service.area:
        yield build_attribute(service, "area", service.area.code)
    if service.counts_places and not service.places_said_at and not service.hidden:
        yield build_attribute(service, "places_total", str(service.places_total))
    # The address of a safe house leaves by no export, nor how to get there (ADR 9).
    for name in TEXTS if service.hidden else (*TEXTS, *WHERE):
        text = str(getattr(service, name) or "")
        if text:
            attribute = build_attribute(service, name, "")
            yield attribute | {"value": text}


def build_attribute(service: Service, name: str, value: str) -> dict[str, object]:
    code = f"{name}:{value}" if value else name
    return {
        "id": build_id("attribute", service.pk, code),
        "link_id": build_id("service", service.pk),
        "link_entity": "service",
        "value": value,
        "taxonomy_term": {
            "id": build_id("term", code),
            "code": code,
            "name": code,
            "description": code,
            "taxonomy": TAXONOMY,
        },
    }
