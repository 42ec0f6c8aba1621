"""The map of 50,000 services: the page, and what it asks for at each zoom.

Whole requests through every middleware. Services and areas are invented: 20 regions of
20 towns.
"""

import random
from itertools import cycle

from django.urls import reverse

from amana import given
from amana.design.directory.catalogue import open_catalogue
from amana.design.directory.models import Area, Service
from amana.design.directory.models.changes import record_change
from amana.design.directory.taxonomy import ServiceType
from benchmarks.bench import bench

SERVICES, REGIONS, TOWNS = 50_000, 20, 20
MOST_PAGE, MOST_MARKS = 100_000, 16_000
"""Bytes."""
chance = random.Random(10)


def towns() -> list[Area]:
    country = given.make_area(code="XM", lat=8.0, lon=-25.0)
    found = []
    for number in range(REGIONS):
        lat, lon = 6 + number % 5 * 1.2, -27 + number // 5 * 1.4
        region = given.make_area(above=country, code=f"XM{number:02}", lat=lat, lon=lon)
        for town in range(TOWNS):
            at = {"lat": lat + town % 5 * 0.2, "lon": lon + town // 5 * 0.25}
            found.append(
                given.make_area(above=region, code=f"{region.code}{town:02}", **at)
            )
    return found


def publish(areas: list[Area]) -> None:
    team, kinds = given.make_team(), list(ServiceType)
    made = []
    for number in range(SERVICES):
        area, hidden = chance.choice(areas), chance.random() < 0.2
        place = {}
        if not hidden and chance.random() < 0.5:
            place = {
                "lat": area.lat + chance.gauss(0, 0.05),
                "lon": area.lon + chance.gauss(0, 0.05),
            }
        made.append(
            Service(
                organisation=team.organisation,
                team=team,
                name=f"Service {number}",
                types=chance.sample(kinds, 1),
                area=area,
                hidden=hidden,
                counts_places=False,
                places_total=0,
                places_free=0,
                **place,
            )
        )
    Service.objects.bulk_create(made, batch_size=1000)
    record_change()


publish(towns())
with open_catalogue():
    pass  # read once, as a server does when it begins
browser = given.sign_in(given.make_worker())
page_url = reverse("directory:map")
views = cycle(
    f"{reverse('directory:clusters')}?box={west},{south},{west + span},{south + span}"
    f"&zoom={zoom}"
    for west, south, span, zoom in [
        (-180, -85, 170, 1),
        (-30, 2, 14, 6.5),
        (-27, 6, 4, 8),
        (-26.5, 6.5, 1, 10),
        (-27, 6, 0.3, 12),
    ]
)


@bench(
    f"The page of the map, {SERVICES:,} services", at_most_ms=150, at_most_queries=12
)
def _page() -> None:
    answer = browser.get(page_url)
    assert answer.status_code == 200
    assert len(answer.content) < MOST_PAGE


@bench(
    f"What the map asks for at five zooms, {SERVICES:,} services",
    at_most_ms=100,
    at_most_queries=60,
)
def _marks() -> None:
    for _zoom in range(5):
        answer = browser.get(next(views))
        assert answer.status_code == 200
        assert len(answer.content) < MOST_MARKS
