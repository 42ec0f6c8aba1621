"""A referral: a request to a team, open until its outcome is known."""

from collections.abc import Iterable
from datetime import datetime
from typing import Self
from uuid import UUID

from django.db import models
from django.db.models import F
from django.urls import reverse
from django.utils import timezone
from django.utils.functional import Promise
from django.utils.translation import gettext as _

from amana.care.cases.models import Need, Urgency
from amana.care.consent.models.consents import Consent
from amana.care.consent.models.destructions import Destruction
from amana.care.consent.models.vital_interest_record import VitalInterest
from amana.care.referrals import calendars, clocks
from amana.care.referrals.models.referral_fields import IN_LISTS, ReferralFields
from amana.care.referrals.models.referral_history import ReferralEvent
from amana.care.referrals.states import (
    AHEAD,
    ENDED_EARLY,
    ENDING,
    TO_CHOOSE_AGAIN,
    TOLD_NAMES,
    WAITS,
    ReferralStage,
    ReferralStatus,
)
from amana.design.directory.models import Service
from amana.errors import Changed
from amana.working_time import Hours, TimeSpan


def get_promised_span(service: Service) -> TimeSpan | None:
    """Get the time in which a service promises to answer, if it does."""
    hours = service.answers_within_hours
    return Hours(hours) if hours else None


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


class Referral(ReferralFields):
    """A request that a service meet one need of one person."""

    follows = models.ForeignKey(
        "self", models.PROTECT, null=True, blank=True, related_name="followed_by"
    )
    """The declined, redirected or expired referral in whose place this one stands."""

    objects = ReferralQuerySet.as_manager()

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

    def move(self, to: ReferralStatus, **changes: object) -> None:
        """Change the status, unless someone else changed it first."""
        changes |= {"status": to, "stage": to.stage}
        if to.stage is ReferralStage.ENDED:
            changes |= {"ended_at": timezone.now(), "tell_at": None}
        if to not in self.state.next or not self.change(**changes):
            raise self.changed(to)

    def change(self, **changes: object) -> bool:
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
