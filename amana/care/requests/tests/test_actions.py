"""One conversation, several houses; help without a name. Who learns what, and when
(P25)."""

from datetime import timedelta

import pytest
from django.core import mail
from django.core.exceptions import PermissionDenied
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from amana import given
from amana.care.cases import actions as cases
from amana.care.cases.models import Need, UnmetReason
from amana.care.cases.sections import ALONG
from amana.care.consent import actions as consents
from amana.care.consent import payload, valid_consents
from amana.care.consent.models import Consent, Destruction
from amana.care.referrals import actions as referrals
from amana.care.referrals.models import Referral
from amana.care.referrals.models import ReferralStatus as R
from amana.care.referrals.states import DeclineReason
from amana.care.requests import actions, chasing, sections
from amana.care.requests.models import Enquiry, HelpRequest
from amana.care.requests.rules import see_enquiry
from amana.care.requests.states import AskingOrder, HelpRequestStatus
from amana.design.directory import actions as directory
from amana.design.directory.models import Service
from amana.errors import Changed, Refused
from amana.notifications.models import Notification, NotificationTopic
from amana.trust.access.models import Sphere
from amana.trust.audit.models import AuditEvent
from amana.trust.vault import disclosures, documents, heartbeat, manifest
from amana.trust.vault.compartments import Compartment as C
from amana.trust.vault.documents import RECORD
from amana.trust.vault.models import Disclosure

from .conftest import a_house, answers, asked, now, of

FULL = DeclineReason.NO_CAPACITY


def opens(reader, disclosure):
    """Whether a colleague reads what was shared, by its key."""
    found = Disclosure.objects.filter(pk=disclosure).first()
    try:
        return found and disclosures.open_disclosure(found, by=reader, purpose="test")
    except Refused:
        return None


def free(house):
    return Service.objects.get(pk=house[0].pk).places_free


# --- an ordered list


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


def test_nothing_is_asked_without_consent_to_each(need, worker, first, second):
    agreed = [given.make_consent(need.case, to=first[0].team, by=worker)]
    with pytest.raises(Refused, match="has not agreed"):
        actions.ask(
            need,
            services=[first[0], second[0]],
            agreed=agreed,
            order=AskingOrder.IN_TURN,
            by=worker,
        )
    assert not HelpRequest.objects.exists()
    assert not Disclosure.objects.exists()


def test_five_at_most_each_once_and_one_question_at_a_time(
    need, worker, first, request_in_turn
):
    with pytest.raises(Refused, match="Ask 5"):
        actions.ask(
            need,
            services=[first[0]] * 6,
            agreed=[],
            order=AskingOrder.IN_TURN,
            by=worker,
        )
    with pytest.raises(Refused, match="once"):
        actions.ask(
            need,
            services=[first[0]] * 2,
            agreed=[],
            order=AskingOrder.IN_TURN,
            by=worker,
        )
    with pytest.raises(Refused, match="Choose at least one"):
        actions.ask(need, services=[], agreed=[], order=AskingOrder.IN_TURN, by=worker)
    with pytest.raises(Refused, match="already open"):
        asked(need, [a_house("Other House")], by=worker)


def test_a_stranger_asks_nobody(need, first, stranger):
    with pytest.raises(PermissionDenied):
        actions.ask(
            need, services=[first[0]], agreed=[], order=AskingOrder.IN_TURN, by=stranger
        )


def test_a_case_with_an_open_question_is_not_closed(request_in_turn, worker):
    with pytest.raises(Refused, match="open request for help"):
        cases.close(
            request_in_turn.case,
            reason="goals_met",
            checklist=[],
            left_open="Nothing is left open",
            by=worker,
        )


def test_each_act_stands_in_the_log(request_in_turn, first, second):
    actions.decline(of(request_in_turn, first), reason=FULL, by=first[1])
    actions.accept(of(request_in_turn, second), by=second[1])
    did = set(AuditEvent.objects.values_list("did", flat=True))
    assert {
        "asked for help",
        "held back disclosures",
        "declined request for help",
        "accepted request for help",
        "released disclosure",
        "sent accepted referral",
    } <= did


# --- without a name


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


# --- with the case, and what a lock left


def test_a_case_given_to_a_house_in_line_takes_the_request_along(
    request_in_turn, second
):
    taker, service = second[1], second[0]
    case = request_in_turn.case
    case.team = service.team
    case.save(update_fields=["team"])
    actions.follow_case(request_in_turn, by=taker)
    assert answers(request_in_turn) == ["asked", "skipped", "waiting"]
    moved = now(request_in_turn)
    assert (moved.sender, moved.asked_by) == (service.team, taker)


def test_what_a_lock_left_behind_is_swept(request_in_turn, first):
    Enquiry.objects.filter(pk=of(request_in_turn, first).pk).update(
        status="declined", decline_reason="no_capacity"
    )
    assert actions.destroy_left_behind() == 1
    assert actions.destroy_left_behind() == 0
    assert Disclosure.objects.count() == 2


