"""An analyst finds a gap, tries more places, drafts a brief, writes what only people
know, and prints two pages for a minister; a coordinator lets it out with its figures,
and anybody reads both."""

import re
from collections.abc import Callable
from pathlib import Path

import pypdfium2
import pytest
from django.conf import settings
from playwright.sync_api import Page

from amana import given
from amana.design.directory.models import Area
from amana.design.mechanism import actions as mechanisms
from amana.insight.briefs import actions as briefs
from amana.insight.briefs.models import Brief
from amana.insight.briefs.tests.conftest import finish
from amana.insight.briefs.tests.conftest import let_out as released
from amana.insight.briefs.tests.facts import MANY, tell, year
from amana.insight.release import actions as releases
from amana.insight.release.contents import ReleaseTable
from amana.trust.access.models import Role, User
from tests.journeys.conftest import LANGUAGES, Looks, Opens, SignsIn

OPEN = "[…]"
WHO = "The Council of Ministers, on a proposal of the Ministry of Finance."

STILL_OPEN = (
    "Who decides, and by when",
    "What we heard from people",
    "Cost and funding",
    "Who to ask",
)


@pytest.fixture
def analyst(transactional_db: None) -> User:
    return given.make_worker(role=Role.ANALYST, name="Chiara Vella")


@pytest.fixture
def coordinator(transactional_db: None) -> User:
    return given.make_worker(role=Role.COORDINATOR, name="Rania Haddad")


@pytest.fixture
def coast(analyst: User, coordinator: User) -> Area:
    """A mechanism in force, figures of a year, and a coast without any shelter."""
    country = given.make_area(code="C", name_en="Country", lat=8.0, lon=-25.0)
    coast = given.make_area(
        above=country, code="R1", name_en="Coast", lat=8.0, lon=-25.0
    )
    mechanisms.adopt_shipped(settings.ROOT / "mechanisms/example", by=coordinator)
    tell(MANY, need="SH1")
    return coast


def test_from_a_gap_to_two_pages_for_a_minister(
    analyst: User,
    coordinator: User,
    coast: Area,
    sign_in: SignsIn,
    accessible: Callable[[Page], None],
    picture: Callable[[Page, str], None],
    tmp_path: Path,
) -> None:
    page = sign_in(analyst)
    page.goto("/gaps/?need=SH1", timeout=60_000)
    shelter = page.get_by_role("row").filter(has_text="Emergency safe house")
    shelter.get_by_role("link").first.click()
    page.get_by_role("link", name="What would more places change?").click()

    page.get_by_label("Price").first.fill("30")
    page.get_by_label("Currency").fill("EUR")
    page.get_by_role("button", name="Run simulation").click()
    keep = page.get_by_role("button", name="Save the result")
    keep.click(timeout=60_000)

    page.get_by_role("link", name="Write a brief about this").click()
    page.get_by_label("Year").select_option(str(year()))
    accessible(page)
    page.get_by_role("button", name="Create draft").click()
    page.get_by_role("heading", name="Sections").wait_for(timeout=30_000)
    accessible(page)
    picture(page, "brief")

    write(page, accessible)
    picture(page, "brief-ready")
    at_desk = sign_in(coordinator)
    at_desk.goto(page.url)
    at_desk.get_by_text("Figures that are in no release yet").wait_for()
    assert at_desk.get_by_role("button", name="Publish it").count() == 0
    page.get_by_role("button", name="Request a review").click()
    page.get_by_text("Waiting for review").wait_for()
    accessible(page)

    page.get_by_role("link", name="Read it").click()
    accessible(page)
    picture(page, "brief-read")
    with page.expect_download() as coming:
        page.get_by_role("link", name="PDF").first.click()
    kept = tmp_path / "brief.pdf"
    coming.value.save_as(kept)
    read(kept)
    let_out(at_desk, accessible, picture)


def let_out(
    page: Page,
    accessible: Callable[[Page], None],
    picture: Callable[[Page, str], None],
) -> None:
    """The second signature, under the brief and its figures; then both are out."""
    page.reload()
    page.get_by_text("Figures published with it").wait_for()
    accessible(page)
    page.get_by_role("link", name="See the tables").click()
    page.get_by_role("heading", name=re.compile(r"Release \d+")).wait_for()
    page.go_back()
    page.get_by_label("English").check()
    looked = page.get_by_label("I have checked")
    if looked.count():
        looked.check()
    page.get_by_role("button", name="Publish it").click()
    page.get_by_role("link", name="Public page").click()
    accessible(page)
    picture(page, "brief-public")
    page.get_by_role("link", name=re.compile(r"^release \d+$")).click()
    page.get_by_role("heading", name=f"Figures for {year()}").wait_for()
    accessible(page)


def write(page: Page, accessible: Callable[[Page], None]) -> None:
    """In English: what is still open, section by section."""
    page.get_by_role("link", name="The problem in three numbers").first.click()
    accessible(page)
    page.get_by_role("button", name="Save", exact=True).click()
    for section in STILL_OPEN:
        page.get_by_role("link", name=section).last.click()
        for area in page.locator("main textarea, main input[type=text]").all():
            if OPEN in area.input_value():
                area.fill(area.input_value().replace(OPEN, WHO))
        if section == STILL_OPEN[0]:
            page.locator("input[type=date]").fill(f"{year() + 3}-03-31")
        page.get_by_role("button", name="Save", exact=True).click()
        page.get_by_role("heading", name="Sections").wait_for()
    page.get_by_role("link", name="Options").first.click()
    accessible(page)
    page.get_by_role("button", name="Save", exact=True).click()


def read(kept: Path) -> None:
    """Two pages of A4, with the figure and what was tried."""
    opened = pypdfium2.PdfDocument(kept)
    assert len(opened) == 2
    words = "".join(page.get_textpage().get_text_range() for page in opened)
    assert "44 %" in words
    assert "more places" in words
    assert "EUR" in words


@pytest.fixture
def report(analyst: User, coordinator: User, coast: Area) -> Brief:
    """The national report, out in two languages, of a release that two signed."""
    chosen = [
        ReleaseTable("I26", "all"),
        ReleaseTable("I26", "all", ("sex",)),
        ReleaseTable("I21", "all"),
    ]
    release = releases.propose(year(), chosen, by=analyst)
    releases.sign(release, by=coordinator)
    begun = briefs.begin_report(release, by=analyst)
    for section in begun.sections:
        for language in ("en", "ar"):
            finish(begun, section.code, language, analyst)
    released(begun, ["en", "ar"], by=coordinator)
    return begun


@pytest.mark.parametrize("language", LANGUAGES)
def test_anybody_reads_the_national_report(
    report: Brief, visit: Opens, look: Looks, language: str, tmp_path: Path
) -> None:
    page = visit(language=language)
    page.goto("/report/")
    look(page, "reports")
    page.locator("main .card a").click()
    look(page, "report")
    assert "44" in page.locator(".paper-numbers").inner_text()
    with page.expect_download() as coming:
        page.get_by_role("link", name="PDF").first.click()
    kept = tmp_path / "report.pdf"
    coming.value.save_as(kept)
    assert len(pypdfium2.PdfDocument(kept)) > 1
