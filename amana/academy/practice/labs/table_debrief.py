"""What everyone reads once a table is closed: what happened, and who wrote to whom."""

from collections import Counter
from collections.abc import Callable
from dataclasses import dataclass

from amana.academy.practice.labs.engine import table as tables
from amana.academy.practice.labs.engine.lab import LabScript
from amana.academy.practice.labs.models import Lab, LabEvent


@dataclass(frozen=True)
class TableDebrief:
    lab: Lab
    script: LabScript
    get_title: Callable[[str], str]
    """The title of a seat, by its code."""

    @property
    def history(self) -> list[tuple[LabEvent, str, str]]:
        """List what happened, but for messages: each with its words and its party."""
        events = self.lab.events.exclude(kind=LabEvent.Kind.MESSAGE)
        return [
            (event, self.describe_event(event), self.get_title(event.party))
            for event in events.order_by("number")
        ]

    def describe_event(self, event: LabEvent) -> str:
        label = event.get_kind_display()
        if event.clause in self.script.clauses:
            return f"{label}: {self.script.clauses[event.clause].title}"
        if event.kind == LabEvent.Kind.ROUND and event.round:
            return f"{label}: {self.script.rounds[event.round - 1].title}"
        return label

    @property
    def talked(self) -> list[tuple[str, int]]:
        """Count who wrote with whom how often; never what."""
        # Only the channels are read here, so that no text can slip into the page.
        counted = Counter(self.lab.messages.values_list("channel", flat=True))
        return [
            (self.format_pair(channel), counted[channel])
            for channel in tables.iterate_all_channels(self.script.seats)
            if tables.BETWEEN in channel and counted[channel]
        ]

    def format_pair(self, channel: str) -> str:
        return " – ".join(map(self.get_title, sorted(tables.parse_channel(channel))))
