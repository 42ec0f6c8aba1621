"""Invitations by e-mail: the entry for one's calendar, which says course and place."""

from uuid import UUID

from django.core.mail import EmailMessage
from django.db.models import Q
from django.tasks import task
from django.utils import translation
from django.utils.translation import gettext as _

from amana.academy.sessions import calendars
from amana.academy.sessions.models import Session
from amana.trust.access.models import User
from amana.trust.access.tasks import has_mailbox


def send_invitations(session: Session) -> None:
    """Send invitations, in the data's own transaction: what is rolled back invites no
    one.
    """
    for person in list_people(session):
        invite.enqueue(str(session.pk), session.sequence, person.pk)


def list_people(session: Session) -> list[User]:
    """List who has a place in the cohort, and who leads it."""
    seated = session.cohort.applications.taking_part().values("person")
    leading = session.cohort.facilitators.values("pk")
    people = User.objects.filter(Q(pk__in=seated) | Q(pk__in=leading))
    return list(people.filter(is_active=True).order_by("pk"))


@task
def invite(session_id: str, sequence: int, person_id: int) -> None:
    """Invite one person, unless the session has changed since: then a later invitation
    is on its way.
    """
    sessions = Session.objects.for_page().filter(sequence=sequence)
    session = sessions.filter(pk=UUID(session_id)).first()
    person = User.objects.filter(pk=person_id, is_active=True).first()
    if session is None or person is None or not has_mailbox(person):
        return
    with translation.override(person.language):
        cancelled = session.cancelled_at is not None
        method = "CANCEL" if cancelled else "REQUEST"
        letter = EmailMessage(
            subject=_("A session is cancelled")
            if cancelled
            else _("A session for your calendar"),
            # Course and place are only in the attachment: a preview on a locked phone
            # shows nothing of what a person learns.
            body=_("Please sign in to Amana to see what it is about."),
            to=[person.email],
        )
        letter.attach(
            "invitation.ics",
            calendars.build_invitation(session, person).decode(),
            f"text/calendar; method={method}",
        )
        letter.send()
