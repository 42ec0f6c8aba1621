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
from amana.academy.held_exercises.models import HeldExercise
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


FEWEST_CRITERIA = 4
"""Of fewer that came up, three quarters would be luck."""


def get_folder_of_all() -> Path:
    """Get the folder in which each exercise has its own."""
    return Path(settings.VAR) / "exercises"


class PlayMode(models.TextChoices):
    """How those who play are together; chosen when an exercise is opened."""

    TABLE = "table", _("Around a table with one screen")
    ROOM = "room", _("In a room, each with a phone or computer")
    DAYS = "days", _("From several places, over days")
    ALONE = "alone", _("Alone, with scripts at all other seats")


class PlayedExerciseQuerySet(models.QuerySet["Exercise"]):
    def kept(self) -> Self:
        """Filter those whose pages can still be read."""
        return self.filter(forgotten_at=None)

    def for_list(self) -> Self:
        return self.select_related("cohort", "held").order_by("-opened_at", "pk")


class Exercise(models.Model):
    """A scenario that a cohort plays, in an installation of its own."""

    id = models.UUIDField(primary_key=True, default=generate_uuid7, editable=False)
    cohort = models.ForeignKey(Cohort, models.PROTECT, related_name="exercises")
    scenario = models.CharField(max_length=60)
    """The scenario's code."""
    language = models.CharField(max_length=12)
    """In which it is built; each reads its pages in their own."""
    mode = models.CharField(max_length=5, choices=PlayMode, default=PlayMode.ROOM)
    kept_seats = models.JSONField(default=list, blank=True)
    """Around one screen: the seats that were taken once. They stay with those who play,
    who leave one to act at the next."""
    replays = models.ForeignKey(
        "self", models.SET_NULL, null=True, blank=True, related_name="replayed_by"
    )
    """The exercise of which it plays a moment another way."""
    replayed_from = models.DateTimeField(null=True, blank=True)
    """The moment, by the clock of the exercise."""
    opened_by = models.ForeignKey(User, models.PROTECT, related_name="+")
    opened_at = models.DateTimeField(default=timezone.now)
    closed_at = models.DateTimeField(null=True, blank=True)
    """Since when no one takes a seat any more."""
    forgotten_at = models.DateTimeField(null=True, blank=True)
    """Since when its installation is removed."""
    ended_on = models.DateField(null=True, blank=True)
    """When its result was found: it was played to its end."""
    log_size = models.PositiveIntegerField(default=0)
    """Entries of its log at its end."""
    log_root = models.CharField(max_length=64, blank=True)
    """The root of the tree over them (RFC 6962), in hexadecimal digits."""
    criteria_tested = models.PositiveSmallIntegerField(default=0)
    """How many criteria of the scenario came up."""
    criteria_met = models.PositiveSmallIntegerField(default=0)
    """How many of them were met, by all who played."""
    held = models.OneToOneField(
        HeldExercise, models.SET_NULL, null=True, blank=True, related_name="played"
    )
    """What was learned from it, in the register, once it was recorded."""

    objects = PlayedExerciseQuerySet.as_manager()

    class Privacy:
        kept = "As long as its cohort; its installation 30 days after it is closed."
        cohort = scenario = language = mode = kept_seats = held = plain
        replays = replayed_from = plain
        opened_at = closed_at = forgotten_at = ended_on = plain
        log_size = log_root = criteria_tested = criteria_met = plain
        opened_by = personal

    def __str__(self) -> str:
        return f"exercise {self.pk}"

    @property
    def is_passed(self) -> bool:
        """Whether enough criteria came up, and three of four were met, as in a test."""
        met, tested = self.criteria_met, self.criteria_tested
        return tested >= FEWEST_CRITERIA and 3 * tested <= 4 * met

    @property
    def original(self) -> "Exercise":
        """The exercise that was played first: a replay can be replayed, too."""
        return self.replays.original if self.replays else self

    @property
    def is_alone(self) -> bool:
        return self.mode == PlayMode.ALONE

    @property
    def is_at_a_table(self) -> bool:
        return self.mode == PlayMode.TABLE

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
