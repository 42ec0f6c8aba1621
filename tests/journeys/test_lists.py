"""Filters, sorting, doing things together, saved views and the calendar, by keyboard
alone and without scripts; narrow and wide, in English and in Arabic."""

import re
from datetime import timedelta

import pytest
from django.utils import timezone
from playwright.sync_api import Page, expect

from amana import given
from amana.care.cases.models import Case
from amana.care.referrals import actions
from amana.care.referrals.models import Referral
from amana.trust.access.models import Role, User
from tests.journeys.conftest import Looks, SignsIn
from tests.journeys.test_getting_around import PHONE, tab_to

pytestmark = pytest.mark.django_db(transaction=True)


def cases_of(worker: User) -> list[Case]:
    """Three: an emergency, one of high urgency that is late, and a routine one."""
    made = []
    for name, urgency, hours in (
        ("Amina Emergency", "U0", 5),
        ("Hiwot High", "U1", -3),
        ("Rosa Routine", "U3", 90),
    ):
        case = given.make_case(worked_on_by=worker, identity_name=name)
        due_at = timezone.now() + timedelta(hours=hours)
        Case.objects.filter(pk=case.pk).update(urgency=urgency, due_at=due_at)
        made.append(case)
    return made


def names(page: Page) -> list[str]:
    """The first names in the list, in their order."""
    links = page.locator('#list tbody a[href^="/cases/"]').all_inner_texts()
    return [name.split()[0] for name in links]


@pytest.mark.parametrize("language", ["en", "ar"])
def test_a_list_is_filtered_sorted_and_saved_by_keyboard(
    sign_in: SignsIn, look: Looks, language: str
) -> None:
    worker = given.make_worker()
    cases_of(worker)
    page = sign_in(worker, language=language)
    page.goto("/cases/")
    assert names(page) == ["Amina", "Hiwot", "Rosa"]

    tab_to(page, "#filter-urgency-U0")
    page.keyboard.press("Space")
    expect(page.locator(".filtered-by .chip")).to_have_count(1)
    assert names(page) == ["Amina"]
    assert page.evaluate("document.activeElement.id") == "filter-urgency-U0"
    page.keyboard.press("Tab")
    page.keyboard.press("Space")
    expect(page.locator(".filtered-by .chip")).to_have_count(2)
    expect(page).to_have_url(re.compile("urgency=U0&urgency=U1"))
    look.accessible(page)

    tab_to(page, ".sortable a[href*='sort=deadline']")
    page.keyboard.press("Enter")
    expect(page.locator("th[aria-sort='ascending']")).to_be_visible()
    assert names(page) == ["Hiwot", "Amina"]

    tab_to(page, ".save-view summary")
    page.keyboard.press("Enter")
    tab_to(page, "#view-name")
    page.keyboard.type("Zubaida's urgent ones")
    tab_to(page, "#view-begin")
    page.keyboard.press("Space")
    page.keyboard.press("Enter")
    expect(page.locator(".view-list [aria-current]")).to_contain_text("Zubaida")
    assert "ubaida" not in page.url
    page.goto("/cases/")
    expect(page).to_have_url(re.compile("sort=deadline"))
    assert names(page) == ["Hiwot", "Amina"]
    look(page, "list-filtered")

    page.locator(".filtered-by .chip").first.focus()
    page.keyboard.press("Enter")
    expect(page.locator(".filtered-by .chip")).to_have_count(1)
    page.goto("/views/")
    look.accessible(page)


@pytest.mark.parametrize("language", ["en", "ar"])
def test_lists_work_without_scripts_on_a_phone(
    sign_in: SignsIn, look: Looks, language: str
) -> None:
    worker = given.make_worker(role=Role.SUPERVISOR)
    colleague = given.make_worker(of=worker.memberships.get().team, name="Noor Abadi")
    cases = cases_of(worker)
    page = sign_in(worker, language=language, scripts=False)
    page.set_viewport_size(PHONE)
    page.goto("/cases/")
    page.locator(".filters summary").click()
    page.locator("#filter-due").select_option("late")
    page.locator(".filters button[type=submit]").click()
    assert names(page) == ["Hiwot"]
    page.locator(".filters summary").click()
    page.locator("#filter-sort").select_option("opened")
    page.locator("#filter-due").select_option("")
    page.locator(".filters button[type=submit]").click()
    assert names(page) == ["Rosa", "Hiwot", "Amina"]
    page.locator(".filters summary").click()
    page.locator("#filter-need").select_option("ED")
    page.locator(".filters button[type=submit]").click()
    page.locator(".empty-state a").click()
    assert len(names(page)) == 3
    wide = page.evaluate("document.documentElement.scrollWidth")
    assert wide <= PHONE["width"]

    page.locator('[name="pick"]').nth(0).check()
    page.locator('[name="pick"]').nth(2).check()
    page.locator('button[value="assign"]').click()
    page.locator('select[name="worker"]').select_option(str(colleague.pk))
    page.locator("main form button[type=submit]").last.click()
    expect(page).to_have_url(re.compile("/cases/"))
    assigned = Case.objects.filter(assignments__worker=colleague)
    assert set(assigned) == {cases[0], cases[2]}

    page.locator("#together-which").select_option("page")
    page.locator('button[value="print"]').click()
    page.locator("[name=why][value=help]").check()
    page.locator("main form button[type=submit]").last.click()
    expect(page.locator(".case-sheet")).to_have_count(3)


@pytest.mark.parametrize("language", ["en", "ar"])
def test_the_calendar_by_keyboard_narrow_and_wide(
    sign_in: SignsIn, look: Looks, language: str
) -> None:
    worker, answerer = given.make_worker(), given.make_worker(role=Role.FOCAL_POINT)
    case = given.make_case(worked_on_by=worker)
    service = given.make_service(of=answerer.memberships.get().team, by=answerer)
    referral = given.make_referral(need=case.needs.get(), to=service, by=worker)
    actions.accept(referral, by=answerer)
    at = timezone.now() + timedelta(hours=20)
    actions.make_appointment(referral, at=at, where="The blue door", by=answerer)
    page = sign_in(worker, language=language)
    page.goto(f"/referrals/appointments/?day={timezone.localtime(at).date()}")
    look(page, "calendar")
    tab_to(page, f".calendar a[href='{referral.url}']")
    page.keyboard.press("Enter")
    expect(page).to_have_url(re.compile(str(referral.pk)))
    page.go_back()
    tab_to(page, "[rel=next]")
    page.keyboard.press("Enter")
    expect(page.locator("#shown")).to_be_visible()
    page.set_viewport_size(PHONE)
    page.goto(f"/referrals/appointments/week/?day={timezone.localtime(at).date()}")
    expect(page.locator(f".calendar a[href='{referral.url}']")).to_be_visible()
    expect(page.locator(".calendar td[data-empty]").first).to_be_hidden()
    look.accessible(page)
    page.goto(f"/referrals/appointments/?day={timezone.localtime(at).date()}")
    look.accessible(page)  # whole weeks are without an appointment there
    assert Referral.objects.count() == 1
