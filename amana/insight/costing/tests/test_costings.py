"""A costing is begun, assumed, priced, and adds up; the ledger says what is lacking."""

from collections import Counter
from dataclasses import replace
from datetime import date, timedelta
from decimal import Decimal
from io import BytesIO

import pytest
from django.urls import reverse
from django.utils import timezone

from amana import given
from amana.errors import Refused
from amana.insight.costing import actions, costing_files, known, ledger_sums
from amana.insight.costing.actions.grants import choose_month
from amana.insight.costing.ledger_sums import SOON
from amana.insight.costing.models import (
    BasisChoice,
    CostCentre,
    DriverChoice,
    Fund,
    Grant,
)
from amana.insight.costing.results import CostingResults
from amana.insight.costing.tests.costs import granted
from amana.insight.facts.models import Observation
from amana.insight.measure import actions as measure
from amana.trust.access.rules import Denied
from amana.trust.audit.models import AuditEvent

D = Decimal
DAY = timedelta(days=1)


def priced(centre, basis, price, **said):
    return actions.IngredientValues(
        title=str(centre.label), centre=centre, basis=basis, price=D(price), **said
    )


def test_a_costing_begins_with_everything_and_no_price(costing):
    results = CostingResults(costing)

    assert len(results.ingredients) == len(CostCentre)
    assert len(results.unpriced) == len(CostCentre) - 1  # but what nobody foresees
    assert results.without_source == len(DriverChoice)
    assert results.likely.total == 0


def test_what_is_priced_adds_up_and_what_is_lacking_is_told(costing, grant, analyst):
    for ingredient in costing.ingredients.exclude(centre=CostCentre.SHELTER):
        actions.remove_ingredient(ingredient, by=analyst)
    bed = costing.ingredients.get()
    price = priced(CostCentre.SHELTER, BasisChoice.NIGHT, 30, payer=grant.fund)
    actions.change_ingredient(bed, price, by=analyst)
    actions.add_ingredient(
        costing, priced(CostCentre.TRAINING, BasisChoice.ONCE, 5_000), by=analyst
    )
    for year, committed in ((2027, 100_000), (2028, 900_000)):
        actions.record_money(
            grant,
            year=year,
            centre=CostCentre.SHELTER,
            committed=D(committed),
            spent=D(0),
            by=analyst,
        )

    results = CostingResults(costing)
    first, second = (results.likely.of_year(n) for n in range(2))
    assert first > 100_000
    assert second < 900_000
    # money that is left over in 2028 doesn't pay for 2027
    assert results.gap == first - 100_000
    by_payer = results.by_payer().rows
    assert [row[0] for row in by_payer] == [
        "Ministry of Social Affairs",
        "No one yet",
        "Total",
    ]
    assert by_payer[-1][-1] == results.likely.total
    assert AuditEvent.objects.filter(did="removed ingredient").count() == 15


def test_the_higher_scenario_costs_more(costing, analyst):
    for ingredient in costing.ingredients.all():
        price = priced(
            CostCentre(ingredient.centre),
            ingredient.basis,
            100,
            quantity=ingredient.quantity,
        )
        actions.change_ingredient(ingredient, price, by=analyst)

    low, likely, high = (
        costs.total for costs in CostingResults(costing).costs.values()
    )
    assert 0 < low < likely < high


def test_what_is_assumed_is_kept_with_its_source(costing, analyst):
    said = actions.AssumptionValues(D(90), D(120), D(150), source="Figures of 2026")
    actions.record_assumptions(costing, {DriverChoice.IDENTIFIED: said}, by=analyst)

    results = CostingResults(costing)
    assert results.costs["high"].years[0].cases == D(150) * D("1.1") * D("0.9")
    assert results.without_source == len(DriverChoice) - 1


def test_nobody_has_no_caseload(costing, analyst):
    nothing = actions.AssumptionValues(D(0), D(20), D(15))
    with pytest.raises(Refused, match="more than zero"):
        actions.record_assumptions(
            costing, {DriverChoice.CASELOAD: nothing}, by=analyst
        )


def test_title_and_years_can_be_changed(costing, analyst):
    actions.change_costing(
        costing, title="District", currency="USD", first_year=2028, years=1, by=analyst
    )
    costing.refresh_from_db()
    assert (costing.title, CostingResults(costing).years) == ("District", [2028])


