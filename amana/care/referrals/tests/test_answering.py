"""A recipient accepts, declines or redirects."""

from datetime import timedelta

import pytest
from django.core.exceptions import PermissionDenied
from django.utils import timezone

from amana import given
from amana.care.cases.models import Need
from amana.care.referrals import actions, referral_messages
from amana.care.referrals.models import Referral, ReferralEvent, ReferralStatus
from amana.care.referrals.states import DeclineReason
from amana.design.directory.models import ResponseTime, Service
from amana.errors import Changed, Refused
from amana.trust.access.models import Team, User
from amana.trust.vault import disclosures
from amana.trust.vault.models import Disclosure

from .reaching import opened

S = ReferralStatus


def test_a_refusal_opens_the_need_again_and_another_takes_its_place(
    referral: Referral,
    need: Need,
    other_shelter: Service,
    worker: User,
    shelter_worker: User,
) -> None:
    actions.decline(
        referral, reason=DeclineReason.NOT_ELIGIBLE, note="Men only", by=shelter_worker
    )
    need.refresh_from_db()
    assert need.status == Need.Status.OPEN
    assert list(Referral.objects.to_replace()) == [referral]
    second = given.make_referral(
        need=need, to=other_shelter, by=worker, follows=referral
    )
    assert second.follows == referral
    assert not Referral.objects.to_replace().exists()


def test_whoever_declined_can_open_nothing_any_more(
    referral: Referral, shelter_worker: User, worker: User
) -> None:
    actions.decline(
        referral, reason=DeclineReason.UNSAFE, note="He is here", by=shelter_worker
    )
    shared = referral_messages.get_disclosure(referral)
    with pytest.raises(Refused, match="Nothing is shared"):
        disclosures.open_disclosure(shared, by=shelter_worker, purpose="test")
    assert referral_messages.open_letters(shared, by=worker)[-1].text == "He is here"


def test_only_what_came_to_nothing_can_be_replaced(
    referral: Referral, need: Need, other_shelter: Service, worker: User
) -> None:
    consent = given.make_consent(need.case, to=other_shelter.team, by=worker)
    with pytest.raises(Refused, match="Only an unsuccessful referral"):
        actions.send(
            need, to=other_shelter, consent=consent, by=worker, follows=referral
        )


def test_a_redirection_passes_nothing_on(
    referral: Referral, other_shelter: Service, shelter_worker: User
) -> None:
    actions.redirect(referral, to=other_shelter, by=shelter_worker)
    assert Disclosure.objects.filter(recipient=other_shelter.team).count() == 0
    assert referral.redirected_to == other_shelter


def test_a_redirection_leads_to_another_service(
    referral: Referral, shelter: Service, shelter_worker: User
) -> None:
    with pytest.raises(Refused, match="a service other than your own"):
        actions.redirect(referral, to=shelter, by=shelter_worker)


def test_accepting_takes_a_place_and_the_last_one_only_once(
    need: Need, worker: User, shelter_team: Team, shelter_worker: User
) -> None:
    one_bed = given.make_service(
        of=shelter_team, by=shelter_worker, places_total=1, places_free=1
    )
    first = given.make_referral(need=need, to=one_bed, by=worker)
    other = given.make_case(worked_on_by=worker)
    second = given.make_referral(need=other.needs.get(), to=one_bed, by=worker)

    actions.accept(first, by=shelter_worker)
    with pytest.raises(Refused, match="no longer has a place free"):
        actions.accept(second, by=shelter_worker)

    one_bed.refresh_from_db()
    second.refresh_from_db()
    assert (one_bed.places_free, second.state) == (0, S.SENT)


def test_a_bed_is_free_again_when_the_person_leaves_or_never_comes(
    referral: Referral, shelter: Service, worker: User, shelter_worker: User
) -> None:
    actions.accept(referral, by=shelter_worker, places=2)
    shelter.refresh_from_db()
    assert shelter.places_free == 3
    actions.recall(referral, by=worker)
    shelter.refresh_from_db()
    assert shelter.places_free == 5


def test_a_place_that_is_already_counted_is_not_counted_twice(
    referral: Referral, shelter: Service, shelter_worker: User
) -> None:
    actions.accept(referral, by=shelter_worker, places=0)
    shelter.refresh_from_db()
    assert shelter.places_free == 5


def test_the_record_of_answering_counts_the_first_answer_once(
    referral: Referral, shelter: Service, shelter_worker: User
) -> None:
    actions.add_to_waiting_list(referral, by=shelter_worker)
    actions.add_to_waiting_list(referral, by=shelter_worker)
    actions.accept(referral, by=shelter_worker)
    assert ResponseTime.objects.filter(service=shelter).count() == 1


def test_two_answers_at_once_the_second_is_told_what_changed(
    referral: Referral, shelter_worker: User, shelter_team: Team
) -> None:
    colleague = given.make_worker(of=shelter_team)
    mine = Referral.objects.get(pk=referral.pk)
    theirs = Referral.objects.get(pk=referral.pk)
    actions.accept(mine, by=shelter_worker)
    with pytest.raises(Changed, match=r"“Accepted”.*Lake House"):
        actions.add_to_waiting_list(theirs, by=colleague)
    referral.refresh_from_db()
    assert referral.state is S.ACCEPTED
    assert referral.happenings.count() == 2


def test_two_appointments_at_once_do_not_overwrite_each_other(
    referral: Referral, shelter_worker: User
) -> None:
    """The second would be allowed by the table, and still is not what was seen."""
    actions.accept(referral, by=shelter_worker)
    later = timezone.now() + timedelta(days=9)
    actions.make_appointment(referral, at=later, by=shelter_worker)
    mine = Referral.objects.get(pk=referral.pk)
    theirs = Referral.objects.get(pk=referral.pk)
    at = timezone.now() + timedelta(days=2)
    actions.make_appointment(mine, at=at, where="Room 1", by=shelter_worker)
    with pytest.raises(Changed, match="has just changed"):
        actions.make_appointment(theirs, at=at, where="Room 2", by=shelter_worker)
    said = [letter.lines for letter in opened(referral, shelter_worker)]
    assert "Room 2" not in str(said)


def test_strangers_and_senders_do_not_answer(
    referral: Referral, worker: User, stranger: User, coordinator: User
) -> None:
    for other in (worker, stranger, coordinator):
        with pytest.raises(PermissionDenied):
            actions.accept(referral, by=other)


def test_recipients_and_strangers_do_not_speak_for_the_sender(
    referral: Referral, shelter_worker: User, stranger: User
) -> None:
    for other in (shelter_worker, stranger):
        with pytest.raises(PermissionDenied):
            actions.recall(referral, by=other)


def test_taking_on_does_not_change_how_it_stands(
    referral: Referral, shelter_worker: User
) -> None:
    actions.take_on(referral, by=shelter_worker)
    referral.refresh_from_db()
    assert referral.handler == shelter_worker
    assert referral.state is S.SENT
    assert referral.happenings.filter(what=ReferralEvent.What.TAKEN).exists()
