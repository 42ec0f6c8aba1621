"""Sessions that know whose they are, so that they can be listed and ended at once.

A session is locked after ten idle minutes (`trust.vault`), ends after thirty, and
never lasts longer than a working day.
"""

import re
from datetime import datetime, timedelta
from typing import Any

from django.contrib.auth import SESSION_KEY
from django.contrib.sessions.backends.base import SessionBase
from django.contrib.sessions.backends.db import SessionStore as DatabaseStore
from django.utils import timezone

from amana.trust.access.models import Session, User
from amana.trust.access.prepared import PreparedQuery

LOCK_AFTER = timedelta(minutes=10)
LEAVE_AFTER = timedelta(minutes=30)
END_AFTER = timedelta(hours=12)
LEARNERS_LEAVE_AFTER = timedelta(hours=3)
"""A learner's session shows nothing of a case, and each new one costs them an e-mail:
it outlasts a lesson that is read on paper."""
NOTE_AFTER = timedelta(minutes=1)
"""Presence is written down at most once in this time: it costs a write."""

BEGAN, SEEN, BROWSER = "began_at", "seen_at", "browser"

# The first that fits counts: Android names Linux too, and an iPhone Mac OS.
SYSTEMS = ["Android", "iPhone", "iPad", "Windows", "Mac OS", "CrOS", "Linux"]
BROWSERS = {"Firefox": "Firefox", "Edg": "Edge", "OPR": "Opera", "Chrome": "Chrome"}


KEPT = PreparedQuery(
    lambda key, now: Session.objects.select_related("user").filter(
        session_key=key, expire_date__gt=now
    ),
    str,
    datetime,
)


class SessionStore(DatabaseStore):
    """Django's sessions in the database, with whose they are."""

    owner: User | None = None
    """Whose it was when it was read: one query brings the session and the person."""

    @classmethod
    def get_model_class(cls) -> type[Session]:
        return Session

    def _get_session_from_db(self) -> Session | None:
        for found in KEPT.of(self.session_key or "", timezone.now()).first(1):
            self.owner = found.user
            return found
        self._session_key = None
        return None

    def create_model_instance(self, data: dict[str, Any]) -> Session:
        made = super().create_model_instance(data)
        assert isinstance(made, Session)
        made.user_id = int(data[SESSION_KEY]) if SESSION_KEY in data else None
        made.began_at = parse_moment(data, BEGAN)
        made.seen_at = parse_moment(data, SEEN)
        made.browser = data.get(BROWSER, "")
        return made


def parse_moment(session: dict[str, Any] | SessionBase, name: str) -> datetime:
    said = session.get(name)
    return datetime.fromisoformat(said) if said else timezone.now()


def begin_session(session: SessionBase, *, agent: str = "") -> None:
    """Start both clocks of a session in which someone has just signed in."""
    session[BEGAN] = session[SEEN] = timezone.now().isoformat()
    session[BROWSER] = label_browser(agent)


def is_over(session: SessionBase, leave_after: timedelta) -> bool:
    now = timezone.now()
    left_alone = now - parse_moment(session, SEEN) >= leave_after
    return left_alone or now - parse_moment(session, BEGAN) >= END_AFTER


def is_idle(session: SessionBase) -> bool:
    return timezone.now() - parse_moment(session, SEEN) >= LOCK_AFTER


def record_presence(session: SessionBase) -> None:
    now = timezone.now()
    if SEEN not in session or now - parse_moment(session, SEEN) >= NOTE_AFTER:
        session[SEEN] = now.isoformat()


def end_all_sessions(user: User, *, but: str | None = None) -> int:
    """End every session of `user` (but the one with this key); return how many."""
    return Session.objects.filter(user=user).exclude(session_key=but).delete()[0]


def label_browser(agent: str) -> str:
    """Label a browser by a few words of its User-Agent, in which a person knows their
    own device."""
    # Edge and Opera name Chrome as well: the first that fits is the browser.
    names = [name for mark, name in BROWSERS.items() if f"{mark}/" in agent]
    if not names and re.search(r"Version/.*Safari/", agent):
        names = ["Safari"]
    systems = [system for system in SYSTEMS if system in agent]
    return ", ".join([*names[:1], *systems[:1]])
