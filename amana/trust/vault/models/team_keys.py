"""Keys of people and teams, and records that could not be resealed."""

import os
import time
from uuid import UUID

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.utils import timezone

from amana.privacy import personal, plain, sealed
from amana.trust.access.models.organisations import Team


def generate_uuid7() -> UUID:
    """Generate a random id that sorts by its time of birth (RFC 9562, version 7)."""
    milliseconds = time.time_ns() // 1_000_000
    number = milliseconds << 80 | int.from_bytes(os.urandom(10), "big")
    number = number & ~(0xF << 76) | 7 << 76
    return UUID(int=number & ~(3 << 62) | 2 << 62)


class PersonKey(models.Model):
    """The public half of someone's key; the private half only under their secrets."""

    user = models.OneToOneField(
        settings.AUTH_USER_MODEL, models.CASCADE, related_name="person_key"
    )
    public = models.BinaryField()
    verify_key = models.BinaryField(max_length=32)
    """With it everyone checks what the person signed (`signing`)."""
    made_at = models.DateTimeField(default=timezone.now)

    class Privacy:
        kept = "Until the person leaves or starts again with a new key."
        user = made_at = personal
        public = verify_key = plain

    def __str__(self) -> str:
        return f"key of person {self.user_id}"


class PersonWrap(models.Model):
    """A person's private key, sealed under one of their secrets."""

    class Method(models.TextChoices):
        PASSPHRASE = "passphrase"  # noqa: S105 — the name of a method
        RECOVERY = "recovery"

    person_key = models.ForeignKey(PersonKey, models.CASCADE, related_name="wraps")
    method = models.CharField(max_length=12, choices=Method)
    salt = models.BinaryField(max_length=16)
    cost = models.JSONField()
    """What Argon2id was told, and which pepper, if any, was in it."""
    sealed = models.BinaryField()
    seen = models.BinaryField(default=b"")
    """The last statement of the roster that the person has seen, sealed with their key:
    no one can cut the roster back to before it without their noticing."""

    class Meta:
        constraints = [
            models.UniqueConstraint(
                name="person_wrap_one_of_each_method", fields=["person_key", "method"]
            )
        ]

    class Privacy:
        kept = "As the key that it opens, or until the secret is changed."
        person_key = method = personal
        salt = cost = plain
        seen = sealed = sealed

    def __str__(self) -> str:
        return f"{self.method} of key {self.person_key_id}"


class TeamKey(models.Model):
    """One epoch of a team's key; a new epoch begins when someone leaves."""

    team = models.ForeignKey(Team, models.PROTECT, related_name="keys")
    epoch = models.PositiveIntegerField(default=1)
    public = models.BinaryField()
    made_at = models.DateTimeField(default=timezone.now)
    retired_at = models.DateTimeField(null=True, blank=True)
    to_move = models.PositiveIntegerField(default=0)
    """How much was sealed under earlier epochs when this one began."""
    moved = models.PositiveIntegerField(default=0)
    """How much of it has been resealed under this one."""
    settled_at = models.DateTimeField(null=True, blank=True)
    """When nothing was left under earlier epochs, and their keys were destroyed."""
    kept_until = models.DateTimeField(null=True, blank=True)
    """When all is resealed but records that could not be: until when the earlier keys
    are kept for them (`unopened`)."""
    exposed_at = models.DateTimeField(null=True, blank=True)
    """When a holder lost their right to it, or their own keys: the next keyholder who
    unlocks, or writes, begins a new epoch."""

    class Meta:
        constraints = [
            models.UniqueConstraint(
                name="team_key_epoch_once", fields=["team", "epoch"]
            ),
            models.UniqueConstraint(
                name="team_key_one_current",
                fields=["team"],
                condition=Q(retired_at=None),
            ),
        ]

    class Privacy:
        kept = "As long as the team; the private half only while it is needed."
        team = epoch = public = made_at = retired_at = plain
        to_move = moved = settled_at = kept_until = exposed_at = plain

    def __str__(self) -> str:
        return f"key {self.epoch} of team {self.team_id}"


class UnopenedRecord(models.Model):
    """A record that could not be resealed under a team's new key, and was set aside:
    its content lies under an earlier key (`unopened`)."""

    team = models.ForeignKey(Team, models.CASCADE, related_name="+")
    kind = models.CharField(max_length=60)
    """Its model, as `vault.SearchCard`."""
    row = models.CharField(max_length=36)
    """Its id."""
    error = models.CharField(max_length=80, blank=True)
    """The class of the error; empty: the earlier key does not open it."""
    found_at = models.DateTimeField(default=timezone.now)

    class Meta:
        constraints = [
            models.UniqueConstraint(name="unopened_once", fields=["kind", "row"])
        ]

    class Privacy:
        kept = "Until the earlier keys are destroyed, or it is tried again."
        team = kind = error = found_at = plain
        row = personal

    def __str__(self) -> str:
        return f"{self.kind} {self.row}"
