"""A request from someone signed in; what ends a session; and where a rule's refusal
leads.

No one who works here reaches a page without both factors, and who only learns is kept
to courses: `SignInRequiredMiddleware` asks for the first, `SecondFactorMiddleware` for
the second, and a view that should be open declares it itself (`login_not_required`).
"""

from collections.abc import Callable
from datetime import timedelta

from allauth.account.authentication import get_authentication_records
from allauth.account.internal.flows.login import record_authentication
from allauth.core.internal import ratelimit
from allauth.mfa.utils import is_mfa_enabled
from django.conf import settings
from django.contrib.auth import logout
from django.contrib.auth.middleware import LoginRequiredMiddleware, get_user
from django.core.cache import cache
from django.db import models
from django.http import (
    Http404,
    HttpRequest,
    HttpResponse,
    HttpResponseBase,
    QueryDict,
)
from django.shortcuts import redirect
from django.urls import reverse
from django.utils.http import urlencode
from django.utils.translation import gettext as _
from django_htmx.http import HttpResponseClientRedirect
from django_htmx.middleware import HtmxDetails

from amana import installed
from amana.errors import Refused
from amana.trust.access import sessions
from amana.trust.access.models import User
from amana.trust.access.rules import Denied, NotAccessible
from amana.trust.audit import log
from amana.ui import badges
from amana.ui.http import answer_refusal, asks_for_part

type Respond = Callable[[HttpRequest], HttpResponse]

FACTORS = frozenset({"totp", "webauthn"})
DEMO_FACTOR = "demo"
"""Stands for the second factor of an invented person; counts where all people are."""

ENROLLING = frozenset(
    {
        "access:enrol",
        "mfa_activate_totp",
        "mfa_add_webauthn",
        "vault:unlock",
        "vault:lock",
    }
)
"""All that someone without a second factor can reach, beside the open pages."""


class Request(HttpRequest):
    """A request from someone signed in; SignInRequiredMiddleware turns others away."""

    user: User
    htmx: HtmxDetails


def signed_in(request: HttpRequest) -> User | None:
    """Return who is signed in, if anyone."""
    user = getattr(request, "user", None)
    return user if isinstance(user, User) else None


def posted(request: HttpRequest) -> QueryDict | None:
    """Return what was sent, for a form; None when the page is only read."""
    return request.POST if request.method == "POST" else None


def here(request: HttpRequest) -> str:
    """Return the page on which the person is: for a part, the page around it."""
    htmx: HtmxDetails | None = getattr(request, "htmx", None)
    if htmx and htmx.current_url_abs_path:
        return str(htmx.current_url_abs_path)
    return request.get_full_path() if request.method == "GET" else "/"


def send_to(request: HttpRequest, name: str) -> HttpResponse:
    """Send to the page named `name`, and from there back to here."""
    url = f"{reverse(name)}?{urlencode({'next': here(request)})}"
    return HttpResponseClientRedirect(url) if asks_for_part(request) else redirect(url)


# --- the session


def remember_language(language: str, response: HttpResponse) -> HttpResponse:
    """Remember the language in the browser, as the language menu does."""
    response.set_cookie(
        settings.LANGUAGE_COOKIE_NAME,
        language,
        max_age=365 * 24 * 3600,
        secure=settings.SESSION_COOKIE_SECURE,
        httponly=True,
        samesite="Lax",
    )
    return response


BY_ITSELF = "By-Itself"
"""The header of what an open page asks for because something changed."""


class PresenceMiddleware:
    """End a session that was left alone for too long, or that has lasted its day.

    A view marks what a page asked for by itself (`request.by_itself`): that is no sign
    of a person's presence."""

    def __init__(self, get_response: Respond) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        # In person, and not Django's stand-in, through which each attribute of the
        # hundreds that a page asks for would be asked twice.
        request.user = get_user(request)
        user = signed_in(request)
        if user is not None:
            if sessions.BEGAN not in request.session:
                sessions.begin_session(
                    request.session, agent=request.headers.get("User-Agent", "")
                )
            elif sessions.is_over(request.session, get_patience(user)):
                log.record("session ended", user, by=None)
                logout(request)
        response = self.get_response(request)
        # What was done may have changed the numbers in the navigation.
        if request.method == "POST" and hasattr(request, "session"):
            badges.forget_counts(request)
        if signed_in(request) is not None:
            asked = getattr(request, "by_itself", False) or BY_ITSELF in request.headers
            if not asked:
                sessions.record_presence(request.session)
            # "Back" shows nothing of it to the next person at this screen.
            response.headers.setdefault("Cache-Control", "no-store")
        elif user is not None:
            # Pages that the browser still holds go with the session. Cookies stay, by
            # which it knows this device and the log, and so does what is kept sealed.
            response.headers["Clear-Site-Data"] = '"cache"'
        return response


def get_patience(user: User) -> timedelta:
    """Get how long a session may be left alone."""
    return sessions.LEARNERS_LEAVE_AFTER if user.only_learns else sessions.LEAVE_AFTER


class SignInRequiredMiddleware(LoginRequiredMiddleware):
    """Ask who it is; what was typed before the session ended is shown, to be kept."""

    def handle_no_permission(  # type: ignore[override]
        self, request: HttpRequest, view_func: Callable[..., object]
    ) -> HttpResponse:
        if request.method == "POST":
            return answer_refusal(request, "access/signed_out.html", 401)
        return send_to(request, "account_login")


