"""Links by which people come into a cohort: one for many, or one for each on a list."""

from datetime import date
from typing import Self

from django.core.validators import MinValueValidator
from django.db import models
from django.db.models import F, Q
from django.utils import timezone

from amana.academy.cohorts.models.cohort_record import Cohort
from amana.privacy import personal, plain
from amana.trust.access.models import User


class CohortInvitationQuerySet(models.QuerySet["CohortInvitation"]):
    def open(self, on: date | None = None) -> Self:
        """Find those with which a person may still come in."""
        return self.filter(
            withdrawn_at=None,
            used__lt=F("places"),
            expires_on__gte=on or timezone.localdate(),
            cohort__cancelled_at=None,
        )

    def over(self, before: date) -> Self:
        return self.filter(expires_on__lt=before)


class CohortInvitation(models.Model):
    """A link that gives a place in a cohort, to as many people as it has places."""

    cohort = models.ForeignKey(Cohort, models.CASCADE, related_name="invitations")
    digest = models.BinaryField(max_length=32, unique=True)
    """SHA-256 of its token: 192 random bits, so a plain hash can't be guessed back."""
    sealed = models.TextField()
    """Token, and whom it was mailed to, sealed for the server: those who lead the
    cohort see the link again, and a copy of the database names no one."""
    is_mailed = models.BooleanField(default=False)
    """Whether it is one person’s, from a list."""
    places = models.PositiveSmallIntegerField(
        default=1, validators=[MinValueValidator(1)]
    )
    used = models.PositiveSmallIntegerField(default=0)
    expires_on = models.DateField()
    made_by = models.ForeignKey(User, models.PROTECT, related_name="+")
    made_at = models.DateTimeField(default=timezone.now)
    withdrawn_at = models.DateTimeField(null=True, blank=True)

    objects = CohortInvitationQuerySet.as_manager()

    class Meta:
        constraints = [
            models.CheckConstraint(
                name="cohort_invitation_not_used_too_often",
                condition=Q(used__lte=F("places"), places__gte=1),
            ),
            models.CheckConstraint(
                name="cohort_invitation_by_mail_for_one",
                condition=Q(is_mailed=False) | Q(places=1),
            ),
        ]

    class Privacy:
        kept = "30 days after it has expired."
        cohort = digest = is_mailed = places = used = expires_on = plain
        made_at = withdrawn_at = plain
        sealed = made_by = personal

    def __str__(self) -> str:
        return f"invitation {self.pk}"

    @property
    def left(self) -> int:
        return self.places - self.used

    @property
    def is_open(self) -> bool:
        alive = self.withdrawn_at is None and self.expires_on >= timezone.localdate()
        return alive and self.left > 0
