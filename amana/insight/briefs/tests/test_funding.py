"""Who pays and what ends is drafted from the ledger, and never invented."""

from datetime import date, timedelta
from decimal import Decimal

import pytest
from django.utils import timezone

from amana import given
from amana.insight.briefs import actions as briefs
from amana.insight.briefs import funding
from amana.insight.briefs.brief_checks import OPEN
from amana.insight.briefs.findings import list_findings
from amana.insight.briefs.starting import BriefSubject
from amana.insight.briefs.tests.facts import year
from amana.insight.briefs.texts import load_text
from amana.insight.costing import actions
from amana.insight.costing.models import Assumption, CostCentre, Ingredient
from amana.insight.costing.tests.costs import granted

TODAY = timezone.localdate()


def paid(fund, *, ends_on, committed, by, **said):
    what = granted(fund, starts_on=date(TODAY.year, 1, 1), ends_on=ends_on, **said)
    grant = actions.record_grant(what, by=by)
    actions.record_money(
        grant,
        year=TODAY.year,
        centre=CostCentre.SHELTER,
        committed=Decimal(committed),
        spent=Decimal(0),
        by=by,
    )
    return grant


@pytest.fixture
def fund(ministry, analyst):
    return actions.add_fund(
        "Island Fund", kind="foundation", domestic=False, by=analyst
    )


def test_without_a_ledger_who_pays_stays_open(draft):
    assert funding.list_funding_lines(TODAY) == []
    assert load_text(draft).raw("funding", "en") == OPEN


def test_amounts_stand_by_payer_with_what_ends(ministry, fund, analyst):
    later, soon = date(TODAY.year + 3, 12, 31), TODAY + timedelta(days=90)
    paid(ministry, ends_on=later, committed=100_000, by=analyst)
    paid(fund, ends_on=soon, committed=300_000, title="House on the hill", by=analyst)

    lines = funding.list_funding_lines(TODAY)

    assert lines == [
        f"Promised for {TODAY.year}: 400,000\u00a0EUR, 25 % of it by this country.",
        "Island Fund: 300,000\u00a0EUR; its last grant ends in "
        f"{funding.format_month(soon)}.",
        "Ministry of Social Affairs: 100,000\u00a0EUR; its last grant "
        f"ends in {funding.format_month(later)}.",
        "Grants that end within a year, with no known successor: Island Fund "
        f"({funding.format_month(soon)}).",
    ]
    assert "House on the hill" not in " ".join(lines)


def test_a_fund_that_goes_on_is_not_told_to_end(ministry, fund, analyst):
    """Of its next grant nothing is paid this year."""
    soon, later = TODAY + timedelta(days=30), date(TODAY.year + 3, 12, 31)
    paid(fund, ends_on=soon, committed=300_000, by=analyst)
    paid(ministry, ends_on=soon, committed=5, by=analyst)
    follows = granted(fund, starts_on=soon + timedelta(days=1), ends_on=later)

    actions.record_grant(follows, by=analyst)

    _sum, first, _ministry, ending = funding.list_funding_lines(TODAY)
    assert first.endswith(f"its last grant ends in {funding.format_month(later)}.")
    assert "Ministry of Social Affairs" in ending
    assert "Island Fund" not in ending


def test_a_draft_tells_it_in_each_language_and_it_points_to_nobody(
    ministry, fund, counted, analyst
):
    paid(ministry, ends_on=date(TODAY.year + 3, 3, 1), committed=90_000, by=analyst)
    paid(fund, ends_on=TODAY + timedelta(days=60), committed=8_000, by=analyst)

    text = load_text(briefs.begin_brief(BriefSubject("I26"), year=year(), by=analyst))

    for language in ("en", "fr", "ar"):
        assert "Island Fund" in text.raw("funding", language)
    assert [
        remark for remark in list_findings(text) if remark.part.code == "funding"
    ] == []


def test_a_service_whose_money_ends_is_counted_and_a_hidden_one_is_not(
    ministry, analyst
):
    ends = TODAY + timedelta(days=100)
    paid(ministry, ends_on=date(TODAY.year + 3, 1, 1), committed=5, by=analyst)
    given.make_service(funded_until=ends, visibility="public")
    given.make_service(funded_until=ends, visibility="restricted")

    assert funding.list_funding_lines(TODAY)[-1] == (
        "1 service in the public directory loses its funding within a year."
    )


def test_what_is_lacking_is_told_of_a_costing_with_its_sources_alone(
    ministry, costing, analyst
):
    paid(ministry, ends_on=date(TODAY.year + 3, 1, 1), committed=5, by=analyst)
    assert not any("Needed" in line for line in funding.list_funding_lines(TODAY))

    Ingredient.objects.filter(costing=costing).update(price=10, source="A tender")
    Assumption.objects.filter(costing=costing).update(source="The figures")

    [said] = [line for line in funding.list_funding_lines(TODAY) if "Needed" in line]
    assert said.startswith("Needed in 2027 – 2028: ")
    assert "no one has promised" in said
    Ingredient.objects.filter(centre=CostCentre.LEGAL).update(source="")
    assert not any("Needed" in line for line in funding.list_funding_lines(TODAY))


def test_what_doing_nothing_costs_is_told_for_one_need_and_with_its_source(
    costing, counted, analyst
):
    what = actions.ConsequenceValues(
        "A stay in hospital",
        need="",
        price=Decimal(2_000),
        low=Decimal("0.1"),
        likely=Decimal("0.2"),
        high=Decimal("0.4"),
        source="Accounts of the Ministry of Health",
    )
    actions.add_consequence(costing, what, by=analyst)
    assert funding.describe_inaction("") == ""

    Assumption.objects.filter(costing=costing).update(source="The figures")

    said = funding.describe_inaction("")
    assert "about 400\u00a0EUR (between 190\u00a0EUR and 880\u00a0EUR)" in said
    assert "Accounts of the Ministry of Health" in said
    begun = briefs.begin_brief(BriefSubject("I26"), year=year(), by=analyst)
    text = load_text(begun)
    assert text.raw("inaction", "en") == said
    assert [
        remark for remark in list_findings(text) if remark.part.code == "inaction"
    ] == []
