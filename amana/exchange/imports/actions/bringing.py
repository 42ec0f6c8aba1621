"""Bring a file; keep what was read; show it."""

from collections import Counter
from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

from django.db import transaction
from django.db.models import Count
from django.utils.translation import gettext as _

from amana.design.directory.models import Service
from amana.design.directory.taxonomy.service_types import ServiceType
from amana.exchange.hsds import reading as hsds
from amana.exchange.imports.actions.background import queue_step
from amana.exchange.imports.actions.placing_rows import find_last_turns
from amana.exchange.imports.actions.storing_rows import (
    Stored,
    insert_rows,
    store,
    update_rows,
)
from amana.exchange.imports.models import Import, ImportOutcome, ImportRow
from amana.exchange.imports.rules import IMPORTERS, bring_services
from amana.exchange.rows import MisplacedPart, ServiceRow
from amana.trust.access.models.organisations import User
from amana.trust.access.rules import Denied, has_role
from amana.trust.audit import log

IMPORTED = frozenset(
    field.name
    for field in Service._meta.get_fields()
    if field.concrete
    and (field.editable or field.name == "places_said_at")
    and field.name not in {"organisation", "team", "area", "hidden", "visibility"}
)
"""The fields that an import may set; never who sees a service or that it is hidden."""


HIDDEN = "hidden"
"""A new service is hidden if its file says so; no file opens one that is."""


WRITTEN = "written"
"""Coordinates as the file has them, where they may not be those of the place."""


WHERE = frozenset({"address", "lat", "lon", WRITTEN})


KEPT = IMPORTED | {WRITTEN, HIDDEN}
"""What a row keeps of a service."""


SAFE_HOUSES = frozenset({ServiceType.SH1})
"""Their address is never imported from a file: the team itself seals it."""


def require_importer(user: User) -> None:
    if not has_role(user, IMPORTERS):
        raise Denied(bring_services, user)


@dataclass(frozen=True)
class ReadFile:
    """What was read of a file, before anything of it is stored."""

    origin: str
    found: Sequence[ServiceRow | MisplacedPart]


def read_hsds(blob: bytes, *, origin: str, by: User) -> ReadFile:
    """Read an HSDS file. Raises `Unreadable`, or `NotRead` where it is too much."""
    require_importer(by)
    # Before the transaction: it takes long, and SQLite has one lock for writing (ADR
    # 68).
    return ReadFile(origin, list(hsds.read(blob, by=by.pk)))


@dataclass(frozen=True)
class PreparedImport:
    """The rows of an import that is not stored yet."""

    brought: Import
    rows: list[ImportRow]
    stored: list[Stored]
    """The same rows, as the database will store them."""


def prepare_import(file: ReadFile, *, by: User) -> PreparedImport:
    """Prepare what was read of a file. Before the transaction: of a large file it takes
    seconds."""
    require_importer(by)
    brought = Import(
        origin=file.origin, brought_by=by, turns=find_last_turns(file.origin)
    )
    rows = [build_row(brought, n, row) for n, row in enumerate(file.found, start=1)]
    return PreparedImport(brought, rows, list(map(store, rows)))


@transaction.atomic
def record_import(prepared: PreparedImport, *, by: User) -> Import:
    """Store an import that was prepared."""
    require_importer(by)
    brought, rows, stored = prepared.brought, prepared.rows, [*prepared.stored]
    brought.save(force_insert=True)
    # Before the rows are stored: an address that a team has hidden must not return to
    # the database in the clear from an older file.
    secret = find_hidden_ids(brought.origin, [row.origin_id for row in rows])
    for place, row in enumerate(rows):
        if row.origin_id in secret:
            row.values = remove_location(row.values)
            stored[place] = store(row)
    insert_rows(stored)
    log.record("brought services", brought, by=by, rows=len(rows))
    return brought


@transaction.atomic
def begin_import(prepared: PreparedImport, *, by: User) -> Import:
    """Store an import that was prepared, and have it compared with the directory in
    the background."""
    brought = record_import(prepared, by=by)
    queue_step(brought)
    return brought


def record_file(file: ReadFile, *, by: User) -> Import:
    """Store what was read of a file."""
    return record_import(prepare_import(file, by=by), by=by)


def build_row(
    brought: Import, number: int, found: ServiceRow | MisplacedPart
) -> ImportRow:
    if isinstance(found, ServiceRow):
        found = check_readable(found)
    if isinstance(found, MisplacedPart):
        return ImportRow(
            brought=brought,
            number=number,
            where=remove_invisible(found.where),
            outcome=ImportOutcome.QUARANTINED,
            problem=remove_invisible(found.what),
            values=reduce_to_name(remove_invisible(dict(found.found))),
        )
    values = {k: convert_times(v) for k, v in found.values.items() if k in KEPT}
    remarks = list(found.remarks)
    if is_safe_house(values):
        values = remove_location(values)
        remarks.append(_("A safe house: its address is left out. Its team adds it."))
    return ImportRow(
        brought=brought,
        number=number,
        where=found.where,
        origin_id=found.origin_id,
        organisation=found.organisation[:200],
        missing=found.missing[:200],
        area=found.area[:200],
        within=found.within,
        served=list(found.served),
        shape=found.shape,
        values=values,
        remarks=remarks,
    )


