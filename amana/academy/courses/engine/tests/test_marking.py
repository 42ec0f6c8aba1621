"""Answers are right or not, tests are drawn and scored, progress says the rest."""

import json
from collections import Counter

import pytest
from hypothesis import given
from hypothesis import strategies as st

from amana.academy.courses.engine import course_content, marking, reading
from amana.academy.courses.engine.progress import SubmittedTest, compute_progress
from amana.academy.courses.tests.courses import CRITICAL, RIGHT, small_course

COURSE = course_content.build_course(reading.read_course(small_course()).compiled)
CONSENT, LAW = COURSE.modules
PRACTICE = [name for name in RIGHT if "-q" in name]


@pytest.mark.parametrize("name", PRACTICE)
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
def test_every_draw_has_its_number_and_so_many_critical_ones(seed):
    drawn = marking.choose_questions(CONSENT.test, seed)

    assert drawn == marking.choose_questions(CONSENT.test, seed)
    assert len(drawn) == len(set(drawn)) == 20
    assert len(set(drawn) & set(CONSENT.test.critical)) == 2
    assert set(drawn) <= set(CONSENT.test.questions)


def test_each_question_is_drawn_as_often_as_others_of_its_kind():
    drawn = Counter(
        id for n in range(1000) for id in marking.choose_questions(CONSENT.test, str(n))
    )
    critical = {drawn[id] for id in CONSENT.test.critical}
    others = {drawn[id] for id in CONSENT.test.questions} - critical

    assert len(CONSENT.test.critical) == CRITICAL
    assert 110 < min(critical) < max(critical) < 230  # 2 of 12
    assert 140 < min(others) < max(others) < 270  # 18 of 88


def test_other_seeds_draw_other_questions():
    draws = {
        tuple(marking.choose_questions(CONSENT.test, str(seed))) for seed in range(20)
    }

    assert len(draws) > 10


def answered(seed, *, wrong=(), module=CONSENT):
    """Answer right what was drawn, but for those that are to be wrong."""
    drawn = marking.choose_questions(module.test, seed)
    right = {name: sorted(module.questions[name].right) for name in drawn}
    return right | {name: [(right[name][0] + 1) % 4] for name in wrong}


def draw_apart(seed):
    """Draw, and return the critical questions and the others."""
    drawn = marking.choose_questions(CONSENT.test, seed)
    critical = [name for name in drawn if name in CONSENT.test.critical]
    return critical, [name for name in drawn if name not in critical]


def test_enough_right_answers_pass():
    _critical, others = draw_apart("a")

    all_right = marking.mark_test(CONSENT, "a", answered("a"))
    five_wrong = marking.mark_test(CONSENT, "a", answered("a", wrong=others[:5]))

    assert (all_right.passed, len(all_right.right), all_right.needed) == (True, 20, 15)
    assert (five_wrong.passed, set(five_wrong.wrong)) == (True, set(others[:5]))


def test_too_few_right_answers_do_not():
    _critical, others = draw_apart("a")

    assert not marking.mark_test(CONSENT, "a", answered("a", wrong=others[:6])).passed


def test_a_critical_answer_that_is_wrong_fails_all_the_same():
    critical, _others = draw_apart("a")
    result = marking.mark_test(CONSENT, "a", answered("a", wrong=critical[:1]))

    assert len(result.right) == 19 > result.needed
    assert result.critical == (critical[0],)
    assert not result.passed


def test_a_critical_answer_that_is_left_out_fails_too():
    critical, _others = draw_apart("a")
    answers = answered("a")
    del answers[critical[0]]

    assert not marking.mark_test(CONSENT, "a", answers).passed


def test_a_version_of_before_asks_all_that_is_critical():
    plain = json.loads(reading.read_course(small_course()).compiled)
    for module in plain["modules"]:
        del module["test"]["critical_draw"]
        for question in module["questions"]:
            for text in question["texts"].values():
                del text["document"]
    before = course_content.build_course(json.dumps(plain))
    test = before.modules[0].test
    assert test.critical_draw == len(test.critical)
    assert set(test.critical) <= set(marking.choose_questions(test, "a"))


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
    assert [result.needed for result in again.of(CONSENT).results] == [15]
    on = compute_progress(COURSE, read, [failed, passed, failed])
    assert on.of(CONSENT).done
    assert next(on.ahead()).module == LAW


def test_a_course_is_done_when_everything_is():
    read = {lesson.path for lesson in COURSE.lessons}
    handed = [
        SubmittedTest("m1", "a", answered("a")),
        SubmittedTest("m2", "b", answered("b", module=LAW)),
    ]

    assert compute_progress(COURSE, read, handed).done
    assert compute_progress(COURSE, read, handed).next is None
    assert not compute_progress(COURSE, read, handed[:1]).done
