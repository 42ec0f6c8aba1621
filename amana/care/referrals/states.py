"""The statuses of a referral, and what may follow each: one table, as data.

After inter-agency practice (IASC 2017, GBVIMS+, FHIR Task), widened so that a loop
counts as closed only when the person herself has answered whether it helped, or when it
is recorded why she was not asked. `manage.py draw_referrals` draws it for the
manual."""

from django.db import models
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from amana.care.referrals.clocks import ReferralClock


class ReferralStatus(models.TextChoices):
    """The status of a referral."""

    SENT = "sent", _("Sent")
    RECEIVED = "received", _("Acknowledged")
    ACCEPTED = "accepted", _("Accepted")
    WAITLISTED = "waitlisted", _("On the waiting list")
    DECLINED = "declined", _("Declined")
    REDIRECTED = "redirected", _("Redirected")
    APPOINTMENT = "appointment", _("Appointment made")
    ATTENDED = "attended", _("Attended")
    NO_SHOW = "no_show", _("Did not come")
    UNREACHABLE = "unreachable", _("Could not be reached")
    STARTED = "started", _("Service started")
    COMPLETED = "completed", _("Completed")
    PARTLY = "partly", _("Partly met")
    DISCONTINUED = "discontinued", _("Discontinued")
    CONFIRMED = "confirmed", _("Confirmed by the person")
    UNCONFIRMED = "unconfirmed", _("Closed without confirmation")
    EXPIRED = "expired", _("Expired")
    RECALLED = "recalled", _("Recalled by the sender")
    WITHDRAWN = "withdrawn", _("Consent withdrawn")

    @property
    def next(self) -> frozenset["ReferralStatus"]:
        return NEXT[self]

    @property
    def stage(self) -> "ReferralStage":
        return STAGE[self]

    @property
    def tone(self) -> str:
        return TONE.get(self, "plain")


S = ReferralStatus
ENDED_EARLY = frozenset({S.RECALLED, S.WITHDRAWN, S.EXPIRED})
CONSENT_OVER = frozenset({S.WITHDRAWN, S.EXPIRED})
OUTCOMES = frozenset({S.COMPLETED, S.PARTLY, S.DISCONTINUED})
ANSWERS = frozenset({S.ACCEPTED, S.WAITLISTED, S.DECLINED, S.REDIRECTED})

NEXT: dict[ReferralStatus, frozenset[ReferralStatus]] = {
    S.SENT: ANSWERS | ENDED_EARLY | {S.RECEIVED},
    S.RECEIVED: ANSWERS | ENDED_EARLY,
    # Asked again whether there is a place yet, and there is none.
    S.WAITLISTED: ANSWERS | ENDED_EARLY,
    # A place can be lost again, and some come without an appointment.
    S.ACCEPTED: ENDED_EARLY
    | {S.APPOINTMENT, S.ATTENDED, S.STARTED, S.NO_SHOW, S.UNREACHABLE, S.DECLINED},
    S.APPOINTMENT: ENDED_EARLY
    | {S.APPOINTMENT, S.ATTENDED, S.NO_SHOW, S.UNREACHABLE, S.DISCONTINUED},
    S.NO_SHOW: ENDED_EARLY | {S.APPOINTMENT, S.ATTENDED, S.UNREACHABLE, S.DISCONTINUED},
    # Each attempt is written down, so it may follow itself.
    S.UNREACHABLE: ENDED_EARLY
    | {S.APPOINTMENT, S.ATTENDED, S.UNREACHABLE, S.DISCONTINUED},
    # She has come: from here on it has an outcome, and can't be recalled.
    S.ATTENDED: CONSENT_OVER | OUTCOMES | {S.STARTED, S.APPOINTMENT},
    # It continues, and the service reports it each time that the clock asks.
    S.STARTED: CONSENT_OVER | OUTCOMES | {S.STARTED},
    # The recipient has said how it ended. The end of a consent takes away what was
    # shared (it is deleted), but can't make it untrue that she was helped.
    S.COMPLETED: frozenset({S.CONFIRMED, S.UNCONFIRMED}),
    S.PARTLY: frozenset({S.CONFIRMED, S.UNCONFIRMED}),
    S.DISCONTINUED: frozenset({S.CONFIRMED, S.UNCONFIRMED}),
    S.DECLINED: frozenset(),
    S.REDIRECTED: frozenset(),
    S.CONFIRMED: frozenset(),
    S.UNCONFIRMED: frozenset(),
    S.EXPIRED: frozenset(),
    S.RECALLED: frozenset(),
    S.WITHDRAWN: frozenset(),
}
OPEN = frozenset(status for status, following in NEXT.items() if following)
TO_CHOOSE_AGAIN = frozenset({S.DECLINED, S.REDIRECTED}) | ENDED_EARLY
"""After these the person still needs a service."""


