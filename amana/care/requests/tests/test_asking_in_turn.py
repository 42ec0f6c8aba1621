"""Services in an ordered list are asked one after the other, until the first
accepts."""

from datetime import timedelta

import pytest
from django.core import mail
from django.core.exceptions import PermissionDenied
from django.utils import timezone

from amana.care.cases.models import Need
from amana.care.consent import actions as consents
from amana.care.consent.models import Consent, Destruction
from amana.care.referrals import actions as referrals
from amana.care.referrals.models import Referral
from amana.care.referrals.models import ReferralStatus as R
from amana.care.referrals.states import DeclineReason
from amana.care.requests import actions, chasing
from amana.care.requests.rules import see_enquiry
from amana.care.requests.states import HelpRequestStatus
from amana.design.directory import actions as directory
from amana.errors import Changed, Refused
from amana.trust.vault.models import Disclosure

from .conftest import answers, free, now, of, opens

FULL = DeclineReason.NO_CAPACITY


def test_the_first_is_asked_and_the_others_do_not_learn_that_there_is_a_question(
    request_in_turn, first, second, third
):
    assert answers(request_in_turn) == ["asked", "waiting", "waiting"]
    assert see_enquiry.permits(first[1], of(request_in_turn, first))
    for house in (second, third):
        assert not see_enquiry.permits(house[1], of(request_in_turn, house))
    assert request_in_turn.need.status == Need.Status.REFERRED


def test_nobody_reads_of_her_before_a_yes_whoever_is_asked(
    request_at_once, first, second, third
):
    for house in (first, second, third):
        assert not opens(house[1], of(request_at_once, house).disclosure)
    assert not Consent.objects.exclude(shared_at=None).exists()
    assert not Referral.objects.exists()


def test_the_first_yes_gets_what_was_agreed_and_the_referral_is_accepted(
    request_in_turn, first, second, third, worker
):
    service, focal = first
    accepted = actions.accept(of(request_in_turn, first), by=focal)

    referral = Referral.objects.get()
    assert (referral.state, referral.places) == (R.ACCEPTED, 1)
    assert accepted.referral == referral
    assert opens(focal, referral.disclosure)["identity.name"] == "Zubaida Canary"
    assert opens(worker, referral.disclosure)
    assert free(first) == 2
    assert now(request_in_turn).status == HelpRequestStatus.ACCEPTED
    assert Consent.objects.get(recipient=service.team).shared_at
    # The others stay in line until she has come, and read nothing.
    assert answers(request_in_turn) == ["accepted", "waiting", "waiting"]
    for house in (second, third):
        assert not opens(house[1], of(request_in_turn, house).disclosure)


def test_of_several_asked_at_once_the_others_learn_only_that_it_is_closed(
    request_at_once, first, second, third
):
    held = {h: of(request_at_once, h).disclosure for h in (second, third)}
    actions.accept(of(request_at_once, first), by=first[1])

    assert answers(request_at_once) == ["accepted", "closed", "closed"]
    assert not Disclosure.objects.filter(
        pk__in=[d for d in held.values() if d]
    ).exists()
    for house in (second, third):
        with pytest.raises(Changed, match="already been accepted"):
            actions.accept(of(request_at_once, house), by=house[1])
    referrals.record_attendance(Referral.objects.get(), by=first[1])
    for house in (second, third):
        unused = Consent.objects.get(recipient=house[0].team)
        assert (unused.status, unused.shared_at) == ("unused", None)
    assert not Destruction.objects.exists()  # nobody has copies to destroy


def test_a_no_goes_on_to_the_next_by_itself(request_in_turn, first, second, third):
    held = of(request_in_turn, first).disclosure
    assert held
    actions.decline(of(request_in_turn, first), reason=FULL, by=first[1])

    assert answers(request_in_turn) == ["declined", "asked", "waiting"]
    assert not Disclosure.objects.filter(pk=held).exists()
    actions.accept(of(request_in_turn, second), by=second[1])
    assert Referral.objects.get().recipient == second[0].team
    assert not see_enquiry.permits(third[1], of(request_in_turn, third))


def test_silence_goes_on_to_the_next_by_itself(
    request_in_turn, first, monkeypatch, django_capture_on_commit_callbacks
):
    due = of(request_in_turn, first).due_at
    assert due
    assert chasing.chase() == 0
    monkeypatch.setattr(timezone, "now", lambda: due + timedelta(minutes=1))
    assert chasing.chase() == 1
    assert chasing.chase() == 0
    assert answers(request_in_turn) == ["lapsed", "asked", "waiting"]
    with pytest.raises(Changed):
        actions.accept(of(request_in_turn, first), by=first[1])


def test_when_nobody_is_left_the_sender_is_told_and_chooses_again(
    request_in_turn, first, second, third, need
):
    mail.outbox.clear()
    for house in (first, second, third):
        actions.decline(of(request_in_turn, house), reason=FULL, by=house[1])

    assert now(request_in_turn).status == HelpRequestStatus.UNANSWERED
    assert Need.objects.get(pk=need.pk).status == Need.Status.OPEN
    assert not Disclosure.objects.exists()
    # She is not read to again where one of them has a place tomorrow.
    assert Consent.objects.live().count() == 3
    sent = [message for message in mail.outbox if "Canary" not in message.body]
    assert sent == mail.outbox
    assert mail.outbox


