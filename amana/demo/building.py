"""Build the invented country: people, services, and cases that have come a long way."""

from collections.abc import Iterator
from datetime import timedelta
from pathlib import Path

from django.utils import timezone

from amana.demo import (
    asking,
    before,
    closing,
    counting,
    dates,
    fresh,
    judging,
    learning,
    listening,
    mechanism,
    meeting,
    outside,
    planning,
    releasing,
    requesting,
    together,
    trying,
    unasked,
)
from amana.demo import country as lands
from amana.demo.clock import start_clock
from amana.demo.country import DemoCountry
from amana.demo.invented_cases import ENDS, LENGTH
from amana.demo.stories import CaseStoryteller
from amana.errors import Unreadable
from amana.exchange.imports import actions as imports
from amana.exchange.imports.models import Import, ImportOutcome
from amana.exchange.sources.opening import unpack_file

type Progress = tuple[str, int, int]
"""What is being done, how much of it is done, of how much."""


class DemoUnfinished(Exception):
    """The demo can't be built, for a reason that the person who starts it may read."""


def build_demo(
    directory: Path | None = None, *, country: DemoCountry | None = None
) -> Iterator[Progress]:
    """Fill an empty database; yield its progress. Raises `DemoUnfinished`."""
    country, now = country or DemoCountry(), timezone.now()
    # What lies furthest back comes first: the log only grows, and its clock never goes
    # back.
    with start_clock(now - timedelta(days=before.LENGTH)) as clock:
        lands.load_areas()
        people = lands.count_people()
        for done in lands.create_organisations(country):
            yield "Organisations and people", done, people
        lands.add_emergency_contacts(country)
        yield before.run_year_before(country, clock), 1, 1
        clock.to(now - timedelta(days=LENGTH))
        version = mechanism.adopt_mechanism(country)
        yield "Mechanism", 1, 1
        if directory is None:
            lands.publish_services(country)
            yield "Services", 1, 1
            yield learning.begin_course(country), 1, 1
            teller = CaseStoryteller(country, clock)
            for told in teller.tell_all():
                yield "Cases", told, len(ENDS)
            teller.walker.screen_before_a_case(version)
            mechanism.discuss_draft(country)
            yield "A version to be discussed", 1, 1
            yield trying.try_out(country), 1, 1
            counting.fill_facts()
            yield "Facts", 1, 1
            yield dates.open_dates(country), 1, 1
            yield meeting.hold_sessions(country), 1, 1
            yield judging.mark_work(country), 1, 1
            yield together.meet_in_circle(country), 1, 1
            yield listening.listen_to_people(country), 1, 1
            yield planning.plan_costs(country), 1, 1
            yield closing.close_gaps(country), 1, 1
            yield asking.ask_ministers(country), 1, 1
            yield requesting.ask_houses(country, teller), 1, 1
            yield releasing.release_figures(country), 1, 1
            yield outside.refer_to_parish(country, teller), 1, 1
            yield unasked.send_without_consent(country, teller), 1, 1
            # In the present again, or the counts would already be old when a visitor
            # looks.
            clock.to(now)
            fresh.count_places(as_in_the_files=True)
            yield "Free places, counted now", 1, 1
        else:
            yield from import_directory(directory, country)


def add_cases(country: DemoCountry, *, seed: int) -> None:
    """Add as many cases more, to a country that is built."""
    with start_clock(timezone.now() - timedelta(days=LENGTH)) as clock:
        for _told in CaseStoryteller(country, clock, seed).tell_all():
            pass


def import_directory(directory: Path, country: DemoCountry) -> Iterator[Progress]:
    """Fill the directory from a real file, through the import that everyone uses."""
    by = country.coordinator
    try:
        brought = read_directory(directory, country)
    except Unreadable as error:
        raise DemoUnfinished(
            f"{directory.name}, {error.where}: {error.what}"
        ) from error
    total = brought.rows.count()
    while imports.plan_next_rows(brought, by=by):
        waiting = imports.count_outcomes(brought)[ImportOutcome.WAITING]
        yield "Services of the file", total - waiting, total
    imports.apply_import(brought, by=by)
    found = imports.count_outcomes(brought)
    yield f"{found[ImportOutcome.QUARANTINED]} could not be placed", total, total


def read_directory(directory: Path, country: DemoCountry) -> Import:
    """Read the file as its pages would, if each of their suggestions were accepted."""
    by = country.coordinator
    blob = directory.read_bytes()
    file = imports.open_source(blob, by=by)
    if imports.is_own_export(file):
        read = imports.read_hsds(blob, origin="demo-directory", by=by)
    else:
        tables = unpack_file(file.packed)
        read = imports.read_as_suggested(tables, origin="demo-directory")
    return imports.record_file(read, by=by)