def test_what_led_to_no_case_is_forgotten_after_ninety_days(
    without_name, request_in_turn, worker, monkeypatch
):
    actions.recall(without_name, by=worker)
    actions.recall(request_in_turn, by=worker)
    assert actions.delete_old() == 0
    later = timezone.now() + timedelta(days=91)
    monkeypatch.setattr(timezone, "now", lambda: later)
    chasing.chase()
    assert list(HelpRequest.objects.all()) == [request_in_turn]


def test_nothing_is_forgotten_by_a_clock_that_jumped(without_name, worker, monkeypatch):
    heartbeat.record_heartbeat()
    actions.recall(without_name, by=worker)
    counted = heartbeat.measure_uptime()
    monkeypatch.setattr(heartbeat, "measure_uptime", lambda: counted)
    later = timezone.now() + timedelta(days=3_650)
    monkeypatch.setattr(timezone, "now", lambda: later)
    chasing.chase()
    assert HelpRequest.objects.filter(pk=without_name.pk).exists()


def test_what_was_accepted_and_never_named_is_forgotten_with_its_place(
    without_name, first, monkeypatch
):
    actions.accept(of(without_name, first), by=first[1])
    later = timezone.now() + timedelta(days=89)
    monkeypatch.setattr(timezone, "now", lambda: later)
    assert actions.delete_old() == 0
    much_later = later + timedelta(days=2)
    monkeypatch.setattr(timezone, "now", lambda: much_later)
    assert actions.delete_old() == 1
    assert not Disclosure.objects.exists()


@pytest.mark.parametrize("end", ["withdraw", "met", "recall", "lost"])
def test_where_she_was_is_gone_once_nobody_is_to_come_there(
    end, without_name, need, worker, first, case
):
    """It lies under no consent and no key of the case: nothing else would end it."""
    actions.accept(of(without_name, first), by=first[1])
    joined = actions.join(without_name, need=need, by=worker)
    consent = given.make_consent(case, to=first[0].team, by=worker)
    actions.share(joined, consent=consent, by=worker)
    place = of(without_name, first).place
    assert place
    assert opens(first[1], place)
    rows = Referral.objects.select_related("service", "recipient", "sender", "case")
    if end == "withdraw":
        consents.withdraw(consent, by=worker)
    elif end == "met":
        referrals.record_attendance(rows.get(), by=first[1])
    elif end == "recall":
        referrals.recall(rows.get(), by=worker)
    else:
        referrals.decline(rows.get(), reason=FULL, by=first[1])
    assert not Disclosure.objects.filter(pk=place).exists()
    assert of(without_name, first).place is None


def test_a_need_that_is_asked_about_already_is_not_joined(
    without_name, need, worker, first
):
    asked(need, [first], by=worker)
    with pytest.raises(Refused, match="request for this need is already open"):
        actions.join(without_name, need=need, by=worker)
    assert now(without_name).case is None


def test_a_need_is_not_settled_while_a_yes_would_tell_for_whom(
    request_in_turn, need, worker, first
):
    with pytest.raises(Refused, match="still being asked"):
        referrals.record_unmet_need(need, reason=UnmetReason.NONE_EXISTS, by=worker)
    assert Need.objects.get(pk=need.pk).status == Need.Status.REFERRED
    actions.recall(request_in_turn, by=worker)
    referrals.record_unmet_need(need, reason=UnmetReason.NONE_EXISTS, by=worker)
    assert Need.objects.get(pk=need.pk).status == Need.Status.UNMET


# --- an organisation that the person is to avoid, as was said later


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


MOST_QUERIES = 39
"""For a list of three houses. Nine of them check what is shared against the manifest,
and sign it. The messages that tests send at once are in it, but not
the beginnings and ends of transactions."""


@pytest.mark.parametrize("order", AskingOrder)
def test_three_are_asked_in_as_many_queries_as_one(
    need, worker, first, second, third, order
):
    along = [f"case__{what}" for what in ALONG]
    need = Need.objects.select_related("case__team__organisation", *along).get()
    rows = Service.objects.select_related("organisation", "team__organisation")
    counts = []
    for houses in ([a_house("Other House")], [first, second, third]):
        services = list(rows.filter(pk__in=[service.pk for service, _f in houses]))
        teams = [service.team for service in services]
        with CaptureQueriesContext(connection) as heard_in:
            agreed = given.make_consents(need.case, to=teams, by=worker)
        # As on a page, where each case is checked once.
        with manifest.remember_states(), CaptureQueriesContext(connection) as asked_in:
            made = actions.ask(
                need,
                services=services,
                agreed=agreed,
                order=order,
                note="Two children are with her.",
                by=worker,
            )
        counts.append([questions(heard_in), questions(asked_in)])
        actions.recall(made, by=worker)
    [heard_of_one, asked_one], [heard_of_three, asked_three] = counts
    assert heard_of_three <= heard_of_one
    # Where all are asked at once, two more to learn who answers in each team.
    assert asked_three <= asked_one + (4 if order == AskingOrder.AT_ONCE else 0)
    lock = connection.vendor == "postgresql"  # one more, of the case's row
    most = MOST_QUERIES + lock
    assert asked_three <= most, "\n".join(q["sql"][:120] for q in asked_in)


