"""The usual cast: a post that meets people, a shelter, an authority, a coordinator."""

from pathlib import Path

import pytest

from amana import given
from amana.care.cases.models import Case
from amana.care.pathways import actions
from amana.care.pathways.models import PathwayRun
from amana.care.pathways.tests.pack import files
from amana.design.mechanism import actions as mechanisms
from amana.design.mechanism.models import Version
from amana.trust.access.models import Role, Sphere, Team, User
from tests.worlds import kept


def member(team: Team, role: Role, name: str) -> User:
    return given.make_worker(of=team, role=role, name=name)


@pytest.fixture(scope="session")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    found = tmp_path_factory.mktemp("pathway")
    for path, content in files().items():
        (found / path).parent.mkdir(parents=True, exist_ok=True)
        (found / path).write_bytes(content)
    return found


@kept
def house(db: None) -> Team:
    return given.make_team(of=given.make_organisation(name="Dar Amal"), name="House")


@kept
def office(db: None) -> Team:
    found = given.make_organisation(name="Coordination Office", sphere=Sphere.LEGAL)
    return given.make_team(of=found, name="Office")


@kept
def worker(house: Team) -> User:
    return member(house, Role.CASE_WORKER, "Worker")


@kept
def supervisor(house: Team, worker: User) -> User:
    return member(house, Role.SUPERVISOR, "Supervisor")


@kept
def coordinator(office: Team) -> User:
    return member(office, Role.COORDINATOR, "Coordinator")


@kept
def authority(office: Team) -> User:
    return member(office, Role.AUTHORITY, "Authority")


@kept
def another_authority(office: Team) -> User:
    return member(office, Role.AUTHORITY, "Another")


@kept
def clinic(db: None) -> list[Team]:
    """Two teams of one role, between which somebody has to choose."""
    hospital = given.make_organisation(name="Hospital", sphere=Sphere.HEALTH)
    return [given.make_team(of=hospital, name=name) for name in ("Day", "Night")]


@kept
def nurse(clinic: list[Team]) -> User:
    return member(clinic[0], Role.CASE_WORKER, "Nurse")


@kept
def stranger(db: None) -> User:
    return given.make_worker(name="Stranger")


@kept
def mechanism(
    folder: Path, coordinator: User, house: Team, office: Team, clinic: list[Team]
) -> Version:
    version = mechanisms.adopt_shipped(folder, by=coordinator)
    for role, team in [
        ("responder", house),
        ("authority", office),
        ("coordinator", office),
        ("health", clinic[0]),
        ("health", clinic[1]),
    ]:
        mechanisms.give_part(version.mechanism, role, team, by=coordinator)
    return version


@kept
def case(mechanism: Version, worker: User) -> Case:
    return given.make_case(worked_on_by=worker, identity_age=30)


@kept
def course(case: Case) -> PathwayRun:
    return PathwayRun.objects.get(case=case)


def go(course: PathwayRun, *steps: tuple[str, User, dict[str, object]]) -> None:
    """Finish one step after the other: which, who, what it leaves."""
    for step, by, data in steps:
        actions.finish_step(course, step, data=data, by=by)


@kept
def registered(course: PathwayRun, worker: User, coordinator: User) -> PathwayRun:
    """The office has found somebody; care, questions and rest go on beside."""
    go(course, ("meet", worker, {"agrees": "yes"}), ("register", coordinator, {}))
    return course


@kept
def to_decide(registered: PathwayRun, worker: User) -> PathwayRun:
    """Everything before the decision is done, with one child."""
    go(
        registered,
        ("care", worker, {}),
        ("listen", worker, {"children": 1}),
        ("child_needs@c1", worker, {}),
    )
    actions.record_message(registered, "ready_to_decide", by=worker)
    return registered
