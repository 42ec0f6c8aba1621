"""A colleague opens a case in an emergency, and someone else reviews that: on a phone
and a desk, in English and in Arabic."""

import re

import pytest
from playwright.sync_api import expect

from amana import given
from amana.care.emergency_access.models import EmergencyAccess
from amana.trust.access.models import Role
from tests.journeys.conftest import Looks, SignsIn, Watch

pytestmark = pytest.mark.django_db(transaction=True)


@pytest.mark.parametrize("language", ["en", "ar"])
def test_a_case_is_opened_for_a_day_and_reviewed(
    sign_in: SignsIn, look: Looks, watch: Watch, language: str
) -> None:
    watch.expect("422")
    watch.expect("404")
    team = given.make_team(name="Night shift")
    worker = given.make_worker(of=team, name="Mariam Toure")
    colleague = given.make_worker(of=team, name="Ada Mensah")
    lead = given.make_worker(of=team, role=Role.SUPERVISOR, name="Samira Haddad")
    case = given.make_case(worked_on_by=worker, identity_name="Hiwot Abate")

    page = sign_in(colleague, language=language)
    page.goto("/cases/emergency-access/open/")
    look(page, "emergency-access-open")
    page.locator("[name=reference]").fill("0000-00000")
    page.locator("[name=why][value=here]").check()
    page.locator("[name=words]").fill("She stands at the door.")
    page.locator("main form button[type=submit]").click()
    look(page, "emergency-access-not-found")
    page.locator("[name=reference]").fill(case.reference)
    page.locator("main form button[type=submit]").click()
    expect(page).to_have_url(re.compile(str(case.pk)))
    expect(page.get_by_text("Hiwot Abate").first).to_be_visible()
    look(page, "emergency-access-case")

    theirs = sign_in(lead, language=language)
    theirs.goto("/cases/emergency-access/")
    look(theirs, "emergency-accesses")
    theirs.locator("main table a").click()
    look(theirs, "emergency-access")
    theirs.locator("main a[href$='/review/']").click()
    look(theirs, "emergency-access-review")
    theirs.locator("main form button[type=submit]").click()
    look(theirs, "emergency-access-unanswered")
    theirs.locator("[name=verdict][value=unneeded]").check()
    theirs.locator("[name=said]").fill("I was awake.")
    theirs.locator("main form button[type=submit]").click()
    expect(theirs.get_by_text("I was awake.")).to_be_visible()
    look(theirs, "emergency-access-reviewed")
    assert EmergencyAccess.objects.get().is_over
    page.goto(f"/cases/{case.pk}/")
    expect(page.get_by_text("Hiwot Abate")).to_have_count(0)
