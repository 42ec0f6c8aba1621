"""Help is asked for without a name, and the case joins later."""

import pytest
from django.core import mail
from django.core.exceptions import PermissionDenied

from amana import given
from amana.care.cases.models import Need
from amana.care.consent.models import Consent
from amana.care.referrals import actions as referrals
from amana.care.referrals.models import Referral
from amana.care.referrals.models import ReferralStatus as R
from amana.care.referrals.states import DeclineReason
from amana.care.requests import actions, sections
from amana.care.requests.models import Enquiry, HelpRequest
from amana.care.requests.states import HelpRequestStatus
from amana.errors import Changed, Refused
from amana.trust.access.models import Sphere
from amana.trust.vault import disclosures
from amana.trust.vault.models import Disclosure

from .conftest import answers, free, now, of, opens

FULL = DeclineReason.NO_CAPACITY


def test_an_emergency_goes_to_several_at_once_with_nothing_of_a_person(
    without_name, first, second, third
):
    assert answers(without_name) == ["asked"] * 3
    assert (without_name.case, without_name.need) == (None, None)
    assert without_name.urgency == "U0"
    assert without_name.phone == without_name.sender.phone == "+999 20 100"
    assert not Consent.objects.exists()
    for house in (first, second, third):
        found = of(without_name, house)
        assert found.consent is None
        assert opens(house[1], found.place) == {"needs.area": "Gate 3, blue bench"}
        assert not opens(house[1], of(without_name, first).place) or house is first


def test_the_first_yes_books_a_place_and_closes_the_others(without_name, first, second):
    actions.accept(of(without_name, first), by=first[1])
    assert answers(without_name) == ["accepted", "closed", "closed"]
    assert free(first) == 2
    assert not Referral.objects.exists()
    assert Disclosure.objects.count() == 1  # where to come, for the one who comes
    with pytest.raises(Changed, match="already been accepted"):
        actions.accept(of(without_name, second), by=second[1])


def test_a_place_lost_before_she_is_named_tells_the_sender(without_name, first):
    actions.accept(of(without_name, first), by=first[1])
    actions.decline(of(without_name, first), reason=FULL, by=first[1])
    assert now(without_name).status == HelpRequestStatus.UNANSWERED
    assert free(first) == 3


def test_recalled_after_the_yes_gives_the_place_back_and_tells_the_house(
    without_name, first, worker, django_capture_on_commit_callbacks
):
    actions.accept(of(without_name, first), by=first[1])
    mail.outbox.clear()
    with django_capture_on_commit_callbacks(execute=True):
        actions.recall(without_name, by=worker)
    assert first[1].email in {to for sent in mail.outbox for to in sent.to}
    received = [row.enquiry for row in sections.load_received(first[1])]
    assert of(without_name, first) in received
    assert free(first) == 3
    assert not Disclosure.objects.exists()


def test_named_later_the_referral_begins_as_accepted(
    without_name, need, worker, first, case
):
    actions.accept(of(without_name, first), by=first[1])
    joined = actions.join(without_name, need=need, by=worker)
    consent = given.make_consent(case, to=first[0].team, by=worker)
    referral = actions.share(joined, consent=consent, by=worker)

    assert (referral.state, referral.places) == (R.ACCEPTED, 1)
    assert referral.answered_at == of(without_name, first).answered_at
    assert opens(first[1], referral.disclosure)["identity.name"] == "Zubaida Canary"
    assert free(first) == 2  # no second acceptance, no second place
    assert Need.objects.get(pk=need.pk).status == Need.Status.REFERRED
    with pytest.raises(Refused, match="has already been sent"):
        actions.share(joined, consent=consent, by=worker)
    referrals.record_attendance(
        Referral.objects.select_related("service", "recipient", "sender").get(),
        by=first[1],
    )
    assert now(without_name).status == HelpRequestStatus.DONE


def test_joined_while_it_is_still_asked_it_is_shared_after_the_yes(
    without_name, need, worker, first
):
    joined = actions.join(without_name, need=need, by=worker)
    consent = given.make_consent(need.case, to=first[0].team, by=worker)
    with pytest.raises(Changed):
        actions.share(joined, consent=consent, by=worker)
    actions.accept(of(without_name, first), by=first[1])
    assert not Referral.objects.exists()
    assert actions.share(joined, consent=consent, by=worker).state is R.ACCEPTED


def test_a_request_joins_one_case_of_the_team_that_asked(
    without_name, need, worker, stranger
):
    theirs = given.make_case(worked_on_by=stranger).needs.get()
    with pytest.raises(PermissionDenied):
        actions.join(without_name, need=theirs, by=worker)
    with pytest.raises(PermissionDenied):
        actions.join(without_name, need=need, by=stranger)
    actions.join(without_name, need=need, by=worker)
    with pytest.raises(Refused, match="already belongs"):
        actions.join(without_name, need=need, by=worker)


@pytest.mark.parametrize(
    ("sphere", "kind", "may"),
    [
        (Sphere.BORDER, "SH2", False),
        (Sphere.LAW_ENFORCEMENT, "SH2", False),
        (Sphere.LAW_ENFORCEMENT, "PR1", True),
        (Sphere.HUMANITARIAN, "HE1", False),
        (Sphere.HEALTH, "HE1", True),
    ],
)
def test_the_ceilings_hold_also_without_a_name(sphere, kind, may, worker, team):
    organisation = given.make_organisation(sphere=sphere)
    service = given.make_service(of=given.make_team(of=organisation), types=[kind])
    if may:
        made = actions.ask_without_name(
            team, type=kind, services=[service], where="Gate 3", by=worker
        )
        place = Enquiry.objects.get(request=made).place
        hears = disclosures.is_allowed(sphere, actions.WHERE)
        assert (place is not None) == hears
    else:
        with pytest.raises(Refused, match=service.name):
            actions.ask_without_name(team, type=kind, services=[service], by=worker)
        assert not HelpRequest.objects.exists()


def test_a_stranger_asks_for_no_team_of_others(team, stranger, first):
    with pytest.raises(PermissionDenied):
        actions.ask_without_name(team, type="SH2", services=[first[0]], by=stranger)


def test_ones_own_service_is_not_asked(worker, team):
    own = given.make_service(of=team, name="Own beds")
    with pytest.raises(Refused, match="your own team"):
        actions.ask_without_name(team, type="SH2", services=[own], by=worker)
