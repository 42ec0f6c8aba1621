"""Somebody asks, gets a place, learns where there is no network, meets thirty others,
passes the test, hands in work that another person judges, and is certified; a stranger
sees that the certificate is true, and the role that asks for it opens.

In English, in Arabic and in French; in French the visitor has no JavaScript. What
stands beside this road is walked by `test_enrolling`, `test_learning_offline`,
`test_session_room` and `test_certificates`.
"""

from pathlib import Path
from threading import Lock

import pytest
from django.utils import timezone
from playwright.sync_api import Page, expect

from amana import given
from amana.academy.assessment import actions as works
from amana.academy.cohorts import actions as cohorts
from amana.academy.cohorts.models import Application, Cohort
from amana.academy.cohorts.states import ApplicationStatus
from amana.academy.cohorts.tests.conftest import a_plan
from amana.academy.courses import actions as courses
from amana.academy.courses.models import Enrolment
from amana.academy.courses.tests.courses import CERTIFICATES, small_course
from amana.academy.credentials.models import Certificate
from amana.academy.gates.tests.conftest import asking
from amana.academy.sessions.tests.meeting import LIVE, a_learner
from amana.care.cases.tests.corpus import a_pdf
from amana.design.mechanism import actions as mechanisms
from amana.trust.access.models import Membership, Role, Team, User

from .conftest import Looks, Opens, SignsIn, Watch
from .kept_on_a_phone import learns_where_there_is_no_network, passes_the_test
from .test_certificates import opened, outcome, without_network
from .thirty_in_a_room import Room, plans_to_meet

__all__ = ["without_network"]

pytestmark = pytest.mark.django_db(transaction=True)

ASKED = {
    "en": "how do I get an account",
    "ar": "هل أحتاج الى حساب",
    "fr": "faut-il un compte",
}
ANSWER = {
    "en": "two people of the mechanism vouch",
    "ar": "يزكّي شخصان من الآلية",
    "fr": "deux personnes du mécanisme",
}
WORDS = "We ask her first. We say to whom, what and why, and she may say no."
CROWD = 27
"""People who take part by ordinary requests, beside three in browsers. In English:
how many there are is the same in each language."""


@pytest.fixture
def coordinator() -> User:
    return given.make_worker(role=Role.COORDINATOR, name="Nadia Rahal")


@pytest.fixture
def trainer() -> User:
    return given.make_worker(role=Role.TRAINER, name="Tariq Haddad")


@pytest.fixture
def cohort(trainer: User, coordinator: User) -> Cohort:
    """Its course certifies who passed the test, handed in work and came to the
    session."""
    certified = CERTIFICATES.replace("basics", "foundation")
    changed = {
        "certificates.yaml": certified.replace(
            "  assignments: [m1]\n", "  assignments: [m1]\n  sessions: [m1]\n"
        ),
        "modules/1-consent/live.yaml": LIVE,
    }
    version = courses.publish_version(small_course(**changed), by=coordinator)
    today = timezone.localdate()
    plan = a_plan(
        facilitators=[trainer],
        fee=40,
        currency="EUR",
        scholarships=1,
        starts_on=today,
        open_until=today,
        capacity=40,
    )
    return cohorts.open_cohort(version, plan, by=trainer)


@pytest.fixture
def house(coordinator: User, tmp_path: Path) -> Team:
    """Its first responders need the certificate that the course gives."""
    team = given.make_team(of=given.make_organisation(name="Dar Amal"), name="House")
    for path, content in asking().items():
        (tmp_path / path).parent.mkdir(parents=True, exist_ok=True)
        (tmp_path / path).write_bytes(content)
    version = mechanisms.adopt_shipped(tmp_path, by=coordinator)
    mechanisms.give_part(version.mechanism, "responder", team, by=coordinator)
    return team


@pytest.fixture
def supervisor(house: Team) -> User:
    return given.make_worker(of=house, role=Role.SUPERVISOR, name="Samir Haddad")


@pytest.fixture
def assessor(coordinator: User) -> User:
    found = given.make_worker(name="Hugo Martin")
    works.appoint(found, by=coordinator)
    return found


