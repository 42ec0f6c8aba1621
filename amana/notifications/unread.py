"""What a person has not read yet: for the badge, and for the list."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date
from typing import Any
from uuid import UUID

from django.db.models import Exists, OuterRef, Q, QuerySet

from amana.care.cases.models import Urgency
from amana.care.referrals import calendars
from amana.notifications.kinds import KINDS, NotificationKind, NotificationText
from amana.notifications.models import Notification, NotificationTopic, ReadMark
from amana.notifications.rules import filter_by_kind, filter_for_person, filter_readable
from amana.trust.access.models import User
from amana.trust.access.prepared import PreparedQuery, Worded, prepare_query
from amana.trust.access.rules import find_team_ids
from amana.ui import badges

NO_DAY = date.min
"""For kinds that ask for none."""

SHOWN = 50
"""So many, the newest first: by their number, whatever a clock says."""


@prepare_query(User, date)
def find_shown(user: User, day: date) -> QuerySet[Notification]:
    """Find what the person may read, and whether they have."""
    marks = ReadMark.objects.filter(notification=OuterRef("pk"), user=user)
    mine = Notification.objects.to_read().filter(filter_readable(user, day))
    return mine.annotate(is_read=Exists(marks)).order_by("-pk")


@prepare_query(User)
def find_unread_kinds(user: User) -> QuerySet[Any]:
    """Find the kinds of which something may be unread; nothing of it is shown."""
    rows = Notification.objects.to_read().filter(
        filter_for_person(user), filter_unread(user)
    )
    return rows.order_by("what").values("what").distinct()


def filter_unread(user: User) -> Q:
    marks = ReadMark.objects.filter(notification=OuterRef("pk"), user=user)
    return Q(~Exists(marks))


def prepare_unread(kind: NotificationKind) -> PreparedQuery[Notification]:
    """Prepare the query for what the person may read and has not, of one kind."""

    def of(user: User, day: date = NO_DAY) -> QuerySet[Notification]:
        mine = filter_for_person(user) & filter_by_kind(kind, user, day)
        return Notification.objects.filter(mine, filter_unread(user))

    return PreparedQuery(of, User, date) if kind.by_day else PreparedQuery(of, User)


UNREAD = {kind: prepare_unread(kind) for kind in KINDS}


def iterate_queries(user: User) -> Iterator[Worded]:
    """Iterate the queries that count for the badge."""
    # Only the kinds that there are: one query over all of them takes longer to compile
    # than most answers take.
    there = {row["what"] for row in find_unread_kinds.of(user).all()}
    for kind, unread in UNREAD.items():
        if not there.isdisjoint(kind.whats):
            given = (user, calendars.get_today()) if kind.by_day else (user,)
            yield unread.of(*given).some(badges.AT_MOST)


ALL_OF_THEM = 1_000_000


@prepare_query(User)
def find_for_person(user: User) -> QuerySet[Notification]:
    return Notification.objects.filter(user=user)


@prepare_query(User)
def find_for_teams(user: User) -> QuerySet[Notification]:
    return Notification.objects.filter(team__in=find_team_ids(user))


def iterate_newest_queries(user: User) -> Iterator[Worded]:
    """Iterate two queries for the last row meant for a person, one index each."""
    # Whether or not it may be read: this shows that something changed, and not what.
    yield find_for_person.of(user).some(ALL_OF_THEM)
    yield find_for_teams.of(user).some(ALL_OF_THEM)


@dataclass(frozen=True)
class NotificationEntry:
    """A notification as the list shows it."""

    notification: Notification
    line: NotificationText

    @property
    def what(self) -> str:
        return self.line.what or str(NotificationTopic(self.notification.what).label)

    @property
    def urgency(self) -> str:
        return str(Urgency(self.line.urgency).label) if self.line.urgency else ""

    @property
    def tone(self) -> str:
        return Urgency(self.line.urgency).tone if self.line.urgency else "plain"

    @property
    def is_read(self) -> bool:
        return bool(self.notification.is_read)  # type: ignore[attr-defined]


def list_entries(user: User) -> list[NotificationEntry]:
    """List the newest, each with its line: one query for each kind that is there."""
    day = calendars.get_today()
    found = find_shown.of(user, day).first(SHOWN)
    lines: dict[tuple[str, UUID | int], NotificationText] = {}
    for kind in KINDS:
        ids = {get_object_id(n, kind.by_number) for n in found if n.what in kind.whats}
        if ids:
            told = kind.lines(ids, user, day)
            lines |= {(what, id): told[id] for what in kind.whats for id in told}
    return [
        NotificationEntry(notification, lines[key])
        for notification in found
        if (
            # Rows without an object hold the nil UUID, and are found by their number.
            key := (
                notification.what,
                get_object_id(notification, not notification.object.int),
            )
        )
        in lines
    ]


def get_object_id(notification: Notification, by_number: bool) -> UUID | int:
    return notification.number if by_number else notification.object
