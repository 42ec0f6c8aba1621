"""A referral: a request to a team, open until its outcome is known."""

from collections.abc import Iterable
from datetime import datetime
from typing import Any, Self
from uuid import UUID

from django.conf import settings
from django.db import models
from django.db.models import F, Q
from django.urls import reverse
from django.utils import timezone
from django.utils.functional import Promise
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from amana.care.cases.models import Case, Need, Urgency
from amana.care.consent.models import Consent, Destruction, VitalInterest
from amana.care.referrals import calendars, clocks
from amana.care.referrals.states import (
    AHEAD,
    ENDED_EARLY,
    ENDING,
    NEXT,
    OPEN,
    STAGE,
    TO_CHOOSE_AGAIN,
    TOLD_NAMES,
    UNANSWERED,
    WAITS,
    DeclineReason,
    ReferralOutcome,
    ReferralStage,
    ReferralStatus,
    StopReason,
    UnaskedReason,
)
from amana.design.directory.models import Service
from amana.design.mechanism.engine.calendar import Hours, TimeSpan
from amana.errors import Changed
from amana.names import COLUMNS
from amana.privacy import personal, plain, sensitive
from amana.trust.access.models import Team
from amana.trust.vault.models import generate_uuid7

__all__ = [
    "NEXT",
    "OPEN",
    "UNANSWERED",
    "Cover",
    "DeclineReason",
    "Duty",
    "OutsideChannel",
    "Referral",
    "ReferralEvent",
    "ReferralOutcome",
    "ReferralQuerySet",
    "ReferralStage",
    "ReferralStatus",
    "StopReason",
    "UnaskedReason",
    "get_promised_span",
]


def get_promised_span(service: Service) -> TimeSpan | None:
    """Get the time in which a service promises to answer, if it does."""
    hours = service.answers_within_hours
    return Hours(hours) if hours else None


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


class ReferralQuerySet(models.QuerySet["Referral"]):
    def open(self) -> Self:
        return self.filter(ended_at=None)

    def to_answer(self) -> Self:
        return self.filter(stage=ReferralStage.ANSWER)

    def in_progress(self) -> Self:
        return self.filter(stage=ReferralStage.SERVICE)

    def waiting(self) -> Self:
        """Filter those whose recipient has to answer, or to help."""
        return self.filter(stage__in=[ReferralStage.ANSWER, ReferralStage.SERVICE])

    def in_hand(self, people: Iterable[int]) -> Self:
        """Filter what these people have taken on and not finished."""
        return self.waiting().filter(handler__in=list(people))

    def to_confirm(self) -> Self:
        """Filter those that the service reported as over, of which the person was not
        asked yet."""
        return self.filter(stage=ReferralStage.WORD)

    def ended(self) -> Self:
        return self.filter(ended_at__isnull=False)

    def overdue(self, now: datetime | None = None) -> Self:
        return self.open().filter(due_at__lt=now or timezone.now())

    def expected(self, begins: datetime, ends: datetime) -> Self:
        """Filter those for which people are or were expected between these times."""
        return self.filter(appointment_at__gte=begins, appointment_at__lt=ends).exclude(
            status__in=sorted(ENDED_EARLY)
        )

    def to_chase(self, now: datetime | None = None) -> Self:
        """Filter those whose clock ran out and of which someone has yet to be
        notified."""
        return self.filter(tell_at__lte=now or timezone.now())

    def missed_by(self, began: datetime, ended: datetime) -> Self:
        """Filter those that could have been answered in time, had there been no
        outage."""
        return self.filter(
            status__in=[ReferralStatus.SENT, ReferralStatus.RECEIVED],
            sent_at__lt=ended,
            due_at__gt=began,
            # Once: a server that is off each night would otherwise keep a silence from
            # being noticed.
            restarted_at=None,
        )

    def to_replace(self) -> Self:
        """Filter those that failed, and were not replaced by another."""
        return self.filter(
            status__in=sorted(TO_CHOOSE_AGAIN),
            followed_by=None,
            need__status__in=[Need.Status.OPEN, Need.Status.UNMET],
        )

    def for_list(self) -> Self:
        """Load what a row shows: a service alone has seventy columns."""
        beside = {name.split("__")[0] for name in IN_LISTS if "__" in name}
        return (
            self.select_related(*sorted(beside))
            .only(*IN_LISTS)
            # A column that was left out and is read all the same is fetched for all
            # rows in one query, not in one for each.
            .fetch_mode(models.FETCH_PEERS)
        )

    def for_page(self) -> Self:
        return self.select_related(
            "service__organisation",
            "need",
            "case",
            "sender__organisation",
            "recipient__organisation",
            "handler",
            "redirected_to",
            "consent",
            "vital_interest",
        )


