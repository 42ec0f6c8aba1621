"""Who asks: the server that passes a request on says for which account of the exercise
it is. It alone reaches the socket."""

from typing import Any

from django.contrib.auth import SESSION_KEY
from django.core.exceptions import PermissionDenied
from django.http import HttpRequest, HttpResponse
from django.utils.functional import SimpleLazyObject

from amana.academy.exercises.relay import ACCOUNT
from amana.care.cases.models.case_needs import Need
from amana.care.cases.models.case_record import Case
from amana.care.consent.models import Consent
from amana.design.directory.models import Service
from amana.errors import Refused
from amana.given.signing_in import sign_in_as
from amana.sandbox import act_log, playing, world
from amana.trust.access.http import Respond, signed_in
from amana.trust.access.models import Team, User
from amana.trust.vault import middleware as vault


class PlayerMiddleware:
    """Sign in whoever plays, and say on every page that this is an exercise."""

    def __init__(self, get_response: Respond) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        # Lazy, as the reader's language is known only further in.
        request.exercise = SimpleLazyObject(playing.get_title)  # type: ignore[attr-defined]
        account = request.headers.get(ACCOUNT, "")
        user = User.objects.filter(email=world.get_address(account)).first()
        if user is not None and not is_signed_in(request, user):
            sign_in_as(request, user, did="signed in to the exercise")
            # This request has its keys too, not only the next one.
            request.COOKIES[vault.get_cookie_name()] = request.META[vault.COOKIE]
        return self.get_response(request)


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
        is_refused = isinstance(error, Refused | PermissionDenied)
        if user is None or match is None or request.method != "POST" or not is_refused:
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
