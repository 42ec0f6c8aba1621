"""What may go wrong with a module that is kept on a device; the usual way is in
`test_from_enquiry_to_role`. The same course from a stick, opened from its folder."""

import json
from collections.abc import Callable
from pathlib import Path

import pytest
from playwright.sync_api import Page, Route, expect

from amana import given
from amana.academy.courses import actions
from amana.academy.courses.content import load_content
from amana.academy.courses.models import Event, Version
from amana.academy.courses.tests.courses import small_course
from amana.academy.offline import stick
from amana.trust.access.models import Role, User

from .conftest import LANGUAGES, SignsIn, Watch
from .kept_on_a_phone import keep, not_sent, ready


@pytest.fixture
def version(transactional_db: None) -> Version:
    coordinator = given.make_worker(role=Role.COORDINATOR, name="Amina Rahmani")
    return actions.publish_version(small_course(), by=coordinator)


@pytest.fixture
def learner(version: Version) -> User:
    learner = given.make_worker(name="Grace Achieng")
    actions.begin_course(version, by=learner)
    return learner


def test_what_is_torn_on_the_way_is_sent_again_and_counted_once(
    version: Version, learner: User, sign_in: SignsIn, watch: Watch
) -> None:
    """The request never arrives; it arrives and its answer is lost; it works."""
    watch.expect("ERR_INTERNET_DISCONNECTED")
    watch.expect("ERR_FAILED")
    page = sign_in(learner)
    keep(page, "no")
    page.context.set_offline(True)
    page.locator('[data-say="kept"] a').first.click()
    page.locator('main a[href*="01-asking-first"]').click()
    ready(page)
    for chosen in ("1", "2", "0"):
        page.locator(f'#m1-q01 [value="{chosen}"]').check()
        page.locator("#m1-q01 button[type=submit]").click()
    not_sent(page, 3)

    page.route("**/offline/told", lambda route: route.abort())
    with page.expect_event("requestfailed"):
        page.context.set_offline(False)
    not_sent(page, 3)
    assert not Event.objects.exists()

    def lose_the_answer(route: Route) -> None:
        route.fetch()
        route.abort()

    page.unroute_all()
    page.route("**/offline/told", lose_the_answer)
    with page.expect_event("requestfailed"):
        page.reload()
    not_sent(page, 3)
    assert Event.objects.count() == 3

    page.unroute_all()
    page.reload()
    not_sent(page, 0)
    told = Event.objects.in_order().values_list("result", flat=True)
    assert [result["given"] for result in told] == [[1], [2], [0]]


def comes_to(page: Page, user: User) -> None:
    """Signs in on a device on which somebody else was signed in."""
    home = page.url.partition("/academy")[0]
    page.context.clear_cookies()
    page.context.add_cookies(
        [
            {"name": name, "value": cookie.value, "url": home}
            for name, cookie in given.sign_in(user).cookies.items()
        ]
    )


def cached(page: Page) -> list[str]:
    names: list[str] = page.evaluate("caches.keys()")
    return sorted(names)


def test_on_a_shared_device_signing_out_removes_the_lessons_and_no_answer(
    version: Version, learner: User, sign_in: SignsIn, watch: Watch
) -> None:
    watch.expect("ERR_INTERNET_DISCONNECTED")
    page = sign_in(learner)
    keep(page, "yes")
    assert len(cached(page)) == 2
    page.context.set_offline(True)
    page.locator('[data-say="kept"] a').first.click()
    page.locator('main a[href*="01-asking-first"]').click()
    ready(page)
    page.locator("[data-read]").click()
    page.wait_for_url("**/02-a-case/")
    not_sent(page, 1)

    # Somebody else comes to the device with the answer of the first still waiting.
    other = given.make_worker()
    actions.begin_course(version, by=other)
    page.context.clear_cookies()
    page.context.set_offline(False)
    comes_to(page, other)
    page.reload()
    ready(page)
    page.goto("/academy/")
    page.locator(".user-menu summary").click()
    page.locator(".user-menu").get_by_role("button", name="Sign out").click()
    page.wait_for_url("**/account/sign-in**")
    assert cached(page) == []
    assert not Event.objects.exists()


def until_all_is_sent(page: Page) -> None:
    """A page that has only just come says nought before it has looked."""
    for _moment in range(100):
        if page.evaluate("outbox.waiting().then(all => all.length)") == 0:
            return
        page.wait_for_timeout(100)
    raise AssertionError("something still waits")


