"""What these pages share."""

from typing import NoReturn

from django.contrib import messages
from django.contrib.auth import logout
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, resolve_url
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from amana.trust.access.http import Request, within_limit
from amana.trust.access.models.organisations import User
from amana.trust.vault import keys, middleware, removal
from amana.trust.vault.floor import Shortfall
from amana.trust.vault.middleware import TooManyTries
from amana.trust.vault.models.key_removals import KeyRemoval
from amana.trust.vault.models.team_keys import PersonKey
from amana.trust.vault.removal_states import DELAY, KEPT_AT_MOST, UNDONE_WITHIN
from amana.ui import clocks
from amana.ui.http import done

form_page = require_http_methods(["GET", "POST"])


INVITED = "invited_with"
"""Where the session keeps the digest of the code that was right: of an invitation that
was renewed meanwhile it is right no more."""


def list_digit_groups(user: User, *, seen_by: User) -> list[str]:
    key = PersonKey.objects.filter(user=user).first()
    return keys.compute_digits(key, seen_by=seen_by).split() if key else []


def show_proposed(request: Request, made: KeyRemoval) -> HttpResponse:
    messages.success(
        request, _("Proposed. Someone from another team must now confirm it.")
    )
    return done(request, then=resolve_url("vault:removal", made.pk))


def describe_limits(short: Shortfall | None) -> dict[str, object]:
    """Describe what would fall short, and the times that the page names, in hours and
    days.
    """
    wait = removal.compute_usual_delay()
    if short:
        wait = max(wait, DELAY)
    return {
        "short": short,
        "undone_hours": int(UNDONE_WITHIN.total_seconds() / 3600),
        "kept_days": KEPT_AT_MOST.days,
        "delay": clocks.format_duration(wait),
    }


def sign_out(request: Request) -> HttpResponse:
    """Send the person to the sign-in page, since this session has just been ended as
    well.
    """
    middleware.lock(request)
    logout(request)
    return redirect("account_login")


def slow_down(request: HttpRequest, action: str, *, key: str = "") -> None:
    if not within_limit(request, action, key=key or None):
        raise_too_many()


def raise_too_many() -> NoReturn:
    raise TooManyTries(_("Too many attempts. Wait five minutes, then try again."))
