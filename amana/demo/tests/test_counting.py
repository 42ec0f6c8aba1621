"""The invented facts: enough, with flaws that can be found, and always the same."""

from collections import Counter

import pytest

from amana.demo import counting
from amana.demo.country import load_areas
from amana.insight.facts.models import Observation
from amana.insight.measure import actions as figures

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def few(monkeypatch):
    monkeypatch.setattr(counting, "PEOPLE", 200)
    monkeypatch.setattr(figures, "prepare_protected_tables", int)


def test_a_year_of_invented_facts_is_there_and_has_flaws_to_be_found():
    load_areas()

    assert counting.fill_facts() > 4_000

    assert Observation.objects.dates("month", "month").count() == counting.MONTHS
    asked = Observation.objects.filter(kind="acceptance", topic="SH2")
    yes = Counter(asked.filter(result="accepted").values_list("sex", flat=True))
    all_ = Counter(asked.values_list("sex", flat=True))
    assert yes["male"] / all_["male"] < yes["female"] / all_["female"]


def test_the_same_seed_tells_the_same():
    assert said() == said()


def said():
    return [
        (f.kind, f.result, f.sex, f.month)
        for f in counting.InventedObservations().all()
    ]
