"""The run of a case, its events, and moves to a new version."""

from collections.abc import Mapping
from datetime import timedelta
from typing import Self
from uuid import UUID, uuid5

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from amana.care.cases.models.case_record import Case
from amana.design.mechanism.models.versions import Version
from amana.design.pathway import run_events
from amana.design.pathway.run_events import EventKind
from amana.privacy import personal, plain, sensitive
from amana.trust.access.models.organisations import Team, User
from amana.trust.vault.models.team_keys import generate_uuid7

NO_CLOCK = timedelta(days=30)
"""What has no clock of its own stands in lists as if it had this long."""


class DeviationReason(models.TextChoices):
    """Reasons for leaving the case pathway that was agreed."""

    NOT_WISHED = "not_wished", _("The person does not want it")
    DONE_BEFORE = "done_before", _("It was done before, or elsewhere")
    NOT_NEEDED = "not_needed", _("It is not needed in this case")
    NOT_POSSIBLE = "not_possible", _("It is not possible here now")
    UNSAFE = "unsafe", _("It would not be safe")
    URGENT = "urgent", _("It could not wait")
    NEW_FACTS = "new_facts", _("There is new information")
    REVIEW = "review", _("A review was requested")
    MISTAKE = "mistake", _("To correct a mistake")
    ABSENT = "absent", _("The responsible team or person can’t do it")
    ORDER = "order", _("A law or a court requires it")


CASE_CLOSED = "case_closed"
"""Why a pathway ends with its case. Why the case was closed is sealed in it."""


class DecisionBasis(models.TextChoices):
    """On what a decision about a person rests."""

    SIGNS = "signs", _("The signs are enough")
    SOME_SIGNS = "some_signs", _("There are signs, and more could be found out")
    INCOMPLETE = "incomplete", _("Something is missing from the file")
    NO_SIGNS = "no_signs", _("Nothing known points to it")
    OTHER_PROTECTION = "other_protection", _("Another protection fits better")


class PathwayRunQuerySet(models.QuerySet["PathwayRun"]):
    def running(self) -> Self:
        return self.filter(ended_at=None)

    def ended(self) -> Self:
        return self.filter(ended_at__isnull=False)

    def for_page(self) -> Self:
        return self.select_related("case__team__organisation", "version__mechanism")


class PathwayRun(models.Model):
    """The way of one case through its mechanism."""

    id = models.UUIDField(primary_key=True, default=generate_uuid7, editable=False)
    case = models.OneToOneField(Case, models.CASCADE, related_name="course")
    version = models.ForeignKey(
        Version, models.PROTECT, related_name="courses", db_index=False
    )
    """By which it runs; another one once the case was moved."""
    length = models.PositiveIntegerField(default=0)
    """How many facts: the number of the next."""
    begun_at = models.DateTimeField(default=timezone.now)
    ended_at = models.DateTimeField(null=True, blank=True)
    ended = models.CharField(max_length=60, blank=True)
    """How, as a code of the pathway."""
    missed = models.JSONField(null=True, blank=True)
    """What happened elsewhere and could not be followed (`catching`), as codes."""

    objects = PathwayRunQuerySet.as_manager()

    class Meta:
        constraints = [
            models.CheckConstraint(
                name="course_ended_somehow",
                condition=Q(ended_at=None, ended="")
                | (Q(ended_at__isnull=False) & ~Q(ended="")),
            )
        ]
        indexes = [
            models.Index(
                name="course_running",
                fields=["version", "id"],
                condition=Q(ended_at=None),
            ),
            models.Index(name="course_begun", fields=["version", "-begun_at", "id"]),
        ]

    class Privacy:
        kept = "With the case."
        id = version = length = begun_at = ended_at = plain
        case = ended = missed = sensitive

    def __str__(self) -> str:
        return f"course {self.pk}"

    def about(self, number: int) -> UUID:
        """Return the id under which another team seals words about a fact
        (`sealed`)."""
        return uuid5(self.pk, str(number))


