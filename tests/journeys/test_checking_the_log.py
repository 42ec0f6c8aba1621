"""An auditor has the log checked while others work: the page says how far it is, goes
on by itself, and says which entries were read and which were not."""

from threading import Lock

import pytest
from playwright.sync_api import expect

from amana import given
from amana.trust.access.models import Role
from amana.trust.audit import checking, export, log, sealing
from tests.journeys.conftest import Looks, SignsIn

pytestmark = pytest.mark.django_db(transaction=True)


@pytest.mark.parametrize("language", ["en", "ar"])
def test_a_check_says_how_far_it_is_and_what_it_read(
    sign_in: SignsIn,
    look: Looks,
    turns: Lock,
    monkeypatch: pytest.MonkeyPatch,
    language: str,
) -> None:
    monkeypatch.setattr(export, "AT_ONCE", 4)
    auditor = given.make_worker(role=Role.AUDITOR, name="Ines Carvalho")
    for _time in range(6):
        log.record("opened", by=None)
        log.record("opened", by=None)
        sealing.seal()
    page = sign_in(auditor, language=language)
    page.goto("/log/")
    check = page.locator("#check")
    expect(check.locator("button")).to_have_count(2)
    checking.begin_check(by=auditor.actor_id)
    checking.continue_check(0)
    page.goto("/log/")
    expect(check.locator("progress")).to_be_visible()
    expect(check.locator("button")).to_have_count(0)
    look(page, "log-check-under-way")

    with turns:
        checked = checking.continue_check()

    assert checked is not None
    expect(check.locator(".notice")).to_be_visible()  # by itself
    expect(check).to_contain_text("Ines Carvalho")
    expect(check.locator("button")).to_have_count(2)
    with turns:
        log.record("opened", by=None)
        sealing.seal()
    check.locator("button").first.click()
    page.wait_for_load_state()
    expect(check.locator("time")).to_have_count(2)  # of this check, and of all
    look(page, "log-checked")
    assert checking.read().start == checked.done
