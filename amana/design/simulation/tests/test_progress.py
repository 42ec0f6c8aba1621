"""Long work tells how far it is, and ends when nobody waits."""

from threading import Event

import pytest

from amana.design.simulation.progress import run_with_progress


def test_news_come_one_by_one_and_then_what_was_found():
    def work(progress):
        progress(1, 2)
        progress(2, 2)
        return "found"

    news = run_with_progress(work)

    assert [next(news), next(news)] == [(1, 2), (2, 2)]
    with pytest.raises(StopIteration) as end:
        next(news)
    assert end.value.value == "found"


def test_when_nobody_waits_the_work_ends():
    went_on, done = Event(), []

    def work(progress):
        progress(1, 100)
        went_on.wait(5)
        for number in range(2, 101):
            progress(number, 100)
            done.append(number)

    news = run_with_progress(work)
    next(news)
    went_on.set()
    news.close()

    assert len(done) < 99


def test_what_goes_wrong_is_told_to_whoever_waits():
    def work(progress):
        raise ValueError("wrong")

    with pytest.raises(ValueError, match="wrong"):
        next(run_with_progress(work))
