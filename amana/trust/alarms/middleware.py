"""What a page met that isn't what was signed, noted after its rollback."""

from collections.abc import Callable
from functools import partial

from django.http import HttpRequest, HttpResponse

from amana.trust.access.http import signed_in
from amana.trust.access.models import User
from amana.trust.alarms import actions
from amana.trust.vault import altered, manifest
from amana.ui.http import run_after_answer


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
        run_after_answer(response, report)
        return response


def report_alterations(found: altered.FoundAlteration, *, by: User | None) -> None:
    """Report what was found since the last report."""
    # After the page's transaction: it was rolled back with the refusal, and the record
    # of an alteration must stay.
    for what, case in {(error.what, error.case) for error in found.stopped}:
        actions.record_altered(what, case=case, by=by)
    if found.aside:
        actions.record_omitted(found.aside, by=by)
    found.stopped.clear()
    found.aside.clear()
