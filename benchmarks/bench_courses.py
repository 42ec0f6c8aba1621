"""Cases on their way through the national mechanism: facts written by the thousand, a
step finished, and the list of what is due, whose cost does not grow with the cases."""

import os
import random
from datetime import timedelta
from pathlib import Path
from time import process_time

from django.db import connection, transaction
from django.utils import timezone

from amana import given
from amana.care.cases.models import Assignment, Case
from amana.care.pathways import actions, bringing
from amana.care.pathways.models import OpenTask, PathwayEvent, PathwayRun
from amana.care.pathways.rules import do_step_asked
from amana.design.mechanism import actions as mechanisms
from amana.design.pathway.run_events import EventKind
from amana.design.pathway.run_events import RunEvent as Told
from amana.design.pathway.tests.pathways import a_good_case
from amana.trust.access.models import Role
from benchmarks.bench import bench

NATIONAL = Path(__file__).parents[1] / "mechanisms" / "example"
FACTS = 10_000
MANY = 20_000

coordinator = given.make_worker(role=Role.COORDINATOR)
office = coordinator.memberships.get().team
house = given.make_team()
worker = given.make_worker(of=house, role=Role.SUPERVISOR)
version = mechanisms.adopt_shipped(NATIONAL, by=coordinator)
for role, team in (("responder", house), ("manager", house), ("coordinator", office)):
    mechanisms.give_part(version.mechanism, role, team, by=coordinator)
pathway = version.pack.pathway
chance = random.Random(5)


def shells(number: int) -> list[Case]:
    """Cases without a sealed word: what a way needs of them."""
    now = timezone.now()
    found = Case.objects.bulk_create(
        [Case(team=house, due_at=now) for _ in range(number)]
    )
    Assignment.objects.bulk_create(
        Assignment(case=case, worker=worker) for case in found
    )
    return found


def ten_thousand() -> list[tuple[Case, list[Told]]]:
    """Whole lives of cases, ten thousand facts in all."""
    lives: list[list[Told]] = []
    while sum(map(len, lives)) < FACTS:
        lives.append(a_good_case(pathway, random.Random(chance.random())))
    return list(zip(shells(len(lives)), lives, strict=True))


def waiting_at_the_office() -> list[Told]:
    """Up to the step of the coordination unit."""
    at = timezone.now() - timedelta(minutes=chance.randint(1, 90_000))
    start = Told(EventKind.START, at, data={"age_group": "adult", "urgency": "U2"})
    steps = (
        ("meet", {"safety": "safe"}),
        ("inform", {"agrees": "yes"}),
        ("screen", {"presumed": "yes"}),
    )
    return [
        start,
        *(
            Told(
                EventKind.DONE,
                at + timedelta(hours=n),
                step,
                data=data,
                role="responder",
            )
            for n, (step, data) in enumerate(steps, start=1)
        ),
    ]


def with_the_servers() -> float:
    """CPU time of ours and of the process of PostgreSQL that serves us, to 10 ms: for
    what is written, the server works as much as we do. SQLite is in our own."""
    if connection.vendor != "postgresql":
        return process_time()
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_backend_pid()")
        (server,) = cursor.fetchone()
    after_its_name = Path(f"/proc/{server}/stat").read_text().rpartition(")")[2].split()
    ticks = sum(map(int, after_its_name[11:13]))
    return process_time() + ticks / os.sysconf("SC_CLK_TCK")


@bench(
    f"Write {FACTS:,} facts of whole cases, with the rows that lists need",
    at_most_ms=1000,
    times=1,
    each=ten_thousand,
)
def _bring(histories: list[tuple[Case, list[Told]]]) -> None:
    with transaction.atomic():
        bringing.write_histories(histories, version=version, by=worker)


@bench(
    f"The same {FACTS:,} facts, with the time of the database's own process",
    at_most_ms=1000,
    times=1,
    each=ten_thousand,
    clock=with_the_servers,
)
def _bring_and_keep(histories: list[tuple[Case, list[Told]]]) -> None:
    with transaction.atomic():
        bringing.write_histories(histories, version=version, by=worker)


def fill(number: int) -> None:
    with transaction.atomic():
        histories = [(case, waiting_at_the_office()) for case in shells(number)]
        bringing.write_histories(histories, version=version, by=worker)


def first_page() -> None:
    asked = OpenTask.objects.filter(team=office, own=False).for_list()
    list(do_step_asked.among(asked, coordinator)[:26])


fill(1_000)


@bench("What is due, first page, of 1,000 cases", at_most_ms=15, at_most_queries=1)
def _few() -> None:
    first_page()


fill(MANY)
with connection.cursor() as cursor:
    cursor.execute("ANALYZE")


@bench(
    f"What is due, first page, of {MANY:,} cases more",
    at_most_ms=15,
    at_most_queries=1,
)
def _many() -> None:
    first_page()


due = iter(OpenTask.objects.filter(team=office).order_by("pk"))


@bench("Finish a step", at_most_ms=40, at_most_queries=25, each=lambda: next(due))
def _finish(one: OpenTask) -> None:
    actions.finish_step(
        PathwayRun.objects.get(pk=one.course_id), one.key, by=coordinator
    )


assert PathwayEvent.objects.count() > FACTS + MANY
