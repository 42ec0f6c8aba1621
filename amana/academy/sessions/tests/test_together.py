"""Many at the same moment: nothing is lost, doubled, or numbered twice."""

from concurrent.futures import ThreadPoolExecutor
from threading import Barrier
from uuid import uuid4

import pytest
from django.db import connection

from amana import given
from amana.academy.sessions import actions
from amana.academy.sessions.models import RoomEvent
from amana.academy.sessions.rooms import get_room
from amana.academy.sessions.tests.meeting import a_cohort, a_learner, a_session

MANY = 8


@pytest.mark.alone
@pytest.mark.django_db(transaction=True)
@pytest.mark.skipif(
    connection.vendor != "postgresql", reason="one connection in memory: no two writers"
)
def test_many_answer_at_once_and_each_one_twice():
    given.people._founders.clear()
    trainer = given.make_user()
    cohort = a_cohort(trainer)
    session = a_session(cohort, by=trainer)
    actions.open_room(session, by=trainer, id=uuid4())
    people = [a_learner(cohort) for _ in range(MANY)]
    for person in people:
        actions.enter_room(session, by=person)
    actions.ask(session, "poll-1", by=trainer, id=uuid4())
    before = get_room(session.pk).number
    together = Barrier(2 * MANY)

    def answer(person, key):
        try:
            together.wait(30)
            actions.answer_poll(session, "poll-1", 1, by=person, id=key)
        finally:
            connection.close()

    with ThreadPoolExecutor(2 * MANY) as threads:
        said = [
            threads.submit(answer, person, key)
            for person in people
            for key in [uuid4()]
            for _twice in range(2)
        ]
    assert [future.exception() for future in said] == [None] * 2 * MANY
    numbers = RoomEvent.objects.filter(verb="answered").order_by("number")
    expected = range(before + 1, before + 1 + MANY)
    assert list(numbers.values_list("number", flat=True)) == list(expected)
    assert get_room(session.pk).polls["poll-1"].counts(3) == [0, MANY, 0]
    given.people._founders.clear()
