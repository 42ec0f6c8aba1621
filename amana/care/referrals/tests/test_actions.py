"""What can be done with a referral, and what can't (P22).

Faults that were planted, one at a time, and what named each (change the line, run the
room's tests; further ones stand in test_machine and test_race):

- `Referral.change` without `version=` in its filter: two_appointments_at_once…
- `Referral.move` without asking `next`: each_verb_does_exactly…
- `send` without comparing the consent's recipient: nothing_is_sent_without_consent
- `obstacle` that forgets `accepts_referrals`: a_service_that_takes_none…
- `_move` without `_give_back`: a_bed_is_free_again…
- `_move` without `disclosures.take_back`: whoever_declined…
- `end_with_consent` that looks only at what is unanswered: every_open_referral_ends…
- `consents.end_consent` without `disclosures.destroy`: every_open_referral_ends…
- `_settle` that ignores `others`: a_need_stays_referred…
- `may_answer` that lets the sender in: strangers_and_senders_do_not_answer
- `answer_referral` that forgets the team: test_rules, a_rule_lets_in_exactly…
- `escalation._tell` without `told=` in its filter: test_escalation, chasing_twice…
- a promise that is ignored, a weekend that counts: test_clocks
- a view that takes an old page: test_views, a_decision_on_an_old_page…
- a consent that stays when sending fails: test_views, when_sending_fails…
"""

from datetime import timedelta
from io import StringIO
from pathlib import Path

import pytest
from django.core import mail
from django.core.exceptions import PermissionDenied
from django.core.management import call_command
from django.utils import timezone

from amana import given
from amana.care.cases import actions as cases
from amana.care.cases.models import Case, Need, UnmetReason
from amana.care.consent import actions as consents
from amana.care.consent.models import Consent
from amana.care.referrals import actions, drawing, referral_messages
from amana.care.referrals.models import (
    Referral,
    ReferralEvent,
    ReferralOutcome,
    ReferralStage,
    ReferralStatus,
)
from amana.care.referrals.referral_messages import HandoverMessage
from amana.care.referrals.states import (
    NEXT,
    STAGE,
    WAITS,
    DeclineReason,
    StopReason,
    UnaskedReason,
)
from amana.design.directory import actions as directory
from amana.design.directory.models import ResponseTime, Service
from amana.errors import Changed, Refused
from amana.trust.access.models import Organisation, Role, Sphere, Team, User
from amana.trust.audit.models import AuditEvent
from amana.trust.vault import disclosures, documents
from amana.trust.vault.compartments import Compartment
from amana.trust.vault.models import Disclosure

from .conftest import LEADS_TO, VERBS, WAY_TO

S = ReferralStatus


def goes_to(
    status: ReferralStatus, referral: Referral, ours: User, theirs: User
) -> Referral:
    """Walk there by real verbs only."""
    given.make_service()  # somebody to redirect to
    for verb in WAY_TO[status]:
        if verb == "withdraw":
            consents.withdraw(referral.agreed, by=ours)
        else:
            VERBS[verb](referral, ours, theirs)
    referral.refresh_from_db()
    assert referral.state is status
    return referral


# --- the table


def test_the_table_names_every_status() -> None:
    assert set(NEXT) == set(ReferralStatus)
    assert set(STAGE) == set(ReferralStatus)
    assert set(WAY_TO) == set(ReferralStatus)


def test_every_open_status_has_a_clock_and_no_ended_one_has() -> None:
    assert set(WAITS) == {status for status in ReferralStatus if NEXT[status]}
    assert {s for s in ReferralStatus if STAGE[s] is not ReferralStage.ENDED} == set(
        WAITS
    )


def test_every_status_can_be_reached_and_left_for_an_end() -> None:
    reached, rest = {S.SENT}, [S.SENT]
    while rest:
        found = NEXT[rest.pop()] - reached
        reached |= found
        rest += found
    assert reached == set(ReferralStatus)


def test_nothing_open_survives_the_end_of_its_consent() -> None:
    for status in ReferralStatus:
        if STAGE[status] in (ReferralStage.ANSWER, ReferralStage.SERVICE):
            assert {S.WITHDRAWN, S.EXPIRED} <= NEXT[status]


@pytest.mark.parametrize("status", list(ReferralStatus))
def test_each_verb_does_exactly_what_the_table_allows(
    status: ReferralStatus, referral: Referral, worker: User, shelter_worker: User
) -> None:
    goes_to(status, referral, worker, shelter_worker)
    for verb, to in LEADS_TO.items():
        found = Referral.objects.get(pk=referral.pk)
        allowed = to in NEXT[status] and not (
            (verb == "report" and status is not S.STARTED)
            or (verb == "start" and status is S.STARTED)
        )
        savepoint = _Undone()
        with savepoint:
            if allowed:
                VERBS[verb](found, worker, shelter_worker)
                found.refresh_from_db()
                assert found.state is to, verb
            else:
                with pytest.raises(Refused):
                    VERBS[verb](found, worker, shelter_worker)
                found = Referral.objects.get(pk=referral.pk)
                assert found.state is status, verb


