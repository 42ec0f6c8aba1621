"""Suspensions, invitations, sessions, devices."""

from datetime import timedelta
from importlib import import_module
from typing import Self

from django.conf import settings
from django.contrib.sessions.backends.base import SessionBase
from django.contrib.sessions.base_session import AbstractBaseSession
from django.db import models
from django.db.models import Q
from django.utils import timezone
from django.utils.crypto import salted_hmac

from amana.privacy import personal, plain
from amana.trust.access.models.organisations import User


class SuspensionQuerySet(models.QuerySet["Suspension"]):
    def current(self) -> Self:
        return self.filter(lifted_at=None)


class Suspension(models.Model):
    """Someone is kept out for now: by one person, at once, and nothing is destroyed."""

    user = models.ForeignKey(User, models.CASCADE, related_name="suspensions")
    by = models.ForeignKey(User, models.CASCADE, related_name="+")
    suspended_at = models.DateTimeField(default=timezone.now)
    lifted_by = models.ForeignKey(
        User, models.CASCADE, null=True, blank=True, related_name="+"
    )
    lifted_at = models.DateTimeField(null=True, blank=True)

    objects = SuspensionQuerySet.as_manager()

    class Meta:
        constraints = [
            models.UniqueConstraint(
                name="suspension_one_at_a_time",
                fields=["user"],
                condition=Q(lifted_at=None),
            ),
            models.CheckConstraint(
                name="suspension_by_another", condition=~Q(by=models.F("user"))
            ),
            models.CheckConstraint(
                name="suspension_lifted_by_another",
                condition=Q(lifted_by=None) | ~Q(lifted_by=models.F("user")),
            ),
        ]

    class Privacy:
        kept = "As long as the log names them."
        user = by = lifted_by = suspended_at = lifted_at = personal

    def __str__(self) -> str:
        return f"suspension {self.pk}"


class InvitationQuerySet(models.QuerySet["Invitation"]):
    def open(self) -> Self:
        return self.filter(expires_at__gt=timezone.now())


class Invitation(models.Model):
    """A code, handed over in person, with which someone sets their passphrase."""

    TIME_TO_JOIN = timedelta(days=7)

    user = models.OneToOneField(User, models.CASCADE, related_name="invitation")
    code = models.BinaryField(max_length=32, unique=True)
    """SHA-256 of the code: 90 random bits, so a plain hash can't be guessed back."""
    made_by = models.ForeignKey(
        User, models.PROTECT, null=True, blank=True, related_name="+"
    )
    made_at = models.DateTimeField(default=timezone.now)
    expires_at = models.DateTimeField()

    objects = InvitationQuerySet.as_manager()

    class Privacy:
        kept = "Until it is used, or the next one is made."
        user = made_by = made_at = expires_at = personal
        code = plain

    def __str__(self) -> str:
        return f"invitation {self.pk}"


class Session(AbstractBaseSession):
    """A browser in which someone is signed in, or about to be."""

    user = models.ForeignKey(
        User, models.CASCADE, null=True, blank=True, related_name="sessions"
    )
    began_at = models.DateTimeField(default=timezone.now)
    seen_at = models.DateTimeField(default=timezone.now)
    browser = models.CharField(max_length=60, blank=True)
    """Such as "Firefox, Android": enough to know one's own device again."""

    class Meta(AbstractBaseSession.Meta):
        abstract = False

    class Privacy:
        kept = "12 hours at most."
        user = began_at = seen_at = browser = personal
        session_key = session_data = expire_date = personal

    def __str__(self) -> str:
        return f"session of user {self.user_id}"

    @classmethod
    def get_session_store_class(cls) -> type[SessionBase]:
        # By the setting, as Django's middleware finds it: the store lies above us.
        store: type[SessionBase] = import_module(settings.SESSION_ENGINE).SessionStore
        return store

    @property
    def handle(self) -> str:
        """Names the session on a page; its key, which opens it, is never shown."""
        key = self.session_key
        return salted_hmac("session handle", key, algorithm="sha256").hexdigest()


class Device(models.Model):
    """A browser on which someone has passed both factors, known by a cookie."""

    user = models.ForeignKey(User, models.CASCADE, related_name="devices")
    digest = models.BinaryField(max_length=32)
    browser = models.CharField(max_length=60, blank=True)
    first_at = models.DateTimeField(default=timezone.now)
    seen_at = models.DateTimeField(default=timezone.now)

    class Meta:
        constraints = [
            models.UniqueConstraint(name="device_once", fields=["user", "digest"])
        ]

    class Privacy:
        kept = "400 days after the last sign-in on it; forget_sessions deletes it."
        user = digest = browser = first_at = seen_at = personal

    def __str__(self) -> str:
        return f"device of user {self.user_id}"


class ShortLivedValue(models.Model):
    """Something small that every process must know for a short while, as attempts."""

    key = models.CharField(max_length=255, primary_key=True)
    value = models.JSONField()
    until = models.DateTimeField(db_index=True)

    class Privacy:
        kept = "Minutes: until `until`."
        key = value = personal
        until = plain

    def __str__(self) -> str:
        return self.key
