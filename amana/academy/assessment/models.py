"""Work that learners hand in, how it was judged, and what they said to that."""

from datetime import timedelta
from typing import Any, Self

from django.db import models
from django.db.models import F, Q
from django.utils import timezone
from django.utils.translation import gettext as say
from django.utils.translation import gettext_lazy as _

from amana.academy.assessment.states import JUDGED, NEXT, OPEN, WorkStatus
from amana.academy.courses.models import Enrolment
from amana.errors import Changed
from amana.privacy import personal, plain
from amana.trust.access.models import User

__all__ = ["NEXT", "Appeal", "Assessor", "HandIn", "Mark", "WorkFile", "WorkStatus"]

TIME_TO_JUDGE = timedelta(days=7)
TIME_TO_KEEP = timedelta(days=3)
"""Work that was taken goes back to the others by itself after that."""
TIME_TO_ANSWER = timedelta(days=14)
"""An appeal."""
TIME_TO_APPEAL = timedelta(days=30)

MOST_WORDS = 40_000
"""Characters of a text that is handed in."""


class AssessorQuerySet(models.QuerySet["Assessor"]):
    def active(self) -> Self:
        return self.filter(ended_at=None, user__is_active=True)


class Assessor(models.Model):
    """A person who judges what others hand in; a coordinator appointed them."""

    user = models.ForeignKey(User, models.PROTECT, related_name="assesses")
    appointed_by = models.ForeignKey(User, models.PROTECT, related_name="+")
    appointed_at = models.DateTimeField(default=timezone.now)
    ended_at = models.DateTimeField(null=True, blank=True)

    objects = AssessorQuerySet.as_manager()

    class Meta:
        constraints = [
            models.UniqueConstraint(
                name="assessor_once_at_a_time",
                fields=["user"],
                condition=Q(ended_at=None),
            ),
            models.CheckConstraint(
                name="assessor_appointed_by_another",
                condition=~Q(user=F("appointed_by")),
            ),
        ]

    class Privacy:
        kept = "As long as what they judged."
        user = appointed_by = appointed_at = ended_at = personal

    def __str__(self) -> str:
        return f"assessor {self.pk}"


class HandInQuerySet(models.QuerySet["HandIn"]):
    def open(self) -> Self:
        return self.filter(status__in=OPEN)

    def judged(self) -> Self:
        return self.filter(status__in=JUDGED)

    def passed(self) -> Self:
        return self.filter(status=WorkStatus.PASSED)

    def newer_than(self, one: "HandIn") -> Self:
        """Find later versions of the same work."""
        return self.filter(
            enrolment=one.enrolment_id, module=one.module, number__gt=one.number
        )

    def late(self) -> Self:
        return self.open().filter(due_at__lt=timezone.now())

    def escalated(self) -> Self:
        return self.open().filter(escalated_at__isnull=False)

    def kept_too_long(self) -> Self:
        return self.filter(status=WorkStatus.TAKEN, taken_until__lt=timezone.now())

    def for_page(self) -> Self:
        """Select it without the whole course, which is read once for each wording."""
        return self.select_related("enrolment__version__course").defer(
            "enrolment__version__compiled"
        )

    def for_list(self) -> Self:
        return self.for_page().select_related("taken_by").defer("words")


class HandIn(models.Model):
    """One version of a learner's work for a module, as it was handed in."""

    enrolment = models.ForeignKey(
        Enrolment, models.CASCADE, related_name="works", db_index=False
    )
    module = models.CharField(max_length=60)
    number = models.PositiveSmallIntegerField()
    """1 for the first version, and so on."""
    status = models.CharField(
        max_length=12, choices=WorkStatus, default=WorkStatus.WAITING
    )
    words = models.TextField(max_length=MOST_WORDS, blank=True)
    handed_at = models.DateTimeField(default=timezone.now)
    due_at = models.DateTimeField()
    """By when it is judged, or an appeal against that is decided."""
    taken_by = models.ForeignKey(
        User, models.PROTECT, null=True, blank=True, related_name="+"
    )
    taken_until = models.DateTimeField(null=True, blank=True)
    escalated_at = models.DateTimeField(null=True, blank=True)
    """When coordinators were told that it is late."""

    objects = HandInQuerySet.as_manager()

    class Meta:
        constraints = [
            models.UniqueConstraint(
                name="handin_version_once", fields=["enrolment", "module", "number"]
            ),
            models.UniqueConstraint(
                name="handin_one_open",
                fields=["enrolment", "module"],
                condition=Q(status__in=["waiting", "taken", "appealed"]),
            ),
            models.CheckConstraint(
                name="handin_taken_iff_by_somebody",
                condition=Q(
                    status="taken", taken_by__isnull=False, taken_until__isnull=False
                )
                | (~Q(status="taken") & Q(taken_by=None, taken_until=None)),
            ),
        ]
        indexes = [
            models.Index(
                name="handin_waiting",
                fields=["due_at", "id"],
                condition=Q(status__in=["waiting", "taken", "appealed"]),
            )
        ]

    class Privacy:
        kept = "As long as the enrolment."
        enrolment = words = handed_at = due_at = personal
        taken_by = taken_until = escalated_at = status = personal
        module = number = plain

    def __str__(self) -> str:
        return say("Work %(number)s") % {"number": self.pk}

    def move(self, to: WorkStatus, **changes: object) -> None:
        """Change the status. Raises `Changed` when another person changed it first."""
        was = WorkStatus(self.status)
        if was == WorkStatus.TAKEN:
            changes = {"taken_by": None, "taken_until": None} | changes
        free = HandIn.objects.filter(pk=self.pk, status=was)
        # Also by whom: it may have been released and taken by another person meanwhile.
        if was == WorkStatus.TAKEN:
            free = free.filter(taken_by=self.taken_by_id)
        if to not in was.next or not free.update(status=to, **changes):
            raise Changed(
                say(
                    "This work has changed in the meantime, so nothing was saved. "
                    "Open it again."
                )
            )
        self.status = to
        for name, value in changes.items():
            setattr(self, name, value)


