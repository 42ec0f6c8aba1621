"""The supervisor sees how the work is spread; nobody else does."""

import pytest
from django.urls import reverse

from amana import given
from amana.care.cases import actions
from amana.care.cases.workload import Workload, count_workload
from amana.trust.access.models import Role, Team, User
from tests.worlds import kept

pytestmark = pytest.mark.django_db
PAGE = reverse("cases:workload")


@kept
def worker() -> User:
    return given.make_worker(name="Nadira")


@kept
def team(worker: User) -> Team:
    return worker.memberships.get().team


@kept
def supervisor(team: Team) -> User:
    return given.make_worker(of=team, role=Role.SUPERVISOR, name="Zahra")


def loads(team: Team, by: User) -> dict[str, Workload]:
    return {load.name: load for load in count_workload(team, by=by)}


def test_open_cases_are_counted_by_worker_and_urgency(
    worker: User, team: Team, supervisor: User
) -> None:
    cases = [given.make_case(worked_on_by=worker) for _ in range(3)]
    actions.set_urgency(cases[0], "U0", by=worker)
    actions.assign(cases[0], worker=supervisor, by=supervisor)

    found = loads(team, supervisor)

    assert found["Nadira"].total == 3
    assert found["Nadira"].by_urgency["U0"] == 1
    assert found["Zahra"].total == 1
    assert count_workload(team, by=supervisor)[0].name == "Nadira"


def test_a_worker_without_a_case_is_there_with_nothing(
    team: Team, supervisor: User
) -> None:
    assert loads(team, supervisor)["Zahra"].total == 0


def test_a_restricted_case_is_not_counted_for_who_is_not_named(
    worker: User, team: Team, supervisor: User
) -> None:
    case = given.make_case(worked_on_by=worker)
    assert loads(team, supervisor)["Nadira"].total == 1
    actions.restrict(case, people=[worker], by=worker)

    assert loads(team, supervisor)["Nadira"].total == 0


def test_the_page_shows_it_to_supervisors_alone(
    worker: User, team: Team, supervisor: User
) -> None:
    given.make_case(worked_on_by=worker)
    page = given.sign_in(supervisor).get(PAGE)

    assert page.status_code == 200
    assert "Nadira" in page.content.decode()
    assert given.sign_in(worker).get(PAGE).status_code == 404
    stranger = given.make_worker(role=Role.SUPERVISOR)
    assert "Nadira" not in given.sign_in(stranger).get(PAGE).content.decode()
