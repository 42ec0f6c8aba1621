"""Services as pins on a map: a hidden one is in the middle of its area."""

from collections import defaultdict
from collections.abc import Iterable
from urllib.parse import urlencode

from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from amana.design.directory.catalogue import get_place
from amana.design.directory.matching import Point
from amana.design.directory.models import Service
from amana.ui.labels import format_list

type Pin = dict[str, object]


def build_pins(services: Iterable[Service]) -> list[Pin]:
    """Build one pin for each place; several services at one place share it."""
    at: dict[Point, list[Service]] = defaultdict(list)
    for service in services:
        place = get_place(service)
        if place is not None:
            at[place].append(service)
    return [build_pin(place, here) for place, here in at.items()]


def build_pin(place: Point, here: list[Service]) -> Pin:
    found = build_single_pin(here[0]) if len(here) == 1 else build_shared_pin(here)
    # Drawn as an area, so that its middle is not taken for an address (ADR 44).
    area = all(service.hidden or service.lat is None for service in here)
    return found | {"latitude": place.lat, "longitude": place.lon, "area": area}


def build_single_pin(service: Service) -> Pin:
    kinds = format_list(service.kinds)
    note = f"{service.organisation.name} · {kinds}"
    if service.hidden:
        note += " · " + _("secret address: shown at the centre of its area")
    return {
        "name": service.called,
        "note": note,
        "url": reverse("directory:service", args=[service.pk]),
    }


def build_shared_pin(here: list[Service]) -> Pin:
    area = here[0].area
    count = ngettext("%(count)s service", "%(count)s services", len(here))
    names = format_list(sorted(service.called for service in here))
    name = count % {"count": len(here)}
    return {
        "name": f"{area.name}: {name}" if area else name,
        "note": names,
        "url": f"{reverse('directory:services')}?{urlencode({'area': area.code})}"
        if area
        else "",
    }
