"""Sign in as an invented person: in the demo and in exercises alone."""

from django.conf import settings
from django.contrib.auth import login
from django.core.exceptions import ImproperlyConfigured
from django.http import HttpRequest

from amana.given.people import PASSPHRASE
from amana.trust.access import sessions
from amana.trust.access.http import DEMO_FACTOR, note_factor
from amana.trust.access.models import User
from amana.trust.audit import log
from amana.trust.vault import keys, middleware


def sign_in_as(request: HttpRequest, user: User, *, did: str) -> None:
    """Sign in with both factors passed and keys unlocked, as after a real sign-in.
    Raises ImproperlyConfigured where people are real."""
    # Asked at each sign-in: the setting may change after this module was imported.
    if not settings.INVENTED:
        raise ImproperlyConfigured("Here people are real, and sign in themselves.")
    keyring = keys.unlock(user, PASSPHRASE)
    login(request, user)
    sessions.begin_session(request.session, agent=request.headers.get("User-Agent", ""))
    note_factor(request, user, DEMO_FACTOR)
    middleware.keep_unlocked(request, keyring, of=user)
    log.record(did, user, by=user)
