"""A request for help: one need, asked of one team or of several."""

from typing import Self

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.utils import timezone
from django.utils.functional import Promise
from django.utils.translation import gettext as _

from amana.care.cases.models import Case, Need, Urgency
from amana.care.requests.models.enquiries import Enquiry
from amana.care.requests.states import (
    RUNNING,
    TONE,
    AskingOrder,
    EnquiryAnswer,
    HelpRequestStatus,
)
from amana.design.directory.taxonomy import ServiceGroup, ServiceType
from amana.errors import Changed
from amana.privacy import personal, plain, sensitive
from amana.trust.access.models import Team
from amana.trust.vault.models import generate_uuid7

MOST = 5
"""So many teams are asked by one request: more can't be read aloud to a person."""


class HelpRequestQuerySet(models.QuerySet["HelpRequest"]):
    def running(self) -> Self:
        return self.filter(status__in=sorted(RUNNING))

    def for_list(self) -> Self:
        return self.select_related("sender", "case", "asked_by").prefetch_related(
            models.Prefetch("enquiries", Enquiry.objects.for_list())
        )


class HelpRequest(models.Model):
    """One need, asked of one team or of several; open until one accepts."""

    id = models.UUIDField(primary_key=True, default=generate_uuid7, editable=False)
    case = models.ForeignKey(
        Case, models.CASCADE, null=True, blank=True, related_name="help_requests"
    )
    """Never shown to those who are asked; empty while no case has been opened."""
    need = models.ForeignKey(
        Need, models.CASCADE, null=True, blank=True, related_name="help_requests"
    )
    group = models.CharField(max_length=2, choices=ServiceGroup)
    type = models.CharField(max_length=6, choices=ServiceType, blank=True)
    """What exactly is asked for: in the clear while teams are asked, who hold no key of
    a case. Once it has ended, of a case the group alone is left."""
    urgency = models.CharField(max_length=2, choices=Urgency)
    sender = models.ForeignKey(Team, models.PROTECT, related_name="help_requests")
    asked_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, related_name="help_requests"
    )
    """Whom to ask for at the sender, on its team's number."""
    order = models.CharField(
        max_length=7, choices=AskingOrder, default=AskingOrder.IN_TURN
    )
    status = models.CharField(
        max_length=10, choices=HelpRequestStatus, default=HelpRequestStatus.OPEN
    )
    sent_at = models.DateTimeField(default=timezone.now)
    due_at = models.DateTimeField(null=True, blank=True)
    """While it is open: until when the team that is asked now has to answer."""
    ended_at = models.DateTimeField(null=True, blank=True)

    objects = HelpRequestQuerySet.as_manager()

    class Privacy:
        kept = "With its case; without one, 90 days."
        id = plain
        case = need = personal
        group = type = urgency = sensitive
        sender = plain
        asked_by = personal
        order = status = sent_at = due_at = ended_at = plain

    class Meta:
        constraints = [
            models.UniqueConstraint(
                name="help_request_one_open_per_need",
                fields=["need"],
                condition=Q(status="open"),
            ),
            models.CheckConstraint(
                name="help_request_need_with_its_case",
                condition=Q(case=None, need=None)
                | Q(case__isnull=False, need__isnull=False),
            ),
            models.CheckConstraint(
                name="help_request_type_while_it_runs",
                condition=(Q(ended_at=None) | Q(case=None)) & ~Q(type="")
                | Q(ended_at__isnull=False, case__isnull=False, type=""),
            ),
            models.CheckConstraint(
                name="help_request_ended_at_iff_ended",
                condition=Q(status__in=["open", "accepted"], ended_at=None)
                | (~Q(status__in=["open", "accepted"]) & Q(ended_at__isnull=False)),
            ),
        ]
        indexes = [
            models.Index(fields=["sender", "status", "sent_at"]),
            models.Index(fields=["case", "sent_at"]),
        ]

    def __str__(self) -> str:
        return f"request for help {self.pk}"

    @property
    def state(self) -> HelpRequestStatus:
        return HelpRequestStatus(self.status)

    @property
    def is_running(self) -> bool:
        return self.state in RUNNING

    def ask_for(self, kind: ServiceType) -> None:
        self.group, self.type = kind.group, kind

    @property
    def needed(self) -> str | Promise:
        """What is asked for; of one that has ended, its group."""
        if self.type:
            return ServiceType(self.type).label
        return ServiceGroup(self.group).label

    @property
    def phone(self) -> str:
        """Where the sender is called: the duty number of its team. One that a person
        types is personal, and is sealed with the place to come to, or nowhere."""
        return self.sender.phone

    @property
    def tone(self) -> str:
        return TONE.get(self.status, "plain")

    @property
    def urgency_tone(self) -> str:
        return Urgency(self.urgency).tone

    def in_order(self) -> list[Enquiry]:
        """Return the question to each team, in the order agreed. Asked once a page."""
        known: list[Enquiry] | None = self.__dict__.get("_in_order")
        if known is None:
            known = sorted(self.enquiries.all(), key=lambda enquiry: enquiry.rank)
            self.__dict__["_in_order"] = known
        return known

    def know(self, enquiries: list[Enquiry]) -> None:
        """Take the questions from who has just made or read them."""
        self.__dict__["_in_order"] = sorted(enquiries, key=lambda one: one.rank)

    @property
    def knows_its_questions(self) -> bool:
        return "_in_order" in self.__dict__

    @property
    def accepted(self) -> Enquiry | None:
        found = (e for e in self.in_order() if e.status == EnquiryAnswer.ACCEPTED)
        return next(found, None)

    @property
    def asked_now(self) -> list[Enquiry]:
        return [e for e in self.in_order() if e.status == EnquiryAnswer.ASKED]

    @property
    def in_line(self) -> list[Enquiry]:
        """Those that are asked next, if it comes to that."""
        return [e for e in self.in_order() if e.status == EnquiryAnswer.WAITING]

    def move(self, to: HelpRequestStatus, **changes: object) -> None:
        """Change the status, unless someone else changed it first."""
        if to not in RUNNING:
            changes |= {"ended_at": timezone.now(), "due_at": None}
            # Of a case, only the group is left: in the clear, the exact kind would show
            # her need to everyone who reads the database.
            changes |= {"type": ""} if self.case_id else {}
        if to is HelpRequestStatus.ACCEPTED:
            changes |= {"due_at": None}
        free = HelpRequest.objects.filter(pk=self.pk, status=self.status)
        if to not in self.state.next or not free.update(status=to, **changes):
            raise self.changed()
        for name, value in (changes | {"status": to}).items():
            setattr(self, name, value)

    def changed(self) -> Changed:
        """Build the refusal for who comes second: the state of the request."""
        now = HelpRequest.objects.filter(pk=self.pk).values_list("status", flat=True)
        match now.first():
            case HelpRequestStatus.ACCEPTED | HelpRequestStatus.DONE:
                said = _(
                    "This request has already been accepted. You don’t need to do "
                    "anything."
                )
            case HelpRequestStatus.RECALLED | HelpRequestStatus.ENDED:
                said = _(
                    "This request is closed: it was recalled, or the consent has ended."
                )
            case _other:
                said = _(
                    "This request has just changed. Open it again to see what changed."
                )
        return Changed(said)
