"""The statuses of a request for help, and of the question to each team: two tables.

A request is asked of one team after the other, or of several at once. The first to
accept gets it; all others learn only that the question is closed."""

from django.db import models
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy


class HelpRequestStatus(models.TextChoices):
    """The status of a request for help."""

    OPEN = "open", pgettext_lazy("a request for help", "Waiting for an answer")
    ACCEPTED = "accepted", _("Accepted")
    UNANSWERED = "unanswered", _("No team accepted")
    RECALLED = "recalled", _("Recalled by the sender")
    ENDED = "ended", _("Consent ended")
    DONE = "done", _("Done")

    @property
    def next(self) -> frozenset["HelpRequestStatus"]:
        return NEXT[self]


class EnquiryAnswer(models.TextChoices):
    """The status of the question to one team."""

    WAITING = "waiting", _("Next in line")
    ASKED = "asked", _("Being asked")
    ACCEPTED = "accepted", _("Accepted")
    DECLINED = "declined", _("Declined")
    LAPSED = "lapsed", _("Did not answer in time")
    SKIPPED = "skipped", _("Left out")
    CLOSED = "closed", _("Closed")

    @property
    def next(self) -> frozenset["EnquiryAnswer"]:
        return NEXT_ANSWER[self]


S, A = HelpRequestStatus, EnquiryAnswer

NEXT: dict[HelpRequestStatus, frozenset[HelpRequestStatus]] = {
    S.OPEN: frozenset({S.ACCEPTED, S.UNANSWERED, S.RECALLED, S.ENDED}),
    # The place can be lost again: then it is asked of the next team.
    S.ACCEPTED: frozenset({S.OPEN, S.UNANSWERED, S.RECALLED, S.ENDED, S.DONE}),
    S.UNANSWERED: frozenset(),
    S.RECALLED: frozenset(),
    S.ENDED: frozenset(),
    S.DONE: frozenset(),
}
NEXT_ANSWER: dict[EnquiryAnswer, frozenset[EnquiryAnswer]] = {
    A.WAITING: frozenset({A.ASKED, A.SKIPPED, A.CLOSED}),
    A.ASKED: frozenset({A.ACCEPTED, A.DECLINED, A.LAPSED, A.CLOSED}),
    A.ACCEPTED: frozenset({A.DECLINED, A.CLOSED}),
    A.DECLINED: frozenset(),
    A.LAPSED: frozenset(),
    A.SKIPPED: frozenset(),
    A.CLOSED: frozenset(),
}
RUNNING = frozenset({S.OPEN, S.ACCEPTED})
TONE: dict[str, str] = {
    S.OPEN: "due",
    S.ACCEPTED: "good",
    S.UNANSWERED: "late",
    S.DONE: "good",
    A.ASKED: "due",
    A.DECLINED: "late",
    A.LAPSED: "late",
}


class AskingOrder(models.TextChoices):
    """How the teams of a request are asked."""

    IN_TURN = "in_turn", _("One after the other, in this order")
    AT_ONCE = "at_once", _("All at once: the first to accept takes it")


class SkipReason(models.TextChoices):
    """Why a team of the list was not asked when its turn came."""

    CLOSED = "closed", _("This service is not taking new people")
    LEFT = "left", _("This organisation is no longer part of the mechanism")
    CONSENT = "consent", _("Consent to share with them has ended")
    OWN = "own", _("The case is now with this team")
