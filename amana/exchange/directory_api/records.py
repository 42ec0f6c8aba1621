"""What the API gives of a service, an organisation and a place, by who asks.

Built upon what the directory's own export writes (`exchange.hsds.writing`). Two things
are held back besides: of a service whose address is secret all but a short list, and a
region instead of a smaller area, which could tell the street; and from those without a
key the number of free places, which tells when someone came. Who has no key is given no
service with a secret address at all (ADR 92)."""

import hashlib
import json
from collections.abc import Callable, Iterable, Mapping
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from django.utils import translation

from amana.design.directory.models import Area, Service
from amana.exchange.directory_api.models import Audience, PublishedService
from amana.exchange.directory_api.taxonomy_terms import LANGUAGE, map_records
from amana.exchange.hsds import writing
from amana.exchange.hsds.writing import build_id
from amana.trust.access.models import Organisation

type Record = dict[str, Any]

REGION = 1
"""The smallest level of area that is given of a service whose address is secret."""

OF_HIDDEN = frozenset(
    {
        *("id", "name", "alternate_name", "status", "description", "last_modified"),
        *("eligibility_description", "minimum_age", "maximum_age"),
        *("fees_description", "assured_date", "organization", "organization_id"),
        *("languages", "service_areas", "required_documents", "attributes"),
    }
)
"""All that leaves of a service whose address is secret. A list of what may, so that
what the export learns to write later does not leave by itself."""

ATTRIBUTES_OF_HIDDEN = frozenset(
    {
        *("types", "modalities", "sexes", "statuses", "exploitation", "traits"),
        *("nationalities", "not_nationalities", "groups", "not_groups", "documents"),
        *("accessibility", "children_max", "max_stay_days", "hours"),
        *("hidden", "costs", "children_take_places", "own_assessment"),
        *("needs_police", "needs_identified", "accepts_referrals", "referral_method"),
        *("answers_within_hours", "feedback_within_hours", "next_step", "feedback"),
        *("name_en", "name_fr", "name_ar"),
    }
)
"""The same for its attributes, by the field that each is of: no area, no words, and
nothing that changes when a person comes."""

OF_ORGANISATION = frozenset({"id", "name", "description", "website"})
"""The same for the organisation within it."""

LINKS = frozenset({"organization_id", "program_id"})
"""Of an entry of a list: one-to-one fields alone, and what they are nested as."""

WITHDRAWN = "No longer listed"
"""In place of the name: a service that is withdrawn may have become a safe house."""


def compute_fingerprint() -> str:
    """Compute a digest of the program that writes services."""
    # After an upgrade a service may be written otherwise: then it has to count as
    # changed, for programs that pull the directory.
    files = [Path(__file__), Path(writing.__file__)]
    files.append(Path(__file__).with_name("taxonomy_terms.py"))
    return digest_text(b"".join(file.read_bytes() for file in files))


def digest_text(text: bytes) -> str:
    return hashlib.blake2b(text, digest_size=16).hexdigest()


def build_service(service: Service, audience: Audience) -> Record:
    """Build a service with everything nested in it, but for when it changed."""
    return narrow_record(build_whole(service), audience)


def build_whole(service: Service) -> Record:
    """Build it as those with a key are given it."""
    with translation.override(LANGUAGE):
        found = writing.build_service(service)
    found.pop("last_modified", None)
    move_areas(found, service)
    name_terms(found)
    return hold_back(found, service) if service.hidden else found


def narrow_record(record: Record, audience: Audience) -> Record:
    """Leave out what those without a key are not given."""
    # The count of free places: who asks each minute would see when a person came.
    if audience is Audience.NETWORK:
        return record
    return {name: value for name, value in record.items() if name != "capacities"}


def move_areas(found: Record, service: Service) -> None:
    """Move the areas to where other programs look for them, its own first: in the
    export they are attributes too."""
    keep_attributes(found, lambda field: field not in ("area", "coverage"))
    own = service.area.code if service.area else ""
    covered = [
        {"id": build_id("area", service.pk, code), "name": code}
        for code in service.coverage or ()
        if code != own
    ]
    if covered:
        found["service_areas"] = found.get("service_areas", []) + covered


