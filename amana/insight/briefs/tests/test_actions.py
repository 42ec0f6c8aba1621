"""A brief drafts itself, keeps what it said, and goes out only when nothing points to a
person; then it stays."""

from datetime import date

import pytest
from django.db import IntegrityError, transaction

from amana.errors import Changed, Refused
from amana.insight.briefs import actions, cited_figures
from amana.insight.briefs.brief_checks import OPEN
from amana.insight.briefs.findings import list_findings
from amana.insight.briefs.models import Brief, BriefState, Passage
from amana.insight.briefs.starting import BriefSubject
from amana.insight.briefs.tests.conftest import finish, let_out
from amana.insight.briefs.tests.facts import tell, year
from amana.insight.briefs.texts import load_text
from amana.insight.measure import actions as measure
from amana.insight.measure.engine.visible_figures import ShownValue
from amana.trust.access.rules import Denied
from amana.trust.audit.models import AuditEvent


def did(brief):
    thing = f"briefs.brief:{brief.pk}"
    return list(AuditEvent.objects.filter(thing=thing).values_list("did", flat=True))


def test_a_brief_drafts_itself_in_every_language(draft):
    text = load_text(draft)

    assert [text.raw(name) for name in ("figure_1", "figure_2", "figure_3")] == [
        "I26",
        "I20",
        "I21",
    ]
    assert text.figures["I26"].words == "44 %"
    for language in ("en", "fr", "ar"):
        assert "{I26}" in text.raw("message", language)
        assert text.raw("a_impact_why", language)
    assert "44" in text.said("message", "en")
    assert did(draft) == ["began brief"]


def test_what_a_draft_says_by_itself_points_to_nobody(draft):
    open_places = [
        remark for remark in list_findings(load_text(draft)) if OPEN not in remark.words
    ]

    assert [open_place.part.code for open_place in open_places] == ["by_when"]


def test_only_those_who_write_briefs_begin_one(stranger, counted):
    with pytest.raises(Denied):
        actions.begin_brief(BriefSubject("I26"), year=year(), by=stranger)


def test_a_figure_of_too_few_is_not_offered(draft):
    assert "I13" not in load_text(draft).figures


def test_what_was_written_before_is_kept(draft, analyst):
    finish(draft, "ask", "en", analyst, title="Open twenty beds")

    titles = draft.passages.filter(part="title", language="en").order_by("pk")
    assert [title.words for title in titles] == [
        "Decide on this now: Unmet needs",
        "Open twenty beds",
    ]
    assert draft.passages.filter(part="message", language="en").count() == 1


def test_whoever_saw_an_older_text_does_not_write_over_the_newer(draft, analyst):
    was = load_text(draft).newest(draft.section("ask"), "en")
    actions.write_section(
        draft, "ask", "en", {"title": "Open beds"}, was=was, by=analyst
    )

    with pytest.raises(Changed):
        actions.write_section(
            draft, "ask", "en", {"title": "Other"}, was=was, by=analyst
        )
    assert load_text(draft).raw("title", "en") == "Open beds"


def test_a_draft_with_an_open_place_does_not_go_out(draft, coordinator):
    assert OPEN in load_text(draft).raw("who", "en")
    with pytest.raises(Refused, match="still to be written"):
        let_out(draft, ["en"], by=coordinator)


@pytest.mark.parametrize(
    ("said", "why"),
    [
        ("A 16-year-old girl from Kilima waited.", "story of one person"),
        ("Only {I13} found a bed.", "no figure of this name.*I13"),
        ("Call +962 7 9999 1234.", "number or address that could lead to a person"),
    ],
)
def test_what_points_to_one_person_is_refused_with_its_place(
    ready, analyst, coordinator, said, why
):
    finish(ready, "causes", "en", analyst, causes=said)

    with pytest.raises(Refused, match=f"Why this is so.*{why}"):
        let_out(ready, ["en"], by=coordinator)
    assert not Brief.objects.published().exists()


def test_a_long_sentence_is_not_plain_language(ready, analyst, coordinator):
    finish(ready, "plain", "en", analyst, plain_what=" ".join(["word"] * 25) + ".")

    with pytest.raises(Refused, match="everyone can read it"):
        let_out(ready, ["en"], by=coordinator)


def test_what_may_be_a_name_takes_a_second_person_who_looked(
    ready, analyst, coordinator
):
    finish(ready, "causes", "en", coordinator, causes="We asked Amira Haddad about it.")
    with pytest.raises(Refused, match="you wrote part of this text"):
        let_out(ready, ["en"], looked=True, by=coordinator)

    from amana import given
    from amana.trust.access.models import Role

    officer = given.make_worker(role=Role.DATA_PROTECTION_OFFICER)
    with pytest.raises(Refused, match="confirm that you did"):
        let_out(ready, ["en"], by=officer)

    actions.request_review(ready, by=analyst)
    let_out(ready, ["en"], looked=True, by=officer)
    assert ready.is_published


