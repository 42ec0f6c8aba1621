from collections.abc import Callable
from datetime import date
from typing import Any

import pytest
from django.db import connection

from amana.errors import Refused
from amana.insight.facts.kinds import KINDS
from amana.insight.facts.models import Observation
from amana.insight.measure import actions, country, figure_years, observation_columns
from amana.insight.measure.engine.definitions import D0
from amana.insight.measure.library.reading import load_library
from amana.insight.measure.models import CountryNumber, ProtectedTable
from amana.trust.access.rules import Denied

from .conftest import TODAY, YEAR

SINCE, UNTIL = date(YEAR, 1, 1), date(YEAR + 1, 1, 1)
ACCEPTED = load_library()["I20"].part("accepted")


def sheets_of(number):
    year = figure_years.load_year(number)
    assert year is not None
    return year.sheets


def test_a_figure_is_exact_where_it_is_asked_for_by_the_house(facts):
    found = actions.compute_figure("I20", by=["sex"], since=SINCE, until=UNTIL)
    assert (found.numerator, found.denominator) == (318, 477)
    assert found.cells["other",].denominator == 7
    only = {"sex": ["male"]}
    assert (
        actions.compute_figure("I20", where=only, since=SINCE, until=UNTIL).denominator
        == 180
    )


def test_a_fact_that_was_corrected_counts_no_more(facts):
    wrong = next(fact for fact in facts if fact.result == "declined")
    Observation.objects.create(
        kind="acceptance", result="accepted", month=wrong.month, corrects=wrong.pk
    )
    found = actions.compute_figure("I20", since=SINCE, until=UNTIL)
    assert (found.numerator, found.denominator) == (319, 477)


def test_a_table_has_a_code_for_who_is_unknown_and_months_end_it(facts):
    table = actions.build_table("acceptance", by=["sex"], since=SINCE, until=UNTIL)
    assert table.codes == (("", "female", "male", "other"),)
    assert table.counts.tolist() == [50, 240, 180, 7]
    part = actions.build_table(
        "acceptance", result="declined", since=SINCE, until=UNTIL
    )
    assert (part.name, int(part.counts)) == ("acceptance:declined", 159)
    assert int(actions.build_table("acceptance", since=UNTIL, until=TODAY).counts) == 0


@pytest.mark.parametrize(("workers", "shown"), [(5, False), (12, True)])
def test_months_of_fewer_than_eleven_colleagues_are_not_shown(db, workers, shown):
    """A worker is counted at the end of each month: twelve times in a year."""
    said: list[dict[str, Any]] = [
        {"kind": "certified", "result": r} for r in ("in_force", "not_in_force")
    ]
    said += [{"kind": "caseload", "number": number} for number in (10, 20)]
    Observation.objects.bulk_create(
        Observation(month=date(YEAR, month, 1), **fact)
        for month in range(1, 13)
        for fact in said * workers
    )
    actions.prepare_protected_tables(TODAY)
    for code, part in (("I51", "all"), ("I34", "cases")):
        found = sheets_of(YEAR).shown(code, load_library()[code].part(part))
        assert found.hidden is not shown, code


def test_nobody_of_a_small_group_is_on_any_sheet(sheets):
    sheet = ProtectedTable.objects.get(year=YEAR, kind="acceptance")
    numbers = [
        n for some in sheet.tables["cells"].values() for n in some if n is not None
    ]
    assert numbers
    assert all(n >= country.SMALLEST and n % 5 == 0 for n in numbers)
    assert sheets_of(YEAR).shown("I20", ACCEPTED, (("sex", "other"),)).hidden
    women = sheets_of(YEAR).shown("I20", ACCEPTED, (("sex", "female"),))
    assert women.value == pytest.approx(2 / 3, abs=0.03)


def test_no_table_has_a_code_that_its_facts_cannot_have(sheets):
    """Everybody would know that nobody is there, and so who is elsewhere."""
    codes = ProtectedTable.objects.get(year=YEAR, kind="acceptance").tables["codes"]
    assert codes["topic"] == ["", *KINDS["acceptance"].topics]
    assert codes["reason"] == ["", *KINDS["acceptance"].reasons]


@pytest.mark.parametrize(
    ("kind", "result", "many"), [("need", "unmet", 13), ("feedback", "no", 25)]
)
def test_one_person_is_no_group_however_much_they_add(db, kind, result, many):
    known = KINDS[kind].topics
    Observation.objects.bulk_create(
        Observation(kind=kind, result=result, month=SINCE, topic=known[n % len(known)])
        for n in range(many)
    )
    actions.prepare_protected_tables(TODAY)

    cells = ProtectedTable.objects.get(year=YEAR, kind=kind).tables["cells"]
    assert cells
    assert not any(n for some in cells.values() for n in some)


