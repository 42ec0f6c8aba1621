"""The list of services: who finds what, at what cost, with and without JavaScript."""

import re
from typing import Any

import pytest
from django.core.management import call_command
from django.urls import reverse

from amana import given
from amana.design.directory import views
from amana.design.directory.models import Area
from amana.design.directory.polygons import find_inner_point, read_polygons
from amana.design.directory.tests.test_area_files import COUNTRY
from amana.trust.access.models import Role
from amana.trust.audit.models import AuditEvent
from tests.patching import replace_everywhere

from .service_pages import HTMX, filled_in, html_of, page


class TestTheList:
    def test_shows_what_one_may_see(self, service, worker, outsider, stranger):
        given.make_service(of=service.team, name="Secret desk", visibility="restricted")
        assert "Secret desk" in html_of(page(worker, "services"))
        others = html_of(page(outsider, "services"))
        assert "Recovery house" in others
        assert "Secret desk" not in others
        assert "Recovery house" not in html_of(page(stranger, "services"))

    def test_facets_narrow_it_and_count(self, service, worker):
        given.make_service(name="Clinic", types=["HE2"], languages=["ti"])
        given.make_service(name="Full house", types=["SH2"], places_free=0)
        everything = html_of(page(worker, "services"))
        assert "Shelter and housing (2)" in everything
        assert "Tigrinya (1)" in everything

        shelters = html_of(page(worker, "services", query="?what=SH&free=on"))
        assert "Recovery house" in shelters
        assert "Full house" not in shelters
        assert ">Clinic<" not in shelters

    def test_each_facet_leaves_as_many_as_it_says(self, service, worker):
        call_command("load_areas", COUNTRY, verbosity=0)
        district = Area.objects.get(code="XM0301")
        given.make_service(sexes=["female"], languages=["ar"], area=district)
        given.make_service(sexes=["male"], types=["HE2", "MH1"], children_max=0)
        given.make_service(age_max=17, statuses=["refugee"], groups=["lgbtiq"])
        given.make_service(status="paused", not_groups=["disability"])
        facets = re.findall(
            r'<select[^>]* name="(\w+)"(.*?)</select>',
            html_of(page(worker, "services")),
            re.DOTALL,
        )
        options = [
            (name, value, int(count))
            for name, listed in facets
            for value, count in re.findall(
                r'<option value="([^"]+)"[^>]*>\s*[^<(]+\((\d+)\)', listed
            )
        ]
        assert {name for name, _, _ in options} == {"what", "area", "who", "language"}
        assert len(options) > 15
        for name, value, count in options:
            shown = html_of(page(worker, "services", query=f"?{name}={value}"))
            assert f'<option value="{value}" selected' in shown
            assert shown.count("<tr role") - 1 == count, value

    def test_words_are_found_in_names_types_and_organisations(self, service, worker):
        for words in ("recovery", "dar amal", "reflection shelter"):
            assert "Recovery house" in html_of(
                page(worker, "services", query=f"?words={words}")
            )

    def test_nothing_found_says_how_to_go_on(self, service, worker):
        shown = html_of(page(worker, "services", query="?words=zzz"))
        assert "No services match all filters." in shown
        invented = html_of(page(worker, "services", query="?who=x&what=y&after=zz"))
        assert "No services match all filters." in invented

    @pytest.mark.parametrize("after", ["1" * 5000, "²", "9" * 18])
    def test_an_invented_place_in_the_list_is_its_beginning(
        self, service, worker, after
    ):
        shown = page(worker, "services", query=f"?after={after}")
        assert "Recovery house" in html_of(shown)

    def test_an_empty_directory_says_how_to_begin(self, focal_point):
        shown = html_of(page(focal_point, "services"))
        assert "No service has been published yet." in shown
        assert "Publish the first service" in shown

    def test_pages_follow_each_other(self, worker, team):
        for number in range(30):
            given.make_service(of=team, name=f"House {number:02}")
        first = html_of(page(worker, "services"))
        assert "House 24" in first
        assert "House 25" not in first
        following = re.search(r'rel="next" href="(\?[^"]+)"', first)
        assert following
        second = html_of(page(worker, "services", query=following[1]))
        assert "House 25" in second
        assert "House 24" not in second
        assert 'rel="prev" href="?"' in second

    def test_htmx_gets_the_list_only(self, service, worker):
        part = html_of(page(worker, "services", headers=HTMX))
        assert part.strip().startswith('<div id="found"')
        assert "<html" not in part

    @pytest.mark.parametrize("role", Role)
    def test_who_keeps_the_directory_finds_the_way_in_and_out(self, service, role):
        user = given.make_worker(role=role)
        keeps = role in (Role.COORDINATOR, Role.ADMINISTRATOR)
        shown = html_of(page(user, "services"))
        for name in ("imports:start", "hsds:services"):
            assert (f'href="{reverse(name)}"' in shown) == keeps
        if keeps:
            browser = given.sign_in(user)
            for name in ("imports:start", "hsds:services"):
                assert browser.get(reverse(name)).status_code == 200

    def test_costs_the_same_however_long(
        self, service, worker, django_assert_max_num_queries
    ):
        browser = given.sign_in(worker)
        url = reverse("directory:services")
        browser.get(url)
        with django_assert_max_num_queries(12) as one:
            browser.get(url)
        for _ in range(24):
            given.make_service(of=service.team)
        browser.get(url)
        with django_assert_max_num_queries(12) as many:
            browser.get(url)
        assert len(one) == len(many)