def test_a_brief_is_held_before_its_words_are_read(asked, coordinator, monkeypatch):
    held = []
    hold = actions._hold

    def holds(brief):
        hold(brief)
        held.append(brief)

    def reads(brief):
        assert held == [brief]
        return load_text(brief)

    monkeypatch.setattr("amana.insight.briefs.actions._hold", holds)
    monkeypatch.setattr("amana.insight.briefs.actions.load_text", reads)

    seen = load_text(asked).latest
    actions.publish(asked, ["en"], seen=seen, too_long=False, by=coordinator)
    assert asked.is_published


def test_an_analyst_asks_and_does_not_publish(ready, analyst):
    actions.request_review(ready, by=analyst)

    assert ready.asked_at
    with pytest.raises(Denied):
        let_out(ready, ["en"], by=analyst)


def test_a_brief_goes_out_in_the_languages_that_are_ready(asked, coordinator):
    with pytest.raises(Refused, match="français"):
        let_out(asked, ["en", "fr"], by=coordinator)

    let_out(asked, ["en"], by=coordinator)
    assert asked.languages == ["en"]
    assert did(asked)[-1] == "published brief"


def test_a_brief_that_is_too_long_does_not_go_out(
    ready, analyst, coordinator, monkeypatch
):
    from amana.insight.briefs import printing

    monkeypatch.setattr(printing, "SIZES", (24.0,))
    with pytest.raises(Refused, match="two pages"):
        let_out(ready, ["en"], by=coordinator)


def test_a_published_brief_stays_as_it_is(published, analyst):
    with pytest.raises(Denied):
        finish(published, "ask", "en", analyst, title="Other")
    for change in (
        lambda: Brief.objects.filter(pk=published.pk).update(about="I21"),
        lambda: Passage.objects.filter(brief=published).update(words="other"),
        lambda: Passage.objects.filter(brief=published).delete(),
        lambda: Passage.objects.create(
            brief=published, part="title", language="en", written_by=analyst
        ),
        lambda: Brief.objects.filter(pk=published.pk).delete(),
    ):
        with pytest.raises(IntegrityError), transaction.atomic():
            change()


def test_a_figure_that_changes_later_is_told_and_the_brief_keeps_the_old_one(published):
    before = load_text(published).said("message", "en")
    assert cited_figures.list_changed(load_text(published).figures, year()) == []

    grown = dict(load_text(published).figures) | {
        "I20": cited_figures.SafeFigure("I20", ShownValue(value=0.99, of=120))
    }
    changed = cited_figures.list_changed(grown, year())

    assert [(change.then, change.now) for change in changed] == [("99 %", "67 %")]
    assert load_text(published).said("message", "en") == before


def test_the_next_edition_begins_with_the_same_words_and_replaces_when_it_is_out(
    published, analyst, coordinator
):
    following = actions.begin_next_edition(published, year=year(), by=analyst)

    assert load_text(following).raw("title", "en") == load_text(published).raw(
        "title", "en"
    )
    assert list(Brief.objects.in_force()) == [published]
    with pytest.raises(Refused, match="already been started"):
        actions.begin_next_edition(published, year=year(), by=analyst)

    assert following.release is None
    let_out(following, ["en"], by=coordinator)
    assert list(Brief.objects.in_force()) == [following]


def test_a_draft_that_is_put_away_leaves_no_words(draft, analyst):
    actions.discard_brief(draft, by=analyst)

    assert draft.state == BriefState.AWAY
    assert not draft.passages.exists()
    with pytest.raises(Denied):
        actions.discard_brief(draft, by=analyst)


def test_findings_say_where_they_are(ready, analyst):
    finish(ready, "causes", "en", analyst, causes="Good.\nLast year 7 women waited.")

    found = [
        remark for remark in list_findings(load_text(ready)) if remark.language == "en"
    ]
    assert [(remark.section.code, remark.words) for remark in found] == [
        ("causes", "Last year 7 women waited.")
    ]


def test_facts_told_later_are_in_no_published_figure(published):
    tell([("need", "unmet", "female", 200)])
    later = date(year() + 9, 1, 1)
    measure.prepare_year(year(), date(year() + 1, 1, 1), later)

    assert load_text(published).figures["I26"].words == "44 %"
    changed = cited_figures.list_changed(load_text(published).figures, year())
    assert "71 %" in [change.now for change in changed]
