"""How long a module takes: counted, and not claimed.

Lessons by their words and what they ask, the test by its questions, sessions by their
plans, conversations by their headers. The work alone is an estimate of its authors.

The rate is about half of what people read in silence in their first language (238 words
a minute; Brysbaert 2019, Journal of Memory and Language 109): learners stop to think,
and most read in a second language."""

import math
from collections.abc import Iterable
from typing import Any

from amana.academy.courses.engine.gathering import CourseSources
from amana.academy.courses.engine.prose import ProsePiece

WORDS_A_MINUTE = 130
MINUTES = {"question": 1.5, "reflect": 3.0, "helplines": 0.0}
"""By what a lesson asks between its words."""
TEST_QUESTION = 1.5


def count_lesson_minutes(pieces: Iterable[ProsePiece]) -> int:
    minutes = 0.0
    for piece in pieces:
        if piece.kind == "words":
            minutes += len(piece.said.split()) / WORDS_A_MINUTE
        else:
            minutes += MINUTES.get(piece.kind, 0.0)
    return math.ceil(minutes)


def count_module_minutes(
    gathered: CourseSources, folder: str, interviews: Iterable[Any]
) -> dict[str, int]:
    """Count a module’s minutes by what they are spent on."""
    lessons = gathered.lessons_of(folder, gathered.first)
    test = gathered.plain(f"modules/{folder}/test.yaml")
    return {
        "lessons": sum(count_lesson_minutes(lesson.pieces) for lesson in lessons),
        "test": math.ceil(TEST_QUESTION * test["draw"]),
        "work": gathered.plain(f"modules/{folder}/assignment.yaml").get("minutes", 0),
        "session": gathered.plain(f"modules/{folder}/live.yaml").get("minutes", 0),
        "conversations": sum(int(interview["minutes"]) for interview in interviews),
    }
