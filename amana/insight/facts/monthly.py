"""What is counted at the end of a month: of services, of staff and of sectors, and of
no person who is helped."""

from collections import Counter
from collections.abc import Iterator, Sequence
from datetime import date, datetime, timedelta
from typing import Any

from django.db import transaction
from django.db.models import Count, Q
from django.utils import timezone

from amana.care.cases.models import Assignment
from amana.design.directory.models import Service
from amana.design.directory.models.services import STALE_AFTER, VERIFIED_FOR
from amana.design.mechanism import current, wording
from amana.design.mechanism.models import Part, Version
from amana.insight.facts.actions import first_of, made
from amana.insight.facts.batch import ENOUGH, chance
from amana.insight.facts.models import Fact
from amana.trust.access import gates
from amana.trust.access.gates import Asked
from amana.trust.access.models import KEYHOLDERS, Membership, Organisation, Role
from amana.trust.audit import log
from amana.trust.oversight.rules import KEEPERS as BREACH_KEEPERS

COUNTED = (
    *("directory", "capacity", "places", "caseload", "supervised"),
    *("certified", "sector_ready"),
)
TRAINED = 80
"""So many of a hundred hold what is asked of them, where a sector is trained: the aim
of indicator I51."""
SOME = 3
"""Of one or two people, their sector alone shows who lacks a certificate."""


def count(now: datetime | None = None) -> int:
    """Count for the month before this one, once, and return how many observations were
    written."""
    now = now or timezone.now()
    month = first_of(first_of(timezone.localdate(now)) - timedelta(days=1))
    if is_counted(month):
        return 0
    # Outside a transaction: services and staff take a while to go through, and no one
    # who writes should wait for that.
    staff = [member for asked in gates.ASKED for member in asked()]
    told = [*of_services(now), *of_workers(), *of_supervisors()]
    told += [*of_staff(staff), *of_sectors(staff), *of_none()]
    facts = [made(kind, {**said, "month": month}) for kind, said in told]
    chance.shuffle(facts)  # in no order that shows whose each is
    return write(facts, month)


def is_counted(month: date) -> bool:
    return Fact.objects.filter(month=month, kind__in=COUNTED).exists()


@transaction.atomic
def write(facts: Sequence[Fact], month: date) -> int:
    """Write what was counted, unless another process has done so meanwhile, and return
    how many."""
    # Asked again inside the transaction, since the counting before it held no lock.
    if is_counted(month):
        return 0
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
    """Get the region of a service, or nothing where others may not know its place."""
    # What is about no person is counted exactly, so a single hidden house in a region
    # would be located by its row.
    if service.area is None or service.visibility == Service.Visibility.RESTRICTED:
        return ""
    return service.area.path.split("/")[1]


def fresh_or_stale(at: datetime | None, since: datetime) -> str:
    return "fresh" if at and at >= since else "stale"


def of_workers() -> Iterator[tuple[str, dict[str, Any]]]:
    """Observe how many cases each worker leads."""
    leading = Assignment.objects.leading().filter(case__closed_at=None)
    counted = leading.values("worker").annotate(cases=Count("case")).order_by("worker")
    for row in counted:
        # Without the agency: it may have a single worker.
        yield "caseload", {"number": row["cases"]}


def of_supervisors() -> Iterator[tuple[str, dict[str, Any]]]:
    """Observe how many workers there are for each supervisor of a team."""
    members = Membership.objects.holding([*KEYHOLDERS])
    supervising = members.filter(role=Role.SUPERVISOR).values_list("team", "user")
    for team, supervisor in supervising.order_by("pk"):
        others = members.filter(team=team).exclude(user=supervisor)
        workers = others.values("user").distinct().count()
        yield "supervised", {"number": workers}


def of_staff(staff: Sequence[Asked]) -> Iterator[tuple[str, dict[str, Any]]]:
    """Observe whether each worker holds the certificates that their roles require."""
    # A sector with few workers would identify, say, the only lawyer of a country (ADR
    # 30).
    there = Counter(member.sphere for member in staff)
    for member in staff:
        yield (
            "certified",
            {
                "result": "in_force" if member.has_all else "not_in_force",
                "sector": member.sphere if there[member.sphere] >= ENOUGH else "",
            },
        )


def of_sectors(staff: Sequence[Asked]) -> Iterator[tuple[str, dict[str, Any]]]:
    """Observe each sector that signs the mechanism in force or has a part in it."""
    version = current()
    if version is None:
        return
    for sphere, signed in signing(version).items():
        has_all = [member.has_all for member in staff if member.sphere == sphere]
        result = readiness(has_all, signed=signed)
        yield "sector_ready", {"sector": sphere, "result": result}


def signing(version: Version) -> dict[str, bool]:
    """Map each sector to whether all of its agencies that are asked to sign have
    signed, and at least one was asked."""
    asked = set(wording.signatories(version).values())
    signed = set(
        version.signatures.filter(sha256=version.sha256).values_list(
            "organisation", flat=True
        )
    )
    parts = Part.objects.filter(mechanism=version.mechanism_id)
    acting = Q(pk__in=asked) | Q(pk__in=parts.values("team__organisation"))
    agencies: dict[str, set[int]] = {}
    for pk, sphere in Organisation.objects.filter(acting).values_list("pk", "sphere"):
        agencies.setdefault(sphere, set()).add(pk)
    return {
        sphere: bool(here & asked) and here & asked <= signed
        for sphere, here in agencies.items()
    }


def readiness(has_all: Sequence[bool], *, signed: bool) -> str:
    """Assess whether a sector has signed and is trained; unknown where so few of its
    staff are required to have a certificate that it would show who lacks one."""
    if not signed:
        return "not_signed_trained"
    if len(has_all) < SOME:
        return ""
    trained = 100 * sum(has_all) >= TRAINED * len(has_all)
    return "signed_trained" if trained else "not_signed_trained"


def of_none() -> Iterator[tuple[str, dict[str, Any]]]:
    """Observe zero breaches and exercises where someone would record them: a year
    without any differs from a year about which nothing is known."""
    # What is reported only when it happens can't distinguish none from no one checking
    # (ADR 30), so a zero is added while someone would report.
    keeping = Membership.objects.holding(BREACH_KEEPERS)
    if keeping.filter(user__is_active=True).exists():
        yield "breach", {"number": 0}
    if current() is not None:
        yield "exercise", {"number": 0}
