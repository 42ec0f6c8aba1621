"""The free places of the demo are counted as of now, by the teams themselves."""

from collections.abc import Mapping
from datetime import timedelta

from django.db.models import Q
from django.utils import timezone

from amana.demo.country import read_file
from amana.design.directory import actions as directory
from amana.design.directory.models import Service
from amana.trust.access.models import KEYHOLDERS, Membership

COUNTED_LATELY = timedelta(hours=6)


def count_places(*, as_in_the_files: bool = False) -> int:
    """Count the free places of each team's services, and return how many services were
    counted.

    Built from nothing, the numbers are those of the files; in a demo that was kept,
    those that it has.
    """
    said = {
        service["name"]: service for service in read_file("services.toml")["service"]
    }
    before = timezone.now() - COUNTED_LATELY
    old = Q(places_said_at=None) | Q(places_said_at__lt=before)
    services = Service.objects.active().counting_places()
    counted = 0
    for service in services.filter(old).order_by("pk"):
        described: Mapping[str, object] = said.get(service.name, {})
        # One service is left as it was, because counts grow old in real life, too.
        if described.get("recounted", True) and count_service(
            service, described if as_in_the_files else {}
        ):
            counted += 1
    return counted


def count_service(service: Service, described: Mapping[str, object]) -> bool:
    """Report the number as a member of the team, if it has any."""
    team = Membership.objects.holding(KEYHOLDERS).filter(team=service.team_id)
    member = team.select_related("user").order_by("pk").first()
    if member is None:
        return False
    free = described.get("places_free", service.places_free)
    assert isinstance(free, int)
    directory.report_places(service, min(free, service.places_total), by=member.user)
    return True
