"""Lessons leave for another learning system and play there; somebody comes from one;
and a conversation is practised without a script."""

import json
from collections.abc import Callable, Iterator
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from threading import Thread
from typing import Any
from urllib.parse import parse_qs, urlencode, urlsplit

import pytest
from playwright.sync_api import Browser, Page, Route
from pytest_django.live_server_helper import LiveServer

from amana import given
from amana.academy.courses import actions as courses
from amana.academy.courses.models import Version
from amana.academy.courses.tests.courses import small_course
from amana.exchange import web
from amana.exchange.learning.lti import actions, keys
from amana.exchange.learning.lti.models import AccountLink
from amana.exchange.learning.lti.tests.platform import ISSUER, SAID, Conf, Web, message
from amana.exchange.learning.scorm.tests.test_package import FILES, FIRST
from amana.exchange.learning.xapi.models import SharingAgreement
from amana.trust.access.models import Role, User
from tests.journeys.conftest import LANGUAGES, SignsIn, Watch, violations
from tests.peers import node

ROOT = Path(__file__).resolve().parents[2]
INTERVIEW = "courses/referral-mechanism/modules/1-understanding/interviews"


@pytest.fixture
def coordinator(transactional_db: None) -> User:
    return given.make_worker(role=Role.COORDINATOR, name="Amina Rahmani")


@pytest.fixture
def learner(transactional_db: None) -> User:
    return given.make_worker(name="Grace Achieng")


@pytest.fixture
def version(coordinator: User) -> Version:
    files, lessons = small_course(), "modules/1-consent/en"
    second = files.pop(f"{lessons}/02-a-case.md")
    files[f"{lessons}/07-the-safety-gate.md"] = second  # to which the interview belongs
    files["course.yaml"] = files["course.yaml"].replace(b"[en, fr]", b"[en, fr, ar]")
    for path in (ROOT / INTERVIEW).iterdir():
        files[f"modules/1-consent/interviews/{path.name}"] = path.read_bytes()
    return courses.publish_version(files, by=coordinator)


@pytest.mark.parametrize("language", LANGUAGES)
def test_a_coordinator_takes_lessons_along(
    version: Version,
    coordinator: User,
    language: str,
    sign_in: SignsIn,
    accessible: Callable[[Page], None],
    picture: Callable[[Page, str], None],
) -> None:
    page = sign_in(coordinator, language=language)
    page.goto("/academy/small/")
    page.locator('main a[href="/take-along/small/"]').click()
    accessible(page)
    picture(page, "take-along")
    with page.expect_download() as download:
        page.locator('main a[href^="/take-along/scorm/1.2/small/m1.zip"]').click()
    assert download.value.suggested_filename.endswith("-scorm-1.2.zip")
    for address, name in (
        ("/take-along/small/m1/", "take-along-module"),
        ("/take-along/qti/small/bring", "qti-bring"),
        ("/lti/systems/small/", "lti-systems"),
    ):
        page.goto(address)
        accessible(page)
        picture(page, name)


LMS = "https://lms.test"
FRAME = """<!doctype html><html lang="en"><title>An LMS</title><script src="/scorm.js">
</script><script>window.API_1484_11 = new Scorm2004API({autocommit: false, logLevel: 5})
</script><iframe title="Lesson" src="/lesson/PAGE" width="900" height="700"></iframe>"""


def test_a_lesson_plays_in_scorm_again(browser: Browser) -> None:
    """In the frame of a learning system, as in Moodle; and axe finds nothing in it."""
    node.require_peers()
    runtime = ROOT / "tests/peers/node_modules/scorm-again/dist/scorm2004.js"

    def answer(route: Route) -> None:
        path = urlsplit(route.request.url).path
        if path == "/":
            route.fulfill(body=FRAME.replace("PAGE", FIRST), content_type="text/html")
        elif path == "/scorm.js":
            route.fulfill(body=runtime.read_text(), content_type="text/javascript")
        else:
            name = path.removeprefix("/lesson/")
            kinds = {"html": "text/html", "js": "text/javascript", "css": "text/css"}
            kind = kinds.get(name.rpartition(".")[2], "image/svg+xml")
            route.fulfill(body=FILES[name], content_type=f"{kind}; charset=utf-8")

    context = browser.new_context(reduced_motion="reduce")
    context.route(f"{LMS}/**", answer)
    page = context.new_page()
    errors: list[str] = []
    page.on("pageerror", lambda error: errors.append(str(error)))
    page.goto(f"{LMS}/")
    lesson = page.frame_locator("iframe")
    lesson.get_by_label("When she agreed to it").check()
    lesson.get_by_role("button", name="Check my answer").click()
    lesson.get_by_text("Yes. This service alone.").wait_for()
    lesson.get_by_role("button", name="I have read this").click()
    cmi = json.loads(page.evaluate("JSON.stringify(window.API_1484_11.cmi)"))
    assert cmi["completion_status"] == "completed"
    assert cmi["progress_measure"] == "1"

    page.goto(f"{LMS}/lesson/{FIRST}")
    assert violations(page) == []
    assert errors == []
    context.close()


