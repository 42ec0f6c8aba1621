"""Numbers on a map: all services are in them, few enough to read, and a hidden place is
nowhere but in its area's."""

import json
import re
from contextlib import contextmanager
from random import Random

import pytest
from django.core.management import call_command
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from django.utils.translation import override
from hypothesis import given as hypothesis_given
from hypothesis import settings as how
from hypothesis import strategies as st

from amana import given
from amana.design.directory import clusters, listing
from amana.design.directory.catalogue import Catalogue
from amana.design.directory.clusters import (
    APART,
    MOST,
    WORLD,
    AreaCounts,
    Cluster,
    MapBounds,
    compute_pixel,
    is_touching,
    merge_marks,
)
from amana.design.directory.facets import FacetFilters
from amana.design.directory.matching import Directory, Point
from amana.design.directory.matching.columns import ServiceRecord, SharedValues
from amana.design.directory.models import Area
from amana.design.directory.tests.test_area_files import COUNTRY
from tests.patching import replace_everywhere

MERRAVIA = "-27,7,-23,10.5"
MANY = 50_000


@pytest.fixture
def country(db):
    call_command("load_areas", COUNTRY, verbosity=0)
    return {area.code: area for area in Area.objects.all()}


def asked(user, query=f"?box={MERRAVIA}&zoom=8"):
    answer = given.sign_in(user).get(reverse("directory:clusters") + query)
    assert answer.status_code == 200
    return answer.json()["clusters"]


def map_of(user, query="", **options):
    url = reverse("directory:map") + query
    return given.sign_in(user).get(url, **options).content.decode()


def a_city(country, team, count=3, **fields):
    return [
        given.make_service(of=team, area=country["XM0101"], **fields)
        for _ in range(count)
    ]


class TestWhatIsShown:
    def test_a_town_has_its_name_its_number_and_its_list(self, country, team, worker):
        a_city(country, team)
        given.make_service(of=team, area=country["XM0301"])
        found = {cluster["name"]: cluster for cluster in asked(worker)}
        assert found["Port Selene"]["count"] == 3
        assert found["Port Selene"]["words"] == "3 services"
        there = given.sign_in(worker).get(found["Port Selene"]["url"])
        assert "3 services" in there.content.decode()

    def test_each_number_leads_to_as_many_services_at_any_zoom(
        self, country, team, worker
    ):
        towns = [area for area in country.values() if area.level == 2]
        for number in range(61):
            area = towns[number * number % len(towns)]
            given.make_service(of=team, area=area)
        browser, several = given.sign_in(worker), 0
        for zoom in (4, 6.5, 7.75, 9):
            for mark in asked(worker, f"?box={MERRAVIA}&zoom={zoom}"):
                there = browser.get(mark["url"]).content.decode()
                said = f">{mark['count']} service"
                assert said in there, mark
                several += "%2C" in mark["url"]
        assert several

    def test_from_afar_regions_and_from_near_towns(self, country, team, worker):
        for code in ("XM0101", "XM0102", "XM0103", "XM0104", "XM0201", "XM0202"):
            given.make_service(of=team, area=country[code])
        far = {
            cluster["name"] for cluster in asked(worker, f"?box={MERRAVIA}&zoom=6.5")
        }
        near = {
            cluster["name"] for cluster in asked(worker, f"?box={MERRAVIA}&zoom=10")
        }
        assert far == {"Selene", "Marisol"}
        assert {"Port Selene", "Karam", "Kasra", "Duna"} <= near

    def test_names_are_in_the_language_of_the_reader(self, country, team, worker):
        a_city(country, team)
        browser = given.sign_in(worker)
        url = f"{reverse('directory:clusters')}?box={MERRAVIA}&zoom=9"
        said = browser.get(url, headers={"accept-language": "ar"}).json()["clusters"]
        assert said[0]["name"] == country["XM0101"].names["ar"]

    def test_filters_hold_on_the_map_and_in_its_links(self, country, team, worker):
        a_city(country, team, types=["HE2"], counts_places=False)
        a_city(country, team, count=1, types=["SH2"])
        (found,) = asked(worker, f"?box={MERRAVIA}&zoom=9&what=HE")
        assert found["count"] == 3
        assert "what=HE" in found["url"]
        assert "area=XM0101" in found["url"]

    def test_who_sees_less_counts_less(self, country, team, worker, outsider, stranger):
        a_city(country, team, count=2)
        a_city(country, team, count=1, visibility="restricted")
        assert asked(worker)[0]["count"] == 3
        assert asked(outsider)[0]["count"] == 2
        assert asked(stranger) == []

    @pytest.mark.parametrize(
        "query",
        [
            "",
            "?box=1,2,3&zoom=4",
            "?box=a,b,c,d&zoom=4",
            "?box=nan,nan,nan,nan&zoom=4",
            "?box=5,0,4,1&zoom=4",
            "?box=0,0,1,1&zoom=x",
            "?box=0,0,1,1&zoom=nan",
            "?box=0,0,1,1&zoom=99",
        ],
    )
    def test_nonsense_is_refused(self, worker, query):
        url = reverse("directory:clusters") + query
        assert given.sign_in(worker).get(url).status_code == 400


