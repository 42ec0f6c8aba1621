"""Many at once, on PostgreSQL: no fact is lost between two keys, none is told twice."""

from datetime import timedelta
from threading import Thread
from uuid import uuid4

import pytest
import time_machine
from django.db import connection, transaction
from django.utils import timezone

from amana import given
from amana.insight.facts import actions, batch, telling
from amana.insight.facts.models import Fact, UntoldFact, WaitingFact

pytestmark = pytest.mark.django_db(transaction=True)


@pytest.fixture(autouse=True)
def _writers_at_once():
    if connection.vendor != "postgresql":
        pytest.skip("SQLite has one writer at any time")


@pytest.fixture
def case():
    case = given.a_case()
    UntoldFact.objects.all().delete()
    WaitingFact.objects.all().delete()
    telling.later(case.pk, [("contact", {"result": "kept"})])
    return case


class Alone(Thread):
    """A thread with a connection of its own, and what came of it."""

    def __init__(self, work):
        super().__init__()
        self.work, self.came, self.failed = work, None, None
        self.start()

    def run(self):
        try:
            self.came = self.work()
        except Exception as error:
            self.failed = error
        finally:
            connection.close()

    def result(self):
        self.join(60)
        assert self.failed is None
        return self.came


def test_two_nights_at_once_lose_nothing_that_somebody_tells_meanwhile():
    def tells():
        for _ in range(40):
            actions.tell_of_person("screening", person=uuid4(), result="presumed")

    def writes():
        nights = [batch.write(give_up_lost=True) for _ in range(8)]
        return sum(night.lost for night in nights)

    works = [Alone(tells), Alone(writes), Alone(writes)]

    assert [work.result() for work in works] == [None, 0, 0]
    assert batch.write().lost == 0
    assert Fact.objects.count() + WaitingFact.objects.count() == 40


def test_of_two_acts_in_a_case_one_tells_what_others_did(case):
    def takes():
        with transaction.atomic():
            return telling.taken(case.pk)

    with transaction.atomic():
        first = telling.taken(case.pk)
        second = Alone(takes)
        second.join(0.3)

    assert (len(first), second.result()) == (1, [])


def test_what_somebody_tells_right_now_is_not_told_by_the_night_too(case):
    with time_machine.travel(timezone.now() + timedelta(days=150)):
        with transaction.atomic():
            told = telling.taken(case.pk)
            night = Alone(batch.write)
            night.join(0.5)
            actions.tell_all_of_person(told, person=case.pk)

        assert night.result().written == 0
        batch.write()
    assert WaitingFact.objects.count() == 1
