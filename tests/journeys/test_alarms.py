"""An account from which much more is asked than is usual: noticed, slowed down, settled
by someone who oversees; on a phone and a desk, in English and in Arabic."""

import pytest
from playwright.sync_api import expect

from amana import given
from amana.trust.access.http import record_attempt
from amana.trust.access.models import Role
from amana.trust.alarms import actions
from tests.journeys.conftest import Looks, SignsIn, Watch

pytestmark = pytest.mark.django_db(transaction=True)


@pytest.mark.parametrize("language", ["en", "ar"])
def test_much_more_than_usual_is_settled(
    sign_in: SignsIn, look: Looks, watch: Watch, language: str
) -> None:
    watch.expect("422")
    worker = given.make_worker(name="Mariam Toure")
    officer = given.make_worker(role=Role.DATA_PROTECTION_OFFICER, name="Ines Carvalho")
    for _time in range(25):
        record_attempt("work_on_case", None, by=worker)
    [alarm] = actions.watch_log()
    page = sign_in(officer, language=language)
    page.goto("/today/")
    page.locator("main a[href='/alarms/?only=open']").click()
    look(page, "alarms")
    page.get_by_role("link", name="Mariam Toure").click()
    look(page, "alarm")
    page.locator(f"a[href='/alarms/{alarm.pk}/settle/']").click()
    page.locator("main button[type=submit]").click()
    look(page, "alarm-unanswered")
    page.locator("[name=outcome][value=explained]").check()
    page.locator("[name=words]").fill("A new colleague tried every page.")
    page.locator("main button[type=submit]").click()
    expect(page.get_by_text("A new colleague tried every page.")).to_be_visible()
    look(page, "alarm-settled")