class _Undone:
    """What happens inside is undone at the end, so that each verb starts anew."""

    def __enter__(self) -> None:
        from django.db import transaction

        self.block = transaction.atomic()
        self.block.__enter__()

    def __exit__(self, kind: object, error: object, trace: object) -> None:
        from django.db import transaction

        if kind is None:
            transaction.set_rollback(True)
        self.block.__exit__(kind, error, trace)  # type: ignore[arg-type]


# --- sending


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


# --- answers


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


def opened(referral: Referral, by: User) -> list[referral_messages.OpenedMessage]:
    return referral_messages.open_letters(
        referral_messages.get_disclosure(referral), by=by
    )


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


# --- helping, and the end


def test_an_appointment_is_in_the_future(
    referral: Referral, shelter_worker: User
) -> None:
    actions.accept(referral, by=shelter_worker)
    with pytest.raises(Refused, match="future"):
        actions.make_appointment(referral, at=timezone.now(), by=shelter_worker)


def test_the_clock_of_an_appointment_runs_from_its_time(
    referral: Referral, shelter_worker: User
) -> None:
    actions.accept(referral, by=shelter_worker)
    at = timezone.now() + timedelta(days=10)
    actions.make_appointment(referral, at=at, by=shelter_worker)
    assert referral.due_at > at


def test_each_failed_attempt_is_counted(
    referral: Referral, shelter_worker: User
) -> None:
    actions.accept(referral, by=shelter_worker)
    for _attempt in range(3):
        actions.record_failed_attempt(referral, note="No answer", by=shelter_worker)
    assert referral.happenings.filter(status=S.UNREACHABLE).count() == 3


def test_a_service_that_goes_on_says_so_and_gets_a_later_clock(
    referral: Referral, shelter_worker: User
) -> None:
    actions.accept(referral, by=shelter_worker)
    actions.start_service(referral, by=shelter_worker)
    Referral.objects.update(due_at=timezone.now() - timedelta(days=1))
    referral.refresh_from_db()
    actions.report_progress(referral, note="Sleeps well", by=shelter_worker)
    assert referral.due_at > timezone.now()


@pytest.mark.parametrize(
    ("outcome", "status"),
    [
        (ReferralOutcome.MET, "met"),
        (ReferralOutcome.PARTLY, "partly"),
        (ReferralOutcome.NOT, "open"),
    ],
)
def test_the_person_s_word_settles_the_need(
    outcome: ReferralOutcome,
    status: str,
    referral: Referral,
    need: Need,
    worker: User,
    shelter_worker: User,
) -> None:
    goes_to(S.COMPLETED, referral, worker, shelter_worker)
    need.refresh_from_db()
    assert need.status == Need.Status.REFERRED
    actions.confirm(referral, outcome=outcome, by=worker)
    need.refresh_from_db()
    assert need.status == status


def test_the_person_s_words_stay_in_the_case(
    referral: Referral, worker: User, shelter_worker: User
) -> None:
    goes_to(S.COMPLETED, referral, worker, shelter_worker)
    actions.confirm(
        referral, outcome=ReferralOutcome.PARTLY, words="They were kind", by=worker
    )
    case, words = referral.case_id, (Compartment.NEEDS, referral.document)
    seen = documents.open_documents(case, by=worker, purpose="test")
    assert seen[words].content == {"outcome": "partly", "words": "They were kind"}
    assert not documents.open_documents(case, by=shelter_worker, purpose="test")


def test_a_loop_is_closed_unasked_only_with_a_reason_and_as_reported(
    referral: Referral, need: Need, worker: User, shelter_worker: User
) -> None:
    goes_to(S.DISCONTINUED, referral, worker, shelter_worker)
    actions.close_unasked(referral, reason=UnaskedReason.LOST, by=worker)
    need.refresh_from_db()
    assert need.status == Need.Status.OPEN
    assert referral.unasked_reason == UnaskedReason.LOST


def test_a_need_stays_referred_while_another_service_is_still_asked(
    referral: Referral,
    need: Need,
    other_shelter: Service,
    worker: User,
    shelter_worker: User,
) -> None:
    given.make_referral(need=need, to=other_shelter, by=worker)
    actions.decline(referral, reason=DeclineReason.FUNDING, by=shelter_worker)
    need.refresh_from_db()
    assert need.status == Need.Status.REFERRED


