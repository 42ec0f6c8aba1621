"""What is counted at the end of a month, and has no person in it."""

from collections.abc import Iterator
from datetime import datetime, timedelta
from typing import Any

from django.db import transaction
from django.db.models import Count
from django.utils import timezone

from amana.care.cases.models import Assignment
from amana.design.directory.models import Service
from amana.design.directory.models.services import STALE_AFTER, VERIFIED_FOR
from amana.insight.facts.actions import first_of, made
from amana.insight.facts.models import Fact
from amana.trust.access.models import KEYHOLDERS, Membership, Role
from amana.trust.audit import log

COUNTED = ("directory", "capacity", "places", "caseload", "supervised")


@transaction.atomic
def count(now: datetime | None = None) -> int:
    """Count for the month before this one, once; how many facts."""
    now = now or timezone.now()
    month = first_of(first_of(timezone.localdate(now)) - timedelta(days=1))
    if Fact.objects.filter(month=month, kind__in=COUNTED).exists():
        return 0
    told = [*of_services(now), *of_workers(), *of_supervisors()]
    facts = [made(kind, {**said, "month": month}) for kind, said in told]
    Fact.objects.bulk_create(facts, batch_size=500)
    log.record("counted month", by=None, facts=len(facts))
    return len(facts)


def of_services(now: datetime) -> Iterator[tuple[str, dict[str, Any]]]:
    services = Service.objects.active().select_related("organisation", "area")
    for service in services.order_by("pk"):
        here = {
            "area": region_of(service),
            "sector": service.organisation.sphere,
            "topic": next(iter(service.types), ""),
        }
        fresh = fresh_or_stale(service.verified_at, now - VERIFIED_FOR)
        yield "directory", {**here, "result": fresh}
        if service.counts_places:
            fresh = fresh_or_stale(service.places_said_at, now - STALE_AFTER)
            yield "capacity", {**here, "result": fresh}
            yield "places", {**here, "number": service.places_total}


def region_of(service: Service) -> str:
    """Not of a service whose place others may not know: what has no person in it is
    counted exactly, and one house in a region would be known by it."""
    if service.area is None or service.visibility == Service.Visibility.RESTRICTED:
        return ""
    return service.area.path.split("/")[1]


def fresh_or_stale(at: datetime | None, since: datetime) -> str:
    return "fresh" if at and at >= since else "stale"


def of_workers() -> Iterator[tuple[str, dict[str, Any]]]:
    """The cases that each worker leads. Without an agency: it may have one worker."""
    leading = Assignment.objects.leading().filter(case__closed_at=None)
    counted = leading.values("worker").annotate(cases=Count("case")).order_by("worker")
    for row in counted:
        yield "caseload", {"number": row["cases"]}


def of_supervisors() -> Iterator[tuple[str, dict[str, Any]]]:
    """How many workers there are for each supervisor of a team."""
    members = Membership.objects.holding([*KEYHOLDERS])
    supervising = members.filter(role=Role.SUPERVISOR).values_list("team", "user")
    for team, supervisor in supervising.order_by("pk"):
        others = members.filter(team=team).exclude(user=supervisor)
        workers = others.values("user").distinct().count()
        yield "supervised", {"number": workers}
