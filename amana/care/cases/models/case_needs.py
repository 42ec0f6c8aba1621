"""Needs and follow-ups."""

from datetime import datetime
from typing import Self

from django.db import models
from django.db.models import Q
from django.utils import timezone
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from amana.care.cases.models.case_record import Case, Urgency
from amana.design.directory.taxonomy.service_types import ServiceGroup, ServiceType
from amana.privacy import plain, sensitive
from amana.trust.vault.models.team_keys import generate_uuid7


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