def test_messages_go_both_ways(
    referral: Referral, worker: User, shelter_worker: User, stranger: User
) -> None:
    actions.write_message(referral, text="Is it quiet?", by=worker)
    actions.write_message(referral, text="Yes", by=shelter_worker)
    assert [m.text for m in opened(referral, worker)] == ["Is it quiet?", "Yes"]
    assert [m.team for m in opened(referral, worker)][1] == "Lake House"
    with pytest.raises(PermissionDenied):
        actions.write_message(referral, text="Hello", by=stranger)


def test_nobody_writes_about_what_has_ended(referral: Referral, worker: User) -> None:
    actions.recall(referral, by=worker)
    with pytest.raises(Changed):
        actions.write_message(referral, text="Wait", by=worker)


def test_the_recipient_s_supervisor_and_partial_ends_are_known(
    referral: Referral, shelter_worker: User, worker: User, need: Need
) -> None:
    actions.accept(referral, by=shelter_worker)
    actions.record_no_show(referral, by=shelter_worker)
    actions.record_attendance(referral, by=shelter_worker)
    actions.discontinue_service(referral, reason=StopReason.MOVED, by=shelter_worker)
    assert referral.stop_reason == StopReason.MOVED
    assert referral.stage == ReferralStage.WORD


# --- the end of consent


@pytest.mark.parametrize(
    "status",
    [
        s
        for s in ReferralStatus
        if STAGE[s] in (ReferralStage.ANSWER, ReferralStage.SERVICE)
    ],
)
def test_every_open_referral_ends_with_its_consent(
    status: ReferralStatus,
    referral: Referral,
    need: Need,
    worker: User,
    shelter_worker: User,
) -> None:
    goes_to(status, referral, worker, shelter_worker)
    consents.withdraw(referral.agreed, by=worker)
    referral.refresh_from_db()
    need.refresh_from_db()
    assert referral.state is S.WITHDRAWN
    assert need.status == Need.Status.OPEN
    assert not Disclosure.objects.exists()
    with pytest.raises(Refused, match="consent has ended"):
        referral_messages.get_disclosure(referral)


def test_what_the_service_reported_stays_true_after_consent_ends(
    referral: Referral, worker: User, shelter_worker: User
) -> None:
    goes_to(S.COMPLETED, referral, worker, shelter_worker)
    consents.withdraw(referral.agreed, by=worker)
    referral.refresh_from_db()
    assert referral.status == S.COMPLETED
    assert not Disclosure.objects.exists()
    actions.confirm(referral, outcome=ReferralOutcome.MET, by=worker)
    assert referral.state is S.CONFIRMED


def test_a_consent_that_lapses_expires_its_referrals_and_the_sender_is_told(
    referral: Referral, worker: User
) -> None:
    mail.outbox.clear()
    Consent.objects.update(expires_at=timezone.now() - timedelta(seconds=1))
    consents.expire_lapsed()
    referral.refresh_from_db()
    assert referral.state is S.EXPIRED
    assert referral.what_came_of_it == "It ended without an answer."
    assert worker.email in {m.to[0] for m in mail.outbox}


def test_what_was_answered_before_the_consent_ran_out_is_not_called_unanswered(
    referral: Referral, worker: User, shelter_worker: User
) -> None:
    goes_to(S.STARTED, referral, worker, shelter_worker)
    Consent.objects.update(expires_at=timezone.now() - timedelta(seconds=1))
    consents.expire_lapsed()
    referral.refresh_from_db()
    assert "consent to share with them has expired" in referral.what_came_of_it


def test_who_is_in_a_bed_keeps_it_when_consent_to_share_ends(
    referral: Referral, shelter: Service, worker: User, shelter_worker: User
) -> None:
    goes_to(S.STARTED, referral, worker, shelter_worker)
    consents.withdraw(referral.agreed, by=worker)
    shelter.refresh_from_db()
    assert shelter.places_free == 4


def test_who_has_not_come_yet_gives_the_bed_back_when_consent_ends(
    referral: Referral, shelter: Service, worker: User, shelter_worker: User
) -> None:
    goes_to(S.ACCEPTED, referral, worker, shelter_worker)
    consents.withdraw(referral.agreed, by=worker)
    shelter.refresh_from_db()
    assert shelter.places_free == 5


def test_a_case_is_not_closed_while_a_referral_is_open(
    referral: Referral, case: Case, worker: User
) -> None:
    from amana.care.cases.events import case_closing

    with pytest.raises(Refused, match="still open"):
        case_closing.send(Case, case=case, by=worker, left_open="")
    actions.recall(referral, by=worker)
    case_closing.send(Case, case=case, by=worker, left_open="")


