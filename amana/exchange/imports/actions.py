"""Actions: read a file, plan it row by row, apply it at once, undo it.

Planning touches only the import's own rows; applying is one transaction, so a half
import never stays; running the same file again changes nothing."""

from collections import Counter
from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.core.exceptions import ValidationError
from django.db import transaction
from django.db.models import Count, Model, Q
from django.utils import timezone
from django.utils.translation import gettext as _

from amana.design.directory import actions as directory
from amana.design.directory.models import Area, Service
from amana.design.directory.taxonomy import ServiceType
from amana.errors import Changed, Refused
from amana.exchange.geojson import mapping
from amana.exchange.geojson import reading as geojson
from amana.exchange.hsds import reading as hsds
from amana.exchange.imports.models import Import, ImportOutcome, ImportRow
from amana.exchange.imports.rules import IMPORTERS, bring_services
from amana.exchange.rows import MisplacedPart, ServiceRow
from amana.trust.access import gates
from amana.trust.access.models import Organisation, Sphere, Team, User
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


def read_geojson(blob: bytes, *, mapping_name: str, by: User) -> ReadFile:
    require_importer(by)
    reading = mapping.load(mapping.SHIPPED / f"{mapping_name}.toml")
    return ReadFile(reading.origin, list(geojson.read(blob, reading, by=by.pk)))


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


def remove_location(values: Mapping[str, Any]) -> dict[str, Any]:
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


# --- planning


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


def convert_values(values: dict[str, Any]) -> dict[str, Any]:
    """Convert values that came through JSON to the fields' own types."""
    return {
        name: Service._meta.get_field(name).to_python(value)  # type: ignore[union-attr]
        for name, value in values.items()
        if name in IMPORTED
    }


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


# --- taking in


@transaction.atomic
def apply_import(brought: Import, *, by: User) -> None:
    """Make every planned change, or none. Raises `Refused` while rows wait to be
    planned, and `Changed` where another person was first."""
    bring_services.require(by, brought)
    if brought.rows.waiting().exists():
        raise Refused(_("Some rows have not been checked yet."))
    # First, so that of two people who press at once the second changes nothing.
    claim_import(brought, taken_in_at=None, to={"taken_in_at": timezone.now()})
    teams = TeamsByName(by=by)
    rows = list(brought.rows.effective().select_related("service", "brought"))
    for row in rows:
        apply_row(row, teams, by=by)
    ImportRow.objects.bulk_update(rows, ["service", "before"], batch_size=500)
    log.record("took in services", brought, by=by, rows=len(rows))


def claim_import(brought: Import, *, to: dict[str, datetime], **unless: Any) -> None:
    """Change the import. Raises `Changed` where another person did first."""
    if not Import.objects.filter(pk=brought.pk, **unless).update(**to):
        raise Changed(_("Someone has already done this."))
    for name, value in to.items():
        setattr(brought, name, value)


class TeamsByName:
    """The team that answers for each organisation; created when the file names a new
    one.

    The person who applies the import has proposed a new organisation, and signs for its
    sphere if their keys are available; others admit it."""

    def __init__(self, *, by: User) -> None:
        self.known: dict[str, Team] = {}
        self.by = by

    def __getitem__(self, name: str) -> Team:
        if name not in self.known:
            organisation, new = Organisation.objects.get_or_create(
                name=name,
                defaults={"sphere": Sphere.HUMANITARIAN, "proposed_by": self.by},
            )
            if new and self.by.keyring is not None:
                gates.sign_for_sphere(organisation, organisation.sphere, by=self.by)
            team = organisation.teams.order_by("pk").first()
            self.known[name] = team or Team.objects.create(
                organisation=organisation, name=_("Referrals")
            )
        return self.known[name]


def apply_row(row: ImportRow, teams: TeamsByName, *, by: User) -> None:
    """Write the values of the row to the directory; store what was there before."""
    team = teams[row.organisation]
    service = row.service or Service()
    said = build_service_values(row, service)
    if row.service is None:
        # Hidden from the first moment: its team adds the address, sealed.
        said |= {"hidden": True} if is_safe_house(row.values) else {}
    else:
        row.before = {name: convert_to_json(getattr(service, name)) for name in said}
    row.service, _differs = directory.import_service(
        team, origin=row.brought.origin, origin_id=row.origin_id, by=by, **said
    )


def convert_to_json(value: Any) -> Any:
    """Convert a model to its key; leave anything else, because the encoder knows
    dates."""
    return value.pk if isinstance(value, Model) else value


# --- undoing


@transaction.atomic
def undo_import(brought: Import, *, by: User) -> list[ImportRow]:
    """Undo what this import did; return the rows that people have changed since. Raises
    `Refused` where it was not applied, and `Changed` where another person was first."""
    bring_services.require(by, brought)
    if not brought.taken_in_at:
        raise Refused(
            _("This file has not been imported, so there is nothing to undo.")
        )
    claim_import(brought, undone_at=None, to={"undone_at": timezone.now()})
    rows = brought.rows.effective().exclude(service=None).select_related("service")
    kept = [row for row in rows if not undo_row(row, by=by)]
    log.record("undid import", brought, by=by, kept=len(kept))
    return kept


def undo_row(row: ImportRow, *, by: User) -> bool:
    """Undo one row, unless the service was changed since; return whether it was
    undone."""
    service = row.service
    assert service is not None
    said = build_service_values(row, service)
    # A newer change is a person's work, and may be the only correct value.
    if any(getattr(service, name) != value for name, value in said.items()):
        return False
    if row.before is None:
        directory.remove_imported_service(service, by=by)
    else:
        directory.import_service(
            service.team,
            origin=service.origin,
            origin_id=service.origin_id,
            by=by,
            **convert_former_values(row.before),
        )
    return True


def convert_former_values(before: dict[str, Any]) -> dict[str, Any]:
    """Convert what `apply_row` stored to the fields' own types."""
    said = convert_values(before)
    if "area" in before:
        said["area"] = Area.objects.filter(pk=before["area"]).first()
    return said