class ReferralStage(models.TextChoices):
    """Who has to do what next; every list of referrals is one stage of one team."""

    ANSWER = "answer", _("Waiting for an answer")
    SERVICE = "service", _("In progress")
    WORD = "word", _("Waiting for the person’s reply")
    ENDED = "ended", _("Ended")


UNANSWERED = frozenset({S.SENT, S.RECEIVED})
STAGE: dict[ReferralStatus, ReferralStage] = {
    status: ReferralStage.ANSWER
    if status in UNANSWERED
    else ReferralStage.WORD
    if status in OUTCOMES
    else ReferralStage.SERVICE
    if status in OPEN
    else ReferralStage.ENDED
    for status in ReferralStatus
}
TONE: dict[ReferralStatus, str] = {
    S.SENT: "due",
    S.RECEIVED: "due",
    S.WAITLISTED: "due",
    S.ACCEPTED: "good",
    S.APPOINTMENT: "good",
    S.ATTENDED: "good",
    S.STARTED: "good",
    S.COMPLETED: "good",
    S.CONFIRMED: "good",
    S.NO_SHOW: "late",
    S.UNREACHABLE: "late",
    S.DECLINED: "late",
    S.EXPIRED: "late",
    S.PARTLY: "due",
    S.REDIRECTED: "due",
}


class DeclineReason(models.TextChoices):
    """Why a service said no."""

    NO_CAPACITY = "no_capacity", _("No places free")
    NOT_ELIGIBLE = "not_eligible", _("Not eligible for our service")
    OUTSIDE_AREA = "outside_area", _("Outside our area")
    WRONG_SERVICE = "wrong_service", _("Not the service we offer")
    TOO_LITTLE = "too_little", _("Too little information to decide")
    CONFLICT = "conflict", _("Conflict of interest or safety concern")
    PERSON_DECLINED = "person_declined", _("The person did not want it")
    DUPLICATE = "duplicate", _("Already referred to us")
    UNSAFE = "unsafe", _("Our place would not be safe for this person")
    LANGUAGE = "language", _("We don’t share a language with the person")
    FUNDING = "funding", _("Our funding has ended")


class StopReason(models.TextChoices):
    """Why a service ended before the need was met."""

    WISHED = "wished", _("The person no longer wanted it")
    LOST_CONTACT = "lost_contact", _("Contact was lost, after several attempts")
    MOVED = "moved", _("The person moved away or returned")
    HELD = "held", _("The person was detained or removed")
    ELSEWHERE = "elsewhere", _("Another service took over")
    NOT_SUITED = "not_suited", _("The service did not suit the person")
    UNSAFE = "unsafe", _("It was no longer safe")
    ENDED = "ended", _("The service or its funding ended")
    DIED = "died", _("The person died")


class ReferralOutcome(models.TextChoices):
    """What the person said of it."""

    MET = "met", _("It met the need")
    PARTLY = "partly", _("It met a part of the need")
    NOT = "not", _("It did not meet the need")


class UnaskedReason(models.TextChoices):
    """Why the person was not asked."""

    UNSAFE = "unsafe", _("Asking would not have been safe")
    UNWISHED = "unwished", _("The person did not wish to be asked")
    LOST = "lost", _("The person could no longer be reached")


class ReferralTurn(models.TextChoices):
    """What a referral waits for: whom, and what of them. Works for one or many: no verb
    that has to agree with the name of a team."""

    SEE = "see", _("Waiting for %(recipient)s to acknowledge")
    ANSWER = "answer", _("Waiting for %(recipient)s to reply")
    PLACE = "place", _("Waiting for %(recipient)s to have a place")
    CONTACT = "contact", _("Waiting for %(recipient)s to contact the person")
    CAME = "came", _("Waiting for %(recipient)s to record attendance")
    TRY = "try", _("Waiting for %(recipient)s to try again")
    REPORT = "report", _("Waiting for %(recipient)s to report")
    ASK = "ask", _("Waiting for %(sender)s to ask the person if it helped")

    @property
    def ours(self) -> str | Promise:
        """The same, said to those who have to do it."""
        return OURS[self]


