"""A large world to measure in: `n` cases in 50 teams, with their referrals.

Our team's cases are really sealed; the others' hold random bytes of the same size, so
that the tables weigh what they would weigh and building them takes minutes, not hours.
"""

import random
import subprocess
import sys
from collections.abc import Iterable
from datetime import timedelta
from itertools import batched
from pathlib import Path

from django.core.management import call_command
from django.db import connection, transaction
from django.utils import timezone

from amana import given
from amana.care.cases.models import Assignment, Case, Need, Urgency
from amana.design.directory.models import Service
from amana.design.directory.taxonomy import ServiceType
from amana.design.mechanism import actions as mechanisms
from amana.design.mechanism.models import Version
from amana.trust.access.models import Role, Team, User

from .world_rows import (
    World,
    begin_way,
    insert,
    led_by,
    refer,
    seal_others,
    seal_ours,
    sign,
)

NATIONAL = Path(__file__).parents[1] / "mechanisms" / "example"
TEAMS = 50

BED = ServiceType.SH2
"""What each of these cases needs."""


def begin() -> World:
    """Teams and people in an empty database; everyone has `given.PASSPHRASE`."""
    ours, theirs = given.make_team(name="Ours"), given.make_team(name="Theirs")
    worker = given.make_worker(of=ours, email="worker@bench.example")
    supervisor = given.make_worker(
        of=ours, role=Role.SUPERVISOR, email="supervisor@bench.example"
    )
    answerer = given.make_worker(
        of=theirs, role=Role.FOCAL_POINT, email="answerer@bench.example"
    )
    senders = given.make_team(name="Senders")
    sender = given.make_worker(of=senders, email="sender@bench.example")
    version = a_mechanism(ours)
    teams = [given.make_team() for _ in range(TEAMS - 3)]
    others = [given.make_worker(of=team) for team in teams]
    services = [given.make_service(of=team) for team in (theirs, *teams)]
    colleagues = User.objects.bulk_create(
        [User(email=f"c{n}@colleague.example", name="Colleague") for n in range(200)]
    )
    return World(
        ours,
        worker,
        supervisor,
        answerer,
        sender,
        version,
        services,
        others,
        colleagues,
    )


def a_mechanism(ours: Team) -> Version:
    """The national one: our team meets people and goes on with them, an office
    registers them."""
    office = given.make_team(name="Office")
    coordinator = given.make_worker(of=office, role=Role.COORDINATOR)
    version = mechanisms.adopt_shipped(NATIONAL, by=coordinator)
    for role, team in (
        ("responder", ours),
        ("manager", ours),
        ("coordinator", office),
    ):
        mechanisms.give_part(version.mechanism, role, team, by=coordinator)
    return version


def grow(world: World, to: int) -> World:
    """Fill it up to so many cases: one in five is ours."""
    random.seed(to)
    for batch in batched(range(world.cases, to), 5000):
        with transaction.atomic():
            fill(batch, world)
    world.cases = to
    call_command("survey_tables")  # as the clock does every night
    return world


def grown(to: int) -> World:
    """The same by a process of its own; see `grow.py`."""
    command = [sys.executable, "-m", "benchmarks.grow", str(to)]
    subprocess.run(command, cwd=Path(__file__).parent.parent, check=True)
    connection.close()  # or this process would plan by the statistics of before
    return found()


def is_there() -> bool:
    return User.objects.filter(email="worker@bench.example").exists()


def found() -> World:
    """The world that an earlier run left in this database."""
    people = {
        user.email.partition("@")[0]: given.unlock_user(user)
        for user in User.objects.filter(email__endswith="@bench.example")
    }
    services = Service.objects.order_by("pk")
    return World(
        Team.objects.get(name="Ours"),
        people["worker"],
        people["supervisor"],
        people["answerer"],
        people["sender"],
        Version.objects.in_force().get(),
        list(services),
        list(User.objects.filter(memberships__team__name__startswith="Team ")),
        list(User.objects.filter(email__endswith="@colleague.example")),
        Case.objects.count(),
    )


def fill(numbers: Iterable[int], world: World) -> None:
    now = timezone.now()
    teams = {
        user.pk: user.memberships.select_related("team").get().team
        for user in world.others
    }
    cases, assignments, needs = [], [], []
    for number in numbers:
        other = random.choice(world.others)
        is_ours = number % 5 == 0
        lead = led_by(number, world) if is_ours else other
        case = Case(
            team=world.ours if is_ours else teams[other.pk],
            urgency=random.choice(list(Urgency)),
            due_at=now + timedelta(hours=random.randrange(-200, 900)),
            opened_at=now - timedelta(hours=random.randrange(24 * 700)),
        )
        cases.append(case)
        assignments.append(Assignment(case=case, worker=lead, since=case.opened_at))
        needs.append(Need(case=case, group=BED.group, urgency=case.urgency))
    insert(cases, assignments, needs)
    ours = [need for need in needs if need.case.team_id == world.ours.pk]
    papers = seal_ours(ours, world.ours, world.worker)
    seal_others([case for case in cases if case.team_id != world.ours.pk])
    begin_way([need.case for need in ours], world)
    sign(cases, papers, refer(needs, world), world)


def a_colleague(of: User, number: int, *, role: Role) -> User:
    """One more member of `of`'s team, who shares the first two hundred cases."""
    team = of.memberships.get().team
    email = f"{role}{number}@load.example"
    known = User.objects.filter(email=email).first()
    if known:
        return given.unlock_user(known)
    given.set_founder(team, by=of)
    colleague = given.make_worker(of=team, role=role, email=email)
    cases = Case.objects.filter(team=team, closed_at=None).order_by("due_at")[:200]
    Assignment.objects.bulk_create(
        [Assignment(case=case, worker=colleague) for case in cases]
    )
    return colleague
