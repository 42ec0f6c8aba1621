"""What is new at a table, sent at once to the pages that may show it.

A page learns numbers only: of the newest event that its seat may know of, by the part
of the page that it concerns. A message in a channel that the seat does not read changes
nothing that is sent, not even a number."""

import json
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from uuid import UUID

from amana.academy.practice.labs.engine.table import is_read_by
from amana.academy.practice.labs.models import Lab, LabEvent
from amana.ui.streams import News, format_event

TABLES = "table"
TICK = 0.2

TALK, TEXT, STATE = "talk", "text", "state"
Kind = LabEvent.Kind
AREAS = {
    Kind.MESSAGE: TALK,
    **dict.fromkeys(
        (Kind.PROPOSED, Kind.ACCEPTED, Kind.REFUSED, Kind.SIGNED, Kind.UNSIGNED), TEXT
    ),
}
"""The part of a page that an event concerns; other events concern the state of the
table, and so all parts."""


@dataclass
class TableNews:
    """How far a seat's page can come: the newest event of each part."""

    read_to: int = 0
    """The newest event of the table, also one that few may know of."""
    newest: dict[str, int] = field(
        default_factory=lambda: dict.fromkeys((TALK, TEXT, STATE), 0)
    )

    @property
    def version(self) -> str:
        return str(max(self.newest.values()))

    def read_events(self, lab: UUID, seat: str) -> None:
        """Read what has happened since, as far as `seat` may know of it."""
        events = LabEvent.objects.filter(lab=lab, number__gt=self.read_to)
        found = events.order_by("number").values_list("number", "kind", "channel")
        for number, kind, channel in found:
            self.read_to = number
            if not channel or is_read_by(channel, seat):
                self.newest[AREAS.get(Kind(kind), STATE)] = number

    def format_data(self) -> str:
        return json.dumps(self.newest, separators=(",", ":"))

    def format_missed(self, since: str) -> bytes:
        """Format what a page at that version has missed; empty if nothing."""
        if since == self.version:
            return b""
        return format_event(self.version, self.format_data())


def read_news(lab: UUID, seat: str) -> TableNews:
    news = TableNews()
    news.read_events(lab, seat)
    return news


def build_key(lab: Lab, seat: str) -> str:
    return f"{lab.pk}:{seat}"


class FollowedTable:
    """A table as those at one of its seats were last told of it."""

    def __init__(self, lab: UUID, seat: str) -> None:
        self.lab = lab
        self.seat = seat
        self._news = TableNews()

    @property
    def number(self) -> int:
        return self._news.read_to

    def news(self, since: str) -> News | None:
        told = self._news.format_missed(since)
        return (self._news.version, told) if told else None

    def read(self) -> None:
        # A new one takes the place of the old when it is complete, as one thread reads
        # while another writes to browsers.
        now = TableNews(self._news.read_to, dict(self._news.newest))
        now.read_events(self.lab, self.seat)
        self._news = now


class FollowedTables:
    """The tables that pages of this process follow."""

    @property
    def tick(self) -> float:
        return TICK

    def open(self, key: str) -> FollowedTable:
        lab, _, seat = key.partition(":")
        followed = FollowedTable(UUID(lab), seat)
        followed.read()
        return followed

    def changed(self, topics: Mapping[str, FollowedTable]) -> Iterable[str]:
        # One query for all tables, whatever their number.
        labs = {topic.lab for topic in topics.values()}
        newest = dict(Lab.objects.filter(pk__in=labs).values_list("pk", "last_event"))
        return [
            key
            for key, topic in topics.items()
            if newest.get(topic.lab, 0) > topic.number
        ]

    def read(self, topic: FollowedTable) -> None:
        topic.read()
