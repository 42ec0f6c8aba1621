"""A pack taken into a valley without a network: read there, and gone by ten wrong
tries, its time, a clock that was set back, a word from the server, or duress (P44, P45,
P46, P47).

And what is left on the telephone meanwhile, read raw."""

import re
from datetime import timedelta
from threading import Lock

import pytest
from django.utils import timezone
from playwright.sync_api import Page, expect

from amana import given
from amana.care.cases.models import Case
from amana.care.packs import actions
from amana.care.packs.models import OfflinePack
from amana.trust.access.models import Role, User
from amana.trust.alarms.models import ActivityKind, Alarm
from tests.journeys.conftest import Looks, Watch
from tests.journeys.offline.phones import found_in
from tests.journeys.offline.posts import Post

pytestmark = pytest.mark.django_db(transaction=True)


NAME, PLACE = "Canarybird Abate", "Canary Street"
PHRASE, DURESS = "four grey herons at noon", "a red kite over the weir"
SECRETS = ["Canary", PHRASE, DURESS]
HOME = "/cases/pack/"
CASES = "[data-cases] summary"


@pytest.fixture
def worker() -> User:
    team = given.make_team(name="Valley team")
    given.make_worker(of=team, role=Role.SUPERVISOR, name="Samira Haddad")
    return given.make_worker(of=team, name="Mariam Toure")


@pytest.fixture
def case(worker: User) -> Case:
    return given.make_case(worked_on_by=worker, identity_name=NAME, needs_area=PLACE)


@pytest.fixture
def phone(
    post: Post,
    worker: User,
    case: Case,
    watch: Watch,
    turns: Lock,
) -> Post:
    watch.expect("ERR_INTERNET_DISCONNECTED")
    return post


def is_up(page: Page) -> None:
    expect(page.locator("html[data-ready]")).to_be_attached()


def goes_home(page: Page) -> None:
    page.goto(HOME)
    is_up(page)


def again(page: Page) -> None:
    page.reload()
    is_up(page)


def takes(phone: Post, worker: User, look: Looks | None = None) -> Page:
    """Choose, give a reason, seal."""
    page = phone.switch_on()
    phone.sign_in(worker)
    page.goto("/cases/pack/take/")
    page.locator("[name=pick]").first.check()
    if look:
        look(page, "pack-choose")
    page.locator("main form button[type=submit]").last.click()
    page.locator("[name=why][value=help]").check()
    page.locator("main form button[type=submit]").last.click()
    is_up(page)
    if look:
        look(page, "pack-make")
    page.locator("#phrase").fill(PHRASE)
    page.locator("#again").fill(PHRASE)
    page.locator("#duress").fill(DURESS)
    page.locator("[data-make-pack] button[type=submit]").click()
    expect(page.locator('[data-say="ready"]')).to_be_visible(timeout=30_000)
    if look:
        look(page, "pack-ready")
    return page


def opens(page: Page, phrase: str) -> None:
    page.locator("#pack_phrase").fill(phrase)
    page.locator("[data-opening] button").click()


LEFT = """() => new Promise((resolve) => {
  const request = indexedDB.open("kept");
  request.onsuccess = () => {
    const stores = request.result.transaction(["sealed", "openers"]);
    const sealed = stores.objectStore("sealed").getAll();
    const openers = stores.objectStore("openers").getAll();
    stores.oncomplete = () => { request.result.close(); resolve([sealed.result, openers.result]); };
  };
})"""  # noqa: E501


def leaves_the_same_whatever_the_reason(page: Page) -> None:
    """A receipt of which nobody can see whether a phrase was wrong or of duress."""
    sealed, openers = page.evaluate(LEFT)
    assert openers == []
    [receipt] = sealed
    assert sorted(receipt) == ["id", "pack", "secret"]
    assert re.fullmatch("[0-9a-f]{32}", receipt["secret"])


def is_gone(page: Page) -> None:
    expect(page.locator("[data-opening]")).to_be_hidden()
    expect(page.locator("#notices .notice")).to_be_visible()
    expect(page.locator(CASES)).to_have_count(0)


@pytest.mark.parametrize("language", ["en", "ar"])
def test_a_pack_is_read_without_a_network_and_nothing_lies_open(
    phone: Post, worker: User, look: Looks, language: str
) -> None:
    phone.language = language
    takes(phone, worker, look)
    phone.switch_off()
    assert phone.on_the_disk(SECRETS) == []
    page = phone.switch_on(offline=True)
    goes_home(page)
    assert found_in(phone.dump(), SECRETS) == []
    look(page, "pack-closed")
    opens(page, "not the right phrase")
    expect(page.locator("#notices")).to_contain_text("9")
    opens(page, PHRASE)
    page.locator(CASES).click()
    expect(page.get_by_text(NAME).first).to_be_visible()
    expect(page.get_by_text("A bed")).to_be_visible()
    look(page, "pack-open")
    assert found_in(phone.dump(), SECRETS) == []
    pack = OfflinePack.objects.get()
    assert (pack.by, pack.export.count) == (worker, 1)