class TestHiddenPlaces:
    def test_from_however_near_they_are_their_area(self, country, team, outsider):
        area = country["XM0101"]
        given.make_service(of=team, name="Hidden", hidden=True, area=area)
        given.make_service(of=team, name="Clinic", area=area, lat=8.57, lon=-26.19)
        for zoom in (4, 8, 12, 14):
            found = asked(outsider, f"?box=-26.4,8.3,-26.0,8.8&zoom={zoom}")
            assert "Hidden" not in json.dumps(found)
            at = {(cluster["latitude"], cluster["longitude"]) for cluster in found}
            assert at <= {(8.57, -26.19), *((a.lat, a.lon) for a in country.values())}
            assert sum(cluster["count"] for cluster in found) == 2

    def test_from_near_a_place_that_is_said_stands_by_itself(
        self, country, team, outsider
    ):
        area = country["XM0101"]
        given.make_service(of=team, hidden=True, area=area)
        given.make_service(of=team, name="Clinic", area=area, lat=8.65, lon=-26.05)
        found = asked(outsider, "?box=-26.4,8.3,-26.0,8.8&zoom=12")
        assert {(cluster["name"], cluster["place"]) for cluster in found} == {
            ("Port Selene", False),
            ("Clinic", True),
        }

    def test_what_only_its_team_sees_is_no_place_for_others(
        self, country, team, outsider
    ):
        at = {"lat": 8.65, "lon": -26.05, "area": country["XM0101"]}
        given.make_service(of=team, name="Desk", visibility="restricted", **at)
        assert asked(outsider, "?box=-26.4,8.3,-26.0,8.8&zoom=12") == []

    def test_on_its_own_page_it_is_an_area_and_no_pin(self, country, team, outsider):
        area = country["XM0101"]
        hidden = given.make_service(of=team, hidden=True, area=area)
        said = given.make_service(of=team, area=area, lat=8.65, lon=-26.05)
        for service, is_area in ((hidden, True), (said, False)):
            url = reverse("directory:service", args=[service.pk])
            shown = given.sign_in(outsider).get(url).content.decode()
            found = re.search(r'id="map-places"[^>]*>(.*?)</script>', shown, re.DOTALL)
            pins = json.loads(found[1]) if found else []
            assert all(pin["area"] is is_area for pin in pins)
            assert pins or is_area


class TestTheListBesideIt:
    def test_it_says_the_same_without_a_script(self, country, team, worker):
        a_city(country, team)
        given.make_service(of=team, area=country["XM0102"])
        shown = map_of(worker)
        counts = dict(
            re.findall(
                r"<a href=\"([^\"]*area=[^\"]*)\">.*?</a> "
                r"<span class=\"count\">(\d+)</span>",
                shown,
            )
        )
        by_code = {url.rpartition("area=")[2]: int(n) for url, n in counts.items()}
        assert by_code == {"XM01": 4, "XM0101": 3, "XM0102": 1}

    def test_what_has_no_place_is_counted(self, country, team, worker):
        given.make_service(of=team, area=None)
        given.make_service(of=team, area=country["XM"])
        assert "2 without a location" in map_of(worker)


