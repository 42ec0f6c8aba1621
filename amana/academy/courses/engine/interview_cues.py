"""Check whether the best answer of an interview can be found without reading it, as the
longest, the shortest or the first one.

The best answer of a choice is the one after which a `strong` note stands."""

import math
from collections.abc import Iterator, Sequence

from amana.academy.courses.engine import guessing
from amana.academy.courses.engine.guessing import GuessedQuestion, GuessingRule
from amana.academy.courses.engine.interview_files import InterviewFile
from amana.academy.courses.engine.interview_story import StoryPlace
from amana.academy.courses.engine.references.bank_checks import find_unlike_lengths
from amana.academy.courses.engine.references.course_faults import UNLIKE_LENGTHS
from amana.faults import Fault, gettext_noop

ENOUGH = 5
"""Choices from which on a rule that scores well is no accident: of four, each with two
answers, it would find all in one conversation of sixteen."""

RULES = (
    GuessingRule(
        gettext_noop(
            "Always choosing the longest answer finds the best one in %(right)s of "
            "%(count)s choices. By chance it would be %(chance)s; at most %(most)s is "
            "accepted."
        ),
        guessing.rate_length,
    ),
    GuessingRule(
        gettext_noop(
            "Always choosing the shortest answer finds the best one in %(right)s of "
            "%(count)s choices. By chance it would be %(chance)s; at most %(most)s is "
            "accepted."
        ),
        guessing.rate_brevity,
    ),
    GuessingRule(
        gettext_noop(
            "Always choosing the first answer in the file finds the best one in "
            "%(right)s of %(count)s choices. By chance it would be %(chance)s; at most "
            "%(most)s is accepted."
        ),
        guessing.rate_place(0),
    ),
)


def check_cues(
    interview: InterviewFile, places: Sequence[StoryPlace]
) -> Iterator[Fault]:
    for options in dict.fromkeys(tuple(place.scene.choices) for place in places):
        if unlike := find_unlike_lengths(options):
            line = find_line(interview, options)
            yield Fault(interview.file, line, UNLIKE_LENGTHS, unlike)
    asked = list_choices(places)
    if len(asked) < ENOUGH:
        return
    for score in guessing.score_rules(asked, RULES):
        if score.is_cue:
            values = {
                "right": round(score.right),
                "count": len(asked),
                "chance": round(score.chance),
                "most": math.floor(score.most),
            }
            yield Fault(interview.file, None, score.rule.sentence, values)


def list_choices(places: Sequence[StoryPlace]) -> list[GuessedQuestion]:
    """List the choices that have one best answer, each once."""
    found: dict[GuessedQuestion, None] = {}
    for place in places:
        before = len(place.scene.strong)
        best = [at for at, led in enumerate(place.after) if len(led.strong) > before]
        if len(best) == 1 and len(place.after) > 1:
            found[GuessedQuestion("", tuple(place.scene.choices), best[0])] = None
    return list(found)


def find_line(interview: InterviewFile, options: Sequence[str]) -> int | None:
    for number, line in enumerate(interview.written.splitlines(), 1):
        if options[0] in line:
            return number
    return None
