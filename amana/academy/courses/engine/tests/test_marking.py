"""Answers are right or not, tests are drawn and scored, progress says the rest."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from amana.academy.courses.engine import course_content, marking, reading
from amana.academy.courses.engine.marking import Given
from amana.academy.courses.engine.progress import SubmittedTest, compute_progress
from amana.academy.courses.tests.courses import small_course

COURSE = course_content.build_course(reading.read_course(small_course()).compiled)
CONSENT, LAW = COURSE.modules
RIGHT: dict[str, Given] = {
    "m1-q01": [0],
    "m1-q03": [0, 1],
    "m1-q04": [0, 1, 2],
    "m1-q05": [0, 1],
    "m1-q06": "24",
}


@pytest.mark.parametrize("name", RIGHT)
def test_the_right_answer_is_right(name):
    question = COURSE.questions[name]

    assert marking.is_answer(question, RIGHT[name])
    assert marking.is_right(question, RIGHT[name])


@pytest.mark.parametrize(
    ("name", "given"),
    [
        ("m1-q01", [1]),
        ("m1-q03", [0]),
        ("m1-q03", [0, 1, 2]),
        ("m1-q04", [1, 0, 2]),
        ("m1-q05", [1, 0]),
        ("m1-q06", "25"),
    ],
)
def test_a_wrong_answer_is_an_answer_and_wrong(name, given):
    question = COURSE.questions[name]

    assert marking.is_answer(question, given)
    assert not marking.is_right(question, given)


@pytest.mark.parametrize(
    ("name", "given"),
    [
        ("m1-q01", []),
        ("m1-q01", [3]),
        ("m1-q01", [-1]),
        ("m1-q01", [True]),
        ("m1-q01", [0, 1]),
        ("m1-q01", "0"),
        ("m1-q03", [0, 0]),
        ("m1-q04", [0, 1]),
        ("m1-q06", [24]),
        ("m1-q06", "soon"),
        ("m1-q06", "NaN"),
        ("m1-q06", "inf"),
        ("m1-q06", "1e9999999"),
    ],
)
def test_what_can_be_no_answer_is_none(name, given):
    assert not marking.is_answer(COURSE.questions[name], given)


@pytest.mark.parametrize("typed", ["24", " 24 ", "24,5", "23.5"])
def test_a_number_may_be_a_little_off_and_have_a_comma(typed):
    assert marking.is_right(COURSE.questions["m1-q06"], typed)


@given(st.uuids().map(str))
def test_every_draw_has_its_number_and_what_is_critical(seed):
    drawn = marking.choose_questions(CONSENT.test, seed)

    assert drawn == marking.choose_questions(CONSENT.test, seed)
    assert len(drawn) == len(set(drawn)) == 4
    assert "m1-q01" in drawn
    assert set(drawn) <= set(CONSENT.test.questions)


def test_other_seeds_draw_other_questions():
    draws = {
        tuple(marking.choose_questions(CONSENT.test, str(seed))) for seed in range(20)
    }

    assert len(draws) > 10


def answered(seed, *, wrong=()):
    drawn = marking.choose_questions(CONSENT.test, seed)
    missed: dict[str, Given] = {
        "m1-q01": [1],
        "m1-q03": [0],
        "m1-q04": [2, 1, 0],
        "m1-q05": [1, 0],
    }
    missed["m1-q06"] = "1"
    return {name: missed[name] if name in wrong else RIGHT[name] for name in drawn}


def test_enough_right_answers_pass():
    drawn = marking.choose_questions(CONSENT.test, "a")
    other = next(name for name in drawn if name != "m1-q01")

    all_right = marking.mark_test(CONSENT, "a", answered("a"))
    one_wrong = marking.mark_test(CONSENT, "a", answered("a", wrong=[other]))

    assert (all_right.passed, len(all_right.right), all_right.needed) == (True, 4, 3)
    assert (one_wrong.passed, one_wrong.wrong) == (True, (other,))


def test_too_few_right_answers_do_not():
    drawn = [
        name for name in marking.choose_questions(CONSENT.test, "a") if name != "m1-q01"
    ]

    assert not marking.mark_test(CONSENT, "a", answered("a", wrong=drawn[:2])).passed


def test_a_critical_answer_that_is_wrong_fails_all_the_same():
    result = marking.mark_test(CONSENT, "a", answered("a", wrong=["m1-q01"]))

    assert len(result.right) == result.needed
    assert result.critical == ("m1-q01",)
    assert not result.passed


def test_a_critical_answer_that_is_left_out_fails_too():
    answers = answered("a")
    del answers["m1-q01"]

    assert not marking.mark_test(CONSENT, "a", answers).passed


def test_whoever_begins_is_shown_the_first_lesson():
    begun = compute_progress(COURSE, set(), [])

    assert begun.next is not None
    assert begun.next.lesson == CONSENT.lessons[0]
    assert (begun.steps_done, begun.steps) == (0, 5)


def test_after_the_lessons_comes_the_test_and_then_the_next_module():
    read = {lesson.path for lesson in CONSENT.lessons}
    failed = SubmittedTest("m1", "a", {})
    passed = SubmittedTest("m1", "a", answered("a"))

    assert next(compute_progress(COURSE, read, []).ahead()).lesson is None
    again = compute_progress(COURSE, read, [failed])
    assert next(again.ahead()).module == CONSENT
    assert [result.needed for result in again.of(CONSENT).results] == [3]
    on = compute_progress(COURSE, read, [failed, passed, failed])
    assert on.of(CONSENT).done
    assert next(on.ahead()).module == LAW


def test_a_course_is_done_when_everything_is():
    read = {lesson.path for lesson in COURSE.lessons}
    handed = [
        SubmittedTest("m1", "a", answered("a")),
        SubmittedTest("m2", "b", {"m2-q01": [0]}),
    ]

    assert compute_progress(COURSE, read, handed).done
    assert compute_progress(COURSE, read, handed).next is None
    assert not compute_progress(COURSE, read, handed[:1]).done
