"""Bring a file; keep what was read; show it."""

from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from django.db import transaction
from django.db.models import Count, Q
from django.utils.translation import gettext as _

from amana.design.directory.models import Service
from amana.design.directory.taxonomy.service_types import ServiceType
from amana.exchange.hsds import reading as hsds
from amana.exchange.imports.models import Import, ImportOutcome, ImportRow
from amana.exchange.imports.rules import IMPORTERS, bring_services
from amana.exchange.rows import MisplacedPart, ServiceRow
from amana.trust.access.models.organisations import User
from amana.trust.access.rules import Denied, has_role
from amana.trust.audit import log

AT_ONCE = 200
"""Rows planned in one request."""


IMPORTED = frozenset(
    field.name
    for field in Service._meta.get_fields()
    if field.concrete
    and (field.editable or field.name == "places_said_at")
    and field.name not in {"organisation", "team", "area", "hidden", "visibility"}
)
"""The fields that an import may set; never who sees a service or that it is hidden."""


WHERE = frozenset({"address", "lat", "lon"})


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


@transaction.atomic
def record_file(file: ReadFile, *, by: User) -> Import:
    """Store what was read of a file."""
    require_importer(by)
    brought = Import.objects.create(origin=file.origin, brought_by=by)
    rows = [build_row(brought, n, row) for n, row in enumerate(file.found, start=1)]
    # Before the rows are stored: an address that a team has hidden must not return to
    # the database in the clear from an older file.
    secret = find_hidden_ids(file.origin, [row.origin_id for row in rows])
    for row in rows:
        if row.origin_id in secret:
            row.values = remove_location(row.values)
    ImportRow.objects.bulk_create(rows, batch_size=500)
    log.record("brought services", brought, by=by, rows=len(rows))
    return brought


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
    values = {k: v for k, v in found.values.items() if k in IMPORTED}
    remarks = list(found.remarks)
    if is_safe_house(values):
        values = remove_location(values)
        remarks.append(_("A safe house: its address is left out. Its team adds it."))
    return ImportRow(
        brought=brought,
        number=number,
        where=found.where,
        origin_id=found.origin_id,
        organisation=found.organisation,
        area=found.area,
        within=found.within,
        values=values,
        remarks=remarks,
    )


def reduce_to_name(found: dict[str, Any]) -> dict[str, Any]:
    """Reduce a part that became no service to the name that the page shows. The rest
    stays in the file."""
    # An address could be under any other key, and no one knows whose it is: it may be a
    # safe house's.
    name = found.get("name")
    return {"name": name[:200]} if isinstance(name, str) else {}


def is_safe_house(values: Mapping[str, Any]) -> bool:
    return not SAFE_HOUSES.isdisjoint(values.get("types") or ())


def remove_location(values: Mapping[str, object]) -> dict[str, object]:
    return {name: value for name, value in values.items() if name not in WHERE}


def find_hidden_ids(origin: str, ids: Iterable[str]) -> set[str]:
    """Find which of these services have a secret address here."""
    hidden = Service.objects.filter(origin=origin, hidden=True)
    known = set(hidden.values_list("origin_id", flat=True))
    return known.intersection(ids)


def forget_address(service: Service) -> None:
    """Remove the address from the rows of every import of a service that is secret
    now."""
    # By origin too: an import that was planned but not applied has rows without a
    # service.
    theirs = Q(service=service)
    if service.origin_id:
        of_origin = Q(brought__origin=service.origin, origin_id=service.origin_id)
        theirs |= of_origin
    rows = list(ImportRow.objects.filter(theirs))
    for row in rows:
        row.values = remove_location(row.values)
        row.before = None if row.before is None else remove_location(row.before)
    ImportRow.objects.bulk_update(rows, ["values", "before"], batch_size=500)


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


def count_remarked_rows(brought: Import) -> int:
    return brought.rows.exclude(remarks=[]).count()