OURS: dict[ReferralTurn, str | Promise] = {
    ReferralTurn.SEE: _("Answer or acknowledge"),
    ReferralTurn.ANSWER: _("Answer"),
    ReferralTurn.PLACE: _("Confirm whether there is a place"),
    ReferralTurn.CONTACT: _("Contact the person"),
    ReferralTurn.CAME: _("Record whether the person came"),
    ReferralTurn.TRY: _("Try again to reach the person"),
    ReferralTurn.REPORT: _("Report on progress"),
    ReferralTurn.ASK: _("Ask the person if it helped"),
}

WAITS: dict[ReferralStatus, tuple[ReferralTurn, ReferralClock]] = {
    S.SENT: (ReferralTurn.SEE, ReferralClock.RECEIPT),
    S.RECEIVED: (ReferralTurn.ANSWER, ReferralClock.ANSWER),
    S.WAITLISTED: (ReferralTurn.PLACE, ReferralClock.NEXT_FOLLOW_UP),
    S.ACCEPTED: (ReferralTurn.CONTACT, ReferralClock.CONTACT),
    S.APPOINTMENT: (ReferralTurn.CAME, ReferralClock.RECEIPT),
    S.NO_SHOW: (ReferralTurn.TRY, ReferralClock.CONTACT),
    S.UNREACHABLE: (ReferralTurn.TRY, ReferralClock.CONTACT),
    S.ATTENDED: (ReferralTurn.REPORT, ReferralClock.FOLLOW_UP),
    S.STARTED: (ReferralTurn.REPORT, ReferralClock.FOLLOW_UP),
    S.COMPLETED: (ReferralTurn.ASK, ReferralClock.FOLLOW_UP),
    S.PARTLY: (ReferralTurn.ASK, ReferralClock.FOLLOW_UP),
    S.DISCONTINUED: (ReferralTurn.ASK, ReferralClock.FOLLOW_UP),
}
"""By which clock each open status waits, and for what."""

ENDING: dict[ReferralStatus, str | Promise] = {
    S.REDIRECTED: _("They can’t help, and suggest another service."),
    S.EXPIRED: _("It ended without an answer."),
    S.RECALLED: _("The sender recalled it before the person came."),
    S.WITHDRAWN: _("The person withdrew consent to share with them."),
}
"""What ended it, where no reason was asked for."""

AHEAD: dict[ReferralStatus, tuple[str | Promise, ...]] = {
    S.SENT: (_("Contact the person"), _("Ask the person if it helped")),
    S.RECEIVED: (
        _("Contact the person"),
        _("Ask the person if it helped"),
    ),
    S.WAITLISTED: (
        _("Contact the person"),
        _("Ask the person if it helped"),
    ),
    S.ACCEPTED: (_("Report on progress"), _("Ask the person if it helped")),
    S.APPOINTMENT: (_("Report on progress"), _("Ask the person if it helped")),
    S.NO_SHOW: (_("Report on progress"), _("Ask the person if it helped")),
    S.UNREACHABLE: (_("Report on progress"), _("Ask the person if it helped")),
    S.ATTENDED: (_("Ask the person if it helped"),),
    S.STARTED: (_("Ask the person if it helped"),),
}
"""What comes next and then, while all goes well."""

TOLD_NAMES: dict[str, str | Promise] = {
    "supervisor": _("the supervisor"),
    "sender": _("the sender"),
    "coordinator": _("the coordinator"),
    "mailbox": _("the team’s mailbox"),
}
"""Who was told, by the code of what happened."""

TOLD: dict[str, tuple[str, ...]] = {
    ReferralStage.ANSWER: ("supervisor", "sender", "coordinator"),
    ReferralStage.SERVICE: ("supervisor", "sender", "coordinator"),
    # The sender is the one who is late here, so no one notifies the sender.
    ReferralStage.WORD: ("supervisor", "coordinator"),
    ReferralStage.ENDED: (),
}
"""Whose turn it is to be told of a clock that ran out, one after the other. Who really
was told is in `Happening`: a team without members has no supervisor."""
