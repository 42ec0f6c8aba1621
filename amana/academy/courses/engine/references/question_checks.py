"""Whether questions and tests are sound."""

from collections.abc import Iterator
from typing import Any

from amana.academy.courses.engine.gathering import CourseSources, Plain
from amana.academy.courses.engine.references.course_faults import (
    DRAWS_TOO_MANY,
    NO_ANSWER,
    NO_FEEDBACK,
    NO_FEEDBACK_AT_ALL,
    NO_HUMAN,
    NO_PAIRS,
    NO_QUESTION,
    NO_SOURCE,
    NOBODY_RIGHT,
    NOT_IN_TEST,
    ONE_RIGHT,
    OPTIONS_ONLY,
    OTHER_MINUTES,
    QUESTION_TWICE,
    SAME_TWICE,
    SOME_RIGHT,
    TOO_MANY_CRITICAL,
    TWO_OPTIONS,
    Found,
)
from amana.faults import check_known
from amana.yaml_files.yamls import Place


def check_questions(gathered: CourseSources) -> Found:
    seen: dict[str, str] = {}
    for folder in gathered.folders:
        source = gathered.of_module(folder, "questions")
        for at, question in enumerate(gathered.questions(folder)):
            assert source is not None
            if question["id"] in seen:
                values = {"name": question["id"], "first": seen[question["id"]]}
                yield source.fault((at, "id"), QUESTION_TWICE, **values)
            seen.setdefault(question["id"], source.file)
            for place, sentence, values in check_question(question):
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


def check_tests(gathered: CourseSources) -> Found:
    for folder in gathered.folders:
        test = gathered.of_module(folder, "test")
        known = {question["id"]: question for question in gathered.questions(folder)}
        if test is None or not known:
            continue
        asked, draw = test.plain["questions"], test.plain["draw"]
        critical = test.plain.get("critical") or []
        for at, name in enumerate(asked):
            yield from check_known(test, ("questions", at), NO_QUESTION, name, known)
            if name in known and not can_be_right(known[name]):
                yield test.fault(("questions", at), NOBODY_RIGHT, name=name)
        for at, name in enumerate(critical):
            if name not in asked:
                yield test.fault(("critical", at), NOT_IN_TEST, name=name)
        if draw > len(asked):
            yield test.fault(("draw",), DRAWS_TOO_MANY, draw=draw, count=len(asked))
        elif len(critical) > draw:
            values = {"count": len(critical), "draw": draw}
            yield test.fault(("critical",), TOO_MANY_CRITICAL, **values)


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
