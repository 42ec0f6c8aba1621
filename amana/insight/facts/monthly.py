"""What is counted at the end of a month: of services, of staff and of sectors, and of
no person who is helped."""

from collections import Counter
from collections.abc import Iterator, Sequence
from datetime import date, datetime, timedelta

from django.db import transaction
from django.db.models import Count, Q
from django.utils import timezone

from amana.care.cases.models import Assignment
from amana.design.directory.models import Service
from amana.design.directory.models.confirmation import VERIFIED_FOR
from amana.design.directory.models.places import STALE_AFTER
from amana.design.mechanism import version_contents
from amana.design.mechanism.choosing import list_versions_in_force
from amana.design.mechanism.models import RolePlayer, Version
from amana.insight.facts.actions import build_observation, get_month_start
from amana.insight.facts.batch import ENOUGH, chance
from amana.insight.facts.models import Observation
from amana.trust.access import gates
from amana.trust.access.gates import RoleCandidate
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


def count_month(now: datetime | None = None) -> int:
    """Count for the month before this one, once, and return how many observations were
    written."""
    now = now or timezone.now()
    month = get_month_start(
        get_month_start(timezone.localdate(now)) - timedelta(days=1)
    )
    if is_counted(month):
        return 0
    # Outside a transaction: services and staff take a while to go through, and no one
    # who writes should wait for that.
    staff = [member for asked in gates.ASKED for member in asked()]
    told = [*observe_services(now), *observe_caseloads(), *observe_supervisors()]
    told += [*observe_certificates(staff), *observe_sectors(staff), *observe_zeros()]
    facts = [build_observation(kind, {**said, "month": month}) for kind, said in told]
    chance.shuffle(facts)  # in no order that shows whose each is
    return write_observations(facts, month)


def is_counted(month: date) -> bool:
    return Observation.objects.filter(month=month, kind__in=COUNTED).exists()


@transaction.atomic
def write_observations(facts: Sequence[Observation], month: date) -> int:
    """Write what was counted, unless another process has done so meanwhile, and return
    how many."""
    # Asked again inside the transaction, since the counting before it held no lock.
    if is_counted(month):
        return 0
    Observation.objects.bulk_create(facts, batch_size=500)
    log.record("counted month", by=None, facts=len(facts))
    return len(facts)


def observe_services(now: datetime) -> Iterator[tuple[str, dict[str, object]]]:
    services = Service.objects.active().select_related("organisation", "area")
    for service in services.order_by("pk"):
        here = {
            "area": get_public_region(service),
            "sector": service.organisation.sphere,
            "topic": next(iter(service.types), ""),
        }
        fresh = classify_freshness(service.verified_at, now - VERIFIED_FOR)
        yield "directory", {**here, "result": fresh}
        if service.counts_places:
            fresh = classify_freshness(service.places_said_at, now - STALE_AFTER)
            yield "capacity", {**here, "result": fresh}
            yield "places", {**here, "number": service.places_total}


def get_public_region(service: Service) -> str:
    """Get the region of a service, or nothing where others may not know its place."""
    # What is about no person is counted exactly, so a single hidden house in a region
    # would be located by its row.
    if service.area is None or service.visibility == Service.Visibility.RESTRICTED:
        return ""
    return service.area.path.split("/")[1]


def classify_freshness(at: datetime | None, since: datetime) -> str:
    return "fresh" if at and at >= since else "stale"


def observe_caseloads() -> Iterator[tuple[str, dict[str, object]]]:
    """Observe how many cases each worker leads."""
    leading = Assignment.objects.leading().filter(case__closed_at=None)
    counted = leading.values("worker").annotate(cases=Count("case")).order_by("worker")
    for row in counted:
        # Without the agency: it may have a single worker.
        yield "caseload", {"number": row["cases"]}


def observe_supervisors() -> Iterator[tuple[str, dict[str, object]]]:
    """Observe how many workers there are for each supervisor of a team."""
    members = Membership.objects.holding([*KEYHOLDERS])
    supervising = members.filter(role=Role.SUPERVISOR).values_list("team", "user")
    for team, supervisor in supervising.order_by("pk"):
        others = members.filter(team=team).exclude(user=supervisor)
        workers = others.values("user").distinct().count()
        yield "supervised", {"number": workers}


def observe_certificates(
    staff: Sequence[RoleCandidate],
) -> Iterator[tuple[str, dict[str, object]]]:
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


def observe_sectors(
    staff: Sequence[RoleCandidate],
) -> Iterator[tuple[str, dict[str, object]]]:
    """Observe each sector that signs a mechanism in force or has a part in it: it has
    signed where it has signed each of them."""
    by_sector: dict[str, list[bool]] = {}
    for version in list_versions_in_force():
        for sphere, signed in map_signed_by_sector(version).items():
            by_sector.setdefault(sphere, []).append(signed)
    for sphere, each in by_sector.items():
        signed = all(each)
        has_all = [member.has_all for member in staff if member.sphere == sphere]
        result = assess_readiness(has_all, signed=signed)
        yield "sector_ready", {"sector": sphere, "result": result}


def map_signed_by_sector(version: Version) -> dict[str, bool]:
    """Map each sector to whether all of its agencies that are asked to sign have
    signed, and at least one was asked."""
    asked = set(version_contents.map_signatories(version).values())
    signed = set(
        version.signatures.filter(sha256=version.sha256).values_list(
            "organisation", flat=True
        )
    )
    parts = RolePlayer.objects.filter(mechanism=version.mechanism_id)
    acting = Q(pk__in=asked) | Q(pk__in=parts.values("team__organisation"))
    agencies: dict[str, set[int]] = {}
    for pk, sphere in Organisation.objects.filter(acting).values_list("pk", "sphere"):
        agencies.setdefault(sphere, set()).add(pk)
    return {
        sphere: bool(here & asked) and here & asked <= signed
        for sphere, here in agencies.items()
    }


def assess_readiness(has_all: Sequence[bool], *, signed: bool) -> str:
    """Assess whether a sector has signed and is trained; unknown where so few of its
    staff are required to have a certificate that it would show who lacks one."""
    if not signed:
        return "not_signed_trained"
    if len(has_all) < SOME:
        return ""
    trained = 100 * sum(has_all) >= TRAINED * len(has_all)
    return "signed_trained" if trained else "not_signed_trained"


def observe_zeros() -> Iterator[tuple[str, dict[str, object]]]:
    """Observe zero breaches and exercises where someone would record them: a year
    without any differs from a year about which nothing is known."""
    # What is reported only when it happens can't distinguish none from no one checking
    # (ADR 30), so a zero is added while someone would report.
    keeping = Membership.objects.holding(BREACH_KEEPERS)
    if keeping.filter(user__is_active=True).exists():
        yield "breach", {"number": 0}
    if list_versions_in_force():
        yield "exercise", {"number": 0}
