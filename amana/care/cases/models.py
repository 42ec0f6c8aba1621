"""The work for one person: a pseudonymous shell; everything personal is sealed."""

from datetime import datetime, timedelta
from typing import Self

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.db.models.functions import Now
from django.utils import timezone
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from amana.care.cases.references import generate_reference
from amana.design.directory.taxonomy import ServiceGroup, ServiceType
from amana.errors import Changed
from amana.names import format_name, get_translation
from amana.privacy import personal, plain, sensitive
from amana.trust.access.models import Team
from amana.trust.vault.compartments import Compartment
from amana.trust.vault.models import SealedFile, generate_uuid7


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


class UnmetReason(models.TextChoices):
    """Why nothing acceptable was found: what the measure of gaps is made of."""

    NONE_EXISTS = "none_exists", _("No such service exists here")
    NO_PLACE = "no_place", _("No places free")
    NOT_ELIGIBLE = "not_eligible", _("No service accepts this person")
    TOO_FAR = "too_far", _("Too far away, or no way to get there")
    UNSAFE = "unsafe", _("Not safe for this person")
    LANGUAGE = "language", _("No one speaks the language")
    COST = "cost", _("It costs too much")
    CONDITIONS = "conditions", _("Only on conditions that the person does not accept")
    NOT_WANTED = "not_wanted", _("The person did not want any available option")
    DECLINED = "declined", _("Every service asked declined")


class NeedQuerySet(models.QuerySet["Need"]):
    def open(self) -> Self:
        """Narrow to the needs for which something has to be done, and no service has
        been asked yet."""
        return self.filter(status__in=OPEN_NEEDS)

    def unsettled(self) -> Self:
        """Narrow to the needs that are not over: nothing done yet, or a service was
        asked and has not replied."""
        return self.filter(status__in=[*OPEN_NEEDS, Need.Status.REFERRED])


class Need(models.Model):
    """What the person lacks: in the database the group of it and the urgency. What
    exactly it is is sealed with the person's own words (`kinds`): a stolen disk must
    not reveal who needs care for HIV, or after rape."""

    class Status(models.TextChoices):
        OPEN = "open", pgettext_lazy("a need, not yet met", "Open")
        REFERRED = "referred", _("Referred")
        MET = "met", _("Met")
        PARTLY = "partly", _("Partly met")
        UNMET = "unmet", _("Nothing acceptable found")
        DROPPED = "dropped", _("No longer wished")

    id = models.UUIDField(primary_key=True, default=generate_uuid7, editable=False)
    case = models.ForeignKey(Case, models.CASCADE, related_name="needs")
    group = models.CharField(max_length=2, choices=ServiceGroup)
    """By which lists are filtered, and show it; nothing is decided by it."""
    urgency = models.CharField(max_length=2, choices=Urgency)
    status = models.CharField(max_length=8, choices=Status, default=Status.OPEN)
    unmet_reason = models.CharField(max_length=20, choices=UnmetReason, blank=True)
    raised_at = models.DateTimeField(default=timezone.now)
    due_at = models.DateTimeField(default=timezone.now)
    """While it is open: when something has to have been done about it."""

    objects = NeedQuerySet.as_manager()

    class Privacy:
        kept = "With the case."
        id = plain
        case = sensitive
        group = sensitive
        urgency = sensitive
        status = sensitive
        unmet_reason = sensitive
        raised_at = plain
        due_at = plain

    class Meta:
        constraints = [
            models.CheckConstraint(
                name="need_unmet_with_a_reason",
                condition=(Q(status="unmet") & ~Q(unmet_reason=""))
                | (~Q(status="unmet") & Q(unmet_reason="")),
            )
        ]
        indexes = [
            models.Index(name="need_of_case", fields=["case", "group", "status"])
        ]

    def __str__(self) -> str:
        return f"need {self.pk}"

    @property
    def urgency_tone(self) -> str:
        return Urgency(self.urgency).tone

    def know(self, kind: ServiceType) -> None:
        """Set what exactly is needed, as read by code that has opened it with keys."""
        # Not a field: no `save` can write the exact kind into a column (ADR 62).
        self.__dict__["_kind"] = kind

    @property
    def is_known(self) -> bool:
        return "_kind" in self.__dict__

    @property
    def type(self) -> ServiceType:
        """What exactly is needed. The code that asks has opened it before (`kinds`)."""
        if not self.is_known:
            raise NotOpened(f"What exactly {self} is has not been opened.")
        kind: ServiceType = self.__dict__["_kind"]
        return kind

    @property
    def needed(self) -> str | Promise:
        """What is needed, in words: exactly where it was opened, else its group. By its
        code: Django's own makes a table of all for each answer."""
        return self.type.label if self.is_known else ServiceGroup(self.group).label

    @property
    def document(self) -> str:
        """The name of the sealed document with what exactly is needed, and the person's
        words about it."""
        return f"need/{self.pk.hex}"

    @property
    def is_open(self) -> bool:
        return self.status in OPEN_NEEDS


