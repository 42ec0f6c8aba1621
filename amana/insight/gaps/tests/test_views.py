"""The pages: who sees them, what is on them, and what never is."""

import csv
import json
import re
from datetime import timedelta
from io import StringIO

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from amana import given
from amana.design.directory.models import Area, Service
from amana.design.directory.models.changes import record_change
from amana.insight.gaps import actions, gap_view
from amana.insight.gaps.models import GapPlan, KeptGap
from amana.ui.once import make_form_key
from tests.worlds import kept

PAGES = (
    *("/gaps/", "/gaps/?need=SH1", "/gaps/table/", "/gaps/map/?need=SH1"),
    *("/gaps/print/", "/gaps/gaps.csv", "/gaps/gaps.geojson"),
    *("/gaps/SH1/all/men/", "/gaps/SH1/R3/women/", "/gaps/SH5/all/all/"),
)
ABSENT = "/gaps/HE1/all/all/"
STAT = re.compile(
    r'<dt><a href="(\?[^"]*kind=[^"]*)">[^<]*</a></dt>\s*<dd[^>]*>\s*(\d+)'
)
TOTAL = re.compile(r'<p aria-live="polite">(\d+) gaps?</p>')


@kept
def house(district):
    """A safe house for women in a ward of the coast."""
    return given.make_service(
        name="House of Dawn",
        types=["SH1"],
        sexes=["female"],
        area=district,
        hidden=True,
        hours=[[0, 7 * 1440]],
    )


@pytest.mark.parametrize("page", ["/gaps/", "/gaps/table/", "/gaps/map/"])
def test_a_country_without_a_map_is_told_so(page, analyst):
    Area.objects.all().delete()
    record_change()
    shown = given.sign_in(analyst).get(page)
    assert "There is no map of areas yet." in shown.content.decode()


def everything(browser) -> str:
    """All that anybody gets to see, but for keys that are new each time."""
    pages = [browser.get(page).content.decode() for page in PAGES]
    return "\n".join(
        line for page in pages for line in page.splitlines() if "csrf" not in line
    )


def without_keys(text: str) -> str:
    return "\n".join(line for line in text.splitlines() if "_once" not in line)


def test_of_a_safe_house_no_more_than_its_region_is_anywhere(house, regions, analyst):
    """It may move to any other ward of its region: not a letter is another."""
    browser = given.sign_in(analyst)
    before = everything(browser)
    for word in ("House of Dawn", "Harbour Ward", "R1D", "8.1", "-25.1"):
        assert word not in before
    ward = given.make_area(
        above=regions[0], code="R1E", name_en="Old Fort", lat=11.0, lon=-24.0
    )
    Service.objects.filter(pk=house.pk).update(area=ward)
    record_change()
    assert without_keys(everything(browser)) == without_keys(before)


def test_of_a_service_that_only_its_team_sees_not_even_the_region(
    house, regions, analyst
):
    Service.objects.filter(pk=house.pk).update(visibility="restricted")
    record_change()
    browser = given.sign_in(analyst)
    before = everything(browser)
    Service.objects.filter(pk=house.pk).update(area=regions[2])
    record_change()
    assert without_keys(everything(browser)) == without_keys(before)


def test_the_map_is_drawn_of_regions_alone(house, district, regions, analyst):
    square = {"type": "Polygon", "coordinates": [[[0, 0], [4, 0], [4, 4], [0, 0]]]}
    Area.objects.filter(pk__in=[a.pk for a in (*regions, district)]).update(
        geometry=square
    )
    browser = given.sign_in(analyst)
    page = browser.get("/gaps/map/?need=SH1").content.decode()
    assert page.count('class="region"') == len(regions)
    features = json.loads(browser.get("/gaps/gaps.geojson").content)["features"]
    assert [f["properties"]["code"] for f in features] == ["R1", "R2", "R3"]
    assert {f["geometry"]["type"] for f in features} == {"Polygon"}


