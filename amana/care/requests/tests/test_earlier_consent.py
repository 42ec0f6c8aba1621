"""What the person agreed to before, and what a newer answer changes."""

import pytest
from django.core import mail
from django.utils import timezone

from amana import given
from amana.care.cases import actions as cases
from amana.care.consent import actions as consents
from amana.care.consent import payload, valid_consents
from amana.care.consent.models import Consent
from amana.care.referrals import actions as referrals
from amana.care.referrals.models import Referral
from amana.care.referrals.states import DeclineReason
from amana.care.requests import actions
from amana.care.requests.models import Enquiry
from amana.care.requests.states import AskingOrder, HelpRequestStatus
from amana.errors import Changed
from amana.trust.vault.models import Disclosure

from .conftest import answers, now, of, opens

FULL = DeclineReason.NO_CAPACITY


@pytest.mark.parametrize("end", ["recalled", "lapsed", "declined"])
def test_her_yes_to_a_house_that_did_not_help_still_stands(
    end, request_in_turn, need, worker, first
):
    held = of(request_in_turn, first).disclosure
    assert held
    match end:
        case "recalled":
            actions.recall(request_in_turn, by=worker)
        case "lapsed":
            Enquiry.objects.asked().update(due_at=timezone.now())
            assert actions.lapse(of(request_in_turn, first))
        case "declined":
            actions.decline(of(request_in_turn, first), reason=FULL, by=first[1])

    agreed = valid_consents.find_standing(need, [first[0].team], by=worker)
    assert [c.recipient for c in agreed.values()] == [first[0].team]
    assert not Disclosure.objects.filter(pk=held).exists()


def test_asked_again_it_gets_what_she_heard_the_first_time(
    request_in_turn, need, worker, first
):
    actions.recall(request_in_turn, by=worker)
    agreed = valid_consents.find_standing(need, [first[0].team], by=worker)
    again = actions.ask(
        need,
        services=[first[0]],
        agreed=list(agreed.values()),
        order=AskingOrder.IN_TURN,
        by=worker,
    )
    actions.accept(of(again, first), by=first[1])

    read = opens(first[1], Referral.objects.get().disclosure)
    [consent] = agreed.values()
    assert read
    assert set(read) <= {payload.NEED, *consent.fields}


def test_an_older_list_does_not_end_what_a_newer_one_rests_on(
    request_in_turn, need, worker, first, second, third
):
    """The first said yes; before she comes the second is asked under the same yes."""
    actions.accept(of(request_in_turn, first), by=first[1])
    agreed = valid_consents.find_standing(need, [second[0].team], by=worker)
    newer = actions.ask(
        need,
        services=[second[0]],
        agreed=list(agreed.values()),
        order=AskingOrder.IN_TURN,
        by=worker,
    )
    referrals.record_attendance(Referral.objects.get(), by=first[1])

    assert Consent.objects.get(recipient=second[0].team).is_live
    assert Consent.objects.get(recipient=third[0].team).status == "unused"
    assert of(newer, second).disclosure


def test_her_later_no_ends_what_stood(request_in_turn, need, worker, first):
    actions.recall(request_in_turn, by=worker)
    consents.refuse(
        need.case,
        recipient=first[0].team,
        need=need,
        purpose=Consent.Purpose.REFERRAL,
        language="ar",
        by=worker,
    )
    assert not valid_consents.find_standing(need, [first[0].team], by=worker)


def test_her_no_while_a_house_is_being_asked_stops_it(
    request_in_turn, need, worker, first
):
    consents.refuse(
        need.case,
        recipient=first[0].team,
        need=need,
        purpose=Consent.Purpose.REFERRAL,
        language="ar",
        by=worker,
    )
    assert now(request_in_turn).status == HelpRequestStatus.ENDED
    assert not Disclosure.objects.exists()
    assert Consent.objects.get(recipient=first[0].team, status="unused")
    with pytest.raises(Changed):
        actions.accept(of(request_in_turn, first), by=first[1])
    assert not Referral.objects.exists()


def test_a_newer_yes_ends_what_is_asked_under_the_older(
    request_in_turn, need, worker, first, second
):
    """She named fewer things the second time: the wider copy is told to nobody."""
    mail.outbox.clear()
    narrower = given.make_consent(
        need.case, to=second[0].team, by=worker, fields=["needs.words"]
    )
    assert now(request_in_turn).status == HelpRequestStatus.ENDED
    assert set(answers(request_in_turn)) == {"closed"}
    assert not Disclosure.objects.exists()
    assert Consent.objects.get(enquiries=of(request_in_turn, second)).status == "unused"
    assert [message.to for message in mail.outbox] == [[worker.email]]
    with pytest.raises(Changed):
        actions.accept(of(request_in_turn, first), by=first[1])

    newer = actions.ask(
        need,
        services=[second[0]],
        agreed=[narrower],
        order=AskingOrder.IN_TURN,
        by=worker,
    )
    actions.accept(of(newer, second), by=second[1])
    assert Referral.objects.get().consent == narrower


def test_a_newer_yes_to_a_house_in_line_leaves_who_accepted(
    request_in_turn, need, worker, first, second
):
    actions.accept(of(request_in_turn, first), by=first[1])
    given.make_consent(need.case, to=second[0].team, by=worker, fields=["needs.words"])

    assert now(request_in_turn).status == HelpRequestStatus.ACCEPTED
    assert answers(request_in_turn) == ["accepted", "closed", "waiting"]
    assert of(request_in_turn, second).disclosure is None
    assert Disclosure.objects.filter(pk=Referral.objects.get().disclosure).exists()


def test_what_she_did_not_hear_of_is_read_to_her(
    request_in_turn, need, worker, team, first, second, third
):
    """A telephone that her sender had not then; a house that stopped using Amana."""
    actions.recall(request_in_turn, by=worker)
    teams = [house[0].team for house in (first, second, third)]
    second[0].team.memberships.update(ended_at=timezone.now())
    found = valid_consents.find_standing(need, teams, by=worker)
    assert set(found) == {first[0].team_id, third[0].team_id}


def test_a_telephone_that_came_later_is_read_to_her(need, worker, team, first):
    team.phone = ""
    team.save(update_fields=["phone"])
    need.case.team.phone = ""
    given.make_consent(need.case, to=first[0].team, by=worker)
    assert valid_consents.find_standing(need, [first[0].team], by=worker)
    need.case.team.phone = "+999 20 100"
    assert not valid_consents.find_standing(need, [first[0].team], by=worker)


def test_a_yes_for_another_need_or_time_does_not_stand(need, worker, first):
    consent = given.make_consent(need.case, to=first[0].team, by=worker)
    other = cases.raise_need(need.case, type="HE1", urgency="U2", by=worker)
    assert not valid_consents.find_standing(other, [first[0].team], by=worker)
    Consent.objects.filter(pk=consent.pk).update(expires_at=timezone.now())
    assert not valid_consents.find_standing(need, [first[0].team], by=worker)
