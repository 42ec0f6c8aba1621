"""The statistics store, taken together with the case store and an analyst's keys, links
no fact to a case better than chance (issue 5, show 3).

Thirty people are met by real actions; all look alike in the clear, so that whatever
tells them apart is an order, a number or a time. A blind guess puts one of thirty to
its case, and ten or more with a chance of one in ten million; the attacker has some
sixty guesses, of which the best counts."""

import random
from itertools import count
from unittest.mock import patch
from uuid import UUID

import pytest

from amana import given
from amana.care.cases.models import Case
from amana.insight.facts import batch, waiting
from amana.insight.facts.models import Observation, PendingObservation
from amana.insight.facts.tests import attacker
from amana.insight.facts.waiting import WaitingObservation
from amana.trust.access.models import Role
from amana.trust.vault import documents
from amana.trust.vault.crypto import Unopenable
from amana.trust.vault.keys import get_keyring
from tests.worlds import kept

pytestmark = pytest.mark.django_db

PEOPLE = 30
BY_CHANCE = 9


@kept
def truth(db):
    """Which fact is of which case: what nobody else knows."""
    known, of = {}, WaitingObservation.of

    def noted(fact, person):
        known[fact.pk] = person
        return of(fact, person)

    worker, numbers = given.make_worker(), count()
    # The worst that could be: what waits lies in the order in which it came.
    in_order = patch.object(
        PendingObservation._meta.pk, "_get_default", lambda: UUID(int=next(numbers))
    )
    with patch.object(WaitingObservation, "of", noted), in_order:
        for _ in range(PEOPLE):
            given.make_case(worked_on_by=worker, identity_sex="female", needs=[])
    return known


@pytest.fixture(autouse=True)
def _chance_of_one_seed(monkeypatch):
    monkeypatch.setattr(batch, "chance", random.Random(5))


def test_no_order_number_or_time_links_a_fact_to_a_case(truth):
    assert batch.write_batch().written == PEOPLE

    assert attacker.best("safety_gate", truth) <= BY_CHANCE
    assert attacker.transactions_of_facts() == 1


def test_the_same_attacker_succeeds_where_nothing_is_shuffled(truth, monkeypatch):
    monkeypatch.setattr(batch, "chance", Unmoved())
    batch.write_batch()

    assert attacker.best("safety_gate", truth) > BY_CHANCE


def test_the_same_attacker_succeeds_where_facts_are_written_as_they_happen(
    truth,
):
    Observation.objects.bulk_create(
        [Observation(id=fact, kind="safety_gate", month="2026-11-01") for fact in truth]
    )

    # Not of all thirty: PostgreSQL puts some rows where earlier tests left room.
    assert attacker.best("safety_gate", truth) > BY_CHANCE


def test_an_analysts_keys_open_neither_what_waits_nor_a_case(truth):
    analyst = given.unlock_user(given.make_worker(role=Role.ANALYST))
    pair = get_keyring(analyst).person

    for row in PendingObservation.objects.all():
        with pytest.raises(Unopenable):
            pair.open(bytes(row.sealed), at=waiting.get_box()._at)
    for case in Case.objects.all()[:3]:
        assert documents.open_documents(case.pk, by=analyst, purpose="") == {}


def test_what_lay_there_yesterday_opens_with_no_key_of_today(truth):
    stolen = [bytes(w.sealed) for w in PendingObservation.objects.all()]
    batch.write_batch()

    with waiting.get_box().emptied() as thief:
        assert [thief.opened(sealed) for sealed in stolen] == [None] * PEOPLE


class Unmoved:
    """No chance at all."""

    def shuffle(self, some):
        pass

    def random(self):
        return 0.0
