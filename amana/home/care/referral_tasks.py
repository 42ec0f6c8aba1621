"""Referrals and requests for help that wait for an answer or a reply."""

from datetime import date, datetime

from django.db.models import QuerySet
from django.urls import reverse
from django.utils.translation import gettext as _

from amana.care.referrals import calendars
from amana.care.referrals.models import Referral, ReferralQuerySet
from amana.care.referrals.rules import (
    answer_referral,
    filter_covered_referrals,
    follow_referral,
    watch_referral,
)
from amana.care.referrals.states import ReferralStage
from amana.care.requests.models import Enquiry, HelpRequest
from amana.care.requests.rules import follow_request, see_enquiry
from amana.home.care.task_sharing import SERVICE_NAMES, get_icon, list_team_ids
from amana.home.kinds import Questions, Task
from amana.trust.access.models.organisations import ANSWERING, User
from amana.trust.access.prepared.prepared_query import prepare_query


def select_referrals() -> ReferralQuerySet:
    """Select referrals with only what a row shows: a service alone has sixty
    columns."""
    beside = ("service", "case", "need", "sender", "recipient")
    return Referral.objects.select_related(*beside).only(
        "due_at",
        "ended_at",
        "status",
        "stage",
        "urgency",
        "appointment_at",
        "decline_reason",
        "outcome",
        "unasked_reason",
        *SERVICE_NAMES,
        "need__group",
        "need__due_at",
        "case__reference",
        "sender__name",
        "recipient__name",
    )


def find_referrals_received(user: User, now: datetime) -> Questions:
    """Find referrals by team and stage, as the index has them: of thousands nothing is
    sorted.
    """
    for team in list_team_ids(user, *ANSWERING):
        yield find_referrals_to_answer.of(user, team)
        yield find_referrals_in_progress.of(user, team)


@prepare_query(User, int)
def find_referrals_to_answer(user: User, team: int) -> QuerySet[Referral]:
    return answer_referral.among(select_received_by(team).to_answer(), user)


@prepare_query(User, int)
def find_referrals_in_progress(user: User, team: int) -> QuerySet[Referral]:
    return answer_referral.among(select_received_by(team).in_progress(), user)


def select_received_by(team: int) -> ReferralQuerySet:
    return select_referrals().filter(recipient=team).order_by("due_at", "pk")


def build_received_task(referral: Referral) -> Task:
    if referral.stage == ReferralStage.ANSWER:
        title = _("Answer a referral: %(need)s") % {"need": referral.needed}
    else:
        title = f"{referral.turn_for('recipient')}: {referral.needed}"
    return Task(
        referral.due_at,
        title,
        f"{referral.service.called} · {referral.sender.name}",
        reverse("referrals:referral", args=[referral.pk]),
        referral.urgency,
        icon=get_icon(referral.need.group),
    )


@prepare_query(User)
def find_people_to_ask(user: User) -> QuerySet[Referral]:
    """Find those who have not been asked yet, although the service has reported how it
    ended.
    """
    ended = follow_referral.among(select_referrals().to_confirm(), user)
    return ended.order_by("due_at", "pk")


def build_person_task(referral: Referral) -> Task:
    title = _("Ask the person whether it helped: %(need)s")
    return build_sender_task(referral, title % {"need": referral.needed})


def find_asked_for_colleague(user: User, now: datetime) -> Questions:
    """Find the same for a colleague who is away, for whom one acts."""
    yield find_asked_as_stand_in.of(user, calendars.get_today())


@prepare_query(User, date)
def find_asked_as_stand_in(user: User, day: date) -> QuerySet[Referral]:
    ended = select_referrals().to_confirm().filter(filter_covered_referrals(user, day))
    return ended.order_by("due_at", "pk")


def build_stand_in_task(referral: Referral) -> Task:
    title = _("For a colleague who is away: ask the person whether it helped")
    return build_sender_task(referral, title)


def build_sender_task(referral: Referral, title: str) -> Task:
    return Task(
        referral.due_at,
        title,
        "",
        reverse("referrals:referral", args=[referral.pk]),
        referral.urgency,
        referral.case_id,
        referral.case.reference,
        icon=get_icon(referral.need.group),
    )


@prepare_query(User, datetime)
def find_referrals_late(user: User, now: datetime) -> QuerySet[Referral]:
    late = watch_referral.among(select_referrals().overdue(now), user)
    return late.order_by("due_at", "pk")


def build_late_task(referral: Referral) -> Task:
    return Task(
        referral.due_at,
        referral.turn,
        referral.service.called,
        reverse("referrals:late"),
        referral.urgency,
    )


@prepare_query(User)
def find_requests_received(user: User) -> QuerySet[Enquiry]:
    """Find requests for help that one of the user's teams has to answer."""
    asked = see_enquiry.among(Enquiry.objects.asked(), user)
    shown = asked.select_related("request", "service").only(
        "due_at",
        "request__group",
        "request__type",
        "request__urgency",
        *SERVICE_NAMES,
    )
    return shown.order_by("due_at", "pk")


def build_request_task(enquiry: Enquiry) -> Task:
    need = {"need": enquiry.request.needed}
    return Task(
        enquiry.due_at,
        _("Answer a request for help: %(need)s") % need,
        enquiry.service.called,
        reverse("requests:enquiry", args=[enquiry.pk]),
        enquiry.request.urgency,
        icon=get_icon(enquiry.request.group),
    )


@prepare_query(User)
def find_requests_waiting(user: User) -> QuerySet[HelpRequest]:
    """Find requests for help that the user follows, and that a team is asked."""
    waiting = follow_request.among(HelpRequest.objects.filter(status="open"), user)
    return waiting.only("due_at", "group", "type", "urgency").order_by("due_at", "pk")


def build_request_waiting_task(request: HelpRequest) -> Task:
    need = {"need": request.needed}
    return Task(
        request.due_at,
        _("Waiting for a reply to a request for help: %(need)s") % need,
        "",
        reverse("requests:request", args=[request.pk]),
        request.urgency,
        icon=get_icon(request.group),
    )
