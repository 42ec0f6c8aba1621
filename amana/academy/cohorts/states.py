"""The states of a person's way into a course: one table, as data."""

from django.db import models
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy


class ApplicationStatus(models.TextChoices):
    """How far a person is, from a question to a completed course."""

    ENQUIRED = "enquired", pgettext_lazy("an application", "Asked")
    ANSWERED = "answered", _("Answered")
    APPLIED = "applied", _("Applied")
    WAITLISTED = "waitlisted", _("On the waiting list")
    OFFERED = "offered", _("Place offered")
    ENROLLED = "enrolled", _("Enrolled")
    COMPLETED = "completed", _("Completed")
    WITHDRAWN = "withdrawn", _("Withdrawn")
    DECLINED = "declined", _("Declined")
    LAPSED = "lapsed", _("Offer expired")

    @property
    def next(self) -> frozenset["ApplicationStatus"]:
        return NEXT[self]

    @property
    def tone(self) -> str:
        return TONE.get(self, "plain")

    @property
    def sentence(self) -> str | Promise:
        """What it means, addressed to the person."""
        return SENTENCE[self]


S = ApplicationStatus
GIVEN_UP = frozenset({S.WITHDRAWN, S.DECLINED})

NEXT: dict[ApplicationStatus, frozenset[ApplicationStatus]] = {
    S.ENQUIRED: GIVEN_UP | {S.ANSWERED, S.APPLIED},
    # A person who was answered may ask again, or apply.
    S.ANSWERED: GIVEN_UP | {S.ENQUIRED, S.APPLIED},
    S.APPLIED: GIVEN_UP | {S.WAITLISTED, S.OFFERED},
    S.WAITLISTED: GIVEN_UP | {S.OFFERED},
    S.OFFERED: GIVEN_UP | {S.ENROLLED, S.LAPSED},
    S.ENROLLED: frozenset({S.COMPLETED, S.WITHDRAWN}),
    S.COMPLETED: frozenset(),
    S.WITHDRAWN: frozenset(),
    S.DECLINED: frozenset(),
    S.LAPSED: frozenset(),
}
OPEN = frozenset(status for status, following in NEXT.items() if following)
OURS = frozenset({S.ENQUIRED, S.APPLIED})
"""The academy has to act."""
QUESTIONS = frozenset({S.ENQUIRED, S.ANSWERED})
"""A question; not yet an application for a cohort."""
SEATED = frozenset({S.OFFERED, S.ENROLLED, S.COMPLETED})
"""Has one of the cohort's places, or may still take it."""
TAKES_PART = frozenset({S.ENROLLED, S.COMPLETED})

TONE: dict[ApplicationStatus, str] = {
    S.ENQUIRED: "due",
    S.APPLIED: "due",
    S.WAITLISTED: "due",
    S.OFFERED: "info",
    S.ENROLLED: "good",
    S.COMPLETED: "good",
    S.LAPSED: "late",
}

SENTENCE: dict[ApplicationStatus, str | Promise] = {
    S.ENQUIRED: _("Your question is with the academy."),
    S.ANSWERED: _("The academy has answered your question."),
    S.APPLIED: _("Your application is with the academy."),
    S.WAITLISTED: _(
        "All places are taken. You are on the waiting list: places that "
        "become free are offered in turn."
    ),
    S.OFFERED: _("You have been offered a place. Accept or decline."),
    S.ENROLLED: _("You have a place, and the course is open to you."),
    S.COMPLETED: _("You have completed everything that the course requires."),
    S.WITHDRAWN: _("It was withdrawn."),
    S.DECLINED: _("The academy could not offer you a place."),
    S.LAPSED: _("The place was not accepted in time, so the offer has expired."),
}
