"""The pages of advocacy: an authority reads what is recommended to it, and not what is
planned about it."""

import pytest
from django.urls import reverse

from amana import given
from amana.insight.advocacy import actions
from amana.insight.advocacy.models import Commitment, PolicyPlan, Recommendation, Window
from amana.insight.advocacy.rules import (
    follow_recommendation,
    read_advocacy,
    write_advocacy,
)
from amana.ui import once


def url(name, *args):
    return reverse(f"advocacy:{name}", args=args)


def text(response):
    return response.content.decode()


def sent(client, to, **said):
    return client.post(to, once.make_form_key() | said)


def test_a_plan_is_written_page_by_page(coordinator):
    client = given.sign_in(coordinator)
    assert "No policy change planned yet" in text(client.get(url("plans")))
    said = {
        "goal": "Shelter for men",
        "seen_by": "Beds in the directory",
        "why": "Men sleep in cells.",
        "due_on": "2027-12-31",
    }
    made = sent(client, url("new"), **said)
    plan = PolicyPlan.objects.get()
    assert made.url == url("plan", plan.pk)
    assert "No offices on the map yet" in text(client.get(made.url))

    office = {"title": "Ministry of Finance", "side": "blocker"}
    office |= {"power": "much", "view": "against", "moved_by": "Costs"}
    sent(client, url("place", plan.pk), **office)
    placed = plan.offices.get()
    sent(client, url("move", plan.pk, placed.pk), **office | {"view": "for"})
    promise = {"office": "Ministry of Justice", "words": "Twelve beds"}
    promise |= {"made_on": "2026-01-01", "due_on": "2026-02-01"}
    sent(client, url("promise", plan.pk), **promise)
    promised = Commitment.objects.get()
    sent(
        client,
        url("settle", plan.pk, promised.pk),
        state="partly",
        evidence="Six are open",
    )
    sent(client, url("change", plan.pk), **said | {"state": "open", "risks": "None"})

    page = text(client.get(made.url))
    quarter = page.partition("Much influence · For it")[2].partition("</section>")[0]
    assert "Ministry of Finance" in quarter
    assert "Opposes it" in quarter
    assert "Kept in part" in page
    sent(client, url("take_off", plan.pk, placed.pk))
    assert not plan.offices.exists()


def test_words_of_survivors_come_with_their_safeguards(plan, coordinator):
    client = given.sign_in(coordinator)
    to = url("say", plan.pk)
    said = {"audience": "parliament", "messenger": "survivor", "words": "Rest first."}

    assert "can withdraw at any time" in text(client.get(to))
    assert sent(client, to, **said).status_code == 409
    telling = said | {"words": "She is called Amina and lives in the harbour."}
    assert sent(client, to, **telling).status_code == 422
    agreed = {"paid": "on", "informed": "on", "agreed_on": "2026-11-02"}
    sent(client, to, **said | agreed)
    assert "agreed on 2 November 2026" in text(client.get(url("plan", plan.pk)))
    sent(client, url("withdraw", plan.pk, plan.messages.get().pk))
    page = text(client.get(url("plan", plan.pk)))
    assert "Rest first." not in page
    assert "Withdrawn" in page


def test_an_occasion_is_on_the_calendar(plan, coordinator):
    client = given.sign_in(coordinator)
    said = {"kind": "greta", "title": "Third round", "plan": str(plan.pk)}
    said |= {"opens_on": "2999-01-01", "closes_on": "2999-02-01"}
    sent(client, url("new_window"), **said)

    assert Window.objects.get().plan == plan
    for page in (url("windows"), url("plan", plan.pk)):
        assert "Third round" in text(client.get(page))


def test_a_recommendation_leads_to_the_version_that_honours_it(version, coordinator):
    client = given.sign_in(coordinator)
    said = {
        "monitor": "cedaw",
        "source": "Concluding observations, 27",
        "words": "Let women stay.",
        "given_on": "2024-07-08",
    }
    sent(client, url("new_recommendation"), **said)
    one = Recommendation.objects.get()
    to = url("recommendation", one.pk)
    form = {
        "state": "implemented",
        "how": "A residence permit",
        "version": str(version.pk),
        "provision": "trafficking_stay",
    }
    sent(client, to, **form)

    page = text(client.get(to))
    assert reverse("mechanism:law", args=[version.pk]) in page
    assert "Article 7" in page
    assert "Let women stay." in text(client.get(url("recommendations")))
    assert sent(client, to, **form | {"version": "", "how": ""}).status_code == 409


def test_an_authority_reads_what_is_recommended_and_no_plan(
    plan, recommendation, coordinator, authority, stranger
):
    office = actions.place_office(
        plan, "Police", side="ally", power="much", view="for", by=coordinator
    )
    open_to_it = [url("recommendations"), url("recommendation", recommendation.pk)]
    planned = [url("plans"), url("plan", plan.pk), url("windows")]
    written = [
        url("new"),
        url("change", plan.pk),
        url("place", plan.pk),
        url("move", plan.pk, office.pk),
        url("say", plan.pk),
        url("promise", plan.pk),
        url("new_window"),
        url("new_recommendation"),
    ]
    reader, outside = given.sign_in(authority), given.sign_in(stranger)

    assert [u for u in open_to_it if reader.get(u).status_code != 200] == []
    assert [u for u in planned + written if reader.get(u).status_code != 404] == []
    assert sent(reader, open_to_it[1], state="open").status_code == 404
    every = open_to_it + planned + written
    assert [u for u in every if outside.get(u).status_code != 404] == []


@pytest.mark.parametrize(
    ("rule", "who"),
    [
        (read_advocacy, {"coordinator"}),
        (write_advocacy, {"coordinator"}),
        (follow_recommendation, {"coordinator", "authority"}),
    ],
)
def test_lists_and_single_things_are_for_the_same_people(
    rule, who, plan, coordinator, authority, stranger
):
    cast = {"coordinator": coordinator, "authority": authority, "stranger": stranger}
    plans = PolicyPlan.objects.all()

    assert {n for n, user in cast.items() if rule.permits(user, plan)} == who
    assert {n for n, user in cast.items() if rule.among(plans, user)} == who