def test_each_act_leaves_exactly_one_event_of_its_own_in_the_log(
    referral: Referral, shelter_worker: User
) -> None:
    before = AuditEvent.objects.filter(thing=f"referrals.referral:{referral.pk}")
    count = before.count()
    actions.acknowledge(referral, by=shelter_worker)
    actions.accept(referral, by=shelter_worker)
    assert before.count() == count + 2


# --- cover and duty


def test_members_arrange_their_own_cover_and_supervisors_everybody_s(
    team: Team, worker: User, supervisor: User
) -> None:
    today = timezone.now().date()
    days = {"first_on": today, "last_on": today}
    colleague = given.make_worker(of=team)
    actions.arrange_cover(team, away=worker, covered_by=colleague, by=worker, **days)
    cover = actions.arrange_cover(
        team, away=colleague, covered_by=supervisor, by=supervisor, **days
    )
    with pytest.raises(PermissionDenied):
        actions.arrange_cover(
            team, away=supervisor, covered_by=worker, by=colleague, **days
        )
    with pytest.raises(PermissionDenied):
        actions.end_cover(cover, by=worker)
    actions.end_cover(cover, by=colleague)
    assert team.covers.count() == 1


def test_only_members_of_the_team_stand_in(
    team: Team, worker: User, supervisor: User, stranger: User
) -> None:
    today = timezone.now().date()
    with pytest.raises(Refused, match="Only members"):
        actions.arrange_cover(
            team,
            away=worker,
            covered_by=stranger,
            first_on=today,
            last_on=today,
            by=supervisor,
        )


def test_duty_is_set_by_supervisors_and_focal_points(
    shelter_team: Team, shelter_worker: User, stranger: User
) -> None:
    colleague = given.make_worker(of=shelter_team, role=Role.CASE_WORKER)
    actions.set_duty(shelter_team, weekday=0, workers=[colleague], by=shelter_worker)
    actions.set_duty(
        shelter_team, weekday=0, workers=[shelter_worker], by=shelter_worker
    )
    assert [duty.worker for duty in shelter_team.duties.all()] == [shelter_worker]
    with pytest.raises(PermissionDenied):
        actions.set_duty(shelter_team, weekday=1, workers=[], by=colleague)


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


def test_the_manual_draws_the_table_as_it_is() -> None:
    page = drawing.PAGE.read_text()
    assert drawing.insert_drawn_parts(page) == page, "python manage.py draw_referrals"
    assert all(str(status.label) in page for status in ReferralStatus)


def test_a_page_that_has_grown_old_is_drawn_anew(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    fresh, page = drawing.PAGE.read_text(), tmp_path / "referrals.md"
    page.write_text(fresh.replace("| Sent | Received,", "| Sent | Forgotten,"))
    monkeypatch.setattr(drawing, "PAGE", page)
    call_command("draw_referrals", stdout=StringIO())
    assert page.read_text() == fresh


# --- the service moves to another team


def test_what_is_under_way_stays_with_the_team_that_was_asked(
    referral: Referral, shelter: Service, shelter_worker: User, worker: User
) -> None:
    sister = given.make_team(of=shelter.organisation)
    of_sister = given.make_worker(of=sister, role=Role.FOCAL_POINT)
    directory.move_service(
        shelter, to=sister, by=given.make_worker(role=Role.COORDINATOR)
    )
    referral = Referral.objects.get()
    free = shelter.places_free

    with pytest.raises(PermissionDenied):
        actions.accept(referral, by=of_sister)
    actions.accept(referral, by=shelter_worker)
    shelter.refresh_from_db()
    assert shelter.places_free == free - 1
    assert (
        referral_messages.get_disclosure(referral).recipient
        == referral.recipient
        != sister
    )

    for step in (
        actions.record_attendance,
        actions.start_service,
        actions.complete_service,
    ):
        step(referral, by=shelter_worker)
    shelter.refresh_from_db()
    assert shelter.places_free == free


def test_what_is_sent_afterwards_goes_to_the_new_team(
    referral: Referral, shelter: Service, worker: User
) -> None:
    sister = given.make_team(of=shelter.organisation)
    of_sister = given.make_worker(of=sister, role=Role.FOCAL_POINT)
    directory.move_service(
        shelter, to=sister, by=given.make_worker(role=Role.COORDINATOR)
    )
    service = Service.objects.get(pk=shelter.pk)
    case = given.make_case(worked_on_by=worker)
    need = case.needs.get()

    with pytest.raises(Refused):
        actions.send(need, to=service, consent=referral.agreed, by=worker)
    again = given.make_referral(need=need, to=service, by=worker)

    assert again.recipient == sister
    actions.accept(again, by=of_sister)


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
