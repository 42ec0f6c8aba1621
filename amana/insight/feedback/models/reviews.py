"""A complaint that is looked at once more, by others, because its answer did not do."""

from datetime import date, timedelta
from typing import Self

from django.db import models
from django.db.models import Q
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from amana.insight.feedback.models.complaints import Complaint
from amana.privacy import plain, sensitive
from amana.trust.access.models import Team

ASK_WITHIN = timedelta(days=90)
"""For so long after the answer, the person can ask for a review."""


class ReviewVerdict(models.TextChoices):
    CHANGED = "changed", _("The first answer was changed")
    PARTLY = "partly", _("The first answer was changed in part")
    STANDS = "stands", _("The first answer was confirmed")


class ReviewQuerySet(models.QuerySet["Review"]):
    def open(self) -> Self:
        return self.filter(closed_on=None)

    def late(self, day: date) -> Self:
        """Find those whose first letters were not handed over, or that were not
        answered, in time."""
        kept_back = Q(handed_on=None, hand_over_by__lt=day)
        return self.open().filter(kept_back | Q(answer_by__lt=day))

    def for_list(self) -> Self:
        return self.select_related(
            "complaint__about", "complaint__body__organisation", "body__organisation"
        )


class Review(models.Model):
    """A second look at a complaint: who takes it, and its clock."""

    complaint = models.OneToOneField(Complaint, models.CASCADE, primary_key=True)
    body = models.ForeignKey(Team, models.PROTECT, related_name="+")
    """Neither the team that answered first, nor of the agency complained about."""
    asked_on = models.DateField()
    hand_over_by = models.DateField()
    """The day by which those who answered first hand over what the person wrote."""
    answer_by = models.DateField(db_index=True)
    handed_on = models.DateField(null=True, blank=True)
    closed_on = models.DateField(null=True, blank=True)
    verdict = models.CharField(max_length=8, choices=ReviewVerdict, blank=True)
    told_late_on = models.DateField(null=True, blank=True)
    """When those who coordinate were last told that it waits too long."""

    objects = ReviewQuerySet.as_manager()

    class Meta:
        constraints = [
            models.CheckConstraint(
                name="review_closed_with_verdict",
                condition=Q(closed_on=None, verdict="")
                | (Q(closed_on__isnull=False) & ~Q(verdict="")),
            )
        ]

    class Privacy:
        kept = "As the complaint."
        complaint = body = asked_on = hand_over_by = answer_by = plain
        handed_on = closed_on = told_late_on = plain
        verdict = sensitive

    def __str__(self) -> str:
        return f"review {self.pk}"

    @property
    def keeps_back(self) -> bool:
        """Those who answered first have not handed over in time."""
        return self.handed_on is None and self.hand_over_by < timezone.localdate()

    @property
    def is_late(self) -> bool:
        return self.closed_on is None and self.answer_by < timezone.localdate()
