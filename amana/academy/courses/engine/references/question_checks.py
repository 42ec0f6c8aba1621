"""Whether questions and tests are sound."""

import re
from collections.abc import Iterator, Mapping
from typing import Any

from amana.academy.courses.engine.gathering import CourseSources, Plain
from amana.academy.courses.engine.references.course_faults import (
    COLUMNS_OF_SPACES,
    NO_ANSWER,
    NO_FEEDBACK,
    NO_FEEDBACK_AT_ALL,
    NO_HUMAN,
    NO_PAIRS,
    NO_SOURCE,
    ONE_RIGHT,
    OPTIONS_ONLY,
    OTHER_MINUTES,
    QUESTION_TWICE,
    SAME_TWICE,
    SOME_RIGHT,
    TWO_OPTIONS,
    Found,
)
from amana.faults import check_known
from amana.yaml_files.yamls import Place


def check_questions(gathered: CourseSources) -> Found:
    seen: dict[str, str] = {}
    for folder in gathered.folders:
        for source, at, question in gathered.iterate_questions(folder):
            if question["id"] in seen:
                values = {"name": question["id"], "first": seen[question["id"]]}
                yield source.fault((at, "id"), QUESTION_TWICE, **values)
            seen.setdefault(question["id"], source.file)
            # Only a question of a bank has a reason: it is not told to learners.
            check = check_bank_question if "reason" in question else check_question
            for place, sentence, values in check(question):
                yield source.fault((at, *place), sentence, **values)
            key = question.get("source")
            if key and not gathered.misread("sources.yaml"):
                known = gathered.plain("sources.yaml")
                yield from check_known(source, (at, "source"), NO_SOURCE, key, known)


type Wrong = Iterator[tuple[Place, str, dict[str, object]]]


def check_question(one: Plain) -> Wrong:
    kind = one["kind"]
    options = [convert_to_option(option) for option in one.get("options") or ()]
    for key, kinds in BELONGS.items():
        if key in one and kind not in kinds:
            yield (key,), OPTIONS_ONLY, {"key": key}
    if kind in ("one", "many", "decide"):
        yield from check_options(kind, options)
    elif not one.get("feedback"):
        yield (), NO_FEEDBACK_AT_ALL, {}
    if kind == "order" and len(options) < 3:
        yield (), TWO_OPTIONS, {"least": 3}
    if kind == "match" and not one.get("pairs"):
        yield (), NO_PAIRS, {}
    if kind == "number" and "answer" not in one:
        yield (), NO_ANSWER, {}
    said = [option["text"] for option in options]
    said += [pair["left"] for pair in one.get("pairs") or ()]
    if len(set(said)) < len(said):
        yield (), SAME_TWICE, {}


BELONGS = {
    "options": ("one", "many", "decide", "order"),
    "pairs": ("match",),
    "answer": ("number",),
    "tolerance": ("number",),
    "unit": ("number",),
}


def convert_to_option(option: Any) -> dict[str, Any]:
    """Convert an option, which in an order may be a text alone."""
    return {"text": option} if isinstance(option, str) else dict(option)


def check_options(kind: str, options: list[dict[str, object]]) -> Wrong:
    right = sum(bool(option.get("right")) for option in options)
    if len(options) < 2:
        yield (), TWO_OPTIONS, {"least": 2}
    elif kind == "one" and right != 1:
        yield ("options",), ONE_RIGHT, {"count": right}
    elif kind == "many" and right in (0, len(options)):
        yield ("options",), SOME_RIGHT, {}
    for at, option in enumerate(options):
        if not option.get("feedback"):
            yield ("options", at), NO_FEEDBACK, {}


def check_bank_question(question: Plain) -> Wrong:
    """Check a question of a bank: one right option, and no two alike. It has no
    feedback: learners are not told what was right in a graded test."""
    right = sum(bool(option.get("right")) for option in question["options"])
    if right != 1:
        yield ("options",), ONE_RIGHT, {"count": right}
    said = [option["text"] for option in question["options"]]
    if len(set(said)) < len(said):
        yield (), SAME_TWICE, {}


COLUMNS = re.compile(r"\S {3,}\S|\t")


def check_documents(gathered: CourseSources) -> Found:
    """Check the documents of banks, in each language, for columns made of spaces."""
    for name, source in gathered.sources.items():
        if not name.endswith("/bank.yaml"):
            continue
        asked = source.plain or ()
        # A translation has them by their ids, the original in order.
        places = asked.items() if isinstance(asked, Mapping) else enumerate(asked)
        for place, question in places:
            if COLUMNS.search(question.get("document", "")):
                yield source.fault((place, "document"), COLUMNS_OF_SPACES)


def can_be_right(question: Plain) -> bool:
    options = [convert_to_option(option) for option in question.get("options") or ()]
    return question["kind"] != "decide" or any(
        option.get("right") for option in options
    )


def check_assignments(gathered: CourseSources) -> Found:
    for folder in gathered.folders:
        if source := gathered.of_module(folder, "assignment"):
            rubric = source.plain["rubric"]
            if not any(criterion.get("human") for criterion in rubric):
                yield source.fault(("rubric",), NO_HUMAN)


def check_session_minutes(gathered: CourseSources) -> Found:
    for folder in gathered.folders:
        if source := gathered.of_module(folder, "live"):
            said = source.plain["minutes"]
            taken = sum(step["minutes"] for step in source.plain["steps"])
            if taken != said:
                yield source.fault(("minutes",), OTHER_MINUTES, sum=taken, said=said)