class Referral(models.Model):
    """A request that a service meet one need of one person."""

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
    """When the next answer or report is due, by whoever has to act next."""
    tell_at = models.DateTimeField(null=True, blank=True)
    """When somebody is next told that this clock ran out."""
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
    follows = models.ForeignKey(
        "self", models.PROTECT, null=True, blank=True, related_name="followed_by"
    )
    """The declined, redirected or expired referral in whose place this one stands."""

    objects = ReferralQuerySet.as_manager()

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

    kind = ""
    """As a row of an inbox beside others: what it is, where it is no referral. A
    template that asks for what isn't there looks through all names of a model."""

    def __str__(self) -> str:
        return f"referral {self.pk}"

    @property
    def state(self) -> ReferralStatus:
        return ReferralStatus(self.status)

    @property
    def is_open(self) -> bool:
        return self.stage != ReferralStage.ENDED

    @property
    def needed(self) -> str | Promise:
        """What the person lacks: exactly where that was opened, else its group."""
        return self.need.needed

    @property
    def url(self) -> str:
        return reverse("referrals:referral", args=[self.pk])

    @property
    def service_name(self) -> str:
        return self.service.called

    @property
    def stands(self) -> str | Promise:
        if self.is_taken_back:
            return _("Withdrawn")
        return self.state.label

    @property
    def is_taken_back(self) -> bool:
        """It was sent without consent, and that did not last."""
        return (
            self.vital_interest_id is not None
            and self.state is ReferralStatus.WITHDRAWN
        )

    @property
    def basis(self) -> Consent | VitalInterest:
        """On what it rests: the person's consent, or vital interests."""
        basis = self.consent or self.vital_interest
        assert basis is not None
        return basis

    @property
    def agreed(self) -> Consent:
        """The person's consent, where it rests on one."""
        assert self.consent is not None
        return self.consent

    @property
    def basis_id(self) -> UUID:
        """As what was disclosed knows it."""
        basis = self.consent_id or self.vital_interest_id
        assert basis is not None
        return basis

    def to_destroy(self) -> Destruction | None:
        """Find what the recipient is asked to destroy, where it may keep nothing."""
        told = Destruction.objects.filter(
            consent=self.consent_id, vital_interest=self.vital_interest_id
        )
        return told.first()

    @property
    def team_to_act(self) -> int:
        """Whose clock it is."""
        return self.sender_id if self.stage == ReferralStage.WORD else self.recipient_id

    @property
    def reply_by(self) -> datetime:
        """When it has to be answered. `due_at` is sooner until it has been
        acknowledged: people are shown this one."""
        return clocks.compute_answer_deadline(
            self.urgency,
            self.counted_from,
            calendars.get_calendar(),
            get_promised_span(self.service),
        )

    @property
    def counted_from(self) -> datetime:
        """From when the time to answer runs."""
        return self.restarted_at or self.sent_at

    @property
    def turn(self) -> str:
        """Who has to do what next; empty when it has ended."""
        if self.state not in WAITS:
            return ""
        sentence = str(WAITS[self.state][0].label)
        return sentence % {"recipient": self.recipient, "sender": self.sender}

    def turn_for(self, side: str) -> str:
        """Format the turn for one of the two sides."""
        acts = "sender" if self.stage == ReferralStage.WORD else "recipient"
        if self.state not in WAITS or side != acts:
            return self.turn
        return str(WAITS[self.state][0].ours)

    @property
    def tone(self) -> str:
        return self.state.tone

    @property
    def lateness(self) -> str:
        """Of a row: late, or nothing special."""
        late = self.is_open and self.due_at < timezone.now()
        return "late" if late else "plain"

    @property
    def urgency_words(self) -> str | Promise:
        """By its code: `get_urgency_display` translates all the others as well."""
        return Urgency(self.urgency).label

    @property
    def urgency_tone(self) -> str:
        return Urgency(self.urgency).tone

    @property
    def told_so_far(self) -> list[str]:
        """Who was really notified that it is late, in words, since the last step."""
        if not self.told:
            return []
        names: dict[str, None] = {}
        # Sorted here: the events of a list are prefetched, and a query for each row
        # would undo that.
        for happening in sorted(self.happenings.all(), key=lambda row: row.pk):
            if happening.what in (
                ReferralEvent.What.MOVED,
                ReferralEvent.What.RESTARTED,
            ):
                names.clear()
            elif happening.what in TOLD_NAMES:
                names[str(TOLD_NAMES[happening.what])] = None
        return list(names)

    @property
    def what_came_of_it(self) -> str:
        """How it ended, in one sentence."""
        if self.is_taken_back:
            return _("It was sent without consent, and has been withdrawn.")
        if self.state is ReferralStatus.EXPIRED and self.answered_at:
            # Answered, so that no clock ends it: the time of the consent was over.
            return _("The person’s consent to share with them has expired.")
        return str(ENDING.get(self.state, "")) or " ".join(
            str(words)
            for words in (
                self.decline_reason and self.get_decline_reason_display(),
                self.outcome and self.get_outcome_display(),
                self.unasked_reason and self.get_unasked_reason_display(),
            )
            if words
        )

    @property
    def what_follows(self) -> list[str]:
        """What comes after the present step, as far as it is known."""
        return [str(words) for words in AHEAD.get(self.state, ())]

    @property
    def document(self) -> str:
        """The name of the sealed document of the case with the person's own words."""
        return f"referral/{self.pk.hex}"

    def move(self, to: ReferralStatus, **changes: Any) -> None:
        """Change the status, unless someone else changed it first."""
        changes |= {"status": to, "stage": to.stage}
        if to.stage is ReferralStage.ENDED:
            changes |= {"ended_at": timezone.now(), "tell_at": None}
        if to not in self.state.next or not self.change(**changes):
            raise self.changed(to)

    def change(self, **changes: Any) -> bool:
        """Set these fields, unless someone else changed the referral first."""
        # Compare and set: of two who act at once, the second is refused and learns what
        # the first did.
        free = Referral.objects.filter(
            pk=self.pk, status=self.status, version=self.version
        )
        if not free.update(version=F("version") + 1, **changes):
            return False
        for name, value in (changes | {"version": self.version + 1}).items():
            setattr(self, name, value)
        return True

    def changed(self, to: ReferralStatus | None = None) -> Changed:
        """Build the refusal for who comes second: what the referral is now, and by
        whom."""
        happened = self.happenings.select_related("team").order_by("-at", "-pk")
        last = happened.first()
        whose = last.team.name if last and last.team else _("Amana")
        now = ReferralStatus(last.status if last else self.status).label
        if to is None or to == (last and last.status):
            return Changed(
                _("%(whose)s has just changed this referral: it is now “%(now)s”.")
                % {"whose": whose, "now": now}
            )
        return Changed(
            _("This referral can’t become “%(to)s”: it is now “%(now)s”, by %(whose)s.")
            % {"whose": whose, "now": now, "to": to.label}
        )


