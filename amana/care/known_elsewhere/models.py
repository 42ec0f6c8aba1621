"""A question whether another team knows a person; what it asks is sealed to them."""

from datetime import datetime, timedelta
from typing import Self
from uuid import uuid4

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.utils import timezone

from amana.care.cases.models import Case
from amana.privacy import personal, plain, sensitive
from amana.trust.access.models import Team

LASTS = timedelta(days=30)


class IdentityEnquiryQuerySet(models.QuerySet["IdentityEnquiry"]):
    def open(self, now: datetime | None = None) -> Self:
        return self.filter(ended_at=None, expires_at__gt=now or timezone.now())

    def uncompared(self) -> Self:
        return self.open().filter(compared_at=None)

    def over(self, now: datetime) -> Self:
        """Find those whose time is over, and whose sealed parts are still there."""
        return self.filter(ended_at=None, expires_at__lte=now)

    def for_list(self) -> Self:
        return self.select_related("case", "asked__organisation").order_by(
            "-asked_at", "pk"
        )


class IdentityEnquiry(models.Model):
    """One team asks another whether it knows a person, who agreed to be asked about.

    A row is the same whether it does or not. What is asked, what a comparison found and
    what was answered lie in parcels of one size."""

    id = models.UUIDField(primary_key=True, default=uuid4, editable=False)
    reply = models.UUIDField(default=uuid4, editable=False)
    """About what the parcel with the answer is: there is one from the comparison on,
    with an answer or without."""
    case = models.ForeignKey(Case, models.CASCADE, related_name="questions")
    asked = models.ForeignKey(Team, models.PROTECT, related_name="+")
    asked_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, related_name="+"
    )
    asked_at = models.DateTimeField(default=timezone.now)
    expires_at = models.DateTimeField()
    compared_at = models.DateTimeField(null=True, blank=True)
    """When the asked team's cards were compared, whatever that found."""
    looked_at = models.DateTimeField(null=True, blank=True)
    """When someone there last looked at their questions, or answered one."""
    told_at = models.DateTimeField(null=True, blank=True)
    """When the asker was last notified: after comparisons alone, and once an hour."""
    ended_at = models.DateTimeField(null=True, blank=True)
    """When the person withdrew it, the case was closed, or its time was over."""

    objects = IdentityEnquiryQuerySet.as_manager()

    class Meta:
        constraints = [
            models.UniqueConstraint(
                name="question_one_open_to_each_team",
                fields=["case", "asked"],
                condition=Q(ended_at=None),
            ),
        ]
        indexes = [
            models.Index(
                name="question_to_compare",
                fields=["asked", "expires_at"],
                condition=Q(ended_at=None),
            ),
            models.Index(name="question_by_person", fields=["asked_by", "asked_at"]),
        ]

    class Privacy:
        kept = "With the case; what is sealed in it, 30 days at most."
        id = reply = plain
        case = asked = sensitive
        asked_by = personal
        asked_at = expires_at = compared_at = looked_at = told_at = ended_at = plain

    def __str__(self) -> str:
        return f"question {self.pk}"

    @property
    def is_open(self) -> bool:
        return self.ended_at is None and self.expires_at > timezone.now()

    @property
    def document(self) -> str:
        """The name of the sealed document with the text that the person heard."""
        return f"known/{self.pk.hex}"
