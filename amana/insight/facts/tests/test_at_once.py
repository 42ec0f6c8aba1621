"""Many at once, on PostgreSQL: no fact is lost between two keys, none is told twice."""

from datetime import timedelta
from threading import Thread
from uuid import uuid4

import pytest
import time_machine
from django.db import connection, transaction
from django.utils import timezone

from amana import given
from amana.insight.facts import actions, batch, recording
from amana.insight.facts.models import (
    DeferredObservation,
    Observation,
    PendingObservation,
)

pytestmark = pytest.mark.django_db(transaction=True)


@pytest.fixture(autouse=True)
def _writers_at_once():
    if connection.vendor != "postgresql":
        pytest.skip("SQLite has one writer at any time")


@pytest.fixture
def case():
    case = given.make_case()
    DeferredObservation.objects.all().delete()
    PendingObservation.objects.all().delete()
    recording.defer_observations(case.pk, [("contact", {"result": "kept"})])
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
            actions.record_pending_observation(
                "screening", person=uuid4(), result="presumed"
            )

    def writes():
        nights = [batch.write_batch(give_up_lost=True) for _ in range(8)]
        return sum(night.lost for night in nights)

    works = [Alone(tells), Alone(writes), Alone(writes)]

    assert [work.result() for work in works] == [None, 0, 0]
    assert batch.write_batch().lost == 0
    assert Observation.objects.count() + PendingObservation.objects.count() == 40


def test_of_two_acts_in_a_case_one_tells_what_others_did(case):
    def takes():
        with transaction.atomic():
            return recording.take_deferred(case.pk)

    with transaction.atomic():
        first = recording.take_deferred(case.pk)
        second = Alone(takes)
        second.join(0.3)

    assert (len(first), second.result()) == (1, [])


def test_what_somebody_tells_right_now_is_not_told_by_the_night_too(case):
    with time_machine.travel(timezone.now() + timedelta(days=150)):
        with transaction.atomic():
            told = recording.take_deferred(case.pk)
            night = Alone(batch.write_batch)
            night.join(0.5)
            actions.record_pending_observations(told, person=case.pk)

        assert night.result().written == 0
        batch.write_batch()
    assert PendingObservation.objects.count() == 1
