"""Files, transfers, closures, emergency contacts."""

from typing import Self

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from amana.care.cases.models.case_record import Case
from amana.names import format_name, get_translation
from amana.privacy import personal, plain, sensitive
from amana.trust.access.models.organisations import Team
from amana.trust.vault.compartments import Compartment
from amana.trust.vault.models.sealed_documents import SealedFile
from amana.trust.vault.models.team_keys import generate_uuid7


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
