"""What the page of a service shows of its upkeep: confirmations, history, sources,
what is the same, and why it was taken out."""

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from datetime import date, datetime

from amana.design.directory import labels
from amana.design.directory.forms.check_forms import CONFIRMABLE
from amana.design.directory.models import (
    Area,
    ChangeProposal,
    DuplicateDecision,
    Service,
    ServiceChange,
    Verification,
    VerificationRequest,
)
from amana.design.directory.rules import oversee_directory, see_changes, see_service
from amana.trust.access.models.organisations import User

CHANGES = 20
"""The newest are shown."""
STAY = "stay"
"""In an address: the page of a merged service itself."""


@dataclass(frozen=True)
class ShownChange:
    """One change as its page shows it."""

    source: str
    at: datetime
    by: str
    lines: list[tuple[str, str, str]]
    """Field, before, after; both empty where only that it changed is kept."""


def describe_upkeep(
    user: User, service: Service, *, may_edit: bool
) -> dict[str, object]:
    """Describe what the page of a service shows beside its details."""
    oversees = oversee_directory.permits(user, service)
    delisting = service.delistings.filter(lifted_at=None).first()
    may_relist = delisting is not None and (oversees or not delisting.by_coordinator)
    return {
        "verified": find_last_verification(service),
        "proposals": list_waiting_proposals(service) if may_edit else [],
        "asked": find_last_request(service) if may_edit else None,
        "changes": list_changes(user, service),
        "kept_fields": list_kept_fields(service) if may_edit else [],
        "merges": list_merges(service) if oversees else [],
        "merged_into": service.merged_into,
        "oversees": oversees,
        # The reason is between those who took it out and its team.
        "delisting": delisting if may_edit else None,
        "may_relist": may_edit and may_relist,
    }


def find_last_verification(service: Service) -> dict[str, object] | None:
    rows = Verification.objects.filter(service=service).order_by("-at", "-pk")
    last = rows.first()
    if last is None:
        return None
    names = dict(CONFIRMABLE)
    confirmed = [names[code] for code in last.confirmed if code in names]
    return {
        "means": last.get_means_display(),
        "role": last.asked_role,
        "confirmed": confirmed,
    }


def list_waiting_proposals(service: Service) -> list[ChangeProposal]:
    rows = ChangeProposal.objects.waiting().filter(service=service)
    return list(rows.order_by("made_at"))


def find_last_request(service: Service) -> VerificationRequest | None:
    rows = VerificationRequest.objects.filter(service=service)
    return rows.order_by("-asked_at", "-pk").first()


def list_changes(user: User, service: Service) -> list[ShownChange]:
    """List the newest changes, for those who may read who made them."""
    if not see_changes.permits(user, service):
        return []
    rows = service.changes.select_related("by").order_by("-at", "-pk")
    changes = list(rows[:CHANGES])
    areas = load_area_names(changes)
    return [describe_change(change, areas) for change in changes]


def load_area_names(changes: Iterable[ServiceChange]) -> dict[str, str]:
    """Load the names of all areas that these changes name, in one query at most."""
    codes: set[str] = set()
    for change in changes:
        for name in labels.OF_AREAS:
            for value in change.fields.get(name, ()):
                codes.update(value if isinstance(value, list) else [value or ""])
    found = Area.objects.filter(code__in=codes - {""}).for_choice() if codes else ()
    return {area.code: area.name for area in found}


def describe_change(change: ServiceChange, areas: Mapping[str, str]) -> ShownChange:
    source = str(change.get_source_display())
    return ShownChange(
        source=f"{source} · {change.origin}" if change.origin else source,
        at=change.at,
        by=change.by.name if change.by else "",
        lines=list(iterate_lines(change, areas)),
    )


def iterate_lines(
    change: ServiceChange, areas: Mapping[str, str]
) -> Iterator[tuple[str, str, str]]:
    for name, values in sorted(change.fields.items()):
        label = labels.format_field_label(name)
        if len(values) == 2:
            before, after = values
            yield (
                label,
                labels.format_field_value(name, before, areas),
                labels.format_field_value(name, after, areas),
            )
        else:
            yield label, "", ""


def list_kept_fields(service: Service) -> list[tuple[str, str]]:
    """List the fields that imports leave as they are, with the day of the change."""
    marked = service.changed_here or {}
    return [
        (
            labels.format_field_label(name),
            labels.format_day(date.fromisoformat(day)),
        )
        for name, day in sorted(marked.items())
    ]


def list_merges(service: Service) -> list[DuplicateDecision]:
    rows = DuplicateDecision.objects.filter(
        main=service, is_same=True, undone_at=None
    ).select_related("other")
    return list(rows.order_by("at"))


def find_main(user: User, service: Service) -> Service | None:
    """Follow a merged service to the one that stays; None where it is not merged, or
    the person may not see that one."""
    seen: set[int] = set()
    # The one that stays may have been merged since. A ring can't be made, but must not
    # hang.
    while service.merged_into is not None and service.pk not in seen:
        seen.add(service.pk)
        service = service.merged_into
    if not seen or service.pk in seen:
        return None
    visible = see_service.among(Service.objects.all(), user)
    return visible.filter(pk=service.pk).first()
