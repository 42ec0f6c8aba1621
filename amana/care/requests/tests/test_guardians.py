"""A guardian who came under suspicion agrees to nothing more (P25)."""

import pytest
from django.core import mail

from amana import given
from amana.care.cases import actions as cases
from amana.care.cases.models import Need
from amana.care.consent import valid_consents
from amana.care.consent.models import Consent
from amana.care.referrals import actions as referrals
from amana.care.referrals.models import Referral
from amana.care.referrals.states import DeclineReason
from amana.care.requests import actions
from amana.care.requests.states import AskingOrder, HelpRequestStatus
from amana.errors import Changed, Refused
from amana.notifications.models import Notification, NotificationTopic
from amana.trust.audit.models import AuditEvent
from amana.trust.vault import disclosures, documents
from amana.trust.vault.compartments import Compartment as C
from amana.trust.vault.documents import RECORD
from amana.trust.vault.models import Disclosure

from .conftest import now, of

FULL = DeclineReason.NO_CAPACITY


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
