"""What each request has to do with the log: it seals what it did, and a colleague's
device remembers how far the log had come.

An act (POST) is sealed before its answer, so that the device that did it holds the
checkpoint with it. Reading, and what a page does after its answer, is sealed right
afterwards, and keeps no one waiting.
"""

from collections.abc import Callable
from functools import partial

from django.http import HttpRequest, HttpResponse, HttpResponseBase

from amana.trust.access.http import Respond, passed_both, signed_in
from amana.trust.audit import sealing
from amana.trust.witness import device, gate
from amana.ui.http import answer_refusal, run_after_answer

SAFE = frozenset({"GET", "HEAD", "OPTIONS"})


class LogMiddleware:
    """Outside of all that writes, so that it seals what was committed."""

    def __init__(self, get_response: Respond) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        with sealing.collect_recorded() as recorded:
            response = self.get_response(request)
        if request.method not in SAFE:
            sealing.seal_recorded(recorded)
        run_after_answer(response, partial(sealing.seal_recorded, recorded))
        if is_for_staff(request):
            device.remember_checkpoint(request, response)
        return response

    def process_view(
        self, request: HttpRequest, view: Callable[..., object], *args: object
    ) -> HttpResponseBase | None:
        """Show no page of a colleague while the log is in doubt, except those that end
        it.
        """
        if signed_in(request) is None:
            return None
        if is_for_staff(request):
            # Before the doubt is asked about: what the device has seen may raise it.
            device.check_device(request)
        match = request.resolver_match
        name = match.view_name if match is not None else ""
        if name in gate.OPEN or not gate.is_shut():
            return None
        return answer_refusal(request, "witness/stopped.html", 503)


def is_for_staff(request: HttpRequest) -> bool:
    """Check whether the page needs a sign-in, and its reader has passed both factors;
    never a page that is for people too.
    """
    match = request.resolver_match
    open_to_all = match is None or not getattr(match.func, "login_required", True)
    return not open_to_all and signed_in(request) is not None and passed_both(request)
