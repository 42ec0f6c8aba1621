"""What has come, what is still to come, and what did not come, as it is read."""

from dataclasses import dataclass, replace
from datetime import datetime

from django.utils.translation import gettext as _

from amana.academy.exercises import labels
from amana.academy.exercises.engine import staging
from amana.academy.exercises.engine.exercise_log import ExerciseLog
from amana.academy.exercises.engine.hindrances import Hindrance, find_hindrance
from amana.academy.exercises.engine.scenario import ActPattern, Inject, Seat
from amana.sandbox import playing
from amana.sandbox.stage import Stage


@dataclass(frozen=True)
class ReceivedInject:
    """An inject as it is read: what it says, from whom, and when it came."""

    code: str
    text: str
    sender: str
    at: datetime | None
    readers: str = ""
    due_at: datetime | None = None
    hindrance: str = ""
    """Why it has not come, where only its time would not bring it; once the exercise
    has ended, why it did not come."""

    @property
    def is_played(self) -> bool:
        return self.at is not None


def build_inject(inject: Inject, stage: Stage) -> ReceivedInject:
    seats = playing.load_scenario().seats
    text = playing.say(inject.text)
    if not text and inject.do:
        text = str(labels.ACTS[inject.do.act])
    return ReceivedInject(
        inject.code,
        text,
        playing.say(inject.sender),
        stage.played.get(inject.code),
        ", ".join(playing.say(seats[code].title) for code in inject.seats),
    )


def list_received(seat: Seat | None, stage: Stage) -> list[ReceivedInject]:
    """List what has come to a seat, the latest first; to all of them for who leads."""
    found = [
        build_inject(inject, stage)
        for inject in playing.load_scenario().injects.values()
        if inject.code in stage.played
        and inject.text
        and (seat is None or seat.code in inject.seats)
    ]
    return sorted(found, key=lambda inject: inject.at or stage.now(), reverse=True)


def list_to_come(log: ExerciseLog, stage: Stage) -> list[ReceivedInject]:
    """List what was not played yet, with when it is due or what keeps it; once the
    exercise has ended, why it did not come. The next one comes first."""
    scenario = playing.load_scenario()
    found = []
    for inject in scenario.injects.values():
        if inject.code not in stage.played:
            due_at = staging.find_due_time(scenario, log, inject, stage.played)
            hindrance = find_hindrance(scenario, log, inject, stage.played)
            words = format_hindrance(hindrance) if hindrance else ""
            if not words and due_at and stage.ended_at:
                words = labels.format_missed(due_at, stage.ended_at)
            shown = build_inject(inject, stage)
            found.append(replace(shown, due_at=due_at, hindrance=words))
    return sorted(
        found, key=lambda inject: (bool(inject.hindrance), inject.due_at or stage.now())
    )


def format_hindrance(hindrance: Hindrance) -> str:
    """Format why an inject has not come: a sentence without its full stop."""
    if hindrance.done:
        return _("Does not come, since this was done in time: %(act)s") % {
            "act": format_pattern(hindrance.done)
        }
    if hindrance.awaited:
        return _("Waits for: %(act)s") % {"act": format_pattern(hindrance.awaited)}
    return _("Waits for “%(inject)s”") % {"inject": hindrance.awaited_inject}


def format_pattern(pattern: ActPattern) -> str:
    return labels.format_act(pattern, playing.load_scenario(), playing.load_pack())
