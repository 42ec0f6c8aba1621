"""A case in tabs, by keyboard alone, wide and narrow: its head stays in sight, covers
nothing that has the focus, and works without scripts."""

import pytest
from playwright.sync_api import Page, ViewportSize, expect

from amana import given
from amana.care.cases import actions
from amana.care.cases.models import Case
from amana.care.cases.tabs import CaseTab, build_address
from amana.trust.access.models import Role, User
from amana.trust.vault.compartments import Compartment
from tests.journeys.conftest import Looks, SignsIn

pytestmark = pytest.mark.django_db(transaction=True)
SIZES: dict[str, ViewportSize] = {
    "phone": {"width": 360, "height": 640},
    "desk": {"width": 1280, "height": 800},
}
COVERED = """() => {
  const one = document.activeElement, head = document.querySelector(".case-head");
  if (head.contains(one)) return false;
  const box = one.getBoundingClientRect(), bar = head.getBoundingClientRect();
  return box.height > 0 && box.top < bar.bottom - 1 && box.bottom > bar.top;
}"""
HEAD_TOP = "() => document.querySelector('.case-head').getBoundingClientRect().top"


def a_full_case(worker: User) -> Case:
    """One with warnings, a safe contact, needs and many notes."""
    case = given.make_case(
        worked_on_by=worker,
        gate=given.SAFE_ANSWERS | {"SAFE10": "unsure", "SAFE01": "no"},
        identity_name="Mariam Canary",
        contact_number="+32 470 00 00 00",
        contact_hours="After six in the evening",
        contact_never="Never leave a message",
    )
    for number in range(12):
        actions.add_note(case, Compartment.NEEDS, f"Note {number}", by=worker)
    return case


def nothing_is_covered(page: Page, presses: int) -> None:
    """Walk back from the end of the page: what gets the focus is above nothing."""
    page.evaluate("scrollTo(0, document.body.scrollHeight)")
    page.locator("main a, main button, main textarea").last.focus()
    for _press in range(presses):
        page.keyboard.press("Shift+Tab")
        if not page.evaluate("!!document.activeElement.closest('main')"):
            break
        there = page.evaluate("document.activeElement.outerHTML.slice(0, 120)")
        assert not page.evaluate(COVERED), f"the head covers {there}"


@pytest.mark.parametrize("size", list(SIZES))
@pytest.mark.parametrize("language", ["en", "ar"])
def test_the_head_stays_in_sight_and_covers_nothing(
    sign_in: SignsIn, look: Looks, language: str, size: str
) -> None:
    worker = given.make_worker(role=Role.CASE_WORKER)
    case = a_full_case(worker)
    page = sign_in(worker, language=language)
    page.set_viewport_size(SIZES[size])
    page.goto(build_address(CaseTab.NOTES, case.pk))
    page.evaluate("scrollTo(0, document.body.scrollHeight)")
    assert page.evaluate(HEAD_TOP) == 0
    head = page.locator(".case-head")
    expect(head.locator("h1")).to_have_text("Mariam Canary")
    assert head.bounding_box()["height"] <= 0.3 * SIZES[size]["height"]  # type: ignore[index]
    assert head.evaluate("it => it.scrollWidth <= it.clientWidth"), "cut off"
    for tab in CaseTab:
        page.goto(build_address(tab, case.pk))
        nothing_is_covered(page, 20)
        page.evaluate("scrollTo(0, 0)")
        look(page, f"case-{tab}")
    page.emulate_media(color_scheme="dark")
    look.accessible(page)
    page.emulate_media(color_scheme="light")
    page.set_viewport_size({"width": 640, "height": 360})
    page.evaluate("scrollTo(0, document.body.scrollHeight)")
    assert page.evaluate(HEAD_TOP) < 0  # a low screen has no room for it


def test_tabs_and_contact_by_keyboard(sign_in: SignsIn) -> None:
    worker = given.make_worker(role=Role.CASE_WORKER)
    case = a_full_case(worker)
    page = sign_in(worker)
    page.set_viewport_size(SIZES["phone"])
    page.goto(f"/cases/{case.pk}/")
    page.locator(".case-head summary").focus()
    page.keyboard.press("Enter")
    expect(page.locator(".case-head dl")).to_be_visible()
    page.keyboard.press("Enter")
    page.locator('.tabs [aria-current="page"]').focus()
    page.keyboard.press("Tab")
    page.keyboard.press("Tab")
    page.keyboard.press("Enter")
    expect(page).to_have_url(
        f"{page.url.split('/cases')[0]}{build_address(CaseTab.CONSENT, case.pk)}"
    )
    expect(page.locator('.tabs [aria-current="page"]')).to_have_text("Consent")


def test_tabs_work_without_scripts_and_the_whole_case_prints(
    sign_in: SignsIn, look: Looks
) -> None:
    worker = given.make_worker(role=Role.CASE_WORKER)
    case = a_full_case(worker)
    page = sign_in(worker, scripts=False)
    page.goto(f"/cases/{case.pk}/")
    for tab in CaseTab:
        page.locator(".tabs").get_by_role("link", name=str(tab.label)).click()
        assert page.url.endswith(build_address(tab, case.pk))
        assert page.locator('.tabs [aria-current="page"]').inner_text() == str(
            tab.label
        )
    page.goto(f"/cases/{case.pk}/print/all/")
    page.locator("[name=why][value=help]").check()
    page.locator("main button[type=submit]").click()
    page.emulate_media(media="print")
    for number in range(12):  # those in the fold too
        assert page.get_by_text(f"Note {number}", exact=True).bounding_box()
    page.emulate_media(media="screen")
    look(page, "case-whole", scripts=False)