def test_nobody_on_a_shared_device_learns_in_the_place_of_another(
    version: Version, learner: User, sign_in: SignsIn
) -> None:
    page = sign_in(learner)
    keep(page, "no")
    whose = "outbox.kept.all().then(all => all.map(one => [one.owner, one.attempt]))"
    first = page.evaluate(whose)

    other = given.make_worker()
    actions.begin_course(version, by=other)
    comes_to(page, other)
    keep(page, "no")
    expect(page.locator("[data-remove]")).to_be_focused()
    assert page.evaluate(whose) == first
    page.locator('[data-say="kept"] a').first.click()
    ready(page)
    page.locator('main a[href*="01-asking-first"]').click()
    ready(page)
    page.locator("[data-read]").click()
    page.wait_for_url("**/02-a-case/")
    until_all_is_sent(page)
    assert Event.objects.get().enrolment.person == other

    page.goto("/academy/small/m1/")
    page.locator('main a[href*="/offline/keep/"]').click()
    ready(page)
    page.locator("[data-remove]").click()
    expect(page.locator('[data-say="removed"]')).to_be_visible()
    keep(page, "no")
    [(owner, attempt)] = page.evaluate(whose)
    assert owner != first[0][0]
    assert attempt == other.enrolments.get().attempts.get().pk


def test_a_care_page_is_never_answered_by_the_worker(
    version: Version, learner: User, sign_in: SignsIn, watch: Watch
) -> None:
    watch.expect("ERR_INTERNET_DISCONNECTED")
    page = sign_in(learner)
    keep(page, "no")
    scopes = page.evaluate(
        "navigator.serviceWorker.getRegistrations()"
        ".then(all => all.map(one => new URL(one.scope).pathname))"
    )
    assert scopes == ["/academy/offline/kept/"]
    for path in ("/today/", "/academy/small/m1/", "/cases/"):
        page.goto(path)
        assert page.evaluate("navigator.serviceWorker.controller") is None
        kept = page.evaluate("caches.match(location.href).then(found => !found)")
        assert kept


@pytest.mark.parametrize("language", LANGUAGES)
def test_a_stick_opens_from_its_folder_and_its_file_is_brought_once(
    version: Version,
    learner: User,
    language: str,
    sign_in: SignsIn,
    accessible: Callable[[Page], None],
    picture: Callable[[Page, str], None],
    watch: Watch,
    tmp_path: Path,
) -> None:
    course = load_content(version)
    stick.write_folder(course, version.sha256, [language], tmp_path)
    page = sign_in(learner, language=language)
    asked: list[str] = []
    page.context.on("request", lambda request: asked.append(request.url))
    page.context.set_offline(True)
    watch.expect("a request to ")  # files have no server
    watch.expect("Connecting to 'file:")  # axe would read the style sheets
    watch.expect("preload assets")
    page.goto(f"file://{tmp_path}/{language}/index.html")
    ready(page)
    accessible(page)
    picture(page, "academy-stick")
    page.locator('main a[href="m1.html"]').click()
    page.locator('main a[href="m1-01-asking-first.html"]').click()
    ready(page)
    for figure in page.locator("img.prose-figure").all():
        assert figure.evaluate("img => img.naturalWidth") > 0
    page.locator('#m1-q01 [value="0"]').check()
    page.locator("#m1-q01 button[type=submit]").click()
    expect(page.locator("#m1-q01 [data-when=right]")).to_be_visible()
    accessible(page)
    page.locator("[data-read]").click()
    page.wait_for_url("**/m1-02-a-case.html")
    ready(page)
    with page.expect_download() as download:
        page.locator("[data-save]").click()
    file = tmp_path / "progress.json"
    download.value.save_as(file)
    assert all(url.startswith(("file://", "data:", "blob:")) for url in asked)
    assert len(json.loads(file.read_text())["progress"][0]["events"]) == 2

    page.context.set_offline(False)
    for _again in range(2):
        page.goto("/academy/offline/bring/")
        accessible(page)
        page.locator("input[type=file]").set_input_files(file)
        page.locator("main form button[type=submit]").click()
        page.locator("main .notice").first.wait_for()
        accessible(page)
    picture(page, "academy-bring")
    enrolment = learner.enrolments.get()
    told = enrolment.events.in_order().values_list("verb", "object")
    assert list(told) == [("answered", "m1-q01"), ("read", "m1/01-asking-first")]
