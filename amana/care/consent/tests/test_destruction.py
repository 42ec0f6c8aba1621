"""A recipient is told to destroy its copies, without a word about anyone, until it has
confirmed (P22)."""

from datetime import timedelta

import pytest
from django.core import mail
from django.utils import timezone
from pytest_django import DjangoCaptureOnCommitCallbacks

from amana import given
from amana.care.cases.models import Case
from amana.care.consent import actions
from amana.care.consent.models import Consent, Destruction
from amana.errors import Refused
from amana.trust.access.models import Role, User
from amana.trust.access.rules import Denied
from amana.trust.audit.models import AuditEvent
from amana.trust.vault.handover import CodeBearer
from amana.trust.vault.models import Disclosure

from .conftest import agrees


def test_the_recipient_is_told_to_destroy_its_copies(
    consent: Consent,
    worker: User,
    django_capture_on_commit_callbacks: DjangoCaptureOnCommitCallbacks,
) -> None:
    actions.disclose(consent, by=worker)

    with django_capture_on_commit_callbacks(execute=True):
        actions.withdraw(consent, by=worker)

    assert Destruction.objects.waiting().get().consent == consent
    (message,) = mail.outbox
    assert message.to == ["shelter@example.org"]


def test_without_an_address_of_the_team_its_members_are_told(
    case: Case,
    worker: User,
    django_capture_on_commit_callbacks: DjangoCaptureOnCommitCallbacks,
) -> None:
    team = given.make_team()
    members = {given.make_worker(of=team).email for _ in range(2)}
    given.make_worker(of=team, role=Role.ADMINISTRATOR)
    consent = agrees(case, to=team, by=worker)
    actions.disclose(consent, by=worker)

    with django_capture_on_commit_callbacks(execute=True):
        actions.withdraw(consent, by=worker)

    assert {to for message in mail.outbox for to in message.to} == members


def test_a_team_that_cannot_sign_in_is_told_where_its_return_slip_is_entered(
    case: Case,
    worker: User,
    django_capture_on_commit_callbacks: DjangoCaptureOnCommitCallbacks,
) -> None:
    silent = agrees(case, to=given.make_team(), by=worker)
    consent = agrees(case, to=given.make_team(email="clinic@example.org"), by=worker)
    for given_consent in (silent, consent):
        actions.disclose(given_consent, by=worker)
        with django_capture_on_commit_callbacks(execute=True):
            actions.withdraw(given_consent, by=worker)

    message = mail.outbox.pop()
    assert (message.to, mail.outbox) == (["clinic@example.org"], [])
    said = message.subject + str(message.body)
    assert "/referrals/slip/" in said
    assert "sign in" not in said
    for word in (case.reference, str(case.pk), str(consent.pk), "Zubaida", "consent"):
        assert word.lower() not in said.lower()


def test_the_message_says_nothing_about_anyone(
    consent: Consent,
    worker: User,
    django_capture_on_commit_callbacks: DjangoCaptureOnCommitCallbacks,
) -> None:
    actions.disclose(consent, by=worker)
    with django_capture_on_commit_callbacks(execute=True):
        actions.withdraw(consent, by=worker)

    said = mail.outbox[0].subject + str(mail.outbox[0].body)
    case = consent.case
    for word in (case.reference, str(case.pk), str(consent.pk), "Zubaida", "consent"):
        assert word.lower() not in said.lower()


def test_who_received_nothing_has_nothing_to_destroy(
    consent: Consent, worker: User
) -> None:
    actions.withdraw(consent, by=worker)

    assert not Destruction.objects.exists()


def test_the_recipient_confirms_once(
    consent: Consent, worker: User, shelter_worker: User
) -> None:
    actions.disclose(consent, by=worker)
    actions.withdraw(consent, by=worker)
    destruction = Destruction.objects.get()
    earlier = Destruction.objects.get()

    actions.confirm_destruction(destruction, by=shelter_worker)

    assert destruction.confirmed_by == shelter_worker
    assert not Destruction.objects.waiting().exists()
    with pytest.raises(Refused, match="already"):
        actions.confirm_destruction(earlier, by=shelter_worker)


def test_nobody_else_confirms_for_the_recipient(
    consent: Consent, worker: User, stranger: User
) -> None:
    actions.disclose(consent, by=worker)
    actions.withdraw(consent, by=worker)

    for other in (worker, stranger):
        with pytest.raises(Denied):
            actions.confirm_destruction(Destruction.objects.get(), by=other)


def test_a_silent_recipient_is_reminded_until_it_confirms(
    consent: Consent,
    worker: User,
    shelter_worker: User,
    django_capture_on_commit_callbacks: DjangoCaptureOnCommitCallbacks,
) -> None:
    actions.disclose(consent, by=worker)
    actions.withdraw(consent, by=worker)
    assert actions.remind_silent() == 0
    long_ago = timezone.now() - Destruction.REMIND_EVERY - timedelta(hours=1)
    Destruction.objects.update(told_at=long_ago, reminded_at=long_ago)

    with django_capture_on_commit_callbacks(execute=True):
        assert actions.remind_silent() == 1
    assert actions.remind_silent() == 0
    assert len(mail.outbox) == 1

    actions.confirm_destruction(Destruction.objects.get(), by=shelter_worker)
    Destruction.objects.update(reminded_at=long_ago)
    assert actions.remind_silent() == 0


def test_a_recipient_without_accounts_confirms_by_its_return_slip_and_once(
    case: Case, worker: User
) -> None:
    consent = agrees(case, to=given.make_team(), by=worker)
    actions.disclose(consent, by=worker)
    actions.withdraw(consent, by=worker)
    destruction = Destruction.objects.get()

    by = CodeBearer("slip:1")
    actions.confirm_destruction_outside(destruction, by=by)

    destruction.refresh_from_db()
    assert (destruction.answer, destruction.confirmed_by) == ("destroyed", None)
    event = AuditEvent.objects.get(did="confirmed destruction")
    assert (event.actor, event.role) == ("slip:1", "bearer of a code")
    with pytest.raises(Refused):
        actions.confirm_destruction_outside(destruction, by=by)


def test_a_consent_never_used_ends_without_a_duty_to_destroy(
    worker: User, consent: Consent
) -> None:
    consent = Consent.objects.select_related("case__team", "recipient").get()
    actions.hold_back([consent], by=worker)
    assert actions.close_unused([consent], by=worker) == 1
    assert Consent.objects.get().status == Consent.Status.UNUSED
    assert not Disclosure.objects.exists()
    assert not Destruction.objects.exists()
    with pytest.raises(Refused):
        actions.hold_back([consent], by=worker)


def test_a_withdrawal_destroys_what_was_held_back_and_tells_nobody_to(
    worker: User, consent: Consent
) -> None:
    consent = Consent.objects.select_related("case__team", "recipient").get()
    actions.hold_back([consent], by=worker)
    actions.withdraw(consent, by=worker)
    assert not Disclosure.objects.exists()
    assert not Destruction.objects.exists()
