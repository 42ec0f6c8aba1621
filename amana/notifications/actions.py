"""Notify of changes, and record what was read."""

from collections.abc import Iterable
from uuid import UUID

from django.db import transaction

from amana.notifications.models import NONE, Notification, NotificationTopic, ReadMark
from amana.notifications.rules import read_notification
from amana.trust.access.models import User


@transaction.atomic
def notify(
    what: NotificationTopic,
    about: UUID | int,
    *,
    teams: Iterable[int] = (),
    users: Iterable[int] = (),
    by: User | None,
    is_new: bool = False,
) -> None:
    """Create one notification for each team and person, in place of the one before of
    the same kind and object; it is unread again. `is_new`: there can't be one yet.

    Called inside the action that it is about, so that neither exists without the
    other."""
    names = build_key(about)
    rows = [
        *(Notification(what=what, team_id=pk, by=by, **names) for pk in {*teams}),
        *(Notification(what=what, user_id=pk, by=by, **names) for pk in {*users}),
    ]
    if not rows:
        return
    if not is_new:
        before = Notification.objects.filter(
            **{"what": what, "object": NONE, "number": 0} | names
        )
        for_teams = before.filter(team__in=[row.team_id for row in rows if row.team_id])
        for_users = before.filter(user__in=[row.user_id for row in rows if row.user_id])
        # Deleted and created, not updated: streams look for ids above the last that a
        # page has seen (ADR 45).
        (for_teams | for_users).delete()
    # A conflict is a colleague's notification of the same thing at the same moment: one
    # of the two is enough.
    Notification.objects.bulk_create(rows, ignore_conflicts=True)


def build_key(about: UUID | int) -> dict[str, object]:
    by_id = isinstance(about, UUID)
    return {"object": about if by_id else NONE, "number": 0 if by_id else about}


def notify_badges(
    about: UUID, *, teams: Iterable[int] = (), users: Iterable[int] = ()
) -> None:
    """Update the numbers in the navigation: there is nothing to read."""
    notify(NotificationTopic.RING, about, teams=teams, users=users, by=None)


@transaction.atomic
def mark_read(notifications: Iterable[Notification], *, by: User) -> None:
    """Record that `by` has read them, on every device."""
    # Not in the log: it contains nothing about a person.
    ids = [notification.pk for notification in notifications]
    among = Notification.objects.filter(pk__in=ids)
    may = set(read_notification.among(among, by).values_list("pk", flat=True))
    marks = [ReadMark(notification_id=pk, user=by) for pk in ids if pk in may]
    if marks:
        ReadMark.objects.bulk_create(marks, ignore_conflicts=True)
        # The person's other tabs and devices lose the number too.
        notify_badges(NONE, users=[by.pk])


def forget_old() -> int:
    """Delete what is older than 30 days. Returns how many rows."""
    return Notification.objects.all().forgettable().delete()[0]
