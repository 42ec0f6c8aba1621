"""Who may answer a request, and what an answer releases."""

import pytest
from django.core.exceptions import PermissionDenied
from django.utils import timezone

from amana import given
from amana.care.referrals.models import Referral
from amana.care.referrals.states import DeclineReason
from amana.care.requests import actions
from amana.care.requests.states import AskingOrder
from amana.design.directory.models import Service
from amana.errors import Changed, Refused
from amana.trust.vault import disclosures
from amana.trust.vault.models import Disclosure

from .conftest import answers, asked, free, of, opens

FULL = DeclineReason.NO_CAPACITY


def test_for_an_agency_outside_the_sender_records_the_answer(need, worker, third):
    outside = given.make_service(
        of=given.make_team(name="Night desk"), name="Night beds"
    )
    outside.team.memberships.update(ended_at=timezone.now())
    made = asked(need, [(outside, worker), third], by=worker)
    assert answers(made) == ["asked", "waiting"]
    actions.decline(of(made, (outside, worker)), reason=FULL, by=worker)
    assert answers(made) == ["declined", "asked"]
    with pytest.raises(PermissionDenied):
        actions.accept(of(made, third), by=worker)  # they answer themselves


def test_of_two_colleagues_the_second_reads_who_answered(request_in_turn, first):
    colleague = given.make_worker(of=first[0].team)
    mine, theirs = of(request_in_turn, first), of(request_in_turn, first)
    actions.accept(mine, by=first[1])
    with pytest.raises(Changed, match="Lake House worker has just answered"):
        actions.accept(theirs, by=colleague)
    assert free(first) == 2


def test_of_two_houses_the_second_reads_that_it_is_accepted(
    request_at_once, first, second
):
    mine, theirs = of(request_at_once, first), of(request_at_once, second)
    actions.accept(mine, by=first[1])
    with pytest.raises(Changed, match="already been accepted"):
        actions.accept(theirs, by=second[1])
    assert Referral.objects.count() == 1
    assert free(second) == 3


def test_without_a_free_place_nothing_is_released(request_in_turn, first):
    Service.objects.filter(pk=first[0].pk).update(places_free=0)
    with pytest.raises(Refused, match="no longer has a place free"):
        actions.accept(of(request_in_turn, first), by=first[1])
    assert answers(request_in_turn)[0] == "asked"
    assert not opens(first[1], of(request_in_turn, first).disclosure)


@pytest.mark.parametrize("who", ["second", "third", "stranger", "worker"])
def test_nobody_else_answers(who, request_in_turn, first, request):
    other = request.getfixturevalue(who)
    user = other[1] if isinstance(other, tuple) else other
    with pytest.raises(PermissionDenied):
        actions.accept(of(request_in_turn, first), by=user)
    with pytest.raises(PermissionDenied):
        actions.decline(of(request_in_turn, first), reason=FULL, by=user)


def test_whoever_was_not_asked_answers_nothing(request_in_turn, second):
    with pytest.raises(PermissionDenied):
        actions.accept(of(request_in_turn, second), by=second[1])


def test_second_house_of_one_team_keeps_the_consent(need, worker, first):
    other = given.make_service(of=first[0].team, by=first[1], name="Lake House annex")
    consent = given.make_consent(need.case, to=first[0].team, by=worker)
    made = actions.ask(
        need,
        services=[first[0], other],
        agreed=[consent],
        order=AskingOrder.IN_TURN,
        by=worker,
    )
    actions.decline(of(made, first), reason=FULL, by=first[1])
    assert answers(made) == ["declined", "asked"]
    actions.accept(of(made, (other, first[1])), by=first[1])
    assert Referral.objects.get().service == other


def test_what_goes_along_is_sealed_with_each_copy_and_read_after_the_yes(
    need, worker, first, second
):
    houses = [first, second]
    agreed = given.make_consents(
        need.case,
        to=[service.team for service, _f in houses],
        by=worker,
        conditions="No men at the door",
    )
    made = actions.ask(
        need,
        services=[service for service, _f in houses],
        agreed=agreed,
        order=AskingOrder.AT_ONCE,
        note="Two children are with her.",
        by=worker,
    )
    actions.accept(of(made, second), by=second[1])
    copy = Disclosure.objects.get(pk=str(of(made, second).disclosure))
    read = disclosures.open_letters(copy, by=second[1], purpose="test")
    said = {letter.name: content for letter, content in read}
    assert said["note"]["text"] == "Two children are with her."
    assert said["note"]["by"] == worker.name
    assert said["conditions"] == {"words": "No men at the door"}
