"""What is sent to whom; nothing without consent, and no message names anyone (P22)."""

from datetime import timedelta

import pytest
from django.core import mail
from django.core.exceptions import PermissionDenied
from django.utils import timezone

from amana import given
from amana.care.cases import actions as cases
from amana.care.cases.models import Case, Need, UnmetReason
from amana.care.consent import actions as consents
from amana.care.consent.models import Consent
from amana.care.referrals import actions, referral_messages
from amana.care.referrals.models import Referral, ReferralStatus
from amana.care.referrals.referral_messages import HandoverMessage
from amana.design.directory import actions as directory
from amana.design.directory.models import Service
from amana.errors import Refused
from amana.trust.access.models import Organisation, Sphere, Team, User
from amana.trust.audit.models import AuditEvent
from amana.trust.vault import disclosures
from amana.trust.vault.models import Disclosure

S = ReferralStatus


def test_a_referral_carries_exactly_what_the_person_agreed_to(
    referral: Referral, shelter_worker: User
) -> None:
    disclosure = Disclosure.objects.get(pk=referral.disclosure)
    content = disclosures.open_disclosure(disclosure, by=shelter_worker, purpose="test")
    assert content == {
        "identity.name": "Zubaida Canary",
        "contact.channel": "call",
        "needs.words": "A bed",  # what she said of this need
        "referral.need": "SH2",  # beside the fields: what help is asked for
    }
    assert "referral.need" not in disclosure.fields


def test_sending_sets_the_clock_and_the_need_and_tells_both_logs(
    referral: Referral, need: Need, worker: User, team: Team
) -> None:
    need.refresh_from_db()
    assert need.status == Need.Status.REFERRED
    assert referral.due_at > referral.sent_at
    assert referral.tell_at == referral.due_at
    happening = referral.happenings.get()
    assert (happening.status, happening.team, happening.by) == ("sent", team, worker)
    assert AuditEvent.objects.filter(did="sent referral").count() == 1


def test_the_case_waits_until_the_recipient_is_due(
    referral: Referral, case: Case
) -> None:
    case.refresh_from_db()
    assert case.waits_until == referral.due_at


def test_nothing_is_sent_without_consent(
    need: Need, shelter: Service, other_shelter: Service, worker: User, case: Case
) -> None:
    """Consent for another team is none for this one."""
    other = given.make_consent(case, to=other_shelter.team, by=worker)
    with pytest.raises(Refused, match="has not agreed"):
        actions.send(need, to=shelter, consent=other, by=worker)
    assert not Referral.objects.exists()
    assert not Disclosure.objects.exists()


def test_nothing_is_sent_on_a_consent_that_has_ended(
    need: Need, shelter: Service, worker: User, case: Case
) -> None:
    consent = given.make_consent(case, to=shelter.team, by=worker)
    consents.withdraw(consent, by=worker)
    with pytest.raises(Refused, match="has not agreed"):
        actions.send(need, to=shelter, consent=consent, by=worker)
    assert not Disclosure.objects.exists()


def test_nothing_is_sent_on_a_consent_to_something_else(
    need: Need, shelter: Service, worker: User, case: Case
) -> None:
    consent = given.make_consent(
        case, to=shelter.team, by=worker, purpose=Consent.Purpose.COORDINATION
    )
    with pytest.raises(Refused, match="has not agreed"):
        actions.send(need, to=shelter, consent=consent, by=worker)


def test_nothing_is_sent_on_the_consent_of_another_person(
    need: Need, shelter: Service, worker: User
) -> None:
    other = given.make_case(worked_on_by=worker)
    consent = given.make_consent(other, to=shelter.team, by=worker)
    with pytest.raises(Refused, match="has not agreed"):
        actions.send(need, to=shelter, consent=consent, by=worker)


def test_a_service_that_takes_none_is_not_sent_any(
    need: Need, worker: User, case: Case
) -> None:
    closed = given.make_service(accepts_referrals=False)
    consent = given.make_consent(case, to=closed.team, by=worker)
    with pytest.raises(Refused, match="does not take referrals"):
        actions.send(need, to=closed, consent=consent, by=worker)


def test_a_paused_service_is_not_sent_any(
    need: Need, shelter: Service, worker: User, shelter_worker: User, case: Case
) -> None:
    consent = given.make_consent(case, to=shelter.team, by=worker)
    directory.pause_service(shelter, by=shelter_worker)
    with pytest.raises(Refused, match="takes no new people"):
        actions.send(need, to=shelter, consent=consent, by=worker)


def test_an_organisation_that_is_no_longer_admitted_is_sent_nothing(
    need: Need, shelter: Service, worker: User, case: Case
) -> None:
    consent = given.make_consent(case, to=shelter.team, by=worker)
    Organisation.objects.update(admitted_at=None)
    shelter.refresh_from_db()
    with pytest.raises(Refused, match="admitted"):
        actions.send(need, to=shelter, consent=consent, by=worker)


def test_border_services_are_sent_nothing(
    need: Need, shelter: Service, worker: User, case: Case
) -> None:
    consent = given.make_consent(case, to=shelter.team, by=worker)
    Organisation.objects.filter(pk=shelter.organisation_id).update(sphere=Sphere.BORDER)
    shelter.refresh_from_db()
    with pytest.raises(Refused, match="border"):
        actions.send(need, to=shelter, consent=consent, by=worker)


