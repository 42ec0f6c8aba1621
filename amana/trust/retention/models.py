"""What keeps a record beyond its time, and what ends it before."""

from collections.abc import Collection
from datetime import datetime
from typing import Any, Self

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from amana.errors import Changed
from amana.privacy import personal, plain
from amana.trust.retention.states import (
    CONFIRMED_WITHIN,
    DELAY,
    HOLD_NEXT,
    IN_FORCE,
    OPEN_REQUESTS,
    REQUEST_NEXT,
    HoldStatus,
    RequestStatus,
)
from amana.trust.vault.models import generate_uuid7


def build_user_key(**options: Any) -> Any:
    return models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, related_name="+", **options
    )


def build_optional_user_key() -> Any:
    return build_user_key(null=True, blank=True)


class HoldQuerySet(models.QuerySet["Hold"]):
    def in_force(self, now: datetime | None = None) -> Self:
        """Filter those that keep their record now."""
        now = now or timezone.now()
        # By the clock and not by the status: a hold ends in time where no timer runs.
        unconfirmed = Q(status=HoldStatus.PROPOSED, set_at__lte=now - CONFIRMED_WITHIN)
        over = Q(ends_on__lt=timezone.localdate(now))
        return self.filter(status__in=IN_FORCE).exclude(unconfirmed).exclude(over)

    def over(self, now: datetime | None = None) -> Self:
        """Filter those that have the status of one in force, and are not."""
        in_force = self.in_force(now).values("pk")
        return self.filter(status__in=IN_FORCE).exclude(pk__in=in_force)


class Hold(models.Model):
    """A reason to keep a record beyond its time, that two people have given."""

    class Reason(models.TextChoices):
        COURT = "court", _("Court proceedings")
        CLAIM = "claim", _("The person’s own claim, such as compensation")
        INQUIRY = "inquiry", _("An inquiry into our work or a complaint")
        AUTHORITY = "authority", _("Order from an authority")

    id = models.UUIDField(primary_key=True, default=generate_uuid7, editable=False)
    record = models.UUIDField(db_index=True)
    reason = models.CharField(max_length=10, choices=Reason)
    status = models.CharField(
        max_length=10, choices=HoldStatus, default=HoldStatus.PROPOSED
    )
    set_by = build_user_key()
    set_at = models.DateTimeField(default=timezone.now)
    confirmed_by = build_optional_user_key()
    ends_on = models.DateField(null=True, blank=True)
    """The last day on which it keeps the record."""
    review_on = models.DateField(null=True, blank=True)
    """When its reason is looked at again; it goes on until it is lifted."""
    lift_by = build_optional_user_key()
    lifted_by = build_optional_user_key()

    objects = HoldQuerySet.as_manager()

    class Meta:
        constraints = [
            models.CheckConstraint(
                name="hold_confirmed_by_another",
                condition=Q(confirmed_by=None) | ~Q(confirmed_by=models.F("set_by")),
            ),
            # Two people in the database too: lifting a hold may let a record be erased
            # tonight.
            models.CheckConstraint(
                name="hold_lifted_by_two",
                condition=~Q(status="lifted")
                | Q(lift_by__isnull=False, lifted_by__isnull=False)
                & ~Q(lifted_by=models.F("lift_by")),
            ),
            models.CheckConstraint(
                name="hold_ends_or_is_reviewed",
                condition=Q(ends_on__isnull=False, review_on=None)
                | Q(ends_on=None, review_on__isnull=False),
            ),
            models.CheckConstraint(
                name="hold_in_force_by_two",
                condition=Q(status__in=["proposed", "withdrawn", "lapsed"])
                | Q(confirmed_by__isnull=False),
            ),
        ]

    class Privacy:
        kept = "As long as the record that it keeps."
        reason = status = set_at = ends_on = review_on = plain
        record = set_by = confirmed_by = lift_by = lifted_by = personal

    def __str__(self) -> str:
        return f"hold {self.pk}"

    @property
    def is_in_force(self) -> bool:
        return Hold.objects.in_force().filter(pk=self.pk).exists()

    @property
    def to_review(self) -> bool:
        return bool(self.review_on and self.review_on <= timezone.localdate())

    def move(self, to: HoldStatus, **changes: object) -> None:
        """Change the status, unless someone else changed it first."""
        _move(self, to, HOLD_NEXT[HoldStatus(self.status)], changes)


