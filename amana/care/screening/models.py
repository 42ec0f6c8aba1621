"""One use of an instrument with a person: in a case, or before there is one."""

from datetime import datetime
from typing import TYPE_CHECKING, Self
from uuid import uuid4

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.utils import timezone
from django.utils.translation import gettext as say
from django.utils.translation import gettext_lazy as _

from amana.care.cases.models import FIRST_STEP, Case, Urgency
from amana.design.mechanism.models import Version
from amana.errors import Changed
from amana.privacy import personal, plain, sensitive
from amana.trust.access.models import Team
from amana.trust.vault.models import generate_uuid7

if TYPE_CHECKING:
    from amana.design.forms.engine.form_model import Form
    from amana.design.instruments import Instrument


class ScreeningOutcome(models.TextChoices):
    """The outcome of a screening that led to no case here."""

    HELPED = "helped", _("Helped on the spot; wants nothing more for now")
    ELSEWHERE = "elsewhere", _("Put in touch with another service")
    NOT_WISHED = "not_wished", _("The person does not want contact")
    UNREACHED = "unreached", _("Could not be reached")
    EXPIRED = "expired", _("Not continued in time: destroyed")


CHOSEN = tuple(
    outcome for outcome in ScreeningOutcome if outcome is not ScreeningOutcome.EXPIRED
)
"""What a person can choose; the timer records the other."""


class HandoverBasis(models.TextChoices):
    """The reason for which something is handed to another team."""

    AGREED = "agreed", _("The person agrees to hand it to this team")
    CHILD = "child", _("A child: protection comes first")
    LIFE = "life", _("Danger to life")


class ScreeningStage(models.TextChoices):
    """Where a screening is."""

    HERE = "here", _("To be decided where it goes")
    HANDED = "handed", _("Handed over, not yet answered")
    IN_CASE = "in_case", _("In a case")
    ENDED = "ended", _("Ended without a case")


class ScreeningQuerySet(models.QuerySet["Screening"]):
    def waiting(self) -> Self:
        """Find those that are in no case yet, and have not ended."""
        return self.filter(case=None, ended_at=None)

    def here(self) -> Self:
        return self.waiting().filter(handed_at=None)

    def handed(self) -> Self:
        return self.waiting().filter(handed_at__isnull=False)

    def stale(self, before: datetime) -> Self:
        """Find those that have waited since `before`, and led to no case."""
        return self.waiting().filter(received_at__lte=before)

    def for_list(self) -> Self:
        return (
            self.select_related("version", "screened_by", "origin", "case")
            .select_related("team__organisation")
            .order_by("due_at", "pk")
        )


