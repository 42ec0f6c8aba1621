"""What importing a row would do."""

from collections.abc import Callable, Collection, Iterable, Iterator, Mapping
from dataclasses import dataclass
from typing import Any

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from amana.design.directory import actions as directory
from amana.design.directory import history
from amana.design.directory.models import Area, Service
from amana.design.directory.placing import load_finder
from amana.errors import Refused
from amana.exchange.imports.actions.bringing import (
    FORGOTTEN,
    IMPORTED,
    forget_hidden_places,
    forget_place,
    is_safe_house,
    remove_location,
)
from amana.exchange.imports.actions.placing_rows import place_row
from amana.exchange.imports.actions.recognising_names import (
    is_translation,
    name_row,
    recognise_names,
)
from amana.exchange.imports.actions.storing_rows import update_rows
from amana.exchange.imports.models import (
    Import,
    ImportName,
    ImportOutcome,
    ImportRow,
    NameKind,
    NameResolution,
)
from amana.exchange.imports.rules import bring_services
from amana.trust.access.models.organisations import User
from amana.trust.audit import log

AT_ONCE = 2_000
"""Rows planned together: half a second, in a twentieth of which no one else can write
on SQLite."""
PLANNED = ("outcome", "problem", "service", "values", "placed", "remarks")
"""Fields of a row that planning sets."""

type Values = dict[str, Any]


@dataclass
class PlannedBatch:
    """Rows of an import with all that they are compared with, read once."""

    rows: list[ImportRow]
    services: Mapping[str, Service]
    """Of this source, by their ids there."""
    names: Mapping[tuple[str, str], ImportName]
    areas: Mapping[str, Area]
    """By code."""

    def get_organisation(self, row: ImportRow) -> ImportName | None:
        if row.organisation:
            return self.names.get((NameKind.ORGANISATION, row.organisation))
        return self.names.get((NameKind.MISSING, row.missing))

    def get_decided_area(self, row: ImportRow) -> Area | None:
        """Get the area that a person has chosen for the name."""
        name = self.names.get((NameKind.AREA, row.area))
        if name is None or name.resolution != NameResolution.KNOWN:
            return None
        return name.area if name.decided_at else None


def load_batch(brought: Import, rows: list[ImportRow]) -> PlannedBatch:
    ids = [row.origin_id for row in rows if row.origin_id]
    services = directory.find_services_of(brought.origin).filter(origin_id__in=ids)
    said = {
        NameKind.ORGANISATION: {row.organisation for row in rows},
        NameKind.MISSING: {row.missing for row in rows if not row.organisation},
        NameKind.AREA: {row.area for row in rows},
    }
    names = {
        (name.kind, name.name): name
        for kind, of_kind in said.items()
        for name in brought.names.filter(kind=kind, name__in=of_kind)
        .select_related("organisation", "area")
        .defer("area__geometry")
    }
    areas = load_finder().areas
    return PlannedBatch(rows, {s.origin_id: s for s in services}, names, areas)


# -- in steps --------------------------------------------------------------------------


def plan_next_rows(brought: Import, *, by: User, limit: int = 0) -> int:
    """Plan the next rows; return how many."""
    bring_services.require(by, brought)
    return plan_step(brought, limit=limit)


def plan_step(
    brought: Import, end: Callable[[], None] = lambda: None, *, limit: int = 0
) -> int:
    """Do the next step of planning: the names first, then some rows. Each transaction
    that stores something begins with a call. Return how many rows were planned."""
    if brought.named_at is None:
        names = recognise_names(brought)
        with transaction.atomic():
            end()
            store_names(brought, names)
    rows = list(brought.rows.waiting().order_by("number")[: limit or AT_ONCE])
    plan_rows(brought, rows)
    with transaction.atomic():
        end()
        secret = forget_hidden_places(brought, rows)
        update_rows(rows, *PLANNED)
        update_rows(secret, *FORGOTTEN)
    return len(rows)


def store_names(brought: Import, names: Iterable[ImportName]) -> None:
    brought.named_at = timezone.now()
    brought.save(update_fields=["named_at"])
    ImportName.objects.filter(brought=brought).delete()
    ImportName.objects.bulk_create(names, batch_size=500)


def plan_rows(brought: Import, rows: list[ImportRow]) -> None:
    """Plan rows. Nothing is stored."""
    batch, finder = load_batch(brought, rows), load_finder()
    for row in rows:
        row.service = batch.services.get(row.origin_id)
        is_secret = row.service is not None and row.service.hidden
        if is_secret:
            forget_place(row)
        if is_translation(row.values):
            row.placed = {"translation": True}
        elif not is_secret:
            place_row(row, finder, brought.turns, batch.get_decided_area(row))
        values, row.problem = read_row(row, batch)
        if row.problem:
            row.outcome = ImportOutcome.QUARANTINED
        elif row.service is None:
            row.outcome = ImportOutcome.NEW
        else:
            note_kept_fields(row, values, row.service)
            is_same = not find_changes(values, row.service)
            row.outcome = ImportOutcome.SAME if is_same else ImportOutcome.CHANGED


