"""Who cosigns our log, whose log we cosign, and what was found wrong with ours."""

from datetime import datetime, timedelta
from typing import Any, Self

from django.db import models
from django.db.models import Q
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from amana.errors import Changed
from amana.privacy import personal, plain
from amana.trust.access.models import User
from amana.trust.audit.anchor import DoubtKind

OVERDUE = timedelta(hours=24)
"""Without enough cosignatures for so long, those who answer for the log are told."""


class VouchedKeyQuerySet(models.QuerySet[Any]):
    def in_force(self) -> Self:
        return self.filter(confirmed_at__isnull=False, ended_at=None)

    def waiting(self) -> Self:
        return self.filter(confirmed_at=None, ended_at=None)

    def for_list(self) -> Self:
        return self.filter(ended_at=None).select_related("proposed_by").order_by("pk")


class VouchedKey(models.Model):
    """What one person proposes and another, of another team, confirms: a public key."""

    key = models.CharField(max_length=400)
    """As C2SP writes it: name+id+key."""
    proposed_by = models.ForeignKey(User, models.PROTECT, related_name="+")
    proposed_at = models.DateTimeField(default=timezone.now)
    confirmed_by = models.ForeignKey(
        User, models.PROTECT, null=True, blank=True, related_name="+"
    )
    confirmed_at = models.DateTimeField(null=True, blank=True)
    ended_by = models.ForeignKey(
        User, models.PROTECT, null=True, blank=True, related_name="+"
    )
    ended_at = models.DateTimeField(null=True, blank=True)

    objects = VouchedKeyQuerySet.as_manager()

    class Meta:
        abstract = True

    def move(self, before: Q, **changes: object) -> None:
        """Change it, unless someone else did first. Raises `Changed`."""
        # The condition is in the UPDATE itself: of two people who act at once, one
        # changes it.
        free = type(self)._default_manager.filter(before, pk=self.pk, ended_at=None)
        if not free.update(**changes):
            raise Changed(str(_("Someone else has already decided this.")))
        for name, value in changes.items():
            setattr(self, name, value)

    @property
    def is_in_force(self) -> bool:
        return self.confirmed_at is not None and self.ended_at is None


class Witness(VouchedKey):
    """Another organisation's instance, or a laptop without network, that cosigns."""

    name = models.CharField(max_length=200)
    """As in its signatures: `witness.example.org`."""
    address = models.URLField(max_length=400, blank=True)
    """Where it answers; empty: its answers are carried."""
    failing_since = models.DateTimeField(null=True, blank=True)
    """When its failing, or what it said, was told."""
    says = models.BigIntegerField(null=True, blank=True)
    """How many entries it says to have seen, where that is more than we have."""

    class Meta:
        constraints = [
            models.UniqueConstraint(
                name="witness_name_once", fields=["name"], condition=Q(ended_at=None)
            )
        ]

    class Privacy:
        kept = "As long as the log names it."
        name = key = address = failing_since = says = plain
        proposed_by = confirmed_by = ended_by = personal
        proposed_at = confirmed_at = ended_at = plain

    def __str__(self) -> str:
        return f"witness {self.pk}"


class WitnessedLog(VouchedKey):
    """A log of another organisation that we cosign, and how far we have seen it."""

    origin = models.CharField(max_length=200)
    size = models.BigIntegerField(default=0)
    root = models.BinaryField(max_length=32, blank=True, default=b"")
    seen_at = models.DateTimeField(null=True, blank=True)
    conflict = models.TextField(blank=True)
    """The checkpoints that it signed and that contradict what it had signed before."""
    conflict_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(
                name="witnessed_log_once",
                fields=["origin"],
                condition=Q(ended_at=None),
            )
        ]

    class Privacy:
        kept = "As long as the log names it."
        origin = key = size = root = seen_at = conflict = conflict_at = plain
        proposed_by = confirmed_by = ended_by = personal
        proposed_at = confirmed_at = ended_at = plain

    def __str__(self) -> str:
        return f"witnessed log {self.pk}"


class Finding(models.Model):
    """Something was found wrong with the log, or with its witnesses."""

    class What(models.TextChoices):
        CUT = DoubtKind.CUT, _("The log is shorter than the one last signed")
        FORK = DoubtKind.FORK, _("The log is not the one last signed")
        AHEAD = (
            DoubtKind.AHEAD,
            _("The log was signed by something other than this server"),
        )
        MISSING = DoubtKind.MISSING, _("The file with what was last signed is missing")
        DEVICE = DoubtKind.DEVICE, _("A colleague’s device has seen a different log")
        LOST = DoubtKind.LOST, _("An event was removed before it was sealed")
        SILENT = "silent", _("Witnesses did not cosign in time")
        WITNESS = "witness", _("A witness reports having seen more of the log")
        OTHER_LOG = "other", _("A log that we cosign contradicts itself")

    what = models.CharField(max_length=8, choices=What)
    at = models.DateTimeField(default=timezone.now)

    class Privacy:
        kept = "As long as the log names it."
        what = at = plain

    def __str__(self) -> str:
        return f"finding {self.pk}: {self.what}"


class RestorationStatus(models.TextChoices):
    PROPOSED = "proposed", _("Waiting for a second person")
    DECLARED = "declared", _("Declared")
    WITHDRAWN = "withdrawn", _("Withdrawn")


class Restoration(models.Model):
    """Two people declare that an older database was put back, and why."""

    class Reason(models.TextChoices):
        FAILURE = "failure", _("A server or a disk failed")
        MISTAKE = "mistake", _("Something was deleted or changed by mistake")
        ATTACK = "attack", _("Someone broke in")
        MOVE = "move", _("The server was moved")
        OTHER = "other", _("Something else")

    reason = models.CharField(max_length=10, choices=Reason)
    words = models.CharField(max_length=500)
    """What happened, without a name."""
    seen = models.TextField()
    """The last checkpoint that was seen, which the new log names."""
    status = models.CharField(
        max_length=10, choices=RestorationStatus, default=RestorationStatus.PROPOSED
    )
    proposed_by = models.ForeignKey(User, models.PROTECT, related_name="+")
    proposed_at = models.DateTimeField(default=timezone.now)
    confirmed_by = models.ForeignKey(
        User, models.PROTECT, null=True, blank=True, related_name="+"
    )
    settled_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(
                name="restoration_one_proposed",
                fields=["status"],
                condition=Q(status=RestorationStatus.PROPOSED),
            ),
            models.CheckConstraint(
                name="restoration_declared_by_two",
                condition=~Q(status=RestorationStatus.DECLARED)
                | (
                    Q(confirmed_by__isnull=False)
                    & ~Q(confirmed_by=models.F("proposed_by"))
                ),
            ),
        ]

    class Privacy:
        kept = "As long as the log names it."
        reason = seen = status = proposed_at = settled_at = plain
        words = proposed_by = confirmed_by = personal

    def __str__(self) -> str:
        return f"restoration {self.pk}"

    def settle(self, to: RestorationStatus, **changes: object) -> None:
        """Change the status, unless someone else did first. Raises `Changed`."""
        waits = Q(pk=self.pk, status=RestorationStatus.PROPOSED)
        changes |= {"status": to, "settled_at": timezone.now()}
        if not Restoration.objects.filter(waits).update(**changes):
            raise Changed(str(_("Someone else has already decided this.")))
        for name, value in changes.items():
            setattr(self, name, value)


def is_overdue(since: datetime | None) -> bool:
    return since is not None and since < timezone.now() - OVERDUE
