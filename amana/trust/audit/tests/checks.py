"""Seal events, alter them, and check the log."""

import math

from amana.trust.audit import anchor, checking, log, sealing
from amana.trust.audit.checking import LogCheck
from amana.trust.audit.models import AuditEvent
from amana.trust.audit.tests.test_verifying import guards_down


def sealed(number):
    """So many events, sealed; the test's own transaction never commits."""
    events = [log.record("opened", by=None, number=n) for n in range(number)]
    sealing.seal()
    anchor.record_signed(anchor.read().notes[-1])
    return events


def gone_on(seconds: float = math.inf) -> LogCheck:
    checked = checking.continue_check(seconds)
    assert checked is not None
    return checked


def check(*, whole=False):
    checking.begin_check(by="user:7", whole=whole)
    return gone_on()


def changed(event):
    with guards_down():
        AuditEvent.objects.filter(pk=event.pk).update(did="nothing")
