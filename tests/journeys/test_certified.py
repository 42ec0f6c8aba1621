"""Somebody learns, hands in work, and another person judges it without a name; the
certificate is there, is checked with no network, and opens a role that asks for it."""

from collections.abc import Callable
from pathlib import Path
from uuid import uuid4

import pytest
from playwright.sync_api import Page, expect

from amana import given
from amana.academy.assessment import actions as works
from amana.academy.courses import actions
from amana.academy.courses.tests.courses import CERTIFICATES, small_course
from amana.academy.courses.tests.test_actions import all_right
from amana.academy.credentials.models import Certificate
from amana.academy.gates.tests.conftest import asking
from amana.care.cases.tests.corpus import a_pdf
from amana.design.mechanism import actions as mechanisms
from amana.trust.access import actions as access
from amana.trust.access.models import Membership, Role, Team, User

from .conftest import SignsIn, Watch
from .test_certificates import opened, outcome, without_network

__all__ = ["without_network"]

pytestmark = pytest.mark.django_db(transaction=True)

WORDS = "We ask her first. We say to whom, what and why, and she may say no."


@pytest.fixture
def coordinator() -> User:
    return given.a_worker(role=Role.COORDINATOR, name="Nadia Rahal")


@pytest.fixture
def house(coordinator: User, tmp_path: Path) -> Team:
    """Its first responders need the certificate that the course gives."""
    team = given.a_team(of=given.an_organisation(name="Dar Amal"), name="House")
    for path, content in asking().items():
        (tmp_path / path).parent.mkdir(parents=True, exist_ok=True)
        (tmp_path / path).write_bytes(content)
    version = mechanisms.adopt_shipped(tmp_path, by=coordinator)
    mechanisms.give_part(version.mechanism, "responder", team, by=coordinator)
    return team


@pytest.fixture
def supervisor(house: Team) -> User:
    return given.a_worker(of=house, role=Role.SUPERVISOR, name="Samir Haddad")


@pytest.fixture
def learner(coordinator: User) -> User:
    """Has read all and passed the test."""
    said = CERTIFICATES.replace("basics", "foundation")
    course = small_course(**{"certificates.yaml": said})
    found = given.a_worker(name="Grace Achieng")
    enrolment = actions.begin(actions.publish(course, by=coordinator), by=found)
    for path in ("m1/01-asking-first", "m1/02-a-case"):
        actions.read(enrolment, path, by=found, id=uuid4())
    attempt = actions.begin_test(enrolment, "m1", by=found)
    actions.submit(attempt, all_right(attempt), by=found, id=uuid4())
    return found


@pytest.fixture
def assessor(coordinator: User) -> User:
    found = given.a_worker(name="Hugo Martin")
    works.appoint(found, by=coordinator)
    return found


def press(page: Page, selector: str = '.primary-bar [data-kind="primary"]') -> None:
    with page.expect_navigation():
        page.locator(selector).first.click()


@pytest.mark.parametrize("language", ["en", "ar"])
def test_from_work_that_is_handed_in_to_the_role_that_opens(
    language: str,
    learner: User,
    assessor: User,
    supervisor: User,
    coordinator: User,
    house: Team,
    sign_in: SignsIn,
    watch: Watch,
    without_network: Page,
    tmp_path: Path,
    accessible: Callable[[Page], None],
    picture: Callable[[Page, str], None],
) -> None:
    def look(page: Page, name: str) -> None:
        accessible(page)
        picture(page, f"certified-{name}")

    membership, _code = access.propose(
        house,
        email=learner.email,
        name=learner.name,
        language="en",
        role=Role.SCREENER,
        by=coordinator,
    )
    led = sign_in(supervisor, language=language)
    turned_away(led, membership, watch)
    look(led, "turned-away")

    own = sign_in(learner, language=language)
    own.goto("/academy/small/progress")
    look(own, "lacking")
    own.goto("/academy/small/m1/assignment")
    look(own, "assignment")
    press(own, 'a[href$="/academy/work/for/small/m1/"]')
    own.locator("textarea").fill(WORDS)
    file = {"name": "list.pdf", "mimeType": "application/pdf", "buffer": a_pdf()}
    own.locator("[name=file_1]").set_input_files(file)  # type: ignore[arg-type]
    look(own, "hand-in")
    press(own, "main form button[type=submit]")
    look(own, "handed-in")

    judges(sign_in(assessor, language=language), look)
    own.reload()
    look(own, "passed")
    assert not Certificate.objects.exists()
    own.goto("/academy/small/progress")
    press(own, 'a[href$="/academy/work/for/small/name"]')
    own.locator("[value=name]").check()
    look(own, "name")
    press(own, "main form button[type=submit]")
    look(own, "earned")

    certificate = Certificate.objects.get()
    checked = opened(without_network, tmp_path, certificate)
    with own.expect_download() as download:
        own.goto(f"/certificates/{certificate.pk}/")
        own.locator("a[href$='/file/json']").click()
    assert outcome(checked, Path(download.value.path()).read_bytes()) == "valid"
    expect(checked.locator("#facts")).to_contain_text("Grace Achieng")

    led.goto(f"/keys/members/{membership.pk}/confirm")
    confirms(led)
    membership.refresh_from_db()
    assert membership.confirmed_at
    boss = sign_in(coordinator, language=language)
    boss.goto("/academy/roles/")
    expect(boss.locator("main")).to_contain_text("Grace Achieng")
    look(boss, "roles")
    boss.goto("/academy/work/assessors/")
    look(boss, "assessors")
    boss.goto("/mechanism/")
    look(boss, "counted")


def turned_away(page: Page, membership: Membership, watch: Watch) -> None:
    watch.expect("409")
    watch.expect("422")
    page.goto(f"/keys/members/{membership.pk}/confirm")
    confirms(page)
    expect(page.locator("body")).to_contain_text("Asks first")
    membership.refresh_from_db()
    assert membership.confirmed_at is None


def confirms(page: Page) -> None:
    page.locator("[name=compared]").check()
    page.locator("main form button[type=submit]").first.click()
    page.wait_for_load_state("networkidle")


def judges(page: Page, look: Callable[[Page, str], None]) -> None:
    page.goto("/academy/")
    press(page, 'a[href="/academy/work/"]')
    expect(page.locator("main")).not_to_contain_text("Grace")
    look(page, "queue")
    press(page, "main table a")
    look(page, "to-judge")
    press(page)
    page.locator('[name="level_0"][value="1"]').check()
    page.locator('[name="passage_0"]').fill("She must say yes")
    press(page, "main form button[type=submit]")
    look(page, "judge-not-there")
    page.locator('[name="passage_0"]').fill("We say to whom, what and why")
    press(page, "main form button[type=submit]")
    look(page, "judged")
    expect(page.locator("main")).not_to_contain_text("Grace")
