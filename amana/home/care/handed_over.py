"""What others hand over, and what waits for a second person."""

from datetime import datetime

from django.db.models import Exists, OuterRef, QuerySet
from django.urls import reverse
from django.utils.translation import gettext as _

from amana.care.cases.models.case_record import Case, Urgency
from amana.care.cases.models.files import Closure, Transfer
from amana.care.cases.rules import answer_transfer, supervise_case
from amana.care.emergency_access.models import EmergencyAccess
from amana.care.emergency_access.rules import review_emergency_access
from amana.care.meetings.models import Meeting
from amana.care.meetings.rules import take_meeting
from amana.care.screening.models import Screening
from amana.care.screening.rules import keep_screening, receive_screening
from amana.home.kinds import Task
from amana.trust.access.models.organisations import User
from amana.trust.access.prepared.prepared_query import prepare_query
from amana.trust.exports.models import Export
from amana.trust.exports.rules import approve_export, take_export


@prepare_query(User)
def find_transfers_offered(user: User) -> QuerySet[Transfer]:
    offered = answer_transfer.among(Transfer.objects.waiting(), user)
    shown = offered.select_related("origin").only("due_at", "origin__name")
    return shown.order_by("due_at", "pk")


def build_transfer_task(transfer: Transfer) -> Task:
    url = reverse("cases:transfer", args=[transfer.pk])
    title = _("Accept or decline a case transfer")
    return Task(transfer.due_at, title, transfer.origin.name, url)


@prepare_query(User)
def find_screenings_received(user: User) -> QuerySet[Screening]:
    handed = receive_screening.among(Screening.objects.handed(), user)
    shown = handed.select_related("origin").only("due_at", "origin__name")
    return shown.order_by("due_at", "pk")


def build_screening_task(screening: Screening) -> Task:
    url = reverse("screening:result", args=[screening.pk])
    about = screening.origin.name if screening.origin else ""
    return Task(screening.due_at, _("Continue a screening you received"), about, url)


@prepare_query(User)
def find_meetings_waiting(user: User) -> QuerySet[Meeting]:
    """Find what a device sent while no one of the team had unlocked."""
    mine = take_meeting.among(Meeting.objects.waiting(), user)
    shown = mine.select_related("team").only("received_at", "team__name")
    return shown.order_by("received_at", "pk")


def build_meeting_task(meeting: Meeting) -> Task:
    title = _("Open a meeting sent from a device")
    url = reverse("meetings:waiting")
    return Task(meeting.received_at, title, meeting.team.name, url)


@prepare_query(User)
def find_screenings_kept(user: User) -> QuerySet[Screening]:
    mine = keep_screening.among(Screening.objects.here(), user)
    shown = mine.select_related("team").only("due_at", "team__name")
    return shown.order_by("due_at", "pk")


def build_screening_kept_task(screening: Screening) -> Task:
    url = reverse("screening:result", args=[screening.pk])
    title = _("Decide who continues a screening")
    return Task(screening.due_at, title, screening.team.name, url)


@prepare_query(User)
def find_closures_proposed(user: User) -> QuerySet[Closure]:
    """Find closures that a supervisor has to review."""
    # From the few closures that wait to their cases: a team has thousands of these.
    case = Case.objects.filter(pk=OuterRef("case"))
    led = Closure.objects.waiting().filter(Exists(supervise_case.among(case, user)))
    shown = led.select_related("case").only("proposed_at", "case__reference")
    return shown.order_by("proposed_at", "pk")


def build_closure_task(closure: Closure) -> Task:
    return Task(
        closure.proposed_at,
        _("Review a case closure"),
        "",
        reverse("cases:case", args=[closure.case_id]),
        case=closure.case_id,
        reference=closure.case.reference,
        since=True,
    )


@prepare_query(User)
def find_accesses_to_review(user: User) -> QuerySet[EmergencyAccess]:
    waiting = EmergencyAccess.objects.to_review().select_related("case")
    shown = waiting.only("opened_at", "case__reference", "case__restricted")
    return review_emergency_access.among(shown, user).order_by("opened_at", "pk")


def build_access_review_task(access: EmergencyAccess) -> Task:
    return Task(
        access.review_by,
        _("Review an emergency access"),
        "",
        reverse("emergency_access:access", args=[access.pk]),
        Urgency.U1,
        # A restricted case is known to named people only, and who reviews need not be
        # one.
        reference="" if access.case.restricted else access.case.reference,
    )


@prepare_query(User, datetime)
def find_exports_to_decide(user: User, now: datetime) -> QuerySet[Export]:
    waiting = Export.objects.waiting(now).only("asked_at")
    return approve_export.among(waiting, user).order_by("asked_at", "pk")


def build_export_decision_task(export: Export) -> Task:
    return Task(
        export.decide_by,
        _("Decide on an export"),
        "",
        reverse("exports:export", args=[export.pk]),
        Urgency.U2,
    )


@prepare_query(User, datetime)
def find_exports_to_take(user: User, now: datetime) -> QuerySet[Export]:
    """Find exports that a second person has allowed: the asker has a day for it."""
    allowed = Export.objects.filter(decided_by__isnull=False, open_until__gt=now)
    shown = take_export.among(allowed, user).only("open_until")
    return shown.order_by("open_until", "pk")


def build_download_task(export: Export) -> Task:
    return Task(
        export.open_until,
        _("Download your export"),
        "",
        reverse("exports:export", args=[export.pk]),
        Urgency.U2,
    )
