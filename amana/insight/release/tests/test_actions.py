from datetime import date

import pytest
from django.db import DatabaseError, transaction

from amana import given
from amana.errors import Changed, Refused
from amana.insight.facts.models import Observation
from amana.insight.measure import actions as measure
from amana.insight.measure import figure_years
from amana.insight.measure.library.reading import load_library
from amana.insight.release import actions
from amana.insight.release.contents import ReleaseTable
from amana.insight.release.models import Release, ReleaseState
from amana.insight.release.tests.conftest import (
    BY_SEX,
    PRESUMED,
    YEAR,
    next_month,
    screened,
)
from amana.trust.access.rules import Denied
from amana.trust.audit.models import AuditEvent


def did() -> list[str]:
    return list(AuditEvent.objects.order_by("pk").values_list("did", flat=True))


def test_two_people_sign_and_it_is_out(proposed, analyst, officer):
    with pytest.raises(Denied):
        actions.sign(proposed, by=analyst)
    assert not Release.objects.published().exists()

    actions.sign(proposed, by=officer)

    assert [*Release.objects.in_force()] == [proposed]
    assert did()[-2:] == ["proposed release", "published release"]


def test_nobody_signs_twice_whatever_they_are(counted, both):
    release = actions.propose(YEAR, [PRESUMED], by=both)

    with pytest.raises(Denied):
        actions.sign(release, by=both)
    with pytest.raises(DatabaseError), transaction.atomic():
        release.move(
            ReleaseState.PUBLISHED, signed_by=both, published_at=release.proposed_at
        )


def test_what_is_out_never_changes(published):
    for change in (
        lambda: Release.objects.update(why="nothing"),
        lambda: Release.objects.all().delete(),
        lambda: Release.objects.filter(pk=published.pk).update(state=ReleaseState.AWAY),
    ):
        with pytest.raises(DatabaseError, match="never changes"), transaction.atomic():
            change()


def test_its_tables_hold_nothing_small(published):
    tables = {(table.name, table.dims): table for table in published.tables()}

    by_sex = tables["I03.all:counted", ("sex",)]

    assert by_sex.period == str(YEAR)
    assert by_sex.value("female") == 120
    assert by_sex.value("other") is None
    shown = [int(n) for t in tables.values() for n in t.values[t.shown]]
    assert min(shown) >= published.smallest
    assert '"other"' not in str(published.pages["screening"]["cells"])


def test_what_a_share_surely_is_goes_out_with_it(analyst, officer):
    """“So much or more”, as on the sheets: the rest are too few to be shown."""
    given.store_facts(
        Observation(
            kind="consent", result=result, sex="female", month=date(YEAR, 1 + n % 12, 1)
        )
        for result, many in (("consent", 190), ("none", 4))
        for n in range(many)
    )
    measure.prepare_protected_tables()
    there = figure_years.load_year(YEAR)
    assert there is not None
    part = load_library()["I05"].part()
    said = there.sheets.shown("I05", part)
    assert said.value is None
    assert said.at_least == pytest.approx(0.94, abs=0.01)

    release = actions.propose(YEAR, [ReleaseTable("I05", "all")], by=analyst)
    actions.sign(release, by=officer)

    release = Release.objects.get()
    assert release.contents.sheets.shown("I05", part) == said


def test_figures_that_are_out_are_restated_and_not_released_again(
    published, analyst, officer
):
    with pytest.raises(Refused, match="Explain why"):
        actions.restate(published, " ", by=analyst)

    screened("presumed", "female", 40)
    next_month()
    with pytest.raises(Refused, match="Restate"):
        actions.propose(YEAR, [BY_SEX], by=analyst)
    newer = actions.restate(published, "Facts of a region came late.", by=analyst)
    actions.sign(newer, by=officer)

    assert [*Release.objects.in_force()] == [newer]
    was = {tuple(map(tuple, c["at"])): (c["was"], c["is"]) for c in newer.changes}
    assert was[("sex", "female"),] == (120, 160)
    assert ("sex", "male") not in [at[0] for at in was if at]
    with pytest.raises(Refused, match="has already been restated"):
        actions.restate(published, "Once more.", by=analyst)


def test_a_second_release_may_hold_a_table_that_still_says_the_same(
    published, analyst, officer
):
    wider = actions.propose(
        YEAR, [BY_SEX, ReleaseTable("I03", "all", ("area",))], by=analyst
    )
    actions.sign(wider, by=officer)

    assert {*Release.objects.in_force()} == {published, wider}


def test_numbers_that_came_out_otherwise_meanwhile_are_not_signed(
    proposed, analyst, officer
):
    screened("presumed", "female", 40)
    next_month()
    newer = actions.propose(YEAR, [BY_SEX], by=analyst)
    actions.sign(newer, by=officer)

    with pytest.raises(Refused, match="other numbers"):
        actions.sign(proposed, by=officer)


def test_too_small_a_correction_does_not_show(published, analyst):
    screened("presumed", "female", 3)
    next_month()

    newer = actions.restate(published, "Three came late.", by=analyst)

    assert newer.changes == []


def test_what_was_put_away_is_not_signed_any_more(proposed, analyst, officer):
    actions.archive_release(proposed, by=analyst)

    with pytest.raises(Denied):
        actions.sign(proposed, by=officer)
    with pytest.raises(Changed):
        proposed.move(ReleaseState.PUBLISHED)


def test_only_an_analyst_proposes_and_only_what_there_is(counted, analyst, officer):
    with pytest.raises(Denied):
        actions.propose(YEAR, [PRESUMED], by=officer)
    with pytest.raises(Refused, match="no figures for this year"):
        actions.propose(1999, [PRESUMED], by=analyst)
    with pytest.raises(Refused, match="have a table"):
        actions.propose(
            YEAR, [ReleaseTable("I03", "all", ("agency", "sex"))], by=analyst
        )
