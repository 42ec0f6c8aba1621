"""Open a page of today, and fill it."""

from datetime import timedelta
from typing import Any

from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from amana import given
from amana.care.cases.models import Case
from amana.care.referrals.models import Referral
from amana.design.directory.models import Service
from amana.home.kinds import Task
from amana.trust.access.models import User

TODAY = "/today/"


def sees(user: User) -> list[Task]:
    tasks: list[Task] = day_of(user).tasks
    return tasks


def day_of(user: User) -> Any:
    page = given.sign_in(user).get(TODAY)
    assert page.status_code == 200
    return page.context["day"]


def late(case: Case, days: int = 1) -> Case:
    """A case whose need is overdue: only the time of its column is moved."""
    at = timezone.now() - timedelta(days=days)
    case.needs.update(due_at=at)
    return case


def a_sent_referral(worker: User, to: Service) -> Referral:
    case = given.make_case(worked_on_by=worker)
    return given.make_referral(need=case.needs.get(), to=to, by=worker)


def queries(user: User) -> int:
    browser = given.sign_in(user)
    browser.get(TODAY)
    with CaptureQueriesContext(connection) as seen:
        assert browser.get(TODAY).status_code == 200
    return len(seen)


def old(case: Case, days: int = 100) -> Case:
    """Opened so long ago: only the date of its column is moved."""
    at = timezone.now() - timedelta(days=days)
    Case.objects.filter(pk=case.pk).update(opened_at=at)
    return case