def test_only_who_works_on_the_case_sends(
    need: Need, shelter: Service, worker: User, stranger: User, supervisor: User
) -> None:
    consent = given.make_consent(need.case, to=shelter.team, by=worker)
    for other in (stranger, supervisor):
        with pytest.raises(PermissionDenied):
            actions.send(need, to=shelter, consent=consent, by=other)
    assert not Referral.objects.exists()


def test_the_same_need_goes_to_the_same_service_once(
    referral: Referral, need: Need, shelter: Service, worker: User
) -> None:
    with pytest.raises(Refused, match="already been referred"):
        actions.send(need, to=shelter, consent=referral.agreed, by=worker)
    assert Referral.objects.count() == Disclosure.objects.count() == 1


def test_nothing_is_sent_from_a_closed_case(
    need: Need, shelter: Service, worker: User, case: Case
) -> None:
    consent = given.make_consent(case, to=shelter.team, by=worker)
    need = Need.objects.select_related("case").get(pk=need.pk)
    # … while the page to send it from was open.
    Case.objects.update(closed_at=timezone.now())
    with pytest.raises(Refused, match="closed"):
        actions.send(need, to=shelter, consent=consent, by=worker)


def test_a_note_and_a_handover_reach_the_recipient_and_nobody_else(
    need: Need, shelter: Service, worker: User, shelter_worker: User, stranger: User
) -> None:
    set_off = timezone.now() + timedelta(hours=2)
    referral = given.make_referral(
        need=need,
        to=shelter,
        by=worker,
        note="Speaks softly",
        handover=HandoverMessage(at=set_off, who="Mariam", where="At the gate"),
    )
    shared = referral_messages.get_disclosure(referral)
    note, handover = referral_messages.open_letters(shared, by=shelter_worker)
    assert note.text == "Speaks softly"
    assert note.by == "Mariam Toure"
    said = {str(label): value for label, value in handover.lines}
    assert said["When"] == set_off
    assert said["Where"] == "At the gate"
    with pytest.raises(Refused, match="Nothing is shared"):
        referral_messages.open_letters(shared, by=stranger)


def test_a_message_outside_says_nothing_of_anyone(
    referral: Referral, shelter_worker: User
) -> None:
    assert {m.to[0] for m in mail.outbox} == {shelter_worker.email, "lake@example.org"}
    for message in mail.outbox:
        text = f"{message.subject} {message.body}"
        for word in ("Zubaida", "shelter", "Lake", str(referral.pk)):
            assert word.lower() not in text.lower()
        assert referral.case.reference not in text


def test_needs_are_settled_by_the_room_of_cases(need: Need, worker: User) -> None:
    """The reaction of that room to what is asked here is what the tests above see."""
    cases.settle_need(need, status=Need.Status.MET, by=worker)
    need.refresh_from_db()
    assert need.status == Need.Status.MET


def test_an_organisation_is_avoided_until_it_no_longer_is(
    case: Case, need: Need, shelter: Service, worker: User, stranger: User
) -> None:
    actions.avoid_organisation(case, organisation=shelter.organisation, by=worker)
    actions.avoid_organisation(case, organisation=shelter.organisation, by=worker)
    with pytest.raises(Refused, match="must be avoided"):
        given.make_referral(need=need, to=shelter, by=worker)
    assert not Disclosure.objects.exists()
    with pytest.raises(PermissionDenied):
        actions.stop_avoiding(case, organisation=shelter.organisation, by=stranger)
    actions.stop_avoiding(case, organisation=shelter.organisation, by=worker)
    given.make_referral(need=need, to=shelter, by=worker)


def test_nothing_acceptable_is_said_only_when_nobody_is_asked(
    referral: Referral, need: Need, worker: User
) -> None:
    with pytest.raises(Refused, match="still being asked"):
        actions.record_unmet_need(need, reason=UnmetReason.TOO_FAR, by=worker)
    actions.recall(referral, by=worker)
    actions.record_unmet_need(need, reason=UnmetReason.TOO_FAR, by=worker)
    need.refresh_from_db()
    assert need.status == Need.Status.UNMET


def test_the_referral_of_a_request_begins_as_accepted(
    need: Need, shelter: Service, shelter_worker: User, worker: User
) -> None:
    """With both steps in its history, the answer's own time, and the places booked."""
    consent = given.make_consent(need.case, to=shelter.team, by=worker)
    copy = consents.disclose(consent, by=worker)
    asked_at = timezone.now() - timedelta(hours=3)
    answered_at = timezone.now() - timedelta(hours=2)
    made = actions.send_accepted(
        need,
        to=shelter,
        consent=consent,
        disclosure=copy.pk,
        asked_at=asked_at,
        asked_by=worker,
        answered_at=answered_at,
        accepted_by=shelter_worker,
        places=1,
        by=shelter_worker,
    )
    assert (made.state, made.places, made.answered_at) == (S.ACCEPTED, 1, answered_at)
    assert made.handler == shelter_worker
    assert [h.status for h in made.happenings.order_by("pk")] == ["sent", "accepted"]
    other = (
        given.make_case(worked_on_by=worker).needs.select_related("case__team").get()
    )
    with pytest.raises(Refused, match="has not agreed"):
        actions.send_accepted(
            other,
            to=shelter,
            consent=consent,
            disclosure=copy.pk,
            asked_at=asked_at,
            asked_by=worker,
            answered_at=answered_at,
            accepted_by=shelter_worker,
            places=0,
            by=shelter_worker,
        )