@pytest.mark.parametrize(
    ("language", "scripts"), [("en", True), ("ar", True), ("fr", False)]
)
def test_from_a_first_question_to_the_role_that_opens(
    language: str,
    scripts: bool,
    cohort: Cohort,
    house: Team,
    trainer: User,
    assessor: User,
    supervisor: User,
    coordinator: User,
    turns: Lock,
    visit: Opens,
    sign_in: SignsIn,
    watch: Watch,
    without_network: Page,
    tmp_path: Path,
    look: Looks,
) -> None:
    look.by_axe = language == "en"  # in others by test_every_page
    for expected in ("409", "422", "ERR_INTERNET_DISCONNECTED"):
        watch.expect(expected)
    visitor = visit(language=language, scripts=scripts)
    asks(visitor, language, look, scripts)
    desk = sign_in(trainer, language=language)
    answers_and_brings(desk, look)
    rosa = given.make_worker(name="Rosa Visitor", email="rosa@example.org")
    offers(desk, look)
    own = sign_in(rosa, language=language)
    takes_the_place(own, look)

    boss = sign_in(coordinator, language=language)
    membership = is_proposed(boss, house, rosa)
    led = sign_in(supervisor, language=language)
    confirms(led, membership)
    expect(led.locator("body")).to_contain_text("Asks first")
    look(led, "certified-turned-away")

    learns_where_there_is_no_network(own, look)
    with turns:
        beside = sign_in(a_learner(cohort, name="Boris Petrov"), language="en")
        plain = sign_in(
            a_learner(cohort, name="Chen Wei"), language=language, scripts=False
        )
        many = CROWD if language == "en" else 0
        crowd = [given.sign_in(a_learner(cohort)) for _ in range(many)]
    session = plans_to_meet(desk, cohort, look)
    Room(session, turns, look, desk, own, beside, plain, crowd).meets()
    passes_the_test(own, rosa, look)

    own.set_viewport_size({"width": 1280, "height": 800})
    hands_in_work(own, look)
    judges(sign_in(assessor, language=language), look)
    is_certified(own, look)

    certificate = Certificate.objects.get()
    file = takes_it_home(own, certificate)
    checked = opened(without_network, tmp_path, certificate)
    assert outcome(checked, file.read_bytes()) == "valid"
    expect(checked.locator("#facts")).to_contain_text("Rosa Visitor")
    is_believed_by_a_stranger(visitor, file)

    confirms(led, membership)
    assert Membership.objects.get(pk=membership.pk).confirmed_at
    is_counted(boss, look)


def send(page: Page, form: str = "main form") -> None:
    """The last form of that kind on the page."""
    with page.expect_navigation():
        page.locator(f"{form} button[type=submit]").last.click()


def follow(page: Page, link: str) -> None:
    with page.expect_navigation():
        page.locator(link).first.click()


# --- asking, and a place


def asks(page: Page, language: str, look: Looks, scripts: bool) -> None:
    """The help page answers what it knows, and hands over what it doesn't."""
    page.goto("/courses/")
    look(page, "courses-with-dates", scripts=scripts)
    follow(page, "a[href='/courses/small/']")
    look(page, "course-with-dates", scripts=scripts)
    page.locator("input[type=search]").fill(ASKED[language])
    page.keyboard.press("Enter")
    expect(page.locator("#answers")).to_contain_text(ANSWER[language])
    look(page, "academy-help", scripts=scripts)
    assert ASKED[language] not in page.url
    page.locator("textarea").fill("Is there a crèche?")
    page.locator("input[name=contact]").fill("rosa@example.org")
    send(page)
    assert page.url.endswith("/courses/sent")
    look(page, "academy-asked", scripts=scripts)
    asked = Application.objects.get()
    assert (asked.source, asked.state) == ("help", ApplicationStatus.ENQUIRED)


def answers_and_brings(desk: Page, look: Looks) -> None:
    """The academy answers, and writes her down for the dates."""
    desk.goto("/courses/desk/")
    look(desk, "academy-desk")
    follow(desk, "#queue a")
    expect(desk.locator("main")).to_contain_text("Is there a crèche?")
    look(desk, "academy-question")
    question = desk.url
    desk.locator("textarea").fill("Yes, on both days.")
    send(desk, "form[action$='/answer']")
    desk.goto(question)
    send(desk, "form[action$='/bring']")