class PathwayEvent(models.Model):
    """One thing that happened in a case. The database prevents any change to it."""

    course = models.ForeignKey(
        PathwayRun, models.CASCADE, related_name="facts", db_index=False
    )
    number = models.PositiveIntegerField()
    """From 0, without a gap."""
    kind = models.CharField(
        max_length=10, choices=[(k.value, k.value) for k in EventKind]
    )
    at = models.DateTimeField()
    step = models.CharField(max_length=200, blank=True)
    data = models.JSONField(default=dict, blank=True)
    role = models.CharField(max_length=60, blank=True)
    """The role of the mechanism in which the user or team did it."""
    reason = models.CharField(max_length=60, blank=True)
    message = models.CharField(max_length=60, blank=True)
    to = models.CharField(max_length=200, blank=True)
    onward = models.BooleanField(default=False)
    then = models.JSONField(null=True, blank=True)
    by = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        models.PROTECT,
        null=True,
        blank=True,
        related_name="+",
        db_index=False,
    )
    """None: the clock."""
    team = models.ForeignKey(
        Team, models.PROTECT, null=True, blank=True, related_name="+", db_index=False
    )

    class Meta:
        constraints = [
            models.UniqueConstraint(
                name="fact_number_in_course", fields=["course", "number"]
            )
        ]

    class Privacy:
        kept = "With the case."
        course = step = data = reason = then = sensitive
        number = kind = at = role = message = to = onward = plain
        by = team = personal

    def __str__(self) -> str:
        return f"fact {self.number} of {self.course_id}"

    @property
    def document(self) -> str:
        """The name of the sealed document with what was said of it."""
        return f"fact/{self.number}"

    def read(self) -> run_events.RunEvent:
        """Read the row as the engine takes it."""
        return run_events.RunEvent(
            kind=EventKind(self.kind),
            at=self.at,
            step=self.step,
            data=self.data,
            role=self.role,
            reason=self.reason,
            message=self.message,
            to=self.to,
            onward=self.onward,
            then=self.then,
        )

    @classmethod
    def of(
        cls,
        course: PathwayRun,
        number: int,
        fact: run_events.RunEvent,
        *,
        by: User | None = None,
        team: Team | None = None,
    ) -> Self:
        """Build the row of a fact, not yet written."""
        return cls(
            course=course,
            number=number,
            kind=fact.kind.value,
            at=fact.at,
            step=fact.step,
            data={name: convert_tuple(value) for name, value in fact.data.items()},
            role=fact.role,
            reason=fact.reason,
            message=fact.message,
            to=fact.to,
            onward=fact.onward,
            then=copy_or_none(fact.then),
            by=by,
            team=team,
        )


def convert_tuple(value: object) -> object:
    return list(value) if isinstance(value, tuple) else value


def copy_or_none(then: Mapping[str, object] | None) -> dict[str, object] | None:
    return None if then is None else dict(then)


class VersionMove(models.Model):
    """The way of all running cases to a version that was put in force, some at a time
    (`moving`)."""

    version = models.OneToOneField(
        Version, models.PROTECT, primary_key=True, related_name="+"
    )
    by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, related_name="+", db_index=False
    )
    """Who put the version in force."""
    begun_at = models.DateTimeField(default=timezone.now)
    total = models.PositiveIntegerField()
    """How many cases ran by an earlier version when it began."""
    moved = models.PositiveIntegerField(default=0)
    ended_at = models.DateTimeField(null=True, blank=True)
    """When no case waited any more, or a newer version took over."""

    class Privacy:
        kept = "With the version."
        version = begun_at = total = moved = ended_at = plain
        by = personal

    def __str__(self) -> str:
        return f"move to version {self.version_id}"


class UnmovedRun(models.Model):
    """A case that a move has set aside: something in it has no place in the version, or
    moving it failed. It goes on by its old version."""

    course = models.OneToOneField(
        PathwayRun, models.CASCADE, primary_key=True, related_name="unmoved"
    )
    version = models.ForeignKey(
        Version, models.PROTECT, related_name="+", db_index=False
    )
    """To which it could not be moved."""
    error = models.CharField(max_length=80, blank=True)
    """The class of the error; empty: something has no place."""
    at = models.DateTimeField(default=timezone.now)

    class Privacy:
        kept = "Until the case is moved, or with it."
        course = sensitive
        version = error = at = plain

    def __str__(self) -> str:
        return f"{self.course_id} not moved to version {self.version_id}"
