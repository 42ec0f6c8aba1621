"""Beds, colleagues and organisations to confirm; what one waits for."""

from datetime import datetime

from django.db.models import Q, QuerySet
from django.urls import reverse
from django.utils.translation import gettext as _

from amana import names
from amana.care.referrals.models import Referral
from amana.care.referrals.rules import follow_referral
from amana.care.screening.models import Screening
from amana.care.screening.rules import follow_screening
from amana.design.directory.models import Service
from amana.design.directory.models.places import STALE_AFTER
from amana.home.care.referral_tasks import build_sender_task, select_referrals
from amana.home.care.task_sharing import PLACES
from amana.home.kinds import Questions, Task
from amana.trust.access.models.organisations import (
    ADMINISTRATORS,
    KEYHOLDERS,
    Membership,
    Organisation,
    User,
)
from amana.trust.access.prepared.prepared_query import DynamicQuery, prepare_query
from amana.trust.access.rules import admit_organisation, find_team_ids
from amana.trust.vault.rules import confirm_in_team, confirm_membership


@prepare_query(User, datetime)
def find_places_to_confirm(user: User, now: datetime) -> QuerySet[Service]:
    """Find one's own services whose free places were last counted too long ago."""
    ours = Service.objects.to_count(now).filter(team__in=find_team_ids(user, *PLACES))
    return ours.only(*names.COLUMNS, "places_said_at", "created_at").order_by(
        "places_said_at", "pk"
    )


def build_places_task(service: Service) -> Task:
    counted_at = service.places_said_at or service.created_at
    return Task(
        counted_at + STALE_AFTER,
        _("Confirm how many places are free"),
        service.called,
        reverse("directory:places"),
    )


def find_colleagues_to_admit(user: User, now: datetime) -> Questions:
    """Find colleagues of one's own teams; and elsewhere, for those who administer."""
    yield find_colleagues_here.of(user)
    if user.roles & ADMINISTRATORS:
        # The first question has those already: no one is listed twice.
        here = Q(team__in=find_team_ids(user, *KEYHOLDERS))
        yield DynamicQuery(
            confirm_membership.among(select_waiting_colleagues().exclude(here), user)
        )


def select_waiting_colleagues() -> QuerySet[Membership]:
    waiting = Membership.objects.waiting().select_related("team")
    return waiting.only("proposed_at", "team__name").order_by("proposed_at", "pk")


@prepare_query(User)
def find_colleagues_here(user: User) -> QuerySet[Membership]:
    return confirm_in_team.among(select_waiting_colleagues(), user)


def build_colleague_task(membership: Membership) -> Task:
    title, url = _("Confirm a new colleague"), reverse("vault:admissions")
    return Task(membership.proposed_at, title, membership.team.name, url, since=True)


def find_organisations_to_admit(user: User, now: datetime) -> Questions:
    waiting = admit_organisation.among(Organisation.objects.only("name"), user)
    yield DynamicQuery(waiting.order_by("pk"))


def build_organisation_task(organisation: Organisation) -> Task:
    url = reverse("access:organisation", args=[organisation.pk])
    return Task(None, _("Confirm a new organisation"), organisation.name, url)


@prepare_query(User)
def find_referrals_waiting(user: User) -> QuerySet[Referral]:
    sent = follow_referral.among(select_referrals().waiting(), user)
    return sent.order_by("due_at", "pk")


def build_referral_waiting_task(referral: Referral) -> Task:
    return build_sender_task(referral, f"{referral.needed}: {referral.turn}")


@prepare_query(User)
def find_screenings_handed(user: User) -> QuerySet[Screening]:
    handed = follow_screening.among(Screening.objects.handed(), user)
    shown = handed.select_related("team").only("due_at", "team__name")
    return shown.order_by("due_at", "pk")


def build_screening_handed_task(screening: Screening) -> Task:
    url = reverse("screening:result", args=[screening.pk])
    title = _("A screening you handed over")
    return Task(screening.due_at, title, screening.team.name, url)