def test_where_no_person_is_counted_everything_is_shown(sheets):
    fresh = sheets_of(YEAR).shown("I47", load_library()["I47"].part())
    assert (fresh.counted, fresh.of, fresh.value) == (3, 4, 0.75)


def test_what_was_shown_stays_until_it_has_changed_by_enough(sheets, facts):
    before = sheets_of(YEAR).shown("I20", ACCEPTED)
    Observation.objects.create(
        kind="acceptance", result="accepted", month=date(YEAR, 3, 1)
    )
    ProtectedTable.objects.update(made_at="2026-01-03T00:00:00Z")
    actions.prepare_protected_tables(TODAY)
    assert sheets_of(YEAR).shown("I20", ACCEPTED) == before


def test_sheets_are_drawn_up_once_a_month(sheets, django_assert_max_num_queries):
    with django_assert_max_num_queries(12):
        assert actions.prepare_protected_tables(TODAY) == sheets


@pytest.fixture
def meanwhile(monkeypatch):
    """Do something once, while the sheets are being drawn up."""
    acts: list[Callable[[], object]] = []
    as_it_is = actions._drawn

    def drawn(*args):
        if acts:
            acts.pop()()
        return as_it_is(*args)

    monkeypatch.setattr(actions, "_drawn", drawn)
    return acts.append


@pytest.mark.alone
@pytest.mark.django_db(transaction=True)
def test_nobody_who_writes_waits_for_sheets(meanwhile):
    Observation.objects.create(kind="acceptance", result="accepted", month=SINCE)
    free = []
    meanwhile(lambda: free.append(not connection.in_atomic_block))

    actions.prepare_protected_tables(TODAY)

    assert free == [True]
    assert ProtectedTable.objects.filter(year=YEAR, kind="acceptance").exists()


def test_what_others_drew_up_meanwhile_stays(sheets, facts, meanwhile):
    """It was shown already, and protects what is shown next."""
    ProtectedTable.objects.update(made_at="2026-01-03T00:00:00Z")
    meanwhile(
        lambda: ProtectedTable.objects.update(made_at="2026-02-09T00:00:00Z", said={})
    )
    actions.prepare_protected_tables(TODAY)

    assert {str(sheet.made_at.date()) for sheet in ProtectedTable.objects.all()} == {
        "2026-02-09"
    }


def test_nothing_is_stored_where_groups_must_be_larger_by_then(
    coordinator, facts, meanwhile
):
    meanwhile(
        lambda: actions.record_country_number(
            CountryNumber.What.SMALLEST,
            year=YEAR,
            number=20,
            source="The law",
            by=coordinator,
        )
    )

    actions.prepare_protected_tables(TODAY)
    assert not ProtectedTable.objects.filter(year=YEAR).exists()
    actions.prepare_protected_tables(TODAY)
    assert ProtectedTable.objects.get(year=YEAR, kind="acceptance").smallest == 20


def test_sheets_of_a_year_are_stored_together_or_not_at_all(facts, meanwhile):
    def stopped():
        raise KeyboardInterrupt

    meanwhile(lambda: meanwhile(stopped))
    with pytest.raises(KeyboardInterrupt):
        actions.prepare_protected_tables(TODAY)
    assert not ProtectedTable.objects.exists()

    assert actions.prepare_protected_tables(TODAY) > 1


def test_inhabitants_are_those_said_last_for_the_latest_year(coordinator):
    for year, number in ((2020, 4_000_000), (2025, 5_000_000), (2025, 5_100_000)):
        actions.record_country_number(
            CountryNumber.What.INHABITANTS,
            year=year,
            number=number,
            source="Census",
            by=coordinator,
        )
    assert country.get_inhabitants(SINCE, UNTIL) == 5_100_000
    assert country.get_inhabitants(date(2024, 1, 1), SINCE) == 4_000_000
    assert country.get_inhabitants(date(2019, 1, 1), SINCE) == 0


def test_the_smallest_group_may_grow_and_never_shrink(coordinator, analyst):
    def say(number, by):
        what = CountryNumber.What.SMALLEST
        actions.record_country_number(
            what, year=2026, number=number, source="Law", by=by
        )

    with pytest.raises(Refused, match="never smaller"):
        say(5, by=coordinator)
    say(20, by=coordinator)
    assert country.get_smallest_group() == 20
    with pytest.raises(Denied):
        say(30, by=analyst)


def test_columns_hold_the_public_codes_and_all_by_which_figures_are_split(facts):
    found = observation_columns.load_observations(SINCE, UNTIL)
    assert set(D0) <= set(found.coded)
    assert len(found) == 481
    assert found.coded["month"].names[1:] == tuple(
        observation_columns.list_months(SINCE, UNTIL)
    )
