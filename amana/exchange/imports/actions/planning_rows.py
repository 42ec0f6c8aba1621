"""What taking in a row would do."""

from collections.abc import Collection
from typing import Any

from django.core.exceptions import ValidationError
from django.db import transaction
from django.db.models import Q
from django.utils.translation import gettext as _

from amana.design.directory.models import Area, Service
from amana.errors import Refused
from amana.exchange.imports.actions.bringing import (
    AT_ONCE,
    IMPORTED,
    is_safe_house,
    remove_location,
)
from amana.exchange.imports.models import Import, ImportOutcome, ImportRow
from amana.exchange.imports.rules import bring_services
from amana.trust.access.models.organisations import User
from amana.trust.audit import log


@transaction.atomic
def plan_next_rows(brought: Import, *, by: User, limit: int = AT_ONCE) -> int:
    """Plan the next rows; return how many."""
    bring_services.require(by, brought)
    # A part at a time, each in its own request: a whole directory would hold up other
    # writers and the page.
    rows = list(brought.rows.waiting().order_by("number")[:limit])
    plan_rows(brought, rows)
    ImportRow.objects.bulk_update(rows, ["outcome", "problem", "service", "values"])
    return len(rows)


def plan_rows(brought: Import, rows: Collection[ImportRow]) -> None:
    ids = [row.origin_id for row in rows]
    known = {
        service.origin_id: service
        for service in Service.objects.filter(
            origin=brought.origin, origin_id__in=ids
        ).select_related("area")
    }
    for row in rows:
        row.service = known.get(row.origin_id)
        if row.service is not None and row.service.hidden:
            row.values = remove_location(row.values)
        row.problem = find_problem(row)
        if row.problem:
            row.outcome = ImportOutcome.QUARANTINED
        elif row.service is None:
            row.outcome = ImportOutcome.NEW
        else:
            same = not list_differing_fields(row, row.service)
            row.outcome = ImportOutcome.SAME if same else ImportOutcome.CHANGED


def find_problem(row: ImportRow) -> str:
    """Find why the row can't be placed, in words that a person can act on; empty if it
    can."""
    if not row.values.get("types") and row.service is None:
        return _(
            "The type of service is missing. Choose one so that it can be imported."
        )
    if len(row.organisation) > 200 or len(row.values.get("name", "")) > 200:
        return _("A name is longer than 200 characters.")
    try:
        build_service(row).clean_fields(exclude=["organisation", "team", "area"])
    except ValidationError as error:
        return "; ".join(
            f"{name}: {' '.join(said)}" for name, said in error.message_dict.items()
        )
    return ""


def build_service(row: ImportRow) -> Service:
    """Build the service as the row describes it; not saved."""
    return Service(
        origin=row.brought.origin, origin_id=row.origin_id, **convert_values(row.values)
    )


def convert_values(values: dict[str, object]) -> dict[str, object]:
    """Convert values that came through JSON to the fields' own types. Raises
    ValidationError, by field."""
    found, wrong = {}, {}
    for name in values.keys() & IMPORTED:
        field = Service._meta.get_field(name)
        try:
            found[name] = field.to_python(values[name])  # type: ignore[union-attr]
        except ValidationError as error:
            wrong[name] = error
    if wrong:
        raise ValidationError(wrong)
    return found


def build_service_values(row: ImportRow, service: Service) -> dict[str, Any]:
    """Build the values that the row has for the service, the place where it is
    included."""
    said = convert_values(row.values)
    area = find_area(row.area)
    if area:
        said["area"] = area
        said["coverage"] = list_coverage(area, row.within)
    # A place that its own team has hidden since stays hidden.
    return remove_location(said) if service.hidden else said


def list_coverage(area: Area, within: str) -> list[str]:
    """List the areas whose people a service is for; empty where it makes no
    difference."""
    if not within:
        return []
    whole = area.above if within == "region" and area.level > 1 else area
    return [whole.code if whole else area.code]


def list_differing_fields(row: ImportRow, service: Service) -> list[str]:
    """List the fields in which the row differs from the directory."""
    said = build_service_values(row, service)
    return [name for name, value in said.items() if getattr(service, name) != value]


def find_area(said: str) -> Area | None:
    """Find the area of this code, or of exactly this name."""
    if not said:
        return None
    named = Q(name_en__iexact=said) | Q(name_fr__iexact=said) | Q(name_ar=said)
    found = Area.objects.filter(Q(code=said) | named).for_choice()[:2]
    # Two districts may share a name: to guess would send people to the wrong one.
    return found[0] if len(found) == 1 else None


@transaction.atomic
def correct_row(
    row: ImportRow, *, name: str, organisation: str, types: list[str], by: User
) -> None:
    """Add what a quarantined row lacked, and plan it again. Raises `Refused` where the
    file was imported already."""
    bring_services.require(by, row.brought)
    if row.brought.taken_in_at:
        raise Refused(
            _(
                "This file has already been imported. To correct a row, "
                "upload the file again."
            )
        )
    row.values |= {"name": name, "types": types}
    if is_safe_house(row.values):
        row.values = remove_location(row.values)
    row.organisation = organisation
    plan_rows(row.brought, [row])
    row.save()
    log.record("mended import row", row, by=by)
