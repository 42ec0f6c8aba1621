"""What happened, for whom, and about what: ids and codes, and no word about a person.

A row shows nothing by itself. It is read through the rules as they are at that moment
(`rules.read_notification`), so a case that was restricted meanwhile, or a place that
ended, leaves nothing behind in a list."""

from datetime import timedelta
from typing import Self
from uuid import UUID

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from amana.privacy import personal, plain, sensitive
from amana.trust.access.models import Team

KEPT = timedelta(days=30)
NONE = UUID(int=0)


class NotificationTopic(models.TextChoices):
    """What a notification is about."""

    RING = "ring", ""
    """Nothing to read: a number in the navigation may have changed."""
    REFERRAL_RECEIVED = "received", _("New referral")
    REFERRAL_CHANGED = "changed", _("Referral updated")
    REFERRAL_ENDED = "ended", _("Referral ended by the sender")
    REFERRAL_LATE = "late", _("Referral overdue")
    TRANSFER_OFFERED = "transfer", _("Case offered to your team")
    TRANSFER_DECLINED = "returned", _("Your case transfer was declined")
    SCREENING_RECEIVED = "screening", _("Screening received")
    STEP = "step", _("Pathway task")
    UNMOVED = "unmoved", _("Some cases could not be moved to the new version")
    CONSENT_ENDED = "consent", _("Consent ended")
    DESTROY = "destroy", _("Copies to destroy")
    ASSIGNED = "assigned", _("Case assigned to you")
    CLOSURE_PROPOSED = "closure", _("Case closure to review")
    CLOSURE_DECLINED = "reworked", _("Case closure sent back")
    DECISION_FAILED = "undecided", _("Your decision did not take effect")
    WORK_MARKED = "marked", _("Your work was marked")
    CERTIFICATE = "certificate", _("Certificate issued")
    SUSPENDED = "suspended", _("A colleague was suspended, or a suspension was lifted")
    KEYS = "keys", _("Removal of a colleague’s keys")
    SHARE = "share", _("You keep a share of a team’s recovery key")
    SHARES_ENDED = (
        "shares_ended",
        _("Your recovery share is no longer valid: destroy the paper"),
    )
    REGAINING = "regaining", _("Recovery of a team’s key")
    EMERGENCY_ACCESS = "emergency", _("Emergency access to a case")
    ALARM = "alarm", _("Unusual use of Amana to review")
    LOG = "log", _("Something is wrong with the log")
    DEVICE = "device", _("You signed in on a new device")
    EXPORT = "export", _("An export is waiting for a second person")
    ALTERED = "altered", _("Records were altered in the database")


class NotificationQuerySet(models.QuerySet["Notification"]):
    def to_read(self) -> Self:
        return self.exclude(what=NotificationTopic.RING)

    def forgettable(self) -> Self:
        """Find what is too old."""
        # Even by a clock that jumped ahead (ADR 55): what is deleted are pointers, and
        # nothing to which they point.
        return self.filter(at__lt=timezone.now() - KEPT)


class Notification(models.Model):
    """One thing that changed, for a team or a person; the latest of its kind alone."""

    what = models.CharField(max_length=12, choices=NotificationTopic)
    object = models.UUIDField(default=NONE)
    number = models.BigIntegerField(default=0)
    """The id of what has a number and no UUID."""
    team = models.ForeignKey(
        Team,
        models.CASCADE,
        null=True,
        blank=True,
        related_name="notifications",
        # The unique constraints below begin with these columns, and are their indexes.
        db_index=False,
    )
    user = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        models.CASCADE,
        null=True,
        blank=True,
        related_name="notifications",
        db_index=False,
    )
    by = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        models.CASCADE,
        null=True,
        blank=True,
        related_name="+",
        db_index=False,
    )
    """Who did it, and so is not notified; None: a timer."""
    at = models.DateTimeField(default=timezone.now)

    objects = NotificationQuerySet.as_manager()

    class Meta:
        constraints = [
            models.CheckConstraint(
                name="notification_for_a_team_or_a_person",
                condition=Q(team=None, user__isnull=False)
                | Q(team__isnull=False, user=None),
            ),
            models.UniqueConstraint(
                name="notification_once_for_a_team",
                fields=["team", "what", "object", "number"],
                condition=Q(team__isnull=False),
            ),
            models.UniqueConstraint(
                name="notification_once_for_a_person",
                fields=["user", "what", "object", "number"],
                condition=Q(user__isnull=False),
            ),
        ]
        indexes = [
            models.Index(name="notification_at", fields=["at"]),
            models.Index(name="notification_object", fields=["object", "what"]),
        ]

    class Privacy:
        kept = "30 days, then forget_notifications removes it."
        what = object = number = sensitive
        team = at = plain
        user = by = personal

    def __str__(self) -> str:
        return f"notification {self.pk}"


class ReadMark(models.Model):
    """A person has opened a notification, or marked it as read."""

    notification = models.ForeignKey(
        Notification, models.CASCADE, related_name="marks", db_index=False
    )
    user = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.CASCADE, related_name="+", db_index=False
    )

    class Meta:
        constraints = [
            models.UniqueConstraint(
                name="notification_read_once", fields=["notification", "user"]
            )
        ]

    class Privacy:
        kept = "With its notification."
        notification = plain
        user = personal

    def __str__(self) -> str:
        return f"notification {self.notification_id} read"
