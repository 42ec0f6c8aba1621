"""A brief has no way out of its own: its figures leave through a release that two
people sign, and it reads them there."""

import pytest
from django.urls import reverse

from amana import given
from amana.errors import Refused
from amana.insight.briefs import actions, cited_figures, releasing
from amana.insight.briefs.models import Brief
from amana.insight.briefs.starting import BriefSubject
from amana.insight.briefs.tests.conftest import finish, let_out
from amana.insight.briefs.tests.facts import tell, year
from amana.insight.briefs.texts import load_text
from amana.insight.measure.models import ProtectedTable
from amana.insight.release import actions as releases
from amana.insight.release.contents import ReleaseTable
from amana.insight.release.models import Release, ReleaseState
from amana.insight.release.tests.conftest import next_month
from amana.trust.access.models import Role


def out():
    return {table for r in Release.objects.published() for table in r.contents.chosen}


def test_a_brief_with_a_figure_in_no_release_is_refused(ready, coordinator):
    with pytest.raises(Refused, match=r"in no release yet: .*Unmet needs"):
        let_out(ready, ["en"], by=coordinator)

    assert not Brief.objects.published().exists()
    assert not Release.objects.exists()


def test_a_figure_put_in_after_the_look_was_asked_for_does_not_slip_out(
    asked, analyst, coordinator
):
    finish(asked, "numbers", "en", analyst, chart="sex")

    with pytest.raises(Refused, match="in no release yet: Unmet needs, by: Sex"):
        let_out(asked, ["en"], by=coordinator)

    first = asked.release
    actions.request_review(asked, by=analyst)
    first.refresh_from_db()
    assert first.state == ReleaseState.AWAY
    let_out(asked, ["en"], by=coordinator)
    assert ReleaseTable("I26", "all", ("sex",)) in out()


def test_to_ask_is_the_first_signature_and_to_publish_the_second(
    asked, analyst, coordinator
):
    waiting = asked.release
    assert waiting.state == ReleaseState.PROPOSED
    assert waiting.proposed_by == analyst
    assert out() == set()

    let_out(asked, ["en"], by=coordinator)

    release = Release.objects.published().get()
    assert release == waiting
    assert release.signed_by == coordinator
    assert out() == {
        ReleaseTable("I26", "all"),
        ReleaseTable("I20", "accepted"),
        ReleaseTable("I21", "all"),
    }
    assert asked.cited == dict.fromkeys(("I26", "I20", "I21"), release.pk)


def test_a_chart_goes_out_as_a_table_split_so(ready, analyst, coordinator):
    finish(ready, "numbers", "en", analyst, chart="sex")

    actions.request_review(ready, by=analyst)
    let_out(ready, ["en"], by=coordinator)

    assert ReleaseTable("I26", "all", ("sex",)) in out()
    chart = load_text(ready).chart
    assert chart is not None
    assert [code for code, figure in chart.groups if figure] == ["female"]


def test_who_proposed_its_figures_does_not_publish_it(ready, analyst, coordinator):
    given.join_team(coordinator, given.make_team(), role=Role.ANALYST)
    actions.request_review(ready, by=coordinator)

    with pytest.raises(Refused, match="You proposed its figures"):
        let_out(ready, ["en"], by=coordinator)
    assert out() == set()


def test_only_an_analyst_proposes_what_a_brief_cites(ready, coordinator):
    with pytest.raises(Refused, match="Ask an analyst to request the review"):
        actions.request_review(ready, by=coordinator)


def test_what_is_out_already_is_cited_as_it_is_out(
    ready, release, analyst, coordinator
):
    tell([("need", "unmet", "female", 200)])
    next_month()
    assert cited_figures.map_offered(year())["I26"].words == "44 %"

    actions.request_review(ready, by=analyst)
    assert ReleaseTable("I26", "all") not in ready.release.contents.chosen
    let_out(ready, ["en"], by=coordinator)

    assert ready.cited["I26"] == release.pk
    assert load_text(ready).figures["I26"].words == "44 %"


def test_a_published_brief_reads_its_figures_in_releases_alone(published):
    ProtectedTable.objects.all().delete()

    assert load_text(published).figures["I26"].words == "44 %"
    assert load_text(published).said("message", "en").startswith("Unmet needs: 44 %")


