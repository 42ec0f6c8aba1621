"""A visitor applies with the keyboard alone; the whole road is walked in
`test_from_enquiry_to_role`."""

import pytest

from amana import given
from amana.academy.cohorts import actions
from amana.academy.cohorts.models import Application
from amana.academy.cohorts.states import ApplicationStatus
from amana.academy.cohorts.tests.conftest import a_plan
from amana.academy.courses import actions as courses
from amana.academy.courses.tests.courses import small_course
from amana.trust.access.models import Role

from .conftest import Opens

pytestmark = pytest.mark.django_db(transaction=True)


def test_a_visitor_applies_by_keyboard_alone(visit: Opens) -> None:
    coordinator = given.make_worker(role=Role.COORDINATOR)
    version = courses.publish_version(small_course(), by=coordinator)
    cohort = actions.open_cohort(version, a_plan(scholarships=1), by=coordinator)

    page = visit()
    page.goto(f"/courses/apply/{cohort.pk}")
    page.locator("input[name=contact]").focus()
    page.keyboard.type("+962790000000")
    for _ in range(6):
        page.keyboard.press("Tab")
    page.keyboard.press("Tab")
    page.keyboard.press("Enter")
    page.wait_for_url("**/courses/sent")
    assert Application.objects.get().state == ApplicationStatus.APPLIED
