"""Who keeps which share of a team's recovery key, and how a lost key is regained."""

from datetime import date, datetime, time, timedelta
from typing import Self

from django.conf import settings
from django.db import models
from django.db.models import F, Q
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from amana.errors import Changed
from amana.privacy import personal, sealed
from amana.trust.access.models import Membership, Organisation
from amana.trust.vault.models import RecoveryKey

FIRST_DRILL = timedelta(days=14)
"""After the shares were made: each custodian has printed theirs by then."""
NEXT_DRILL = timedelta(days=365)


def compute_due_limits(today: date) -> tuple[datetime, date]:
    """Compute before when a share that is due today was made; and on which day, or
    before, it was last confirmed.
    """
    day = datetime.combine(today - FIRST_DRILL, time.min) + timedelta(days=1)
    return timezone.make_aware(day), today - NEXT_DRILL


class ShareQuerySet(models.QuerySet["Share"]):
    def current(self) -> Self:
        return self.filter(
            recovery_key__confirmed_at__isnull=False, recovery_key__ended_at=None
        )

    def due(self, today: date | None = None) -> Self:
        """Find those whose custodian has not yet confirmed, or not again, that they
        have them.
        """
        return self.of_before(*compute_due_limits(today or timezone.localdate()))

    def of_before(self, made: datetime, drilled: date) -> Self:
        """Find those made before this and never confirmed, or last on this day or
        before.
        """
        never = Q(drilled_on=None, recovery_key__confirmed_at__lt=made)
        return self.current().filter(never | Q(drilled_on__lte=drilled))

    def for_list(self) -> Self:
        return self.select_related(
            "custodian", "organisation", "recovery_key__team__organisation"
        )


class Share(models.Model):
    """A share of a recovery key, sealed to one person of another organisation."""

    recovery_key = models.ForeignKey(RecoveryKey, models.CASCADE, related_name="shares")
    custodian = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.CASCADE, related_name="recovery_shares"
    )
    organisation = models.ForeignKey(
        Organisation, models.CASCADE, related_name="recovery_shares"
    )
    holder = models.BigIntegerField()
    """The id of the key that the custodian had when they were chosen: what the roster
    calls them by. No reference, because the share on paper outlives that key."""
    sealed = models.BinaryField(default=b"")
    """Empty before a second keyholder has confirmed the custodians."""
    printed_at = models.DateTimeField(null=True, blank=True)
    drilled_on = models.DateField(null=True, blank=True)
    """A copy of what the custodian last signed in the roster, for lists."""

    objects = ShareQuerySet.as_manager()

    class Meta:
        constraints = [
            models.UniqueConstraint(
                name="recovery_share_once_for_a_person",
                fields=["recovery_key", "custodian"],
            ),
            models.UniqueConstraint(
                name="recovery_share_once_for_an_organisation",
                fields=["recovery_key", "organisation"],
            ),
        ]

    class Privacy:
        kept = "Until the recovery key is used up or replaced."
        recovery_key = custodian = organisation = holder = personal
        printed_at = drilled_on = personal
        sealed = sealed

    def __str__(self) -> str:
        return f"share {self.pk}"

    @property
    def due_on(self) -> date | None:
        """By when the custodian confirms (again) that they have it."""
        if self.drilled_on is not None:
            return self.drilled_on + NEXT_DRILL
        made_at = self.recovery_key.confirmed_at
        return timezone.localdate(made_at) + FIRST_DRILL if made_at else None

    @property
    def is_overdue(self) -> bool:
        return self.due_on is not None and self.due_on <= timezone.localdate()


CONFIRMED_WITHIN = timedelta(days=7)
"""A proposal that finds no second person in this time counts no more."""
OPEN_FOR = timedelta(days=14)
"""How long shares can be released, once the delay has passed."""


class RegainingStatus(models.TextChoices):
    PROPOSED = "proposed", _("Waiting for a second person")
    CONFIRMED = "confirmed", _("Confirmed, waiting for shares")
    DONE = "done", _("Recovered")
    WITHDRAWN = "withdrawn", _("Withdrawn")

    @property
    def next(self) -> frozenset["RegainingStatus"]:
        return NEXT[self]

    @property
    def tone(self) -> str:
        return "due" if self in PENDING else "plain"


