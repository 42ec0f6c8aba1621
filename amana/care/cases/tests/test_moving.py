"""A case is offered to another team."""

import pytest
from django.core.exceptions import PermissionDenied

from amana import given
from amana.care.cases import actions
from amana.care.cases.models import Case
from amana.errors import Changed, Refused
from amana.trust.access.models import Organisation, Role, Sphere, Team
from amana.trust.vault import cards, documents
from amana.trust.vault.altered import Tampered
from amana.trust.vault.compartments import Compartment as C

from .case_records import record


def test_both_teams_hear_of_an_offer_and_of_a_no(case, worker, team, mailoutbox):
    other = given.make_team(of=team.organisation, email="other@example.org")
    taker = given.make_worker(of=other)
    given.make_worker(of=other, role=Role.SCREENER)
    transfer = actions.offer_transfer(case, to=other, by=worker)
    told = sorted(message.to[0] for message in mailoutbox)
    assert told == sorted([taker.email, "other@example.org"])
    mailoutbox.clear()
    actions.answer_transfer(transfer, accept=False, reason="no_capacity", by=taker)
    assert [message.to for message in mailoutbox] == [[worker.email]]


def test_a_case_moves_within_the_organisation_with_its_keys(case, worker, team):
    other = given.make_team(of=team.organisation)
    taker = given.make_worker(of=other)
    transfer = actions.offer_transfer(case, to=other, by=worker)
    with pytest.raises(PermissionDenied):
        actions.add_note(case, C.NEEDS, "Too early", by=taker)
    actions.answer_transfer(transfer, accept=True, by=taker)
    case.refresh_from_db()
    assert case.team == other
    assert record(case, C.IDENTITY, taker)
    assert len(list(cards.open_cards(by=taker))) == 1
    assert documents.open_documents(case.pk, by=worker, purpose="test") == {}
    assert not list(cards.open_cards(by=worker))
    assert case.assignments.leading().get().worker == taker


def test_a_declined_offer_leaves_everything_with_the_team(case, worker, team):
    other = given.make_team(of=team.organisation)
    taker = given.make_worker(of=other)
    transfer = actions.offer_transfer(case, to=other, by=worker)
    with pytest.raises(Refused, match="why"):
        actions.answer_transfer(transfer, accept=False, by=taker)
    actions.answer_transfer(transfer, accept=False, reason="no_capacity", by=taker)
    assert documents.open_documents(case.pk, by=taker, purpose="test") == {}
    assert record(case, C.IDENTITY, worker)
    with pytest.raises(Changed):
        actions.answer_transfer(transfer, accept=True, by=taker)


def test_an_offer_is_taken_back(case, worker, team):
    other = given.make_team(of=team.organisation)
    taker = given.make_worker(of=other)
    transfer = actions.offer_transfer(case, to=other, by=worker)
    with pytest.raises(Refused, match="already been offered"):
        actions.offer_transfer(case, to=other, by=worker)
    actions.take_back_offer(transfer, by=worker)
    assert documents.open_documents(case.pk, by=taker, purpose="test") == {}


def test_another_organisation_needs_the_persons_agreement(case, worker, stranger):
    theirs = stranger.memberships.get().team
    with pytest.raises(Refused, match="agreed"):
        actions.offer_transfer(case, to=theirs, by=worker)
    transfer = actions.offer_transfer(case, to=theirs, agreed="Said yes", by=worker)
    actions.answer_transfer(transfer, accept=True, by=stranger)
    assert record(case, C.IDENTITY, stranger)


@pytest.mark.parametrize(
    "sphere", [Sphere.HEALTH, Sphere.LAW_ENFORCEMENT, Sphere.BORDER]
)
def test_a_whole_case_never_moves_to_another_sphere(case, worker, sphere):
    theirs = given.make_team(of=given.make_organisation(sphere=sphere))
    given.make_worker(of=theirs)
    with pytest.raises(Refused, match="referral"):
        actions.offer_transfer(case, to=theirs, agreed="Said yes", by=worker)


def move_their_team(ours, theirs):
    Team.objects.filter(pk=theirs.pk).update(organisation=ours.organisation)


def move_our_team(ours, theirs):
    Team.objects.filter(pk=ours.pk).update(organisation=theirs.organisation)


def change_their_sphere(ours, theirs):
    found = Organisation.objects.filter(pk=theirs.organisation_id)
    found.update(sphere=ours.organisation.sphere)


def change_our_sphere(ours, theirs):
    found = Organisation.objects.filter(pk=ours.organisation_id)
    found.update(sphere=theirs.organisation.sphere)


@pytest.mark.parametrize(
    "alter", [move_their_team, move_our_team, change_their_sphere, change_our_sphere]
)
def test_no_row_makes_the_police_of_our_kind(case, worker, team, alter):
    police = given.make_team(of=given.make_organisation(sphere=Sphere.LAW_ENFORCEMENT))
    given.make_worker(of=police)
    alter(team, police)
    case, to = Case.objects.get(pk=case.pk), Team.objects.get(pk=police.pk)

    with pytest.raises(Tampered):
        actions.offer_transfer(case, to=to, agreed="Said yes", by=worker)
    if alter in (move_their_team, change_their_sphere):
        with pytest.raises(Tampered):
            documents.share_case(case.pk, by=worker, team=to)
