"""A case that a person doesn't work on, opened in an emergency: told at once, over
after a day, and no back door into another team or a kept case (P18)."""

from collections.abc import Callable
from contextlib import AbstractContextManager
from datetime import timedelta

import pytest
import time_machine
from django.core import mail
from django.core.management import call_command
from django.db import IntegrityError, transaction
from django.urls import reverse
from django.utils import timezone

from amana import given
from amana.care.cases import actions as cases
from amana.care.cases.models import Assignment, Case
from amana.care.cases.rules import list_readable_parts, see_case, work_on_case
from amana.care.emergency_access import actions
from amana.care.emergency_access.models import EmergencyAccess
from amana.errors import Refused
from amana.notifications.models import Notification, NotificationTopic
from amana.trust.access.models import Role, Team, User
from amana.trust.audit import log
from amana.trust.audit.models import AuditEvent

from .conftest import opened

pytestmark = pytest.mark.django_db


type OnCommit = Callable[..., AbstractContextManager[object]]


def page_of(case: Case, user: User) -> int:
    address = reverse("cases:case", args=[case.pk])
    return given.sign_in(user).get(address).status_code


# --- opening


def test_a_colleague_of_the_team_opens_it(case: Case, colleague: User) -> None:
    assert page_of(case, colleague) == 404
    opened(case, colleague)
    assert work_on_case.permits(colleague, case)
    shown = given.sign_in(colleague).get(reverse("cases:case", args=[case.pk]))
    assert "Hiwot Abate" in shown.content.decode()
    assert "Emergency access until" in shown.content.decode()


def test_no_other_team_and_no_role_without_keys_opens_it(case: Case) -> None:
    for role in (Role.CASE_WORKER, Role.COORDINATOR, Role.ADMINISTRATOR, Role.AUDITOR):
        stranger = given.make_worker(role=role)
        said = {"why": "danger", "words": "Let me in."}
        assert actions.open_case(case.reference, **said, by=stranger) is None
        assert page_of(case, stranger) == 404
    assert not EmergencyAccess.objects.exists()
    assert AuditEvent.objects.filter(did="found no case by reference").count() == 4


def test_a_case_kept_to_named_people_stays_theirs(
    case: Case, worker: User, colleague: User
) -> None:
    cases.restrict(case, people=[worker], by=given.unlock_user(worker))
    said = {"why": "danger", "words": "Let me in."}
    assert actions.open_case(case.reference, **said, by=colleague) is None
    assert page_of(case, colleague) == 404


def test_what_was_opened_and_is_kept_afterwards_closes(
    case: Case, worker: User, colleague: User
) -> None:
    opened(case, colleague)
    cases.restrict(case, people=[worker], by=given.unlock_user(worker))
    assert page_of(case, colleague) == 404


def test_who_left_the_team_opens_nothing(
    case: Case, colleague: User, worker: User
) -> None:
    given.end_membership(colleague.memberships.get(), by=given.unlock_user(colleague))
    said = {"why": "danger", "words": "Let me in."}
    assert actions.open_case(case.reference, **said, by=colleague) is None


def test_it_needs_a_reason(case: Case, colleague: User) -> None:
    with pytest.raises(Refused):
        actions.open_case(case.reference, why="here", words="  ", by=colleague)
    assert not Assignment.objects.filter(worker=colleague).exists()


def test_three_unreviewed_are_enough(worker: User, colleague: User, lead: User) -> None:
    some = [given.make_case(worked_on_by=worker) for _case in range(4)]
    accesses = [opened(case, colleague) for case in some[:3]]
    with pytest.raises(Refused, match="are waiting for review"):
        opened(some[3], colleague)
    said = {"why": "danger", "words": "Is there one?"}
    with pytest.raises(
        Refused, match="are waiting for review"
    ):  # of none it says the same
        actions.open_case("0000-00000", **said, by=colleague)
    actions.review_access(accesses[0], verdict="right", said="She was there.", by=lead)
    opened(some[3], colleague)


# --- told


def test_all_who_answer_for_it_are_told_at_once(
    case: Case,
    worker: User,
    colleague: User,
    lead: User,
    officer: User,
    django_capture_on_commit_callbacks: OnCommit,
) -> None:
    with django_capture_on_commit_callbacks(execute=True):
        access = opened(case, colleague)
    told = {worker, lead, officer}
    rows = Notification.objects.filter(
        what=NotificationTopic.EMERGENCY_ACCESS, number=access.pk
    )
    assert {row.user for row in rows} == told
    assert {to for m in mail.outbox for to in m.to} == {p.email for p in told}
    assert case.reference not in "".join(f"{m.subject} {m.body}" for m in mail.outbox)


