"""So many in an hour, without knowing who: for pages on which people stay anonymous.

The address of a device is mixed with a secret that this process forgets within the
hour, and only how often it came is held in memory. Nothing is written anywhere. Several
processes count each for itself, so the true limit is a few times higher; codes are too
long to be guessed at any speed."""

import hashlib
import hmac
import os
import time
from collections import Counter
from threading import Lock

from allauth.account.adapter import get_adapter
from django.http import HttpRequest
from django.utils.translation import gettext as _

from amana.errors import Refused

HOUR = 60 * 60


class RateLimit:
    """Lets so many through within an hour."""

    def __init__(self) -> None:
        self.lock = Lock()
        self.forget()

    def forget(self) -> None:
        self.secret = os.urandom(32)
        self.since = time.monotonic()
        self.came: Counter[bytes] = Counter()

    def passes(self, who: str, what: str, most: int) -> bool:
        with self.lock:
            # All at once: a count that ends for each address by itself would need the
            # hour of each.
            if time.monotonic() - self.since > HOUR:
                self.forget()
            words = f"{what}\0{who}".encode()
            # Never the address itself, also in memory: it would tell who gave feedback
            # within the hour.
            seen = hmac.digest(self.secret, words, hashlib.sha256)
            self.came[seen] += 1
            return self.came[seen] <= most


GATE = RateLimit()

MOST = {"code": 60, "kiosk": 60, "complaint": 10, "answer": 60}
"""In an hour: wrong codes and answers from one network, people at one kiosk, and
complaints from one network."""


def require_pace(request: HttpRequest, what: str, *, at: str = "") -> None:
    """Refuse when too many came; from the same place `at`, or the same network. Raises
    Refused."""
    who = at or get_adapter().get_client_ip(request)
    if not GATE.passes(who, what, MOST[what]):
        raise Refused(_("Too many tries. Please wait before the next one."))
