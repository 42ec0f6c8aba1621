"""What happens to sessions when something happens in other rooms."""

from datetime import timedelta

from django.core import mail
from django.utils import timezone

from amana.academy.cohorts import actions as cohorts
from amana.academy.sessions import actions
from amana.academy.sessions.models import Session
from amana.academy.sessions.tests.calendars import entries
from amana.academy.sessions.tests.meeting import a_session


def test_a_cohort_that_is_called_off_leaves_every_calendar(
    cohort, session, learner, trainer
):
    past = timezone.now() - timedelta(days=2)
    held = a_session(
        cohort, by=trainer, starts_at=past, ends_at=past + timedelta(hours=1)
    )
    before = a_session(cohort, by=trainer)
    actions.cancel(before, by=trainer)
    mail.outbox.clear()

    cohorts.cancel_cohort(cohort, by=trainer)

    standing = Session.objects.standing()
    assert list(standing) == [held]
    mine = [message for message in mail.outbox if message.to == [learner.email]]
    [(gone,)] = [entries(message) for message in mine if message.attachments]
    assert (gone["UID"], gone["STATUS"]) == (session.uid, "CANCELLED")
    assert len(mine) == 2  # and that something waits
