"""Courses in versions that never change, who learns by them, and what happened."""

from typing import Self
from uuid import uuid4

from django.db import models
from django.utils import timezone
from django.utils.translation import gettext as say

from amana.privacy import personal, plain
from amana.trust.access.models import User


class Course(models.Model):
    """Something that can be learned; its content is in its versions."""

    slug = models.SlugField(max_length=60, unique=True)

    class Privacy:
        kept = "As long as a certificate of it can be checked."
        slug = plain

    def __str__(self) -> str:
        return self.slug


class CourseVersionQuerySet(models.QuerySet["Version"]):
    def newest_first(self) -> Self:
        return self.order_by("course__slug", "-number")

    def for_page(self) -> Self:
        """Leave out the whole course, which is read once for each wording."""
        return self.select_related("course").defer("compiled")


class Version(models.Model):
    """One wording of a course, as it was published; the database keeps it as it is."""

    course = models.ForeignKey(
        Course, models.PROTECT, related_name="versions", db_index=False
    )
    number = models.PositiveIntegerField()
    sha256 = models.CharField(max_length=64)
    """Of `compiled`, by which anyone can check that it is this one."""
    compiled = models.TextField()
    published_at = models.DateTimeField(default=timezone.now)
    published_by = models.ForeignKey(User, models.PROTECT, related_name="+")

    objects = CourseVersionQuerySet.as_manager()

    class Meta:
        constraints = [
            models.UniqueConstraint(
                name="course_version_number", fields=["course", "number"]
            ),
            models.UniqueConstraint(
                name="course_version_wording", fields=["course", "sha256"]
            ),
        ]

    class Privacy:
        kept = "As long as a certificate of it can be checked."
        course = number = sha256 = compiled = published_at = plain
        published_by = personal

    def __str__(self) -> str:
        return say("Version %(number)s") % {"number": self.number}


class EnrolmentQuerySet(models.QuerySet["Enrolment"]):
    def for_page(self) -> Self:
        """Sort the latest one first: who begins again learns by the newer version."""
        return (
            self.select_related("version__course", "person")
            .defer("version__compiled")
            .order_by("-version__number")
        )


class Enrolment(models.Model):
    """A person learns by a version of a course."""

    person = models.ForeignKey(User, models.CASCADE, related_name="enrolments")
    version = models.ForeignKey(Version, models.PROTECT, related_name="enrolments")
    begun_at = models.DateTimeField(default=timezone.now)
    track = models.CharField(max_length=60, blank=True)
    """The sector for which they learn it, by its code in the course; empty: for all."""

    objects = EnrolmentQuerySet.as_manager()

    class Meta:
        constraints = [
            models.UniqueConstraint(
                name="enrolment_once_by_version", fields=["person", "version"]
            )
        ]

    class Privacy:
        kept = "As long as the account, and then as the law says (retention)."
        person = begun_at = track = personal
        version = plain

    def __str__(self) -> str:
        return f"enrolment {self.pk}"


class AttemptQuerySet(models.QuerySet["Attempt"]):
    def open(self) -> Self:
        return self.filter(submitted_at=None)


class Attempt(models.Model):
    """A test that a person takes: a seed decides which questions it asks."""

    enrolment = models.ForeignKey(Enrolment, models.CASCADE, related_name="attempts")
    module = models.CharField(max_length=60)
    seed = models.UUIDField(default=uuid4)
    begun_at = models.DateTimeField(default=timezone.now)
    submitted_at = models.DateTimeField(null=True, blank=True)

    objects = AttemptQuerySet.as_manager()

    class Meta:
        constraints = [
            models.UniqueConstraint(
                name="attempt_one_open",
                fields=["enrolment", "module"],
                condition=models.Q(submitted_at=None),
            )
        ]

    class Privacy:
        kept = "As long as the enrolment."
        enrolment = begun_at = submitted_at = personal
        module = seed = plain

    def __str__(self) -> str:
        return f"attempt {self.pk}"


class AttemptRequestQuerySet(models.QuerySet["AttemptRequest"]):
    def waiting(self) -> Self:
        return self.filter(answered_at=None)

    def for_list(self) -> Self:
        """Sort the one that has waited longest first."""
        found = self.select_related("enrolment__person", "enrolment__version__course")
        return found.defer("enrolment__version__compiled").order_by("asked_at", "pk")


class AttemptRequest(models.Model):
    """A learner asks a person for further attempts at a test: the usual ones are used
    up. Who answers it has talked with them first."""

    enrolment = models.ForeignKey(
        Enrolment, models.CASCADE, related_name="attempt_requests"
    )
    module = models.CharField(max_length=60)
    asked_at = models.DateTimeField(default=timezone.now)
    answered_at = models.DateTimeField(null=True, blank=True)
    answered_by = models.ForeignKey(
        User, models.PROTECT, null=True, blank=True, related_name="+"
    )

    objects = AttemptRequestQuerySet.as_manager()

    class Meta:
        constraints = [
            models.UniqueConstraint(
                name="attempt_request_one_waiting",
                fields=["enrolment", "module"],
                condition=models.Q(answered_at=None),
            )
        ]

    class Privacy:
        kept = "As long as the enrolment."
        enrolment = asked_at = answered_at = answered_by = personal
        module = plain

    def __str__(self) -> str:
        return f"attempt request {self.pk}"


class LearningVerb(models.TextChoices):
    """What happens to a learner; nothing else is kept of it."""

    READ = "read"
    """A lesson, to its end."""
    ANSWERED = "answered"
    """A question for practice."""
    SUBMITTED = "submitted"
    """A test, with all its answers."""
    REVIEWED = "reviewed"
    """A question that was missed before, and how hard it was this time."""
    PLACED = "placed"
    """Questions on what is known already, for one sector."""


class EventQuerySet(models.QuerySet["Event"]):
    def in_order(self) -> Self:
        return self.order_by("received_at", "id")


class Event(models.Model):
    """One thing that happened while a person learned. Rows are only ever added.

    The id comes from where it happened, so that what is sent twice is there once."""

    id = models.UUIDField(primary_key=True)
    enrolment = models.ForeignKey(
        Enrolment, models.CASCADE, related_name="events", db_index=False
    )
    attempt = models.ForeignKey(
        Attempt, models.CASCADE, null=True, blank=True, related_name="events"
    )
    verb = models.CharField(max_length=20, choices=LearningVerb)
    object = models.CharField(max_length=140)
    """Where in the course: a lesson's path, a question's code, a module's."""
    result = models.JSONField(default=dict, blank=True)
    received_at = models.DateTimeField(default=timezone.now)

    objects = EventQuerySet.as_manager()

    class Meta:
        indexes = [
            models.Index(name="event_of_enrolment", fields=["enrolment", "received_at"])
        ]
        constraints = [
            models.UniqueConstraint(
                name="event_one_submission",
                fields=["attempt"],
                condition=models.Q(verb="submitted"),
            ),
            models.CheckConstraint(
                name="event_submission_of_attempt",
                condition=models.Q(verb="submitted", attempt__isnull=False)
                | ~models.Q(verb="submitted"),
            ),
        ]

    class Privacy:
        kept = "As long as the enrolment."
        enrolment = attempt = result = received_at = personal
        verb = object = plain

    def __str__(self) -> str:
        return f"event {self.pk}"
