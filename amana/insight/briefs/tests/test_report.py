"""The report of a year: of a signed release, at an address that stays."""

import pytest
from django.urls import reverse

from amana import given
from amana.errors import Refused
from amana.insight.briefs import actions
from amana.insight.briefs.tests.conftest import finish, let_out
from amana.insight.briefs.tests.facts import year
from amana.insight.briefs.texts import text_of
from amana.insight.release import actions as releases
from amana.insight.release.contents import Chosen
from amana.trust.access.rules import Denied
from amana.ui.once import a_key


def body(response):
    return response.content.decode()


def test_a_report_needs_a_release_that_two_people_signed(counted, analyst):
    proposed = releases.propose(year(), [Chosen("I26", "all")], by=analyst)

    with pytest.raises(Refused, match="signed by two"):
        actions.begin_report(proposed, by=analyst)


def test_a_report_takes_over_what_the_briefs_of_its_year_ask_for(
    published, release, analyst
):
    report = actions.begin_report(release, by=analyst)

    asked = text_of(report).raw("recommendations", "en")
    assert asked == "Decide on this now: Unmet needs"


def test_anybody_reads_a_report_and_cites_its_edition(client, report, coordinator):
    let_out(report, ["en"], by=coordinator)

    page = client.get(reverse("briefs:report", args=[year()]))
    assert "44 %" in body(page)
    assert "Women and girls" in body(page)
    assert len(page.content) < 60_000
    fixed = reverse("briefs:report_edition", args=[year(), 1])
    assert "edition 1" in body(page)
    assert fixed in body(page)
    file = client.get(reverse("briefs:report_file", args=[year(), 1, "en", "pdf"]))
    assert file.content.startswith(b"%PDF")
    for missing in ([year() - 1], [year(), 2]):
        name = "report" if len(missing) == 1 else "report_edition"
        assert client.get(reverse(f"briefs:{name}", args=missing)).status_code == 404


def test_a_second_edition_leaves_the_first_where_it_was(
    client, report, release, analyst, coordinator
):
    let_out(report, ["en"], by=coordinator)
    second = actions.begin_report(release, by=analyst)
    for section in second.sections:
        finish(second, section.code, "en", analyst)
    let_out(second, ["en"], by=coordinator)

    first = body(client.get(reverse("briefs:report_edition", args=[year(), 1])))
    assert "There is a newer edition" in first
    assert "edition 1" in first
    assert "edition 2" in body(client.get(reverse("briefs:report", args=[year()])))


def test_a_report_is_looked_through_like_a_brief(report, analyst, coordinator):
    finish(report, "done", "en", analyst, done="We found a bed for 4 women.")

    with pytest.raises(Refused, match=r"What was done.*4 women"):
        let_out(report, ["en"], by=coordinator)


def test_an_analyst_begins_a_report_on_its_page(release, analyst):
    page = given.signed_in(analyst)

    said = {"release": release.pk} | a_key()
    answer = page.post(reverse("briefs:new_report"), said, follow=True)
    assert "still to be written" in body(answer)
    assert page.get(reverse("briefs:reports")).status_code == 200


def test_the_next_edition_of_a_report_begins_with_a_release(
    report, release, analyst, coordinator
):
    let_out(report, ["en"], by=coordinator)
    with pytest.raises(Denied):
        actions.go_on(report, year=year(), by=analyst)

    page = body(given.signed_in(analyst).get(reverse("briefs:brief", args=[report.pk])))
    assert reverse("briefs:go_on", args=[report.pk]) not in page
    assert reverse("briefs:new_report") in page

    actions.put_away(actions.begin_report(release, by=analyst), by=analyst)
    assert actions.begin_report(release, by=analyst).replaces == report
