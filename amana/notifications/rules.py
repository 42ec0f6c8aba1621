"""Who may read a notification: whom it is for, of what they see at this moment."""

from datetime import date

from django.db.models import OuterRef, Q

from amana.care.referrals import calendars
from amana.notifications.kinds import KINDS, Kind
from amana.trust.access.everyones import ForEach
from amana.trust.access.models import User
from amana.trust.access.rules import rule, teams_of


@rule
def read_notification(user: User) -> Q:
    return readable(user, calendars.today())


def readable(user: User, day: date) -> Q:
    """Restrict to what is for the person or a team of theirs, was done by another, and
    is about something that its own room's rule shows them now.

    So a restricted case, an ended place and a recalled offer are gone from here at
    once."""
    of_any = Q(*(about(kind, user, day) for kind in KINDS), _connector=Q.OR)
    return for_person(user) & of_any


def for_person(user: User) -> Q:
    """Restrict to what is for the person or a team of theirs, and was not done by
    themselves."""
    theirs = Q(user=user) | Q(team__in=teams_of(user))
    return theirs & (Q(by=None) | ~Q(by=user))


def about(kind: Kind, user: User, day: date) -> Q:
    rows = kind.rows(user, day).filter(**{kind.id: OuterRef(kind.column)})
    return Q(ForEach(rows), what__in=kind.whats)


@rule
def be_told(user: User) -> Q:
    """Allow, for people, the numbers of one's own tasks."""
    return Q(pk=user.pk, is_active=True)