class WorkFile(models.Model):
    """A file of what was handed in: the harmless copy, without what isn't seen."""

    hand_in = models.ForeignKey(HandIn, models.CASCADE, related_name="files")
    name = models.CharField(max_length=120)
    kind = models.CharField(max_length=40)
    content = models.BinaryField()
    sha256 = models.CharField(max_length=64)

    class Privacy:
        kept = "As long as the enrolment."
        hand_in = name = content = sha256 = personal
        kind = plain

    def __str__(self) -> str:
        return f"file {self.pk}"


class MarkQuerySet(models.QuerySet["Mark"]):
    def in_order(self) -> Self:
        return self.order_by("at", "pk")


class Mark(models.Model):
    """What one assessor found, by one wording of the rubric. It is never changed: who
    sees it otherwise adds another, with a reason."""

    hand_in = models.ForeignKey(
        HandIn, models.CASCADE, related_name="assessments", db_index=False
    )
    assessor = models.ForeignKey(User, models.PROTECT, related_name="+")
    rubric = models.CharField(max_length=64)
    """The SHA-256 of its wording."""
    verdicts = models.JSONField()
    """[{level, where, passage}], one for each criterion in its order: `where` is text,
    file:<id> or event:<id>."""
    passed = models.BooleanField()
    to_do = models.TextField(max_length=4000, blank=True)
    """What to do so that it passes."""
    overrides = models.ForeignKey(
        "self", models.PROTECT, null=True, blank=True, related_name="overridden_by"
    )
    reason = models.TextField(max_length=2000, blank=True)
    at = models.DateTimeField(default=timezone.now)

    objects = MarkQuerySet.as_manager()

    class Meta:
        constraints = [
            models.UniqueConstraint(
                name="assessment_one_of_each",
                fields=["hand_in", "assessor", "rubric"],
            ),
            models.CheckConstraint(
                name="assessment_overrides_iff_reason",
                condition=Q(overrides=None, reason="")
                | (Q(overrides__isnull=False) & ~Q(reason="")),
            ),
            models.CheckConstraint(
                name="assessment_says_what_to_do",
                condition=Q(passed=True) | ~Q(to_do=""),
            ),
        ]

    class Privacy:
        kept = "As long as the enrolment."
        hand_in = assessor = verdicts = passed = to_do = personal
        overrides = reason = at = personal
        rubric = plain

    def __str__(self) -> str:
        return f"assessment {self.pk}"

    @property
    def levels(self) -> list[int]:
        said: list[dict[str, Any]] = self.verdicts
        return [verdict["level"] for verdict in said]


class Appeal(models.Model):
    """A learner asks that another person marks it again; once for each version."""

    hand_in = models.OneToOneField(HandIn, models.CASCADE, related_name="appeal")
    words = models.TextField(max_length=4000)
    made_at = models.DateTimeField(default=timezone.now)
    answered_at = models.DateTimeField(null=True, blank=True)

    class Privacy:
        kept = "As long as the enrolment."
        hand_in = words = made_at = answered_at = personal

    def __str__(self) -> str:
        return f"appeal {self.pk}"


class CertificateName(models.Model):
    """Which name a learner's certificates bear."""

    class Shown(models.TextChoices):
        NAME = "name", _("My name")
        PSEUDONYM = "pseudonym", _("A pseudonym that I choose")
        NOTHING = "nothing", _("No name")

    enrolment = models.OneToOneField(Enrolment, models.CASCADE, related_name="wish")
    shown = models.CharField(max_length=10, choices=Shown)
    pseudonym = models.CharField(max_length=80, blank=True)
    said_at = models.DateTimeField(default=timezone.now)

    class Meta:
        constraints = [
            models.CheckConstraint(
                name="wish_pseudonym_iff_so",
                condition=(Q(shown="pseudonym") & ~Q(pseudonym=""))
                | (~Q(shown="pseudonym") & Q(pseudonym="")),
            )
        ]

    class Privacy:
        kept = "As long as the enrolment."
        enrolment = shown = pseudonym = said_at = personal

    def __str__(self) -> str:
        return f"wish {self.pk}"