def test_readers_write_nothing(costing, grant, authority):
    with pytest.raises(Denied):
        actions.begin_costing(
            "X", currency="EUR", first_year=2027, years=1, by=authority
        )
    with pytest.raises(Denied):
        actions.record_assumptions(costing, {}, by=authority)
    with pytest.raises(Denied):
        actions.record_grant(
            granted(grant.fund, starts_on=date(2027, 1, 1), ends_on=date(2027, 2, 1)),
            by=authority,
        )


def test_a_spreadsheet_takes_no_text_for_a_formula(costing, analyst):
    from openpyxl import load_workbook

    evil = '=HYPERLINK("http://example.org")'
    actions.add_fund(evil, kind="private", domestic=False, by=analyst)
    one = costing.ingredients.first()
    price = priced(
        CostCentre.SHELTER, BasisChoice.YEAR, 10, payer=Fund.objects.get(title=evil)
    )
    actions.change_ingredient(one, price, by=analyst)

    results = CostingResults(costing)
    assert f"'{evil}".replace('"', '""') in costing_files.write_csv(results).decode()
    book = load_workbook(BytesIO(costing_files.write_xlsx(results)))
    cells = [cell for sheet in book for row in sheet.iter_rows() for cell in row]
    assert f"'{evil}" in [cell.value for cell in cells]
    assert [cell for cell in cells if cell.data_type == "f"] == []
    assert float(results.likely.total) in [cell.value for cell in cells]


# -- the ledger


def test_figures_learn_the_differences_in_thousands(grant, analyst):
    def say(committed, spent):
        actions.record_money(
            grant,
            year=2027,
            centre=CostCentre.SHELTER,
            committed=D(committed),
            spent=D(spent),
            by=analyst,
        )

    say(120_400, 0)
    say(110_000, 30_000)

    told = list(Observation.objects.filter(kind="money").values_list("topic", "number"))
    assert sorted(told) == [
        ("cases", 30),
        ("committed", -10),
        ("committed", 120),
        ("domestic", 30),
        ("nights", 30),
        ("spent", 30),
    ]
    assert ledger_sums.compute_sums(2027).domestic_share == 1
    # what is promised for a year is not of the year before
    this = timezone.localdate().year
    assert [choose_month(year) for year in (this - 1, this + 1)] == [
        date(this - 1, 12, 1),
        date(this + 1, 1, 1),
    ]
    assert {fact.month.year for fact in Observation.objects.filter(kind="money")} == {
        2027
    }


def test_money_of_another_fund_is_no_longer_the_states(grant, analyst):
    donor = actions.add_fund("Donor", kind="bilateral", domestic=False, by=analyst)
    same = granted(grant.fund, starts_on=grant.starts_on, ends_on=grant.ends_on)
    for year, spent in ((2027, 30_000), (2028, 4_600)):
        actions.record_money(
            grant,
            year=year,
            centre=CostCentre.LEGAL,
            committed=D(0),
            spent=D(spent),
            by=analyst,
        )

    def domestic():
        told = Observation.objects.filter(kind="money", topic="domestic").order_by(
            "month"
        )
        sums: Counter[int] = Counter()
        for fact in told:
            sums[fact.month.year] += fact.number or 0
        return sums

    assert domestic() == {2027: 30, 2028: 5}
    actions.change_grant(grant, replace(same, fund=donor), by=analyst)
    assert domestic() == {2027: 0, 2028: 0}
    actions.change_grant(grant, same, by=analyst)
    actions.change_grant(grant, same, by=analyst)
    assert domestic() == {2027: 30, 2028: 5}


def test_what_is_not_refused_can_be_held(grant, analyst):
    def spend(sum):
        actions.record_money(
            grant,
            year=2027,
            centre=CostCentre.LEGAL,
            committed=D(0),
            spent=D(sum),
            by=analyst,
        )

    spend(999_999_999_999)
    with pytest.raises(Refused, match="more than the ledger can hold"):
        spend(1_000_000_000_000)


def test_a_grant_has_no_money_outside_its_time(grant, analyst):
    with pytest.raises(Refused, match="does not cover 2030"):
        actions.record_money(
            grant, year=2030, centre="cases", committed=D(1), spent=D(0), by=analyst
        )


def test_the_ledger_has_one_currency(grant, analyst):
    other = granted(
        grant.fund,
        currency="USD",
        starts_on=date(2027, 1, 1),
        ends_on=date(2027, 2, 1),
    )
    with pytest.raises(Refused, match="kept in EUR"):
        actions.record_grant(other, by=analyst)
    actions.change_grant(grant, other, by=analyst)
    grant.refresh_from_db()
    assert grant.currency == "USD"


