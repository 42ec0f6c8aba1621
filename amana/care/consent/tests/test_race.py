"""A withdrawal at the same moment as a disclosure leaves nothing behind.

On PostgreSQL both run at once, each in its own connection. SQLite lets one writer in at
a time, so that there the two can only follow each other (see the ledger's machine).

Planted fault: `Consent.share` that reads (`live.exists()`) instead of updating the row
lets both pass each other; both tests fail."""

import threading
from collections.abc import Iterator

import pytest
from django.db import connection, connections

from amana import given
from amana.care.consent import actions
from amana.care.consent.models import Consent, Destruction
from amana.errors import Refused
from amana.trust.access.models import User
from amana.trust.vault import disclosures
from amana.trust.vault.models import Disclosure, DisclosureWrap
from tests.patching import patched

from .conftest import a_case, agrees

AT_MOST = 60
"""Seconds; nothing here should take one."""


@pytest.fixture
def agreed(transactional_db: None) -> Iterator[tuple[Consent, User]]:
    if connection.vendor != "postgresql":
        pytest.skip("SQLite has one writer at a time.")
    worker = given.make_worker()
    shelter_worker = given.make_worker()
    shelter = shelter_worker.memberships.get().team
    yield agrees(a_case(worker), to=shelter, by=worker), worker
    given.people._founders.clear()


class Elsewhere(threading.Thread):
    """A colleague in another process: own connection, own copy of the consent."""

    def __init__(self, act: object, consent: Consent, worker: User) -> None:
        super().__init__(daemon=True)
        self.act, self.pk, self.worker = act, consent.pk, worker
        self.refused = False

    def run(self) -> None:
        try:
            self.act(Consent.objects.get(pk=self.pk), by=self.worker)  # type: ignore[operator]
        except Refused:
            self.refused = True
        finally:
            connections.close_all()


def test_a_withdrawal_waits_for_a_disclosure_and_deletes_it(
    agreed: tuple[Consent, User],
) -> None:
    consent, worker = agreed
    sealing, goes_on = threading.Event(), threading.Event()
    make = disclosures.make_disclosure

    def slowly(*args: object, **kwargs: object) -> Disclosure:
        made = make(*args, **kwargs)  # type: ignore[arg-type]
        sealing.set()
        assert goes_on.wait(AT_MOST)
        return made

    with patched(disclosures, "make_disclosure", slowly):
        one = Elsewhere(actions.disclose, consent, worker)
        one.start()
        assert sealing.wait(AT_MOST)
        other = Elsewhere(actions.withdraw, consent, worker)
        other.start()
        other.join(0.5)
        assert other.is_alive(), "it did not wait, so it missed what is being sealed"
        goes_on.set()
        one.join(AT_MOST)
        other.join(AT_MOST)

    assert (one.refused, other.refused) == (False, False)
    assert not Disclosure.objects.exists()
    assert not DisclosureWrap.objects.exists()
    assert Destruction.objects.get().consent_id == consent.pk


def test_a_disclosure_waits_for_a_withdrawal_and_is_refused(
    agreed: tuple[Consent, User],
) -> None:
    consent, worker = agreed
    ending, goes_on = threading.Event(), threading.Event()
    destroy = disclosures.destroy

    def slowly(*, consent: object) -> int:
        gone = destroy(consent=consent)  # type: ignore[arg-type]
        ending.set()
        assert goes_on.wait(AT_MOST)
        return gone

    with patched(disclosures, "destroy", slowly):
        one = Elsewhere(actions.withdraw, consent, worker)
        one.start()
        assert ending.wait(AT_MOST)
        other = Elsewhere(actions.disclose, consent, worker)
        other.start()
        other.join(0.5)
        assert other.is_alive(), "it did not wait for the withdrawal"
        goes_on.set()
        one.join(AT_MOST)
        other.join(AT_MOST)

    assert (one.refused, other.refused) == (False, True)
    assert not Disclosure.objects.exists()
