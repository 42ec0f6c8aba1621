"""Pages stay light, and cost no more queries, whatever the size of the directory."""

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from amana import given
from amana.design.directory.models import Area, Service
from amana.design.directory.models.changes import record_change

from .public_pages import get, search
from .test_public_pages import weigh

pytestmark = pytest.mark.django_db

MANY = 5_000
LONG = "عيادة ومركز صحي للنساء والأطفال والمهاجرين في الحي القديم "
PAGES = {
    "start_in": {},
    "find": {"need": "HE", "area": "QA1"},
    "needs": {"need": "HE2"},
    "places": {"area": "QA"},
    "spoken": {},
    "leaflet": {"area": "QA1"},
    "embedded": {},
}


@pytest.fixture
def grown(teams, areas, coordinator):
    """Thousands of services with long names, many kinds and languages, in hundreds of
    districts."""
    regions = [areas[f"QA{number}"] for number in range(1, 6)]
    Area.objects.bulk_create(
        Area(
            code=f"{region.code}X{number}",
            names={
                "en": f"District {number} of {region.name}",
                "ar": f"ناحية {number} من الإقليم الكبير",
            },
            level=2,
            above=region,
            path=f"{region.path}{region.code}X{number}/",
            lat=9.0,
            lon=-25.0,
        )
        for region in regions
        for number in range(120)
    )
    districts = [*Area.objects.filter(level=2)]
    team = teams[0]
    Service.objects.bulk_create(
        Service(
            team=team,
            organisation_id=team.organisation_id,
            name=(LONG * 4)[:180] + str(number),
            types=["HE1", "HE2", "HE6", "HE13", "MH2", "LG1", "SH3", "BA1"],
            description=LONG * 40,
            conditions=LONG * 40,
            visibility="public",
            area=districts[number % len(districts)],
            address=(LONG * 5)[:290],
            phone="+999 20 555 0123",
            languages=["ar", "fr", "en", "ti", "am", "so", "tr", "uk", "ru", "fa"],
            hours=[[day * 1440 + 510 + day, day * 1440 + 990] for day in range(7)],
        )
        for number in range(MANY)
    )
    record_change()


def count_queries(page: str, **codes: str) -> int:
    get(page, **codes)
    with CaptureQueriesContext(connection) as queries:
        assert get(page, **codes).status_code == 200
    return len(queries)


def test_each_page_of_thousands_is_less_than_60_kilobytes(grown) -> None:
    weights = {
        page: weigh(get(page, language="ar", **codes).content.decode())
        for page, codes in PAGES.items()
    }
    some = Service.objects.order_by("pk")[10].pk
    weights["service"] = weigh(get("service", some, language="ar").content.decode())
    weights["search"] = weigh(search("طبيب", "ar").content.decode())
    assert {page: size for page, size in weights.items() if size >= 60_000} == {}


def test_no_page_asks_more_of_the_database_for_more_services(
    clinic, request: pytest.FixtureRequest
) -> None:
    few = {page: count_queries(page, **codes) for page, codes in PAGES.items()}
    request.getfixturevalue("grown")
    many = {page: count_queries(page, **codes) for page, codes in PAGES.items()}
    assert {page: n for page, n in many.items() if n > max(few[page], 8)} == {}
    assert max(many.values()) <= 10


def test_all_of_it_is_reached_page_by_page(teams, areas, coordinator) -> None:
    for number in range(32):
        given.make_service(
            of=teams[number % 3],
            by=coordinator,
            name=f"Desk {number:02}",
            visibility="public",
            counts_places=False,
            area=areas["QA1"],
        )
    seen, after = [], ""
    while True:
        found = get("find", after=after).context["found"]
        seen += [item.service.name for item in found.items]
        if not found.next:
            break
        after = found.next
    assert seen == [f"Desk {number:02}" for number in range(32)]
    assert get("find", after=after).context["found"].previous
