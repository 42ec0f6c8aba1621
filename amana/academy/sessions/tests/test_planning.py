"""A session is planned, changed and cancelled."""

from datetime import timedelta
from uuid import uuid4

import pytest
from django.core import mail
from django.utils import timezone

from amana.academy.sessions import actions
from amana.academy.sessions.models import Session
from amana.academy.sessions.tests.meeting import a_session
from amana.errors import Changed, Refused
from amana.trust.access.rules import Denied

from .calendars import entries, recorded


def test_a_session_is_planned_changed_and_cancelled_in_every_calendar(
    session, learner, trainer
):
    mail.outbox.clear()
    later = session.starts_at + timedelta(days=1)
    actions.change(
        session,
        seen=0,
        starts_at=later,
        ends_at=later + timedelta(hours=1),
        by=trainer,
    )
    actions.cancel(session, by=trainer)

    mine = [letter for letter in mail.outbox if letter.to == [learner.email]]
    (moved,), (gone,) = map(entries, mine)
    assert moved["UID"] == gone["UID"]
    assert (moved["SEQUENCE"], gone["SEQUENCE"]) == (1, 2)
    assert moved["DTSTART"].dt == later
    assert gone["STATUS"] == "CANCELLED"
    assert trainer.name not in str(mine[0].message())
    assert recorded("changed session") == recorded("cancelled session") == 1


def test_only_whoever_leads_the_cohort_plans(cohort, learner):
    with pytest.raises(Denied):
        a_session(cohort, by=learner)


def test_a_module_without_a_plan_has_no_session(cohort, trainer):
    now = timezone.now()
    with pytest.raises(Refused, match="no plan"):
        actions.plan(cohort, "m2", starts_at=now, ends_at=now, by=trainer)


def test_who_changes_second_is_told(session, trainer):
    again = Session.objects.get(pk=session.pk)
    actions.change(session, seen=0, venue="Hall 1", by=trainer)
    with pytest.raises(Changed):
        actions.change(again, seen=0, venue="Hall 2", by=trainer)


def test_a_cancelled_session_stays_cancelled(session, trainer):
    actions.cancel(session, by=trainer)
    with pytest.raises(Refused, match="cancelled"):
        actions.cancel(session, by=trainer)
    with pytest.raises(Refused, match="cancelled"):
        actions.change(session, seen=1, by=trainer)
    with pytest.raises(Refused, match="cancelled"):
        actions.open_room(session, by=trainer, id=uuid4())


def test_a_new_calendar_address_ends_the_old(learner):
    first = actions.renew_calendar(by=learner).key
    assert actions.renew_calendar(by=learner).key != first