# --- the second factor


def passed_both(request: HttpRequest) -> bool:
    """Check whether a second factor was passed in this session, by the one signed
    in."""
    enough = FACTORS | {DEMO_FACTOR} if settings.INVENTED else FACTORS
    records = get_authentication_records(request, signed_in(request))
    return any(r.get("method") == "mfa" and r.get("type") in enough for r in records)


def note_factor(request: HttpRequest, user: User, kind: str) -> None:
    """Record in the session that `user` has passed a second factor."""
    record_authentication(request, user, method="mfa", type=kind)


class SecondFactorMiddleware:
    """Without a second factor, no one gets further than to where one is set up; and who
    only learns no further than to courses, which hold nothing of anyone's case."""

    def __init__(self, get_response: Respond) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        return self.get_response(request)

    def process_view(
        self, request: HttpRequest, view: Callable[..., object], *args: object
    ) -> HttpResponseBase | None:
        user = signed_in(request)
        open_to_all = not getattr(view, "login_required", True)
        if user is None or open_to_all:
            return None
        match = request.resolver_match
        name = match.view_name if match is not None else ""
        if user.only_learns:
            keep_to_courses(user, name)
            return None
        if passed_both(request):
            return None
        if is_mfa_enabled(user):  # set up since, elsewhere
            logout(request)
            return send_to(request, "account_login")
        return None if name in ENROLLING else send_to(request, "access:enrol")


ONCE_IN = 60 * 60
"""Seconds."""


def keep_to_courses(user: User, name: str) -> None:
    """Let a learner pass to a page of theirs. Raises `Http404` for every other page, as
    if it did not exist, and logs the attempt."""
    if not is_open_to_learners(name):
        record_kept_out(user)
        raise Http404


def record_kept_out(learner: User) -> None:
    """Record that a learner asked for what is not theirs, once an hour and under a name
    of its own: anyone can open such an account, and must not drown the alarms of those
    who watch over cases, nor fill the log."""
    if cache.add(f"kept-to-courses:{learner.pk}", True, ONCE_IN):
        log.record("was kept to courses", learner, by=learner)


def is_open_to_learners(name: str) -> bool:
    """Check whether who only learns may open the page of this name: listed by its
    room, or by itself. What no one has listed is closed."""
    # A page of no room has an empty one, which is in no list.
    room, _between, _page = name.rpartition(":")
    return name in installed.LEARNER_PAGES or room in installed.LEARNER_PAGES


def is_entry_open(request: HttpRequest, name: str) -> bool:
    """Check whether the navigation may offer a page to this person; never a rule."""
    user = signed_in(request)
    return user is None or not user.only_learns or is_open_to_learners(name)


class PaceMiddleware:
    """Hold someone who did much more than is usual to the pace of a reader.

    All that is asked for counts, also what a page asks for by itself: else it would be
    the way around. Locking and signing out are never held up."""

    ALWAYS = frozenset({"vault:lock", "account_logout", "ui:leave"})

    def __init__(self, get_response: Respond) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        return self.get_response(request)

    def process_view(
        self, request: HttpRequest, view: Callable[..., object], *args: object
    ) -> HttpResponseBase | None:
        user, match = signed_in(request), request.resolver_match
        if user is None or not user.is_slowed:
            return None
        if match is not None and match.view_name in self.ALWAYS:
            return None
        if within_limit(request, "slowed"):
            return None
        return answer_refusal(request, "access/slowed.html", 429)


def require_pace(request: HttpRequest) -> None:
    """Refuse to open many things by one request, for someone who is slowed down."""
    user = signed_in(request)
    if user is not None and user.is_slowed:
        raise Refused(_("Your account is slowed down. Open these one at a time."))


# --- tries


def within_limit(request: HttpRequest, action: str, **whose: object) -> bool:
    """Count a try against `ACCOUNT_RATE_LIMITS`, however it was asked for. Call it
    outside a transaction, for what is rolled back was never counted."""
    # An action without a limit would count nothing, and no one would notice.
    assert action in settings.ACCOUNT_RATE_LIMITS
    # allauth's own way in lets every GET pass.
    used = ratelimit.consume(
        request, app="allauth.account", action=action, limit_get=True, **whose
    )
    return used is not None


def slow_down(request: HttpRequest, action: str) -> None:
    """Count a try, and refuse it where there were too many."""
    if not within_limit(request, action):
        raise Refused(_("Too many attempts. Wait one minute, then try again."))


# --- the rules


class AttemptsMiddleware:
    """Write down each attempt that a rule turned away, after its rollback."""

    def __init__(self, get_response: Respond) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        return self.get_response(request)

    def process_exception(self, request: HttpRequest, error: Exception) -> None:
        user = signed_in(request)
        if user is None:
            return
        if isinstance(error, Denied):
            record_attempt(error.rule.name, error.thing, by=user)
        elif isinstance(error, NotAccessible):
            record_attempt(error.rule.name, None, by=user, model=error.model)


def record_attempt(
    rule: str,
    thing: models.Model | None,
    *,
    by: User,
    model: type[models.Model] | None = None,
) -> None:
    if by.only_learns:
        record_kept_out(by)
        return
    looked_for = model._meta.label_lower if model else ""
    log.record("was turned away", thing, by=by, rule=rule, looked_for=looked_for)
