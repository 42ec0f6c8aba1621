"""The list of what was erased, and the clock by which that happens."""

from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from amana.privacy import personal, plain


class Heartbeat(models.Model):
    """When the timers last ran, and by which start of the machine (`heartbeat`)."""

    at = models.DateTimeField()
    boot = models.CharField(max_length=40, blank=True)
    booted_at = models.DateTimeField()
    """By the clock and the counter at the first reading since that start."""
    doubted_at = models.DateTimeField(null=True, blank=True)
    """Since when nothing is destroyed: the clock may have jumped."""
    stopped_at = models.DateTimeField(null=True, blank=True)
    resumed_at = models.DateTimeField(null=True, blank=True)
    """Of the last outage: when the timers had last run before it, and when again."""

    class Privacy:
        kept = "The last one."
        at = boot = booted_at = doubted_at = plain
        stopped_at = resumed_at = plain

    def __str__(self) -> str:
        return f"heartbeat at {self.at}"


class ErasedLine(models.Model):
    """One line of the list of what was erased: what kind and why, never whose."""

    class Why(models.TextChoices):
        TIME = "time", _("The set time is over")
        REQUEST = "request", _("The person asked for it")

    place = models.PositiveIntegerField(unique=True)
    kind = models.CharField(max_length=20)
    on = models.DateField()
    why = models.CharField(max_length=8, choices=Why)
    count = models.PositiveIntegerField()
    tokens = models.JSONField(default=list)
    """Hashes of the ids of the keys that were destroyed. No page, address or log ever
    named those ids: only an older copy of the database still holds them."""
    by = models.JSONField(default=list)
    """Who decided it, two of them; empty: the clock."""
    before = models.CharField(max_length=64, blank=True)
    """The hash of the line before."""
    signature = models.CharField(max_length=128)
    """By the log's key, which does not lie in the database."""

    class Meta:
        constraints = [
            models.CheckConstraint(
                name="erased_line_counts_something", condition=Q(count__gt=0)
            )
        ]

    class Privacy:
        kept = "Ten years: longer than any copy of the database."
        place = kind = on = why = count = tokens = before = signature = plain
        by = personal

    def __str__(self) -> str:
        return f"line {self.place} of what was erased"
