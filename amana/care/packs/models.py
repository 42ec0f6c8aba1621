"""What a worker has taken into a place without a network: which cases, until when.

Of what is in it the server knows the ids alone; the sealed copy is on the device."""

from datetime import timedelta
from typing import Self

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.utils import timezone

from amana.privacy import personal, plain
from amana.trust.exports.models import Export
from amana.trust.vault.models import generate_uuid7

MOST_CASES = 20
HOURS = (24, 48, 72)
"""For so long it opens, as its worker chooses; never longer."""
AT_MOST = timedelta(hours=max(HOURS))


class OfflinePackQuerySet(models.QuerySet["OfflinePack"]):
    def for_list(self) -> Self:
        return self.select_related("by", "revoked_by", "export")


class OfflinePack(models.Model):
    """Chosen cases, sealed on one device, for at most 72 hours."""

    id = models.UUIDField(primary_key=True, default=generate_uuid7, editable=False)
    export = models.OneToOneField(Export, models.PROTECT, related_name="pack")
    by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, related_name="packs"
    )
    taken_at = models.DateTimeField(default=timezone.now)
    until = models.DateTimeField()
    browser = models.CharField(max_length=60, blank=True)
    contact = models.BinaryField(max_length=32)
    """The hash of a secret by which the device proves which pack it holds."""
    duress = models.BinaryField(max_length=32)
    """The hash of the secret that only the duress phrase opens on the device."""
    revoked_at = models.DateTimeField(null=True, blank=True)
    revoked_by = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        models.PROTECT,
        null=True,
        blank=True,
        related_name="+",
    )
    gone_at = models.DateTimeField(null=True, blank=True)
    """When the device reported that nothing is left of it."""

    objects = OfflinePackQuerySet.as_manager()

    class Meta:
        constraints = [
            models.CheckConstraint(
                # In the database too, because a lost device keeps its pack for as long
                # as this (ADR 64).
                name="pack_lasts_72_hours",
                condition=Q(until__lte=models.F("taken_at") + AT_MOST),
            ),
            models.CheckConstraint(
                name="pack_revoked_whole",
                condition=Q(revoked_at=None, revoked_by=None)
                | Q(revoked_at__isnull=False, revoked_by__isnull=False),
            ),
        ]
        indexes = [models.Index(name="pack_newest", fields=["-taken_at", "-id"])]

    class Privacy:
        kept = "As the export."
        export = by = browser = revoked_by = contact = duress = personal
        taken_at = until = revoked_at = gone_at = plain

    def __str__(self) -> str:
        return f"offline pack {self.pk}"

    @property
    def is_live(self) -> bool:
        ended = self.revoked_at is not None or self.gone_at is not None
        return not ended and timezone.now() < self.until
