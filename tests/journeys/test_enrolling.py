"""A visitor asks the help page, then a person; the academy answers and offers a place;
somebody who is let in meanwhile takes it, and the course is open."""

from collections.abc import Callable

import pytest
from playwright.sync_api import Page, expect

from amana import given
from amana.academy.cohorts import actions
from amana.academy.cohorts.models import Application, Cohort
from amana.academy.cohorts.states import Status
from amana.academy.cohorts.tests.conftest import a_plan
from amana.academy.courses import actions as courses
from amana.academy.courses.models import Enrolment
from amana.academy.courses.tests.courses import small_course
from amana.trust.access.models import Role, User

from .conftest import Opens, SignsIn, Watch

pytestmark = pytest.mark.django_db(transaction=True)

ASKED = {
    "en": "how do I get an account",
    "ar": "هل أحتاج الى حساب",
}
ANSWER = {
    "en": "two people of the mechanism vouch",
    "ar": "يزكّي شخصان من الآلية",
}


@pytest.fixture
def trainer() -> User:
    return given.a_worker(role=Role.TRAINER, name="Tariq Trainer")


@pytest.fixture
def cohort(trainer: User) -> Cohort:
    coordinator = given.a_worker(role=Role.COORDINATOR)
    version = courses.publish(small_course(), by=coordinator)
    plan = a_plan(facilitators=[trainer], fee=40, currency="EUR", scholarships=1)
    return actions.open_cohort(version, plan, by=trainer)


def send(page: Page) -> None:
    """The last form of the page."""
    page.locator("main form button[type=submit]").last.click()
    page.wait_for_load_state()


@pytest.mark.parametrize(
    ("language", "scripts"), [("en", True), ("ar", True), ("en", False)]
)
def test_from_a_question_to_a_place(
    language: str,
    scripts: bool,
    cohort: Cohort,
    trainer: User,
    visit: Opens,
    sign_in: SignsIn,
    watch: Watch,
    accessible: Callable[[Page], None],
    picture: Callable[[Page, str], None],
) -> None:
    def looked_at(page: Page, name: str) -> None:
        picture(page, name)
        if scripts:  # axe is one
            accessible(page)

    visitor = visit(language=language, scripts=scripts)
    visitor.goto("/courses/")
    looked_at(visitor, "courses-with-dates")
    visitor.locator("a[href='/courses/small/']").click()
    looked_at(visitor, "course-with-dates")

    # the help page answers what it knows
    visitor.locator("input[type=search]").fill(ASKED[language])
    visitor.keyboard.press("Enter")
    expect(visitor.locator("#answers")).to_contain_text(ANSWER[language])
    looked_at(visitor, "academy-help")
    assert ASKED[language] not in visitor.url

    # and hands over what it doesn't
    visitor.locator("textarea").fill("Is there a crèche?")
    visitor.locator("input[name=contact]").fill("rosa@example.org")
    send(visitor)
    assert visitor.url.endswith("/courses/sent")
    looked_at(visitor, "academy-asked")
    asked = Application.objects.get()
    assert (asked.source, asked.state) == ("help", Status.ENQUIRED)

    # the academy answers, and writes her down for the dates
    desk = sign_in(trainer, language=language)
    desk.goto("/courses/desk/")
    accessible(desk)
    picture(desk, "academy-desk")
    desk.locator("#queue a").click()
    expect(desk.locator("main")).to_contain_text("Is there a crèche?")
    accessible(desk)
    picture(desk, "academy-question")
    desk.locator("textarea").fill("Yes, on both days.")
    desk.locator("form[action$='/answer'] button").click()
    desk.wait_for_url("**/courses/desk/")
    desk.goto(f"/courses/desk/{asked.pk}/")
    desk.locator("form[action$='/bring'] button").click()
    desk.locator("form[action$='/offer']").wait_for()

    # two colleagues let her in (as in test_sign_in), and the academy says who she is
    rosa = given.a_worker(name="Rosa Visitor", email="rosa@example.org")
    desk.locator("input[name=email]").fill("rosa@example.org")
    desk.locator("form[action$='/link'] button").click()
    expect(desk.locator("form[action$='/link']")).to_have_count(0)
    accessible(desk)
    picture(desk, "academy-application")
    desk.locator("form[action$='/offer'] button").click()
    expect(desk.locator("form[action$='/offer']")).to_have_count(0)

    # she takes it
    own = sign_in(rosa, language=language, scripts=scripts)
    own.goto("/courses/mine/")
    looked_at(own, "my-course-dates")
    own.locator("form[action$='/accept'] button").click()
    own.locator("a[href='/academy/small/']").click()
    expect(own.locator("main")).to_contain_text("A small course")
    assert Enrolment.objects.get(person=rosa).version == cohort.version

    desk.goto(f"/courses/desk/cohorts/{cohort.pk}/")
    expect(desk.locator("main")).to_contain_text("Rosa Visitor")
    accessible(desk)
    picture(desk, "academy-cohort")
    desk.goto(f"/courses/desk/cohorts/{cohort.pk}/change")
    accessible(desk)
    picture(desk, "academy-cohort-change")


def test_a_visitor_applies_by_keyboard_alone(cohort: Cohort, visit: Opens) -> None:
    page = visit()
    page.goto(f"/courses/apply/{cohort.pk}")
    page.locator("input[name=contact]").focus()
    page.keyboard.type("+962790000000")
    for _ in range(6):
        page.keyboard.press("Tab")
    page.keyboard.press("Tab")
    page.keyboard.press("Enter")
    page.wait_for_url("**/courses/sent")
    assert Application.objects.get().state == Status.APPLIED
