"""Bad questions are found among good ones, by the answers of a thousand."""

import random
from math import exp
from statistics import correlation

import pytest

from amana.academy.courses.engine import course_content, marking, reading
from amana.academy.courses.engine.item_statistics import (
    LEAST_JUDGED,
    ItemFlag,
    add_items,
    compute_items,
)
from amana.academy.courses.tests.courses import small_course

COURSE = course_content.build_course(reading.read_course(small_course()).compiled)
MODULE = COURSE.modules[0]
WRONG_KEY, EASY, BLIND, DEAD = "m1-b020", "m1-b040", "m1-b060", "m1-b080"
PLANTED = {
    WRONG_KEY: {ItemFlag.TOO_HARD, ItemFlag.NOT_TELLING},
    EASY: {ItemFlag.TOO_EASY},
    BLIND: {ItemFlag.NOT_TELLING},
    DEAD: {ItemFlag.DEAD_OPTION},
}


def answer(id: str, ability: float, rng: random.Random) -> int:
    """Answer as a learner of some ability does (Rasch), but for the planted faults."""
    right = min(MODULE.questions[id].right)
    wrong = [at for at in range(4) if at != right]
    knows = rng.random() < 1 / (1 + exp(-ability))
    if id == WRONG_KEY:
        # What is marked as right is wrong: those who know choose another one.
        return wrong[0] if knows else rng.randrange(4)
    if id == EASY:
        return right if rng.random() < 0.99 else wrong[0]
    if id == BLIND:
        return right if rng.random() < 0.6 else rng.choice(wrong)
    if knows:
        return right
    return rng.choice(wrong[:2] if id == DEAD else wrong)


def take(number: int, rng: random.Random):
    ability, seed = rng.gauss(0.6, 1.2), str(number)
    drawn = marking.choose_questions(MODULE.test, seed)
    return seed, {id: [answer(id, ability, rng)] for id in drawn}


@pytest.fixture(scope="module")
def taken():
    rng = random.Random(11)
    return [take(number, rng) for number in range(1000)]


def test_the_planted_ones_are_flagged_and_hardly_any_other(taken):
    items = compute_items(MODULE, taken)

    for id, flags in PLANTED.items():
        assert items[id].asked >= LEAST_JUDGED
        assert flags <= set(items[id].flags), (id, items[id].flags)
    others = [id for id, item in items.items() if item.flags and id not in PLANTED]
    assert len(others) <= 3, others
    assert items[DEAD].dead == [3]


def test_few_answers_are_not_judged(taken):
    items = compute_items(MODULE, taken[:300])
    assert all(item.asked < LEAST_JUDGED for item in items.values())
    assert not any(item.flags for item in items.values())


def test_discrimination_is_the_correlation_with_the_rest(taken):
    item = compute_items(MODULE, taken)["m1-b050"]
    told = [
        (id_right, (len(marked.right) - id_right) / 19)
        for seed, answers in taken
        if "m1-b050" in answers
        for marked in [marking.mark_test(MODULE, seed, answers)]
        for id_right in [int("m1-b050" in marked.right)]
    ]
    expected = correlation(*zip(*told, strict=True))
    assert item.discrimination == pytest.approx(expected)
    assert item.difficulty == pytest.approx(sum(right for right, _ in told) / len(told))


def test_what_all_answer_alike_tells_nothing():
    seed = "1"
    drawn = marking.choose_questions(MODULE.test, seed)
    right = {id: sorted(MODULE.questions[id].right) for id in drawn}
    items = compute_items(MODULE, [(seed, right), (seed, {})])
    assert items[drawn[0]].discrimination is not None
    items = compute_items(MODULE, [(seed, right)] * 2)
    assert items[drawn[0]].discrimination is None
    assert items[drawn[0]].difficulty == 1
    never = next(id for id in items if id not in drawn)
    assert (items[never].asked, items[never].difficulty) == (0, 0)


def test_what_is_left_out_counts_and_versions_add_up(taken):
    seed = "1"
    drawn = marking.choose_questions(MODULE.test, seed)
    items = compute_items(MODULE, [(seed, {})])
    assert items[drawn[0]].chosen == {-1: 1}
    half, rest = compute_items(MODULE, taken[:500]), compute_items(MODULE, taken[500:])
    whole = compute_items(MODULE, taken)
    add_items(half, rest)
    for id, item in whole.items():
        assert half[id].chosen == item.chosen
        assert half[id].discrimination == pytest.approx(item.discrimination)
