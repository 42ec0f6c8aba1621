"""A player that 1EdTech certified (qti3-item-player) takes our items, and marks answers
as we do."""

import pytest

from amana.academy.courses.engine import course_content, marking, reading
from amana.academy.courses.tests.courses import small_course
from amana.exchange.learning.qti.writing import write_item
from tests.peers import node

SMALL = course_content.build_course(reading.read_course(small_course()).compiled)
GIVEN: dict[str, list[marking.Given]] = {
    "m1-q01": [[0], [1], [2]],
    "m1-q02": [[0], [1]],
    "m1-q03": [[0, 1], [0], [0, 1, 2]],
    "m1-q04": [[0, 1, 2], [2, 1, 0]],
    "m1-q05": [[0, 1], [1, 0]],
    "m1-q06": ["24", "24.5", "23.4", "25"],
    "m2-q01": [[0], [1]],
}
CASES = [(id, given) for id, every in GIVEN.items() for given in every]


def as_response(question, given):
    if isinstance(given, str):
        return float(given)
    if question.kind == "match":
        return [f"l{left} r{right}" for left, right in enumerate(given)]
    names = [f"o{at}" for at in given]
    return names[0] if question.kind in ("one", "decide") else names


@pytest.fixture(scope="module")
def played():
    asked = [
        {
            "xml": write_item(question, question.texts["en"], "en").decode(),
            "answer": as_response(question, given),
        }
        for id, given in CASES
        for question in [SMALL.questions[id]]
    ]
    return dict(zip(map(str, CASES), node.run("qti.mjs", asked), strict=True))


def test_every_kind_of_question_is_asked_about():
    assert GIVEN.keys() == SMALL.practice.keys()


@pytest.mark.parametrize(("id", "given"), CASES)
def test_the_player_marks_as_we_do(played, id, given):
    question, answer = SMALL.questions[id], played[str((id, given))]

    assert answer["errors"] == []
    assert question.texts["en"].text in answer["text"]
    right = marking.is_right(question, given)
    assert answer["outcome"]["SCORE"] == (1 if right else 0)


@pytest.mark.parametrize(("id", "given"), CASES)
def test_the_player_shows_the_feedback_on_what_was_chosen(played, id, given):
    question, outcome = SMALL.questions[id], played[str((id, given))]["outcome"]

    if question.kind in ("one", "decide", "many"):
        assert outcome["FEEDBACK"] == [f"o{at}" for at in given]
    else:
        assert outcome["REMARK"] == "all"
