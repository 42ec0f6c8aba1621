"""Files imported into the directory: read into rows, planned, applied at once,
undone."""

from datetime import timedelta
from typing import Self

from django.conf import settings
from django.core.serializers.json import DjangoJSONEncoder
from django.db import models
from django.db.models import Q
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from amana.design.directory.models import Area, Service
from amana.privacy import personal, plain, sealed
from amana.trust.access.models import Organisation, Team
from amana.trust.vault.models import generate_uuid7

STANDS_STILL = timedelta(minutes=2)
"""After so long without a step, work in the background must have been stopped."""


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
    # What is done in the background
    named_at = models.DateTimeField(null=True, blank=True)
    """When its names of organisations and areas were looked up."""
    asked_at = models.DateTimeField(null=True, blank=True)
    """When a person asked for its services to be imported."""
    asked_by = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        models.PROTECT,
        null=True,
        blank=True,
        related_name="+",
    )
    turn = models.PositiveIntegerField(default=0)
    """Raised by each step: a task that comes with an older number does nothing."""
    tries = models.PositiveSmallIntegerField(default=0)
    """Steps begun since the last one that was completed."""
    worked_at = models.DateTimeField(null=True, blank=True)
    problem = models.TextField(blank=True)
    """Why its services could not be imported, for the person who asked."""
    turns = models.JSONField(default=dict)
    """By the mistake in their coordinates, what was decided of the rows that have
    it."""

    class Meta:
        constraints = [
            models.CheckConstraint(
                name="import_undone_only_after_taken_in",
                condition=Q(undone_at=None) | Q(taken_in_at__isnull=False),
            ),
            models.CheckConstraint(
                name="import_asked_by_someone",
                condition=Q(asked_at=None) | Q(asked_by__isnull=False),
            ),
        ]

    class Privacy:
        kept = "Two years after it was brought."
        origin = plain
        brought_by = personal
        brought_at = plain
        taken_in_at = plain
        undone_at = plain
        named_at = asked_at = turn = tries = worked_at = problem = plain
        asked_by = personal
        turns = plain

    def __str__(self) -> str:
        return f"import {self.pk}"

    @property
    def is_applying(self) -> bool:
        return self.asked_at is not None and self.taken_in_at is None

    @property
    def stands_still(self) -> bool:
        """Whether its work in the background seems to have been stopped."""
        return (
            self.worked_at is not None
            and self.worked_at < timezone.now() - STANDS_STILL
        )


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
    missing = models.CharField(max_length=200, blank=True)
    """What it names as its organisation, where the file does not hold it."""
    area = models.CharField(max_length=200, blank=True)
    within = models.CharField(max_length=10, blank=True)
    served = models.JSONField(default=list)
    """Areas whose people alone it serves, as the file names them."""
    shape = models.TextField(blank=True)
    values = models.JSONField(default=dict, encoder=DjangoJSONEncoder)
    placed = models.JSONField(default=dict)
    """Its area and coverage in codes of ours, and what was remarked of them; see
    `actions.placing_rows`."""
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
    version = models.PositiveIntegerField(null=True, blank=True)
    """The service's version that this row made."""
    mended = models.JSONField(null=True, blank=True, encoder=DjangoJSONEncoder)
    """What the file says of the fields that a person has corrected."""

    objects = ImportRowQuerySet.as_manager()

    class Meta:
        constraints = [
            models.UniqueConstraint(
                name="import_row_number_once", fields=["brought", "number"]
            )
        ]
        indexes = [
            models.Index(fields=["brought", "outcome", "number"]),
            # An address that is secret from now on is looked for in every import.
            models.Index(fields=["origin_id"], name="import_row_by_origin_id"),
        ]

    class Privacy:
        kept = "As long as its import."
        brought = plain
        number = plain
        where = plain
        origin_id = plain
        organisation = plain
        missing = plain
        area = plain
        within = plain
        served = plain
        shape = plain
        values = plain
        placed = plain
        outcome = plain
        problem = plain
        remarks = plain
        service = plain
        before = plain
        version = plain
        mended = plain

    def __str__(self) -> str:
        return f"row {self.number} of import {self.brought_id}"


class NameKind(models.TextChoices):
    """What a name in a file names."""

    ORGANISATION = "organisation", _("Organisations")
    MISSING = "missing", _("Organisations that the file does not hold")
    AREA = "area", _("Areas")


class NameResolution(models.TextChoices):
    """What a name was taken to be."""

    KNOWN = "known", _("In the directory")
    NEW = "new", _("New")
    SIMILAR = "similar", _("Similar to one in the directory")
    UNKNOWN = "unknown", _("Not known")
    LEFT = "left", _("Its services are left out")


class ImportName(models.Model):
    """A name of an organisation or area in one file, and what it was taken to be."""

    brought = models.ForeignKey(Import, models.CASCADE, related_name="names")
    kind = models.CharField(max_length=12, choices=NameKind)
    name = models.CharField(max_length=200)
    rows = models.PositiveIntegerField()
    """How many services have it."""
    resolution = models.CharField(max_length=8, choices=NameResolution)
    organisation = models.ForeignKey(
        Organisation, models.SET_NULL, null=True, blank=True, related_name="+"
    )
    """What it is, or may be while it is only similar."""
    area = models.ForeignKey(
        Area, models.SET_NULL, null=True, blank=True, related_name="+"
    )
    new_name = models.CharField(max_length=200, blank=True)
    """What a new organisation is called, where the file has no name of it."""
    decided_at = models.DateTimeField(null=True, blank=True)
    """When a person decided; it holds for later files of the source."""
    created_organisation = models.BooleanField(default=False)
    """Whether this import has added the organisation; undoing removes it."""
    created_team = models.ForeignKey(
        Team, models.SET_NULL, null=True, blank=True, related_name="+"
    )
    """The team that this import has added; undoing removes it."""

    class Meta:
        constraints = [
            models.UniqueConstraint(
                name="import_name_once", fields=["brought", "kind", "name"]
            )
        ]
        indexes = [models.Index(fields=["brought", "kind", "resolution", "rows"])]

    class Privacy:
        kept = "As long as its import."
        brought = kind = name = rows = resolution = organisation = area = plain
        new_name = decided_at = created_organisation = created_team = plain

    def __str__(self) -> str:
        return f"name {self.pk} of import {self.brought_id}"

    @property
    def called(self) -> str:
        """What its new organisation is called."""
        return self.new_name or self.name


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
    sketch = models.BinaryField(default=b"")
    """What its pages show of it, sealed under the same key: they need not open all of a
    large file."""
    mapping = models.JSONField(default=dict)
    """As `exchange.sources.mapping` writes it."""

    class Privacy:
        kept = (
            "Until its services were read, or a week; forget_source_files deletes it."
        )
        origin = plain
        brought_by = personal
        brought_at = plain
        sealed = sketch = sealed
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
