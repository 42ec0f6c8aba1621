"""Appointments of today."""

from datetime import datetime

from django.db.models import QuerySet
from django.urls import reverse

from amana.care.referrals.models import Referral, ReferralQuerySet, ReferralStatus
from amana.care.referrals.rules import answer_referral, follow_referral
from amana.home.care.referral_tasks import select_referrals
from amana.home.care.task_sharing import get_icon, list_team_ids
from amana.home.kinds import Questions, Task, compute_day
from amana.trust.access.models.organisations import ANSWERING, User
from amana.trust.access.prepared.prepared_query import prepare_query


def find_appointments_here(user: User, now: datetime) -> Questions:
    """Find people expected today by the teams for which one answers."""
    for team in list_team_ids(user, *ANSWERING):
        yield find_expected_by.of(user, team, *compute_day(now))


def find_appointments_of_mine(user: User, now: datetime) -> Questions:
    """Find where the people of one's own cases are expected today."""
    yield find_expected_elsewhere.of(user, *compute_day(now))


def select_expected(begins: datetime, ends: datetime) -> ReferralQuerySet:
    return (
        select_referrals()
        .filter(
            status=ReferralStatus.APPOINTMENT.value,
            appointment_at__gte=begins,
            appointment_at__lt=ends,
        )
        .order_by("appointment_at", "pk")
    )


@prepare_query(User, int, datetime, datetime)
def find_expected_by(
    user: User, team: int, begins: datetime, ends: datetime
) -> QuerySet[Referral]:
    return answer_referral.among(
        select_expected(begins, ends).filter(recipient=team), user
    )


@prepare_query(User, datetime, datetime)
def find_expected_elsewhere(
    user: User, begins: datetime, ends: datetime
) -> QuerySet[Referral]:
    return follow_referral.among(select_expected(begins, ends), user)


def build_appointment_here(referral: Referral) -> Task:
    return Task(
        referral.appointment_at,
        str(referral.needed),
        f"{referral.service.called} · {referral.sender.name}",
        reverse("referrals:referral", args=[referral.pk]),
        referral.urgency,
        icon=get_icon(referral.need.group),
    )


def build_appointment_of_mine(referral: Referral) -> Task:
    return Task(
        referral.appointment_at,
        str(referral.needed),
        referral.service.called,
        reverse("referrals:referral", args=[referral.pk]),
        referral.urgency,
        referral.case_id,
        referral.case.reference,
        icon=get_icon(referral.need.group),
    )
