"""Who waits for whom: each answer that the engine expects of a team by a time, for the
board of those who lead the exercise.

What an answer is: to a referral, a request for help, a screening or a case that was
handed over, a question whether someone is known; a second person’s word on what was
shared without consent or opened in an emergency; and a step of a case’s pathway that
another team has to do. What was accepted and is not reported on yet waits for none."""

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import datetime
from operator import attrgetter

from django.utils import timezone
from django.utils.translation import gettext as _

from amana.care.cases.models import Case, Transfer
from amana.care.consent.models import VitalInterest
from amana.care.emergency_access.models import EmergencyAccess
from amana.care.known_elsewhere.models import IdentityEnquiry
from amana.care.pathways import labels as pathways
from amana.care.pathways.models import OpenTask
from amana.care.referrals.models import Referral
from amana.care.requests.models import Enquiry
from amana.care.screening.models import Screening
from amana.trust.access.models import Team

MOST = 50
"""So many are shown, those due first; and so many of each kind are looked for."""


@dataclass(frozen=True)
class AwaitedAnswer:
    """Who waits for whom, for what, since when and until when."""

    sender: str
    recipient: str
    what: str
    since: datetime
    until: datetime
    case: str = ""
    """Its reference, where it is about one."""

    @property
    def is_late(self) -> bool:
        return self.until <= timezone.now()


def list_awaited() -> list[AwaitedAnswer]:
    """List what waits for an answer, what is due first before all else."""
    found = [answer for iterate in KINDS for answer in iterate()]
    return sorted(found, key=attrgetter("until"))[:MOST]


def name_team(team: Team) -> str:
    """Name a team by its organisation: in an exercise each has one, and all of them
    are called alike."""
    return team.organisation.name


def get_reference(case: Case | None) -> str:
    return case.reference if case else ""


# -- between two teams


def iterate_referrals() -> Iterator[AwaitedAnswer]:
    beside = ("sender__organisation", "recipient__organisation", "service", "case")
    sent = Referral.objects.to_answer().select_related(*beside)
    for referral in sent.order_by("due_at", "pk")[:MOST]:
        yield AwaitedAnswer(
            name_team(referral.sender),
            name_team(referral.recipient),
            _("Referral"),
            referral.counted_from,
            # Not `due_at`, by which it only has to be acknowledged.
            referral.reply_by,
            referral.case.reference,
        )


def iterate_enquiries() -> Iterator[AwaitedAnswer]:
    beside = ("request__sender__organisation", "recipient__organisation")
    asked = Enquiry.objects.asked().select_related(*beside, "request__case")
    for enquiry in asked.order_by("due_at", "pk")[:MOST]:
        assert enquiry.asked_at  # the database enforces both
        assert enquiry.due_at
        yield AwaitedAnswer(
            name_team(enquiry.request.sender),
            name_team(enquiry.recipient),
            _("Request for help"),
            enquiry.asked_at,
            enquiry.due_at,
            get_reference(enquiry.request.case),
        )


def iterate_screenings() -> Iterator[AwaitedAnswer]:
    beside = ("origin__organisation", "team__organisation")
    handed = Screening.objects.handed().select_related(*beside)
    for screening in handed.order_by("due_at", "pk")[:MOST]:
        assert screening.origin  # the database enforces both
        assert screening.handed_at
        yield AwaitedAnswer(
            name_team(screening.origin),
            name_team(screening.team),
            _("Screening that was handed over"),
            screening.handed_at,
            screening.due_at,
        )


def iterate_transfers() -> Iterator[AwaitedAnswer]:
    beside = ("origin__organisation", "to__organisation", "case")
    offered = Transfer.objects.waiting().select_related(*beside)
    for transfer in offered.order_by("due_at", "pk")[:MOST]:
        yield AwaitedAnswer(
            name_team(transfer.origin),
            name_team(transfer.to),
            _("Case transfer"),
            transfer.offered_at,
            transfer.due_at,
            transfer.case.reference,
        )


def iterate_questions() -> Iterator[AwaitedAnswer]:
    # Whether it was answered is sealed; that someone there has looked is not.
    unread = IdentityEnquiry.objects.open().filter(looked_at=None)
    beside = ("case__team__organisation", "asked__organisation")
    for question in unread.select_related(*beside).order_by("expires_at", "pk")[:MOST]:
        yield AwaitedAnswer(
            name_team(question.case.team),
            name_team(question.asked),
            _("Question whether they know the person"),
            question.asked_at,
            question.expires_at,
            question.case.reference,
        )


def iterate_steps() -> Iterator[AwaitedAnswer]:
    # Of one’s own case no one waits for another.
    theirs = OpenTask.objects.filter(own=False, due_at__isnull=False)
    beside = ("course__version", "case__team__organisation", "team__organisation")
    for step in theirs.select_related(*beside).order_by("due_at", "pk")[:MOST]:
        assert step.due_at
        yield AwaitedAnswer(
            name_team(step.case.team),
            name_team(step.team),
            pathways.format_step_of_course(step.course, step.key),
            step.since,
            step.due_at,
            step.case.reference,
        )


# -- between a person and a second one


def iterate_vital_interests() -> Iterator[AwaitedAnswer]:
    undecided = VitalInterest.objects.undecided()
    beside = ("recorded_by", "case__team__organisation")
    for shared in undecided.select_related(*beside).order_by("confirm_by", "pk")[:MOST]:
        yield AwaitedAnswer(
            shared.recorded_by.name,
            name_team(shared.case.team),
            _("Sent without consent: a second person must confirm"),
            shared.recorded_at,
            shared.confirm_by,
            shared.case.reference,
        )


def iterate_emergency_accesses() -> Iterator[AwaitedAnswer]:
    unreviewed = EmergencyAccess.objects.to_review()
    beside = ("worker", "team__organisation", "case")
    for access in unreviewed.select_related(*beside).order_by("opened_at", "pk")[:MOST]:
        yield AwaitedAnswer(
            access.worker.name,
            name_team(access.team),
            _("Review an emergency access"),
            access.opened_at,
            access.review_by,
            access.case.reference,
        )


KINDS: tuple[Callable[[], Iterator[AwaitedAnswer]], ...] = (
    *(iterate_referrals, iterate_enquiries, iterate_screenings, iterate_transfers),
    *(iterate_questions, iterate_steps, iterate_vital_interests),
    iterate_emergency_accesses,
)
