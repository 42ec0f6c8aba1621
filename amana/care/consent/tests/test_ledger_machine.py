"""Random lives of consents, against a model that knows only what was said.

What must always hold: nobody reads anything without a live consent; a recipient reads
exactly the fields agreed; after the end nothing is left, and who received something
has been told to destroy it (P04, P05, P07, P20).

`test_a_planted_fault_is_found` plants the faults of `FAULTS`, one at a time, and the
machine has to stumble over each: a fault that it lives with fails the test. To look at
one: `pytest amana/care/consent -k "planted_fault and firewall"`.
"""

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import replace
from datetime import datetime
from unittest.mock import patch

import pytest
from django.utils import timezone
from hypothesis import Phase

from amana import given
from amana.care.consent import actions
from amana.care.consent.actions import ConsentState
from amana.care.consent.models import Consent, ConsentQuerySet, Destruction
from amana.errors import Refused
from amana.trust.access.models import Sphere, User
from amana.trust.access.rules import Rule
from amana.trust.vault import disclosures
from tests.patching import patched
from tests.profiles import each_time
from tests.worlds import kept

from .ledger_model import SPHERES, World, live_through


@kept
def world(worker: User, stranger: User) -> World:
    teams = [given.make_team(of=given.make_organisation(sphere=s)) for s in SPHERES]
    people = [(team, given.make_worker(of=team)) for team in teams]
    return World(worker, stranger, people)


def test_no_life_of_a_consent_shares_more_than_was_agreed(world: World) -> None:
    assert world.recipients
    live_through(world, max_examples=each_time(12))


@contextmanager
def kept_after_withdrawal() -> Iterator[None]:
    with patched(disclosures, "destroy", lambda *, consent: 0):
        yield


@contextmanager
def the_clock_forgets_the_copies() -> Iterator[None]:
    end = actions.end_consent

    def forget(consent: Consent, to: Consent.Status, *, by: User | None) -> None:
        if to is Consent.Status.EXPIRED:
            consent.move(to, ended_at=timezone.now())
        else:
            end(consent, to, by=by)

    with patched(actions, "end_consent", forget):
        yield


@contextmanager
def no_firewall() -> Iterator[None]:
    with (
        patched(actions, "CEILING", {sphere: {"all"} for sphere in Sphere}),
        patched(disclosures, "is_allowed", lambda sphere, name: True),
    ):
        yield


@contextmanager
def a_dead_consent_still_shares() -> Iterator[None]:
    """The check trusts what the page held in memory."""
    with patch.object(Consent, "share", lambda self, now: None):
        yield


@contextmanager
def an_expired_consent_is_live() -> Iterator[None]:
    def live(self: ConsentQuerySet, now: datetime | None = None) -> ConsentQuerySet:
        return self.filter(status=Consent.Status.GIVEN)

    with patch.object(ConsentQuerySet, "live", live):
        yield


@contextmanager
def the_whole_record_goes() -> Iterator[None]:
    consented = actions.open_consent_state

    def more(consent: Consent, *, by: User) -> ConsentState:
        now = consented(consent, by=by)
        return replace(now, values=now.values | {"identity.sex": "female"})

    with patched(actions, "open_consent_state", more):
        yield


@contextmanager
def anyone_may_withdraw() -> Iterator[None]:
    with patch.object(Rule, "require", lambda *_: None):
        yield


@contextmanager
def nobody_is_told() -> Iterator[None]:
    with patch.object(Destruction.objects, "create", lambda **_: Destruction(pk=0)):
        yield


FAULTS = {
    "copies kept after withdrawal": kept_after_withdrawal,
    "copies kept by the clock": the_clock_forgets_the_copies,
    "no firewall": no_firewall,
    "dead consent still shares": a_dead_consent_still_shares,
    "expired consent is live": an_expired_consent_is_live,
    "one field too many": the_whole_record_goes,
    "anyone may act": anyone_may_withdraw,
    "nobody is told to destroy": nobody_is_told,
}


@pytest.mark.parametrize("fault", FAULTS)
def test_a_planted_fault_is_found(world: World, fault: str) -> None:
    with (
        FAULTS[fault](),
        pytest.raises((AssertionError, pytest.fail.Exception, Refused)),
    ):
        live_through(
            world, max_examples=60, phases=[Phase.generate], report_multiple_bugs=False
        )
