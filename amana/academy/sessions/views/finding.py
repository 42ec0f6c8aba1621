"""The session that a user may see, lead or attend."""

from uuid import UUID

from amana.academy.sessions.models import Participant, Session
from amana.academy.sessions.rules import lead_session, see_session
from amana.trust.access.http import Request


def seen(request: Request, pk: UUID) -> Session:
    return see_session.find(Session.objects.for_page(), request.user, pk=pk)


def led(request: Request, pk: UUID) -> Session:
    return lead_session.find(Session.objects.for_page(), request.user, pk=pk)


def seat_of(request: Request, session: Session) -> Participant | None:
    return session.seats.filter(person=request.user).first()
