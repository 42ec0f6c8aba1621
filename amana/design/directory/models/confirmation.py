"""When the details of a service were last confirmed, and what follows."""

from datetime import date, datetime, time, timedelta

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

VERIFIED_FOR = timedelta(days=90)
"""After this, pages say that the details are not confirmed."""
MATCHED_FOR = timedelta(days=180)
"""After this without a confirmation, matching leaves a service out: several reminders
were not answered by then, and a person who is sent to a closed door loses more than one
who is shown a shorter list (ADR 96)."""
LEFT_LATER = MATCHED_FOR - VERIFIED_FOR


def match_outdated(today: date | None = None) -> Q:
    """Match services that matching leaves out; the same as `is_outdated`."""
    day = today or timezone.localdate()
    return Q(verify_by__lt=day - LEFT_LATER) | Q(
        verify_by=None, created_at__lt=find_midnight(day - MATCHED_FOR)
    )


def match_due(days: int = 0, today: date | None = None) -> Q:
    """Match services to be confirmed within so many days, or before today; the same as
    `due_on`."""
    day = (today or timezone.localdate()) + timedelta(days=days)
    came_by = find_midnight(day - VERIFIED_FOR + timedelta(days=1))
    return Q(verify_by__lte=day) | Q(verify_by=None, created_at__lt=came_by)


def find_midnight(day: date) -> datetime:
    return timezone.make_aware(datetime.combine(day, time.min))


class ConfirmedDetails(models.Model):
    """Until when the details of a service are taken to be true."""

    verified_at = models.DateTimeField(null=True, blank=True, editable=False)
    verified_by = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        models.PROTECT,
        null=True,
        blank=True,
        editable=False,
        related_name="+",
    )
    """None, although it was verified: by a link, so by a person at the service."""
    verify_by = models.DateField(_("to be verified by"), null=True, blank=True)
    created_at = models.DateTimeField(default=timezone.now, editable=False)

    class Meta:
        abstract = True

    @property
    def due_on(self) -> date:
        """The day by which it has to be confirmed; where it never was, counted from
        when it came into the directory."""
        if self.verify_by is not None:
            return self.verify_by
        return timezone.localtime(self.created_at).date() + VERIFIED_FOR

    @property
    def matched_until(self) -> date:
        """The last day on which matching offers it, unless it is confirmed."""
        return self.due_on + LEFT_LATER

    @property
    def verification_is_due(self) -> bool:
        return self.verify_by is None or self.verify_by < timezone.localdate()

    @property
    def is_uncertain(self) -> bool:
        """Whether visitors should call first: it was never confirmed, or not in
        time."""
        return self.verified_at is None or self.verification_is_due

    @property
    def is_unconfirmed(self) -> bool:
        """Whether it was not confirmed in time, or since it came."""
        return self.due_on < timezone.localdate()

    @property
    def is_outdated(self) -> bool:
        """Whether matching leaves it out."""
        return self.matched_until < timezone.localdate()

    @property
    def confirmed_at(self) -> datetime:
        """When its details were last confirmed, or else entered."""
        return self.verified_at or self.created_at
