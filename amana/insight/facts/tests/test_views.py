"""The page that says how each fact arises."""

import ast
from pathlib import Path

import pytest

from amana import given
from amana.care.outcomes.questions import QUESTIONS
from amana.insight.facts.kinds import KINDS
from amana.trust.access.models import Role

pytestmark = pytest.mark.django_db

HOUSE = Path(__file__).resolve().parents[3]
WRITERS = (
    *("insight/facts", "insight/feedback", "insight/costing", "insight/advocacy"),
    "academy/held_exercises",
)


@pytest.mark.parametrize(
    "role",
    [Role.ANALYST, Role.COORDINATOR, Role.AUTHORITY, Role.DATA_PROTECTION_OFFICER],
)
def test_whoever_reads_figures_reads_how_each_fact_arises(role):
    page = given.sign_in(given.make_worker(role=role)).get("/facts/")

    said = page.content.decode()
    assert page.status_code == 200
    assert len(page.content) < 60_000
    assert all(f'id="{code}"' in said for code in KINDS)


def test_to_others_the_page_is_not_there():
    browser = given.sign_in(given.make_worker(role=Role.CASE_WORKER))

    assert browser.get("/facts/").status_code == 404


def test_each_kind_is_written_by_something():
    """Its code stands in the source of a room that tells facts, or it is that of a
    question of a case, which is told as the kind of its name."""
    named = {*QUESTIONS}
    for path in (path for room in WRITERS for path in (HOUSE / room).rglob("*.py")):
        parts = {*path.relative_to(HOUSE).parts}
        if not {"kinds.py", "codes.py", "tests", "migrations"} & parts:
            named |= strings(path) & KINDS.keys()

    assert named == KINDS.keys()


def strings(path):
    found = ast.walk(ast.parse(path.read_text()))
    return {
        n.value
        for n in found
        if isinstance(n, ast.Constant) and isinstance(n.value, str)
    }