def test_a_table_for_spreadsheets_begins_no_formula(regions, analyst):
    regions[2].names = {"en": "=HYPERLINK(1)"}
    regions[2].save()
    given.make_service(types=["HE2"], area=regions[0], lat=8.0, lon=-25.0)
    text = given.sign_in(analyst).get("/gaps/gaps.csv").content.decode()
    cells = [cell for row in csv.reader(StringIO(text)) for cell in row]
    assert "'=HYPERLINK(1)" in cells
    assert [cell for cell in cells if cell[:1] in "=+-@\t\r" and cell] == []


def test_each_number_of_a_kind_leads_to_as_many_gaps(house, regions, analyst):
    today = timezone.localdate()
    given.make_service(
        types=["SH2"],
        area=regions[0],
        hours=[[0, 7 * 1440]],
        traits=["closed"],
        funded_until=today + timedelta(days=100),
    )
    assert any(gap.also for gap in gap_view.build_look().gaps)
    browser = given.sign_in(analyst)
    for page in ("/gaps/", "/gaps/?area=R1"):
        numbers = STAT.findall(browser.get(page).content.decode())
        assert len(numbers) >= 3
        for url, number in numbers:
            of_kind = browser.get(f"/gaps/{url.replace('&amp;', '&')}")
            [total] = TOTAL.findall(of_kind.content.decode())
            assert total == number, url


def test_strangers_find_nothing(regions, stranger):
    browser = given.sign_in(stranger)
    assert {browser.get(page).status_code for page in PAGES} == {404}
    assert browser.post("/gaps/keep/", make_form_key()).status_code == 404


def test_what_makes_no_sense_is_taken_for_not_said(regions, analyst):
    page = given.sign_in(analyst).get("/gaps/?need=XX&reach=9&area=../&year=abc")
    assert page.status_code == 200


def test_a_page_asks_the_database_no_more_when_there_are_more_services(
    regions, analyst
):
    browser = given.sign_in(analyst)

    def asked(page: str) -> int:
        browser.get(page)  # what has changed is read once
        with CaptureQueriesContext(connection) as queries:
            browser.get(page)
        return len(queries)

    before = [asked(page) for page in PAGES[:3]]
    for _n in range(8):
        given.make_service(types=["SH1"], area=regions[0])
    assert [asked(page) for page in PAGES[:3]] == before


# --- what is done about it


def test_a_coordinator_plans_and_all_that_was_said_stays(regions, coordinator):
    browser = given.sign_in(coordinator)
    owner = given.make_organisation(name="Dar Amal")
    said = {"status": "planned", "owner": owner.pk, "cost": "12000", "currency": "usd"}
    plan = f"{ABSENT}plan/"
    assert browser.post(plan, said | make_form_key()).headers["Location"] == ABSENT
    done = {"status": "done", "owner": owner.pk, "note": "Opened in May."}
    browser.post(plan, done | make_form_key())
    assert [p.status for p in GapPlan.objects.order_by("pk")] == ["planned", "done"]
    assert GapPlan.objects.in_force()["HE1", "all", "all"].note == "Opened in May."
    page = browser.get(ABSENT).content.decode()
    assert "12,000" in page
    assert "Opened in May." in page


def test_what_is_under_way_has_somebody_who_sees_to_it(regions, coordinator):
    page = given.sign_in(coordinator).post(
        f"{ABSENT}plan/", {"status": "started"} | make_form_key()
    )
    assert page.status_code == 409
    assert not GapPlan.objects.exists()


def test_an_analyst_sees_and_does_not_plan(regions, analyst):
    browser = given.sign_in(analyst)
    assert browser.get(ABSENT).status_code == 200
    assert browser.get(f"{ABSENT}plan/").status_code == 404


def test_what_is_new_and_what_has_closed_is_told_the_year_after(
    regions, coordinator, monkeypatch
):
    look = gap_view.build_look()
    actions.record_year_gaps(
        2024, [g for g in look.gaps if g.need.code != "SH1"], by=coordinator
    )
    KeptGap.objects.create(year=2024, need="HE1", area="R2", group="men", kind="poor")
    monkeypatch.setattr(gap_view.GapView, "year", 2025)
    page = given.sign_in(coordinator).get("/gaps/").content.decode()
    assert page.count(">New</span>") == 1
    assert "Emergency health care · Hills · Men" in page
