"""The database itself keeps the facts: they only grow, and hold public codes alone."""

import datetime

import pytest
from django.db import DatabaseError, transaction

from amana.insight.facts import actions
from amana.insight.facts.models import Observation

pytestmark = pytest.mark.django_db


def test_a_fact_can_be_neither_changed_nor_deleted():
    pk = actions.record_observation("directory", result="fresh", topic="SH1")

    with pytest.raises(DatabaseError, match="only grows"), transaction.atomic():
        Observation.objects.filter(pk=pk).update(result="stale")
    with pytest.raises(DatabaseError, match="only grows"), transaction.atomic():
        Observation.objects.filter(pk=pk)._raw_delete("default")

    assert Observation.objects.get().result == "fresh"


@pytest.mark.parametrize(
    "said",
    [
        {"result": "met"},
        {"topic": "Mariam"},
        {"reason": "no_capacity"},
        {"band": "4"},
        {"number": 3},
        {"sector": "Mariam"},
        {"urgency": "U9"},
        {"area": "Mariam"},
        {"agency": "Mariam N."},
    ],
)
def test_nothing_but_the_public_codes_of_its_kind_can_stand_in_a_fact(said):
    with pytest.raises(DatabaseError), transaction.atomic():
        actions.record_observation("directory", **said)


def test_a_fact_knows_no_day():
    actions.record_observation("breach", number=1, month=datetime.date(2026, 3, 17))

    assert Observation.objects.get().month == datetime.date(2026, 3, 1)


def test_money_of_any_currency_fits():
    """A shelter for a year, in thousands of rupiah; and a ministry."""
    for thousands in (3_700_000, 450_000_000_000):
        fact = actions.record_observation("money", topic="spent", number=thousands)
        assert Observation.objects.get(pk=fact).number == thousands
