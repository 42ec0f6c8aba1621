"""A decoy is asked for, made once, and ended."""

from datetime import timedelta
from typing import Any

import pytest
from django.urls import reverse
from django.utils import timezone

from amana import given
from amana.care.cases.models import Case
from amana.care.decoys import actions
from amana.care.decoys.rules import ask_for_decoy
from amana.errors import Changed
from amana.trust.access.models import User
from amana.trust.access.rules import Denied
from amana.trust.alarms import decoys
from amana.trust.alarms.models import Decoy
from amana.trust.retention import erasing
from amana.ui import once

from .conftest import SAID, place_of

pytestmark = pytest.mark.django_db


def test_it_is_asked_for_and_made_on_pages(
    maker: User, officer: User, auditor: User, lead: User
) -> None:
    said: dict[str, Any] = {"place": place_of(maker).pk} | once.make_form_key()
    answer = given.sign_in(officer).post(reverse("decoys:list"), said)
    assert answer.status_code == 302
    browser = given.sign_in(maker)
    assert "Harbour team" in browser.get(reverse("decoys:make")).content.decode()
    answer = browser.post(reverse("decoys:make"), SAID | once.make_form_key())
    assert answer.status_code == 302
    assert decoys.is_decoy(Case.objects.get().pk)
    assert browser.get(reverse("decoys:make")).status_code == 404


def test_nobody_asks_but_the_officer_and_nobody_without_keys_is_asked(
    maker: User, lead: User, officer: User, auditor: User
) -> None:
    for user in (maker, lead, auditor):
        with pytest.raises(Denied):
            actions.request_decoy(place_of(maker), by=user)
    assert not ask_for_decoy.permits(officer, place_of(auditor))
    assert ask_for_decoy.permits(officer, place_of(lead))
    place_of(lead).delete()
    assert not Decoy.objects.exists()


def test_it_is_made_once_by_who_was_asked(
    row: Decoy, maker: User, colleague: User, officer: User, lead: User
) -> None:
    with pytest.raises(Changed):
        actions.make_decoy(row, **SAID, by=colleague)
    actions.make_decoy(row, **SAID, by=maker)
    with pytest.raises(Changed):
        actions.make_decoy(row, **SAID, by=maker)
    assert Case.objects.count() == 1


def test_one_that_was_not_made_is_gone_once_ended(
    row: Decoy, maker: User, officer: User
) -> None:
    actions.end_decoy(row, by=officer)
    assert not Decoy.objects.exists()
    with pytest.raises(Changed):
        actions.make_decoy(row, **SAID, by=maker)


def test_it_goes_when_the_case_is_erased(
    decoy: Case, monkeypatch: pytest.MonkeyPatch
) -> None:
    real = timezone.now
    monkeypatch.setattr(timezone, "now", lambda: real() + timedelta(days=6 * 366))
    assert erasing.erase_due()["case"] == 1
    assert not Decoy.objects.exists()
    assert not Case.objects.exists()
