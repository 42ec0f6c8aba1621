"""An emergency access is reviewed by another person (P18)."""

from collections.abc import Callable
from contextlib import AbstractContextManager
from datetime import timedelta

import pytest
import time_machine
from django.core import mail
from django.db import IntegrityError, transaction
from django.urls import reverse
from django.utils import timezone

from amana import given
from amana.care.cases import actions as cases
from amana.care.cases.models import Case
from amana.care.cases.rules import work_on_case
from amana.care.emergency_access import actions
from amana.care.emergency_access.models import EmergencyAccess
from amana.care.emergency_access.rules import (
    review_emergency_access,
    see_emergency_access,
)
from amana.errors import Changed, Refused
from amana.notifications.models import Notification
from amana.trust.access.models import Role, User
from amana.trust.access.rules import Denied

from .conftest import opened

pytestmark = pytest.mark.django_db


type OnCommit = Callable[..., AbstractContextManager[object]]


def test_someone_else_reviews_it(
    case: Case, worker: User, colleague: User, lead: User, officer: User
) -> None:
    access = opened(case, colleague)
    stranger = given.make_worker(role=Role.SUPERVISOR)
    for user, sees, reviews in (
        (colleague, True, False),
        (worker, True, False),
        (lead, True, True),
        (officer, True, True),
        (stranger, False, False),
    ):
        assert see_emergency_access.permits(user, access) is sees
        assert review_emergency_access.permits(user, access) is reviews
    with pytest.raises(Denied):
        actions.review_access(access, verdict="right", said="It was me.", by=colleague)
    with pytest.raises(Refused):
        actions.review_access(access, verdict="right", said=" ", by=lead)
    actions.review_access(access, verdict="right", said="She was there.", by=lead)
    assert work_on_case.permits(colleague, case)
    with pytest.raises((Changed, Denied)):
        actions.review_access(access, verdict="wrong", said="No.", by=officer)


def test_a_supervisor_does_not_review_their_own(
    case: Case, lead: User, officer: User
) -> None:
    access = opened(case, lead)
    assert not review_emergency_access.permits(lead, access)
    assert review_emergency_access.permits(officer, access)
    with pytest.raises(IntegrityError), transaction.atomic():
        EmergencyAccess.objects.update(
            reviewed_at=timezone.now(), reviewed_by=lead, verdict="right", said="Ok."
        )


@pytest.mark.parametrize("verdict", ["unneeded", "wrong"])
def test_what_was_not_right_ends_at_once(
    case: Case, colleague: User, lead: User, verdict: str
) -> None:
    access = opened(case, colleague)
    actions.review_access(access, verdict=verdict, said="No need.", by=lead)
    assert not work_on_case.permits(colleague, case)


def test_a_case_that_was_not_right_to_open_stays_shut(
    case: Case, colleague: User, lead: User
) -> None:
    access = opened(case, colleague)
    actions.review_access(access, verdict="wrong", said="No need.", by=lead)
    said = {"why": "danger", "words": "Let me in again."}
    assert actions.open_case(case.reference, **said, by=colleague) is None
    with time_machine.travel(timezone.now() + timedelta(days=31)):
        assert actions.open_case(case.reference, **said, by=colleague)


def test_the_review_stays_with_the_team_whose_case_it_was(
    case: Case, worker: User, colleague: User, lead: User
) -> None:
    access = opened(case, colleague)
    taker = given.make_worker(role=Role.SUPERVISOR)
    transfer = cases.offer_transfer(
        case,
        to=taker.memberships.get().team,
        agreed="She agrees.",
        by=given.unlock_user(worker),
    )
    cases.answer_transfer(transfer, accept=True, by=given.unlock_user(taker))
    assert review_emergency_access.permits(lead, access)
    assert not review_emergency_access.permits(taker, access)
    address = reverse("emergency_access:access", args=[access.pk])
    assert given.sign_in(lead).get(address).status_code == 200


def test_who_reviews_what_is_kept_since_reads_no_reference(
    case: Case, worker: User, colleague: User, lead: User
) -> None:
    access = opened(case, colleague)
    cases.restrict(case, people=[worker], by=given.unlock_user(worker))
    browser = given.sign_in(lead)
    for address in (
        reverse("home:today"),
        reverse("emergency_access:list"),
        reverse("emergency_access:access", args=[access.pk]),
    ):
        page = browser.get(address)
        assert page.status_code == 200
        assert case.reference not in page.content.decode()


def test_what_nobody_reviews_is_told_once(
    case: Case,
    colleague: User,
    lead: User,
    officer: User,
    django_capture_on_commit_callbacks: OnCommit,
) -> None:
    coordinator = given.make_worker(role=Role.COORDINATOR)
    access = opened(case, colleague)
    mail.outbox.clear()
    late = timezone.now() + timedelta(hours=73)
    with time_machine.travel(late), django_capture_on_commit_callbacks(execute=True):
        assert actions.tend_accesses() == (1, 1)
        assert actions.tend_accesses() == (0, 0)
    told = {officer, coordinator}
    assert {to for m in mail.outbox for to in m.to} == {p.email for p in told}
    rows = Notification.objects.filter(user=coordinator, number=access.pk)
    assert rows.exists()


def test_it_is_a_task_of_whoever_reviews(
    case: Case, colleague: User, lead: User, officer: User
) -> None:
    access = opened(case, colleague)
    address = reverse("emergency_access:access", args=[access.pk])
    for user, has_it in ((lead, True), (officer, True), (colleague, False)):
        shown = given.sign_in(user).get(reverse("home:today")).content.decode()
        assert (address in shown) is has_it
