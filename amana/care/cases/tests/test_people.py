"""Who works on a case, and who is named for a restricted case."""

import pytest
from django.core.exceptions import PermissionDenied

from amana import given
from amana.care.cases import actions
from amana.care.cases.models import Assignment
from amana.errors import Refused
from amana.trust.vault import cards, documents
from amana.trust.vault.compartments import Compartment as C

from .case_records import record


def test_a_colleague_sees_the_case_while_assigned(case, worker, colleague):
    assignment = actions.assign(case, colleague, by=worker)
    actions.add_note(case, C.NEEDS, "Here", by=colleague)
    actions.end_assignment(assignment, by=worker)
    with pytest.raises(PermissionDenied):
        actions.add_note(case, C.NEEDS, "Gone", by=colleague)


def test_only_colleagues_who_hold_the_key_are_assigned(case, worker, stranger):
    with pytest.raises(Refused, match="hold its key"):
        actions.assign(case, stranger, by=worker)


def test_a_helper_assigns_nobody(case, worker, colleague, screener):
    actions.assign(case, colleague, by=worker)
    with pytest.raises(PermissionDenied):
        actions.assign(case, screener, by=colleague)


def test_somebody_always_leads(case, worker, colleague):
    with pytest.raises(Refused, match="lead"):
        actions.end_assignment(case.assignments.get(), by=worker)
    actions.assign(case, colleague, part=Assignment.Part.LEAD, by=worker)
    assert case.assignments.leading().get().worker == colleague
    actions.end_assignment(case.assignments.current().get(worker=worker), by=worker)


def test_nobody_loses_the_keys_while_the_case_is_offered(case, worker, colleague):
    assignment = actions.assign(case, colleague, by=worker)
    other = given.make_worker(of=given.make_team(of=case.team.organisation))
    transfer = actions.offer_transfer(case, to=other.memberships.get().team, by=worker)
    for change in (
        lambda: actions.restrict(case, people=[worker], by=worker),
        lambda: actions.lift_restriction(case, by=worker),
        lambda: actions.end_assignment(assignment, by=worker),
    ):
        with pytest.raises(Refused, match="offered"):
            change()
    actions.answer_transfer(transfer, accept=True, by=other)
    assert record(case, C.IDENTITY, other)


def test_a_restricted_case_is_kept_to_named_people_and_their_keys(
    case, worker, colleague, supervisor
):
    actions.restrict(case, people=[worker], by=worker)
    assert documents.open_documents(case.pk, by=colleague, purpose="test") == {}
    assert not list(cards.open_cards(by=colleague))
    assert record(case, C.IDENTITY, worker).content["name"]
    assert len(list(cards.open_cards(by=worker))) == 1
    with pytest.raises(PermissionDenied):
        actions.add_note(case, C.NEEDS, "x", by=supervisor)


def test_an_assigned_colleague_opens_a_restricted_case_until_it_ends(
    case, worker, colleague
):
    actions.restrict(case, people=[worker], by=worker)
    assignment = actions.assign(case, colleague, by=worker)
    assert record(case, C.IDENTITY, colleague)
    assert len(list(cards.open_cards(by=colleague))) == 1
    actions.end_assignment(assignment, by=worker)
    assert documents.open_documents(case.pk, by=colleague, purpose="test") == {}
    assert not list(cards.open_cards(by=colleague))


def test_lifting_the_restriction_gives_the_team_its_keys_back(case, worker, colleague):
    actions.restrict(case, people=[worker], by=worker)
    actions.lift_restriction(case, by=worker)
    assert documents.open_documents(case.pk, by=colleague, purpose="test")
    assert len(list(cards.open_cards(by=colleague))) == 1


def test_whoever_leads_is_among_the_named(case, worker, colleague, supervisor):
    with pytest.raises(Refused, match="leads"):
        actions.restrict(case, people=[colleague], by=supervisor)
