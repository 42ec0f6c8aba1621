"""A session's keys: sealed in the database under a key that only the cookie holds.

So neither the database nor the disk holds a usable key, even while people work. Ten
idle minutes lock; what met the lock is asked for the passphrase on the spot, and goes
on with all that was typed.
"""

import base64
import binascii
from collections.abc import Callable, Iterator
from datetime import datetime, timedelta
from functools import partial, wraps
from typing import Concatenate

from allauth.account.internal.flows.reauthentication import reauthenticate_by_password
from allauth.core import ratelimit
from allauth.core.exceptions import ReauthenticationRequired
from django.conf import settings
from django.contrib import messages
from django.contrib.sessions.backends.base import SessionBase
from django.http import HttpRequest, HttpResponse, HttpResponseBase
from django.utils import timezone
from django.utils.http import escape_leading_slashes
from django.utils.translation import gettext as _
from django_htmx.http import retarget

from amana.errors import Refused
from amana.installed import LEARNER_SIGN_IN
from amana.trust.access import sessions
from amana.trust.access.http import Request, Respond, send_to, signed_in, within_limit
from amana.trust.access.models import User
from amana.trust.audit import log
from amana.trust.vault import altered, crypto, epochs, keys, leaving
from amana.trust.vault.crypto import Unopenable, bind_place
from amana.trust.vault.keys import Keyring, Locked, WrongSecret
from amana.ui.http import asks_for_part, run_after_answer, show

SEALED = "vault_sealed"
PASSPHRASE = "_unlock"  # noqa: S105 — the name of a field
COOKIE = "amana.unlock"
"""Where the answer's new cookie waits in `request.META`; empty: to be deleted."""

RECENTLY = timedelta(minutes=5)
"""How fresh the passphrase must be for what leaves the house or changes who is in."""


class TooManyTries(Refused):
    """Someone is guessing, or has forgotten: a pause helps in both cases."""


def get_cookie_name() -> str:
    """Get the cookie's name. With `__Host-` a browser takes it only over TLS, from this
    host and for the whole site, so that no subdomain can set it.
    """
    return "__Host-unlock" if settings.SESSION_COOKIE_SECURE else "unlock"


def warn_about_omitted_records(request: HttpRequest) -> None:
    """Warn on the page that some records could not be opened, if so."""
    if said := altered.describe_omitted_records():
        messages.warning(request, said)


# --- keeping the keys of a session


def keep_unlocked(
    request: HttpRequest, keyring: Keyring, *, of: User | None = None
) -> None:
    """Keep `keyring` for the rest of this session; the response carries its key.

    `of` is given during sign-in, before the second factor.
    """
    user = of or signed_in(request)
    assert user is not None
    request.META[COOKIE] = seal_into(request.session, keyring, of=user)
    keys.set_keyring(keyring, to=user)


def seal_into(session: SessionBase, keyring: Keyring, *, of: User) -> str:
    """Seal `keyring` into a session; what is returned belongs in the cookie alone."""
    secret = crypto.generate_key()
    sealed = crypto.seal(secret, keyring.dump(), at=bind_place("session", of.pk))
    now = timezone.now().isoformat()
    session[SEALED] = [keyring.person_key_id, _text(sealed), now]
    return _text(secret)


def lock(request: HttpRequest) -> None:
    """Forget the session's keys."""
    request.session.pop(SEALED, None)
    request.META[COOKIE] = ""
    user = signed_in(request)
    if user is not None:
        keys.set_keyring(None, to=user)


def is_unlocked(request: HttpRequest) -> bool:
    user = signed_in(request)
    return user is not None and isinstance(user.keyring, Keyring)


def get_unlock_time(request: HttpRequest) -> datetime | None:
    """Get the time at which the passphrase was last given in this session."""
    kept = request.session.get(SEALED)
    return datetime.fromisoformat(kept[2]) if kept else None


def unlock(request: HttpRequest, passphrase: str) -> None:
    """Open the keys of the person who is signed in, with a limit on tries. Raises
    `WrongSecret` or `TooManyTries`.
    """
    user = signed_in(request)
    assert user is not None
    if not within_limit(request, "unlock", user=user):
        log.record("was slowed down", user, by=user, at="unlock")
        raise TooManyTries(
            _("Too many attempts. Wait five minutes, or use your recovery code.")
        )
    try:
        keyring = keys.unlock(user, passphrase)
    except WrongSecret:
        log.record("failed to unlock", user, by=user)
        raise
    # The tries that failed before the right one must not count against the next unlock.
    ratelimit.clear(request, action="unlock", user=user)
    keep_unlocked(request, keyring)
    reauthenticate_by_password(request)
    log.record("unlocked", user, by=user)
    epochs.renew_where_due(user)
    keyring.read_teams()  # and so whether something waits under earlier ones


