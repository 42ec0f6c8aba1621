"""A consent ends: by withdrawal, by its time, or with the case."""

from datetime import timedelta
from io import StringIO

import pytest
from django.core.management import call_command
from django.utils import timezone

from amana import given
from amana.care.cases.models import Assignment, Case
from amana.care.consent import actions
from amana.care.consent.events import consent_ended
from amana.care.consent.models import NEXT, Consent, Destruction
from amana.errors import Refused
from amana.trust.access.models import Role, Team, User
from amana.trust.access.rules import Denied
from amana.trust.audit.models import AuditEvent
from amana.trust.vault.models import Disclosure, DisclosureWrap

from .conftest import again, agrees

# --- withdrawing and expiring


def test_after_withdrawal_the_copy_and_its_keys_are_gone(
    consent: Consent, worker: User
) -> None:
    actions.disclose(consent, by=worker)

    actions.withdraw(consent, by=worker)

    assert not Disclosure.objects.exists()
    assert not DisclosureWrap.objects.exists()
    with pytest.raises(Refused):
        actions.disclose(consent, by=worker)


def test_a_supervisor_withdraws_when_the_worker_is_away(
    consent: Consent, case: Case
) -> None:
    supervisor = given.make_worker(of=case.team, role=Role.SUPERVISOR)

    actions.withdraw(consent, by=supervisor)

    assert consent.status == Consent.Status.WITHDRAWN


def test_a_stranger_withdraws_nothing(consent: Consent, stranger: User) -> None:
    with pytest.raises(Denied):
        actions.withdraw(consent, by=stranger)
    assert Consent.objects.live().exists()


def test_a_consent_is_withdrawn_once(consent: Consent, worker: User) -> None:
    before = Consent.objects.get(pk=consent.pk)
    actions.withdraw(consent, by=worker)

    with pytest.raises(Refused, match="already ended"):
        actions.withdraw(before, by=worker)


def test_withdrawal_leaves_the_case_and_its_needs_as_they_were(
    consent: Consent, worker: User
) -> None:
    before = (list(Case.objects.values()), list(Assignment.objects.values()))

    actions.withdraw(consent, by=worker)

    assert before == (list(Case.objects.values()), list(Assignment.objects.values()))


def test_nothing_is_agreed_or_shared_once_the_case_has_been_closed(
    consent: Consent, case: Case, shelter: Team, worker: User
) -> None:
    Case.objects.update(closed_at=timezone.now())
    assert case.is_open  # as it was when the page was opened

    with pytest.raises(Refused, match="closed"):
        agrees(case, to=shelter, by=worker, purpose=Consent.Purpose.COORDINATION)
    with pytest.raises(Refused, match="closed"):
        again(consent, worker)
    with pytest.raises(Refused, match="closed"):
        actions.disclose(consent, by=worker)
    assert not Disclosure.objects.exists()


def test_a_consent_can_be_withdrawn_after_the_case_is_closed(
    consent: Consent, case: Case, worker: User
) -> None:
    case.change(closed_at=timezone.now())

    actions.withdraw(consent, by=worker)

    assert consent.status == Consent.Status.WITHDRAWN


def test_the_end_of_a_consent_is_announced(consent: Consent, worker: User) -> None:
    heard: list[tuple[Consent, User | None]] = []

    def listen(consent: Consent, by: User | None, **_: object) -> None:
        heard.append((consent, by))

    consent_ended.connect(listen)
    try:
        actions.withdraw(consent, by=worker)
    finally:
        consent_ended.disconnect(listen)

    assert heard == [(consent, worker)]


def test_a_mistake_with_one_consent_keeps_no_other_from_ending(
    case: Case, shelter: Team, worker: User
) -> None:
    first, second = (
        agrees(case, to=given.make_team(), by=worker),
        agrees(case, to=shelter, by=worker),
    )
    shared = actions.disclose(second, by=worker)
    Consent.objects.update(expires_at=timezone.now() - timedelta(minutes=1))

    def fail(consent: Consent, **_: object) -> None:
        if consent == first:
            raise ZeroDivisionError

    consent_ended.connect(fail)
    try:
        with pytest.raises(ZeroDivisionError):
            actions.expire_lapsed()
    finally:
        consent_ended.disconnect(fail)

    second.refresh_from_db()
    assert second.status == Consent.Status.EXPIRED
    assert not Disclosure.objects.filter(pk=shared.pk).exists()


def test_the_clock_ends_what_has_lapsed_and_nothing_else(
    case: Case, shelter: Team, worker: User
) -> None:
    lapsed = agrees(case, to=shelter, by=worker)
    actions.disclose(lapsed, by=worker)
    live = agrees(case, to=shelter, by=worker)
    kept = actions.disclose(live, by=worker)
    over = timezone.now() - timedelta(seconds=1)
    Consent.objects.filter(pk=lapsed.pk).update(expires_at=over)

    assert actions.expire_lapsed() == 1
    assert actions.expire_lapsed() == 0

    lapsed.refresh_from_db()
    assert lapsed.status == Consent.Status.EXPIRED
    assert Disclosure.objects.get() == kept
    assert AuditEvent.objects.filter(did="expired consent", actor="system").exists()


def test_one_consent_that_was_withdrawn_meanwhile_does_not_stop_the_clock(
    case: Case, shelter: Team, worker: User
) -> None:
    first, second = (agrees(case, to=given.make_team(), by=worker) for _ in range(2))
    over = timezone.now() - timedelta(minutes=1)
    Consent.objects.update(expires_at=over)

    def withdraw_the_other(consent: Consent, **_: object) -> None:
        if consent == first:
            actions.withdraw(Consent.objects.get(pk=second.pk), by=worker)

    consent_ended.connect(withdraw_the_other)
    try:
        assert actions.expire_lapsed() == 1
    finally:
        consent_ended.disconnect(withdraw_the_other)

    second.refresh_from_db()
    assert second.status == Consent.Status.WITHDRAWN


def test_a_withdrawal_that_fails_ends_nothing(consent: Consent, worker: User) -> None:
    """All of it happens, or none of it: the copies go with the consent."""
    actions.disclose(consent, by=worker)

    def fail(**_: object) -> None:
        raise Refused("A listener failed.")

    consent_ended.connect(fail)
    try:
        with pytest.raises(Refused, match="listener"):
            actions.withdraw(consent, by=worker)
    finally:
        consent_ended.disconnect(fail)

    assert Consent.objects.live().exists()
    assert Disclosure.objects.exists()


# --- the clock


def test_the_commands_of_the_clock_do_it(consent: Consent, worker: User) -> None:
    actions.disclose(consent, by=worker)
    long_ago = timezone.now() - timedelta(days=9)
    Consent.objects.update(expires_at=long_ago)

    call_command("expire_consents", stdout=StringIO())
    assert Consent.objects.get().status == Consent.Status.EXPIRED
    Destruction.objects.update(told_at=long_ago, reminded_at=long_ago)
    call_command("remind_destructions", stdout=StringIO())

    assert Destruction.objects.get().reminded_at > long_ago


# --- tables


def test_each_status_says_what_may_follow() -> None:
    assert set(NEXT) == set(Consent.Status)
