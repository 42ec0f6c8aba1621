"""The history of a service’s details: what changed, by whom, and which changes an
import leaves as they are."""

import json
from collections.abc import Iterable, Mapping
from datetime import date

from django.core.serializers.json import DjangoJSONEncoder
from django.db import models
from django.utils import timezone
from django.utils.translation import gettext as _

from amana.design.directory.labels.code_labels import format_day
from amana.design.directory.labels.field_labels import format_field_label
from amana.design.directory.models import Service, ServiceChange
from amana.trust.access.models.organisations import User

PLACE = frozenset({"address", "lat", "lon", "arrival"})
"""Only that they changed is kept: the place may be secret one day."""
WORDS = frozenset(
    {
        *("description", "conditions", "information_needed", "hours_note", "cost_note"),
        *("area", "coverage", "coverage_note"),
    }
)
"""Of a service whose address is secret, only that they changed: words and areas may
tell it."""
SILENT = frozenset({"places_free", "places_said_at"})
"""They have a history of their own."""

OURS = frozenset({"team", "visibility", "hidden"})
"""No import sets them, so none has to leave them as they are."""

type Source = ServiceChange.Source


def take_values(service: Service, names: Iterable[str]) -> dict[str, object]:
    """Take the values that these fields have now, before they are changed."""
    return {
        name: convert_value(getattr(service, name))
        for name in names
        if name not in SILENT
    }


def convert_value(value: object) -> object:
    """Convert a value to what the database gives back: lists, text, keys."""
    if isinstance(value, models.Model):
        return getattr(value, "code", None) or str(value)
    return json.loads(json.dumps(value, cls=DjangoJSONEncoder))


def record_fields(
    service: Service,
    former: Mapping[str, object],
    *,
    by: User | None,
    source: Source = ServiceChange.Source.PERSON,
) -> None:
    """Record which of these fields are different now; nothing where none is."""
    changed = {
        name: [before, after]
        for name, before in former.items()
        if (after := convert_value(getattr(service, name))) != before
    }
    if not changed:
        return
    mark_sources(service, changed, source)
    change = build_change(service, changed, source=source)
    change.by = by
    change.save(force_insert=True)


def build_change(
    service: Service,
    changed: Mapping[str, list[object]],
    *,
    source: Source,
) -> ServiceChange:
    """Build the record of a change, of values before and after; not saved."""
    unsaid = PLACE | (WORDS if service.hidden else frozenset())
    return ServiceChange(
        service_id=service.pk,
        source=source,
        origin=service.origin if source == ServiceChange.Source.IMPORT else "",
        fields={name: [] if name in unsaid else changed[name] for name in changed},
    )


def build_import_change(
    service: Service, values: Mapping[str, object]
) -> ServiceChange | None:
    """Build the record of what an import is about to change; None if that is nothing.
    No field that people have changed here is among it: see `drop_kept_fields`."""
    changed = {
        name: [before, after]
        for name, before in take_values(service, values).items()
        if name != "changed_here" and (after := convert_value(values[name])) != before
    }
    source = ServiceChange.Source.IMPORT
    return build_change(service, changed, source=source) if changed else None


def mark_sources(service: Service, names: Iterable[str], source: Source) -> None:
    """Mark which fields of an imported service people have changed since."""
    # What was entered here has no other source that could overwrite it.
    if not service.origin:
        return
    marked = dict(service.changed_here or {})
    for name in frozenset(names) - OURS:
        marked.pop(name, None)
        if source != ServiceChange.Source.IMPORT:
            marked[name] = timezone.localdate().isoformat()
    service.changed_here = marked or None
    service.save(update_fields=["changed_here"])


def mark_fields(service: Service | None, names: Iterable[str]) -> dict[str, str]:
    """Mark fields as changed here today, beside those of a service that are."""
    before = service.changed_here if service is not None else None
    today = timezone.localdate().isoformat()
    return {**(before or {}), **dict.fromkeys(names, today)}


def drop_kept_fields[V](service: Service, values: Mapping[str, V]) -> dict[str, V]:
    """Drop what an import leaves as it is: fields that people changed here since, and
    whether a service is listed that was merged or taken out."""
    # By a column of the service, not by its history: an import reads thousands.
    kept = set(service.changed_here or ())
    if service.merged_into_id or is_delisted(service):
        kept.add("status")
    return {name: value for name, value in values.items() if name not in kept}


def is_delisted(service: Service) -> bool:
    # Only what has ended can be: most services cost no query.
    ended = service.status == Service.Status.ENDED and service.pk is not None
    return ended and service.delistings.filter(lifted_at=None).exists()


def list_kept_remarks(service: Service, values: Mapping[str, object]) -> list[str]:
    """List, of what a file says, what stays as it was changed here."""
    marked = service.changed_here or {}
    return [
        _("%(field)s: kept as changed here on %(day)s.")
        % {
            "field": format_field_label(name),
            "day": format_day(date.fromisoformat(marked[name])),
        }
        for name, value in values.items()
        if name in marked
        and convert_value(value) != convert_value(getattr(service, name))
    ]


def forget_place(service: Service) -> None:
    """Remove from earlier changes what may tell where a place is that is secret now."""
    for change in service.changes.order_by("pk"):
        told = {name for name in change.fields.keys() & WORDS if change.fields[name]}
        if told:
            change.fields |= {name: [] for name in told}
            change.save(update_fields=["fields"])
