"""How many places the agencies of an exercise have left."""

from collections.abc import Iterable

from django.db.models import QuerySet

from amana.academy.exercises.accounts import CONTROL
from amana.care.referrals.models import Referral, ReferralStage, ReferralStatus
from amana.care.requests.models import Enquiry
from amana.care.requests.states import EnquiryAnswer
from amana.design.directory.models import Service
from amana.sandbox import playing, world
from amana.sandbox.agency_accounts import get_user, list_organisations
from amana.sandbox.stage import Stage


def keep_places(stage: Stage, agencies: Iterable[str]) -> None:
    """Have each service of these agencies offer what its agency has left: a scenario
    counts the places of an agency as one number, and not of each service."""
    for code in agencies:
        left = count_places(code, stage)
        if left is None:
            continue
        for service in list_services(code).exclude(places_free=left):
            world.set_places(service, left, by=get_user(CONTROL))


def count_places(code: str, stage: Stage) -> int | None:
    """Count how many places an agency has left: as many as the scenario gave it last,
    less those that were taken since. None: it has none that could run out."""
    scenario = playing.load_scenario()
    given, since = scenario.agencies[code].places, scenario.start
    for inject in scenario.injects.values():
        at = stage.played.get(inject.code)
        if code in inject.places and at is not None and at >= since:
            given, since = inject.places[code], at
    if given is None:
        return None
    taken = Referral.objects.filter(
        recipient__organisation__in=list_organisations(code),
        stage=ReferralStage.SERVICE,
        answered_at__gte=since,
    ).exclude(status=ReferralStatus.WAITLISTED)
    promised = Enquiry.objects.filter(
        recipient__organisation__in=list_organisations(code),
        status=EnquiryAnswer.ACCEPTED,
        answered_at__gte=since,
        referral=None,
    )
    return max(0, given - taken.count() - promised.count())


def list_services(code: str) -> QuerySet[Service]:
    return Service.objects.filter(
        team__organisation__in=list_organisations(code)
    ).order_by("pk")