def test_nothing_ends_before_it_starts(grant, analyst):
    with pytest.raises(Refused, match="ends before"):
        actions.change_grant(
            grant,
            granted(grant.fund, starts_on=date(2027, 2, 1), ends_on=date(2027, 1, 1)),
            by=analyst,
        )


def test_an_institution_is_named_once(ministry, analyst):
    with pytest.raises(Refused, match="already"):
        actions.add_fund(
            ministry.title.upper(), kind="ministry", domestic=True, by=analyst
        )


def test_what_ends_within_a_year_is_told_unless_something_follows(ministry, analyst):
    today = timezone.localdate()
    service = given.make_service(funded_until=today + timedelta(days=40))
    alone = given.make_service(funded_until=today + timedelta(days=400))
    starts_on = today - timedelta(days=100)

    def grants(title, days, **said):
        ends_on = today + timedelta(days=days)
        what = granted(ministry, starts_on=starts_on, ends_on=ends_on, **said)
        return actions.record_grant(replace(what, title=title), by=analyst)

    grants("Ended", -1)
    grants("Soon", 60)
    grants("Later", 500)
    found = ledger_sums.list_cliffs(analyst)
    assert [(cliff.what, cliff.days, cliff.tone) for cliff in found] == [
        (service.name, 40, "late"),
        ("Soon", 60, "late"),
    ]

    grants("Same house", 80, service=service)
    assert [cliff.what for cliff in ledger_sums.list_cliffs(analyst)] == [
        "Soon",
        "Same house",
    ]

    grants("Follows", 700, service=service)
    assert [cliff.what for cliff in ledger_sums.list_cliffs(analyst)] == ["Soon"]
    assert alone.name not in [cliff.what for cliff in ledger_sums.list_cliffs(analyst)]


def test_a_later_grant_of_the_fund_follows_what_is_for_no_one_service(
    ministry, analyst
):
    today = timezone.localdate()
    other = actions.add_fund("Fund", kind="un_trust_fund", domestic=False, by=analyst)

    def grants(title, starts, ends, fund=ministry, **said):
        what = granted(
            fund,
            starts_on=today + starts * DAY,
            ends_on=today + ends * DAY,
            **said,
        )
        actions.record_grant(replace(what, title=title), by=analyst)

    def told():
        return [cliff.what for cliff in ledger_sums.list_cliffs(analyst)]

    grants("Soon", -9, 20)
    grants("Beside it", -9, 900)
    grants("After a hole", 52, 700)
    grants("Of somebody else", 21, 700, fund=other)
    grants("For one house", 21, 700, service=given.make_service())
    assert told() == ["Soon"]

    grants("In time", 51, 700)
    assert told() == []


# -- what the figures say


def test_what_is_assumed_stands_beside_what_the_figures_say(costing, analyst):
    Observation.objects.bulk_create(
        Observation(kind="screening", result=result, month=date(2025, 5, 1))
        for result in ["presumed"] * 40 + ["not_presumed"] * 60
    )
    assert known.map_hints() == {}
    measure.prepare_protected_tables(date(2026, 2, 10))

    said = known.map_hints()
    assert list(said) == [DriverChoice.IDENTIFIED]
    assert said[DriverChoice.IDENTIFIED] == (
        "Figures for 2025: 40 (I03, Presumed victims, by sector)."
    )
    page = given.sign_in(analyst).get(reverse("costing:assumptions", args=[costing.pk]))
    assert "Figures for 2025: 40" in page.content.decode()


def test_money_that_comes_after_a_hole_follows_nothing(ministry, analyst):
    today = timezone.localdate()
    here, said = given.make_service(), given.make_service(funded_until=today + 21 * DAY)

    def grants(title, starts, ends, service=here):
        what = granted(
            ministry,
            starts_on=today + starts * DAY,
            ends_on=today + ends * DAY,
            service=service,
        )
        actions.record_grant(replace(what, title=title), by=analyst)

    grants("Soon", -9, 20)
    grants("Much later", 360, 800)
    grants("Later, too", 53, 700, service=said)
    assert [cliff.what for cliff in ledger_sums.list_cliffs(analyst)] == [
        "Soon",
        said.name,
    ]
    assert Grant.objects.ending(today, within=SOON).without_successor().count() == 1

    grants("Bridge", 51, 200)
    grants("In time", 52, 700, service=said)
    assert [cliff.what for cliff in ledger_sums.list_cliffs(analyst)] == ["Bridge"]
    grants("Ends as well", 100, 150)
    assert [cliff.what for cliff in ledger_sums.list_cliffs(analyst)] == ["Bridge"]
