"""The state of a session's room, read once in a process and then only continued.

All participants in a room ask for the same, so each process keeps the rooms that it was
asked for last, and reads only what came after. Within a transaction nothing is kept:
what happened in it may still be undone."""

from collections import OrderedDict
from threading import Lock
from uuid import UUID

from django.db import connection

from amana.academy.sessions.engine import room_state as rooms
from amana.academy.sessions.engine.room_state import RoomState
from amana.academy.sessions.models import RoomEvent

MOST = 50

_kept: OrderedDict[UUID, RoomState] = OrderedDict()
_lock = Lock()


def get_room(session: UUID) -> RoomState:
    """Get the room up to the last thing that happened in it."""
    with _lock:
        known = _kept.get(session, RoomState())
    # Outside the lock: a slow query for one room must not hold up all others.
    room = rooms.apply_events(known, RoomEvent.objects.since(session, known.number))
    if not connection.in_atomic_block:
        remember_room(session, room)
    return room


def remember_room(session: UUID, room: RoomState) -> None:
    with _lock:
        # Another thread may have come further meanwhile; a room never goes back.
        if room.number >= _kept.get(session, RoomState()).number:
            _kept[session] = room
            _kept.move_to_end(session)
        while len(_kept) > MOST:
            _kept.popitem(last=False)
