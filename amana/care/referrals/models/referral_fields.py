"""What is recorded of a referral, and what the database itself enforces of it."""

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.utils import timezone
from django.utils.translation import gettext_lazy

from amana.care.cases.models import Case, Need, Urgency
from amana.care.consent.models.consents import Consent
from amana.care.consent.models.vital_interest_record import VitalInterest
from amana.care.referrals.states import (
    STAGE,
    DeclineReason,
    ReferralOutcome,
    ReferralStage,
    ReferralStatus,
    StopReason,
    UnaskedReason,
)
from amana.design.directory.models import Service
from amana.names import COLUMNS
from amana.privacy import personal, plain, sensitive
from amana.trust.access.models import Team
from amana.trust.vault.models import generate_uuid7


def list_statuses_in_stage(stage: ReferralStage) -> list[str]:
    return sorted(status for status, its in STAGE.items() if its is stage)


IN_LISTS = (
    "urgency",
    "status",
    "stage",
    "sent_at",
    "due_at",
    "ended_at",
    "appointment_at",
    "decline_reason",
    "outcome",
    "unasked_reason",
    "follows",
    "vital_interest",
    *(f"service__{column}" for column in COLUMNS),
    "need__group",
    "need__status",
    "case__reference",
    "sender__name",
    "recipient__name",
    "handler__name",
)