S = RegainingStatus
NEXT: dict[RegainingStatus, frozenset[RegainingStatus]] = {
    S.PROPOSED: frozenset({S.CONFIRMED, S.WITHDRAWN}),
    S.CONFIRMED: frozenset({S.DONE, S.WITHDRAWN}),
    S.DONE: frozenset(),
    S.WITHDRAWN: frozenset(),
}
PENDING = frozenset(status for status, following in NEXT.items() if following)


class RegainingQuerySet(models.QuerySet["Regaining"]):
    def pending(self) -> Self:
        return self.filter(status__in=PENDING)

    def open(self, now: datetime | None = None) -> Self:
        """Find those for which shares can be released."""
        at = now or timezone.now()
        return self.filter(
            status=RegainingStatus.CONFIRMED,
            effective_at__lte=at,
            effective_at__gt=at - OPEN_FOR,
        )

    def for_list(self) -> Self:
        return self.select_related(
            "recovery_key__team__organisation",
            "membership__user",
            "membership__team__organisation",
            "proposed_by",
            "confirmed_by",
        )


class Regaining(models.Model):
    """A proposal that a colleague gets the key of a team that has lost it.

    Two people and a delay lie before it, and three custodians."""

    recovery_key = models.ForeignKey(
        RecoveryKey, models.CASCADE, related_name="regainings"
    )
    membership = models.ForeignKey(Membership, models.CASCADE, related_name="+")
    """The place in the team that waits to be confirmed, of who gets the key."""
    status = models.CharField(
        max_length=9, choices=RegainingStatus, default=RegainingStatus.PROPOSED
    )
    proposed_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.CASCADE, related_name="+"
    )
    proposed_at = models.DateTimeField(default=timezone.now)
    confirmed_by = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        models.CASCADE,
        null=True,
        blank=True,
        related_name="+",
    )
    effective_at = models.DateTimeField(null=True, blank=True)
    """From when shares can be released."""
    told = models.ManyToManyField(
        settings.AUTH_USER_MODEL, related_name="regainings_told", blank=True
    )
    """Two others than who proposes, confirms and gets the key; they may stop it too."""
    ended_by = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        models.CASCADE,
        null=True,
        blank=True,
        related_name="+",
    )

    objects = RegainingQuerySet.as_manager()

    class Meta:
        constraints = [
            models.UniqueConstraint(
                name="regaining_one_pending_of_a_key",
                fields=["recovery_key"],
                condition=Q(status__in=["proposed", "confirmed"]),
            ),
            models.CheckConstraint(
                name="regaining_confirmed_by_another",
                condition=Q(confirmed_by=None) | ~Q(confirmed_by=F("proposed_by")),
            ),
            models.CheckConstraint(
                name="regaining_takes_effect_only_when_confirmed",
                condition=Q(status__in=["proposed", "withdrawn"])
                | Q(confirmed_by__isnull=False, effective_at__isnull=False),
            ),
        ]

    class Privacy:
        kept = "As long as the log names the person."
        recovery_key = membership = status = told = personal
        proposed_by = confirmed_by = ended_by = personal
        proposed_at = effective_at = personal

    def __str__(self) -> str:
        return f"regaining {self.pk}"

    @property
    def state(self) -> RegainingStatus:
        return RegainingStatus(self.status)

    @property
    def is_pending(self) -> bool:
        return self.state in PENDING

    @property
    def open_until(self) -> datetime | None:
        return self.effective_at + OPEN_FOR if self.effective_at else None

    def move(self, to: RegainingStatus, **changes: object) -> None:
        """Change the status, unless someone else changed it first."""
        # The status in the filter decides between two people who act at once.
        free = Regaining.objects.filter(pk=self.pk, status=self.status)
        if to not in self.state.next or not free.update(status=to, **changes):
            raise Changed(str(_("Someone else has already decided this.")))
        for name, value in {"status": to, **changes}.items():
            setattr(self, name, value)


class ReleasedShare(models.Model):
    """A share that its custodian has given out, sealed to who gets the team's key."""

    regaining = models.ForeignKey(Regaining, models.CASCADE, related_name="released")
    share = models.ForeignKey(Share, models.CASCADE, related_name="released")
    sealed = models.BinaryField()
    released_at = models.DateTimeField(default=timezone.now)

    class Meta:
        constraints = [
            models.UniqueConstraint(
                name="released_share_once", fields=["regaining", "share"]
            )
        ]

    class Privacy:
        kept = "Until the key is regained, or that was withdrawn."
        regaining = share = released_at = personal
        sealed = sealed

    def __str__(self) -> str:
        return f"released share {self.pk}"
