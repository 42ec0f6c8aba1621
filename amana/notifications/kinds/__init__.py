"""What each kind of notification is about: which rows, found by which rule.

A room above care that notifies of something adds its kind here; everything else (who
may read it, the list, the badge, the stream) follows from it."""

from amana.notifications.kinds.all_kinds import KINDS
from amana.notifications.kinds.notification_kind import (
    NotificationKind,
    NotificationText,
)

__all__ = [
    "KINDS",
    "NotificationKind",
    "NotificationText",
]
