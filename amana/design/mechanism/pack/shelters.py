"""The locations of safe houses, which a pack may not contain.

A pack is read by all who work by it, printed, and taken elsewhere; so its list of
services (Open Referral's HSDS, services/*.json) has no location of a house in which
people hide, nor of a service whose type is not given."""

import json
from collections.abc import Iterator, Mapping

from amana.faults import Fault, gettext_noop

SHELTERED = frozenset({"SH1", "SH2", "SH5", "SH6", "SH7", "SH8", "SH9", "SH11"})
"""Kinds of service (`design.directory.taxonomy`) whose place protects people."""
TYPE = "types:"

NO_LIST = gettext_noop("This is not a readable list of services (HSDS, JSON).")
NO_PLACE = gettext_noop(
    "“%(name)s” may be a safe house, and everyone can read this file. Remove "
    "its location."
)


def find_faults(given: Mapping[str, bytes]) -> Iterator[Fault]:
    for file, content in sorted(given.items()):
        if not file.startswith("services/"):
            continue
        services = parse_services(content)
        if services is None:
            yield Fault(file, None, NO_LIST)
            continue
        for service in services:
            if has_place(service) and not may_be_found(service):
                # Cut, because a name can be of any length and is shown in a sentence.
                name = str(service.get("name", ""))[:80]
                yield Fault(file, None, NO_PLACE, {"name": name})


def parse_services(content: bytes) -> list[dict[str, object]] | None:
    try:
        read = json.loads(content)
    # Deeply nested brackets exhaust the parser's stack.
    except (ValueError, RecursionError):
        return None
    found = read.get("contents") if isinstance(read, dict) else read
    if not isinstance(found, list) or not all(
        isinstance(service, dict) for service in found
    ):
        return None
    return found


def has_place(service: Mapping[str, object]) -> bool:
    """Check for a location: HSDS 3.x has them with the service, and with its
    organisation."""
    organisation = service.get("organization")
    around = organisation if isinstance(organisation, dict) else {}
    return bool(
        service.get("service_at_locations")
        or service.get("locations")
        or around.get("locations")
    )


def may_be_found(service: Mapping[str, object]) -> bool:
    types = set(iterate_types(service))
    # Without a type it could be a safe house: what is unknown counts as one.
    return bool(types) and not types & SHELTERED


def iterate_types(service: Mapping[str, object]) -> Iterator[str]:
    attributes = service.get("attributes")
    for attribute in attributes if isinstance(attributes, list) else []:
        term = attribute.get("taxonomy_term") if isinstance(attribute, dict) else None
        code = term.get("code") if isinstance(term, dict) else None
        if isinstance(code, str) and code.startswith(TYPE):
            yield code.removeprefix(TYPE)
