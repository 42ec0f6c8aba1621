"""What those who lead a cohort write to it, or to one learner in it."""

from datetime import date
from typing import Self

from django.db import models
from django.utils import timezone

from amana.academy.cohorts.models.applications import Application
from amana.academy.cohorts.models.cohort_record import Cohort
from amana.privacy import personal, plain, sensitive
from amana.trust.access.models import User


class CohortMessageQuerySet(models.QuerySet["CohortMessage"]):
    def for_list(self) -> Self:
        """Sort the latest one first."""
        found = self.select_related("cohort", "by", "to__person")
        return found.order_by("-sent_at", "-pk")

    def over(self, before: date) -> Self:
        return self.filter(cohort__ends_on__lt=before)


class CohortMessage(models.Model):
    """A message to everyone who takes part, or to one of them."""

    cohort = models.ForeignKey(Cohort, models.CASCADE, related_name="messages")
    to = models.ForeignKey(
        Application, models.CASCADE, null=True, blank=True, related_name="messages"
    )
    """None: to everyone."""
    by = models.ForeignKey(User, models.PROTECT, related_name="+")
    text = models.TextField(max_length=2000)
    sent_at = models.DateTimeField(default=timezone.now)

    objects = CohortMessageQuerySet.as_manager()

    class Meta:
        indexes = [models.Index(name="message_of_cohort", fields=["cohort", "sent_at"])]

    class Privacy:
        kept = "30 days after the cohort is over."
        cohort = plain
        text = sensitive
        to = by = sent_at = personal

    def __str__(self) -> str:
        return f"message {self.pk}"