class OutsideChannel(models.TextChoices):
    """How someone without an account acted, or how we heard what they did."""

    HERE = "", gettext_lazy("In Amana")
    PAGE = "page", gettext_lazy("on the page that a code opens")
    SLIP = "slip", gettext_lazy("by return slip")
    NOTED = "noted", gettext_lazy("noted by the sender")


class ReferralEvent(models.Model):
    """One thing that happened to a referral: the log that both sides see."""

    class What(models.TextChoices):
        MOVED = "moved", gettext_lazy("Changed")
        WROTE = "wrote", gettext_lazy("A message was sent")
        TAKEN = "taken", gettext_lazy("Taken on by a colleague")
        TOLD_SUPERVISOR = (
            "supervisor",
            gettext_lazy("Late: the supervisor was notified"),
        )
        TOLD_SENDER = "sender", gettext_lazy("Late: the sender was notified")
        TOLD_COORDINATOR = (
            "coordinator",
            gettext_lazy("Late: the coordinator was notified"),
        )
        TOLD_MAILBOX = "mailbox", gettext_lazy("Late: an e-mail was sent to the team")
        TOLD_NOBODY = "nobody", gettext_lazy("Late: no one could be notified")
        RESTARTED = (
            "restarted",
            gettext_lazy("Amana was out of service: the time to reply was restarted"),
        )
        OPENED = "opened", gettext_lazy("Opened with a code")
        WRONG_CODE = "wrong_code", gettext_lazy("A wrong code was tried")
        DESTROYED = (
            "destroyed",
            gettext_lazy("The page was destroyed after five wrong codes"),
        )
        SLIP_DESTROYED = (
            "slip_gone",
            gettext_lazy("The return slip was destroyed after five wrong codes"),
        )

    LATE = (
        What.TOLD_SUPERVISOR,
        What.TOLD_SENDER,
        What.TOLD_COORDINATOR,
        What.TOLD_MAILBOX,
        What.TOLD_NOBODY,
    )
    OF_CODES = (What.WRONG_CODE, What.DESTROYED, What.SLIP_DESTROYED)

    referral = models.ForeignKey(Referral, models.CASCADE, related_name="happenings")
    what = models.CharField(max_length=12, choices=What, default=What.MOVED)
    status = models.CharField(max_length=12, choices=ReferralStatus)
    at = models.DateTimeField(default=timezone.now)
    team = models.ForeignKey(Team, models.PROTECT, null=True, related_name="+")
    by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, null=True, related_name="+"
    )
    way = models.CharField(
        max_length=5, choices=OutsideChannel, blank=True, default=OutsideChannel.HERE
    )

    class Privacy:
        kept = "With its case."
        referral = personal
        what = way = plain
        status = sensitive
        at = plain
        team = plain
        by = personal

    def __str__(self) -> str:
        return f"{self.status} of referral {self.referral_id}"

    @property
    def words(self) -> str:
        if self.what != self.What.MOVED:
            return self.get_what_display()
        if self.status == ReferralStatus.RECEIVED and self.way == OutsideChannel.PAGE:
            return str(self.What.OPENED.label)
        stands = ReferralStatus(self.status).label
        return (
            f"{stands} · {OutsideChannel(self.way).label}" if self.way else str(stands)
        )

    @property
    def tone(self) -> str:
        if self.what == self.What.MOVED:
            return ReferralStatus(self.status).tone
        return "late" if self.what in self.LATE + self.OF_CODES else "plain"


