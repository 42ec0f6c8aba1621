"""Who lets a record store know what they learn, and what it was told."""

from typing import Self
from uuid import uuid4

from django.db import models
from django.utils import timezone

from amana.academy.courses.models import Event
from amana.privacy import personal, plain
from amana.trust.access.models import User


class SharingAgreementQuerySet(models.QuerySet["SharingAgreement"]):
    def open(self) -> Self:
        return self.filter(ended_at=None)

    def at(self, store: str) -> Self:
        return self.filter(store=store)


class SharingAgreement(models.Model):
    """A person agreed that one store hears of their learning, until they end it."""

    person = models.ForeignKey(User, models.CASCADE, related_name="+")
    store = models.CharField(max_length=200)
    """Its address: another store is another agreement."""
    pseudonym = models.UUIDField(default=uuid4, unique=True)
    """By which the store knows them; drawn again each time, so it can't be traced."""
    agreed_at = models.DateTimeField(default=timezone.now)
    ended_at = models.DateTimeField(null=True, blank=True)

    objects = SharingAgreementQuerySet.as_manager()

    class Meta:
        constraints = [
            models.UniqueConstraint(
                name="sharing_one_open",
                fields=["person", "store"],
                condition=models.Q(ended_at=None),
            )
        ]

    class Privacy:
        kept = "As long as the person has an account here."
        person = pseudonym = agreed_at = ended_at = personal
        store = plain

    def __str__(self) -> str:
        return f"sharing {self.pk}"


class StatementDelivery(models.Model):
    """An event of which the store was told, once."""

    sharing = models.ForeignKey(SharingAgreement, models.CASCADE, related_name="told")
    event = models.ForeignKey(Event, models.CASCADE, related_name="+")
    at = models.DateTimeField(default=timezone.now)
    refused = models.BooleanField(default=False)
    """The store did not take it and never will: it isn't sent again."""

    class Meta:
        constraints = [
            models.UniqueConstraint(name="told_once", fields=["sharing", "event"])
        ]

    class Privacy:
        kept = "As long as the agreement."
        sharing = event = at = personal
        refused = plain

    def __str__(self) -> str:
        return f"told {self.pk}"