class Moodle(BaseHTTPRequestHandler):
    """Its page, which sends the browser on with a form: to us, from another site."""

    def do_GET(self) -> None:
        found = parse_qs(urlsplit(self.path).query)
        asked = {name: values[0] for name, values in found.items()}
        to = asked["redirect_uri"]
        course = f"{to.removesuffix('/lti/launch')}/academy/small/"
        fields = "".join(
            f'<input name="{name}" value="{value}">'
            for name, value in message(Conf(course=course), asked).items()
        )
        self.send_response(200)
        self.send_header("Content-Type", "text/html")
        self.end_headers()
        form = f'<form method="post" action="{to}">{fields}<button>On</button></form>'
        self.wfile.write(f'<link rel="icon" href="data:,">{form}'.encode())

    def log_message(self, *_said: Any) -> None:
        """Nothing."""


@pytest.fixture
def moodle() -> Iterator[str]:
    """On 127.0.0.1, which is another site than localhost."""
    with ThreadingHTTPServer(("127.0.0.1", 0), Moodle) as server:
        Thread(target=server.serve_forever, daemon=True).start()
        yield f"http://127.0.0.1:{server.server_port}"
        server.shutdown()


@pytest.mark.parametrize("language", LANGUAGES)
def test_somebody_comes_from_another_learning_system(
    version: Version,
    coordinator: User,
    learner: User,
    language: str,
    settings: Any,
    live_server: LiveServer,
    moodle: str,
    monkeypatch: pytest.MonkeyPatch,
    watch: Watch,
    sign_in: SignsIn,
    accessible: Callable[[Page], None],
    picture: Callable[[Page, str], None],
) -> None:
    settings.ADDRESS = live_server.url
    watch.expect(urlsplit(moodle).netloc)
    actions.add_platform(by=coordinator, **SAID | {"login_url": f"{moodle}/auth"})
    monkeypatch.setattr(web, "request_json", Web(keys.build_public_keyset()).ask)
    course = actions.build_course_address(version.course)

    page = sign_in(learner, language=language)
    said = {"iss": ISSUER, "target_link_uri": course, "login_hint": "5"}
    page.goto(f"/lti/login?{urlencode(said)}")
    page.get_by_role("button", name="On").click()
    accessible(page)
    picture(page, "lti-came")
    page.locator("main a[href^='/lti/from/']:not([href$='/enter'])").click()
    accessible(page)
    picture(page, "lti-link")
    with page.expect_navigation():
        page.locator("form button[type=submit]").last.click()
    assert urlsplit(page.url).path == "/academy/small/"
    assert AccountLink.objects.get().person == learner
    page.goto("/lti/mine")
    accessible(page)
    picture(page, "lti-mine")


@pytest.mark.parametrize(
    ("language", "scripts"), [("en", True), ("ar", True), ("en", False)]
)
def test_a_conversation_is_practised_to_its_end(
    version: Version,
    learner: User,
    language: str,
    scripts: bool,
    sign_in: SignsIn,
    accessible: Callable[[Page], None],
    picture: Callable[[Page, str], None],
) -> None:
    courses.begin_course(version, by=learner)
    page = sign_in(learner, language=language, scripts=scripts)

    def look(name: str) -> None:
        if scripts:
            accessible(page)
            picture(page, f"interview-{name}")

    page.goto("/academy/small/m1/")
    page.locator('main a[href*="/academy/interviews/"]').click()
    look("before")
    page.locator('[data-kind="primary"]').click()
    page.locator(".answer").first.wait_for()
    look("scene")
    for _turn in range(12):
        if not page.locator(".answer").count():
            break
        with page.expect_navigation():
            page.locator(".answer").first.click()
    assert page.locator("#over").count() == 1
    look("over")


def test_a_learner_reads_what_is_told_before_agreeing(
    learner: User,
    settings: Any,
    sign_in: SignsIn,
    accessible: Callable[[Page], None],
    picture: Callable[[Page, str], None],
) -> None:
    settings.LRS_URL = "https://lrs.example/xAPI"
    settings.LRS_NAME = "The ministry’s record store"
    page = sign_in(learner)
    page.goto("/academy/told/")
    accessible(page)
    picture(page, "told-elsewhere")
    page.locator('[data-kind="primary"]').click()
    page.get_by_text("You agreed", exact=True).wait_for()
    accessible(page)
    sharing = SharingAgreement.objects.get()
    assert str(sharing.pseudonym) in page.content()