class CoverQuerySet(models.QuerySet["Cover"]):
    def on(self, day: Any) -> Self:
        return self.filter(first_on__lte=day, last_on__gte=day)


class Cover(models.Model):
    """While someone is away, a colleague of the same team is notified of their work."""

    team = models.ForeignKey(Team, models.CASCADE, related_name="covers")
    away = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.CASCADE, related_name="absences"
    )
    covered_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.CASCADE, related_name="covers"
    )
    first_on = models.DateField()
    last_on = models.DateField()

    objects = CoverQuerySet.as_manager()

    class Privacy:
        kept = "A year after the last day."
        team = plain
        away = personal
        covered_by = personal
        first_on = personal
        last_on = personal

    class Meta:
        constraints = [
            models.CheckConstraint(
                name="cover_ends_after_it_begins",
                condition=Q(last_on__gte=F("first_on")),
            ),
            models.CheckConstraint(
                name="cover_by_somebody_else",
                condition=~Q(away=F("covered_by")),
            ),
        ]
        indexes = [
            models.Index(fields=["covered_by", "last_on"]),
            models.Index(fields=["team", "last_on"]),
        ]

    def __str__(self) -> str:
        return f"cover {self.pk}"


class Duty(models.Model):
    """Who in a team answers on which day of the week. Days count from Monday: 0."""

    team = models.ForeignKey(Team, models.CASCADE, related_name="duties")
    weekday = models.PositiveSmallIntegerField()
    worker = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.CASCADE, related_name="duties"
    )

    class Privacy:
        kept = "Until the rota is changed."
        team = plain
        weekday = plain
        worker = personal

    class Meta:
        verbose_name_plural = "duties"
        constraints = [
            models.UniqueConstraint(
                name="duty_once", fields=["team", "weekday", "worker"]
            ),
            models.CheckConstraint(
                name="duty_on_a_day_of_the_week", condition=Q(weekday__lt=7)
            ),
        ]

    def __str__(self) -> str:
        return f"duty {self.pk}"
