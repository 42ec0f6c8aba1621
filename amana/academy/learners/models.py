"""Accounts that people open themselves, to learn; and the links that open them."""

from datetime import datetime, timedelta
from typing import Self

from django.db import models
from django.utils import timezone

from amana.privacy import personal, plain
from amana.trust.access.models import User

TERMS = "2026-12"
"""The edition of the terms that are shown now."""


class LearnerAccount(models.Model):
    """What a learner has agreed to."""

    user = models.OneToOneField(User, models.CASCADE, related_name="learner_account")
    terms = models.CharField(max_length=20)
    """Which edition of them."""
    accepted_at = models.DateTimeField(default=timezone.now)

    class Privacy:
        kept = "As long as the account."
        user = accepted_at = personal
        terms = plain

    def __str__(self) -> str:
        return f"learner account {self.pk}"


class SignInLinkQuerySet(models.QuerySet["SignInLink"]):
    def open(self) -> Self:
        return self.filter(expires_at__gt=timezone.now())

    def expired(self, now: datetime | None = None) -> Self:
        return self.filter(expires_at__lte=now or timezone.now())


class SignInLink(models.Model):
    """A link in an e-mail that signs one learner in, once."""

    LIVES = timedelta(minutes=30)
    """Of one that was asked for."""
    INVITES_FOR = timedelta(days=14)
    """Of one that came with an invitation."""

    digest = models.BinaryField(max_length=32, unique=True)
    """SHA-256 of its token: 256 random bits, so a plain hash can't be guessed back."""
    sealed = models.TextField()
    """Token, address and where it leads, sealed for the server: a copy of the database
    names no one who has not opened an account yet."""
    opens_only = models.BooleanField(default=False)
    """Whether it opens a new account and signs in to none, since no one has asked for
    it at this address."""
    expires_at = models.DateTimeField(db_index=True)

    objects = SignInLinkQuerySet.as_manager()

    class Privacy:
        kept = "30 minutes, or 14 days with an invitation; until it is used."
        digest = opens_only = expires_at = plain
        sealed = personal

    def __str__(self) -> str:
        return f"sign-in link {self.pk}"