def test_it_stands_in_the_persons_list(case: Case, colleague: User) -> None:
    opened(case, colleague)
    done = [event.did for event in log.find_events_about(case.pk)]
    assert "opened in an emergency" in done


# --- how long


def test_it_ends_after_a_day_also_without_a_timer(case: Case, colleague: User) -> None:
    access = opened(case, colleague)
    ago = timezone.now() - timedelta(seconds=1)
    Assignment.objects.filter(pk=access.assignment_id).update(until=ago)
    assert not work_on_case.permits(colleague, case)
    assert not see_case.permits(colleague, case)
    assert list_readable_parts(colleague, case) == frozenset()
    assert page_of(case, colleague) == 404


def test_the_timer_ends_it(case: Case, worker: User, colleague: User) -> None:
    access = opened(case, colleague)
    assert actions.tend_accesses() == (0, 0)
    with time_machine.travel(timezone.now() + timedelta(hours=25)):
        call_command("tend_emergency_access")
    access.assignment.refresh_from_db()
    assert access.assignment.ended_at is not None
    assert Assignment.objects.get(worker=worker).ended_at is None
    opened(case, colleague)


def test_who_is_assigned_meanwhile_goes_on(
    case: Case, worker: User, colleague: User
) -> None:
    opened(case, colleague)
    cases.assign(case, colleague, by=given.unlock_user(worker))
    with time_machine.travel(timezone.now() + timedelta(hours=25)):
        actions.tend_accesses()
    assert work_on_case.permits(colleague, case)


def test_it_never_becomes_the_lead(
    case: Case, worker: User, colleague: User, lead: User
) -> None:
    opened(case, colleague)
    given.end_membership(worker.memberships.get(), by=given.unlock_user(lead))
    mine = Assignment.objects.current().get(worker=colleague)
    assert (mine.part, mine.until is None) == ("emergency", False)
    with pytest.raises(IntegrityError), transaction.atomic():
        Assignment.objects.filter(pk=mine.pk).update(part="lead")


def test_who_leaves_a_case_to_an_emergency_alone_gives_it_away_first(
    team: Team, colleague: User, worker: User
) -> None:
    case = given.make_case(worked_on_by=worker)
    opened(case, colleague)
    with pytest.raises(Refused, match="No one else works"):
        given.end_membership(worker.memberships.get(), by=given.unlock_user(worker))


def test_it_neither_ends_the_work_nor_begins_it(
    case: Case, worker: User, colleague: User, lead: User
) -> None:
    opened(case, colleague)
    with pytest.raises(Refused):
        cases.close(
            case, reason="completed", checklist={}, by=given.unlock_user(colleague)
        )
    Case.objects.filter(pk=case.pk).update(closed_at=timezone.now())
    case.refresh_from_db()
    with pytest.raises(Refused, match="emergency"):
        cases.reopen(case, by=given.unlock_user(colleague))


def test_who_is_named_for_a_kept_case_works_on_it_for_good(
    case: Case, worker: User, colleague: User
) -> None:
    opened(case, colleague)
    cases.restrict(case, people=[worker, colleague], by=given.unlock_user(worker))
    mine = Assignment.objects.current().get(worker=colleague)
    assert (mine.part, mine.until) == ("support", None)
    with time_machine.travel(timezone.now() + timedelta(hours=25)):
        actions.tend_accesses()
    assert page_of(case, colleague) == 200


def test_a_lapsed_one_is_in_nobodys_way(
    case: Case, worker: User, colleague: User
) -> None:
    access = opened(case, colleague)
    ago = timezone.now() - timedelta(seconds=1)
    Assignment.objects.filter(pk=access.assignment_id).update(until=ago)
    cases.restrict(case, people=[worker, colleague], by=given.unlock_user(worker))
    assert page_of(case, colleague) == 200


def test_its_end_stands_in_the_persons_list(case: Case, colleague: User) -> None:
    opened(case, colleague)
    with time_machine.travel(timezone.now() + timedelta(hours=25)):
        actions.tend_accesses()
    done = [event.did for event in log.find_events_about(case.pk)]
    assert done[0] == "ended assignment"