def keep_attributes(found: Record, is_kept: Callable[[str], bool]) -> None:
    """Keep the attributes whose field is kept, and no empty list."""
    kept = [
        attribute
        for attribute in found.pop("attributes", ())
        if is_kept(attribute["taxonomy_term"]["code"].partition(":")[0])
    ]
    if kept:
        found["attributes"] = kept


def name_terms(service: Record) -> None:
    """Give each attribute its term as `/taxonomy_terms` has it."""
    for attribute in service.get("attributes", ()):
        known = map_records().get(attribute["taxonomy_term"]["id"])
        if known is not None:
            attribute["taxonomy_term"] = known
        attribute["taxonomy_term_id"] = attribute["taxonomy_term"]["id"]


def hold_back(found: Record, service: Service) -> Record:
    """Hold back what could lead to a secret address."""
    kept = {name: value for name, value in found.items() if name in OF_HIDDEN}
    # A pause tells when a house is full, so when a person came.
    if service.status != Service.Status.ENDED:
        kept["status"] = writing.STATUS[Service.Status.ACTIVE]
    kept["organization"] = {
        name: value
        for name, value in found["organization"].items()
        if name in OF_ORGANISATION
    }
    keep_attributes(kept, ATTRIBUTES_OF_HIDDEN.__contains__)
    kept.pop("service_areas", None)
    region = find_region(service.area)
    if region is not None:
        area_id = build_id("area", service.pk)
        kept["service_areas"] = [
            {"id": area_id, "name": region.code, "description": region.name}
        ]
    return kept


def find_region(area: Area | None) -> Area | None:
    """Find the region around a smaller area."""
    while area is not None and area.level > REGION:
        area = area.above
    return area


def digest_service(record: Mapping[str, object]) -> str:
    return digest_text(json.dumps(record, sort_keys=True).encode())


# --- one entry of a list


def stamp_record(record: Record, row: PublishedService, *, hidden: bool) -> Record:
    """Add when it changed; of a service whose address is secret the day alone."""
    at = cut_to_day(row.modified_at) if hidden else row.modified_at
    return record | {"last_modified": format_time(at)}


def cut_to_day(at: datetime) -> datetime:
    return at.astimezone(UTC).replace(hour=0, minute=0, second=0, microsecond=0)


def format_time(at: datetime) -> str:
    return at.astimezone(UTC).isoformat().replace("+00:00", "Z")


def build_tombstone(row: PublishedService) -> Record:
    """Build what is left of a service that is no longer given out."""
    # No organisation: what is known of it is what it was. Only the day, because it may
    # have become a safe house.
    return {
        "id": str(row.public_id),
        "name": WITHDRAWN,
        "status": writing.STATUS[Service.Status.ENDED],
        "last_modified": format_time(cut_to_day(row.modified_at)),
    }


def shorten_record(record: Record) -> Record:
    """Leave the one-to-one fields, as lists of HSDS have them."""
    return {
        name: value
        for name, value in record.items()
        if not isinstance(value, list) and name not in LINKS
    }


def minimise_record(record: Record) -> Record:
    return {name: record[name] for name in ("id", "status", "last_modified")}


# --- places and organisations


def build_place(service: Record, place: Record, *, full: bool) -> Record:
    """Build a place of a service, with the service in it."""
    inside = {
        name: value for name, value in service.items() if name != "service_at_locations"
    }
    within = inside if full else shorten_record(inside)
    kept = place if full else shorten_record(place)
    return kept | {
        "service_id": service["id"],
        "location_id": place["location"]["id"],
        "service": within,
    }


def build_organisation(organisation: Organisation) -> Record:
    with translation.override(LANGUAGE):
        kind = str(organisation.get_kind_display())
    return {
        "id": build_id("organisation", organisation.pk),
        "name": organisation.name,
        "description": kind,
    }


def gather_locations(services: Iterable[Record]) -> list[Record]:
    """Gather the places of an organisation's services, each once."""
    places = {
        place["location"]["id"]: place["location"]
        for service in services
        for place in service.get("service_at_locations", ())
    }
    return list(places.values())
