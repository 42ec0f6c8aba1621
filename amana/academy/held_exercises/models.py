"""An exercise with invented cases that was held, played here or elsewhere, and each
step that was agreed after it: agencies and offices alone, no person."""

from datetime import date
from typing import Self

from django.db import models
from django.db.models import Count, Q
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from amana.design.mechanism.models import Version
from amana.privacy import personal, plain
from amana.trust.access.models import User
from amana.trust.vault.models import generate_uuid7


class HeldExerciseQuerySet(models.QuerySet["HeldExercise"]):
    def with_steps(self) -> Self:
        """Count how many steps were agreed after it, and how many of them are done."""
        done = Q(steps__done_on__isnull=False)
        return self.annotate(
            agreed=Count("steps"), finished=Count("steps", filter=done)
        )

    def for_list(self) -> Self:
        return self.select_related("version__mechanism").order_by("-held_on", "-pk")


class HeldExercise(models.Model):
    """Agencies went through invented cases together, as the mechanism says."""

    class Form(models.TextChoices):
        TABLE = "table", _("Tabletop exercise")
        ROLES = "roles", _("Role play")
        PLACE = "place", _("On site, with everyone on duty")
        PLAYED = "played", _("Played in Amana, each in a seat")

    id = models.UUIDField(primary_key=True, default=generate_uuid7, editable=False)
    title = models.CharField(max_length=160)
    form = models.CharField(max_length=6, choices=Form)
    held_on = models.DateField()
    spheres = models.JSONField(default=list)
    """The sectors that took part, by their codes."""
    version = models.ForeignKey(
        Version, models.PROTECT, null=True, blank=True, related_name="held_exercises"
    )
    """The version of the mechanism that was tried."""
    learned = models.TextField(max_length=3000)
    recorded_by = models.ForeignKey(User, models.PROTECT, related_name="+")
    fact = models.UUIDField()
    """What was reported of it to the figures."""

    objects = HeldExerciseQuerySet.as_manager()

    class Privacy:
        kept = "As long as the mechanism."
        title = form = held_on = spheres = version = learned = fact = plain
        recorded_by = personal

    def __str__(self) -> str:
        return self.title


class ExerciseStepQuerySet(models.QuerySet["ExerciseStep"]):
    def late(self, today: date | None = None) -> Self:
        now = today or timezone.localdate()
        return self.filter(done_on=None, due_on__lt=now)

    def for_list(self) -> Self:
        return self.order_by("due_on", "pk")


class ExerciseStep(models.Model):
    """What was agreed after an exercise, who does it, by when."""

    exercise = models.ForeignKey(HeldExercise, models.CASCADE, related_name="steps")
    words = models.CharField(max_length=300)
    office = models.CharField(max_length=160)
    due_on = models.DateField()
    done_on = models.DateField(null=True, blank=True)
    seen_by = models.CharField(max_length=500, blank=True)
    """What shows that it is done."""
    fact = models.UUIDField()
    """What was last reported of it to the figures."""

    objects = ExerciseStepQuerySet.as_manager()

    class Meta:
        constraints = [
            models.CheckConstraint(
                name="step_done_by_what_shows_it",
                condition=Q(done_on=None, seen_by="")
                | Q(done_on__isnull=False) & ~Q(seen_by=""),
            )
        ]

    class Privacy:
        kept = "As long as its exercise."
        exercise = words = office = due_on = done_on = seen_by = fact = plain

    def __str__(self) -> str:
        return f"step {self.pk}"

    @property
    def is_late(self) -> bool:
        return (self.done_on or timezone.localdate()) > self.due_on
