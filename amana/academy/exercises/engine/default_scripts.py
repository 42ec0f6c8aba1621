"""What answers at a seat that has no script, where one person plays alone."""

from dataclasses import replace

from amana.academy.exercises.engine.scenario import (
    Agency,
    Scenario,
    ScriptedReaction,
)
from amana.working_time import parse_span

AN_HOUR = parse_span("PT60M")


def add_default_scripts(scenario: Scenario) -> Scenario:
    """Give each seat that has no script one that answers within the hour: in life they
    are played, and who plays alone would wait for them for ever."""
    seats, scripts = dict(scenario.seats), dict(scenario.scripts)
    for seat in scenario.seats.values():
        if not seat.script:
            code = f"{seat.code} by default"  # no code of a file has spaces
            seats[seat.code] = replace(seat, script=code)
            scripts[code] = build_script(scenario.agencies[seat.agency])
    return replace(scenario, seats=seats, scripts=scripts)


def build_script(agency: Agency) -> tuple[ScriptedReaction, ...]:
    accepts = ScriptedReaction("referral.sent", "referral.answered", AN_HOUR)
    if agency.places is None:
        return (accepts,)
    declines = ScriptedReaction(
        "referral.sent", "referral.declined", AN_HOUR, reason="no_capacity"
    )
    return replace(accepts, if_places=True), declines
