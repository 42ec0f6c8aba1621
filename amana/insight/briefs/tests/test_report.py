"""The report of a year: of a signed release, at an address that stays."""

import pytest
from django.urls import reverse

from amana import given
from amana.errors import Refused
from amana.insight.briefs import actions, reporting
from amana.insight.briefs.tests.conftest import finish, let_out
from amana.insight.briefs.tests.facts import tell, year
from amana.insight.briefs.texts import load_text
from amana.insight.release import actions as releases
from amana.insight.release.contents import ReleaseTable
from amana.printing import document as tree
from amana.trust.access.rules import Denied
from amana.ui.once import make_form_key


def body(response):
    return response.content.decode()


def test_a_report_needs_a_release_that_two_people_signed(counted, analyst):
    proposed = releases.propose(year(), [ReleaseTable("I26", "all")], by=analyst)

    with pytest.raises(Refused, match="Two people have to sign"):
        actions.begin_report(proposed, by=analyst)


def test_a_report_takes_over_what_the_briefs_of_its_year_ask_for(
    published, release, analyst
):
    report = actions.begin_report(release, by=analyst)

    asked = load_text(report).raw("recommendations", "en")
    assert asked == "Decide on this now: Unmet needs"


def test_anybody_reads_a_report_and_cites_its_edition(client, report, coordinator):
    let_out(report, ["en"], by=coordinator)

    page = client.get(reverse("briefs:report", args=[year()]))
    assert "44\N{NO-BREAK SPACE}%" in body(page)
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


def test_a_report_begins_with_what_a_minister_has_to_know(report):
    document = reporting.build_document(load_text(report), "en")

    kinds = [type(block).__name__ for block in document.blocks]
    assert kinds[:4] == ["Heading", "Paragraph", "Numbers", "Heading"]
    titles = [x.words for x in document.blocks if isinstance(x, tree.Heading)]
    assert titles == [
        "The year in short",
        "What we recommend",
        "What was done",
        "The figures",
        "By groups",
        "Unmet needs",
        "How it was counted, and what we do not know",
        "How to cite it",
    ]
    assert document.contents == "Contents"


@pytest.fixture
def of_more(analyst, coordinator):
    """A report of a year with so many women and men that both are shown."""
    each = (("female", 160, 240), ("male", 120, 180), ("other", 3, 2), ("", 90, 110))
    tell(
        ("need", result, sex, many)
        for sex, unmet, met in each
        for result, many in (("unmet", unmet), ("met", met))
    )
    chosen = [ReleaseTable("I26", "all"), ReleaseTable("I26", "all", ("sex",))]
    release = releases.propose(year(), chosen, by=analyst)
    releases.sign(release, by=coordinator)
    return actions.begin_report(release, by=analyst)


def test_groups_that_are_not_shown_stand_in_a_line_and_not_in_a_table(of_more):
    document = reporting.build_document(load_text(of_more), "en")

    [chart] = [x for x in document.blocks if isinstance(x, tree.Picture)]
    assert (
        "Women and girls: 40\N{NO-BREAK SPACE}%; Men and boys: 40\N{NO-BREAK SPACE}%"
        in chart.words
    )
    last = [x for x in document.blocks if isinstance(x, tree.Table)][-1]
    groups = [tree.get_words(row[0]) for row in last.rows]
    assert groups == ["Women and girls", "Men and boys"]
    lines = (x.line for x in document.blocks if isinstance(x, tree.Paragraph))
    words = " ".join(map(tree.get_words, lines))
    assert (
        "not shown so that no one can be identified: People of another gender." in words
    )


def test_a_report_cites_the_release_it_was_begun_with(
    report, release, analyst, coordinator
):
    finish(report, "opening", "en", analyst, summary="Unmet: {I26}.")
    let_out(report, ["en"], by=coordinator)

    assert report.cited == {"I26": release.pk}


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

    with pytest.raises(Refused, match="may identify a person"):
        let_out(report, ["en"], by=coordinator)


def test_an_analyst_begins_a_report_on_its_page(release, analyst):
    page = given.sign_in(analyst)

    said = {"release": release.pk} | make_form_key()
    answer = page.post(reverse("briefs:new_report"), said, follow=True)
    assert "still to be written" in body(answer)
    assert page.get(reverse("briefs:reports")).status_code == 200


def test_the_next_edition_of_a_report_begins_with_a_release(
    report, release, analyst, coordinator
):
    let_out(report, ["en"], by=coordinator)
    with pytest.raises(Denied):
        actions.begin_next_edition(report, year=year(), by=analyst)

    page = body(given.sign_in(analyst).get(reverse("briefs:brief", args=[report.pk])))
    assert reverse("briefs:go_on", args=[report.pk]) not in page
    assert reverse("briefs:new_report") in page

    actions.discard_brief(actions.begin_report(release, by=analyst), by=analyst)
    assert actions.begin_report(release, by=analyst).replaces == report