class ReferralFields(models.Model):
    """What is recorded of a referral, and what the database enforces of it."""

    id = models.UUIDField(primary_key=True, default=generate_uuid7, editable=False)
    case = models.ForeignKey(Case, models.PROTECT, related_name="referrals")
    need = models.ForeignKey(Need, models.PROTECT, related_name="referrals")
    service = models.ForeignKey(Service, models.PROTECT, related_name="referrals")
    sender = models.ForeignKey(Team, models.PROTECT, related_name="sent_referrals")
    recipient = models.ForeignKey(
        Team, models.PROTECT, related_name="received_referrals"
    )
    handler = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        models.PROTECT,
        null=True,
        blank=True,
        related_name="handled_referrals",
    )
    """Who in the recipient's team has taken it on; the team stays answerable."""
    consent = models.ForeignKey(
        Consent, models.PROTECT, null=True, blank=True, related_name="referrals"
    )
    vital_interest = models.ForeignKey(
        VitalInterest, models.PROTECT, null=True, blank=True, related_name="referrals"
    )
    """Why it was sent without consent, where the person could not be asked."""
    disclosure = models.UUIDField(unique=True)
    """The sealed copy of what was shared; gone from the vault when consent ends."""
    urgency = models.CharField(max_length=2, choices=Urgency)
    status = models.CharField(
        max_length=12, choices=ReferralStatus, default=ReferralStatus.SENT
    )
    stage = models.CharField(
        max_length=8, choices=ReferralStage, default=ReferralStage.ANSWER
    )
    version = models.PositiveIntegerField(default=1)
    sent_at = models.DateTimeField(default=timezone.now)
    restarted_at = models.DateTimeField(null=True, blank=True)
    """From when the time to answer runs, where an outage fell into it; once."""
    due_at = models.DateTimeField()
    """When the next answer or report is due, from the team that has to act next."""
    tell_at = models.DateTimeField(null=True, blank=True)
    """When the next of `states.TOLD` is notified that this clock ran out."""
    told = models.PositiveSmallIntegerField(default=0)
    """How many have been told, in the order of `states.TOLD`."""
    answered_at = models.DateTimeField(null=True, blank=True)
    appointment_at = models.DateTimeField(null=True, blank=True)
    """When the person is expected; the place and the rest are sealed in a letter."""
    ended_at = models.DateTimeField(null=True, blank=True)
    places = models.PositiveSmallIntegerField(default=0)
    """How many of the service's counted places it holds."""
    decline_reason = models.CharField(max_length=20, choices=DeclineReason, blank=True)
    redirected_to = models.ForeignKey(
        Service, models.PROTECT, null=True, blank=True, related_name="+"
    )
    stop_reason = models.CharField(max_length=20, choices=StopReason, blank=True)
    outcome = models.CharField(max_length=10, choices=ReferralOutcome, blank=True)
    unasked_reason = models.CharField(max_length=10, choices=UnaskedReason, blank=True)

    class Privacy:
        kept = "With its case."
        id = plain
        case = personal
        need = personal
        service = sensitive
        sender = plain
        recipient = sensitive
        handler = personal
        consent = personal
        vital_interest = personal
        disclosure = plain
        urgency = sensitive
        status = sensitive
        stage = plain
        version = plain
        sent_at = plain
        restarted_at = plain
        due_at = plain
        tell_at = plain
        told = plain
        answered_at = plain
        appointment_at = sensitive
        ended_at = plain
        places = plain
        decline_reason = sensitive
        redirected_to = sensitive
        stop_reason = sensitive
        outcome = sensitive
        unasked_reason = sensitive
        follows = plain

    class Meta:
        abstract = True
        constraints = [
            models.CheckConstraint(
                # Exactly one: what was sent without consent must never count as
                # consented (ADR 41).
                name="referral_rests_on_one_of_the_two",
                condition=Q(consent__isnull=False, vital_interest=None)
                | Q(consent=None, vital_interest__isnull=False),
            ),
            models.CheckConstraint(
                name="referral_stage_of_its_status",
                condition=Q(
                    *(
                        Q(stage=s, status__in=list_statuses_in_stage(s))
                        for s in ReferralStage
                    ),
                    _connector=Q.OR,
                ),
            ),
            models.CheckConstraint(
                name="referral_ended_at_iff_ended",
                condition=Q(stage="ended", ended_at__isnull=False, tell_at=None)
                | (~Q(stage="ended") & Q(ended_at=None)),
            ),
            models.CheckConstraint(
                name="referral_answered_at_when_answered",
                condition=~Q(stage="answer") | Q(answered_at=None),
            ),
            models.CheckConstraint(
                name="referral_declined_with_a_reason",
                condition=Q(status="declined") & ~Q(decline_reason="")
                | ~Q(status="declined") & Q(decline_reason=""),
            ),
            models.CheckConstraint(
                name="referral_redirected_somewhere",
                condition=Q(status="redirected", redirected_to__isnull=False)
                | (~Q(status="redirected") & Q(redirected_to=None)),
            ),
            models.CheckConstraint(
                name="referral_discontinued_with_a_reason",
                # One way only: the reason stays when the person has been asked
                # afterwards.
                condition=~Q(status="discontinued") | ~Q(stop_reason=""),
            ),
            models.CheckConstraint(
                name="referral_confirmed_with_an_outcome",
                condition=Q(status="confirmed") & ~Q(outcome="")
                | ~Q(status="confirmed") & Q(outcome=""),
            ),
            models.CheckConstraint(
                name="referral_unconfirmed_with_a_reason",
                condition=Q(status="unconfirmed") & ~Q(unasked_reason="")
                | ~Q(status="unconfirmed") & Q(unasked_reason=""),
            ),
            models.UniqueConstraint(
                name="referral_one_open_per_need_and_service",
                fields=["need", "service"],
                condition=Q(stage__in=["answer", "service"]),
                violation_error_message=gettext_lazy(
                    "This need has already been referred to this service."
                ),
            ),
            models.UniqueConstraint(
                name="referral_replaced_once",
                fields=["follows"],
                condition=Q(follows__isnull=False),
            ),
        ]
        indexes = [
            models.Index(
                # With what an inbox sorts and filters by, as `case_of_team`.
                name="referral_received",
                fields=[
                    *("recipient", "stage", "due_at", "id"),
                    *("urgency", "status", "sent_at", "handler"),
                ],
            ),
            models.Index(name="referral_from_to", fields=["recipient", "sender"]),
            models.Index(fields=["sender", "stage", "due_at", "id"]),
            models.Index(fields=["handler", "stage", "due_at", "id"]),
            models.Index(fields=["case", "sent_at"]),
            models.Index(
                name="referral_ended_received",
                fields=["recipient", "-ended_at", "-id"],
                condition=Q(ended_at__isnull=False),
            ),
            models.Index(
                name="referral_expected",
                fields=["recipient", "appointment_at", "id"],
                condition=Q(appointment_at__isnull=False),
            ),
            models.Index(
                name="referral_by_clock",
                fields=["due_at", "id"],
                condition=Q(ended_at=None),
            ),
            models.Index(
                name="referral_to_chase",
                fields=["tell_at"],
                condition=Q(tell_at__isnull=False),
            ),
        ]
