"""What is shared without consent, in a vital interest."""

from datetime import datetime, timedelta
from typing import Self

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.utils import timezone
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from amana.care.cases.models import Case, Need
from amana.privacy import personal, plain, sensitive
from amana.trust.access.models import Team
from amana.trust.vault.models import generate_uuid7


class VitalInterestQuerySet(models.QuerySet["VitalInterest"]):
    def live(self) -> Self:
        """Filter those that have not ended."""
        return self.filter(ended_at=None)

    def undecided(self) -> Self:
        """Filter those that have not been confirmed or rejected yet."""
        return self.live().filter(confirmed_at=None)

    def untold(self) -> Self:
        """Filter those of which the person doesn't know yet; she has to be informed
        even where it has ended."""
        return self.filter(told_at=None)

    def to_escalate(self, now: datetime | None = None) -> Self:
        over = now or timezone.now()
        return self.undecided().filter(escalated_at=None, confirm_by__lte=over)

    def lapsed(self, now: datetime | None = None) -> Self:
        return self.live().filter(expires_at__lte=now or timezone.now())

    def for_list(self) -> Self:
        return self.select_related(
            "recipient__organisation", "recorded_by", "confirmed_by"
        ).order_by("-recorded_at", "-pk")


class VitalInterest(models.Model):
    """Something shared without consent because a life was in danger and the person
    could not be asked. It is no consent: it is the decision of two people, and not
    hers."""

    CONFIRM_WITHIN = timedelta(hours=1)
    LASTS = timedelta(days=7)
    """By then she has been asked, or what was told is gone."""

    class Reason(models.TextChoices):
        UNCONSCIOUS = "unconscious", _("The person is unconscious")
        CONDITION = "condition", _("Their condition means that they can’t be asked")
        UNREACHABLE = (
            "unreachable",
            _("Their life is in danger and we can’t reach them"),
        )

    class End(models.TextChoices):
        REJECTED = "rejected", _("Rejected by a second person")
        OBJECTED = "objected", _("The person objected")
        CONSENTED = "consented", _("Replaced by the person’s consent")
        EXPIRED = "expired", _("Time limit passed")

    id = models.UUIDField(primary_key=True, default=generate_uuid7, editable=False)
    case = models.ForeignKey(Case, models.CASCADE, related_name="vital_interests")
    need = models.ForeignKey(Need, models.CASCADE, related_name="vital_interests")
    recipient = models.ForeignKey(Team, models.PROTECT, related_name="+")
    fields = models.JSONField(default=list)
    """`compartment.field` names of what was told."""
    reason = models.CharField(max_length=12, choices=Reason)
    provision = models.CharField(max_length=100)
    """By which provision of the mechanism's law, by its id."""
    recorded_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, related_name="+"
    )
    recorded_at = models.DateTimeField(default=timezone.now)
    confirm_by = models.DateTimeField()
    confirmed_by = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        models.PROTECT,
        null=True,
        blank=True,
        related_name="+",
    )
    confirmed_at = models.DateTimeField(null=True, blank=True)
    escalated_at = models.DateTimeField(null=True, blank=True)
    """When supervisors and data-protection officers were notified that no colleague had
    confirmed it."""
    told_by = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        models.PROTECT,
        null=True,
        blank=True,
        related_name="+",
    )
    told_at = models.DateTimeField(null=True, blank=True)
    """When the person was told of it."""
    expires_at = models.DateTimeField()
    end = models.CharField(max_length=10, choices=End, blank=True)
    ended_at = models.DateTimeField(null=True, blank=True)
    ended_by = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        models.PROTECT,
        null=True,
        blank=True,
        related_name="+",
    )

    objects = VitalInterestQuerySet.as_manager()

    class Meta:
        constraints = [
            models.CheckConstraint(
                name="vital_interest_takes_two",
                # No one confirms what they recorded themselves: the database refuses it
                # too (ADR 41).
                condition=Q(confirmed_by=None, confirmed_at=None)
                | (
                    Q(confirmed_by__isnull=False, confirmed_at__isnull=False)
                    & ~Q(confirmed_by=models.F("recorded_by"))
                ),
            ),
            models.CheckConstraint(
                name="vital_interest_rejected_by_another",
                condition=~Q(end="rejected")
                | (
                    Q(ended_by__isnull=False, confirmed_at=None)
                    & ~Q(ended_by=models.F("recorded_by"))
                ),
            ),
            models.CheckConstraint(
                name="vital_interest_ended_at_iff_ended",
                condition=Q(end="", ended_at=None)
                | (~Q(end="") & Q(ended_at__isnull=False)),
            ),
        ]
        indexes = [
            models.Index(fields=["case", "recorded_at"]),
            models.Index(
                name="vital_interest_undecided",
                fields=["confirm_by"],
                condition=Q(confirmed_at=None, ended_at=None),
            ),
            models.Index(
                name="vital_interest_untold",
                fields=["recorded_at"],
                condition=Q(told_at=None),
            ),
            models.Index(
                name="vital_interest_clock",
                fields=["expires_at"],
                condition=Q(ended_at=None),
            ),
        ]

    class Privacy:
        kept = "As long as the case."
        id = case = recipient = provision = plain
        need = fields = reason = sensitive
        recorded_by = confirmed_by = told_by = ended_by = personal
        recorded_at = confirm_by = confirmed_at = escalated_at = told_at = plain
        expires_at = end = ended_at = plain

    def __str__(self) -> str:
        return f"vital interest {self.pk}"

    @property
    def document(self) -> str:
        """The name of the sealed document with what was the danger."""
        return f"vital/{self.pk.hex}"

    @property
    def is_live(self) -> bool:
        return self.ended_at is None and self.expires_at > timezone.now()

    @property
    def is_undecided(self) -> bool:
        return self.ended_at is None and self.confirmed_at is None

    @property
    def state(self) -> str:
        """How far it is, in words."""
        if self.end:
            return str(VitalInterest.End(self.end).label)
        if self.confirmed_at:
            return gettext("Confirmed by a second person")
        if self.escalated_at:
            return gettext("Not confirmed within the hour")
        return gettext("A second person must confirm")

    @property
    def tone(self) -> str:
        if self.ended_at:
            return "plain"
        if self.confirmed_at:
            return "good"
        return "late" if self.escalated_at else "due"

    def change(self, **changes: object) -> bool:
        """Set these fields while it lasts; False when someone ended it first."""
        free = VitalInterest.objects.live().filter(pk=self.pk)
        return self._changed(free, changes)

    def decide(self, **changes: object) -> bool:
        """Set these fields while no second person has decided."""
        free = VitalInterest.objects.undecided().filter(pk=self.pk)
        return self._changed(free, changes)

    def tell(self, **changes: object) -> bool:
        """Set these fields while the person has not been informed."""
        free = VitalInterest.objects.untold().filter(pk=self.pk)
        return self._changed(free, changes)

    def _changed(self, free: VitalInterestQuerySet, changes: dict[str, object]) -> bool:
        if not free.update(**changes):
            return False
        for name, value in changes.items():
            setattr(self, name, value)
        return True