class Screening(models.Model):
    """What a person was asked with one instrument; every answer is sealed."""

    id = models.UUIDField(primary_key=True, default=generate_uuid7, editable=False)
    team = models.ForeignKey(Team, models.PROTECT, related_name="screenings")
    """Whose key opens it; in a case, the case's own keys do."""
    case = models.ForeignKey(
        Case, models.CASCADE, null=True, blank=True, related_name="screenings"
    )
    version = models.ForeignKey(
        Version, models.PROTECT, related_name="screenings", db_index=False
    )
    instrument = models.CharField(max_length=60)
    """Its name in the version's pack."""
    instance = models.UUIDField(default=uuid4, editable=False)
    """The id that the browser gave these answers: sent twice, they are kept once."""
    urgency = models.CharField(max_length=2, choices=Urgency, blank=True)
    screened_at = models.DateTimeField(default=timezone.now)
    received_at = models.DateTimeField(default=timezone.now)
    """Later, where a device without a network sent it; from then on it can be lost."""
    screened_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, related_name="screenings"
    )
    due_at = models.DateTimeField()
    """While it waits: by when a colleague has to continue it."""
    judged_at = models.DateTimeField(null=True, blank=True)
    judged_by = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        models.PROTECT,
        null=True,
        blank=True,
        related_name="+",
        db_index=False,
    )
    origin = models.ForeignKey(
        Team, models.PROTECT, null=True, blank=True, related_name="+", db_index=False
    )
    """The team that handed it over."""
    handed_at = models.DateTimeField(null=True, blank=True)
    handed_by = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        models.PROTECT,
        null=True,
        blank=True,
        related_name="+",
        db_index=False,
    )
    basis = models.CharField(max_length=8, choices=HandoverBasis, blank=True)
    decided_with = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        models.PROTECT,
        null=True,
        blank=True,
        related_name="+",
        db_index=False,
    )
    """The colleague who decided it too, where the person has not agreed."""
    ended_at = models.DateTimeField(null=True, blank=True)
    outcome = models.CharField(max_length=12, choices=ScreeningOutcome, blank=True)

    objects = ScreeningQuerySet.as_manager()

    class Meta:
        constraints = [
            models.UniqueConstraint(
                # A device may send the same answers again when it did not see the reply
                # (ADR 48).
                name="screening_taken_once",
                fields=["screened_by", "instance"],
            ),
            models.CheckConstraint(
                name="screening_ended_with_an_outcome",
                condition=Q(ended_at=None, outcome="")
                | (Q(ended_at__isnull=False, case=None) & ~Q(outcome="")),
            ),
            models.CheckConstraint(
                name="screening_judged_by_someone",
                condition=Q(judged_at=None, judged_by=None)
                | Q(judged_at__isnull=False, judged_by__isnull=False),
            ),
            models.CheckConstraint(
                name="screening_handed_over_on_a_basis",
                condition=Q(handed_at=None, handed_by=None, origin=None, basis="")
                | (
                    Q(handed_at__isnull=False, handed_by__isnull=False)
                    & Q(origin__isnull=False)
                    & ~Q(basis="")
                ),
            ),
            models.CheckConstraint(
                # Also in the database: a handover without agreement and with one name
                # would be one person's decision about another's confidence.
                name="screening_two_decide_without_agreement",
                condition=Q(basis__in=["", "agreed"]) | Q(decided_with__isnull=False),
            ),
        ]
        indexes = [
            models.Index(
                name="screening_waiting",
                fields=["team", "due_at", "id"],
                condition=Q(case=None, ended_at=None),
            ),
            models.Index(
                name="screening_by_somebody", fields=["screened_by", "-screened_at"]
            ),
        ]

    class Privacy:
        kept = "With the case; without one, what was answered as the law says, 30 days."
        id = version = instance = screened_at = received_at = due_at = plain
        team = case = origin = instrument = urgency = sensitive
        judged_at = handed_at = ended_at = plain
        basis = outcome = sensitive
        screened_by = judged_by = handed_by = decided_with = personal

    def __str__(self) -> str:
        return f"screening {self.pk}"

    @property
    def stage(self) -> ScreeningStage:
        if self.case_id:
            return ScreeningStage.IN_CASE
        if self.ended_at:
            return ScreeningStage.ENDED
        return ScreeningStage.HANDED if self.handed_at else ScreeningStage.HERE

    @property
    def is_waiting(self) -> bool:
        return self.case_id is None and self.ended_at is None

    @property
    def document(self) -> str:
        """The name of its sealed document in each part of a case."""
        return f"screening/{self.pk.hex}"

    @property
    def urgency_tone(self) -> str:
        return Urgency(self.urgency).tone

    @property
    def rules(self) -> "Instrument":
        return self.version.pack.instruments[self.instrument]

    @property
    def form(self) -> "Form":
        return self.version.pack.forms[self.rules.form]

    def change(self, **changes: object) -> None:
        """Change these fields. Raises `Changed` where someone else has moved it on
        first."""
        # These three fields are its position. As conditions of the UPDATE they decide
        # which of two people succeeds, without a lock on the row.
        free = Screening.objects.filter(
            pk=self.pk, team=self.team_id, case=self.case_id, ended_at=self.ended_at
        )
        if not free.update(**changes):
            raise Changed(
                say("A colleague has changed this screening since you opened it.")
            )
        for name, value in changes.items():
            setattr(self, name, value)


def compute_due_time(urgency: str, since: datetime | None = None) -> datetime:
    """Compute by when a colleague has to continue with what waits."""
    return (since or timezone.now()) + FIRST_STEP[Urgency(urgency or Urgency.U2)]
