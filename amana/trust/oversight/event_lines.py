"""Events of the log as lines that people read."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime

from amana.reviewed_files import Text
from amana.trust.audit.models import AuditDetail, AuditEvent
from amana.trust.oversight import labels
from amana.trust.oversight.actors import ActorDescription, map_actors
from amana.trust.vault.compartments import Compartment
from amana.ui.labels import format_list


@dataclass(frozen=True)
class EventLine:
    """One event: when, who, what, which parts, and for what."""

    number: int
    at: datetime
    who: ActorDescription
    did: Text
    parts: str
    purpose: Text
    thing: str


def build_lines(events: Iterable[AuditEvent]) -> list[EventLine]:
    """Build the lines of events with three queries, whatever their number."""
    found = list(events)
    who = map_actors(found)
    details = dict(
        AuditDetail.objects.filter(pk__in=[e.pk for e in found]).values_list(
            "pk", "details"
        )
    )
    return [
        EventLine(
            number=event.pk,
            at=event.at,
            who=who[event.pk],
            did=labels.format_act(event.did),
            parts=format_parts(details.get(event.pk, {})),
            purpose=labels.format_purpose(event.purpose),
            thing=event.thing,
        )
        for event in found
    ]


def format_parts(details: dict[str, object]) -> str:
    """Format the compartments that were opened."""
    opened = details.get("compartments")
    if not isinstance(opened, list):
        return ""
    return format_list(Compartment(c) for c in opened if c in Compartment.values)