def test_a_restatement_does_not_change_what_a_brief_said(
    client, published, analyst, coordinator
):
    tell([("need", "unmet", "female", 200)])
    next_month()
    newer = releases.restate(published.release, "Late facts.", by=analyst)
    releases.sign(newer, by=coordinator)

    assert cited_figures.map_offered(year())["I26"].words == "71 %"
    assert load_text(published).figures["I26"].words == "44 %"
    page = client.get(reverse("briefs:asked_one", args=[published.pk]))
    assert "These figures were restated" in page.content.decode()
    assert reverse("release:published_one", args=[newer.pk]) in page.content.decode()


def test_a_brief_does_not_speak_of_figures_that_it_does_not_tell(
    client, ready, release, analyst, coordinator
):
    actions.request_review(ready, by=analyst)
    let_out(ready, ["en"], by=coordinator)
    assert {cite.release for cite in load_text(ready).cites} == {
        release.pk,
        ready.release_id,
    }
    tell([("acceptance", "accepted", "female", 400)])
    next_month()
    # I26, of `release`, says what it said
    releases.sign(releases.restate(release, "Read again.", by=analyst), by=coordinator)
    page = client.get(reverse("briefs:asked_one", args=[ready.pk]))
    assert "were restated" not in page.content.decode()

    newer = releases.restate(ready.release, "Late facts.", by=analyst)
    releases.sign(newer, by=coordinator)
    assert releasing.find_restatement(load_text(ready)) == newer


def test_a_brief_leads_to_the_release_that_is_in_force(published, analyst, coordinator):
    for many in (200, 300):
        tell([("need", "unmet", "female", many)])
        next_month()
        was = published.release.newest
        newer = releases.restate(was, "Late facts.", by=analyst)
        releases.sign(newer, by=coordinator)

    assert releasing.find_restatement(load_text(published)) == newer
    assert newer.restates != published.release


def test_a_report_says_that_its_release_was_restated(
    client, report, release, analyst, coordinator
):
    let_out(report, ["en"], by=coordinator)
    address = reverse("briefs:report", args=[year()])
    assert "were restated" not in client.get(address).content.decode()
    tell([("need", "unmet", "female", 200)])
    next_month()
    newer = releases.restate(release, "Late facts.", by=analyst)
    releases.sign(newer, by=coordinator)

    page = client.get(address).content.decode()
    assert "These figures were restated" in page
    assert "44\N{NO-BREAK SPACE}%" in page


def test_figures_put_away_by_whoever_signs_keep_the_brief_in(
    asked, analyst, coordinator
):
    releases.archive_release(asked.release, by=coordinator)

    with pytest.raises(Refused, match="in no release yet"):
        let_out(asked, ["en"], by=coordinator)


def test_a_draft_that_is_put_away_takes_its_proposed_figures_along(asked, analyst):
    actions.discard_brief(asked, by=analyst)

    assert Release.objects.get().state == ReleaseState.AWAY


def test_what_came_out_otherwise_meanwhile_is_asked_for_anew(
    ready, analyst, coordinator
):
    finish(ready, "numbers", "en", analyst, chart="sex")
    actions.request_review(ready, by=analyst)
    other = actions.begin_brief(BriefSubject("I26"), year=year(), by=analyst)
    for section in other.sections:
        finish(other, section.code, "en", analyst)
    tell([("need", "unmet", "female", 200)])
    next_month()
    actions.request_review(other, by=analyst)
    let_out(other, ["en"], by=coordinator)
    with pytest.raises(Refused, match="other numbers"):
        let_out(ready, ["en"], by=coordinator)

    page = given.sign_in(analyst).get(reverse("briefs:brief", args=[ready.pk]))
    assert "Request a review" in page.content.decode()
    actions.request_review(ready, by=analyst)
    let_out(ready, ["en"], by=coordinator)

    assert load_text(ready).figures["I26"].words == "71 %"
    assert ready.cited["I26"] == other.release_id


def test_what_is_not_cited_any_more_does_not_go_out(
    asked, release, analyst, coordinator
):
    numbers = {"figure_1": "I26", "figure_2": "I26", "figure_3": "I26"}
    finish(asked, "numbers", "en", analyst, **numbers)
    for language in ("en", "fr", "ar"):
        finish(asked, "watch", language, analyst, watch="{I26}")

    let_out(asked, ["en"], by=coordinator)

    assert asked.cited == {"I26": release.pk}
    assert Release.objects.get(pk=asked.release_id).state == ReleaseState.AWAY


def test_figures_of_different_days_do_not_stand_side_by_side(
    ready, release, analyst, coordinator
):
    ProtectedTable.objects.update(until=f"{year()}-09-01")

    actions.request_review(ready, by=analyst)
    with pytest.raises(Refused, match="different days: 31 August"):
        let_out(ready, ["en"], by=coordinator)
