"""An analyst proposes figures, a data-protection officer signs them, and anybody reads
them: in English, and in Arabic on the same pages."""

from collections.abc import Callable
from datetime import date

import pytest
from django.utils import timezone
from playwright.sync_api import Page

from amana import given
from amana.insight.facts.models import Observation
from amana.insight.measure import actions as measure
from amana.trust.access.models import Role, User
from tests.journeys.conftest import Opens, SignsIn


@pytest.fixture
def analyst(transactional_db: None) -> User:
    return given.make_worker(role=Role.ANALYST, name="Noor Haddad")


@pytest.fixture
def officer(transactional_db: None) -> User:
    return given.make_worker(role=Role.DATA_PROTECTION_OFFICER, name="Sami Idris")


@pytest.fixture
def year(transactional_db: None) -> int:
    """Last year, with figures of who was screened: four of another gender."""
    year = timezone.localdate().year - 1
    given.store_facts(
        Observation(
            kind="screening",
            result=result,
            sex=sex,
            month=date(year, 1 + n % 12, 1),
        )
        for sex, many in (("female", 240), ("male", 130), ("other", 4))
        for result in ("presumed", "not_presumed")
        for n in range(many)
    )
    measure.prepare_protected_tables()
    return year


@pytest.mark.parametrize(
    "language", [pytest.param("en", marks=pytest.mark.smoke), "ar"]
)
def test_two_sign_and_everybody_reads(
    analyst: User,
    officer: User,
    year: int,
    language: str,
    sign_in: SignsIn,
    visit: Opens,
    accessible: Callable[[Page], None],
    picture: Callable[[Page, str], None],
) -> None:
    page = sign_in(analyst, language=language)
    page.goto("/releases/", timeout=60_000)
    accessible(page)
    page.locator('a[href="/releases/new"]').click()
    page.get_by_text(str(year), exact=True).first.click()
    page.locator('[name="figures"][value="I03"]').check()
    page.locator('[name="by"][value="sex"]').check()
    accessible(page)
    picture(page, "release-new")
    page.locator("main form button[type='submit']").click()
    page.locator("#tables").wait_for()
    assert page.locator("form[action$='/sign']").count() == 0
    accessible(page)
    picture(page, "release-proposed")
    waiting = page.url

    page = sign_in(officer, language=language)
    page.goto(waiting)
    page.locator("form[action$='/sign'] button").click()
    page.locator("a[href^='/published/']").first.wait_for()

    # somebody whom nobody knows
    page = visit(language=language)
    page.goto("/published/")
    page.locator("main a[href^='/published/']").first.click()
    accessible(page)
    picture(page, "release-public")
    page.locator("main a[href*='/tables/']").last.click()
    assert "480" in page.locator("main").inner_text().replace("٬", "")
    accessible(page)
    picture(page, "release-table")
    with page.expect_download() as kept:
        page.locator("a[href$='.csv']").click()
    assert "480" in kept.value.path().read_text()


def test_a_table_is_checked_before_it_goes_out(
    analyst: User,
    sign_in: SignsIn,
    accessible: Callable[[Page], None],
    picture: Callable[[Page, str], None],
) -> None:
    page = sign_in(analyst)
    page.goto("/releases/check", timeout=60_000)
    table = "region,women,men\nnorth,40,3\nsouth,90,80\n"
    page.locator("[name=file]").set_input_files(
        {"name": "t.csv", "mimeType": "text/csv", "buffer": table.encode()}
    )
    page.locator("main form button[type='submit']").click()
    page.get_by_text("FAIL").wait_for()
    assert "Row 1" in page.locator("main").inner_text()
    accessible(page)
    picture(page, "release-check")
