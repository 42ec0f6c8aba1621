"""Scripts that could never answer: their agency is closed until the exercise ends."""

from collections.abc import Iterator
from datetime import datetime, timedelta

from amana.academy.exercises.engine.scenario import Agency, Scenario
from amana.faults import Fault, gettext_noop
from amana.working_time import Calendar
from amana.yaml_files.yamls import YAMLSource

CLOSED = gettext_noop(
    "“%(name)s” is closed from then on until the exercise ends: this would never be "
    "answered."
)
LOOK = timedelta(minutes=15)
WEEK = timedelta(days=7)
"""After which opening hours repeat."""


def find_silent_scripts(
    source: YAMLSource, scenario: Scenario, calendar: Calendar
) -> Iterator[Fault]:
    """Find the reactions for which there is no moment to happen, even if what they
    answer comes at the start."""
    end = scenario.length.after(scenario.start, calendar)
    for seat in scenario.seats.values():
        agency = scenario.agencies[seat.agency]
        for number, reaction in enumerate(scenario.scripts.get(seat.script, ())):
            first = reaction.after.after(scenario.start, calendar)
            if not is_open_between(agency, first, end, scenario):
                there = ("scripts", seat.script, number, "after")
                yield source.fault(there, CLOSED, name=agency.code)


def is_open_between(
    agency: Agency, first: datetime, end: datetime, scenario: Scenario
) -> bool:
    moment, last = first, min(end, first + WEEK)
    while moment < last:
        if agency.is_open(moment.astimezone(scenario.start.tzinfo)):
            return True
        moment += LOOK
    return False
