"""A real directory, imported and asked: 562 services with their own referral rules."""

import random
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest

from amana import given
from amana.care.referrals import actions as referrals
from amana.design.directory import catalogue
from amana.design.directory.matching import match_services
from amana.design.directory.models import Service
from amana.design.directory.taxonomy import PersonGroup, ServiceType
from amana.design.directory.tests import oracle
from amana.design.directory.tests.directories import person_of
from amana.errors import Refused
from amana.exchange.imports.tests.conftest import shared
from amana.exchange.imports.tests.test_actions import taken_in
from amana.trust.access.models import Role
from tests.worlds import kept

WHILE_IT_RAN = datetime(2014, 11, 5, 9, 30, tzinfo=UTC)
"""A Wednesday morning in the year in which most of these services were open."""
GROUPS = [str(group) for group in PersonGroup]


@kept
def directory(db: None) -> None:
    """The real directory, imported once: each test goes back to here."""
    blob = shared("unhcr-jordan/services.geojson").read_bytes()
    taken_in(blob, by=given.make_worker(role=Role.COORDINATOR))


def as_the_oracle_reads_it(service: Service) -> dict[str, Any]:
    afar, coming = {"phone", "online"}, {"outreach", "mobile", "phone", "online"}
    ways = set(service.modalities) - {"referral"}
    remote = bool(ways) and ways <= afar
    unplaced = service.lat is None or remote
    at = None if unplaced else (service.lat, service.lon)
    return {
        "id": service.pk,
        "organisation": service.organisation_id,
        "types": service.types,
        "ended": service.status == "ended",
        "paused": service.status == "paused",
        "funded_until": service.funded_until,
        "at": at,
        "area": "",
        "coverage": service.coverage,
        "coverage_unsure": bool(service.coverage_note),
        "comes": bool(coming & ways),
        "visits_only": bool(ways) and ways <= {"outreach", "mobile"},
        "remote": remote,
        "sexes": service.sexes,
        "ages": (service.age_min, service.age_max),
        "nationalities": service.nationalities,
        "not_nationalities": service.not_nationalities,
        "statuses": service.statuses,
        "exploitation": service.exploitation,
        "groups": service.groups,
        "not_groups": service.not_groups,
        "children_max": service.children_max,
        "accessibility": service.accessibility,
        "documents": service.documents,
        "needs_police": service.needs_police,
        "needs_identified": service.needs_identified,
        "costs": service.costs,
        "traits": service.traits,
        "languages": service.languages,
        "hours": None if service.hours is None else [tuple(h) for h in service.hours],
        "zone": service.zone,
        "accepts_referrals": service.accepts_referrals,
        "counts_places": False,
        "free": None,
        "said_at": None,
        "children_take_places": False,
        "wait_days": None,
        "lateness": None,
        "verify_by": service.verify_by,
        "came_on": service.created_at.date(),
    }


def somebody(rng: random.Random) -> dict[str, Any]:
    """Someone in or near the north of Jordan, of whom more or less is known."""
    types = rng.sample(["BA4", "BA2", "CP2", "MH5", "HE2", "CM1", "LG1", "SH13"], 2)
    age = rng.choice([7, 15, 17, 18, 30, 66])
    return {
        "now": WHILE_IT_RAN,
        "needs": [[kind] for kind in types],
        "place": rng.choice([None, (32.3 + rng.gauss(0, 0.4), 36.0)]),
        "within_km": rng.choice([None, 15.0, 60.0]),
        "area": None,
        "sex": rng.choice([None, "female", "male"]),
        "ages": rng.choice([None, (age, age), (age, age + 3)]),
        "perhaps_child": rng.random() < 0.2,
        "nationalities": rng.choice([None, ["SY"], ["JO"], ["IQ"]]),
        "statuses": rng.choice([None, ["refugee"]]),
        "exploitation": None,
        "groups": rng.sample(GROUPS[:9], rng.randint(0, 3)),
        "not_groups": rng.sample(GROUPS[9:], rng.randint(0, 3)),
        "children": rng.choice([None, 0, 2]),
        "adults": rng.choice([0, 1]),
        "access_needs": [],
        "documents": rng.sample(["asylum_certificate", "national_id"], 1),
        "no_documents": rng.choice([[], ["ministry_card"]]),
        "works_with_police": None,
        "identified": None,
        "pays": None,
        "languages": ["ar"],
        "needs_language": False,
        "open_by": rng.choice(
            [None, None, WHILE_IT_RAN, WHILE_IT_RAN + timedelta(days=1)]
        ),
        "not_areas": [],
        "not_organisations": [],
        "not_services": [],
        "refuses": [],
        "prefers": [],
    }


def test_matching_on_it_agrees_with_the_oracle_for_500_people(directory):
    services = [
        as_the_oracle_reads_it(service) for service in Service.objects.order_by("pk")
    ]
    rng = random.Random(562)
    found = 0
    with catalogue.open_catalogue() as current:
        for _ in range(500):
            person = somebody(rng)
            ours = match_services(current.directory, person_of(person), shown=20)
            theirs = oracle.answer(services, {}, person)
            assert ours.candidates == theirs["candidates"]
            assert ours.funnel == theirs["funnel"]
            assert [m.service for m in ours.eligible] == [
                their["id"] for their in theirs["fits"][:20]
            ]
            assert [m.score for m in ours.eligible] == pytest.approx(
                [their["score"] for their in theirs["fits"][:20]]
            )
            assert {pk: list(why) for pk, why in ours.excluded} == theirs["excluded"]
            found += bool(ours.eligible)
    assert found > 100


def test_a_service_that_takes_no_referrals_says_so_to_whoever_tries(directory):
    closed = Service.objects.filter(accepts_referrals=False).earliest("pk")
    worker = given.make_worker()
    case = given.make_case(worked_on_by=worker)
    other = given.make_service()
    consent = given.make_consent(case, to=other.team, by=worker)

    with pytest.raises(Refused, match="does not take referrals"):
        referrals.send(case.needs.get(), to=closed, consent=consent, by=worker)


def test_every_type_of_the_real_directory_is_one_of_ours(directory):
    types = {kind for service in Service.objects.all() for kind in service.types}

    assert types <= set(ServiceType.values)
    assert len(types) > 10