def offers(desk: Page, look: Looks) -> None:
    """Two colleagues have let her in, as in test_sign_in; the desk says who she is."""
    desk.locator("input[name=email]").fill("rosa@example.org")
    desk.locator("form[action$='/link'] button").click()
    expect(desk.locator("form[action$='/link']")).to_have_count(0)
    look(desk, "academy-application")
    desk.locator("form[action$='/offer'] button").click()
    expect(desk.locator("form[action$='/offer']")).to_have_count(0)


def takes_the_place(own: Page, look: Looks) -> None:
    own.goto("/courses/mine/")
    look(own, "my-course-dates")
    own.locator("form[action$='/accept'] button").click()
    follow(own, "a[href='/academy/small/']")
    assert Enrolment.objects.get().person.name == "Rosa Visitor"


# --- the role that asks for a certificate


def is_proposed(boss: Page, house: Team, person: User) -> Membership:
    boss.goto(f"/teams/{house.pk}/propose")
    boss.locator("[name=name]").fill(person.name)
    boss.locator("[name=email]").fill(person.email)
    boss.locator(f"[name=role][value={Role.SCREENER}]").check()
    boss.locator("main .form button[type=submit]").click()
    expect(boss.locator("h1")).to_be_visible()
    boss.wait_for_load_state("networkidle")
    return Membership.objects.get(team=house, user=person)


def confirms(led: Page, membership: Membership) -> None:
    led.goto(f"/keys/members/{membership.pk}/confirm")
    led.locator("[name=compared]").check()
    led.locator("main form button[type=submit]").first.click()
    led.wait_for_load_state("networkidle")


def is_counted(boss: Page, look: Looks) -> None:
    boss.goto("/academy/roles/")
    expect(boss.locator("main")).to_contain_text("Rosa Visitor")
    look(boss, "certified-roles")
    boss.goto("/academy/work/assessors/")
    look(boss, "certified-assessors")
    boss.goto("/mechanism/")
    look(boss, "certified-counted")


# --- work that another person judges, and the certificate


def hands_in_work(own: Page, look: Looks) -> None:
    own.goto("/academy/small/progress")
    look(own, "certified-lacking")
    own.goto("/academy/small/m1/assignment")
    look(own, "certified-assignment")
    follow(own, 'a[href$="/academy/work/for/small/m1/"]')
    own.locator("textarea").fill(WORDS)
    file = {"name": "list.pdf", "mimeType": "application/pdf", "buffer": a_pdf()}
    own.locator("[name=file_1]").set_input_files(file)  # type: ignore[arg-type]
    look(own, "certified-hand-in")
    send(own)
    look(own, "certified-handed-in")


def judges(page: Page, look: Looks) -> None:
    """Somebody who does not learn whose work it is."""
    page.goto("/academy/")
    follow(page, 'a[href="/academy/work/"]')
    expect(page.locator("main")).not_to_contain_text("Rosa")
    look(page, "certified-queue")
    follow(page, "main table a")
    look(page, "certified-to-judge")
    follow(page, '.primary-bar [data-kind="primary"]')
    page.locator('[name="level_0"][value="1"]').check()
    page.locator('[name="passage_0"]').fill("She must say yes")
    send(page)
    look(page, "certified-judge-not-there")
    page.locator('[name="passage_0"]').fill("We say to whom, what and why")
    send(page)
    look(page, "certified-judged")
    expect(page.locator("main")).not_to_contain_text("Rosa")


def is_certified(own: Page, look: Looks) -> None:
    own.reload()
    look(own, "certified-passed")
    assert not Certificate.objects.exists()
    own.goto("/academy/small/progress")
    follow(own, 'a[href$="/academy/work/for/small/name"]')
    own.locator("[value=name]").check()
    look(own, "certified-name")
    send(own)
    look(own, "certified-earned")


def takes_it_home(own: Page, certificate: Certificate) -> Path:
    own.goto(f"/certificates/{certificate.pk}/")
    with own.expect_download() as download:
        own.locator("a[href$='/file/json']").click()
    return Path(download.value.path())


def is_believed_by_a_stranger(visitor: Page, file: Path) -> None:
    """Somebody without an account, who was only handed the file."""
    visitor.goto("/certificates/verify")
    visitor.locator("input[type=file]").set_input_files(file)
    send(visitor)
    expect(visitor.locator("main")).to_contain_text("Rosa Visitor")
