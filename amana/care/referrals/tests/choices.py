"""Read what a case's page offers to choose from, and let a count grow old."""

from datetime import timedelta
from typing import Any

from django.test import Client
from django.urls import reverse
from django.utils import timezone

from amana import given
from amana.care.cases import actions as cases
from amana.care.cases.models import Case, Need
from amana.care.referrals import choosing
from amana.care.referrals.choosing import ServiceChoice, ServiceSearch
from amana.care.referrals.models import Referral
from amana.design.directory.matching.clock import WEEK
from amana.design.directory.models import Service
from amana.design.directory.models.changes import record_change
from amana.trust.access.models import User
from amana.trust.vault.compartments import Compartment

ALWAYS = [[0, WEEK]]


def choice(need: Need, by: User, **more: Any) -> ServiceChoice:
    return choosing.build_choice(
        need, ServiceSearch(shown=choosing.MOST), by=by, **more
    )


def grown_old(service: Service, days: int = 60) -> Service:
    said = timezone.now() - timedelta(days=days)
    Service.objects.filter(pk=service.pk).update(places_said_at=said)
    record_change(service)
    service.refresh_from_db()
    return service


def page_of(browser: Client, need: Need) -> str:
    return browser.get(reverse("referrals:choose", args=[need.pk])).content.decode()


def write(case: Case, fields: dict[str, Any], *, by: User) -> None:
    cases.add_details(case, Compartment.NEEDS, fields, by=by)


def sent(need: Need, to: Service, *, by: User) -> Referral:
    """With who comes along told to the recipient."""
    fields = ["identity.age", "needs.companions"]
    consent = given.make_consent(need.case, to=to.team, by=by, fields=fields)
    return given.make_referral(need=need, to=to, by=by, consent=consent)
