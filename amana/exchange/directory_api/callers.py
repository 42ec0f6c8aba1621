"""Who asks: anyone, or a program with a key; and how much they may ask."""

from dataclasses import dataclass

from django.conf import settings
from django.http import HttpRequest

from amana.exchange.directory_api import actions
from amana.exchange.directory_api.models import ApiKey, Audience
from amana.exchange.directory_api.problems import TooMany, WrongKey
from amana.trust.access.http import within_limit

SCHEME = "bearer"
WRONG = (
    "This key is not valid: it is unknown, not confirmed yet, ended, or revoked. Send "
    "“Authorization: Bearer” with the key, or leave the header out for what is public."
)

CLOSED = "This directory is not public here: a program needs a key."


@dataclass(frozen=True)
class Caller:
    audience: Audience
    key: ApiKey | None = None

    @property
    def is_public(self) -> bool:
        return self.key is None


def admit_caller(request: HttpRequest, *, whole: bool) -> Caller:
    """Admit the program that asks, within its limit; `whole` is an answer with all of
    it. Raises `WrongKey` or `TooMany`."""
    given = request.headers.get("Authorization")
    # Absent and not empty: an empty header is a program that lost its key, and has to
    # learn that it did.
    if given is None:
        _count(request, "directory_whole" if whole else "directory")
        if not is_open():
            raise WrongKey(CLOSED)
        return Caller(Audience.PUBLIC)
    key = find_key(given)
    if key is None:
        # Against the address: else a wrong key would be a way around its limit.
        _count(request, "directory")
        raise WrongKey(WRONG)
    _count(request, "directory_whole_key" if whole else "directory_key", key.hash)
    actions.record_use(key)
    return Caller(Audience.NETWORK, key)


def is_open() -> bool:
    """Check whether the operator lets everyone read what is public, as on the pages of
    the public directory."""
    return settings.PUBLIC_DIRECTORY


def find_key(header: str) -> ApiKey | None:
    scheme, _space, secret = header.partition(" ")
    if scheme.lower() != SCHEME:
        return None
    return ApiKey.objects.valid().filter(hash=actions.hash_key(secret.strip())).first()


def _count(request: HttpRequest, action: str, key: str = "") -> None:
    if within_limit(request, action, key=key or None):
        return
    rate = settings.ACCOUNT_RATE_LIMITS[action]
    # The longest that it can take: when the first of them is forgotten is not known.
    amount, time, _whose = rate.split("/")
    seconds = {"m": 60, "h": 3600}[time]
    period = "a minute" if seconds == 60 else f"{seconds // 60} minutes"
    raise TooMany(
        f"More than {amount} requests in {period}. Wait, and ask less often.",
        seconds=seconds,
    )
