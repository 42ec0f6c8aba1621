"""What the survivors' council advises, to whom, and what they answer by when."""

from datetime import date
from typing import Self

from django.db import models
from django.db.models import Q
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from amana.privacy import personal, plain
from amana.trust.access.models import Organisation, User


class AdviceQuerySet(models.QuerySet["Advice"]):
    def open(self) -> Self:
        return self.filter(status=Advice.Status.OPEN)

    def late(self, day: date) -> Self:
        return self.open().filter(due_on__lt=day)


class Advice(models.Model):
    """A recommendation of the council, and the answer to it; public."""

    class Status(models.TextChoices):
        OPEN = "open", _("Not answered yet")
        ADOPTED = "adopted", _("Adopted")
        REASONED = "reasoned", _("Not adopted, with the reason")

    says = models.JSONField()
    """By language, as it was written in each."""
    to = models.ForeignKey(Organisation, models.PROTECT, related_name="+")
    made_on = models.DateField()
    due_on = models.DateField()
    status = models.CharField(max_length=8, choices=Status, default=Status.OPEN)
    answer = models.JSONField(default=dict, blank=True)
    answered_on = models.DateField(null=True, blank=True)
    answered_by = models.ForeignKey(
        User, models.PROTECT, null=True, blank=True, related_name="+"
    )
    fact = models.UUIDField(null=True, blank=True)
    """The fact that says how it stands; an answer corrects it."""

    objects = AdviceQuerySet.as_manager()

    class Meta:
        constraints = [
            models.CheckConstraint(
                name="advice_answered_or_open",
                condition=Q(status="open", answered_on=None)
                | (~Q(status="open") & Q(answered_on__isnull=False)),
            )
        ]

    class Privacy:
        kept = "As long as the mechanism."
        says = to = made_on = due_on = status = answer = answered_on = fact = plain
        answered_by = personal

    def __str__(self) -> str:
        return f"advice {self.pk}"

    @property
    def is_late(self) -> bool:
        return self.status == self.Status.OPEN and self.due_on < timezone.localdate()
