"""What it costs to do nothing is told of needs that may be shown, with a source, and of
nothing else."""

from datetime import date
from decimal import Decimal
from io import BytesIO
from typing import Any

import pytest
from django.db import IntegrityError, transaction
from django.urls import reverse
from django.utils import timezone

from amana import given
from amana.errors import Refused
from amana.insight.costing import actions, costing_files
from amana.insight.costing.models import Consequence, Costing
from amana.insight.costing.results import CostingResults
from amana.insight.facts.models import Observation
from amana.insight.measure import actions as measure
from amana.trust.access.rules import Denied
from amana.trust.audit.models import AuditEvent
from amana.ui.once import make_form_key

D = Decimal
TYPED = {
    "title": "A stay in hospital",
    "need": "SH1",
    "price": "2000",
    "low": "10",
    "likely": "20",
    "high": "40",
    "source": "Accounts of the Ministry of Health",
}


def follows(**said):
    whole: dict[str, Any] = {
        "title": "A stay in hospital",
        "need": "SH1",
        "price": D(2_000),
        "low": D("0.1"),
        "likely": D("0.2"),
        "high": D("0.4"),
        "source": "Accounts of the Ministry of Health",
    }
    return actions.ConsequenceValues(**whole | said)


COUNTED = 2025
"""Two years before the first of the costing."""


def needs(unmet, met, topic="SH1", year=COUNTED):
    given.store_facts(
        Observation(
            kind="need",
            result=result,
            topic=topic,
            sex="female",
            month=date(year, 1 + n % 12, 1),
        )
        for result, many in (("unmet", unmet), ("met", met))
        for n in range(many)
    )
    measure.prepare_protected_tables(date(2026, 2, 10) if year == COUNTED else None)


def rows(costing):
    return {row[0]: row[1:] for row in CostingResults(costing).by_inaction().rows}


@pytest.fixture
def hospital(costing, analyst):
    return actions.add_consequence(costing, follows(), by=analyst)


def test_three_scenarios_of_the_needs_that_were_counted(costing, hospital):
    needs(unmet=100, met=60)

    told = rows(costing)

    # 100 needs, twice growth of 5 %, a fifth of them, 2000 each; then 3 % dearer
    assert told["Likely"] == [D("44100.00"), D("47694.15"), D("91794.15")]
    assert told["Low"][0] == D("19000.00")  # prices 5 % lower
    assert told["High"][0] == D("106480.00")  # growth and prices 10 % higher


def test_in_the_year_in_which_they_were_counted_there_are_no_more(costing, hospital):
    Costing.objects.filter(pk=costing.pk).update(first_year=COUNTED)
    costing.refresh_from_db()
    needs(unmet=100, met=60)

    assert rows(costing)["Likely"] == [D("40000.00"), D("43260.00"), D("83260.00")]


def test_what_may_not_be_shown_is_not_in_the_sum_and_the_page_says_so(
    costing, hospital, analyst
):
    needs(unmet=7, met=60)

    results = CostingResults(costing)
    assert [counted.one for counted in results.inaction.not_told] == [hospital]
    titles = [table.title for table in results.tables()]
    assert "Cost of doing nothing" not in titles
    assert "Consequences of unmet needs" in titles
    page = given.sign_in(analyst).get(reverse("costing:costing", args=[costing.pk]))
    assert "Not included in the sum" in page.content.decode()


def test_a_part_of_a_year_is_not_blown_up_to_a_whole_one(costing, hospital):
    needs(unmet=100, met=60, year=timezone.localdate().year)

    assert CostingResults(costing).inaction.told == []


def test_a_kind_of_help_that_was_not_lacking_costs_nothing_here(
    costing, hospital, analyst
):
    needs(unmet=100, met=60, topic="HE1")

    assert CostingResults(costing).inaction.told == []
    anything = actions.add_consequence(costing, follows(need=""), by=analyst)
    assert [counted.one for counted in CostingResults(costing).inaction.told] == [
        anything
    ]


def test_without_a_source_or_in_disorder_nothing_is_kept(costing, analyst):
    for wrong, why in (
        ({"source": " "}, "Add the source"),
        ({"low": D("0.5")}, "The low share has to be the smallest"),
    ):
        with pytest.raises(Refused, match=why):
            actions.add_consequence(costing, follows(**wrong), by=analyst)
    with pytest.raises(IntegrityError), transaction.atomic():
        Consequence.objects.create(costing=costing, **vars(follows(source="")))
    assert not Consequence.objects.exists()


def test_those_who_read_costs_do_not_write_what_follows(
    costing, hospital, authority, analyst
):
    for do in (
        lambda: actions.add_consequence(costing, follows(), by=authority),
        lambda: actions.change_consequence(hospital, follows(), by=authority),
        lambda: actions.remove_consequence(hospital, by=authority),
    ):
        with pytest.raises(Denied):
            do()
    actions.change_consequence(hospital, follows(price=D(5)), by=analyst)
    assert Consequence.objects.get().price == 5
    actions.remove_consequence(hospital, by=analyst)
    assert not Consequence.objects.exists()
    did = AuditEvent.objects.order_by("pk").values_list("did", flat=True)
    assert [*did][-3:] == [
        "added consequence",
        "changed consequence",
        "removed consequence",
    ]


def test_an_analyst_names_on_a_page_what_follows(costing, analyst, stranger):
    needs(unmet=100, met=60)
    add = reverse("costing:add_consequence", args=[costing.pk])
    assert given.sign_in(stranger).get(add).status_code == 404
    at_desk = given.sign_in(analyst)
    wrong = at_desk.post(add, TYPED | {"source": ""} | make_form_key())
    assert wrong.status_code == 422
    assert "A stay in hospital" in wrong.content.decode()

    to = at_desk.post(add, TYPED | make_form_key()).headers["Location"]

    page = at_desk.get(to).content.decode()
    assert "Cost of doing nothing" in page
    assert "91,794" in page
    assert "This is not what help would save" in page
    one = Consequence.objects.get()
    alter = reverse("costing:alter_consequence", args=[costing.pk, one.pk])
    assert 'value="20"' in at_desk.get(alter).content.decode()
    at_desk.post(alter, TYPED | {"price": "1000"} | make_form_key())
    assert Consequence.objects.get().price == 1000
    out = reverse("costing:remove_consequence", args=[costing.pk, one.pk])
    at_desk.post(out, make_form_key())
    assert not Consequence.objects.exists()


def test_the_workbook_has_the_sums_and_what_they_assume(costing, hospital):
    from openpyxl import load_workbook

    needs(unmet=100, met=60)

    book = load_workbook(BytesIO(costing_files.write_xlsx(CostingResults(costing))))

    sums = [*book["Cost of doing nothing"].values]
    assert sums[2] == ("Likely", 44100, 47694.15, 91794.15)
    assumed = [*book["Consequences of unmet needs"].values]
    assert assumed[1] == (
        "A stay in hospital",
        "Emergency safe house",
        *(100, 2000, 10, 20, 40),
        "Accounts of the Ministry of Health",
    )
