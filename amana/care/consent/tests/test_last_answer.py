"""What the person answered last counts."""

from datetime import timedelta
from typing import Any

import pytest
from django.utils import timezone

from amana.care.cases.models import Case
from amana.care.consent import actions
from amana.care.consent.models import Consent
from amana.errors import Refused
from amana.trust.access.models import Team, User
from amana.trust.vault.models import Disclosure

from .conftest import agrees, in_days


def test_a_newer_answer_leaves_no_older_and_wider_yes_to_fall_back_to(
    case: Case, shelter: Team, worker: User
) -> None:
    wide = agrees(case, to=shelter, by=worker)
    actions.disclose(wide, by=worker)  # what is shared outlives a newer answer
    narrow = agrees(case, to=shelter, by=worker, fields=["needs.words"])
    assert Consent.objects.standing().get() == narrow
    for end in (
        {"status": Consent.Status.WITHDRAWN, "ended_at": timezone.now()},
        {"status": Consent.Status.EXPIRED, "ended_at": timezone.now()},
        {"status": Consent.Status.GIVEN, "ended_at": None, "expires_at": in_days(-1)},
    ):
        Consent.objects.filter(pk=narrow.pk).update(**end)
        assert not Consent.objects.standing().exists()
        for tell in (
            lambda: actions.disclose(wide, by=worker),
            lambda: actions.hold_back([wide], by=worker),
        ):
            with pytest.raises(Refused, match="Ask the person again"):
                tell()


def test_a_withdrawal_counts_from_when_it_was_said(
    case: Case, shelter: Team, worker: User
) -> None:
    shared = agrees(case, to=shelter, by=worker)
    actions.disclose(shared, by=worker)
    newer = agrees(case, to=shelter, by=worker)
    assert Consent.objects.standing().get() == newer

    actions.withdraw(shared, by=worker)

    newer.refresh_from_db()
    assert newer.status == Consent.Status.UNUSED
    assert not Consent.objects.standing().exists()


def test_a_no_leaves_what_is_shared_until_it_is_withdrawn(
    case: Case, shelter: Team, worker: User
) -> None:
    consent = agrees(case, to=shelter, by=worker)
    kept = actions.disclose(consent, by=worker)
    said_no(consent, by=worker)

    assert Consent.objects.get(pk=consent.pk).is_live
    assert Disclosure.objects.get() == kept
    with pytest.raises(Refused, match="Ask the person again"):
        actions.disclose(consent, by=worker)


def test_a_no_said_before_the_yes_does_not_end_it(
    case: Case, shelter: Team, worker: User
) -> None:
    """As when a meeting without a network arrives late."""
    consent = agrees(case, to=shelter, by=worker)
    said_no(consent, asked_at=timezone.now() - timedelta(hours=1), by=worker)
    assert Consent.objects.standing().get() == consent


def said_no(consent: Consent, *, by: User, **more: Any) -> Consent:
    return actions.refuse(
        consent.case,
        recipient=consent.recipient,
        need=consent.need,
        purpose=Consent.Purpose(consent.purpose),
        language="ar",
        by=by,
        **more,
    )
