"""What the invented people know, and what they have disclosed."""

from dataclasses import dataclass

from amana.academy.exercises import labels
from amana.academy.exercises.engine import staging
from amana.academy.exercises.engine.exercise_log import ExerciseLog
from amana.sandbox import playing


@dataclass(frozen=True)
class KnownFact:
    """What a person discloses, when, and whether all that they wait for was done."""

    tells: str
    when: str
    is_open: bool


def list_known(log: ExerciseLog) -> list[tuple[str, list[KnownFact]]]:
    """List what each person knows; who plays alone reads only what was disclosed."""
    everyone = []
    for person in playing.load_scenario().people.values():
        disclosed = staging.list_disclosed(person, log)
        facts = [
            KnownFact(
                playing.say(known.tells),
                labels.format_conditions(known.when),
                known in disclosed,
            )
            for known in person.knows
        ]
        everyone.append((person.name, facts))
    return everyone


def list_disclosed(log: ExerciseLog) -> list[tuple[str, list[KnownFact]]]:
    """List what people have disclosed by now, to who plays alone."""
    known = [
        (name, [fact for fact in facts if fact.is_open])
        for name, facts in list_known(log)
    ]
    return [(name, facts) for name, facts in known if facts]
