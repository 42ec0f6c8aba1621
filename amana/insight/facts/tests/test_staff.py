"""At the end of a month staff and sectors are counted, and nobody is pointed at."""

import datetime
from collections import Counter

import pytest
from django.utils import timezone

from amana import given
from amana.design.mechanism import actions as mechanisms
from amana.design.mechanism.tests.packs import small
from amana.insight.facts import monthly
from amana.insight.facts.models import Observation
from amana.registry import Registry
from amana.trust.access import gates
from amana.trust.access.gates import RoleCandidate
from amana.trust.access.models import Role

pytestmark = pytest.mark.django_db


@pytest.fixture
def staff(monkeypatch):
    """Of whom a certificate is asked, as the academy would say it."""
    found: list[RoleCandidate] = []
    asked: Registry[object] = Registry()
    asked.append(lambda: found)
    monkeypatch.setattr(gates, "ASKED", asked)
    return found


def counted(kind):
    monthly.count_month(timezone.now() + datetime.timedelta(days=40))
    told = Observation.objects.filter(kind=kind)
    return Counter(told.values_list("sector", "result"))


def test_a_sector_is_said_only_where_eleven_of_it_are_asked(staff):
    staff += [RoleCandidate("health", n < 9) for n in range(11)]
    staff += [RoleCandidate("border", False) for _ in range(10)]

    assert counted("certified") == {
        ("health", "in_force"): 9,
        ("health", "not_in_force"): 2,
        ("", "not_in_force"): 10,
    }


def test_where_nothing_is_asked_nothing_is_told(staff):
    assert counted("certified") == {}
    assert not Observation.objects.exists()


# --- sectors


@pytest.fixture
def agencies(db):
    """Who signs the mechanism: one humanitarian, one legal."""
    house = given.make_organisation(name="Dar Amal")
    office = given.make_organisation(name="Coordination Office", sphere="legal")
    return {
        house: given.make_worker(of=given.make_team(of=house), role=Role.SUPERVISOR),
        office: given.make_worker(of=given.make_team(of=office), role=Role.COORDINATOR),
    }


@pytest.fixture
def version(agencies):
    """In force, and signed by all."""
    _supervisor, coordinator = agencies.values()
    made = mechanisms.load_draft(small(), by=coordinator)
    mechanisms.open_consultation(made, by=coordinator)
    for organisation, by in agencies.items():
        mechanisms.sign(made, organisation=organisation, sha256=made.sha256, by=by)
    mechanisms.adopt(made, by=coordinator)
    mechanisms.put_in_force(made, by=coordinator)
    return made


def test_a_sector_is_ready_when_it_has_signed_and_four_of_five_are_trained(
    version, staff
):
    staff += [RoleCandidate("humanitarian", n < 4) for n in range(5)]
    staff += [RoleCandidate("legal", n < 3) for n in range(4)]

    assert counted("sector_ready") == {
        ("humanitarian", "signed_trained"): 1,
        ("legal", "not_signed_trained"): 1,
    }


def test_of_one_or_two_people_nobody_is_told_who_is_not_trained(version, staff):
    staff += [RoleCandidate("legal", True), RoleCandidate("legal", False)]

    assert counted("sector_ready") == {("humanitarian", ""): 1, ("legal", ""): 1}


def test_a_sector_that_acts_and_was_never_asked_to_sign_is_not_ready(
    version, agencies, staff
):
    border = given.make_team(of=given.make_organisation(sphere="border"))
    coordinator = list(agencies.values())[1]
    mechanisms.give_part(version.mechanism, "responder", border, by=coordinator)
    staff += [RoleCandidate("border", True) for _ in range(3)]

    assert counted("sector_ready")["border", "not_signed_trained"] == 1


def test_what_was_only_shipped_is_signed_by_nobody(agencies, staff, tmp_path):
    for path, content in small().items():
        (tmp_path / path).parent.mkdir(parents=True, exist_ok=True)
        (tmp_path / path).write_bytes(content)
    mechanisms.adopt_shipped(tmp_path, by=list(agencies.values())[1])
    staff += [RoleCandidate("legal", True) for _ in range(3)]

    assert counted("sector_ready") == {
        ("humanitarian", "not_signed_trained"): 1,
        ("legal", "not_signed_trained"): 1,
    }


# --- what did not happen


@pytest.mark.parametrize("kept", [False, True])
def test_a_month_without_an_incident_counts_nought_where_somebody_would_tell_it(
    version, kept
):
    if kept:
        given.make_worker(role=Role.DATA_PROTECTION_OFFICER)
    monthly.count_month(timezone.now() + datetime.timedelta(days=40))

    noughts = Observation.objects.filter(kind__in=["breach", "exercise"])
    told = {(nought.kind, nought.number) for nought in noughts}
    assert told == {("exercise", 0)} | ({("breach", 0)} if kept else set())
