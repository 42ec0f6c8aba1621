"""Who plays which role, what is due, what is waited for."""

from datetime import datetime
from typing import Self

from django.conf import settings
from django.db import models
from django.db.models import F, Q
from django.utils import timezone

from amana.care.cases.models.case_record import Case
from amana.care.pathways.models.runs import PathwayRun
from amana.privacy import personal, plain, sensitive
from amana.trust.access.models.organisations import Team


class RoleAssignment(models.Model):
    """The team that plays a role of the mechanism in one case, whenever it is asked to.

    It says to whom a step goes; what the team sees of the case, its steps due say."""

    course = models.ForeignKey(
        PathwayRun, models.CASCADE, related_name="hands", db_index=False
    )
    role = models.CharField(max_length=60)
    needs = models.CharField(max_length=20)
    """Which role of `trust.access` a member of that team has to hold."""
    team = models.ForeignKey(Team, models.PROTECT, related_name="+")

    class Meta:
        constraints = [
            models.UniqueConstraint(name="hand_one_team", fields=["course", "role"])
        ]

    class Privacy:
        kept = "With the case."
        course = team = sensitive
        role = needs = plain

    def __str__(self) -> str:
        return f"{self.role} of {self.course_id}"


class OpenTaskQuerySet(models.QuerySet["OpenTask"]):
    def late(self, now: datetime | None = None) -> Self:
        return self.filter(due_at__lte=now or timezone.now())

    def to_remind(self, now: datetime) -> Self:
        return self.filter(remind_at__lte=now, reminded_at=None, due_at__gt=now)

    def to_tell(self, now: datetime) -> Self:
        return self.late(now).filter(told_at=None)

    def for_list(self) -> Self:
        return self.select_related(
            "course__version", "case", "team__organisation"
        ).order_by("by_at", "pk")


class OpenTask(models.Model):
    """A step that a team has to do now in a case: the result of folding its facts."""

    course = models.ForeignKey(
        PathwayRun, models.CASCADE, related_name="dues", db_index=False
    )
    case = models.ForeignKey(Case, models.CASCADE, related_name="steps_due")
    key = models.CharField(max_length=200)
    """The step, and in an each its item: "child_needs@c1"."""
    role = models.CharField(max_length=60)
    needs = models.CharField(max_length=20)
    team = models.ForeignKey(
        Team, models.PROTECT, related_name="steps_due", db_index=False
    )
    own = models.BooleanField(default=False)
    """The team is the one whose case it is."""
    given = models.BooleanField(default=True)
    """False: several teams could do it, or none; a colleague has to choose which."""
    named = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        models.PROTECT,
        null=True,
        blank=True,
        related_name="+",
        db_index=False,
    )
    """Of a case kept to named people: the one person of an office who does the step."""
    since = models.DateTimeField()
    due_at = models.DateTimeField(null=True, blank=True)
    by_at = models.DateTimeField()
    """Its place in lists."""
    remind_at = models.DateTimeField(null=True, blank=True)
    again = models.BooleanField(default=False)
    """It is only done again: nothing follows."""
    reminded_at = models.DateTimeField(null=True, blank=True)
    told_at = models.DateTimeField(null=True, blank=True)
    """When those were told who have to know that it is late."""

    objects = OpenTaskQuerySet.as_manager()

    class Meta:
        constraints = [
            models.UniqueConstraint(name="due_once", fields=["course", "key"]),
            models.CheckConstraint(
                name="due_by_its_clock",
                condition=Q(due_at=None) | Q(by_at=F("due_at")),
            ),
        ]
        indexes = [
            models.Index(name="due_of_team", fields=["team", "by_at", "id"]),
            # Of one part only SQLite would never use it: it is told the value later.
            models.Index(
                name="due_asked_of_team", fields=["team", "own", "by_at", "id"]
            ),
            models.Index(
                name="due_to_remind",
                fields=["remind_at"],
                condition=Q(remind_at__isnull=False, reminded_at=None),
            ),
            models.Index(
                name="due_to_tell",
                fields=["due_at"],
                condition=Q(due_at__isnull=False, told_at=None),
            ),
        ]

    class Privacy:
        kept = "Until the step is done."
        course = case = key = team = sensitive
        named = personal
        role = needs = own = given = again = plain
        since = due_at = by_at = remind_at = reminded_at = told_at = plain

    def __str__(self) -> str:
        return f"{self.key} of {self.course_id}"

    @property
    def step(self) -> str:
        return self.key.partition("@")[0]

    @property
    def item(self) -> str:
        return self.key.partition("@")[2]

    @property
    def is_late(self) -> bool:
        return self.due_at is not None and self.due_at <= timezone.now()

    @property
    def lateness(self) -> str:
        """Of a row: late, or nothing special."""
        return "late" if self.is_late else "plain"


class PendingSignalQuerySet(models.QuerySet["PendingSignal"]):
    def expired(self, now: datetime) -> Self:
        return self.filter(until__lte=now)


class PendingSignal(models.Model):
    """Something that a case waits for: a message, or that a time has passed."""

    course = models.ForeignKey(
        PathwayRun, models.CASCADE, related_name="awaited", db_index=False
    )
    key = models.CharField(max_length=200)
    since = models.DateTimeField()
    until = models.DateTimeField(null=True, blank=True)

    objects = PendingSignalQuerySet.as_manager()

    class Meta:
        verbose_name_plural = "awaited"
        constraints = [
            models.UniqueConstraint(name="awaited_once", fields=["course", "key"])
        ]
        indexes = [
            models.Index(
                name="awaited_until",
                fields=["until"],
                condition=Q(until__isnull=False),
            )
        ]

    class Privacy:
        kept = "Until it is over."
        course = key = sensitive
        since = until = plain

    def __str__(self) -> str:
        return f"{self.key} of {self.course_id}"