def convert_times(value: object) -> object:
    """Convert a time to text, to the microsecond, which JSON's encoder would cut."""
    return value.isoformat() if isinstance(value, date) else value


def reduce_to_name(found: dict[str, Any]) -> dict[str, Any]:
    """Reduce a part that became no service to the name that the page shows. The rest
    stays in the file."""
    # An address could be under any other key, and no one knows whose it is: it may be a
    # safe house's.
    name = found.get("name")
    return {"name": name[:200]} if isinstance(name, str) else {}


def is_safe_house(values: Mapping[str, Any]) -> bool:
    is_one = not SAFE_HOUSES.isdisjoint(values.get("types") or ())
    return is_one or values.get(HIDDEN) is True


def remove_location(values: Mapping[str, object]) -> dict[str, object]:
    return {name: value for name, value in values.items() if name not in WHERE}


def find_hidden_ids(origin: str, ids: Iterable[str]) -> set[str]:
    """Find which of these services have a secret address here."""
    hidden = Service.objects.filter(origin=origin, hidden=True)
    known = set(hidden.values_list("origin_id", flat=True))
    return known.intersection(ids)


FORGOTTEN = ("placed", "area", "within", "served", "shape", "remarks")


def forget_place(row: ImportRow) -> None:
    """Remove from a row, not saved, what may tell where its service is. An area that
    the file named stays out for good: a later import leaves what is here."""
    row.values = remove_location(row.values)
    row.before = None if row.before is None else remove_location(row.before)
    row.placed, row.area, row.within, row.served, row.shape = {}, "", "", [], ""
    row.remarks = []


def forget_hidden_places(
    brought: Import, rows: Collection[ImportRow]
) -> list[ImportRow]:
    """Remove the places from rows whose service has become secret since they were read,
    and return these; to be called in the transaction that stores them."""
    ids = [row.origin_id for row in rows if row.origin_id]
    # Locked: a service that is becoming secret right now waits until these rows are
    # stored, and then finds them.
    services = Service.objects.filter(origin=brought.origin, origin_id__in=ids)
    locked = services.select_for_update(no_key=True).order_by("pk")
    is_hidden = dict(locked.values_list("origin_id", "hidden"))
    secret = [row for row in rows if is_hidden.get(row.origin_id)]
    for row in secret:
        forget_place(row)
    return secret


def forget_addresses(services: Collection[Service]) -> None:
    """Remove the addresses from the rows of every import of services that are secret
    now."""
    rows = {row.pk: row for row in ImportRow.objects.filter(service__in=services)}
    # By origin too: an import that was planned but not applied has rows without a
    # service.
    named = {(s.origin, s.origin_id) for s in services if s.origin_id}
    same_id = ImportRow.objects.filter(origin_id__in=[said for _origin, said in named])
    for row in same_id.select_related("brought"):
        if (row.brought.origin, row.origin_id) in named:
            rows[row.pk] = row
    for row in rows.values():
        forget_place(row)
    update_rows(rows.values(), "values", "before", *FORGOTTEN)


UNSEEN = dict.fromkeys(
    n for n in (*range(32), 127, *range(0xD800, 0xE000)) if chr(n) not in "\t\n\r"
)
"""Control characters and lone surrogates, which a database may refuse to store."""


def check_readable(found: ServiceRow) -> ServiceRow | MisplacedPart:
    """Return the row, or a `MisplacedPart` where it contains invisible characters."""
    said = {name: value for name, value in vars(found).items() if name != "values"}
    said |= found.values
    spoilt = sorted(
        name for name, value in said.items() if remove_invisible(value) != value
    )
    if not spoilt:
        return found
    what = _("It contains invisible characters: %(fields)s.")
    what %= {"fields": ", ".join(remove_invisible(name) for name in spoilt)}
    return MisplacedPart(found.where, what, found=said)


def remove_invisible(value: Any) -> Any:
    """Remove invisible characters from a value, all the way down."""
    if isinstance(value, str):
        return value.translate(UNSEEN)
    if isinstance(value, dict):
        return {
            remove_invisible(key): remove_invisible(inner)
            for key, inner in value.items()
        }
    if isinstance(value, list | tuple | set | frozenset):
        return type(value)(remove_invisible(inner) for inner in value)
    return value


def count_outcomes(brought: Import) -> Counter[str]:
    """Count the rows by outcome."""
    found = brought.rows.values_list("outcome").annotate(n=Count("pk")).order_by()
    return Counter({str(ImportOutcome.WAITING): 0, **dict(found)})


def count_unplaced_rows(brought: Import) -> int:
    """Count the rows whose area is not known."""
    return brought.rows.filter(placed__area="").count()


def count_remarked_rows(brought: Import) -> int:
    return brought.rows.exclude(remarks=[]).count()
