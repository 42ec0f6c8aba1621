"""A draft begins with what a gap shows, what was tried, and what many said."""

import pytest
from django.urls import reverse

from amana import given
from amana.insight.briefs import actions, cited_figures
from amana.insight.briefs.models import Brief
from amana.insight.briefs.starting import BriefSubject, DraftWriter
from amana.insight.briefs.tests.conftest import finish, let_out
from amana.insight.briefs.tests.facts import tell, year
from amana.insight.briefs.texts import load_text
from amana.insight.costing import actions as costing
from amana.insight.feedback import heard
from amana.insight.feedback.themes import Theme
from amana.insight.release.contents import ReleaseTable
from amana.insight.release.models import Release
from amana.ui.once import make_form_key

SHELTER = "SH1.all.all"


def needs(unmet, met):
    """Of an emergency shelter, of which there is none."""
    said = [("need", "unmet", "female", unmet), ("need", "met", "female", met)]
    tell(said, need="SH1")


def test_a_brief_on_a_gap_begins_with_its_figures_and_its_reasons(regions, analyst):
    needs(unmet=60, met=40)

    text = load_text(
        actions.begin_brief(BriefSubject("I26", SHELTER), year=year(), by=analyst)
    )

    assert text.raw("figure_1") == "gap"
    assert text.raw("figure_2") == "gap.unmet"
    assert text.figures["gap"].words == "100"
    assert text.figures["gap.unmet"].words == "60 %"
    assert text.raw("title", "en").startswith("Fund what is missing: Emergency")
    assert "{gap.unmet}" in text.raw("message", "en")
    assert text.raw("causes", "en").splitlines() == [
        "The service does not exist where people need it.",
        "Of those who needed it, nothing acceptable was found for {gap.unmet}.",
    ]


def test_a_gap_of_few_people_has_no_figure(regions, counted, analyst):
    assert (
        cited_figures.map_offered(year(), SHELTER)
        .keys()
        .isdisjoint({"gap", "gap.unmet"})
    )

    begun = actions.begin_brief(BriefSubject("I26", SHELTER), year=year(), by=analyst)
    assert load_text(begun).said("message", "en").startswith("Unmet needs: 44 %")


def test_what_was_tried_becomes_an_option_with_its_price(beds, counted, analyst):
    kept = costing.keep_scenario(beds, by=analyst)

    begun = actions.begin_brief(
        BriefSubject("I26", scenario=kept), year=year(), by=analyst
    )

    text = load_text(begun)
    assert text.raw("a", "en") == beds.title
    assert beds.money in text.raw("cost", "en")
    assert beds.waiting in text.raw("recommendation", "en")


def test_a_page_leads_from_what_was_tried_to_a_draft(beds, counted, analyst):
    kept = costing.keep_scenario(beds, by=analyst)
    said = {"about": "I26", "year": year(), "scenario": str(kept.pk)} | make_form_key()

    given.sign_in(analyst).post(reverse("briefs:new"), said)

    assert Brief.objects.get().scenario == kept


@pytest.mark.parametrize("gap", ["SH1.all", "SH1.R9.all", "nonsense"])
def test_a_gap_that_is_not_there_is_refused(regions, counted, analyst, gap):
    said = {"about": "I26", "year": year(), "gap": gap} | make_form_key()

    answer = given.sign_in(analyst).post(reverse("briefs:new"), said)
    assert answer.status_code == 422


def test_what_many_said_is_told_by_theme_and_never_in_words(monkeypatch):
    monkeypatch.setattr(heard, "list_themes", lambda: {Theme.WAITING: 25})

    assert DraftWriter(BriefSubject("I26"), {}).voices() == [
        "Waiting too long: different people mentioned this, independently of each other"
    ]


def test_the_figures_of_a_gap_go_out_in_a_table_of_needs(regions, analyst, coordinator):
    needs(unmet=60, met=40)
    brief = actions.begin_brief(BriefSubject("I26", SHELTER), year=year(), by=analyst)
    for section in brief.sections:
        finish(brief, section.code, "en", analyst)

    actions.request_review(brief, by=analyst)
    let_out(brief, ["en"], by=coordinator)

    release = Release.objects.published().get()
    assert ReleaseTable("I26", "all", ("topic",)) in release.contents.chosen
    assert load_text(brief).figures["gap"].words == "100"
    assert load_text(brief).figures["gap.unmet"].words == "60 %"
