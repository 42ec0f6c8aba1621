"""More beds are tried, told in words, and kept as they were found."""

from decimal import Decimal

import pytest
from django.utils import translation

from amana.errors import Refused
from amana.insight.costing import actions, scenario_outcomes
from amana.insight.costing.actions import scenario_trials
from amana.insight.costing.models import Scenario
from amana.insight.costing.tests.costs import tried
from amana.trust.access.rules import Denied
from amana.trust.audit.models import AuditEvent


def test_it_says_what_changes_and_what_each_person_costs(beds):
    first, waiting, people, money = beds.words

    assert first == "20 more places: Find a safe place to stay."
    assert waiting.startswith("The average wait falls from ")
    assert "more people a year are helped within 3 days" in people
    assert money.startswith("It costs ")
    assert money.endswith("\u00a0EUR for each person helped sooner.")


def test_what_is_kept_says_the_same(beds, analyst):
    scenario = actions.keep_scenario(beds, by=analyst)
    scenario.refresh_from_db()

    assert scenario_outcomes.load_outcome(scenario).words == beds.words
    assert scenario_outcomes.load_outcome(scenario).seen == beds.seen
    assert AuditEvent.objects.filter(did="kept scenario").count() == 1


def test_the_same_question_is_worked_out_once(version, analyst, monkeypatch):
    first = tried(version, analyst)
    monkeypatch.setattr(scenario_trials, "foresee", None)

    dearer = tried(version, analyst, price=Decimal(60))
    assert dearer.seen is first.seen
    assert dearer.cost == 2 * first.cost
    for other in ({"more": Decimal(21)}, {"arrivals": Decimal(9)}, {"within": 4}):
        with pytest.raises(TypeError):
            tried(version, analyst, **other)


def test_where_nothing_changes_no_price_for_a_person_is_told(version, analyst):
    words = tried(version, analyst, name="emergency", more=Decimal(1)).words

    assert words[1] == ("Waiting times do not clearly change.")
    assert len(words) == 3
    assert "for each person" not in words[-1]


def test_what_the_mechanism_lacks_is_refused(version, analyst):
    with pytest.raises(Refused, match="no such place or role"):
        tried(version, analyst, name="castle")


def test_only_those_who_plan_try_and_keep(version, beds, authority, stranger):
    for user in (authority, stranger):
        with pytest.raises(Denied):
            tried(version, user)
        with pytest.raises(Denied):
            actions.keep_scenario(beds, by=user)
    assert not Scenario.objects.exists()


@pytest.mark.parametrize(
    ("language", "shown", "halves"),
    [
        ("en", "1,234,567.5", "2.5"),
        ("fr", "1\u202f234\u202f567,5", "2,5"),
        ("ar", "1\u202f234\u202f567,5", "2,5"),
    ],
)
def test_numbers_are_written_as_the_reader_writes_them(language, shown, halves):
    with translation.override(language):
        assert (
            scenario_outcomes.format_number(1234567.5, 1).replace("\u00a0", "\u202f")
            == shown
        )
        assert scenario_outcomes.format_number(Decimal("2.50")) == halves
