"""Consents that end, copies to destroy, vital interests."""

from datetime import datetime

from django.db.models import Q, QuerySet
from django.urls import reverse
from django.utils.translation import gettext as _

from amana.care.cases.models.case_record import Urgency
from amana.care.consent.models import Consent, Destruction, VitalInterest
from amana.care.consent.rules import (
    confirm_vital_interest,
    destroy_copies,
    write_for_outsiders,
)
from amana.home.care.own_cases import find_my_cases
from amana.home.kinds import Task
from amana.trust.access.models.organisations import User
from amana.trust.access.prepared.prepared_query import prepare_query


@prepare_query(User, datetime)
def find_consents_ending(user: User, now: datetime) -> QuerySet[Consent]:
    mine = Q(case__in=find_my_cases(user))
    ending = Consent.objects.ending_soon(now).filter(mine).select_related("case")
    return ending.only("expires_at", "case__reference").order_by("expires_at", "pk")


def build_consent_task(consent: Consent) -> Task:
    return Task(
        consent.expires_at,
        _("Consent expires soon: ask again if it is still needed"),
        "",
        reverse("consent:consent", args=[consent.pk]),
        Urgency.U3,
        consent.case_id,
        consent.case.reference,
    )


OF_VITAL_INTEREST = ("recorded_at", "confirm_by", "case__reference")


@prepare_query(User)
def find_interests_to_confirm(user: User) -> QuerySet[VitalInterest]:
    undecided = VitalInterest.objects.undecided().select_related("case")
    ours = confirm_vital_interest.among(undecided, user)
    return ours.only(*OF_VITAL_INTEREST).order_by("confirm_by", "pk")


def build_confirmation_task(interest: VitalInterest) -> Task:
    return Task(
        interest.confirm_by,
        _("Sent without consent: confirm or withdraw it"),
        "",
        reverse("consent:vital", args=[interest.pk]),
        Urgency.U0,
        interest.case_id,
        interest.case.reference,
    )


@prepare_query(User)
def find_interests_to_tell(user: User) -> QuerySet[VitalInterest]:
    untold = VitalInterest.objects.untold().filter(case__in=find_my_cases(user))
    shown = untold.select_related("case").only(*OF_VITAL_INTEREST)
    return shown.order_by("recorded_at", "pk")


def build_inform_task(interest: VitalInterest) -> Task:
    return Task(
        interest.recorded_at,
        _("Sent without consent: inform the person as soon as possible"),
        "",
        reverse("consent:vital", args=[interest.pk]),
        Urgency.U1,
        interest.case_id,
        interest.case.reference,
        since=True,
    )


def select_destructions() -> QuerySet[Destruction]:
    beside = ("consent__case", "vital_interest__case")
    told = Destruction.objects.waiting().select_related(*beside)
    references = [f"{case}__reference" for case in beside]
    return told.only("told_at", *references).order_by("told_at", "pk")


@prepare_query(User)
def find_copies_to_destroy(user: User) -> QuerySet[Destruction]:
    return destroy_copies.among(select_destructions(), user)


def build_destruction_task(destruction: Destruction) -> Task:
    return Task(
        destruction.told_at,
        _("Destroy your copies and confirm it"),
        "",
        reverse("consent:destroy", args=[destruction.pk]),
        Urgency.U1,
        reference=destruction.basis.case.reference,
        since=True,
    )


@prepare_query(User)
def find_outsiders_to_ask(user: User) -> QuerySet[Destruction]:
    """Find recipients without Amana, whose copies are to be destroyed all the same."""
    return write_for_outsiders.among(select_destructions(), user)


def build_outsider_task(destruction: Destruction) -> Task:
    case = destruction.basis.case
    return Task(
        destruction.told_at,
        _("Call the recipient: are the copies destroyed?"),
        "",
        reverse("consent:destroy", args=[destruction.pk]),
        Urgency.U1,
        case.pk,
        case.reference,
        since=True,
    )
