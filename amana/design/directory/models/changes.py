"""The changes of the directory, in the order of the commits: see `catalogue`."""

import secrets
from collections.abc import Collection

from django.db import IntegrityError, models, transaction
from django.db.models import F

from amana.privacy import plain


def make_stamp() -> int:
    return secrets.randbits(62)


class Counter(models.Model):
    """One row, incremented by every change; its lock keeps changes in commit order."""

    id = models.PositiveSmallIntegerField(primary_key=True, default=1)
    number = models.BigIntegerField(default=0)

    class Meta:
        constraints = [
            models.CheckConstraint(name="counter_is_one_row", condition=models.Q(id=1))
        ]

    class Privacy:
        kept = "Always: it is one number."
        id = number = plain

    def __str__(self) -> str:
        return f"change {self.number}"


class Change(models.Model):
    """One change, of one service or (without one) of everything.

    A sequence would not do: on PostgreSQL a lower number can commit after a higher one
    was seen, and is then missed for ever. The stamp distinguishes a number from the
    same number of a transaction that was rolled back."""

    number = models.BigIntegerField(primary_key=True)
    stamp = models.BigIntegerField(default=make_stamp)
    service = models.ForeignKey(
        "directory.Service", models.CASCADE, null=True, related_name="+"
    )

    class Privacy:
        kept = "Until ten thousand newer ones have come."
        number = stamp = service = plain

    def __str__(self) -> str:
        return f"change {self.number}"


KEPT = 10_000
MOST_FOLLOWED = 1_000
"""Services changed at once, beyond which everything is read again anyway."""


def record_change(service: models.Model | int | None = None) -> None:
    """Record, in the transaction of the change, that the directory has changed."""
    # The UPDATE locks the row until the commit, so numbers are in the order of commits
    # (ADR 6).
    bumped = Counter.objects.filter(pk=1).update(number=F("number") + 1)
    if not bumped:
        _begin()
        return record_change(service)
    number = Counter.objects.values_list("number", flat=True).get(pk=1)
    changed = service.pk if isinstance(service, models.Model) else service
    Change.objects.create(number=number, service_id=changed)
    # Now and then, because a change is recorded in the transaction of a person who
    # waits.
    if number % 1000 == 0:
        Change.objects.filter(number__lte=number - KEPT).delete()
    return None


def record_changes(services: Collection[int]) -> None:
    """Record, in the transaction of the change, that these services have changed."""
    if len(services) > MOST_FOLLOWED:
        return record_change()
    for service in services:
        record_change(service)
    return None


def _begin() -> None:
    try:
        with transaction.atomic():
            Counter.objects.create()
    except IntegrityError:
        return
