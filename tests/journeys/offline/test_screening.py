"""On a phone without a network: a first responder asks, and hands it to a team (P11).

And what is left on the device: everything that a browser keeps is read, through the
browser and from its folder on the disk, and no answer is found in it. The same search
is shown to find what is planted in the clear, in every place where it looks.
"""

from threading import Lock

import pytest
from playwright.sync_api import expect

from amana import given
from amana.care.cases.models import Case
from amana.care.screening.models import Screening, ScreeningStage
from amana.trust.access.models import Team, User
from amana.trust.vault.models import Parcel
from tests.journeys.conftest import Looks, SignsIn, Watch

from .phones import CANARY, TakesPhone, found_in, found_on_disk, rows, state
from .screening_steps import (
    TYPED,
    accessible,
    an_officer,
    answer,
    expect_rows,
    expect_sealed,
    finish,
    is_drawn,
    make_ready,
    open_kept_screening,
    open_quick_screening,
    unlock_kept,
)

pytestmark = pytest.mark.django_db(transaction=True)


@pytest.fixture
def officer() -> User:
    return an_officer()


@pytest.fixture
def shelter_worker() -> User:
    shelter = given.make_organisation(name="Lantern House")
    return given.make_worker(of=given.make_team(of=shelter, name="Arrivals"))


@pytest.fixture
def shelter(shelter_worker: User) -> Team:
    return shelter_worker.memberships.get().team


@pytest.mark.parametrize(
    ("language", "in_case"), [("en", False), ("ar", False), ("en", True), ("ar", True)]
)
def test_a_screening_survives_a_killed_tab_and_is_finished_without_a_network(
    mechanism: None,
    officer: User,
    phone_of: TakesPhone,
    look: Looks,
    watch: Watch,
    turns: Lock,
    language: str,
    in_case: bool,
) -> None:
    watch.expect("ERR_INTERNET_DISCONNECTED")
    with turns:
        case = given.make_case(worked_on_by=officer)
    phone = phone_of(officer, language)
    page = phone.page
    make_ready(page)
    if in_case:
        page.goto(f"/cases/{case.pk}/")
        address = page.locator('a[href*="/quick-screening/"]').first
        page.goto(str(address.get_attribute("href")))
        is_drawn(page)
    else:
        open_quick_screening(page)
    phone.context.set_offline(True)
    answer(page, steps=2)
    expect_sealed(page)
    assert found_in(phone.dump()) == []

    page.close()
    page = phone.page = phone.context.new_page()
    open_kept_screening(page)
    look(page, f"screening-unfinished-{in_case}")
    unlock_kept(page)
    state(page, "back")
    assert page.locator('[name="private"][value="yes"]').is_checked()
    answer(page)
    look(page, f"screening-kept-{in_case}")
    finish(page)
    state(page, "kept")
    look(page, f"screening-finished-{in_case}")
    with turns:
        assert not Screening.objects.exists()
    expect_rows(page, "f")
    assert found_in(phone.dump()) == []

    # The session has ended with the tab: first someone signs in.
    with turns:
        phone.sign_in(officer)
    phone.context.set_offline(False)
    page.wait_for_url("**/screening/*/")
    with turns:
        made = Screening.objects.get()
    assert made.case == (case if in_case else None)
    assert made.screened_by == officer
    assert rows(page) == []
    expect(page.locator("main")).to_contain_text(TYPED["reach"])
    phone.switch_off()
    assert found_on_disk(phone, [CANARY, "evening prayer"]) == []


def test_a_first_responder_screens_without_a_network_and_hands_it_over(
    mechanism: None,
    officer: User,
    shelter: Team,
    shelter_worker: User,
    phone_of: TakesPhone,
    sign_in: SignsIn,
    watch: Watch,
) -> None:
    watch.expect("ERR_INTERNET_DISCONNECTED")
    phone = phone_of(officer)
    page = phone.page
    make_ready(page)
    phone.context.set_offline(True)
    open_kept_screening(page)
    answer(page)
    finish(page)
    state(page, "kept")

    phone.context.set_offline(False)
    page.wait_for_url("**/screening/*/")
    screening = Screening.objects.get()
    expect(page.locator("main")).to_contain_text("Asylum")
    page.get_by_role("link", name="Hand over to a team").click()
    accessible(page)
    page.locator("select[name=to]").select_option(str(shelter.pk))
    page.locator("input[name=basis][value=agreed]").check()
    page.get_by_role("button", name="Hand over").click()
    expect(page.locator("main")).to_contain_text("Handed over, not yet answered")
    screening.refresh_from_db()
    assert screening.stage is ScreeningStage.HANDED

    # The team finds it waiting, and goes on.
    desk = sign_in(shelter_worker)
    desk.goto("/today")
    desk.get_by_role("link", name="Continue a screening you received").click()
    expect(desk.locator("main")).to_contain_text(TYPED["reach"])
    desk.get_by_role("link", name="Open a case").first.click()
    desk.locator("[name=identity_name]").fill("Amal")
    desk.get_by_role("button", name="Open the case", exact=True).click()
    desk.wait_for_url("**/cases/*/")
    screening.refresh_from_db()
    assert screening.case == Case.objects.get()
    assert not Parcel.objects.exists()


def test_a_device_that_is_not_ready_says_so_and_keeps_nothing(
    mechanism: None, officer: User, phone_of: TakesPhone
) -> None:
    page = phone_of(officer).page
    open_quick_screening(page)
    state(page, "unready")
    accessible(page)
    answer(page)
    assert rows(page) == []
    finish(page)
    page.wait_for_url("**/screening/*/")
    assert Screening.objects.count() == 1


def test_the_search_finds_what_lies_in_the_clear(
    mechanism: None, officer: User, phone_of: TakesPhone
) -> None:
    """A search that can't find anything would find nothing on the phone, too."""
    phone = phone_of(officer)
    phone.page.goto("/screening/")
    phone.page.evaluate(
        """async () => {
          localStorage.setItem('kept', 'planted-local');
          sessionStorage.setItem('kept', 'planted-session');
          const cache = await caches.open('kept');
          await cache.put('/planted', new Response('planted-cache'));
          const request = indexedDB.open('planted', 1);
          request.onupgradeneeded = () =>
            request.result.createObjectStore('s', { keyPath: 'id' });
          const database = await new Promise(done => {
            request.onsuccess = () => done(request.result);
          });
          const transaction = database.transaction('s', 'readwrite');
          const bytes = new TextEncoder().encode('planted-bytes');
          transaction.objectStore('s').put({ id: 1, words: 'planted-text', bytes });
          await new Promise(done => { transaction.oncomplete = done; });
          database.close();
        }"""
    )
    planted = ["local", "session", "cache", "text", "bytes"]
    dumped = phone.dump()
    assert [p for p in planted if f"planted-{p}" not in dumped] == []

    phone.switch_off()
    lying = found_on_disk(phone, [f"planted-{p}" for p in ("local", "cache", "text")])
    assert {found.split(" in ")[0] for found in lying} == {
        "planted-local",
        "planted-cache",
        "planted-text",
    }
