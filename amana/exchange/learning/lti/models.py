"""Other learning systems, ways in from them, and whose account there is whose here."""

from datetime import timedelta
from typing import Self
from uuid import uuid4

from django.db import models
from django.utils import timezone

from amana.academy.courses.models import Course
from amana.privacy import personal, plain
from amana.trust.access.models import User

TO_ARRIVE = timedelta(minutes=10)
TO_SIGN_IN = timedelta(minutes=30)


class PlatformQuerySet(models.QuerySet["Platform"]):
    def open(self) -> Self:
        return self.filter(closed_at=None)


class Platform(models.Model):
    """A learning system whose people may come to courses here."""

    name = models.CharField(max_length=100)
    issuer = models.CharField(max_length=255)
    client_id = models.CharField(max_length=255)
    deployment_id = models.CharField(max_length=255)
    login_url = models.URLField(max_length=500)
    keys_url = models.URLField(max_length=500)
    token_url = models.URLField(max_length=500)
    added_at = models.DateTimeField(default=timezone.now)
    added_by = models.ForeignKey(User, models.PROTECT, related_name="+")
    closed_at = models.DateTimeField(null=True, blank=True)

    objects = PlatformQuerySet.as_manager()

    class Meta:
        constraints = [
            # A system that was closed may be added again, with the same names.
            models.UniqueConstraint(
                name="platform_once",
                fields=["issuer", "client_id"],
                condition=models.Q(closed_at=None),
            )
        ]

    class Privacy:
        kept = "As long as somebody's account there is linked with one here."
        name = issuer = client_id = deployment_id = plain
        login_url = keys_url = token_url = added_at = closed_at = plain
        added_by = personal

    def __str__(self) -> str:
        return self.name


class LaunchQuerySet(models.QuerySet["Launch"]):
    def waiting(self) -> Self:
        return self.filter(arrived_at=None)

    def arrived(self) -> Self:
        return self.filter(arrived_at__gte=timezone.now() - TO_SIGN_IN)


class Launch(models.Model):
    """A person's way from the other system's button to the course; used once."""

    id = models.UUIDField(primary_key=True, default=uuid4, editable=False)
    platform = models.ForeignKey(Platform, models.CASCADE, related_name="+")
    course = models.ForeignKey(Course, models.CASCADE, related_name="+")
    state = models.CharField(max_length=64, unique=True)
    nonce = models.CharField(max_length=64)
    browser = models.CharField(max_length=64)
    """The hash of what the browser was given: another one can't go on with it."""
    begun_at = models.DateTimeField(default=timezone.now)
    arrived_at = models.DateTimeField(null=True, blank=True)
    subject = models.CharField(max_length=255, blank=True)
    """Whom the other system says this is, by its own number."""
    line_item = models.URLField(max_length=500, blank=True)
    """Where it wants to hear how far they are."""

    objects = LaunchQuerySet.as_manager()

    class Meta:
        indexes = [models.Index(name="launch_by_age", fields=["begun_at"])]

    class Privacy:
        kept = "A day."
        platform = course = state = nonce = browser = begun_at = arrived_at = plain
        subject = line_item = personal

    def __str__(self) -> str:
        return f"launch {self.pk}"


class AccountLink(models.Model):
    """A person's confirmation that an account over there is theirs."""

    platform = models.ForeignKey(Platform, models.CASCADE, related_name="links")
    subject = models.CharField(max_length=255)
    person = models.ForeignKey(User, models.CASCADE, related_name="+")
    made_at = models.DateTimeField(default=timezone.now)
    tells = models.BooleanField(default=False)
    """Whether the other system may hear how far they are."""
    opens = models.BooleanField(default=False)
    """Whether the account here was opened from there, so that coming from there is
    enough to enter it; only ever for who learns and does nothing else."""

    class Meta:
        constraints = [
            # One person for an account over there, and one account for a person: no one
            # gets another's scores.
            models.UniqueConstraint(
                name="link_one_person", fields=["platform", "subject"]
            ),
            models.UniqueConstraint(
                name="link_one_account", fields=["platform", "person"]
            ),
        ]

    class Privacy:
        kept = "Until the person takes it back."
        platform = plain
        subject = person = made_at = tells = opens = personal

    def __str__(self) -> str:
        return f"link {self.pk}"


class Score(models.Model):
    """The place for one learner and course in the other system's book of marks."""

    link = models.ForeignKey(AccountLink, models.CASCADE, related_name="marks")
    course = models.ForeignKey(Course, models.CASCADE, related_name="+")
    line_item = models.URLField(max_length=500)
    passed = models.PositiveSmallIntegerField(null=True, blank=True)
    """How many modules it was told of; None: nothing yet."""
    told_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(
                name="mark_once", fields=["link", "course", "line_item"]
            )
        ]

    class Privacy:
        kept = "As long as the link."
        link = line_item = passed = told_at = personal
        course = plain

    def __str__(self) -> str:
        return f"mark {self.pk}"
