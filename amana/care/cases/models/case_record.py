"""A case, and who is assigned to it."""

from datetime import datetime, timedelta
from typing import Self

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.db.models.functions import Now
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from amana.care.cases.references import generate_reference
from amana.design.mechanism.models.versions import Mechanism
from amana.errors import Changed
from amana.privacy import personal, plain, sensitive
from amana.trust.access.models.organisations import Team
from amana.trust.vault.models.team_keys import generate_uuid7


class Urgency(models.TextChoices):
    """How soon something is due; the most urgent sorts first."""

    U0 = "U0", _("Emergency")
    U1 = "U1", _("High")
    U2 = "U2", _("Medium")
    U3 = "U3", _("Routine")

    @property
    def first_step(self) -> timedelta:
        """How long a need may wait until something is done about it."""
        return FIRST_STEP[self]

    @property
    def tone(self) -> str:
        """How it looks in every list."""
        return {Urgency.U0: "late", Urgency.U1: "due"}.get(self, "plain")


FIRST_STEP = {
    Urgency.U0: timedelta(hours=1),
    Urgency.U1: timedelta(hours=24),
    Urgency.U2: timedelta(hours=72),
    Urgency.U3: timedelta(days=14),
}
"""Source: IASC MHPSS inter-agency referral form 2017; GBVIMS+ priorities."""


REVIEW = timedelta(days=30)
"""A case on which nothing else is due is reviewed after this time."""


class ClosureReason(models.TextChoices):
    """Why the work ends. Most of these leave the door open."""

    GOALS_MET = "goals_met", _("The planned goals were met")
    WITHDREW = "withdrew", _("The person chose to end support")
    LOST_CONTACT = (
        "lost_contact",
        _("Contact lost after at least three safe attempts"),
    )
    TRANSFERRED = "transferred", _("Another team took over")
    RELOCATED = "relocated", _("Moved elsewhere or was resettled")
    RETURNED = "returned", _("Returned home voluntarily")
    REMOVED = "removed", _("Was removed or deported")
    DETAINED = "detained", _("In detention, where we cannot continue")
    AGED_OUT = "aged_out", _("Reached adulthood; adult services took over")
    INELIGIBLE = "ineligible", _("Outside our mandate; referred elsewhere")
    DUPLICATE = "duplicate", _("The person has another case here")
    SERVICE_ENDED = "service_ended", _("Our funding or service ended")
    DIED = "died", _("The person has died")
    STAFF_SAFETY = "staff_safety", _("No longer safe for staff")


class DeadlineKind(models.TextChoices):
    """What is next due on a case, without sealed content."""

    NEED = "need", _("Find a service for a need")
    CONTACT = "contact", _("Speak with the person")
    SAFETY = "safety", _("Review safety")
    PLAN = "plan", _("Review the plan")
    OTHER = "other", _("A follow-up")
    ANSWER = "answer", _("Waiting for a reply or report")
    REVIEW = "review", _("Review the case")


class CaseQuerySet(models.QuerySet["Case"]):
    def open(self) -> Self:
        return self.filter(closed_at=None)

    def closed(self) -> Self:
        return self.filter(closed_at__isnull=False)

    def overdue(self, now: datetime | None = None) -> Self:
        return self.open().filter(due_at__lt=now or timezone.now())

    def for_list(self) -> Self:
        return self.order_by("due_at", "pk").fetch_mode(models.FETCH_PEERS)


