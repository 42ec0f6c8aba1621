"""The pages of costs: who plans goes all the way, others read, strangers see none."""

import pytest
from django.urls import reverse

from amana import given
from amana.insight.costing import actions
from amana.insight.costing.models import Costing, Fund, Grant, Ingredient, Scenario
from amana.insight.costing.tests.costs import tried
from amana.ui import once

ASKED = {
    "what": "place:housing",
    "more": "20",
    "price": "30",
    "fixed": "0",
    "currency": "EUR",
    "within": "3",
    "arrivals": "3",
    "type": "SH2",
}


def url(name, *args):
    return reverse(f"costing:{name}", args=args)


def text(response):
    return response.content.decode()


def sent(client, to, **said):
    return client.post(to, once.make_form_key() | said)


def test_a_gap_leads_to_a_question_that_is_filled_in(version, analyst):
    page = text(given.sign_in(analyst).get(url("what_if"), {"type": "SH1"}))

    assert '<option value="place:emergency" selected>' in page
    assert '<option value="SH1" selected>' in page


def test_a_kind_and_an_area_are_said_not_to_be_tried_by_themselves(version, analyst):
    client = given.sign_in(analyst)

    assert "it is not simulated separately" in text(client.get(url("what_if")))
    asked = text(client.get(url("what_if"), ASKED | {"type": ""}))
    assert "The whole country was simulated" not in asked
    asked = text(client.get(url("what_if"), ASKED | {"type": "SH1"}))
    assert "The whole country was simulated" in asked


def test_a_change_is_tried_and_kept(version, analyst):
    client = given.sign_in(analyst)

    page = text(client.get(url("what_if"), ASKED))
    assert "20 more places: Find a safe place to stay" in page
    assert "The average wait falls from" in page
    assert not Scenario.objects.exists()

    kept = sent(client, url("what_if"), **ASKED)
    scenario = Scenario.objects.get()
    assert kept.url == url("scenario", scenario.pk)
    page = text(client.get(kept.url))
    assert "The average wait falls from" in page
    assert "Short-stay or reflection shelter" in page
    assert "The average wait falls from" in text(client.get(url("scenarios")))


@pytest.mark.parametrize(
    "wrong", [{"more": "0"}, {"currency": "euro"}, {"more": "1.5"}]
)
def test_a_question_that_cannot_be_tried_says_why(version, analyst, wrong):
    response = given.sign_in(analyst).get(url("what_if"), ASKED | wrong)

    assert response.status_code == 422
    assert 'id="answer"' not in text(response)


def test_without_a_mechanism_nothing_can_be_tried(analyst):
    page = text(given.sign_in(analyst).get(url("what_if")))
    assert "No mechanism in force specifies who comes" in page


def test_a_costing_from_the_first_page_to_the_file(analyst):
    client = given.sign_in(analyst)
    assert "No costings yet" in text(client.get(url("costings")))
    said = {"title": "Ours", "currency": "EUR", "first_year": "2027", "years": "2"}
    made = sent(client, url("new"), **said)
    one = Costing.objects.get()
    assert made.url == url("costing", one.pk)

    shelter = Ingredient.objects.get(centre="shelter")
    page = text(client.get(url("alter", one.pk, shelter.pk)))
    assert 'value="100"' in page  # the share of people, in %
    priced = {
        "title": "Beds",
        "centre": "shelter",
        "basis": "night",
        "price": "30",
        "quantity": "1",
        "share": "50",
        "fixed": "1000",
        "source": "Last tender",
    }
    sent(client, url("alter", one.pk, shelter.pk), **priced)
    sent(client, url("add", one.pk), **priced | {"title": "Flats", "share": "10"})

    page = text(client.get(made.url))
    assert "Beds" in page
    assert "Last tender" in page
    assert "Some ingredients have no price yet" in page
    assert client.get(url("sheet", one.pk, "csv")).content.startswith(b"\xef\xbb\xbf")
    assert client.get(url("sheet", one.pk, "xlsx")).content.startswith(b"PK")
    assert len(page.encode()) < 60_000


def test_what_is_assumed_is_typed_in_percent(costing, analyst):
    client = given.sign_in(analyst)
    page = client.get(url("assumptions", costing.pk))
    form = page.context["form"]
    typed = {field.html_name: str(field.initial) for field in form}
    assert typed["uptake-likely"] == "75"

    to = url("assumptions", costing.pk)
    sent(client, to, **typed | {"uptake-likely": "80", "uptake-source": "Register"})
    uptake = costing.assumptions.get(driver="uptake")
    assert (str(uptake.likely), uptake.source) == ("0.8000", "Register")
    # what was not typed anew stays as it was
    assert str(costing.assumptions.get(driver="prices").low) == "-0.0500"
    wrong = sent(client, to, **typed | {"uptake-likely": "180"})
    assert wrong.status_code == 422


def test_the_ledger_is_written_page_by_page(analyst):
    client = given.sign_in(analyst)
    assert "The ledger is empty" in text(client.get(url("ledger")))
    sent(client, url("name_fund"), title="Trust fund", kind="un_trust_fund")
    fund = Fund.objects.get()
    said = {
        "fund": str(fund.pk),
        "title": "Beds",
        "currency": "EUR",
        "starts_on": "2026-01-01",
        "ends_on": "2027-03-31",
    }
    made = sent(client, url("new_grant"), **said)
    one = Grant.objects.get()
    assert made.url == url("grant", one.pk)
    money = {"year": "2026", "centre": "shelter", "committed": "9000", "spent": "10"}
    sent(client, made.url, **money)
    assert "9,000\u00a0EUR" in text(client.get(made.url))
    sent(client, url("change_grant", one.pk), **said | {"title": "Beds in the south"})

    page = text(client.get(url("ledger")))
    assert "Beds in the south" in page
    assert "9,000\u00a0EUR" in page


def test_others_in_office_read_and_strangers_find_nothing(
    costing,
    grant,
    beds,
    analyst,
    authority,
    stranger,
):
    scenario = actions.keep_scenario(beds, by=analyst)
    read = [
        url("costings"),
        url("costing", costing.pk),
        url("sheet", costing.pk, "csv"),
        url("scenarios"),
        url("scenario", scenario.pk),
        url("ledger"),
        url("grant", grant.pk),
    ]
    one = costing.ingredients.first()
    written = [
        url("new"),
        url("about", costing.pk),
        url("assumptions", costing.pk),
        url("add", costing.pk),
        url("alter", costing.pk, one.pk),
        url("what_if"),
        url("name_fund"),
        url("new_grant"),
        url("change_grant", grant.pk),
    ]
    reader, outside = given.sign_in(authority), given.sign_in(stranger)

    assert [u for u in read if reader.get(u).status_code != 200] == []
    assert [u for u in written if reader.get(u).status_code != 404] == []
    assert [u for u in read + written if outside.get(u).status_code != 404] == []
    assert sent(reader, url("grant", grant.pk)).status_code == 404
    assert sent(reader, url("remove", costing.pk, one.pk)).status_code == 404


def test_an_ingredient_is_taken_out(costing, analyst):
    one = costing.ingredients.first()
    sent(given.sign_in(analyst), url("remove", costing.pk, one.pk))
    assert not costing.ingredients.filter(pk=one.pk).exists()


def test_lists_ask_no_more_for_more_rows(
    version, analyst, django_assert_max_num_queries
):
    outcome = tried(version, analyst)
    for _ in range(4):
        actions.keep_scenario(outcome, by=analyst)
    client = given.sign_in(analyst)
    client.get(url("scenarios"))
    with django_assert_max_num_queries(14):
        client.get(url("scenarios"))