# --- many


@pytest.fixture
def many(country, worker, monkeypatch):
    """Fifty thousand services in the memory of a directory, as if read from rows."""
    rng = Random(1)
    codes = [code for code, area in country.items() if area.level == 2]
    tree = {
        code: area.above.code if area.above else "" for code, area in country.items()
    }
    offers = []
    for number in range(MANY):
        area = country[rng.choice(codes)]
        at = Point(area.lat + rng.gauss(0, 0.1), area.lon + rng.gauss(0, 0.1))
        types = frozenset({rng.choice(["SH2", "HE2", "LG1"])})
        offers.append(
            ServiceRecord(
                id=number + 1, organisation=1, types=types, at=at, area=area.code
            )
        )
    known = Catalogue(Directory(offers, tree))
    known.names = [f"Service {n}" for n in range(MANY)]
    known.words = known.names
    known.visibility = SharedValues(["network"] * MANY)

    @contextmanager
    def current():
        yield known

    for module in (clusters, listing):
        replace_everywhere(monkeypatch, module, "open_catalogue", current)
    return known


def test_of_fifty_thousand_few_marks_are_drawn_and_the_page_stays_light(many, worker):
    browser = given.sign_in(worker)
    shown = browser.get(reverse("directory:map")).content
    assert b"50000 services" in shown
    assert len(shown) < 60_000
    rng = Random(2)
    for zoom in range(15):
        west, south = rng.uniform(-27, -24), rng.uniform(7, 9)
        span = 360 / 2**zoom
        url = f"?box={west},{south},{west + span},{min(85, south + span)}&zoom={zoom}"
        answer = browser.get(reverse("directory:clusters") + url)
        assert len(answer.json()["clusters"]) <= MOST
        assert len(answer.content) < 16_000


def test_the_number_of_queries_does_not_grow_with_the_services(many, worker):
    browser = given.sign_in(worker)
    url = f"{reverse('directory:clusters')}?box={MERRAVIA}&zoom=8"
    browser.get(url)
    with CaptureQueriesContext(
        connection,
    ) as queries:
        browser.get(url)
    assert len(queries) <= 10


def test_everybody_is_in_a_number(many, worker):
    counted = clusters.count_services(FacetFilters(), user=worker)
    for zoom in (1, 4, 6, 8, 9):
        found = clusters.choose_marks(counted, WORLD, zoom, user=worker)
        assert sum(mark.count for mark in found) == MANY


# --- any marks


@st.composite
def any_marks(draw):
    count = draw(st.integers(0, 120))
    near = draw(st.booleans())
    size = 0.5 if near else 80
    return [
        Cluster(
            f"Area {n}",
            draw(st.integers(1, 9)),
            draw(st.floats(-size, size)),
            draw(st.floats(-size, size)),
            "",
        )
        for n in range(count)
    ]


@hypothesis_given(any_marks(), st.floats(0, 14))
@how(max_examples=60, deadline=None)
def test_marks_never_lie_on_each_other_and_lose_nobody(found, zoom):
    counted = AreaCounts(0, {}, [], 0, {}, FacetFilters())
    with override("en"):
        left = merge_marks(counted, list(found), zoom)
    assert len(left) <= MOST
    assert sum(mark.count for mark in left) == sum(mark.count for mark in found)
    at = [compute_pixel(mark.lat, mark.lon, zoom) for mark in left]
    assert not any(
        is_touching(here, there, APART)
        for nth, here in enumerate(at)
        for there in at[nth + 1 :]
    )


def test_a_box_over_the_date_line_holds_both_sides():
    box = MapBounds(170, -10, 190, 10)
    assert box.holds(0, 175)
    assert box.holds(0, -175)
    assert not box.holds(0, 0)
