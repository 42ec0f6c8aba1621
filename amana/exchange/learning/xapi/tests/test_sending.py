"""Only what was agreed to is told, once, under a name that says nothing."""

import json
from datetime import timedelta
from io import StringIO
from uuid import uuid4

import pytest
import time_machine
from django.core.management import CommandError, call_command
from django.utils import timezone

from amana.academy.courses import actions as courses
from amana.academy.courses.models import Event, LearningVerb
from amana.academy.courses.retakes import AFTER_A_PASS
from amana.academy.courses.tests.test_actions import all_right
from amana.errors import Refused
from amana.exchange.learning.lti.tests.server import FINE, GARBAGE, leads_to, server
from amana.exchange.learning.xapi import actions, sending
from amana.exchange.learning.xapi.models import SharingAgreement, StatementDelivery
from amana.trust.access.rules import Denied


def reads(enrolment):
    path = "m1/01-asking-first"
    return courses.record_read_lesson(enrolment, path, by=enrolment.person, id=uuid4())


def answers(enrolment):
    return courses.record_answer(
        enrolment, "m1-q01", [1], by=enrolment.person, id=uuid4()
    )


def hands_in(enrolment, right=True):
    attempt = courses.begin_test(enrolment, "m1", by=enrolment.person)
    given = all_right(attempt) if right else {}
    return courses.submit_test(attempt, given, by=enrolment.person, id=uuid4())


SCORE = {"scaled": 1.0, "raw": 20, "min": 0, "max": 20}


def test_what_is_learned_after_one_agreed_is_told(sharing, enrolment, posted):
    events = [reads(enrolment), answers(enrolment), hands_in(enrolment)]
    with time_machine.travel(timezone.now() + AFTER_A_PASS, tick=True):
        events.append(hands_in(enrolment, right=False))

    assert sending.send_waiting() == (4, 0)

    [batch] = posted
    assert [statement["id"] for statement in batch] == [
        str(event.pk) for event in events
    ]
    verbs = [statement["verb"]["display"]["en"] for statement in batch]
    assert verbs == ["completed", "answered", "passed", "failed"]
    assert batch[2]["result"]["score"] == SCORE
    assert batch[3]["result"]["success"] is False


def test_what_is_not_told_holds_up_nothing(sharing, enrolment, posted):
    """Every verb that there is, whichever come to be."""
    told = [reads(enrolment), answers(enrolment), hands_in(enrolment)]
    known = {event.verb for event in told}
    for verb in set(LearningVerb) - known:
        Event.objects.create(id=uuid4(), enrolment=enrolment, verb=verb, object="m1")
    told.append(reads(enrolment))

    assert sending.send_waiting() == (4, 0)

    [batch] = posted
    assert [statement["id"] for statement in batch] == [str(event.pk) for event in told]


def test_nobody_is_named_and_no_answer_is_told(sharing, enrolment, posted):
    answers(enrolment)
    sending.send_waiting()

    person, [[told]] = enrolment.person, posted
    written = json.dumps(told)
    assert told["actor"]["account"]["name"] == str(sharing.pseudonym)
    assert "result" not in told
    assert not any(word in written for word in (person.email, person.name, "mbox"))
    assert str(person.pk) != told["actor"]["account"]["name"]


def test_nothing_is_told_of_those_who_did_not_agree(store, enrolment, posted):
    reads(enrolment)

    assert sending.send_waiting() == (0, 0)
    assert posted == []


def test_what_came_before_is_not_told(store, enrolment, learner, posted):
    reads(enrolment)
    actions.agree_to_share(by=learner)

    assert sending.send_waiting() == (0, 0)


def test_nothing_is_told_after_one_ended_it(sharing, enrolment, learner, posted):
    reads(enrolment)
    actions.end_sharing(sharing, by=learner)

    assert sending.send_waiting() == (0, 0)
    with pytest.raises(Refused, match="already ended"):
        actions.end_sharing(sharing, by=learner)


def test_whoever_agrees_again_has_another_name(sharing, learner):
    actions.end_sharing(sharing, by=learner)

    again = actions.agree_to_share(by=learner)

    assert again.pseudonym != sharing.pseudonym
    assert actions.agree_to_share(by=learner) == again


def test_an_agreement_with_one_store_is_none_with_another(
    sharing, enrolment, store, posted
):
    reads(enrolment)
    store.LRS_URL = "https://other.example/xAPI"

    assert sending.send_waiting() == (0, 0)


