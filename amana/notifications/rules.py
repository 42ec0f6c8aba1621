"""Who may read a notification: whom it is for, of what they see at this moment."""

from datetime import date

from django.db.models import OuterRef, Q

from amana.care.referrals import calendars
from amana.notifications.kinds import KINDS, NotificationKind
from amana.trust.access.everyones import RowwiseExists
from amana.trust.access.models import User
from amana.trust.access.rules import define_rule, find_team_ids


@define_rule
def read_notification(user: User) -> Q:
    return filter_readable(user, calendars.get_today())


def filter_readable(user: User, day: date) -> Q:
    """Restrict to what is for the person or a team of theirs, was done by another, and
    is about something that its own room's rule shows them now.

    So a restricted case, an ended place and a recalled offer are gone from here at
    once."""
    of_any = Q(*(filter_by_kind(kind, user, day) for kind in KINDS), _connector=Q.OR)
    return filter_for_person(user) & of_any


def filter_for_person(user: User) -> Q:
    """Restrict to what is for the person or a team of theirs, and was not done by
    themselves."""
    theirs = Q(user=user) | Q(team__in=find_team_ids(user))
    return theirs & (Q(by=None) | ~Q(by=user))


def filter_by_kind(kind: NotificationKind, user: User, day: date) -> Q:
    rows = kind.rows(user, day).filter(**{kind.id: OuterRef(kind.column)})
    return Q(RowwiseExists(rows), what__in=kind.whats)


@define_rule
def be_told(user: User) -> Q:
    """Allow, for people, the numbers of one's own tasks."""
    return Q(pk=user.pk, is_active=True)
