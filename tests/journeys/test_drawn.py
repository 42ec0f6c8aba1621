"""The drawn pathway and the map in a real browser: words that never lie on each other,
in three languages, wide and narrow, dark and printed; marks that a keyboard reaches."""

from pathlib import Path

import pytest
from django.core.management import call_command
from playwright.sync_api import Page, expect

from amana import given
from amana.care.pathways import actions as pathways
from amana.care.pathways.models import PathwayRun
from amana.design.directory.models import Area
from amana.design.mechanism import actions
from amana.design.mechanism.models import Version
from amana.settings import ROOT
from amana.trust.access.models import Role, User
from tests.journeys.conftest import Looks, SignsIn

PACKS = sorted(path.parent for path in (ROOT / "mechanisms").glob("*/pathway.yaml"))
OVERLAPS = """() => {
  const found = [];
  for (const list of document.querySelectorAll(".line-stations")) {
    const items = [...list.children].map((item) => {
      const range = document.createRange();
      range.setStart(item.querySelector("p"), 0);
      range.setEndAfter([...item.querySelectorAll(":scope > p")].at(-1));
      return [item, range.getBoundingClientRect()];
    });
    items.forEach(([one, a], n) => items.slice(n + 1).forEach(([other, b]) => {
      const across = Math.min(a.right, b.right) - Math.max(a.left, b.left);
      const down = Math.min(a.bottom, b.bottom) - Math.max(a.top, b.top);
      if (across > 1 && down > 1) found.push(one.innerText + " | " + other.innerText);
    }));
  }
  return found;
}"""
"""Stations whose words lie on those of another."""
OFF_THE_LINE = """() => [...document.querySelectorAll(".station")].filter((item) => {
  const wide = getComputedStyle(item.querySelector(".rail")).display === "none";
  const svg = wide
    ? item.closest(".line-stretch").querySelector(".line-ways")
    : item.querySelector(".rail");
  return !svg || svg.getBoundingClientRect().height < 10;
}).map((item) => item.innerText)"""

CUT = """() => {
  const edge = document.querySelector(".map").getBoundingClientRect();
  return [...document.querySelectorAll(".map-mark a")].filter((link) => {
    const { left, right } = link.getBoundingClientRect();
    return left < edge.left || right > edge.right;
  }).map((link) => link.innerText);
}"""
"""Marks of which the name is cut at the edge of the map."""
OUT_OF_ITS_PLACE = """() => [...document.querySelectorAll(".line-ways")].filter(
  (svg) => getComputedStyle(svg).display !== "none"
    && svg.getBoundingClientRect().height
      > svg.closest(".line-stretch").getBoundingClientRect().height + 16
).length"""
"""Lines that run into what stands below them."""


@pytest.fixture
def coordinator(db: None) -> User:
    return given.make_worker(role=Role.COORDINATOR, name="Amina Rahmani")


@pytest.fixture
def worker(coordinator: User) -> User:
    return given.make_worker(role=Role.CASE_WORKER, name="Grace Achieng")


def seen_at_all_widths(page: Page) -> None:
    for width in (360, 768, 1280, 1600):
        page.set_viewport_size({"width": width, "height": 900})
        assert page.evaluate(OVERLAPS) == []
        assert page.evaluate(OFF_THE_LINE) == []
        assert page.evaluate(OUT_OF_ITS_PLACE) == 0


@pytest.mark.parametrize("folder", PACKS, ids=lambda path: path.name)
def test_the_mechanism_is_drawn(
    folder: Path, coordinator: User, worker: User, sign_in: SignsIn, look: Looks
) -> None:
    version: Version = actions.adopt_shipped(folder, by=coordinator)
    for language in ("en", "fr", "ar"):
        page = sign_in(worker, language=language)
        page.goto("/mechanism/", timeout=60_000)
        seen_at_all_widths(page)
        look(page, f"pathway-{folder.name}")
        page.emulate_media(color_scheme="dark")
        look.accessible(page)
        page.emulate_media(media="print")
        assert page.evaluate(OVERLAPS) == []
        page.emulate_media(media="screen", color_scheme="light")
    page = sign_in(worker, scripts=False)
    page.goto("/mechanism/", timeout=60_000)
    page.locator(".station a").first.click()
    expect(page.locator("h1")).to_be_visible()
    assert f"/mechanism/{version.pk}/steps/" in page.url


def test_a_case_is_drawn_where_it_stands(
    coordinator: User, worker: User, sign_in: SignsIn, look: Looks
) -> None:
    version = actions.adopt_shipped(ROOT / "mechanisms/example", by=coordinator)
    team = worker.memberships.get().team
    for role in ("responder", "manager"):
        actions.give_part(version.mechanism, role, team, by=coordinator)
    case = given.make_case(worked_on_by=worker)
    course = PathwayRun.objects.get(case=case)
    pathways.finish_step(course, "meet", data={"safety": "safe"}, by=worker)
    pathways.finish_step(course, "inform", data={"agrees": "yes"}, by=worker)
    for language in ("en", "ar"):
        page = sign_in(worker, language=language)
        page.goto(f"/cases/{case.pk}/", timeout=60_000)
        expect(page.locator('[aria-current="step"]')).to_have_count(1)
        seen_at_all_widths(page)
        page.goto(f"/pathways/{course.pk}/")
        seen_at_all_widths(page)
        look(page, "pathway-of-a-case")


def test_the_map_has_names_and_numbers(
    worker: User, sign_in: SignsIn, look: Looks
) -> None:
    call_command("load_areas", ROOT / "mechanisms/example/areas.geojson", verbosity=0)
    team = worker.memberships.get().team
    towns = list(Area.objects.filter(level=2).order_by("code"))
    for number in range(61):
        area = towns[number * number % len(towns)]
        given.make_service(of=team, area=area, hidden=number % 3 == 0)
    for language in ("en", "ar"):
        page = sign_in(worker, language=language)
        page.goto("/directory/map/", timeout=60_000)
        marks = page.locator(".map-cluster")
        expect(marks.first).to_be_visible()
        look(page, "map")
        count = int(marks.first.locator("b").inner_text())
        marks.first.focus()
        page.keyboard.press("Enter")
        page.wait_for_url("**/directory/?*area=*")
        assert str(count) in page.locator("#found p").first.inner_text()
    page = sign_in(worker)
    page.set_viewport_size({"width": 360, "height": 740})
    page.goto("/directory/map/", timeout=60_000)
    expect(page.locator(".map-cluster").first).to_be_visible()
    assert page.evaluate(CUT) == []
    page.set_viewport_size({"width": 1280, "height": 800})
    page.goto("/directory/map/")
    expect(page.locator(".map-cluster").first).to_be_visible()
    expect(page.locator(".map-none")).to_be_hidden()
    for _closer in range(6):
        with page.expect_response("**/directory/map/clusters/**"):
            page.get_by_role("button", name="Zoom in").click()
    expect(page.locator(".map-none")).to_contain_text("No service in this part")
    page = sign_in(worker, scripts=False)
    page.goto("/directory/map/")
    expect(page.locator(".area-list > li").first).to_be_visible()
    expect(page.locator(".map")).to_be_hidden()