# -- one row ---------------------------------------------------------------------------


def read_row(row: ImportRow, batch: PlannedBatch) -> tuple[Values, str]:
    """Read the values that a row has for its service, its place included; and why it
    can't be imported, in words that a person can act on."""
    service = row.service
    said = {name: value for name, value in row.values.items() if name in IMPORTED}
    if service is not None and not said.get("types"):
        said.pop("types", None)  # it keeps the kinds that a person has added
    values, wrong = directory.read_imported_values(said)
    if service is None and is_translation(row.values):
        what = _(
            "No service of this source has its id. Import the file that it translates "
            "first."
        )
        return values, what
    if service is None and not values.get("types") and "types" not in wrong:
        what = _(
            "The type of service is missing. Choose one so that it can be imported."
        )
        return values, what
    if wrong:
        return values, "; ".join(f"{name}: {' '.join(w)}" for name, w in wrong.items())
    values |= build_place_values(row, batch)
    if service is not None:
        changes = find_changes(values, service)
        return values, directory.find_conflict(changes, service)
    problem = directory.find_conflict(values, None)
    return values, problem or find_organisation_problem(row, batch)


def find_changes(values: Values, service: Service) -> Values:
    """Find what importing values changes: nothing that people have changed here."""
    found = directory.find_differences(values, service)
    return history.drop_kept_fields(service, found)


def find_organisation_problem(row: ImportRow, batch: PlannedBatch) -> str:
    """Find why it is open whose service it is; empty if it isn't."""
    name = batch.get_organisation(row)
    if name is None or (not name.name and name.resolution == NameResolution.UNKNOWN):
        return _("Its organisation is missing.")
    if name.resolution == NameResolution.SIMILAR:
        what = _(
            "Its organisation is similar to “%(other)s”. Decide under “Organisations” "
            "whether they are the same."
        )
        return what % {"other": name.organisation}
    if name.resolution == NameResolution.UNKNOWN:
        what = _(
            "Its organisation is not in the file: %(name)s. Decide whose service it is."
        )
        return what % {"name": name.name}
    return (
        _("Its organisation was left out.")
        if name.resolution == NameResolution.LEFT
        else ""
    )


def build_place_values(row: ImportRow, batch: PlannedBatch) -> Values:
    """Build area and coverage; neither where the file says nothing of them, so that
    what people have added stays."""
    placed, said = row.placed, dict[str, Any]()
    if area := batch.areas.get(placed.get("area", "")):
        said["area"] = area
    if placed and (area or row.within or row.served or row.shape):
        said["coverage"] = placed["coverage"]
        said["coverage_note"] = placed["coverage_note"]
    # What a file says in codes of ours is not found out.
    return {name: value for name, value in said.items() if name not in row.values}


def note_kept_fields(row: ImportRow, values: Values, service: Service) -> None:
    """Add a remark for each field that stays as it was changed here."""
    kept = history.list_kept_remarks(service, values)
    row.remarks = [*(remark for remark in row.remarks if remark not in kept), *kept]


def iterate_batches(brought: Import, rows: Collection[int]) -> Iterator[PlannedBatch]:
    """Yield rows with their services as they are now."""
    keys = list(rows)
    for start in range(0, len(keys), AT_ONCE):
        some = list(ImportRow.objects.filter(pk__in=keys[start : start + AT_ONCE]))
        batch = load_batch(brought, some)
        for row in some:
            row.service = batch.services.get(row.origin_id)
        yield batch


# -- corrected by a person -------------------------------------------------------------


@transaction.atomic
def correct_row(
    row: ImportRow, *, name: str, organisation: str, types: list[str], by: User
) -> None:
    """Add what a quarantined row lacked, and plan it again. Raises `Refused` where the
    file was imported already."""
    brought = row.brought
    bring_services.require(by, brought)
    if brought.taken_in_at or brought.asked_at:
        raise Refused(
            _(
                "This file has already been imported. To correct a row, "
                "upload the file again."
            )
        )
    if row.mended is None:
        row.mended = {key: row.values.get(key) for key in ("name", "types")}
    row.values |= {"name": name, "types": types}
    if is_safe_house(row.values):
        row.values = remove_location(row.values)
    row.organisation = organisation
    name_row(brought, organisation)
    plan_rows(brought, [row])
    forget_hidden_places(brought, [row])
    row.save()
    log.record("mended import row", row, by=by)
