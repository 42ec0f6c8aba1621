"""Whoever works with people sees the mechanism's figures and their own organisation in
them: no other one, no team, and nothing that is too small."""

from datetime import date

import pytest
from django.urls import reverse

from amana import given
from amana.insight.facts.models import Observation
from amana.insight.measure import actions, figure_years, ours
from amana.insight.measure.rules import read_own_line
from amana.trust.access.models import Organisation, Role
from amana.ui import navigation
from tests.worlds import kept

from .conftest import TODAY, YEAR

OURS = reverse("measure:ours")


@kept
def haven(db):
    return given.make_organisation(name="Haven")


@kept
def others(db):
    return [given.make_organisation(name=name) for name in ("Clinic", "Dar Amal")]


@kept
def helper(haven):
    return given.make_worker(of=given.make_team(of=haven))


@kept
def leader(haven):
    return given.make_worker(of=given.make_team(of=haven), role=Role.SUPERVISOR)


def page_of(user):
    return given.sign_in(user).get(OURS, {"year": YEAR})


def own_lines(page):
    return [
        (line.name, line.place)
        for section in page.context["sections"]
        for figure in section.figures
        for line in figure.own
    ]


def test_ones_own_organisation_stands_there_and_no_other(
    sheets, others, helper, leader, haven
):
    for user in (helper, leader):
        page = page_of(user)
        assert own_lines(page) == [("Haven", "inside")]
        text = page.content.decode()
        assert "Referrals accepted" in text
        assert "within the range of chance" in text
        for name in ("Clinic", "Dar Amal"):
            assert name not in text


def test_where_fewer_than_three_can_be_compared_the_own_one_is_not_shown(
    sheets, haven, helper
):
    given.make_organisation(name="Clinic")  # two of them are known here
    assert own_lines(page_of(helper)) == []
    assert "Referrals accepted" in page_of(helper).content.decode()


def test_an_organisation_with_too_few_people_is_not_shown(facts, others, haven, leader):
    small = given.make_organisation(name="Small House")
    worker = given.make_worker(of=given.make_team(of=small))
    few = [
        Observation(
            kind="acceptance",
            result="accepted",
            month=date(YEAR, 2, 1),
            agency="small-house",
        )
        for _one in range(10)
    ]
    Observation.objects.bulk_create(few)
    actions.prepare_protected_tables(TODAY)

    assert own_lines(page_of(worker)) == []
    assert own_lines(page_of(leader)) == [("Haven", "inside")]


def test_what_cannot_be_shown_is_said_and_not_drawn(sheets, others, helper):
    page = page_of(helper)
    year = figure_years.load_year(YEAR)
    assert year
    hidden = ours.list_suppressed(ours.list_looks(year))
    assert "Loop closed" in hidden
    assert "Too few to show" in page.content.decode()
    drawn = [f for section in page.context["sections"] for f in section.figures]
    assert not [figure for figure in drawn if figure.look.whole.shown.hidden]


def test_only_those_who_work_with_people_find_it(sheets, helper, leader, haven):
    everywhere = Organisation.objects.all()
    for user in (helper, leader):
        assert read_own_line.explain(user, haven) == ["read_own_line"]
        assert list(read_own_line.among(everywhere, user)) == [haven]
    for role in set(Role) - {Role.SUPERVISOR, Role.CASE_WORKER}:
        other = given.make_worker(of=given.make_team(of=haven), role=role)
        assert read_own_line.explain(other, haven) == []
        assert page_of(other).status_code == 404
    for user, there in ((helper, True), (leader, True)):
        page = given.sign_in(user).get("/today/").content.decode()
        assert (OURS in page) == there
        assert f'href="{reverse("measure:home")}"' not in page


@pytest.mark.parametrize("role", [Role.ANALYST, Role.FOCAL_POINT, Role.ADMINISTRATOR])
def test_the_way_there_is_shown_to_those_who_may_go(role, db):
    page = given.sign_in(given.make_worker(role=role)).get("/today/")
    assert OURS not in page.content.decode()
    assert "measure:ours" in navigation.ENTRIES


def test_the_figures_themselves_stay_closed(sheets, leader):
    staff = given.sign_in(leader)
    for name, args in (("home", []), ("figure", ["I20"]), ("alike", [])):
        assert staff.get(reverse(f"measure:{name}", args=args)).status_code == 404


def test_before_any_month_is_over_it_says_so(helper):
    assert "There are no figures yet" in page_of(helper).content.decode()


def test_it_asks_the_database_as_often_however_many_agencies_there_are(
    sheets, others, helper, django_assert_num_queries, django_assert_max_num_queries
):
    staff = given.sign_in(helper)
    staff.get(OURS)
    with django_assert_max_num_queries(26) as few:
        staff.get(OURS)
    for _more in range(10):
        given.make_organisation()
    with django_assert_num_queries(len(few)):
        staff.get(OURS)
