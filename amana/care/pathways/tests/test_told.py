"""Somebody is always told, and it is somebody who can do something about it."""

from amana import given
from amana.care.cases import actions as cases
from amana.care.pathways import actions, tasks
from amana.care.pathways.tests.conftest import go
from amana.trust.access.models import Membership


def leaves(somebody, *, by):
    """Their place in their first team ends; they keep one elsewhere."""
    place = somebody.memberships.get()
    given.join_team(somebody, given.make_team())
    given.end_membership(place, by=by)


def test_whoever_left_the_team_is_not_the_one_who_is_told(course, worker, supervisor):
    assert tasks.list_people(course, "responder", "meet") == [worker]
    leaves(worker, by=supervisor)
    assert tasks.list_people(course, "responder", "meet") == [supervisor]


def test_who_waits_to_be_let_in_again_is_not_told(course, worker, supervisor):
    Membership.objects.filter(user=worker).update(confirmed_at=None)
    assert tasks.list_people(course, "responder", "meet") == [supervisor]


def test_of_a_case_that_nobody_works_on_any_more_the_coordinators_are_told(
    course, worker, supervisor, coordinator
):
    leaves(worker, by=supervisor)
    leaves(supervisor, by=supervisor)
    assert tasks.list_people(course, "responder", "meet") == [coordinator]


def test_where_an_office_is_empty_the_coordinators_are_told(
    course, authority, coordinator
):
    assert tasks.list_people(course, "authority") == [authority]
    Membership.objects.filter(user=authority).update(confirmed_at=None)
    assert tasks.list_people(course, "authority") == [coordinator]


def test_whoever_was_named_and_plays_the_role_no_longer_is_not_told(
    course, case, worker, coordinator
):
    cases.restrict(case, people=[worker], by=worker)
    go(course, ("meet", worker, {"agrees": "yes"}))
    actions.name_person(course, "register", coordinator, by=worker)
    assert tasks.list_people(course, "coordinator", "register") == [coordinator]
    Membership.objects.filter(user=coordinator).update(confirmed_at=None)
    assert tasks.list_people(course, "coordinator", "register") == [worker]