class TestFinding:
    def test_an_answer_says_why_and_what_to_ask(self, service, team, worker):
        given.make_service(of=team, name="House for men", sexes=["male"])
        given.make_service(of=team, name="House for adults", age_min=18)
        url = reverse("directory:find")
        browser = given.sign_in(worker)
        sent = filled_in(html_of(browser.get(url)))
        response = browser.post(url, sent | {"need": ["SH2"], "sex": ["female"]})
        shown = html_of(response)
        assert "2 services fit" in shown
        assert "It offers what is needed." in shown
        assert "How old is the person? Only for people aged 18 and over." in shown
        nearly = shown[shown.index("Nearly") :]
        assert "House for men" in nearly
        assert "Only for: men and boys." in nearly

    def test_a_point_is_a_place_and_stays_out_of_address_and_log(
        self, safe_house, team, worker, caplog
    ):
        area = Area.objects.get(code="XM0101")
        [shape, *_] = read_polygons(area.geometry)
        lat, lon = find_inner_point(shape)
        near: dict[str, Any] = {
            "name": "Near",
            "types": ["HE2"],
            "lat": lat + 0.01,
            "lon": lon,
        }
        given.make_service(of=team, **near)
        visits: dict[str, Any] = {
            "modalities": ["outreach"],
            "coverage": [area.codes[1]],
        }
        given.make_service(of=team, **near | visits | {"name": "Comes", "lat": lat + 3})
        given.make_service(of=team, **near | {"name": "Distant", "lat": lat + 3})
        browser, url = given.sign_in(worker), reverse("directory:find")
        sent = filled_in(html_of(browser.get(url)))
        point = {"need": ["HE2"], "lat": [str(lat)], "lon": [str(lon)]}
        response = browser.post(url, sent | point | {"within_km": ["10"]})
        shown = html_of(response)
        assert "2 services fit" in shown
        assert "Comes" in shown
        assert "Distant" not in shown
        assert str(lat) not in str(response.headers) + caplog.text

        half = browser.post(url, sent | {"need": ["HE2"], "lat": ["9"]})
        assert half.status_code == 422

    def test_asking_without_a_need_says_what_is_missing(self, worker):
        response = given.sign_in(worker).post(reverse("directory:find"), {})
        assert response.status_code == 422

    def test_nothing_of_it_is_kept(self, service, worker):
        before = AuditEvent.objects.count()
        given.sign_in(worker).post(
            reverse("directory:find"), {"need": "SH2", "age": "17"}
        )
        assert AuditEvent.objects.count() == before


class TestMapAndPaper:
    def test_the_shapes_are_the_country_and_its_regions(self, safe_house, worker):
        answer = page(worker, "shapes").json()
        assert len(answer["features"]) == 11

    def test_paper_groups_services_by_what_they_offer(self, service, team, worker):
        given.make_service(
            of=team, name="Meadow practice", types=["HE2"], sexes=["female"]
        )
        shown = html_of(page(worker, "print"))
        assert shown.index("Health") < shown.index("Meadow practice")
        assert "Only for: women and girls." in shown
        assert "Recovery house" not in html_of(page(worker, "print", query="?what=HE"))

    def test_what_stops_early_says_so(self, team, worker, monkeypatch):
        replace_everywhere(monkeypatch, views, "ON_PAPER", 2)
        for number in range(3):
            shown = html_of(page(worker, "print"))
            assert "This list is incomplete" not in shown, number
            given.make_service(of=team, name=f"House {number}")
        cut = html_of(page(worker, "print"))
        assert "This list is incomplete" in cut
        assert "the first 2 of 3 services" in cut
        assert [f"House {n}" in cut for n in range(3)].count(True) == 2