class Case(models.Model):
    """The work for one person, owned by one team."""

    id = models.UUIDField(primary_key=True, default=generate_uuid7, editable=False)
    reference = models.CharField(max_length=12, unique=True, default=generate_reference)
    team = models.ForeignKey(Team, models.PROTECT, related_name="cases")
    mechanism = models.ForeignKey(
        Mechanism,
        models.PROTECT,
        null=True,
        blank=True,
        related_name="+",
        db_index=False,
    )
    """Which one it follows; None: nothing was in force for it at the door."""
    restricted = models.BooleanField(default=False)
    """Keys wrapped to named people, not to the team."""
    urgency = models.CharField(max_length=2, choices=Urgency, default=Urgency.U2)
    due_at = models.DateTimeField()
    """When something is next due; lists are ordered by it. Kept by
    `actions.record_wait`."""
    due_what = models.CharField(
        max_length=8, choices=DeadlineKind, default=DeadlineKind.REVIEW
    )
    waits_until = models.DateTimeField(null=True, blank=True)
    """When something is next due that upper rooms wait for, such as an answer."""
    opened_at = models.DateTimeField(default=timezone.now)
    closed_at = models.DateTimeField(null=True, blank=True)
    child_born_in = models.PositiveSmallIntegerField(null=True, blank=True)
    """Of a closed case of a child, the year of birth: so long its clock has to run."""
    version = models.PositiveIntegerField(default=1)

    objects = CaseQuerySet.as_manager()

    class Privacy:
        kept = "Five years after it is closed, or the law's time (a child's: to 25)."
        id = plain
        reference = plain
        team = sensitive
        mechanism = sensitive
        restricted = sensitive
        urgency = sensitive
        due_at = plain
        due_what = plain
        waits_until = plain
        opened_at = plain
        closed_at = plain
        child_born_in = sensitive
        version = plain

    class Meta:
        indexes = [
            models.Index(
                # With all that a list of the team sorts and filters by: what is not
                # the usual order is found in the index alone.
                name="case_of_team",
                fields=[
                    *("team", "closed_at", "due_at", "id"),
                    *("urgency", "restricted", "due_what", "opened_at"),
                ],
            ),
            # Each of one part: PostgreSQL doesn't see that rows of one NULL are in the
            # order of the next column.
            models.Index(
                name="case_open",
                fields=["due_at", "id"],
                condition=Q(closed_at=None),
            ),
            models.Index(
                name="case_closed",
                fields=["closed_at", "id"],
                condition=Q(closed_at__isnull=False),
            ),
        ]

    def __str__(self) -> str:
        return self.reference

    @property
    def is_open(self) -> bool:
        return self.closed_at is None

    @property
    def urgency_tone(self) -> str:
        return Urgency(self.urgency).tone

    @property
    def is_late(self) -> bool:
        return self.is_open and self.due_at < timezone.now()

    def still_open(self) -> bool:
        """Ask whether the case is open now, and lock it, so that it stays so until this
        transaction ends."""
        # `no_key`: rows that are inserted for the case meanwhile lock its key, and a
        # plain `FOR UPDATE` would make all of them wait.
        held = Case.objects.open().select_for_update(no_key=True).filter(pk=self.pk)
        return held.values_list("pk").first() is not None

    def is_offered(self) -> bool:
        """Ask whether the case has been offered to a team, and lock it: no other offer
        is made until this transaction ends."""
        # Locked before the offers are read: an offer that commits in between would be
        # missed.
        held = Case.objects.select_for_update(no_key=True).filter(pk=self.pk)
        held.values_list("pk").first()
        return self.transfers.waiting().exists()

    def change(self, **changes: object) -> None:
        """Change these fields, unless someone else changed the case first."""
        free = Case.objects.filter(pk=self.pk, version=self.version)
        if not free.update(version=self.version + 1, **changes):
            raise Changed(_("A colleague has changed this case since you opened it."))
        for name, value in (changes | {"version": self.version + 1}).items():
            setattr(self, name, value)


class AssignmentQuerySet(models.QuerySet["Assignment"]):
    def current(self) -> Self:
        """Narrow to the assignments that count now."""
        # By the clock of the database, so that emergency access ends on time even where
        # no timer runs (ADR 57).
        return self.filter(Q(until=None) | Q(until__gt=Now()), ended_at=None)

    def lasting(self) -> Self:
        """Narrow to the current assignments without emergency access: those who
        continue to work on the case."""
        return self.current().filter(until=None)

    def leading(self) -> Self:
        return self.current().filter(part=Assignment.Part.LEAD)


class Assignment(models.Model):
    """A named worker's need to know about a case."""

    class Part(models.TextChoices):
        LEAD = "lead", _("Leads the case")
        SUPPORT = "support", _("Helps with the case")
        EMERGENCY = "emergency", _("Has emergency access")

    GIVEN = ((Part.LEAD, Part.LEAD.label), (Part.SUPPORT, Part.SUPPORT.label))
    """What a colleague can be assigned to."""

    case = models.ForeignKey(Case, models.CASCADE, related_name="assignments")
    worker = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, related_name="assignments"
    )
    part = models.CharField(max_length=10, choices=Part, default=Part.LEAD)
    since = models.DateTimeField(default=timezone.now)
    until = models.DateTimeField(null=True, blank=True)
    """When what was opened in an emergency closes by itself."""
    ended_at = models.DateTimeField(null=True, blank=True)

    objects = AssignmentQuerySet.as_manager()

    class Privacy:
        kept = "With the case."
        case = sensitive
        worker = personal
        part = plain
        since = until = plain
        ended_at = plain

    class Meta:
        constraints = [
            models.UniqueConstraint(
                name="assignment_once_at_a_time",
                fields=["case", "worker"],
                condition=Q(ended_at=None),
            ),
            models.CheckConstraint(
                name="assignment_until_in_an_emergency_alone",
                condition=Q(until=None) & ~Q(part="emergency")
                | Q(until__isnull=False, part="emergency"),
            ),
        ]
        indexes = [models.Index(fields=["worker", "ended_at", "case"])]

    def __str__(self) -> str:
        return f"assignment {self.pk}"
