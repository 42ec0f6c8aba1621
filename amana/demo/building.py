"""Build the invented country: people, services, and cases that have come a long way."""

import json
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
from amana.demo.clock import moving_clock
from amana.demo.country import Country
from amana.demo.stories import ENDS, LENGTH, Teller
from amana.errors import Unreadable
from amana.exchange.imports import actions as imports
from amana.exchange.imports.models import Import, Outcome

type Progress = tuple[str, int, int]
"""What is being done, how much of it is done, of how much."""


class Unfinished(Exception):
    """The demo can't be built, for a reason that the person who starts it may read."""


def build(
    directory: Path | None = None, *, country: Country | None = None
) -> Iterator[Progress]:
    """Fill an empty database; yield its progress. Raises `Unfinished`."""
    country, now = country or Country(), timezone.now()
    # What lies furthest back comes first: the log only grows, and its clock never goes
    # back.
    with moving_clock(now - timedelta(days=before.LENGTH)) as clock:
        lands.load_areas()
        people = lands.how_many_people()
        for done in lands.found_organisations(country):
            yield "Organisations and people", done, people
        lands.say_whom_to_call(country)
        yield before.begin(country, clock), 1, 1
        clock.to(now - timedelta(days=LENGTH))
        version = mechanism.adopt(country)
        yield "Mechanism", 1, 1
        if directory is None:
            lands.publish_services(country)
            yield "Services", 1, 1
            yield learning.learn(country), 1, 1
            teller = Teller(country, clock)
            for told in teller.tell_all():
                yield "Cases", told, len(ENDS)
            teller.walker.screen_before_a_case(version)
            mechanism.discuss(country)
            yield "A version to be discussed", 1, 1
            yield trying.try_out(country), 1, 1
            counting.count()
            yield "Facts", 1, 1
            yield dates.open_dates(country), 1, 1
            yield meeting.meet(country), 1, 1
            yield judging.judge(country), 1, 1
            yield together.meet(country), 1, 1
            yield listening.listen(country), 1, 1
            yield planning.plan(country), 1, 1
            yield closing.close(country), 1, 1
            yield asking.ask(country), 1, 1
            yield requesting.ask(country, teller), 1, 1
            yield releasing.release(country), 1, 1
            yield outside.refer(country, teller), 1, 1
            yield unasked.tell(country, teller), 1, 1
            # In the present again, or the counts would already be old when a visitor
            # looks.
            clock.to(now)
            fresh.count_places(as_in_the_files=True)
            yield "Free places, counted now", 1, 1
        else:
            yield from bring(directory, country)


def tell(country: Country, *, seed: int) -> None:
    """Add as many cases more, to a country that is built."""
    with moving_clock(timezone.now() - timedelta(days=LENGTH)) as clock:
        for _told in Teller(country, clock, seed).tell_all():
            pass


def bring(directory: Path, country: Country) -> Iterator[Progress]:
    """Fill the directory from a real file, through the import that everyone uses."""
    by = country.coordinator
    try:
        brought = read(directory, country)
    except Unreadable as error:
        raise Unfinished(f"{directory.name}, {error.where}: {error.what}") from error
    total = brought.rows.count()
    while imports.plan_some(brought, by=by):
        waiting = imports.counts(brought)[Outcome.WAITING]
        yield "Services of the file", total - waiting, total
    imports.take_in(brought, by=by)
    found = imports.counts(brought)
    yield f"{found[Outcome.QUARANTINED]} could not be placed", total, total


def read(directory: Path, country: Country) -> Import:
    by = country.coordinator
    blob = directory.read_bytes()
    if is_geojson(blob):
        file = imports.read_geojson(blob, mapping_name="services-advisor", by=by)
    else:
        file = imports.read_hsds(blob, origin="demo-directory", by=by)
    return imports.bring(file, by=by)


def is_geojson(blob: bytes) -> bool:
    try:
        said = json.loads(blob)
    except ValueError:
        return False
    return isinstance(said, dict) and said.get("type") == "FeatureCollection"