def test_a_place_that_is_lost_later_goes_to_the_next_in_line(
    request_in_turn, first, second, need
):
    actions.accept(of(request_in_turn, first), by=first[1])
    referral = Referral.objects.select_related("service").get()
    referrals.decline(referral, reason=FULL, by=first[1])

    assert answers(request_in_turn) == ["declined", "asked", "waiting"]
    assert now(request_in_turn).status == HelpRequestStatus.OPEN
    assert Need.objects.get(pk=need.pk).status == Need.Status.REFERRED
    actions.accept(of(request_in_turn, second), by=second[1])
    assert Referral.objects.exclude(pk=referral.pk).get().state is R.ACCEPTED


def test_once_she_has_come_nobody_is_kept_in_line(
    request_in_turn, first, second, third
):
    actions.accept(of(request_in_turn, first), by=first[1])
    referral = Referral.objects.select_related("service", "recipient", "sender").get()
    referrals.record_attendance(referral, by=first[1])

    assert now(request_in_turn).status == HelpRequestStatus.DONE
    assert answers(request_in_turn) == ["accepted", "closed", "closed"]
    assert [d.pk for d in Disclosure.objects.all()] == [referral.disclosure]


def test_withdrawn_meanwhile_the_question_is_closed_everywhere(
    request_at_once, worker, first, need
):
    consents.withdraw(Consent.objects.earliest("pk"), by=worker)

    assert now(request_at_once).status == HelpRequestStatus.ENDED
    assert set(answers(request_at_once)) == {"closed"}
    assert not Disclosure.objects.exists()
    assert Need.objects.get(pk=need.pk).status == Need.Status.OPEN
    assert not Destruction.objects.exists()
    with pytest.raises(Changed, match="it was recalled, or the consent has ended"):
        actions.accept(of(request_at_once, first), by=first[1])


def test_withdrawn_after_the_yes_ends_referral_and_line(request_in_turn, worker, first):
    actions.accept(of(request_in_turn, first), by=first[1])
    consents.withdraw(Consent.objects.get(recipient=first[0].team), by=worker)

    assert Referral.objects.get().state is R.WITHDRAWN
    assert now(request_in_turn).status == HelpRequestStatus.ENDED
    assert not Disclosure.objects.exists()
    assert Destruction.objects.count() == 1  # of the one who had it


def test_withdrawn_for_a_house_in_line_only_it_leaves_the_line(
    request_in_turn, worker, first, third
):
    actions.accept(of(request_in_turn, first), by=first[1])
    consents.withdraw(Consent.objects.get(recipient=third[0].team), by=worker)

    assert answers(request_in_turn) == ["accepted", "waiting", "closed"]
    assert Referral.objects.get().state is R.ACCEPTED


def test_an_expired_consent_closes_it_by_the_clock(request_in_turn, monkeypatch):
    late = timezone.now() + timedelta(days=91)
    monkeypatch.setattr(timezone, "now", lambda: late)
    assert consents.expire_lapsed() >= 1
    assert now(request_in_turn).status == HelpRequestStatus.ENDED
    assert not Disclosure.objects.exists()


def test_a_recalled_request_asks_nobody(request_in_turn, worker, first, stranger):
    with pytest.raises(PermissionDenied):
        actions.recall(request_in_turn, by=stranger)
    actions.recall(request_in_turn, by=worker)
    assert now(request_in_turn).status == HelpRequestStatus.RECALLED
    assert not Disclosure.objects.exists()
    with pytest.raises(Changed, match="it was recalled, or the consent has ended"):
        actions.accept(of(request_in_turn, first), by=first[1])


def test_an_accepted_one_is_recalled_as_a_referral(request_in_turn, worker, first):
    actions.accept(of(request_in_turn, first), by=first[1])
    with pytest.raises(Refused, match="Recall the referral"):
        actions.recall(request_in_turn, by=worker)
    referral = Referral.objects.get()
    referrals.recall(referral, by=worker)
    assert now(request_in_turn).status == HelpRequestStatus.RECALLED
    assert set(answers(request_in_turn)) == {"accepted", "closed"}


def test_a_service_that_closed_meanwhile_is_left_out_with_its_reason(
    request_in_turn, first, second, third
):
    directory.pause_service(second[0], by=second[1])
    actions.decline(of(request_in_turn, first), reason=FULL, by=first[1])

    assert answers(request_in_turn) == ["declined", "skipped", "asked"]
    assert "is not taking new people" in of(request_in_turn, second).why
    # It opens again one day: then nobody reads the text to her a second time.
    assert Consent.objects.get(recipient=second[0].team).is_live


def test_an_organisation_that_left_is_left_out(request_in_turn, first, second):
    organisation = second[0].organisation
    organisation.admitted_at = None
    organisation.save(update_fields=["admitted_at"])
    actions.decline(of(request_in_turn, first), reason=FULL, by=first[1])
    assert "no longer part" in of(request_in_turn, second).why
    assert Consent.objects.get(recipient=second[0].team).status == "unused"