def test_ten_wrong_tries_wipe(phone: Post, worker: User, turns: Lock) -> None:
    page = takes(phone, worker)
    goes_home(page)
    phone.network(there=False)
    for left in range(9, 0, -1):
        opens(page, "wrong wrong wrong")
        expect(page.locator("#notices")).to_contain_text(str(left))
    opens(page, "wrong wrong wrong")
    is_gone(page)
    leaves_the_same_whatever_the_reason(page)
    again(page)
    is_gone(page)
    phone.network(there=True)
    goes_home(page)
    with turns:
        assert OfflinePack.objects.get().gone_at is not None
        assert not Alarm.objects.exists()


def test_a_revoked_pack_is_wiped_within_five_seconds_of_contact(
    phone: Post, worker: User, turns: Lock
) -> None:
    page = takes(phone, worker)
    goes_home(page)
    phone.network(there=False)
    opens(page, PHRASE)
    expect(page.locator(CASES)).to_be_visible()
    with turns:
        actions.revoke(OfflinePack.objects.get(), by=worker)
    phone.network(there=True)
    expect(page.locator(CASES)).to_have_count(0, timeout=5_000)
    is_gone(page)


def test_any_page_of_amana_wipes_a_revoked_pack(
    phone: Post, worker: User, turns: Lock
) -> None:
    page = takes(phone, worker)
    with turns:
        actions.revoke(OfflinePack.objects.get(), by=worker)
    with page.expect_response("**/cases/pack/contact"):
        page.goto("/today/")
    goes_home(page)
    is_gone(page)
    with turns:
        assert OfflinePack.objects.get().gone_at is not None


def test_a_duress_phrase_wipes_and_tells_others_at_the_next_contact(
    phone: Post, worker: User, turns: Lock
) -> None:
    page = takes(phone, worker)
    goes_home(page)
    phone.network(there=False)
    opens(page, DURESS)
    is_gone(page)
    leaves_the_same_whatever_the_reason(page)
    assert not Alarm.objects.exists()
    again(page)
    phone.network(there=True)
    goes_home(page)
    is_gone(page)
    with turns:
        alarm = Alarm.objects.get()
        worker.refresh_from_db()
    assert (alarm.user_id, alarm.kind) == (worker.pk, ActivityKind.DURESS)
    assert not worker.is_slowed


SWITCHED_OFF = """async () => {
  const { Pack } = await import('/static/packs/pack.js');
  const kept = {};
  const shelf = {
    get: async (id) => kept[id],
    put: async (row) => { kept[row.id] = row; },
    remove: async () => { throw new Error("switched off"); },
    rows: async () => [],
  };
  const pack = new Pack(shelf, { pack: "1", contact: "usual" });
  await pack.wipe("duress").catch(() => {});
  const first = kept.r1?.secret;
  await pack.wipe().catch(() => {});
  return [first, kept.r1?.secret];
}"""


def test_a_device_switched_off_while_it_wipes_still_tells_of_duress(
    phone: Post, worker: User
) -> None:
    page = takes(phone, worker)
    goes_home(page)
    assert page.evaluate(SWITCHED_OFF) == ["duress", "duress"]


def test_a_pack_ends_by_the_clock_and_opens_by_none_that_went_back(
    phone: Post, worker: User, turns: Lock
) -> None:
    page = takes(phone, worker)
    phone.network(there=False)
    now = timezone.now()
    page.clock.install(time=now + timedelta(hours=20))
    goes_home(page)
    opens(page, PHRASE)
    expect(page.locator(CASES)).to_be_visible()
    page.clock.set_system_time(now + timedelta(hours=1))
    again(page)
    expect(page.locator("#notices")).to_contain_text("set back")
    expect(page.locator("[data-opening]")).to_be_hidden()
    page.clock.set_system_time(now + timedelta(hours=21))
    again(page)
    expect(page.locator("[data-opening]")).to_be_visible()
    page.clock.set_system_time(now + timedelta(hours=25))
    again(page)
    is_gone(page)
    page.clock.set_system_time(now + timedelta(hours=21))
    again(page)
    is_gone(page)
