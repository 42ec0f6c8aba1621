"""How an event comes into a room: with its number, once, and in one order for all."""

from collections.abc import Mapping
from datetime import datetime
from uuid import UUID

from django.db.models import F
from django.utils import timezone
from django.utils.translation import gettext as _

from amana.academy.sessions.engine.room_state import RoomState, RoomVerb
from amana.academy.sessions.models import Participant, RoomEvent, Session
from amana.academy.sessions.rooms import get_room
from amana.errors import Refused


def add_event(
    session: Session,
    verb: RoomVerb,
    *,
    id: UUID,
    seat: Participant | None = None,
    object: str = "",
    data: Mapping[str, object] | None = None,
    at: datetime | None = None,
) -> bool:
    """Add an event; return False if the one with this id is there already.

    The counter on the session's row gives them one order: the second waits until the
    first has committed, so that a number is never seen before a lower one. Raises
    `Refused` when the id has another event.
    """
    said = {
        "session_id": session.pk,
        "seat_id": seat.pk if seat else None,
        "verb": verb.value,
        "object": object,
        "data": dict(data or {}),
    }
    Session.objects.filter(pk=session.pk).update(last_event=F("last_event") + 1)
    if kept := RoomEvent.objects.filter(pk=id).first():
        # Given back under the same lock: a gap would look like an event that is still
        # to come.
        Session.objects.filter(pk=session.pk).update(last_event=F("last_event") - 1)
        if any(getattr(kept, name) != value for name, value in said.items()):
            raise Refused(_("Something else has already been saved under this number."))
        return False
    number = Session.objects.values_list("last_event", flat=True).get(pk=session.pk)
    RoomEvent.objects.create(id=id, number=number, at=at or timezone.now(), **said)
    return True


def get_open_room(session: Session) -> RoomState:
    """Get the room while people work in it; nothing else happens in it before we
    commit. Raises `Refused`.
    """
    Session.objects.select_for_update(no_key=True).only("pk").get(pk=session.pk)
    room = get_room(session.pk)
    if not room.is_open:
        raise Refused(
            _("The room is closed.")
            if room.closed
            else _(
                "The room is not open yet. The person who leads the session opens it."
            )
        )
    return room
