"""What happens in a room, told to everyone in it at once (server-sent events).

One query, ten times a second, reads the newest number of all followed rooms; a room
with a newer one is folded on, and written once for all who have come equally far
(ADR 0016). How an answer goes on, `amana.ui.streams` says."""

import json
from collections.abc import Iterable, Mapping
from uuid import UUID

from amana.academy.sessions.engine import room_state as rooms
from amana.academy.sessions.engine.room_state import RoomState
from amana.academy.sessions.models import Session
from amana.academy.sessions.plans import count_options
from amana.academy.sessions.rooms import get_room
from amana.ui.streams import News, format_event

ROOMS = "room"
TICK = 0.1


def build_message(room: RoomState, options: dict[str, int], since: int) -> bytes:
    """Build what is new after that number; empty if nothing is."""
    if room.number <= since:
        return b""
    told = json.dumps(rooms.list_changes(room, options, since), separators=(",", ":"))
    return format_event(str(room.number), told)


class FollowedRoom:
    """A room as those who follow it were last told of it."""

    def __init__(self, session: UUID, options: dict[str, int]) -> None:
        self.session = session
        self.options = options
        # Together, as one thread reads while another writes to browsers.
        self._now: tuple[RoomState, dict[str, bytes]] = (RoomState(), {})

    @property
    def number(self) -> int:
        return self._now[0].number

    def goes_to(self, room: RoomState) -> None:
        self._now = (room, {})

    def news(self, since: str) -> News | None:
        """Write the news, once for all who have come equally far."""
        room, written = self._now
        if since not in written:
            written[since] = build_message(room, self.options, int(since))
        return (str(room.number), written[since]) if written[since] else None


class FollowedRooms:
    """The rooms that pages of this process follow."""

    @property
    def tick(self) -> float:
        return TICK

    def open(self, key: str) -> FollowedRoom:
        session = UUID(key)
        return FollowedRoom(session, count_options_by_id(session))

    def changed(self, topics: Mapping[str, FollowedRoom]) -> Iterable[str]:
        # One query for all rooms, ten times a second, whatever their number.
        newest = find_newest_numbers([topic.session for topic in topics.values()])
        return [
            key
            for key, topic in topics.items()
            if newest.get(topic.session, 0) > topic.number
        ]

    def read(self, topic: FollowedRoom) -> None:
        topic.goes_to(get_room(topic.session))


def find_newest_numbers(sessions: Iterable[UUID]) -> dict[UUID, int]:
    numbers = Session.objects.filter(pk__in=list(sessions))
    return dict(numbers.values_list("pk", "last_event"))


def count_options_by_id(session: UUID) -> dict[str, int]:
    return count_options(Session.objects.for_page().get(pk=session))
