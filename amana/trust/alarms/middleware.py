"""What a page met that isn't what was signed, noted after its rollback."""

from collections.abc import Callable

from django.http import HttpRequest, HttpResponse

from amana.trust.access.http import signed_in
from amana.trust.alarms import actions
from amana.trust.vault import altered, manifest


class AlterationsMiddleware:
    """Notify two people of each alteration that a page met, whatever the page made of
    it; outside the transaction that it stopped.
    """

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        with altered.collect_alterations() as found, manifest.remember_states():
            response = self.get_response(request)
        # After the page's transaction: it was rolled back with the refusal, and the
        # record of an alteration must stay.
        for what, case in {(error.what, error.case) for error in found.stopped}:
            actions.record_altered(what, case=case, by=signed_in(request))
        if found.aside:
            actions.record_omitted(found.aside, by=signed_in(request))
        return response
