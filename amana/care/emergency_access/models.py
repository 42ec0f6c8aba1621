"""A colleague of the team opened a case in an emergency that they don't work on."""

from datetime import datetime, timedelta
from typing import Self

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from amana.care.cases.models import Assignment, Case
from amana.privacy import personal, plain, sensitive
from amana.trust.access.models import Team

LASTS = timedelta(hours=24)
TIME_TO_REVIEW = timedelta(hours=72)
NOT_AGAIN = timedelta(days=30)
"""For this time a case stays closed to a person who, by a review, had no reason."""


class EmergencyAccessQuerySet(models.QuerySet["EmergencyAccess"]):
    def to_review(self) -> Self:
        return self.filter(reviewed_at=None)

    def unreviewed(self, now: datetime) -> Self:
        """Find those that were not reviewed in time, and of which no one was
        notified."""
        late = Q(opened_at__lte=now - TIME_TO_REVIEW, escalated_at=None)
        return self.to_review().filter(late)

    def for_list(self) -> Self:
        return self.select_related("case", "worker", "reviewed_by", "assignment")


class EmergencyAccess(models.Model):
    """Access for a day, for a reason, and reviewed by someone else."""

    class Why(models.TextChoices):
        DANGER = "danger", _("The person or someone with them is in danger")
        HEALTH = "health", _("They need medical care at once")
        HERE = (
            "here",
            _("They are here, and no one who works on the case can be reached"),
        )
        DEADLINE = (
            "deadline",
            _("A deadline for them expires before a colleague is back"),
        )

    class Verdict(models.TextChoices):
        RIGHT = "right", _("It was right")
        UNNEEDED = "unneeded", _("It was meant well, but not needed")
        WRONG = "wrong", _("It was wrong, and is a data breach")

    case = models.ForeignKey(Case, models.CASCADE, related_name="emergency_accesses")
    team = models.ForeignKey(Team, models.PROTECT, related_name="+")
    """Whose case it was then: its review stays there after a transfer."""
    worker = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, related_name="+"
    )
    assignment = models.OneToOneField(Assignment, models.CASCADE, related_name="+")
    """What lets them in, and ends."""
    why = models.CharField(max_length=8, choices=Why)
    words = models.CharField(max_length=300)
    opened_at = models.DateTimeField(default=timezone.now)
    reviewed_at = models.DateTimeField(null=True, blank=True)
    reviewed_by = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        models.PROTECT,
        null=True,
        blank=True,
        related_name="+",
    )
    verdict = models.CharField(max_length=8, choices=Verdict, blank=True)
    said = models.CharField(max_length=300, blank=True)
    """What the reviewer found."""
    escalated_at = models.DateTimeField(null=True, blank=True)
    """When others were notified that it was not reviewed."""

    objects = EmergencyAccessQuerySet.as_manager()

    class Meta:
        constraints = [
            models.CheckConstraint(
                name="emergency_access_reviewed_by_another",
                condition=Q(reviewed_by=None) | ~Q(reviewed_by=models.F("worker")),
            ),
            models.CheckConstraint(
                name="emergency_access_reviewed_whole",
                condition=Q(reviewed_at=None, reviewed_by=None, verdict="", said="")
                | (
                    Q(reviewed_at__isnull=False, reviewed_by__isnull=False)
                    & ~Q(verdict="")
                    & ~Q(said="")
                ),
            ),
        ]
        indexes = [
            models.Index(
                name="emergency_access_to_review",
                fields=["opened_at"],
                condition=Q(reviewed_at=None),
            ),
            models.Index(name="emergency_access_newest", fields=["-opened_at", "-id"]),
        ]

    class Privacy:
        kept = "With the case."
        case = words = said = sensitive
        worker = team = assignment = reviewed_by = personal
        why = opened_at = reviewed_at = verdict = escalated_at = plain

    def __str__(self) -> str:
        return f"emergency access {self.pk}"

    @property
    def review_by(self) -> datetime:
        return self.opened_at + TIME_TO_REVIEW

    @property
    def is_over(self) -> bool:
        until, now = self.assignment.until, timezone.now()
        ended = self.assignment.ended_at is not None
        return ended or (until is not None and until <= now)
