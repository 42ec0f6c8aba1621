"""Files imported into the directory: read into rows, planned, applied at once,
undone."""

from typing import Self

from django.conf import settings
from django.core.serializers.json import DjangoJSONEncoder
from django.db import models
from django.db.models import Q
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from amana.design.directory.models import Service
from amana.privacy import personal, plain, sealed
from amana.trust.vault.models import generate_uuid7


class Import(models.Model):
    """One file, as it was read, and its result."""

    id = models.UUIDField(primary_key=True, default=generate_uuid7, editable=False)
    origin = models.CharField(max_length=60)
    """Names the source; with a row's own id it identifies the service."""
    brought_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, related_name="+"
    )
    brought_at = models.DateTimeField(default=timezone.now)
    taken_in_at = models.DateTimeField(null=True, blank=True)
    undone_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        constraints = [
            models.CheckConstraint(
                name="import_undone_only_after_taken_in",
                condition=Q(undone_at=None) | Q(taken_in_at__isnull=False),
            )
        ]

    class Privacy:
        kept = "Two years after it was brought."
        origin = plain
        brought_by = personal
        brought_at = plain
        taken_in_at = plain
        undone_at = plain

    def __str__(self) -> str:
        return f"import {self.pk}"


class ImportOutcome(models.TextChoices):
    """What applying a row does, or why it does nothing."""

    WAITING = "waiting", _("Not checked yet")
    NEW = "new", _("New")
    CHANGED = "changed", _("Changed")
    SAME = "same", _("No change")
    QUARANTINED = "quarantined", _("Can’t be imported")


class ImportRowQuerySet(models.QuerySet["ImportRow"]):
    def waiting(self) -> Self:
        return self.filter(outcome=ImportOutcome.WAITING)

    def quarantined(self) -> Self:
        return self.filter(outcome=ImportOutcome.QUARANTINED)

    def effective(self) -> Self:
        return self.filter(outcome__in=[ImportOutcome.NEW, ImportOutcome.CHANGED])


class ImportRow(models.Model):
    """One service of a file, or one part of it that could not be placed."""

    brought = models.ForeignKey(Import, models.CASCADE, related_name="rows")
    number = models.PositiveIntegerField()
    where = models.CharField(max_length=200)
    origin_id = models.CharField(max_length=200, blank=True)
    organisation = models.CharField(max_length=200, blank=True)
    area = models.CharField(max_length=200, blank=True)
    within = models.CharField(max_length=10, blank=True)
    values = models.JSONField(default=dict, encoder=DjangoJSONEncoder)
    outcome = models.CharField(
        max_length=12, choices=ImportOutcome, default=ImportOutcome.WAITING
    )
    problem = models.TextField(blank=True)
    remarks = models.JSONField(default=list)
    service = models.ForeignKey(
        Service, models.SET_NULL, null=True, blank=True, related_name="+"
    )
    before = models.JSONField(null=True, blank=True, encoder=DjangoJSONEncoder)
    """The service's own values that this row replaced; undoing restores them."""

    objects = ImportRowQuerySet.as_manager()

    class Meta:
        constraints = [
            models.UniqueConstraint(
                name="import_row_number_once", fields=["brought", "number"]
            )
        ]
        indexes = [models.Index(fields=["brought", "outcome", "number"])]

    class Privacy:
        kept = "As long as its import."
        brought = plain
        number = plain
        where = plain
        origin_id = plain
        organisation = plain
        area = plain
        within = plain
        values = plain
        outcome = plain
        problem = plain
        remarks = plain
        service = plain
        before = plain

    def __str__(self) -> str:
        return f"row {self.number} of import {self.brought_id}"


class SourceUpload(models.Model):
    """A file whose columns someone is still explaining. It is sealed under a key that
    their browser alone holds: it may hold the address of a safe house."""

    id = models.UUIDField(primary_key=True, default=generate_uuid7, editable=False)
    origin = models.CharField(max_length=60)
    brought_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, related_name="+"
    )
    brought_at = models.DateTimeField(default=timezone.now)
    sealed = models.BinaryField()
    mapping = models.JSONField(default=dict)
    """As `exchange.sources.mapping` writes it."""

    class Privacy:
        kept = (
            "Until its services were read, or a week; forget_source_files deletes it."
        )
        origin = plain
        brought_by = personal
        brought_at = plain
        sealed = sealed
        mapping = plain

    def __str__(self) -> str:
        return f"file {self.pk}"


class MappingVersion(models.Model):
    """What the files of one source mean: each version that was saved."""

    origin = models.CharField(max_length=60)
    number = models.PositiveIntegerField()
    content = models.JSONField()
    made_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, related_name="+"
    )
    made_at = models.DateTimeField(default=timezone.now)

    class Meta:
        constraints = [
            models.UniqueConstraint(
                name="mapping_number_once", fields=["origin", "number"]
            )
        ]

    class Privacy:
        kept = "As long as the installation: it holds nothing of people."
        origin = plain
        number = plain
        content = plain
        made_by = personal
        made_at = plain

    def __str__(self) -> str:
        return f"mapping {self.number} of {self.origin}"
