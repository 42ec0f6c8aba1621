"""Reports of free places, and how quickly services answer."""

from typing import Self

from django.conf import settings
from django.db import models
from django.utils import timezone
from django.utils.formats import date_format
from django.utils.translation import gettext_lazy as _

from amana.privacy import personal, plain


class Availability(models.Model):
    """Free places of one service, as a person reported or an action changed them.

    Append-only: gaps and forecasts are made from this history. The database refuses to
    change or delete it, and lets it go only with the service (migration 0002); so
    Django has nothing to do then."""

    class Kind(models.TextChoices):
        SAID = "said", _("Count reported")
        BOOKED = "booked", _("Taken by a referral")
        GIVEN_BACK = "given_back", _("Available again")

    service = models.ForeignKey(
        "directory.Service", models.DO_NOTHING, related_name="places_reports"
    )
    kind = models.CharField(max_length=10, choices=Kind)
    free = models.PositiveIntegerField()
    total = models.PositiveIntegerField()
    at = models.DateTimeField(default=timezone.now)
    by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, null=True, related_name="+"
    )

    class Meta:
        indexes = [models.Index(fields=["service", "-at"])]

    class Privacy:
        kept = "Five years."
        service = kind = free = total = at = plain
        by = personal

    def __str__(self) -> str:
        return f"{self.free} of {self.total}"

    @property
    def day(self) -> str:
        return date_format(timezone.localtime(self.at), str(_("j M Y")))


class ResponseTimeQuerySet(models.QuerySet["ResponseTime"]):
    def latest_of(self, service: models.Model, count: int) -> Self:
        return self.filter(service=service).order_by("-at", "-pk")[:count]


class ResponseTime(models.Model):
    """How long one answer took, with what was promised. It points to no referral.

    Append-only as well, so that no one makes a record better than it is."""

    service = models.ForeignKey(
        "directory.Service", models.DO_NOTHING, related_name="answers"
    )
    took_minutes = models.PositiveIntegerField()
    promised_minutes = models.PositiveIntegerField()
    at = models.DateTimeField(default=timezone.now)

    objects = ResponseTimeQuerySet.as_manager()

    class Meta:
        indexes = [models.Index(fields=["service", "-at"])]
        constraints = [
            models.CheckConstraint(
                name="answered_promised_some_time",
                condition=models.Q(promised_minutes__gt=0),
            )
        ]

    class Privacy:
        kept = "Five years."
        service = took_minutes = promised_minutes = at = plain

    def __str__(self) -> str:
        return f"{self.took_minutes} of {self.promised_minutes} minutes"
