"""50,000 services of a file: compared with the directory and imported, as in the
background; and how long of it no one else can write on SQLite.

Reading the file is apart: it happens in a process of its own.
"""

from itertools import count

from amana import given
from amana.exchange.imports import actions
from amana.exchange.imports.actions.taking_in import (
    Application,
    claim_to_apply,
    prepare_application,
    write_application,
)
from amana.exchange.imports.models import Import
from amana.exchange.rows import ServiceRow
from amana.trust.access.models import Role
from benchmarks.bench import bench

SERVICES = 50_000
ORGANISATIONS = 500
origins = count(1)
coordinator = given.make_worker(role=Role.COORDINATOR)


def a_row(number: int) -> ServiceRow:
    return ServiceRow(
        where=f"services, row {number}",
        origin_id=f"V{number}",
        organisation=f"Organisation of district {number % ORGANISATIONS}",
        values={
            "name": f"Service {number}",
            "types": ["HE2"],
            "description": "Open to everyone who lives in the district. " * 4,
            "address": f"{number} Harbour Road",
            "lat": 31 + number % 1000 / 1000,
            "lon": 36 + number % 997 / 997,
            "phone": f"+999 20 {number:06}",
            "website": "https://port.example.org",
            "languages": ["ar", "fr"],
            "hours": [[day * 1440 + 480, day * 1440 + 1020] for day in range(5)],
            "age_min": 18,
            "costs": True,
            "cost_note": "5 dinars",
        },
        area=f"District {number % 50}",
    )


rows = [a_row(number) for number in range(SERVICES)]


def a_file() -> Import:
    """A file of a source that was never seen before."""
    read = actions.ReadFile(f"bench-{next(origins)}", rows)
    return actions.record_file(read, by=coordinator)


def compare(brought: Import) -> None:
    while actions.plan_next_rows(brought, by=coordinator):
        pass


@bench(
    f"{SERVICES:,} services of a file, compared and imported",
    at_most_ms=60_000,
    times=1,
    each=a_file,
)
def _import(brought: Import) -> None:
    compare(brought)
    actions.apply_import(brought, by=coordinator)


def an_application() -> tuple[Import, Application]:
    brought = a_file()
    compare(brought)
    claim_to_apply(brought, by=coordinator)
    return brought, prepare_application(brought)


@bench(
    f"… of which no one else can write: one transaction with {SERVICES:,} services",
    at_most_ms=10_000,
    times=1,
    each=an_application,
)
def _write(made: tuple[Import, Application]) -> None:
    brought, application = made
    write_application(brought, application, lambda: None)
