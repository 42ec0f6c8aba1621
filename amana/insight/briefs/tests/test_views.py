"""The pages of briefs: written section by section, read by those who may, public once
they are out."""

import re

import pytest
from django.urls import reverse

from amana import given
from amana.insight.briefs import actions
from amana.insight.briefs.models import Brief
from amana.insight.briefs.tests.conftest import finish, let_out
from amana.insight.briefs.tests.facts import year
from amana.insight.briefs.texts import load_text
from amana.insight.measure.engine.visible_figures import ShownValue
from amana.insight.release.models import Release
from amana.ui.once import make_form_key


def body(response):
    return response.content.decode()


def address(name, *args):
    return reverse(f"briefs:{name}", args=args)


@pytest.fixture
def writer(analyst):
    return given.sign_in(analyst)


def test_a_brief_begins_with_what_a_page_says_it_is_about(writer, counted):
    page = writer.get(address("new") + "?about=I21")
    assert re.search(r'<option value="I21" selected', body(page))

    writer.post(address("new"), {"about": "I21", "year": year()} | make_form_key())

    brief = Brief.objects.get()
    assert brief.about == "I21"
    assert "still to be written" in body(writer.get(address("brief", brief.pk)))


def test_a_section_is_edited_and_leads_to_the_next(writer, draft):
    edit = address("edit", draft.pk, "en", "ask")
    found = re.search(r'name="was" value="(\d+)"', body(writer.get(edit)))
    assert found
    was = found[1]
    said = {"title": "Open twenty beds", "message": "Now {I26}.", "was": was, "on": "1"}

    answer = writer.post(edit, said | make_form_key())

    assert answer.url == address("edit", draft.pk, "en", "decision")
    assert load_text(draft).said("message", "en") == "Now 44 %."


def test_nothing_typed_is_lost_when_it_can_not_be_saved(writer, draft):
    edit = address("edit", draft.pk, "en", "ask")
    said = {"title": "x" * 200, "message": "My long sentence.", "was": "0"}

    answer = writer.post(edit, said | make_form_key())
    assert answer.status_code == 422
    assert "My long sentence." in body(answer)

    answer = writer.post(edit, said | {"title": "Short"} | make_form_key())
    assert answer.status_code == 409
    assert "My long sentence." in body(answer)


def test_options_are_scored_beside_their_reasons(writer, draft):
    page = body(writer.get(address("edit", draft.pk, "ar", "options")))

    assert page.count('name="a_impact') == 2
    assert 'dir="rtl"' in page


def test_the_pages_of_a_draft_are_not_there_for_strangers(stranger, draft):
    client = given.sign_in(stranger)

    for url in (
        address("briefs"),
        address("new"),
        address("brief", draft.pk),
        address("edit", draft.pk, "en", "ask"),
        address("look", draft.pk, "en"),
        address("file", draft.pk, "en", "pdf"),
        address("asked_one", draft.pk),
        address("asked_file", draft.pk, "en", "pdf"),
    ):
        assert client.get(url).status_code == 404


@pytest.mark.parametrize("kind", ["pdf", "docx", "plain"])
def test_a_draft_is_read_and_taken_along(writer, draft, kind):
    assert "44 %" in body(writer.get(address("look", draft.pk, "fr")))

    made = writer.get(address("file", draft.pk, "fr", kind))
    assert made.content.startswith(b"PK" if kind == "docx" else b"%PDF")


def test_a_coordinator_publishes_and_anybody_reads_and_cites_it(
    client, writer, ready, coordinator
):
    at_desk = given.sign_in(coordinator)
    page = body(at_desk.get(address("brief", ready.pk)))
    assert "Figures that are in no release yet" in page
    assert 'name="seen"' not in page
    assert "Request a review" in body(writer.get(address("brief", ready.pk)))
    writer.post(address("ask", ready.pk), make_form_key())
    page = body(at_desk.get(address("brief", ready.pk)))
    assert "Figures published with it" in page
    seen = re.search(r'name="seen" value="(\d+)"', page)
    assert seen
    said = {"languages": ["en"], "seen": seen[1]} | make_form_key()
    at_desk.post(address("publish", ready.pk), said)

    assert "Decide on this now" in body(client.get(address("asked")))
    page = client.get(address("asked_one", ready.pk))
    assert "44 %" in body(page)
    release = Release.objects.published().get()
    assert reverse("release:published_one", args=[release.pk]) in body(page)
    assert len(page.content) < 60_000
    assert client.get(address("asked_file", ready.pk, "en", "pdf")).status_code == 200
    assert client.get(address("asked_in", ready.pk, "fr")).status_code == 404


def test_words_written_since_the_page_was_read_do_not_go_out(
    ready, analyst, coordinator
):
    seen = load_text(ready).latest
    finish(ready, "causes", "en", analyst, causes="Too few places.")

    said = {"languages": ["en"], "seen": seen, "looked": "on"} | make_form_key()
    answer = given.sign_in(coordinator).post(address("publish", ready.pk), said)
    assert answer.status_code == 409
    assert not Brief.objects.published().exists()


def test_a_title_nobody_looked_through_is_on_no_public_page(
    client, published, report, coordinator
):
    let_out(report, ["en"], by=coordinator)

    for url in (
        address("asked"),
        address("reports"),
        address("asked_one", published.pk),
        address("report", year()),
    ):
        page = body(client.get(url, headers={"accept-language": "ar"}))
        assert "Decide on this now" in page or "National report" in page
        for hidden in (published, report):
            assert load_text(hidden).said("title", "ar") not in page


def test_what_changed_since_is_told_inside_and_not_in_public(
    client, published, coordinator, monkeypatch
):
    from amana.insight.briefs import cited_figures

    grown = {"I26": cited_figures.SafeFigure("I26", ShownValue(value=0.63, of=220))}
    monkeypatch.setattr(cited_figures, "map_source_figures", lambda _source: grown)

    public = body(client.get(address("asked_one", published.pk)))
    assert "44 %" in public
    assert "63 %" not in public
    inside = body(given.sign_in(coordinator).get(address("brief", published.pk)))
    assert "published as 44 %, counted today as 63 %" in inside


def test_an_older_edition_leads_to_the_newer(client, published, analyst, coordinator):
    following = actions.begin_next_edition(published, year=year(), by=analyst)
    let_out(following, ["en"], by=coordinator)

    page = body(client.get(address("asked_one", published.pk)))
    assert address("asked_one", following.pk) in page


def test_a_list_asks_no_more_of_the_database_for_more_briefs(
    writer, draft, django_assert_max_num_queries, analyst
):
    from amana.insight.briefs.starting import BriefSubject

    for _n in range(3):
        actions.begin_brief(BriefSubject("I26"), year=year(), by=analyst)
    with django_assert_max_num_queries(12):
        writer.get(address("briefs"))


def test_each_language_that_the_page_offers_leads_to_a_page(draft, analyst):
    page = given.sign_in(analyst)

    answer = page.get(reverse("briefs:brief", args=[draft.pk]))

    addresses = [address for _name, address, _now in answer.context["languages"]]
    assert len(addresses) > 1
    assert {page.get(address).status_code for address in addresses} == {200}
