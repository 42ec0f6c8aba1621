"""What stands in the tree for an event: one line of JSON that never changes."""

import json
from collections import defaultdict
from collections.abc import Iterator, Sequence
from datetime import UTC
from uuid import UUID

from amana.trust.audit.models import AuditEvent, AuditMention


def iterate_entries(events: Sequence[int]) -> Iterator[tuple[int, str]]:
    """Yield (id, entry) of the events with these ids, in this order; (id, "") if
    gone.
    """
    found = AuditEvent.objects.in_bulk(events)
    shown = map_mentions(events)
    for pk in events:
        yield pk, format_entry(found[pk], shown.get(pk, ())) if pk in found else ""


def map_mentions(events: Sequence[int]) -> dict[int, list[UUID]]:
    shown: dict[int, list[UUID]] = defaultdict(list)
    rows = AuditMention.objects.filter(event__in=events).values_list("event", "case")
    for event, case in rows:
        shown[event].append(case)
    return shown


def format_entry(event: AuditEvent, shown: Sequence[UUID] = ()) -> str:
    """Format the event as canonical JSON: sorted keys, no spaces, ASCII."""
    entry: dict[str, object] = {
        "id": event.pk,
        # In UTC and with microseconds: the same bytes on both databases and in any time
        # zone, since the tree has their hash.
        "at": event.at.astimezone(UTC).isoformat(timespec="microseconds"),
        "actor": event.actor,
        "role": event.role,
        "did": event.did,
        "thing": event.thing,
        "case": str(event.case) if event.case else "",
        "cases": sorted(map(str, shown)),
        "purpose": event.purpose,
        # Only the commitment: the details can be shredded, and the entry's hash still
        # fits.
        "commitment": bytes(event.commitment).hex(),
    }
    return json.dumps(entry, sort_keys=True, separators=(",", ":"))
