"""Which mechanism a case follows, as its holders sign it."""

import pytest
from django.conf import settings
from django.core.exceptions import PermissionDenied

from amana import given
from amana.care.cases import actions as cases
from amana.care.cases import signed_case
from amana.care.cases.models import Case
from amana.design.mechanism import actions as mechanisms
from amana.design.mechanism.models import Version
from amana.errors import Changed, Refused
from amana.trust.access.models import Role, User
from amana.trust.vault import manifest
from amana.trust.vault.altered import Tampered

MECHANISMS = settings.ROOT / "mechanisms"

pytestmark = pytest.mark.django_db


@pytest.fixture
def worker() -> User:
    return given.make_worker()


@pytest.fixture
def both(worker: User) -> list[Version]:
    """Two mechanisms in force, in each of which the worker's team has a role."""
    coordinator = given.make_worker(role=Role.COORDINATOR)
    found = []
    for name in ("example", "district-health"):
        version = mechanisms.adopt_shipped(MECHANISMS / name, by=coordinator)
        role = next(iter(version.pack.roles))
        team = worker.memberships.get().team
        mechanisms.give_part(version.mechanism, role, team, by=coordinator)
        found.append(version)
    return found


def test_who_leads_a_case_has_it_follow_another(
    both: list[Version], worker: User
) -> None:
    case = given.make_case(worked_on_by=worker)
    other = next(v for v in both if v.mechanism_id != case.mechanism_id)

    cases.change_mechanism(case, other, by=worker)

    case = Case.objects.get(pk=case.pk)
    assert case.mechanism == other.mechanism
    with pytest.raises(Changed, match="already follows"):
        cases.change_mechanism(case, other, by=worker)
    with pytest.raises(PermissionDenied):
        cases.change_mechanism(case, both[0], by=given.make_worker())


def test_it_is_what_the_holders_signed(both: list[Version], worker: User) -> None:
    case = given.make_case(worked_on_by=worker)
    other = next(v for v in both if v.mechanism_id != case.mechanism_id)
    Case.objects.filter(pk=case.pk).update(mechanism=other.mechanism)

    with pytest.raises(Tampered):
        manifest.require_facts(
            case.pk, signed_case.build_facts_reader(Case.objects.get(pk=case.pk))
        )


def test_a_team_without_a_role_in_it_cant(both: list[Version], worker: User) -> None:
    other = given.make_worker()
    case = given.make_case(worked_on_by=other)
    assert case.mechanism is None
    with pytest.raises(Refused, match="takes no part"):
        cases.change_mechanism(case, both[0], by=other)
