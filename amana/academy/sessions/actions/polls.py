"""Polls that those who lead a session have written themselves."""

from collections.abc import Sequence

from django.db import transaction
from django.utils.translation import gettext as _

from amana.academy.sessions.actions.planning import hold_session
from amana.academy.sessions.models import Session
from amana.academy.sessions.rooms import get_room
from amana.errors import Refused
from amana.trust.access.models import User
from amana.trust.audit import log

MOST_POLLS = 10
FEWEST_OPTIONS, MOST_OPTIONS = 2, 8


@transaction.atomic
def add_poll(session: Session, text: str, options: Sequence[str], *, by: User) -> str:
    """Add a poll at the end of the plan, and return its key. Raises `Refused` where
    there are too few options, too many, or too many polls."""
    held = hold_session(session, by)
    if not FEWEST_OPTIONS <= len(options) <= MOST_OPTIONS:
        raise Refused(_("Write between two and eight options, one on each line."))
    polls = held.own.get("polls", [])
    if len(polls) >= MOST_POLLS:
        raise Refused(_("A session has at most ten polls of your own."))
    # Never a number again that a poll had before: answers in the room name it.
    number = held.own.get("last_poll", 0) + 1
    added = {"key": f"own-{number}", "text": text, "options": list(options)}
    held.own |= {"polls": [*polls, added], "last_poll": number}
    held.save(update_fields=["own"])
    log.record("added own poll", session, by=by)
    return f"own-{number}"


@transaction.atomic
def remove_poll(session: Session, key: str, *, by: User) -> None:
    """Remove a poll that was not asked yet. Raises `Refused` once it was: answers must
    not lose their question."""
    held = hold_session(session, by)
    if key in get_room(session.pk).polls:
        raise Refused(_("This poll was asked already, so it stays."))
    # `last_poll` stays, so that the next one gets another number.
    left = [poll for poll in held.own.get("polls", []) if poll["key"] != key]
    held.own["polls"] = left
    held.save(update_fields=["own"])
    log.record("removed own poll", session, by=by)