def test_nobody_ends_it_for_another(sharing, stranger):
    with pytest.raises(Denied):
        actions.end_sharing(sharing, by=stranger)


def test_without_a_store_there_is_nothing_to_agree_to(learner, db):
    with pytest.raises(Refused, match="No learning record store"):
        actions.agree_to_share(by=learner)


def test_what_was_taken_is_not_sent_again(sharing, enrolment, posted):
    reads(enrolment)

    assert sending.send_waiting() == (1, 0)
    assert sending.send_waiting() == (0, 0)


def test_what_did_not_arrive_goes_again(sharing, enrolment, posted, monkeypatch):
    event = reads(enrolment)

    def away(statements):
        raise sending.StoreUnreachable("503")

    with monkeypatch.context() as patch:
        patch.setattr(sending, "post_statements", away)
        with pytest.raises(CommandError, match="can't be reached"):
            call_command("send_statements")
    assert not StatementDelivery.objects.exists()

    call_command("send_statements", stdout=StringIO())
    assert posted[0][0]["id"] == str(event.pk)


@pytest.mark.parametrize("code", [301, 302, 303, 307, 308])
def test_what_we_sign_in_with_goes_to_no_other_address(
    sharing, enrolment, settings, code
):
    """And the page to which it would lead is no store that took something."""
    reads(enrolment)
    with (
        server(FINE) as elsewhere,
        server(leads_to(elsewhere.url, code)) as there,
    ):
        tell_to(there, settings)
        with pytest.raises(sending.StoreUnreachable):
            sending.send_waiting()
    assert elsewhere.heard == []
    assert not StatementDelivery.objects.exists()


@pytest.mark.parametrize("answer", [GARBAGE, b""])
def test_what_is_no_answer_in_http_goes_again(sharing, enrolment, settings, answer):
    reads(enrolment)
    with server(answer) as there:
        tell_to(there, settings)
        with pytest.raises(sending.StoreUnreachable):
            sending.send_waiting()
    assert not StatementDelivery.objects.exists()


@pytest.mark.parametrize("url", ["https://[lrs.example", "no address", "https://a/b c"])
def test_an_address_that_is_none_is_not_reached(settings, url):
    settings.LRS_URL = url
    with pytest.raises(sending.StoreUnreachable):
        sending.post_statements([])


def test_a_store_hears_statements_and_who_tells_them(sharing, enrolment, settings):
    event = reads(enrolment)
    with server(FINE) as there:
        tell_to(there, settings)
        assert sending.send_waiting() == (1, 0)
    [said] = there.heard
    assert b"Authorization: Basic" in said
    assert str(event.pk).encode() in said


def tell_to(there, settings):
    settings.LRS_URL = there.url
    SharingAgreement.objects.update(store=there.url)


def test_one_that_is_refused_does_not_hold_up_the_others(
    sharing, enrolment, monkeypatch
):
    good, bad, after = reads(enrolment), answers(enrolment), answers(enrolment)
    taken: list[str] = []

    def picky(statements):
        if any(statement["id"] == str(bad.pk) for statement in statements):
            raise sending.StatementRefused("400")
        taken.extend(statement["id"] for statement in statements)

    monkeypatch.setattr(sending, "post_statements", picky)

    assert sending.send_waiting() == (2, 1)
    assert taken == [str(good.pk), str(after.pk)]
    assert sending.send_waiting() == (0, 0)


def test_what_was_told_is_noted_once(sharing, enrolment):
    event = reads(enrolment)

    for _time in range(2):
        actions.record_deliveries([(sharing, event)], refused=False, by=None)

    assert StatementDelivery.objects.count() == 1


def test_many_go_in_batches(sharing, enrolment, posted, monkeypatch):
    monkeypatch.setattr(sending, "AT_ONCE", 2)
    for _time in range(5):
        answers(enrolment)

    assert sending.send_waiting() == (5, 0)
    assert [len(batch) for batch in posted] == [2, 2, 1]


def test_the_clock_of_an_agreement_is_its_own(sharing, enrolment, posted):
    """Not that of the first agreement of the same person."""
    SharingAgreement.objects.update(agreed_at=timezone.now() + timedelta(minutes=1))
    reads(enrolment)

    assert sending.send_waiting() == (0, 0)