class NotOpened(RuntimeError):
    """A mistake of the program: it asks for what it has not opened."""


OPEN_NEEDS = (Need.Status.OPEN, Need.Status.UNMET)


class FollowUpQuerySet(models.QuerySet["FollowUp"]):
    def open(self) -> Self:
        return self.filter(done_at=None)

    def overdue(self, now: datetime | None = None) -> Self:
        return self.open().filter(due_at__lt=now or timezone.now())


class FollowUp(models.Model):
    """Something to do for the person by a time; its wording is sealed."""

    class Kind(models.TextChoices):
        CONTACT = "contact", _("Speak with the person")
        SAFETY = "safety", _("Review safety")
        PLAN = "plan", _("Review the plan")
        OTHER = "other", _("Something else")

    id = models.UUIDField(primary_key=True, default=generate_uuid7, editable=False)
    case = models.ForeignKey(Case, models.CASCADE, related_name="follow_ups")
    kind = models.CharField(max_length=8, choices=Kind, default=Kind.OTHER)
    planned_at = models.DateTimeField(default=timezone.now)
    due_at = models.DateTimeField()
    done_at = models.DateTimeField(null=True, blank=True)

    objects = FollowUpQuerySet.as_manager()

    class Privacy:
        kept = "With the case."
        id = plain
        case = sensitive
        kind = plain
        planned_at = plain
        due_at = plain
        done_at = plain

    class Meta:
        indexes = [models.Index(fields=["case", "done_at", "due_at"])]

    def __str__(self) -> str:
        return f"follow-up {self.pk}"

    @property
    def document(self) -> str:
        """The name of the sealed document with what is to be done."""
        return f"follow/{self.pk.hex}"

    @property
    def outcome_document(self) -> str:
        """The name of the sealed document with the outcome."""
        return f"outcome/{self.pk.hex}"


class FileRemoval(models.TextChoices):
    """Why a single file is destroyed, while the case is kept."""

    WISHED = "wished", _("The person wishes it")
    OTHER_PERSON = "other_person", _("It is about someone else")
    MISTAKEN = "mistaken", _("It was added by mistake, or twice")
    DANGEROUS = "dangerous", _("It would endanger someone if it were found")
    NOT_NEEDED = "not_needed", _("It is not needed to help the person")


class CaseFile(models.Model):
    """A file of a case: the sealed original, and the copy that people see."""

    id = models.UUIDField(primary_key=True, default=generate_uuid7, editable=False)
    case = models.ForeignKey(Case, models.CASCADE, related_name="files")
    compartment = models.CharField(max_length=10, choices=Compartment)
    original = models.OneToOneField(SealedFile, models.CASCADE, related_name="+")
    shown = models.OneToOneField(SealedFile, models.CASCADE, related_name="+")
    kind = models.CharField(max_length=40)
    """The media type found by looking inside, not the one claimed."""
    sha256 = models.CharField(max_length=64)
    """Of the original, so that a court can see that it is unchanged."""
    size = models.PositiveIntegerField()
    """Bytes of the copy that people see."""
    added_at = models.DateTimeField(default=timezone.now)

    class Privacy:
        kept = "With the case."
        id = plain
        case = sensitive
        compartment = sensitive
        original = plain
        shown = plain
        kind = plain
        sha256 = sensitive
        size = plain
        added_at = plain

    def __str__(self) -> str:
        return f"file {self.pk}"

    @property
    def document(self) -> str:
        """The name of the sealed document with the file's name and what it shows."""
        return f"file/{self.pk.hex}"


class TransferDecline(models.TextChoices):
    """Why a team does not take over a case."""

    NO_CAPACITY = "no_capacity", _("No capacity")
    NOT_OURS = "not_ours", _("Not what this team does")
    OUTSIDE_AREA = "outside_area", _("Outside the area")
    CONFLICT = "conflict", _("Conflict of interest or safety concern")
    TALK_FIRST = "talk_first", _("Needs to be discussed first")
    TAKEN_BACK = "taken_back", _("Withdrawn by the team that offered it")


class TransferQuerySet(models.QuerySet["Transfer"]):
    def waiting(self) -> Self:
        return self.filter(answered_at=None)