def questions(asked: CaptureQueriesContext) -> int:
    words = ("BEGIN", "COMMIT", "SAVEPOINT", "RELEASE SAVEPOINT")
    return sum(not query["sql"].startswith(words) for query in asked)


# --- who can't agree any more


@pytest.fixture
def guarded(worker, first, second):
    """Two houses are asked about a child, on the word of her aunt."""
    case = given.make_case(
        worked_on_by=worker,
        identity_child="yes",
        identity_age=15,
        identity_guardian="Her aunt",
    )
    need = case.needs.select_related("case__team").get()
    agreed = given.make_consents(
        case,
        to=[first[0].team, second[0].team],
        given_by=Consent.GivenBy.GUARDIAN,
        by=worker,
    )
    houses = [first[0], second[0]]
    order = AskingOrder.AT_ONCE
    return actions.ask(need, services=houses, agreed=agreed, order=order, by=worker)


def suspect(case, *, by):
    was = documents.open_documents(
        case.pk, [C.IDENTITY], by=by, purpose="test", names=[RECORD]
    )
    cases.rewrite(
        case,
        C.IDENTITY,
        {"guardian_suspect": "yes"},
        replacing=was[C.IDENTITY, RECORD].revision,
        by=by,
    )


def test_nobody_gets_what_a_guardian_agreed_to_who_came_under_suspicion(
    guarded, worker, first, second
):
    colleague = given.make_worker(of=worker.memberships.get().team)
    cases.assign(guarded.case, worker=colleague, by=worker)
    copies = set(Disclosure.objects.values_list("pk", flat=True))
    assert copies
    mail.outbox.clear()
    suspect(guarded.case, by=colleague)

    for house in (first, second):
        with pytest.raises(Changed, match="it was recalled, or the consent has ended"):
            actions.accept(of(guarded, house), by=house[1])
    assert not Disclosure.objects.exists()
    for copy in copies:
        with pytest.raises(Refused):
            disclosures.release(copy)
    assert now(guarded).status == HelpRequestStatus.ENDED
    assert Need.objects.get(pk=guarded.need.pk).status == Need.Status.OPEN
    assert [message.to for message in mail.outbox] == [[worker.email]]
    ended = AuditEvent.objects.get(did="ended request with consent")
    assert (ended.actor, ended.case) == (f"user:{colleague.pk}", guarded.case.pk)


def test_who_works_on_the_case_reads_that_a_guardian_s_consent_ended(guarded, worker):
    colleague = given.make_worker(of=worker.memberships.get().team)
    cases.assign(guarded.case, worker=colleague, by=worker)
    suspect(guarded.case, by=colleague)
    assert Notification.objects.filter(
        what=NotificationTopic.CONSENT_ENDED, user=worker
    ).exists()


def test_who_had_it_before_the_suspicion_keeps_it_and_nobody_else_is_told(
    guarded, worker, first, second
):
    """What is shared stays until it is withdrawn; asked anew under the same yes, the
    same house gets nothing more."""
    actions.accept(of(guarded, first), by=first[1])
    referral = Referral.objects.get()
    referrals.decline(referral, reason=FULL, by=first[1])
    need = guarded.need
    agreed = valid_consents.find_standing(need, [first[0].team], by=worker)
    [shared] = agreed.values()
    assert shared.shared_at
    again = actions.ask(
        need,
        services=[first[0]],
        agreed=[shared],
        order=AskingOrder.IN_TURN,
        by=worker,
    )
    held = of(again, first).disclosure
    assert held
    suspect(guarded.case, by=worker)

    assert now(again).status == HelpRequestStatus.ENDED
    assert not Disclosure.objects.filter(pk=held).exists()
    assert Consent.objects.get(pk=shared.pk).is_live
    with pytest.raises(Changed):
        actions.accept(of(again, first), by=first[1])


def test_who_accepted_goes_on_where_only_the_asking_stops(request_in_turn, first):
    actions.accept(of(request_in_turn, first), by=first[1])
    consent = of(request_in_turn, first).consent
    assert consent
    actions.stop_asking(consent, by=first[1])
    assert now(request_in_turn).status == HelpRequestStatus.ACCEPTED


def test_suspicion_leaves_what_the_person_herself_agreed_to(
    request_in_turn, worker, first
):
    suspect(request_in_turn.case, by=worker)
    actions.accept(of(request_in_turn, first), by=first[1])
    assert Referral.objects.get()