def renew_where_due(request: HttpRequest, user: User) -> None:
    """Begin new epochs of exposed keys for a person who has just passed both
    factors.
    """
    if not isinstance(user.keyring, Keyring):
        keys.set_keyring(_kept(request), to=user)
    if isinstance(user.keyring, Keyring):
        epochs.renew_where_due(user)


def require_recent_unlock[**P](
    view: Callable[Concatenate[Request, P], HttpResponse],
) -> Callable[Concatenate[Request, P], HttpResponse]:
    """Ask for the passphrase again where it was not given in the last five minutes."""

    @wraps(view)
    def ask(request: Request, /, *args: P.args, **kwargs: P.kwargs) -> HttpResponse:
        at = get_unlock_time(request)
        if not is_unlocked(request) or at is None or timezone.now() - at > RECENTLY:
            raise Locked(
                _("This step asks for your passphrase again, to make sure it is you.")
            )
        return view(request, *args, **kwargs)

    return ask


def _text(blob: bytes) -> str:
    return base64.urlsafe_b64encode(blob).decode()


def _kept(request: HttpRequest) -> Keyring | None:
    kept = request.session.get(SEALED)
    cookie = request.COOKIES.get(get_cookie_name())
    if not kept or not cookie:
        return None
    person_key_id, sealed, _at = kept
    try:
        plain = crypto.unseal(
            base64.urlsafe_b64decode(cookie),
            base64.urlsafe_b64decode(sealed),
            at=bind_place("session", request.user.pk),
        )
    except (Unopenable, binascii.Error, ValueError):
        return None
    return Keyring.load(person_key_id, plain)


# --- meeting the lock


class KeyringMiddleware:
    """Hand the unlocked their keys for this request; ask the locked to unlock."""

    def __init__(self, get_response: Respond) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        user = signed_in(request)
        if user is not None:
            if SEALED in request.session and sessions.is_idle(request.session):
                lock(request)
                log.record("locked", user, by=None)
            else:
                keys.set_keyring(_kept(request), to=user)
        response = self.get_response(request)
        # After the view, because it may have unlocked, locked or renewed the keys.
        attach_unlock_cookie(request, response)
        # Not after a long one: its reader may be signed out by then.
        if user is not None and not response.streaming:
            run_after_answer(response, partial(continue_resealing, user))
        return response

    def process_view(
        self, request: HttpRequest, view: object, *args: object
    ) -> HttpResponseBase | None:
        """Unlock with the passphrase that came with a form which had met the lock."""
        if getattr(view, "passes_body_on", False):
            return None
        passphrase = request.POST.get(PASSPHRASE) if request.method == "POST" else None
        if not passphrase or signed_in(request) is None:
            return None
        try:
            unlock(request, passphrase)
        except Refused as error:
            return answer_lock(request, str(error))
        return None

    def process_exception(
        self, request: HttpRequest, error: Exception
    ) -> HttpResponse | None:
        if isinstance(error, Locked):
            return answer_lock(request, str(error))
        if isinstance(error, ReauthenticationRequired):
            # Before allauth's own answer, which would store the whole request, the
            # unlock cookie included, in the session.
            user = signed_in(request)
            learns = user is not None and user.only_learns
            again = LEARNER_SIGN_IN if learns else "vault:unlock"
            return send_to(request, again)
        return None


def continue_resealing(user: User) -> None:
    """Continue resealing what is still under an earlier key of one of their teams, a
    little after each page that has read their keys.
    """
    ring = user.keyring
    if isinstance(ring, Keyring) and ring.behind:
        leaving.rewrap_in_passing(user)


def attach_unlock_cookie(request: HttpRequest, response: HttpResponse) -> None:
    new = request.META.get(COOKIE)
    if new:
        response.set_cookie(
            get_cookie_name(),
            new,
            httponly=True,
            secure=settings.SESSION_COOKIE_SECURE,
            samesite="Strict",
            path="/",
        )
    elif new == "":
        response.delete_cookie(get_cookie_name(), path="/", samesite="Strict")


def answer_lock(request: HttpRequest, reason: str) -> HttpResponse:
    """Answer with the unlock page; a form is kept, and continues with the
    passphrase.
    """
    if request.method != "POST":
        return send_to(request, "vault:unlock")
    page = show(
        request,
        "vault/locked.html",
        {
            "reason": reason,
            "sent": list(iterate_form_values(request)),
            "files": bool(request.FILES),
            "address": escape_leading_slashes(request.get_full_path()),
        },
        part="notice",
        status=409,
    )
    if not asks_for_part(request):
        return page
    # A part of a page can't take the form's place: the question is shown at the top,
    # over what was typed, which stays on the page.
    page.headers["HX-Reswap"] = "innerHTML show:top"
    return retarget(page, "#notices")


def iterate_form_values(request: HttpRequest) -> Iterator[tuple[str, str]]:
    """Yield all that was typed, to be sent again."""
    for name, values in request.POST.lists():
        if name not in ("csrfmiddlewaretoken", PASSPHRASE):
            for value in values:
                yield name, str(value)
