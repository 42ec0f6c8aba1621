"""An outsider opens an account by a link in a mail and enrols by an
invitation; their trainer invites a list, sees how far they are once they share it, and
writes to them. Each page is looked at wide and narrow, by axe, in three languages."""

import re

import pytest
from django.conf import settings
from django.core import mail
from playwright.sync_api import Page

from amana import given
from amana.academy.cohorts import actions
from amana.academy.cohorts.models import Cohort
from amana.academy.cohorts.tests.conftest import a_plan
from amana.academy.courses import actions as courses
from amana.academy.courses.tests.courses import small_course
from amana.academy.sessions.tests.meeting import a_session
from amana.trust.access.models import Role, User

from .conftest import Looks, Opens, SignsIn, Watch

pytestmark = pytest.mark.django_db(transaction=True)

LANGUAGES = ("en", "fr", "ar")
LIST = """wanjiru@example.org, Wanjiru Kamau, fr
no address
otieno@example.org; Otieno; klingon"""


@pytest.fixture
def trainer() -> User:
    return given.make_worker(role=Role.TRAINER, name="Tariq Haddad")


@pytest.fixture
def cohort(trainer: User) -> Cohort:
    coordinator = given.make_worker(role=Role.COORDINATOR)
    version = courses.publish_version(small_course(), by=coordinator)
    plan = a_plan(facilitators=[trainer], capacity=5)
    return actions.open_cohort(version, plan, by=coordinator)


def find_link() -> str:
    """The path in the mail that came last."""
    body = str(mail.outbox[-1].body)
    [found] = re.findall(rf"{re.escape(settings.ADDRESS)}(/\S+)", body)
    return str(found)


def press(page: Page, path: str) -> None:
    """Press the button of the form that is sent to a path."""
    page.locator(f'form[action="{path}"] button[type=submit]').first.click()


@pytest.mark.parametrize("language", LANGUAGES)
def test_an_outsider_enrols_and_is_not_lost(
    language: str,
    cohort: Cohort,
    trainer: User,
    visit: Opens,
    sign_in: SignsIn,
    look: Looks,
) -> None:
    leads = sign_in(trainer, language=language)
    invitations = f"/courses/desk/cohorts/{cohort.pk}/invitations/"
    leads.goto(invitations)
    look(leads, "invitations")
    leads.locator("details summary").last.click()
    leads.locator("input[name=places]").fill("3")
    press(leads, invitations)
    link = leads.locator("input[readonly]").input_value()
    leads.locator("textarea[name=people]").fill(LIST)
    press(leads, f"{invitations}list")
    look(leads, "list-sent")

    page = visit(language=language)
    page.goto(link.removeprefix(settings.ADDRESS))
    look(page, "enrol")
    page.locator("a[href*='/learn/?next=']").click()
    look(page, "learn-here")
    page.locator("input[name=address]").fill(f"amani-{language}@example.org")
    press(page, page.locator("form:has([name=address])").get_attribute("action") or "")
    page.wait_for_url("**/learn/sent")
    look(page, "link-sent")
    page.goto(find_link())
    look(page, "learner-account-new")
    page.locator("input[name=name]").fill("Amani Mwangi")
    page.locator("input[name=accepts]").check()
    page.locator("form:has([name=accepts]) button[type=submit]").click()
    page.wait_for_url("**/courses/invited/**")
    page.locator("main form button[type=submit]").last.click()
    page.wait_for_url("**/academy/**")
    page.goto("/courses/mine/")
    page.locator("form[action$='/share'] button").click()
    look(page, "my-course-dates-learner")
    for path, name in (
        ("/learn/account", "learner-account"),
        ("/learn/account/address", "learner-address"),
        ("/learn/account/close", "learner-close"),
        ("/learn/terms", "learner-terms"),
    ):
        page.goto(path)
        look(page, name)

    for path in ("progress", "messages", "report"):
        leads.goto(f"/courses/desk/cohorts/{cohort.pk}/{path}")
        look(leads, f"cohort-{path}")
        if path == "progress":
            assert "Amani Mwangi" in leads.content()


def test_a_link_that_was_used_and_polls_of_ones_own(
    cohort: Cohort,
    trainer: User,
    visit: Opens,
    sign_in: SignsIn,
    look: Looks,
    watch: Watch,
) -> None:
    watch.expect("410")
    page = visit()
    page.goto("/learn/with/unknown")
    look(page, "link-used")
    page.goto("/courses/invited/unknown")
    look(page, "invitation-over")

    leads = sign_in(trainer)
    session = a_session(cohort, by=trainer)
    leads.goto(f"/academy/sessions/{session.pk}/polls")
    leads.locator("input[name=text]").fill("Tea or coffee?")
    leads.locator("textarea[name=options]").fill("Tea\nCoffee")
    press(leads, f"/academy/sessions/{session.pk}/polls")
    look(leads, "own-polls")
    leads.goto(f"/academy/sessions/of/{cohort.pk}/plan")
    look(leads, "plan-a-meeting")
