"""Exercises that cohorts play, each in an installation of its own, and who plays what.
What is done in one is there, and not here."""

from pathlib import Path
from typing import Self

from django.conf import settings
from django.db import models
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from amana.academy.cohorts.models import Cohort
from amana.academy.exercises.accounts import build_player_account
from amana.academy.sandboxes.sandbox_folder import SandboxFolder
from amana.academy.sandboxes.sandbox_kinds import SandboxKind
from amana.privacy import personal, plain
from amana.trust.access.models import User
from amana.trust.vault.models import generate_uuid7

KIND = SandboxKind(
    at_once=4,
    is_elsewhere=_(
        "The installation of this exercise is not on this server. Open another "
        "exercise."
    ),
    are_too_many=_(
        "%(most)s exercises already run on this server. Try again when one of them has "
        "been left alone for half an hour."
    ),
    path_too_long=_(
        "The path of this server’s data is too long for exercises: %(path)s"
    ),
    is_busy=_("Many people use this exercise right now. Try again in a moment."),
)


def get_folder_of_all() -> Path:
    """Get the folder in which each exercise has its own."""
    return Path(settings.VAR) / "exercises"


class PlayedExerciseQuerySet(models.QuerySet["Exercise"]):
    def kept(self) -> Self:
        """Filter those whose pages can still be read."""
        return self.filter(forgotten_at=None)

    def for_list(self) -> Self:
        return self.select_related("cohort").order_by("-opened_at", "pk")


class Exercise(models.Model):
    """A scenario that a cohort plays, in an installation of its own."""

    id = models.UUIDField(primary_key=True, default=generate_uuid7, editable=False)
    cohort = models.ForeignKey(Cohort, models.PROTECT, related_name="exercises")
    scenario = models.CharField(max_length=60)
    """The scenario's code."""
    language = models.CharField(max_length=12)
    """In which it is built; each reads its pages in their own."""
    opened_by = models.ForeignKey(User, models.PROTECT, related_name="+")
    opened_at = models.DateTimeField(default=timezone.now)
    closed_at = models.DateTimeField(null=True, blank=True)
    """Since when no one takes a seat any more."""
    forgotten_at = models.DateTimeField(null=True, blank=True)
    """Since when its installation is removed."""

    objects = PlayedExerciseQuerySet.as_manager()

    class Privacy:
        kept = "As long as its cohort; its installation 30 days after it is closed."
        cohort = scenario = language = opened_at = closed_at = forgotten_at = plain
        opened_by = personal

    def __str__(self) -> str:
        return f"exercise {self.pk}"

    @property
    def folder(self) -> SandboxFolder:
        return SandboxFolder(get_folder_of_all() / str(self.pk))

    @property
    def prefix(self) -> str:
        """The part of the address by which it is reached."""
        return reverse("scenarios:enter", args=[self.pk]).rstrip("/")

    @property
    def sandbox_kind(self) -> SandboxKind:
        return KIND


class ExerciseSeat(models.Model):
    """A person plays a seat, with one of its accounts."""

    exercise = models.ForeignKey(Exercise, models.CASCADE, related_name="seats")
    person = models.ForeignKey(User, models.CASCADE, related_name="exercise_seats")
    seat = models.CharField(max_length=60)
    number = models.PositiveSmallIntegerField()
    """Which of the seat's accounts, from 1."""
    taken_at = models.DateTimeField(default=timezone.now)

    class Meta:
        constraints = [
            models.UniqueConstraint(
                name="exercise_seat_each_one", fields=["exercise", "person"]
            ),
            models.UniqueConstraint(
                name="exercise_seat_account_once", fields=["exercise", "seat", "number"]
            ),
        ]

    class Privacy:
        kept = "As long as its exercise."
        exercise = seat = number = taken_at = plain
        person = personal

    def __str__(self) -> str:
        return f"seat {self.pk}"

    @property
    def account(self) -> str:
        """The account of the exercise by which they act."""
        return build_player_account(self.seat, self.number)
