"""A clinic on a case of the course: chosen and opened by the one who leads, asked about
by one who takes part, and closed with what evaluations found."""

from collections.abc import Callable

import pytest
from django.urls import reverse
from playwright.sync_api import Page, expect

from amana import given
from amana.academy.cohorts import actions as cohorts
from amana.academy.cohorts.models import Cohort
from amana.academy.cohorts.tests.conftest import a_plan
from amana.academy.courses import actions as courses
from amana.academy.courses import shipped_courses
from amana.academy.courses.engine import files
from amana.academy.practice.labs.models import Clinic
from amana.trust.access.models import Role, User
from tests.journeys.conftest import SignsIn

pytestmark = pytest.mark.django_db(transaction=True)

CODE = "lost-loop"


@pytest.fixture
def trainer(transactional_db: None) -> User:
    return given.unlock_user(given.make_worker(role=Role.TRAINER, name="Thandi Moyo"))


@pytest.fixture
def learner(transactional_db: None) -> User:
    return given.unlock_user(given.make_worker(name="Grace Achieng"))


@pytest.fixture
def cohort(trainer: User, learner: User) -> Cohort:
    coordinator = given.make_worker(role=Role.COORDINATOR, name="Amina Rahmani")
    folder = shipped_courses.map_folders()["referral-mechanism"]
    version = courses.publish_version(files.read_folder(folder), by=coordinator)
    plan = a_plan(facilitators=[trainer], capacity=9)
    cohort = cohorts.open_cohort(version, plan, by=coordinator)
    place = cohorts.invite_person(cohort, learner, by=trainer)
    cohorts.accept_place(place, by=learner)
    return cohort


@pytest.mark.parametrize(
    ("language", "scripts"), [("en", True), ("ar", True), ("fr", False)]
)
def test_a_case_of_the_course_from_the_list_to_what_evaluations_found(
    cohort: Cohort,
    trainer: User,
    learner: User,
    address: str,
    sign_in: SignsIn,
    language: str,
    scripts: bool,
    accessible: Callable[[Page], None],
    picture: Callable[[Page, str], None],
) -> None:
    def look(page: Page, name: str) -> None:
        if scripts:
            accessible(page)
        picture(page, f"clinic-{name}")

    leads = sign_in(trainer, language=language, scripts=scripts)
    leads.goto(address + reverse("labs:cases", args=[cohort.pk]))
    look(leads, "cases")
    leads.goto(address + reverse("labs:case", args=[cohort.pk, CODE]))
    look(leads, "case")
    leads.goto(address + reverse("labs:sheet", args=[cohort.pk, CODE]))
    look(leads, "sheet")
    leads.go_back()
    leads.locator("form[action$='/open'] button").click()
    expect(leads.locator("h2#answers")).to_be_visible()
    clinic = Clinic.objects.get()

    move_on(leads)
    give = leads.locator("form[action*='/give/'] button")
    expect(give).to_have_count(5)
    give.first.click()
    expect(give).to_have_count(4)
    look(leads, "presenter")

    mine = sign_in(learner, language=language, scripts=scripts)
    mine.goto(address + reverse("labs:clinic", args=[clinic.pk]))
    # All of the page is in the reader's language, the case too.
    expect(mine.locator("section.card .stack").first).to_have_attribute(
        "lang", language
    )
    expect(mine.locator("h2#answers")).to_have_count(0)
    look(mine, "circle")
    for _stage in range(4):
        move_on(leads)
    mine.reload()
    expect(mine.locator("#findings")).to_be_visible()
    look(mine, "end")


def move_on(page: Page) -> None:
    """Press the button that leads to the next stage, and wait until it has come."""
    stage = page.locator("input[name=to]").get_attribute("value") or ""
    page.locator("form:has(input[name=to]) button").click()
    expect(page.locator(f"input[name=to][value={stage}]")).to_have_count(0)
