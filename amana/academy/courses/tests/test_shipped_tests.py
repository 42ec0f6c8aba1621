"""In the tests of the courses that come along, a learner who reads nothing fails in
each language, and a learner who knows the answers passes."""

import random
from functools import cache

import pytest

from amana.academy.courses import shipped_courses
from amana.academy.courses.engine import (
    course_content,
    files,
    guessing,
    marking,
    reading,
)
from amana.academy.courses.engine.course_content import CourseContent, Module, Question
from amana.academy.courses.engine.guessing import GuessedQuestion, GuessingRule

TRIES = 200
FOLDERS = shipped_courses.map_folders()


@cache
def read(name: str) -> CourseContent:
    checked = reading.read_course(files.read_folder(FOLDERS[name]))
    return course_content.build_course(checked.compiled)


def list_tests() -> list[tuple[str, str, str]]:
    return [
        (name, module.code, language)
        for name in FOLDERS
        for module in read(name).modules
        for language in read(name).languages
    ]


def list_best(rule: GuessingRule, question: Question, language: str) -> list[int]:
    """List the options among which someone who follows the rule chooses by lot."""
    asked = question.texts[language]
    options = tuple(option.text for option in asked.options)
    said = f"{asked.document} {asked.text}"
    rated = rule.rate(GuessedQuestion(said, options, min(question.right)))
    return [at for at, value in enumerate(rated) if value == max(rated)]


def count_passed(module: Module, best: dict[str, list[int]], rng: random.Random) -> int:
    passed = 0
    for number in range(TRIES):
        seed = str(number)
        asked = marking.choose_questions(module.test, seed)
        answers = {id: [rng.choice(best[id])] for id in asked}
        passed += marking.mark_test(module, seed, answers).passed
    return passed


@pytest.mark.parametrize(("name", "code", "language"), list_tests())
def test_nobody_passes_who_reads_nothing(name, code, language):
    module = read(name).module(code)
    assert module is not None
    questions = {id: module.questions[id] for id in module.test.questions}
    assert all(language in question.texts for question in questions.values())
    rules = guessing.list_rules(language)
    assert len(rules) >= 10
    for rule in rules:
        best = {id: list_best(rule, q, language) for id, q in questions.items()}
        assert count_passed(module, best, random.Random(rule.sentence)) == 0, rule


@pytest.mark.parametrize("name", FOLDERS)
def test_a_learner_who_knows_the_answers_passes(name):
    for module in read(name).modules:
        known = {id: sorted(module.questions[id].right) for id in module.test.questions}
        assert count_passed(module, known, random.Random(1)) == TRIES


@pytest.mark.parametrize("name", FOLDERS)
def test_each_asks_twenty_of_a_hundred_and_what_could_harm(name):
    for module in read(name).modules:
        test = module.test
        assert (test.draw, test.pass_share, test.critical_draw) == (20, 0.75, 3)
        assert len(test.questions) >= 100
        assert len(test.critical) >= 24
