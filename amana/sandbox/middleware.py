"""Who asks: the server that passes a request on says for which account of the exercise
it is. It alone reaches the socket."""

import time
from collections.abc import Callable
from functools import lru_cache
from typing import Any

from django.contrib.auth import SESSION_KEY
from django.core.exceptions import PermissionDenied
from django.http import HttpRequest, HttpResponse
from django.utils.functional import SimpleLazyObject
from django.utils.translation import gettext as _

from amana.academy.sandboxes.relay import ACCOUNT
from amana.care.cases.models.case_needs import Need
from amana.care.cases.models.case_record import Case
from amana.care.consent.models import Consent
from amana.design.directory.models import Service
from amana.errors import NotAgreed
from amana.given.signing_in import sign_in_as
from amana.sandbox import act_log, country, playing, rules
from amana.sandbox.here import FOLDER, STAGE
from amana.sandbox.not_played import NOT_PLAYED
from amana.trust.access.http import Respond, signed_in
from amana.trust.access.models import Team, User
from amana.trust.vault import middleware as vault
from amana.ui.http import answer_refusal

LARGEST = 500_000_000
"""Bytes that an exercise may store; a built one has some ten million."""
MARKING = frozenset({"sandbox:observe", "sandbox:finish_marking"})
"""The pages on which observers mark."""
LOOKS_AGAIN = 10.0
"""Seconds after which it is measured again."""


class PlayerMiddleware:
    """Sign in the player, and name the exercise on every page."""

    def __init__(self, get_response: Respond) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        # Lazy, as the reader's language is known only further in.
        request.exercise = SimpleLazyObject(playing.get_title)  # type: ignore[attr-defined]
        account = request.headers.get(ACCOUNT, "")
        user = User.objects.filter(email=country.get_address(account)).first()
        # Else a player whose account is not there would be asked to sign in, and
        # everyone knows the passphrase of all.
        if user is None:
            raise PermissionDenied(_("This seat is not there in this exercise."))
        if not is_signed_in(request, user):
            sign_in_as(request, user, did="signed in to the exercise")
            # This request has its keys too, not only the next one.
            request.COOKIES[vault.get_cookie_name()] = request.META[vault.COOKIE]
        return self.get_response(request)

    def process_view(
        self, request: HttpRequest, view: Callable[..., object], *args: object
    ) -> HttpResponse | None:
        require_may_act(request)
        if lacks_space(request):
            reason = _(
                "This exercise has stored all that it may: %(size)s MB. What was done "
                "is kept. Notes on your seat’s page are still possible."
            ) % {"size": LARGEST // 1_000_000}
            return answer_refusal(request, "ui/errors/refused.html", 409, reason)
        match = request.resolver_match
        if match is None or match.view_name not in NOT_PLAYED:
            return None
        reason = _(
            "This is not part of exercises: it would change what your browser keeps "
            "for your real work."
        )
        return answer_refusal(request, "ui/errors/refused.html", 409, reason)


def require_may_act(request: HttpRequest) -> None:
    """Refuse to change anything once the exercise has ended: its log is what the
    debrief is about. Observers change nothing in it at any time; they mark, also after
    its end, and stop it as everyone may."""
    match, user = request.resolver_match, signed_in(request)
    if request.method in ("GET", "HEAD") or match is None or user is None:
        return
    watches = rules.observe_exercise.permits(user, user)
    if watches and match.view_name in MARKING:
        return
    if STAGE.ended_at is not None:
        raise PermissionDenied(_("The exercise has ended. Its pages can be read."))
    # Everyone stops it by the word, also those who only watch.
    if watches and match.view_name != "sandbox:stop":
        raise PermissionDenied(_("Observers change nothing in an exercise."))


def lacks_space(request: HttpRequest) -> bool:
    """Check whether this would store more, where an exercise takes too much of the disk
    already. Its own pages stay open: who says the word stops it all the same."""
    if request.method in ("GET", "HEAD") or request.path_info.startswith("/exercise/"):
        return False
    return measure_size(round(time.monotonic() / LOOKS_AGAIN)) > LARGEST


@lru_cache(maxsize=1)
def measure_size(_moment: int) -> int:
    """Measure how much this exercise stores: once for each moment, not each request."""
    return FOLDER.measure_size()


def is_signed_in(request: HttpRequest, user: User) -> bool:
    """Check whether this account is signed in here, with its keys unlocked."""
    return (
        request.session.get(SESSION_KEY) == str(user.pk)
        and vault.SEALED in request.session
        and vault.get_cookie_name() in request.COOKIES
    )


class RefusalsMiddleware:
    """Keep what the engine refused to share: in an exercise the attempt counts, or
    misconduct could never be seen."""

    def __init__(self, get_response: Respond) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        return self.get_response(request)

    def process_exception(self, request: HttpRequest, error: Exception) -> None:
        user, match = signed_in(request), request.resolver_match
        # Not every refusal is one to share: a need that was already referred is none.
        is_refused = isinstance(error, NotAgreed | PermissionDenied)
        if user is None or match is None or not is_refused:
            return
        if found := find_sharing(match.view_name, match.kwargs):
            case, team = found
            act_log.record_attempt("disclosure.made", case, team, by=user)


def find_sharing(view: str, named: dict[str, Any]) -> tuple[Case, Team] | None:
    """Find whose data would have been shared, and with which team."""
    if view == "referrals:ask":
        need = Need.objects.select_related("case").filter(pk=named["need"]).first()
        service = Service.objects.select_related("team").filter(pk=named["service"])
        to = service.first()
        return (need.case, to.team) if need and to else None
    if view == "consent:share":
        consents = Consent.objects.select_related("case", "recipient")
        consent = consents.filter(pk=named["pk"]).first()
        return (consent.case, consent.recipient) if consent else None
    return None
