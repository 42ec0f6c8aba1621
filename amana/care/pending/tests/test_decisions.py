"""A decision that waits: whose it is, how long, and that it is there once."""

from datetime import timedelta
from typing import Any

import pytest
from django.db import IntegrityError, transaction
from django.utils import timezone

from amana import given
from amana.care.cases.models import Case, Need
from amana.care.pending import actions
from amana.care.pending.models import TO_UNDO, PendingDecision
from amana.care.pending.rules import see_own_decision
from amana.errors import Refused
from amana.trust.access.models import Role, User
from amana.trust.access.rules import Denied
from tests.worlds import kept


@kept
def worker(db: None) -> User:
    return given.make_worker()


@kept
def case(worker: User) -> Case:
    return given.make_case(worked_on_by=worker)


def hold(need: Need, by: User, **more: Any) -> PendingDecision:
    due_at = more.pop("due_at", timezone.now() + TO_UNDO)
    choices = {"status": "met"}
    return actions.hold_decision(
        "cases.answer_need", need, due_at=due_at, by=by, choices=choices, **more
    )


def test_a_decision_is_of_who_made_it_alone(case, worker):
    colleague = given.make_worker(of=case.team, role=Role.SUPERVISOR)
    decision = hold(case.needs.get(), worker)
    rows = PendingDecision.objects.all()
    assert see_own_decision.permits(worker, decision)
    assert list(see_own_decision.among(rows, worker)) == [decision]
    assert not see_own_decision.permits(colleague, decision)
    assert not see_own_decision.among(rows, colleague).exists()
    with pytest.raises(Denied):
        actions.undo_decision(decision, by=colleague)
    actions.undo_decision(decision, by=worker)
    assert not rows.exists()


def test_a_decision_waits_ten_minutes_at_most(case, worker):
    later = timezone.now() + TO_UNDO + timedelta(minutes=1)
    with pytest.raises(Refused), transaction.atomic():
        hold(case.needs.get(), worker, due_at=later)
    row = PendingDecision(thing=case.pk, by=worker, due_at=later)
    with pytest.raises(IntegrityError), transaction.atomic():
        row.save()


def test_undoing_twice_is_refused_with_a_sentence(case, worker):
    decision = hold(case.needs.get(), worker)
    actions.undo_decision(PendingDecision.objects.get(), by=worker)
    with pytest.raises(Denied):
        actions.undo_decision(decision, by=worker)


def test_it_never_waits_longer_than_a_clock_that_would_tell_somebody():
    soon = timezone.now() + timedelta(minutes=3)
    assert actions.compute_due_at(soon) == soon
    assert actions.compute_due_at(timezone.now() - timedelta(minutes=3)) is None
    ten = actions.compute_due_at()
    assert ten
    assert abs(ten - timezone.now() - TO_UNDO) < timedelta(seconds=5)


def test_a_thing_that_is_gone_fails_the_decision_and_forgets_it_in_a_month(
    case, worker
):
    need = case.needs.get()
    decision = hold(need, worker)
    need.delete()
    assert not actions.carry_out(decision)
    decision.refresh_from_db()
    assert decision.failed_at
    assert actions.forget_failed() == 0
    old = timezone.now() - actions.KEPT - timedelta(days=1)
    PendingDecision.objects.update(failed_at=old)
    assert actions.forget_failed() == 1


def test_a_decision_that_was_put_into_the_database_is_not_carried_out(case, worker):
    """Who writes rows, and holds no secret of the server, acts in nobody's name."""
    need = case.needs.get()
    decision = hold(need, worker)
    PendingDecision.objects.update(choices={"status": "unmet"})
    assert not actions.carry_out(PendingDecision.objects.get())
    need.refresh_from_db()
    assert need.status == Need.Status.OPEN
    assert PendingDecision.objects.get(pk=decision.pk).failed_at is not None


def test_the_clock_carries_out_what_was_decided_here(case, worker):
    need = case.needs.get()
    hold(need, worker)
    assert actions.carry_out(PendingDecision.objects.get())
    need.refresh_from_db()
    assert need.status == Need.Status.MET