class ErasureRequestQuerySet(models.QuerySet["ErasureRequest"]):
    def open(self) -> Self:
        return self.filter(status__in=OPEN_REQUESTS)

    def due(self, now: datetime | None = None) -> Self:
        """Filter confirmed ones whose delay has passed."""
        since = (now or timezone.now()) - DELAY
        return self.filter(status=RequestStatus.CONFIRMED, confirmed_at__lte=since)


class ErasureRequest(models.Model):
    """A person asks to be forgotten. When that is done, this row is gone as well."""

    class Refusal(models.TextChoices):
        LAW = "law", _("The law requires us to keep it")
        COURT = "court", _("It is needed in court proceedings")
        LIFE = "life", _("Erasing it now would put a life in danger")
        OTHER = "other", _("The requester may not ask for this person")

    id = models.UUIDField(primary_key=True, default=generate_uuid7, editable=False)
    record = models.UUIDField(db_index=True)
    received_on = models.DateField()
    answer_by = models.DateField()
    """By when the person gets an answer: as the law of the mechanism says."""
    status = models.CharField(
        max_length=10, choices=RequestStatus, default=RequestStatus.RECEIVED
    )
    recorded_by = build_user_key()
    decided_by = build_optional_user_key()
    refusal = models.CharField(max_length=6, choices=Refusal, blank=True)
    answered_on = models.DateField(null=True, blank=True)
    confirmed_by = build_optional_user_key()
    confirmed_at = models.DateTimeField(null=True, blank=True)

    objects = ErasureRequestQuerySet.as_manager()

    class Meta:
        constraints = [
            models.UniqueConstraint(
                name="erasure_request_one_open_for_a_record",
                fields=["record"],
                condition=Q(status__in=["received", "granted", "confirmed"]),
            ),
            models.CheckConstraint(
                name="erasure_request_confirmed_by_another",
                condition=Q(confirmed_by=None)
                | Q(decided_by__isnull=False) & ~Q(confirmed_by=models.F("decided_by")),
            ),
            models.CheckConstraint(
                name="erasure_request_erased_by_two",
                condition=~Q(status="confirmed")
                | Q(confirmed_by__isnull=False, confirmed_at__isnull=False),
            ),
            models.CheckConstraint(
                name="erasure_request_refused_with_a_reason",
                condition=Q(status="refused") & ~Q(refusal="")
                | ~Q(status="refused") & Q(refusal=""),
            ),
        ]

    class Privacy:
        kept = "As long as the record: with it, this goes too."
        status = received_on = answer_by = answered_on = confirmed_at = plain
        record = refusal = recorded_by = decided_by = confirmed_by = personal

    def __str__(self) -> str:
        return f"erasure request {self.pk}"

    @property
    def is_open(self) -> bool:
        return self.status in OPEN_REQUESTS

    @property
    def is_late(self) -> bool:
        """Whether the person has had no answer in time."""
        waits = self.status in (RequestStatus.RECEIVED, RequestStatus.GRANTED)
        return waits and self.answer_by < timezone.localdate()

    @property
    def erased_from(self) -> datetime | None:
        """When the clock carries it out."""
        return self.confirmed_at + DELAY if self.confirmed_at else None

    def move(self, to: RequestStatus, **changes: object) -> None:
        """Change the status, unless someone else changed it first."""
        _move(self, to, REQUEST_NEXT[RequestStatus(self.status)], changes)


def _move(
    thing: Hold | ErasureRequest,
    to: str,
    allowed: Collection[str],
    changes: dict[str, object],
) -> None:
    # The status is compared in the update: of two people who decide at once, one gets
    # `Changed`.
    free = type(thing)._default_manager.filter(pk=thing.pk, status=thing.status)
    if to not in allowed or not free.update(status=to, **changes):
        raise Changed(str(_("Someone else has already decided this.")))
    for name, value in {"status": to, **changes}.items():
        setattr(thing, name, value)