class Transfer(models.Model):
    """An offer of a case to another team, which accepts it or not."""

    id = models.UUIDField(primary_key=True, default=generate_uuid7, editable=False)
    case = models.ForeignKey(Case, models.CASCADE, related_name="transfers")
    origin = models.ForeignKey(Team, models.PROTECT, related_name="+")
    to = models.ForeignKey(Team, models.PROTECT, related_name="offered_cases")
    offered_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, related_name="+"
    )
    offered_at = models.DateTimeField(default=timezone.now)
    due_at = models.DateTimeField()
    answered_at = models.DateTimeField(null=True, blank=True)
    accepted = models.BooleanField(default=False)
    declined_for = models.CharField(max_length=12, choices=TransferDecline, blank=True)

    objects = TransferQuerySet.as_manager()

    class Privacy:
        kept = "With the case."
        id = plain
        case = sensitive
        origin = sensitive
        to = sensitive
        offered_by = personal
        offered_at = plain
        due_at = plain
        answered_at = plain
        accepted = plain
        declined_for = plain

    class Meta:
        constraints = [
            models.UniqueConstraint(
                name="transfer_one_waiting",
                fields=["case"],
                condition=Q(answered_at=None),
            )
        ]
        indexes = [models.Index(fields=["to", "answered_at", "due_at"])]

    def __str__(self) -> str:
        return f"transfer {self.pk}"

    @property
    def document(self) -> str:
        """The name of the sealed document with how the person agreed to it."""
        return f"transfer/{self.pk.hex}"


class ClosureQuerySet(models.QuerySet["Closure"]):
    def waiting(self) -> Self:
        return self.filter(reviewed_at=None)

    def ending(self) -> Self:
        """Find the closures by which the work ended, the last first."""
        return self.filter(agreed=True).order_by("-reviewed_at", "-pk")


class Closure(models.Model):
    """A worker's proposal to end the work with the supervisor's answer, or the end
    itself. Why it ends is sealed: a stolen disk must not reveal who was deported, or
    died."""

    id = models.UUIDField(primary_key=True, default=generate_uuid7, editable=False)
    case = models.ForeignKey(Case, models.CASCADE, related_name="closures")
    proposed_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, related_name="+"
    )
    proposed_at = models.DateTimeField(default=timezone.now)
    reviewed_by = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        models.PROTECT,
        null=True,
        blank=True,
        related_name="+",
    )
    reviewed_at = models.DateTimeField(null=True, blank=True)
    agreed = models.BooleanField(default=False)

    objects = ClosureQuerySet.as_manager()

    class Privacy:
        kept = "With the case."
        id = plain
        case = sensitive
        proposed_by = personal
        proposed_at = plain
        reviewed_by = personal
        reviewed_at = plain
        agreed = plain

    class Meta:
        constraints = [
            models.UniqueConstraint(
                name="closure_one_waiting",
                fields=["case"],
                condition=Q(reviewed_at=None),
            )
        ]

    def __str__(self) -> str:
        return f"closure {self.pk}"

    @property
    def document(self) -> str:
        """The name of the sealed document with the reason, checklist and words."""
        return f"closure/{self.pk.hex}"

    @property
    def answer_document(self) -> str:
        """The name of the sealed document with the supervisor's answer."""
        return f"review/{self.pk.hex}"


class EmergencyContactQuerySet(models.QuerySet["EmergencyContact"]):
    def for_page(self) -> Self:
        return self.order_by("place", "pk")


class EmergencyContact(models.Model):
    """Whom a first responder calls now: the mechanism's own line, in its own words."""

    class When(models.TextChoices):
        ANY = "any", _("Any emergency")
        MEDICAL = "medical", _("Someone needs a doctor")
        DANGER = "danger", _("Someone is threatening them")
        CRISIS = "crisis", _("Thoughts of self-harm")
        CHILD = "child", _("A child is alone or in danger")

    when = models.CharField(max_length=8, choices=When, default=When.ANY)
    name = models.CharField(max_length=120)
    name_en = models.CharField(max_length=120, blank=True)
    name_fr = models.CharField(max_length=120, blank=True)
    name_ar = models.CharField(max_length=120, blank=True)
    number = models.CharField(max_length=60)
    note = models.CharField(max_length=200, blank=True)
    note_en = models.CharField(max_length=200, blank=True)
    note_fr = models.CharField(max_length=200, blank=True)
    note_ar = models.CharField(max_length=200, blank=True)
    place = models.PositiveSmallIntegerField(default=0)

    objects = EmergencyContactQuerySet.as_manager()

    class Privacy:
        kept = "While the mechanism uses it."
        when = plain
        name = name_en = name_fr = name_ar = plain
        number = plain
        note = note_en = note_fr = note_ar = plain
        place = plain

    def __str__(self) -> str:
        return self.name

    @property
    def called(self) -> str:
        """Who answers, on a page."""
        return format_name(self)

    @property
    def said(self) -> str:
        """What to say, or when they answer, on a page."""
        return get_translation(self, "note") or self.note
