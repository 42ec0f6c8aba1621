"""The register of data incidents (GDPR, article 33(5)): what happened, what was done,
and whether those who must hear of it heard of it in time."""

from datetime import datetime, timedelta
from typing import Self

from django.db import models
from django.db.models import Q
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from amana.privacy import personal, plain
from amana.trust.access.models import User
from amana.trust.vault.models import generate_uuid7

TIME_TO_NOTIFY = timedelta(hours=72)
"""GDPR, article 33(1): from when one knows of it."""


class BreachQuerySet(models.QuerySet["Breach"]):
    def counted(self) -> Self:
        """Exclude those that turned out to be none."""
        return self.filter(struck_at=None)

    def open(self) -> Self:
        return self.counted().filter(closed_at=None)

    def to_notify(self) -> Self:
        """Find those of which the authority has to hear, and has not."""
        return self.open().filter(notified_at=None).exclude(risk=Breach.Risk.NONE)

    def for_list(self) -> Self:
        return self.order_by("-found_at", "-pk")


class Breach(models.Model):
    """One data breach, recorded without the name of any person."""

    class Kind(models.TextChoices):
        LOOK = "look", _("Data viewed without need")
        SENT = "sent", _("Sent to the wrong person")
        CONSENT = "consent", _("Shared without consent, or more than was agreed")
        LOST = "lost", _("A device or paper was lost or stolen")
        INTRUSION = "intrusion", _("Someone broke in")
        CHANGED = "changed", _("Changed or deleted by mistake")
        GONE = "gone", _("Not available when it was needed")
        OTHER = "other", _("Something else")

    class Risk(models.TextChoices):
        NONE = "none", _("Unlikely to harm anyone")
        SOME = "some", _("Could harm someone")
        HIGH = "high", _("Could do serious harm")

    class People(models.TextChoices):
        UNKNOWN = "unknown", _("Not known yet")
        FEW = "10", _("Up to 10")
        TENS = "100", _("11 to 100")
        HUNDREDS = "1000", _("101 to 1,000")
        MORE = "more", _("More than 1,000")

    id = models.UUIDField(primary_key=True, default=generate_uuid7, editable=False)
    kind = models.CharField(max_length=10, choices=Kind)
    risk = models.CharField(max_length=6, choices=Risk)
    people = models.CharField(max_length=8, choices=People, default=People.UNKNOWN)
    """How many people’s data, as an interval."""
    happened_on = models.DateField(null=True, blank=True)
    found_at = models.DateTimeField()
    """When one knew of it: from here the 72 hours run."""
    words = models.TextField(max_length=2000)
    """What happened, without a name."""
    notified_at = models.DateTimeField(null=True, blank=True)
    """When the supervisory authority was told."""
    why_late = models.CharField(max_length=500, blank=True)
    people_told_on = models.DateField(null=True, blank=True)
    why_not = models.CharField(max_length=500, blank=True)
    """Why the authority or the people concerned were not notified, though required."""
    done = models.TextField(max_length=2000, blank=True)
    """What was done about it, and so that it does not happen again."""
    closed_at = models.DateTimeField(null=True, blank=True)
    struck_at = models.DateTimeField(null=True, blank=True)
    """It turned out to be none."""
    why_struck = models.CharField(max_length=500, blank=True)
    recorded_by = models.ForeignKey(User, models.PROTECT, related_name="+")
    figure = models.UUIDField(null=True, blank=True)
    """What the figures were told of it."""

    objects = BreachQuerySet.as_manager()

    class Meta:
        constraints = [
            models.CheckConstraint(
                name="breach_closed_by_what_was_done",
                condition=Q(closed_at=None) | ~Q(done=""),
            ),
            models.CheckConstraint(
                name="breach_struck_for_a_reason",
                condition=Q(struck_at=None, why_struck="")
                | Q(struck_at__isnull=False) & ~Q(why_struck=""),
            ),
            models.CheckConstraint(
                name="breach_notified_after_it_was_found",
                condition=Q(notified_at=None)
                | Q(notified_at__gte=models.F("found_at")),
            ),
        ]

    class Privacy:
        kept = "Five years after it is closed or struck; forget_incidents deletes it."
        kind = risk = people = happened_on = found_at = plain
        notified_at = people_told_on = closed_at = struck_at = figure = plain
        words = why_late = why_not = done = why_struck = recorded_by = personal

    def __str__(self) -> str:
        return f"breach {self.pk}"

    @property
    def is_open(self) -> bool:
        return self.closed_at is None and self.struck_at is None

    @property
    def notify_by(self) -> datetime | None:
        """Nothing, where the authority need not hear of it."""
        if self.risk == self.Risk.NONE:
            return None
        return self.found_at + TIME_TO_NOTIFY

    @property
    def is_unheard(self) -> bool:
        """Whether someone has to hear of it and has not: the authority, or, where the
        harm could be grave, the people too (GDPR, Art. 33 and 34)."""
        risky, grave = self.risk != self.Risk.NONE, self.risk == self.Risk.HIGH
        return (risky and not self.notified_at) or (grave and not self.people_told_on)

    def is_late(self, at: datetime | None = None) -> bool:
        """Check whether the authority hears of it after 72 hours, if it hears at
        `at`."""
        told = self.notified_at or at or timezone.now()
        return self.notify_by is not None and told > self.notify_by
