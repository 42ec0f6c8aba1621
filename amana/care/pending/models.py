"""A decision that waits ten minutes before it takes effect.

Until then nothing has changed and no other user knows of it: the thing that was decided
on is as it was, for every list, badge, message and clock. So an undone decision leaves
nothing to correct."""

import json
from datetime import datetime, timedelta
from typing import Self

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.utils import timezone
from django.utils.crypto import salted_hmac

from amana.privacy import personal, plain, sensitive
from amana.trust.vault.models import generate_uuid7

TO_UNDO = timedelta(minutes=10)


class PendingDecisionQuerySet(models.QuerySet["PendingDecision"]):
    def waiting(self) -> Self:
        return self.filter(failed_at=None)

    def due(self, now: datetime | None = None) -> Self:
        return self.waiting().filter(due_at__lte=now or timezone.now())

    def failed(self) -> Self:
        return self.filter(failed_at__isnull=False)


class PendingDecision(models.Model):
    """What one person has decided, and may still undo; gone when it takes effect."""

    id = models.UUIDField(primary_key=True, default=generate_uuid7, editable=False)
    kind = models.CharField(max_length=40)
    """Which decision: a key of `decision_kinds.KINDS`."""
    thing = models.UUIDField()
    """What was decided on: a referral, an enquiry, a need, a case."""
    about = models.UUIDField(null=True, blank=True)
    """The case on whose page the person who decided is told of it."""
    was = models.CharField(max_length=40)
    """The state of the thing when it was decided on. Any other: someone acted first."""
    choices = models.JSONField(default=dict)
    """Codes and ids alone; words are sealed where they belong, and held back."""
    by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.CASCADE, related_name="pending_decisions"
    )
    made_at = models.DateTimeField(default=timezone.now)
    due_at = models.DateTimeField()
    """When it takes effect."""
    proof = models.CharField(max_length=64)
    """That it was decided here: writing in the database alone can't make it."""
    failed_at = models.DateTimeField(null=True, blank=True)
    """When it could not take effect, because someone had acted before."""

    objects = PendingDecisionQuerySet.as_manager()

    class Privacy:
        kept = "Until it takes effect or is undone; one that failed, for 30 days."
        id = kind = was = proof = plain
        thing = about = by = personal
        choices = sensitive
        made_at = due_at = failed_at = plain

    class Meta:
        constraints = [
            models.UniqueConstraint(
                name="pending_decision_one_of_each_person",
                # Of each person: two colleagues may decide the same thing, and the
                # second one's fails.
                fields=["thing", "by"],
                condition=Q(failed_at=None),
            ),
            models.CheckConstraint(
                name="pending_decision_ten_minutes_at_most",
                condition=Q(due_at__gte=models.F("made_at"))
                & Q(due_at__lte=models.F("made_at") + TO_UNDO),
            ),
        ]
        indexes = [
            models.Index(
                name="pending_decision_by_clock",
                fields=["due_at"],
                condition=Q(failed_at=None),
            ),
            models.Index(fields=["by", "thing"]),
            models.Index(fields=["by", "about"]),
        ]

    def __str__(self) -> str:
        return f"pending decision {self.pk}"

    def proven(self) -> str:
        """Compute what `proof` is, of everything that the clock will act on."""
        said = (self.pk, self.kind, self.thing, self.was, self.by_id)
        words = [*map(str, said), self.due_at.isoformat(), self.choices]
        text = json.dumps(words, sort_keys=True)
        salt = "amana.care.pending"
        return salted_hmac(salt, text, algorithm="sha256").hexdigest()
