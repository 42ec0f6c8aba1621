"""An organisation that the person avoids leaves the line."""

import pytest

from amana import given
from amana.care.consent.models import Consent
from amana.care.referrals import actions as referrals
from amana.care.referrals.models import Referral
from amana.care.referrals.states import DeclineReason
from amana.care.requests import actions
from amana.care.requests.states import HelpRequestStatus
from amana.errors import Changed, Refused
from amana.trust.vault.models import Disclosure

from .conftest import answers, now, of

FULL = DeclineReason.NO_CAPACITY


def test_whom_she_is_to_avoid_leaves_the_line_with_what_was_held_back(
    request_in_turn, case, worker, first, second, third
):
    avoided = (first, second)
    for service, _focal in avoided:
        referrals.avoid_organisation(case, organisation=service.organisation, by=worker)
    assert answers(request_in_turn) == ["closed", "closed", "asked"]
    for house in avoided:
        gone = of(request_in_turn, house)
        assert gone.disclosure is None
        with pytest.raises(Changed):
            actions.accept(gone, by=house[1])
    out = first[0].organisation_id
    actions.leave_out(now(request_in_turn), organisation=out, by=worker)  # said twice
    assert Disclosure.objects.get().recipient == third[0].team
    assert now(request_in_turn).status == HelpRequestStatus.OPEN


def test_whom_she_is_to_avoid_is_not_told_after_a_yes_either(
    without_name, need, worker, first, case
):
    actions.accept(of(without_name, first), by=first[1])
    joined = actions.join(without_name, need=need, by=worker)
    consent = given.make_consent(case, to=first[0].team, by=worker)
    referrals.avoid_organisation(case, organisation=first[0].organisation, by=worker)
    with pytest.raises(Refused, match="must be avoided"):
        actions.share(joined, consent=consent, by=worker)
    assert not Referral.objects.exists()


def test_what_ended_stays_ended(request_in_turn, first, worker):
    actions.accept(of(request_in_turn, first), by=first[1])
    accepted = of(request_in_turn, first)
    actions.pass_on_lost_place(accepted, reason=FULL, by=first[1])
    actions.pass_on_lost_place(accepted, reason=FULL, by=first[1])  # said twice
    assert answers(request_in_turn)[0] == "declined"
    actions.finish(
        request_in_turn, to=HelpRequestStatus.DONE, by=worker
    )  # it is asked again
    assert now(request_in_turn).status == HelpRequestStatus.OPEN
    actions.end_with_consent(Consent.objects.get(recipient=first[0].team), by=worker)
