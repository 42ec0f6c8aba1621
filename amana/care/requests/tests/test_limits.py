"""What a request may ask, what it leaves in the log, and what it costs."""

import pytest
from django.core.exceptions import PermissionDenied
from django.db import connection
from django.test.utils import CaptureQueriesContext

from amana import given
from amana.care.cases import actions as cases
from amana.care.cases.models import Need
from amana.care.cases.sections import ALONG
from amana.care.referrals.states import DeclineReason
from amana.care.requests import actions
from amana.care.requests.models import HelpRequest
from amana.care.requests.states import AskingOrder
from amana.design.directory.models import Service
from amana.errors import Refused
from amana.trust.audit.models import AuditEvent
from amana.trust.vault import manifest
from amana.trust.vault.models import Disclosure

from .conftest import a_house, asked, of

FULL = DeclineReason.NO_CAPACITY


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
