"""A sheet to print and a large export: asked why, marked on each page, decided on by a
second person; on a phone and a desk, in English and in Arabic."""

import os

import pytest
from playwright.sync_api import Page, expect

from amana import given
from amana.care.cases.actions import add_note
from amana.trust.access.models import Role
from amana.trust.vault.compartments import Compartment
from tests.journeys.conftest import Looks, SignsIn, Watch

pytestmark = pytest.mark.django_db(transaction=True)

PRINTED = "[...document.querySelectorAll('.print-mark')].map((e) => e.innerText)"


def gives_reason(page: Page) -> None:
    page.locator("[name=why][value=help]").check()
    page.locator("main button[type=submit]").click()


@pytest.mark.parametrize("language", ["en", "ar"])
def test_people_leave_by_one_way(
    sign_in: SignsIn, look: Looks, watch: Watch, language: str
) -> None:
    watch.expect("422")
    worker = given.make_worker(name="Mariam Toure")
    officer = given.make_worker(role=Role.DATA_PROTECTION_OFFICER, name="Ines Carvalho")
    case = given.make_case(worked_on_by=worker, identity_name="Hiwot Abate")
    for _line in range(30):
        add_note(case, Compartment.NEEDS, "She slept well. " * 20, by=worker)
    page = sign_in(worker, language=language)
    page.goto(f"/cases/{case.pk}/print/all/")
    look(page, "export-asked")
    page.locator("main button[type=submit]").click()
    look(page, "export-unanswered")
    gives_reason(page)
    expect(page.locator(".print-mark")).to_be_hidden()
    page.emulate_media(media="print")
    expect(page.locator(".print-mark")).to_be_visible()
    assert "Mariam Toure" in page.evaluate(PRINTED)[0]
    if out := os.environ.get("OUT"):
        page.pdf(path=f"{out}/whole.pdf", prefer_css_page_size=True)
    page.emulate_media(media="screen")

    many = [given.make_case(worked_on_by=worker) for _case in range(26)]
    page.goto("/cases/?view=all")
    page.locator("#together-which").select_option("all")
    page.locator("button[value=print]").click()
    gives_reason(page)
    assert len(many) == 26
    look(page, "export-waits")
    waits = page.url
    theirs = sign_in(officer, language=language)
    theirs.goto("/exports/")
    look(theirs, "exports")
    theirs.locator("main table a").first.click()
    look(theirs, "export-to-decide")
    theirs.locator("form[action$='/approve/'] button").click()
    page.goto(waits)
    page.locator("main a[href$='/take/']").click()
    expect(page.locator(".case-sheet")).to_have_count(27)
