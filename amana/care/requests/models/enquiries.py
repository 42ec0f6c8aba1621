"""The question to one team: whether it can help."""

from datetime import datetime, timedelta
from typing import Self

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.utils import timezone
from django.utils.translation import gettext as _

from amana.care.consent.models.consents import Consent
from amana.care.referrals.models.referral_record import Referral
from amana.care.referrals.states import DeclineReason
from amana.care.requests.states import TONE, EnquiryAnswer, SkipReason
from amana.design.directory.models import Service
from amana.errors import Changed
from amana.names import COLUMNS
from amana.privacy import personal, plain, sensitive
from amana.trust.access.models import Team
from amana.trust.vault.models import generate_uuid7


class EnquiryQuerySet(models.QuerySet["Enquiry"]):
    def asked(self) -> Self:
        return self.filter(status=EnquiryAnswer.ASKED)

    def received(self, now: datetime | None = None) -> Self:
        """Filter what concerns a recipient now: asked, accepted without a referral yet,
        or closed within a day after it accepted."""
        lately = (now or timezone.now()) - timedelta(days=1)
        return self.filter(
            Q(status=EnquiryAnswer.ASKED)
            | Q(status=EnquiryAnswer.ACCEPTED, referral=None)
            | Q(
                status=EnquiryAnswer.CLOSED,
                answered_at__isnull=False,
                request__ended_at__gt=lately,
            )
        )

    def lapsing(self, now: datetime) -> Self:
        return self.asked().filter(due_at__lte=now)

    def for_list(self) -> Self:
        """Load in turn what a line shows: a service alone has seventy columns."""
        shown = self.select_related("service", "recipient").only(*IN_LISTS)
        return shown.fetch_mode(models.FETCH_PEERS).order_by("rank")

    def for_inbox(self) -> Self:
        """Load the same, with what the recipient is asked for, and by whom."""
        beside = self.for_list().select_related("request__sender")
        return beside.only(*IN_LISTS, *ASKED_IN_LISTS)

    def for_page(self) -> Self:
        return self.select_related(
            "service__organisation",
            "recipient__organisation",
            "answered_by",
            "request__sender__organisation",
            "request__asked_by",
        ).order_by("rank")


IN_LISTS = (
    "request",
    "rank",
    "status",
    "asked_at",
    "due_at",
    "answered_at",
    "decline_reason",
    "skip_reason",
    "referral",
    *(f"service__{column}" for column in COLUMNS),
    "recipient__name",
)


ASKED_IN_LISTS = (
    "request__group",
    "request__type",
    "request__urgency",
    "request__status",
    "request__ended_at",
    "request__sender__name",
)


class Enquiry(models.Model):
    """The question to one team: whether it can help. One row a team, in order."""

    id = models.UUIDField(primary_key=True, default=generate_uuid7, editable=False)
    request = models.ForeignKey(
        "requests.HelpRequest", models.CASCADE, related_name="enquiries"
    )
    rank = models.PositiveSmallIntegerField()
    service = models.ForeignKey(Service, models.PROTECT, related_name="enquiries")
    recipient = models.ForeignKey(Team, models.PROTECT, related_name="enquiries")
    consent = models.ForeignKey(
        Consent, models.PROTECT, null=True, blank=True, related_name="enquiries"
    )
    disclosure = models.UUIDField(null=True, blank=True, unique=True)
    """The sealed copy of what was agreed, held back until this team says yes."""
    place = models.UUIDField(null=True, blank=True, unique=True)
    """Where help is needed, sealed for this team; held back until it is asked."""
    status = models.CharField(
        max_length=8, choices=EnquiryAnswer, default=EnquiryAnswer.WAITING
    )
    asked_at = models.DateTimeField(null=True, blank=True)
    due_at = models.DateTimeField(null=True, blank=True)
    answered_at = models.DateTimeField(null=True, blank=True)
    answered_by = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        models.PROTECT,
        null=True,
        blank=True,
        related_name="+",
    )
    decline_reason = models.CharField(max_length=20, choices=DeclineReason, blank=True)
    skip_reason = models.CharField(max_length=7, choices=SkipReason, blank=True)
    places = models.PositiveSmallIntegerField(default=0)
    """How many of the service's counted places the yes has booked."""
    referral = models.OneToOneField(
        Referral, models.PROTECT, null=True, blank=True, related_name="enquiry"
    )

    objects = EnquiryQuerySet.as_manager()

    class Privacy:
        kept = "With its request."
        id = request = rank = plain
        service = recipient = sensitive
        consent = referral = personal
        disclosure = place = plain
        status = decline_reason = sensitive
        asked_at = due_at = answered_at = skip_reason = places = plain
        answered_by = personal

    class Meta:
        verbose_name_plural = "enquiries"
        constraints = [
            models.UniqueConstraint(
                name="enquiry_one_of_each_rank", fields=["request", "rank"]
            ),
            models.UniqueConstraint(
                name="enquiry_one_of_each_service", fields=["request", "service"]
            ),
            models.UniqueConstraint(
                # The database too lets only one team accept.
                name="enquiry_accepted_once",
                fields=["request"],
                condition=Q(status="accepted"),
            ),
            models.CheckConstraint(
                name="enquiry_due_while_asked",
                condition=~Q(status="asked")
                | Q(asked_at__isnull=False, due_at__isnull=False),
            ),
            models.CheckConstraint(
                name="enquiry_declined_with_a_reason",
                condition=Q(status="declined") & ~Q(decline_reason="")
                | ~Q(status="declined") & Q(decline_reason=""),
            ),
            models.CheckConstraint(
                name="enquiry_skipped_with_a_reason",
                condition=Q(status="skipped") & ~Q(skip_reason="")
                | ~Q(status="skipped") & Q(skip_reason=""),
            ),
        ]
        indexes = [
            models.Index(fields=["recipient", "status", "due_at"]),
            models.Index(
                name="enquiry_by_clock",
                fields=["due_at"],
                condition=Q(status="asked"),
            ),
        ]

    def __str__(self) -> str:
        return f"enquiry {self.pk}"

    @property
    def state(self) -> EnquiryAnswer:
        return EnquiryAnswer(self.status)

    @property
    def tone(self) -> str:
        if self.status == EnquiryAnswer.ACCEPTED:
            return "good"
        return TONE.get(self.status, "plain")

    @property
    def why(self) -> str:
        """Why this team does not help, where it is known."""
        if self.decline_reason:
            return str(DeclineReason(self.decline_reason).label)
        return str(SkipReason(self.skip_reason).label) if self.skip_reason else ""

    def move(self, to: EnquiryAnswer, **changes: object) -> None:
        """Change the answer, unless someone else changed it first."""
        free = Enquiry.objects.filter(pk=self.pk, status=self.status)
        if to not in self.state.next:
            raise self.changed()
        # A question that is not saved yet is known to no one else.
        if not self._state.adding and not free.update(status=to, **changes):
            raise self.changed()
        for name, value in (changes | {"status": to}).items():
            setattr(self, name, value)

    def changed(self) -> Changed:
        """Build the refusal for who comes second: what was answered, and by whom."""
        now = Enquiry.objects.select_related("answered_by").filter(pk=self.pk).first()
        if now is None or now.answered_by is None:
            return self.request.changed()
        return Changed(
            _("%(colleague)s has just answered this for your team: “%(answer)s”.")
            % {"colleague": now.answered_by.name, "answer": now.state.label}
        )
