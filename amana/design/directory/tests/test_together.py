"""Several people at the same moment: nobody gets a bed twice, nobody reads old news."""

from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from functools import partial
from pathlib import Path
from threading import Barrier

import pytest
from django.core.management import call_command
from django.db import connection, connections
from django.utils import timezone
from pytest_django.plugin import DjangoDbBlocker

from amana import given
from amana.design.directory import actions
from amana.design.directory.catalogue import Catalogue
from amana.design.directory.matching import Person, build_need
from amana.design.directory.matching import match_services as matched
from amana.design.directory.models import Availability, Change, Service
from amana.errors import Refused
from amana.trust.access.models import User

# On PostgreSQL the threads commit to the tests' own database, which is emptied after.
pytestmark = (
    [] if connection.vendor == "sqlite" else [pytest.mark.django_db(transaction=True)]
)
PEOPLE = 6
BEDS = 10


def apart[T](work: Callable[[], T]) -> T:
    """In a thread, and so on a connection, of its own."""

    def then_close() -> T:
        try:
            return work()
        finally:
            connections.close_all()

    with ThreadPoolExecutor(1) as one:
        return one.submit(then_close).result(120)


@pytest.fixture
def shared_database(
    tmp_path: Path,
    django_db_blocker: DjangoDbBlocker,
    monkeypatch: pytest.MonkeyPatch,
) -> Iterator[None]:
    """As in production: SQLite in a file, where a writer waits for another."""
    if connection.vendor == "sqlite":
        file = tmp_path / "shared.sqlite3"
        monkeypatch.setitem(connections.settings["default"], "NAME", file)
        with django_db_blocker.unblock():
            for app in ("access", "vault", "audit", "directory"):
                apart(partial(call_command, "migrate", app, verbosity=0))
            yield
    else:
        yield


def together(work: Callable[[int], int]) -> list[int]:
    start = Barrier(PEOPLE)

    def begin(number: int) -> int:
        try:
            start.wait(60)
            return work(number)
        finally:
            connections.close_all()

    with ThreadPoolExecutor(PEOPLE) as people:
        return list(people.map(begin, range(PEOPLE)))


@pytest.mark.usefixtures("shared_database")
def test_no_bed_is_given_twice() -> None:
    def make() -> tuple[int, int]:
        service = given.make_service(places_total=BEDS, places_free=BEDS)
        return service.pk, given.make_worker(of=service.team).pk

    service_id, worker_id = apart(make)

    def book(_number: int) -> int:
        worker = User.objects.get(pk=worker_id)
        booked = 0
        for _ in range(4):
            service = Service.objects.get(pk=service_id)
            try:
                actions.book_places(service, by=worker)
            except Refused:
                continue
            booked += 1
        return booked

    assert sum(together(book)) == BEDS

    def check() -> None:
        assert Service.objects.get(pk=service_id).places_free == 0
        booked = Availability.objects.filter(kind=Availability.Kind.BOOKED)
        assert sorted(booked.values_list("free", flat=True)) == list(range(BEDS))

    apart(check)


@pytest.mark.usefixtures("shared_database")
def test_a_reader_beside_writers_ends_with_what_is_so() -> None:
    """The answer from memory is that of a directory read anew, whatever overlapped."""

    def make() -> tuple[list[int], int]:
        team = given.make_team()
        services = [
            given.make_service(of=team, places_total=BEDS, places_free=0)
            for _ in range(PEOPLE)
        ]
        return [s.pk for s in services], given.make_worker(of=team).pk

    ids, worker_id = apart(make)
    person = Person(needs=(build_need("SH2"),), at=timezone.now())
    memory = Catalogue()

    def write_or_read(number: int) -> int:
        if number == 0:
            for _ in range(40):
                memory.refresh()
            return 0
        worker = User.objects.get(pk=worker_id)
        service = Service.objects.get(pk=ids[number])
        for free in (3, 1, number % 2):
            actions.report_places(service, free, by=worker)
        return 1

    together(write_or_read)

    def check() -> None:
        anew = Catalogue()
        for catalogue in (memory, anew):
            catalogue.refresh()
        ours = matched(memory.directory, person)
        assert {m.service for m in ours.eligible} == {ids[1], ids[3], ids[5]}
        assert ours.funnel == matched(anew.directory, person).funnel
        numbers = list(Change.objects.values_list("number", flat=True))
        assert numbers == list(range(1, len(numbers) + 1))

    apart(check)
