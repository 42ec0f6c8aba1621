"""A published classification, and which of our codes each of its codes means."""

from typing import Any, Self

from django.db import models
from django.utils import timezone

from amana.privacy import personal, plain
from amana.trust.access.models import User


class ClassificationQuerySet(models.QuerySet["Classification"]):
    def in_use(self) -> Self:
        return self.filter(put_away_at=None)

    def for_list(self) -> Self:
        return self.order_by("name", "-loaded_at", "-pk")


class Classification(models.Model):
    """The codes of a publisher, in the version that was loaded."""

    name = models.CharField(max_length=80)
    version = models.CharField(max_length=40)
    source = models.CharField(max_length=300)
    """Where it was taken from, so that others can compare."""
    codes: models.JSONField[Any, Any] = models.JSONField()
    """Dimension → our code → [its code, its label]."""
    loaded_by = models.ForeignKey(User, models.PROTECT, related_name="+")
    loaded_at = models.DateTimeField(default=timezone.now)
    put_away_at = models.DateTimeField(null=True, blank=True)

    objects = ClassificationQuerySet.as_manager()

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["name", "version"],
                condition=models.Q(put_away_at=None),
                name="classification_once_in_use",
            )
        ]

    class Privacy:
        kept = "As long as files are written in it."
        name = version = source = codes = loaded_at = put_away_at = plain
        loaded_by = personal

    def __str__(self) -> str:
        return f"{self.name} {self.version}"
