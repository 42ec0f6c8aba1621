"""An interview that a learner practises: the choices they made, and nothing else."""

from typing import Self

from django.db import models
from django.utils import timezone

from amana.academy.courses.models import Enrolment
from amana.privacy import personal, plain


class PracticeConversationQuerySet(models.QuerySet["PracticeConversation"]):
    def for_page(self) -> Self:
        return self.select_related("enrolment__version__course").defer(
            "enrolment__version__compiled"
        )


class PracticeConversation(models.Model):
    """One conversation; how far it is follows from what was chosen."""

    enrolment = models.ForeignKey(Enrolment, models.CASCADE, related_name="runs")
    module = models.CharField(max_length=60)
    name = models.CharField(max_length=60)
    chosen = models.JSONField(default=list, blank=True)
    """Places of the choices, in their order."""
    begun_at = models.DateTimeField(default=timezone.now)

    objects = PracticeConversationQuerySet.as_manager()

    class Meta:
        constraints = [
            models.UniqueConstraint(
                name="run_one_at_a_time", fields=["enrolment", "module", "name"]
            )
        ]

    class Privacy:
        kept = (
            "Until the person stops or begins anew; at most as long as the enrolment."
        )
        enrolment = chosen = begun_at = personal
        module = name = plain

    def __str__(self) -> str:
        return f"run {self.pk}"
