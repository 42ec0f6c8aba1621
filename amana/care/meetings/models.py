"""Meetings that were held without a network, as their devices sent them."""

from typing import Self

from django.conf import settings
from django.db import models
from django.utils import timezone

from amana.care.cases.models import Case
from amana.privacy import personal, plain
from amana.trust.access.models import Team


class MeetingQuerySet(models.QuerySet["Meeting"]):
    def waiting(self) -> Self:
        """Filter those sent and not opened yet: no one of the team had unlocked."""
        return self.filter(taken_at=None)


class Meeting(models.Model):
    """A first meeting or a screening that a device has sent. Its id is the device's, so
    that it counts once however often it comes."""

    id = models.UUIDField(primary_key=True, editable=False)
    team = models.ForeignKey(Team, models.PROTECT, related_name="meetings")
    met_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, related_name="meetings"
    )
    offset = models.DurationField()
    """How far the device's clock was behind ours when it sent this."""
    digest = models.BinaryField(max_length=32)
    """Of what came, sealed as it was: something else under this id is not this one."""
    received_at = models.DateTimeField(default=timezone.now)
    taken_at = models.DateTimeField(null=True, blank=True)
    case = models.ForeignKey(
        Case, models.SET_NULL, null=True, blank=True, related_name="meetings"
    )

    objects = MeetingQuerySet.as_manager()

    class Meta:
        constraints = [
            models.CheckConstraint(
                name="meeting_case_only_when_taken",
                condition=models.Q(case=None) | models.Q(taken_at__isnull=False),
            )
        ]

    class Privacy:
        kept = "As long as the case; where it waits, until opened, or as a screening."
        team = offset = digest = plain
        met_by = received_at = taken_at = case = personal

    def __str__(self) -> str:
        return f"meeting {self.pk}"
