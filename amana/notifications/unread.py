"""What a person has not read yet: for the badge, and for the list."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date
from typing import Any
from uuid import UUID

from django.db.models import Exists, OuterRef, Q, QuerySet

from amana.care.cases.models import Urgency
from amana.care.referrals import calendars
from amana.notifications.kinds import KINDS, Kind, Line
from amana.notifications.models import Notification, ReadMark, What
from amana.notifications.rules import about, for_person, readable
from amana.trust.access.kept import Kept, Worded, kept
from amana.trust.access.models import User
from amana.trust.access.rules import teams_of
from amana.ui import badges

NO_DAY = date.min
"""For kinds that ask for none."""

SHOWN = 50
"""So many, the newest first: by their number, whatever a clock says."""


@kept(User, date)
def shown(user: User, day: date) -> QuerySet[Notification]:
    """Find what the person may read, and whether they have."""
    marks = ReadMark.objects.filter(notification=OuterRef("pk"), user=user)
    mine = Notification.objects.to_read().filter(readable(user, day))
    return mine.annotate(is_read=Exists(marks)).order_by("-pk")


@kept(User)
def whats_unread(user: User) -> QuerySet[Any]:
    """Find the kinds of which something may be unread; nothing of it is shown."""
    rows = Notification.objects.to_read().filter(for_person(user), not_read(user))
    return rows.order_by("what").values("what").distinct()


def not_read(user: User) -> Q:
    marks = ReadMark.objects.filter(notification=OuterRef("pk"), user=user)
    return Q(~Exists(marks))


def unread_of(kind: Kind) -> Kept[Notification]:
    """Prepare the query for what the person may read and has not, of one kind."""

    def of(user: User, day: date = NO_DAY) -> QuerySet[Notification]:
        mine = for_person(user) & about(kind, user, day)
        return Notification.objects.filter(mine, not_read(user))

    return Kept(of, User, date) if kind.by_day else Kept(of, User)


UNREAD = {kind: unread_of(kind) for kind in KINDS}


def questions(user: User) -> Iterator[Worded]:
    """Iterate the queries that count for the badge."""
    # Only the kinds that there are: one query over all of them takes longer to compile
    # than most answers take.
    there = {row["what"] for row in whats_unread.of(user).all()}
    for kind, unread in UNREAD.items():
        if not there.isdisjoint(kind.whats):
            given = (user, calendars.today()) if kind.by_day else (user,)
            yield unread.of(*given).some(badges.AT_MOST)


ALL_OF_THEM = 1_000_000


@kept(User)
def for_me(user: User) -> QuerySet[Notification]:
    return Notification.objects.filter(user=user)


@kept(User)
def for_my_teams(user: User) -> QuerySet[Notification]:
    return Notification.objects.filter(team__in=teams_of(user))


def newest(user: User) -> Iterator[Worded]:
    """Iterate two queries for the last row meant for a person, one index each."""
    # Whether or not it may be read: this shows that something changed, and not what.
    yield for_me.of(user).some(ALL_OF_THEM)
    yield for_my_teams.of(user).some(ALL_OF_THEM)


@dataclass(frozen=True)
class Entry:
    """A notification as the list shows it."""

    notification: Notification
    line: Line

    @property
    def what(self) -> str:
        return self.line.what or str(What(self.notification.what).label)

    @property
    def urgency(self) -> str:
        return str(Urgency(self.line.urgency).label) if self.line.urgency else ""

    @property
    def tone(self) -> str:
        return Urgency(self.line.urgency).tone if self.line.urgency else "plain"

    @property
    def is_read(self) -> bool:
        return bool(self.notification.is_read)  # type: ignore[attr-defined]


def entries_for(user: User) -> list[Entry]:
    """List the newest, each with its line: one query for each kind that is there."""
    day = calendars.today()
    found = shown.of(user, day).first(SHOWN)
    lines: dict[tuple[str, UUID | int], Line] = {}
    for kind in KINDS:
        ids = {id_of(n, kind.by_number) for n in found if n.what in kind.whats}
        if ids:
            told = kind.lines(ids, user, day)
            lines |= {(what, id): told[id] for what in kind.whats for id in told}
    return [
        Entry(notification, lines[key])
        for notification in found
        if (
            # Rows without an object hold the nil UUID, and are found by their number.
            key := (notification.what, id_of(notification, not notification.object.int))
        )
        in lines
    ]


def id_of(notification: Notification, by_number: bool) -> UUID | int:
    return notification.number if by_number else notification.object
