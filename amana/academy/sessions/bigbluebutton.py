"""The meeting of a session on a BigBlueButton server. Written by its documentation and
tested against a stub of that; it was not run against a live server yet."""

from urllib.error import URLError
from urllib.request import HTTPRedirectHandler, build_opener

from django.conf import settings
from django.utils.translation import gettext as _

from amana.academy.sessions.calendars import format_title
from amana.academy.sessions.engine.bigbluebutton_api import ConferenceServer
from amana.academy.sessions.models import Session
from amana.errors import Refused

PATIENCE = 5
"""Seconds for which the person who clicked waits for the server's answer."""
AFTERWARDS = 30
"""Minutes for which the meeting may go on after the plan's end."""
AGREED = b"<returncode>SUCCESS</returncode>"


def get_entry_address(session: Session, *, called: str, leads: bool) -> str:
    """Get the address by which one person enters. The first person to come begins the
    meeting; to ask for it again changes nothing. Raises `Refused` when the server
    doesn't answer.
    """
    server = ConferenceServer(settings.BIGBLUEBUTTON_URL, settings.BIGBLUEBUTTON_SECRET)
    meeting = str(session.pk)
    length = (session.ends_at - session.starts_at).total_seconds() // 60
    begin = server.create(
        meeting,
        name=format_title(session),
        minutes=int(length) + AFTERWARDS,
        welcome=_("Nothing is recorded."),
    )
    if AGREED not in fetch_answer(begin):
        raise Refused(
            _("The video service can’t be reached. The room works without it.")
        )
    return server.join(meeting, called=called, leads=leads)


class SameServerHandler(HTTPRedirectHandler):
    """Only the server that the setting names is asked."""

    def redirect_request(self, *_args: object, **_more: object) -> None:
        return None


def fetch_answer(address: str) -> bytes:
    """Fetch the server's answer; empty if none comes. Its address is a setting."""
    # The only schemes: `file:` in the setting would read from this server's disk.
    if not address.startswith(("https://", "http://")):
        return b""
    try:
        with build_opener(SameServerHandler).open(address, timeout=PATIENCE) as answer:
            # A limit, because an answer is a few lines and the server is another's.
            said: bytes = answer.read(100_000)
            return said
    except (URLError, TimeoutError):
        return b""
