"""Workers of the invented country say what came of their cases, each as far as the
parts of a case are open to them."""

from random import Random

import pytest

from amana import given
from amana.care.outcomes import sealed
from amana.care.outcomes.questions import QUESTIONS
from amana.care.outcomes.tests.conftest import (
    case,
    clinic,
    coordinator,
    folder,
    house,
    mechanism,
    office,
    worker,
)
from amana.demo import afterwards, counting
from amana.demo.country import load_areas
from amana.trust.access.models import Role
from amana.trust.vault.compartments import Compartment

__all__ = [
    "case",
    "clinic",
    "coordinator",
    "folder",
    "house",
    "mechanism",
    "office",
    "worker",
]
pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def _everybody(monkeypatch):
    monkeypatch.setattr(afterwards, "SAY_SO", 100)


def answers_in(case, by):
    found = sealed.open_answers(case, [*Compartment], by=by, purpose="test")
    return {
        key: said
        for document in found.values()
        for key, said in document.answers.items()
    }


def test_a_case_worker_answers_all_that_can_be_asked_of_an_open_case(case, worker):
    afterwards.record_outcomes(case, worker, Random(1))

    said = answers_in(case, worker)
    assert said.keys() - {f"goal-{need.pk.hex}" for need in case.needs.all()} == {
        code for code in afterwards.ANSWERS if code != "goal"
    }
    assert all(said.values())


def test_a_screener_leaves_out_what_is_closed_to_them(house, mechanism):
    screener = given.make_worker(of=house, role=Role.SCREENER)
    case = given.make_case(worked_on_by=screener)

    afterwards.record_outcomes(case, screener, Random(1))

    said = answers_in(case, screener)
    assert {"child_care", "rape_care"} <= said.keys()
    assert "detention" not in said


def test_a_year_of_facts_has_every_answer_that_can_be_counted():
    load_areas()

    told = {fact.kind for fact in counting.InventedObservations().all()}

    assert told >= QUESTIONS.keys()
