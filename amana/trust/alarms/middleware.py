"""What a page met that isn't what was signed, noted after its rollback."""

import time
from collections.abc import Callable
from functools import partial

from django.db import OperationalError
from django.http import HttpRequest, HttpResponse

from amana.trust.access.http import signed_in
from amana.trust.access.models import User
from amana.trust.alarms import actions
from amana.trust.vault import altered, manifest
from amana.ui.http import run_after_answer

PAUSE = 2.0
"""Seconds before the second try; no page waits for it."""


class AlterationsMiddleware:
    """Notify two people of each alteration that a page met, whatever the page made of
    it; outside the transaction that it stopped.
    """

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        with altered.collect_alterations() as found, manifest.remember_states():
            response = self.get_response(request)
        report = partial(report_alterations, found, by=signed_in(request))
        report()
        # What is sealed anew after the answer may meet some too.
        run_after_answer(response, partial(report_twice, report))
        return response


def report_twice(report: Callable[[], None]) -> None:
    """Report; if the database is busy, once more: the record is not tried again, so no
    later page would meet it."""
    try:
        report()
    except OperationalError:
        time.sleep(PAUSE)
        report()


def report_alterations(found: altered.FoundAlteration, *, by: User | None) -> None:
    """Report what was found since the last report."""
    # After the page's transaction: it was rolled back with the refusal, and the record
    # of an alteration must stay.
    while found.stopped:
        error = found.stopped[-1]
        actions.record_altered(error.what, case=error.case, by=by)
        # Only now: what could not be reported is reported by the next try.
        found.stopped[:] = [it for it in found.stopped if not is_same(it, error)]
    if found.aside:
        actions.record_omitted(found.aside, by=by)
        found.aside.clear()


def is_same(one: altered.Tampered, other: altered.Tampered) -> bool:
    return (one.what, one.case) == (other.what, other.case)
