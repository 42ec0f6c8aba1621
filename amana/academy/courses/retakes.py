"""When a test can be taken again: a day after the last time, three times, and then when
a person who was asked has opened it.

Without a limit, a person who tries long enough passes, and has seen the whole bank of
questions. After a pass the count begins again: certificates are renewed by the same
tests.
"""

from dataclasses import dataclass
from datetime import datetime, timedelta

from django.db.models import QuerySet
from django.utils import timezone
from django.utils.formats import date_format
from django.utils.timezone import localtime
from django.utils.translation import gettext as _

from amana.academy.courses.content import load_content
from amana.academy.courses.engine import marking
from amana.academy.courses.models import (
    Attempt,
    AttemptRequest,
    AttemptRequestQuerySet,
    Enrolment,
    LearningVerb,
)
from amana.errors import Refused

BETWEEN = timedelta(days=1)
"""Between handing in a test and beginning it again."""
AFTER_A_PASS = timedelta(days=30)
"""The same after a pass, which stays valid: who knows the answers could else copy the
bank, twenty questions a day. A certificate is renewed after two years."""
IN_A_ROW = 3
"""Attempts without a pass, until a person is asked."""


@dataclass(frozen=True)
class Retakes:
    """What a person can do about the test of a module now."""

    opens_at: datetime | None
    """When it can be begun again; None: now, as far as the day between goes."""
    left: int
    """Attempts before a person has to be asked."""
    asked: AttemptRequest | None
    """The request that waits for an answer."""

    @property
    def is_used_up(self) -> bool:
        return self.left == 0

    @property
    def is_open(self) -> bool:
        return self.opens_at is None and not self.is_used_up


def load_retakes(enrolment: Enrolment, module: str) -> Retakes:
    """Load it of the person, in whatever version of the course they took the test."""
    submitted = list_submitted(enrolment, module)
    opens_at = compute_opening(submitted[0]) if submitted else None
    requests = find_requests(enrolment, module)
    return Retakes(
        opens_at=opens_at if opens_at and opens_at > timezone.now() else None,
        left=max(IN_A_ROW - count_in_a_row(submitted, requests), 0),
        asked=requests.waiting().first(),
    )


def compute_opening(last: Attempt) -> datetime:
    """Compute when a test that was submitted can be begun again."""
    assert last.submitted_at is not None
    return last.submitted_at + (AFTER_A_PASS if is_passed(last) else BETWEEN)


def is_overtaken(attempt: Attempt) -> bool:
    """Check whether another test of the module was submitted since this one was begun:
    one that stays open in an older version would be an attempt in reserve."""
    submitted = list_submitted(attempt.enrolment, attempt.module)
    return any(
        other.submitted_at is not None and other.submitted_at > attempt.begun_at
        for other in submitted
        if other.pk != attempt.pk
    )


def list_submitted(enrolment: Enrolment, module: str) -> list[Attempt]:
    """List a person’s submitted attempts at the test of a module, the latest first."""
    # Of the person and not of the enrolment: who begins a newer version of the course
    # would have three more attempts each time.
    found = Attempt.objects.filter(
        enrolment__person=enrolment.person_id,
        enrolment__version__course=enrolment.version.course_id,
        module=module,
        submitted_at__isnull=False,
    )
    found = found.select_related("enrolment__version__course")
    return list(found.defer("enrolment__version__compiled").order_by("-submitted_at"))


def find_requests(enrolment: Enrolment, module: str) -> AttemptRequestQuerySet:
    return AttemptRequest.objects.filter(
        enrolment__person=enrolment.person_id,
        enrolment__version__course=enrolment.version.course_id,
        module=module,
    )


def count_in_a_row(submitted: list[Attempt], requests: QuerySet[AttemptRequest]) -> int:
    """Count the attempts since the last pass, and since further ones were opened."""
    opened = requests.exclude(answered_at=None).order_by("-answered_at").first()
    # Those before it were what the talk was about: they don’t count twice.
    since = opened.answered_at if opened else None
    count = 0
    for attempt in submitted:
        assert attempt.submitted_at is not None
        if (since and attempt.submitted_at < since) or is_passed(attempt):
            break
        count += 1
    return count


def is_passed(attempt: Attempt) -> bool:
    module = load_content(attempt.enrolment.version).module(attempt.module)
    event = attempt.events.filter(verb=LearningVerb.SUBMITTED).first()
    if module is None or event is None:
        return False
    answers = event.result["answers"]
    return marking.mark_test(module, str(attempt.seed), answers).passed


def require_open(enrolment: Enrolment, module: str) -> None:
    """Raise `Refused` where the test can’t be begun now: with when, or whom to ask."""
    found = load_retakes(enrolment, module)
    if found.is_used_up:
        raise Refused(
            _(
                "You have taken this test %(times)s times. Ask for further attempts on "
                "the page of the test."
            )
            % {"times": IN_A_ROW}
        )
    if found.opens_at:
        when = date_format(localtime(found.opens_at), "DATETIME_FORMAT")
        raise Refused(_("You can take this test again from %(when)s.") % {"when": when})
