"""A team's keys under its recovery key, and at its members."""

from typing import Self

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.utils import timezone

from amana.privacy import personal, plain, sealed
from amana.trust.access.models.organisations import Team
from amana.trust.vault.models.team_keys import PersonKey, TeamKey


class TeamWrap(models.Model):
    """A team's private key, sealed to one member."""

    team_key = models.ForeignKey(TeamKey, models.CASCADE, related_name="wraps")
    person_key = models.ForeignKey(PersonKey, models.CASCADE, related_name="team_wraps")
    sealed = models.BinaryField()

    class Meta:
        constraints = [
            models.UniqueConstraint(
                name="team_wrap_once", fields=["team_key", "person_key"]
            )
        ]

    class Privacy:
        kept = "Until the member leaves, or the epoch is settled."
        team_key = person_key = personal
        sealed = sealed

    def __str__(self) -> str:
        return f"team key {self.team_key_id} for person key {self.person_key_id}"


class RecoveryKeyQuerySet(models.QuerySet["RecoveryKey"]):
    def proposed(self) -> Self:
        """Filter those that a second keyholder has still to confirm."""
        return self.filter(confirmed_at=None, ended_at=None)

    def current(self) -> Self:
        """Filter those to which teams' keys are sealed."""
        return self.filter(confirmed_at__isnull=False, ended_at=None)


class RecoveryKey(models.Model):
    """What opens a team's keys when the team has lost them: its public half. The other
    half is nowhere; three of five other organisations can put it together."""

    team = models.ForeignKey(Team, models.PROTECT, related_name="recovery_keys")
    public = models.BinaryField(default=b"")
    """Empty before a second keyholder has confirmed the custodians."""
    proposed_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.CASCADE, related_name="+"
    )
    proposed_at = models.DateTimeField(default=timezone.now)
    confirmed_by = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        models.CASCADE,
        null=True,
        blank=True,
        related_name="+",
    )
    confirmed_at = models.DateTimeField(null=True, blank=True)
    ended_at = models.DateTimeField(null=True, blank=True)
    """When it was withdrawn, used up, or another took its place."""

    objects = RecoveryKeyQuerySet.as_manager()

    class Meta:
        constraints = [
            models.UniqueConstraint(
                name="recovery_key_one_proposed",
                fields=["team"],
                condition=Q(confirmed_at=None, ended_at=None),
            ),
            models.UniqueConstraint(
                name="recovery_key_one_current",
                fields=["team"],
                condition=Q(confirmed_at__isnull=False, ended_at=None),
            ),
            # As for a removal: two people, whatever the code above asks.
            models.CheckConstraint(
                name="recovery_key_confirmed_by_another",
                condition=Q(confirmed_by=None, confirmed_at=None)
                | Q(confirmed_by__isnull=False, confirmed_at__isnull=False)
                & ~Q(confirmed_by=models.F("proposed_by")),
            ),
        ]

    class Privacy:
        kept = "As long as the team; the shares until it is used up or replaced."
        team = public = ended_at = plain
        proposed_by = proposed_at = confirmed_by = confirmed_at = personal

    def __str__(self) -> str:
        return f"recovery key {self.pk} of team {self.team_id}"


class RecoveryWrap(models.Model):
    """A team's private key, sealed to its recovery key."""

    recovery = models.ForeignKey(RecoveryKey, models.CASCADE, related_name="wraps")
    team_key = models.ForeignKey(TeamKey, models.CASCADE, related_name="recovery_wraps")
    sealed = models.BinaryField()

    class Meta:
        constraints = [
            models.UniqueConstraint(
                name="recovery_wrap_once", fields=["recovery", "team_key"]
            )
        ]

    class Privacy:
        kept = "Until the epoch is settled, or the recovery key is used up or replaced."
        recovery = team_key = plain
        sealed = sealed

    def __str__(self) -> str:
        return f"team key {self.team_key_id} for recovery key {self.recovery_id}"
