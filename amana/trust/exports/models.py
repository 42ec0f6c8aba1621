"""What was exported, by whom and why: numbers and ids, and no word of a person."""

from datetime import datetime
from typing import Self
from uuid import UUID

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.utils import timezone
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from amana.errors import Changed
from amana.privacy import personal, plain
from amana.trust.exports.labels import LABELS
from amana.trust.exports.states import WAITS, ExportStatus
from amana.trust.vault.models import generate_uuid7


class ExportQuerySet(models.QuerySet["Export"]):
    def on_day_of(self, now: datetime) -> Self:
        """Filter those asked for on the same day, without refused ones."""
        day = timezone.localtime(now).replace(hour=0, minute=0, second=0, microsecond=0)
        return self.filter(asked_at__gte=day).exclude(status=ExportStatus.REFUSED)

    def waiting(self, now: datetime | None = None) -> Self:
        since = (now or timezone.now()) - WAITS
        return self.filter(status=ExportStatus.WAITING, asked_at__gt=since)

    def for_list(self) -> Self:
        return self.select_related("by", "decided_by")


class Export(models.Model):
    """Someone takes people's data out of Amana, for a reason."""

    class Why(models.TextChoices):
        PERSON = "person", _("For the person, at their request")
        HELP = "help", _("To help the person where there is no screen")
        HANDOVER = "handover", _("For another organisation, with the person’s consent")
        DUTY = "duty", _("A law or a court requires it")
        CHECK = "check", _("To check the quality of the work")

    id = models.UUIDField(primary_key=True, default=generate_uuid7, editable=False)
    kind = models.CharField(max_length=12)
    by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, related_name="exports"
    )
    why = models.CharField(max_length=8, choices=Why)
    words = models.CharField(max_length=300, blank=True)
    count = models.PositiveIntegerField()
    """Of how many records."""
    asked_at = models.DateTimeField(default=timezone.now)
    status = models.CharField(max_length=8, choices=ExportStatus)
    open_until = models.DateTimeField(null=True, blank=True)
    decided_by = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        models.PROTECT,
        null=True,
        blank=True,
        related_name="+",
    )
    decided_at = models.DateTimeField(null=True, blank=True)

    taken: list[UUID]
    """While it is taken: which of its things may be now."""

    objects = ExportQuerySet.as_manager()

    class Meta:
        constraints = [
            models.CheckConstraint(
                name="export_decided_by_another",
                condition=Q(decided_by=None) | ~Q(decided_by=models.F("by")),
            ),
            models.CheckConstraint(
                name="export_open_iff_allowed",
                condition=Q(status="ready", open_until__isnull=False)
                | (~Q(status="ready") & Q(open_until=None)),
            ),
        ]
        indexes = [
            models.Index(name="export_of_day", fields=["by", "asked_at"]),
            models.Index(name="export_newest", fields=["-asked_at", "-id"]),
        ]

    class Privacy:
        kept = "As long as the log names it."
        by = decided_by = words = count = personal
        kind = why = asked_at = status = open_until = decided_at = plain

    def __str__(self) -> str:
        return f"export {self.pk}"

    @property
    def code(self) -> str:
        """The number on each page, by which this row is found again."""
        return self.pk.hex[-8:]

    @property
    def label(self) -> str | Promise:
        return LABELS.get(self.kind, self.kind)

    @property
    def mark(self) -> dict[str, str]:
        """Who took it out, when, and by which number: into each file."""
        at = timezone.localtime(self.asked_at).isoformat(timespec="minutes")
        return {"export": self.code, "by": self.by.name, "at": at}

    @property
    def is_open(self) -> bool:
        return self.open_until is not None and timezone.now() < self.open_until

    @property
    def decide_by(self) -> datetime:
        return self.asked_at + WAITS

    @property
    def is_waiting(self) -> bool:
        waits = self.status == ExportStatus.WAITING
        return waits and self.asked_at > timezone.now() - WAITS

    @property
    def things(self) -> list[UUID]:
        return list(self.rows.order_by("pk").values_list("thing", flat=True))

    def move(self, to: ExportStatus, **changes: object) -> None:
        """Decide on it. Raises `Changed` when someone else has decided meanwhile."""
        free = Export.objects.waiting().filter(pk=self.pk)
        # One statement decides: of two at once, the database lets one change the row
        # that still waits.
        if not free.update(status=to, **changes):
            raise Changed(str(_("Someone else has already decided this.")))
        for name, value in {"status": to, **changes}.items():
            setattr(self, name, value)


class ExportedItem(models.Model):
    """One thing of which an export is made, and the record that it is of."""

    export = models.ForeignKey(Export, models.CASCADE, related_name="rows")
    thing = models.UUIDField()
    record = models.UUIDField(db_index=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(
                name="exported_thing_once", fields=["export", "thing"]
            )
        ]

    class Privacy:
        kept = "As long as the record: with it, this goes too."
        export = thing = record = personal

    def __str__(self) -> str:
        return f"thing in export {self.export_id}"
