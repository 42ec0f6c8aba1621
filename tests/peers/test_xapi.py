"""A record store that we did not write takes our statements, each once: ralph."""

import pytest
import time_machine
from django.utils import timezone

from amana.academy.courses.retakes import AFTER_A_PASS
from amana.exchange.learning.xapi import actions, sending
from amana.exchange.learning.xapi.models import StatementDelivery
from amana.exchange.learning.xapi.statements import build_statement
from amana.exchange.learning.xapi.tests.test_sending import answers, hands_in, reads
from tests.peers import ralph


@pytest.fixture(scope="module")
def lrs(tmp_path_factory):
    with ralph.running(tmp_path_factory.mktemp("ralph")) as store:
        yield store


@pytest.fixture
def sharing(lrs, settings, learner):
    settings.LRS_URL = lrs.url
    settings.LRS_USER, settings.LRS_PASSWORD = ralph.USER, ralph.PASSWORD
    return actions.agree_to_share(by=learner)


def test_ralph_takes_what_was_learned_and_keeps_it_once(lrs, sharing, enrolment):
    events = [reads(enrolment), answers(enrolment), hands_in(enrolment)]
    with time_machine.travel(timezone.now() + AFTER_A_PASS, tick=True):
        events.append(hands_in(enrolment, right=False))

    assert sending.send_waiting() == (4, 0)
    StatementDelivery.objects.all().delete()  # as if the answer had been lost
    assert sending.send_waiting() == (4, 0)

    kept = [
        statement["id"]
        for statement in lrs.statements
        if statement["actor"]["account"]["name"] == str(sharing.pseudonym)
    ]
    assert sorted(kept) == sorted(str(event.pk) for event in events)


def test_ralph_refuses_something_else_under_a_known_number(lrs, sharing, enrolment):
    event = reads(enrolment)
    sending.send_waiting()
    other = build_statement(event, sharing) | {"timestamp": "2020-01-01T00:00:00+00:00"}

    with pytest.raises(sending.StatementRefused):
        sending.post_statements([other])


def test_ralph_lets_nobody_in_with_a_wrong_password(lrs, sharing, enrolment, settings):
    reads(enrolment)
    settings.LRS_PASSWORD = "another"

    with pytest.raises(sending.StoreUnreachable, match="401"):
        sending.send_waiting()
    assert not StatementDelivery.objects.exists()
