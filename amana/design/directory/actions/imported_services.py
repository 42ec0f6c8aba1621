"""Take in many services of a file at once, and take them back.

Each value is converted before the transaction; in it, one statement runs for many rows.
On SQLite no one else can write meanwhile, so it has to be over within seconds (ADR
94)."""

from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.core.exceptions import ValidationError
from django.db import connection, transaction
from django.db.models import PROTECT, Field, ProtectedError, QuerySet
from django.utils import timezone
from django.utils.translation import gettext as _

from amana.design.directory import history
from amana.design.directory.actions.publishing import ADDRESS, Said, get_day
from amana.design.directory.events import address_hidden
from amana.design.directory.models import Availability, Service, ServiceChange
from amana.design.directory.models.changes import record_change, record_changes
from amana.design.directory.rules import keep_directory
from amana.design.directory.taxonomy import ServiceType
from amana.errors import Changed
from amana.trust.access.models.organisations import Team, User
from amana.trust.audit import log

type Values = Mapping[str, Any]
"""Fields of a service, by name, of their own types."""

FIELDS: dict[str, Field[Any, Any]] = {
    f.name: f for f in Service._meta.concrete_fields if not f.primary_key
}
PLACES = ("counts_places", "places_total", "places_free", "places_said_at")


@dataclass(frozen=True)
class NewService:
    """A service that a file brings."""

    origin_id: str
    team: Team
    values: Values


@dataclass(frozen=True)
class ServiceUpdate:
    """A service of the directory, and the fields to which a file gives another
    value."""

    service: Service
    values: Values


# -- before the transaction ------------------------------------------------------------


def read_imported_values(said: Values) -> tuple[dict[str, Any], dict[str, list[str]]]:
    """Read values that came through JSON into the fields' own types; return what is
    wrong with others, by field."""
    found: dict[str, Any] = {}
    wrong: dict[str, list[str]] = {}
    for name, value in said.items():
        of = FIELDS[name]
        try:
            found[name] = read_value(of, value)
        except ValidationError as error:
            wrong[name] = error.messages
    if found.get("accepts_referrals") is False:
        found["referral_method"] = ""  # the database lets none stand beside it
    return found, wrong


def read_value(of: Field[Any, Any], value: object) -> object:
    """Read one value. Raises ValidationError, as a form does."""
    read = of.to_python(value)
    if of.blank and read in of.empty_values:
        return read
    of.validate(read, None)
    of.run_validators(read)
    return read


def find_conflict(values: Values, service: Service | None) -> str:
    """Find values that can't stand together, in words; empty if all can."""

    def get(name: str) -> Any:
        return values[name] if name in values else getattr(service or USUAL, name)

    if get("age_min") > get("age_max"):
        return _("Its youngest age is above its oldest.")
    if (get("lat") is None) != (get("lon") is None):
        return _("Its latitude or its longitude is missing.")
    if get("referral_method") and not get("accepts_referrals"):
        return _("There is a way to refer, but it takes no referrals.")
    return ""


USUAL = Service()
"""The values of a service of which nothing is said."""


class PreparedServices:
    """Services of one source as the database will store them; their values were read
    by `read_imported_values`."""

    def __init__(self, origin: str) -> None:
        self.origin, self.at = origin, timezone.now()
        usual = Service(origin=origin, created_at=self.at, updated_at=self.at)
        self.template = {
            f.name: f.get_db_prep_save(getattr(usual, f.attname), connection)
            for f in FIELDS.values()
        }
        self.new: list[tuple[Any, ...]] = []
        self.brought: list[str] = []
        """The new ones, by their ids in the source."""
        self.updates: dict[tuple[str, ...], list[tuple[Any, ...]]] = {}
        """By the fields that are set."""
        self.changed: list[int] = []
        self.history: list[ServiceChange] = []
        self.hidden: list[str] = []
        """New ones whose address is secret, by their ids in the source."""
        self.counted: list[str] = []
        """Those whose places were counted, by their ids in the source."""

    def add_new(self, service: NewService) -> None:
        values = settle_values(service.values, USUAL, self.at)
        stored = self.template | store_values(values)
        stored |= {
            "origin_id": service.origin_id,
            "team": service.team.pk,
            "organisation": service.team.organisation_id,
        }
        self.new.append(tuple(stored.values()))
        self.brought.append(service.origin_id)
        if values.get("hidden"):
            self.hidden.append(service.origin_id)
        if values.get("places_said_at"):
            self.counted.append(service.origin_id)

    def add_update(self, change: ServiceUpdate) -> None:
        service = change.service
        # What people have changed here stays, for each kind of import.
        kept = history.drop_kept_fields(service, change.values)
        different = find_differences(kept, service)
        # No change, no version: otherwise every import would overtake people who are
        # editing.
        if not different:
            return
        values = settle_values(different, service, self.at)
        stored = dict(sorted(store_values(values).items()))
        now = FIELDS["updated_at"].get_db_prep_save(self.at, connection)
        row = (*stored.values(), now, service.pk, service.version)
        self.updates.setdefault(tuple(stored), []).append(row)
        self.changed.append(service.pk)
        if told := history.build_import_change(service, values):
            self.history.append(told)
        if is_counted_anew(values, service):
            self.counted.append(service.origin_id)


def settle_values(said: Values, before: Service, now: datetime) -> dict[str, Any]:
    """Settle what follows from other values: nothing in the clear of a secret address;
    the unit of places; no more places free than there are."""
    values = dict(said)
    if values.get("hidden", before.hidden):
        for name in ADDRESS:
            values.pop(name, None)
    if before is USUAL and "unit" not in values:
        types = values.get("types") or ()
        if kind := next((kind for kind in ServiceType if kind in types), None):
            values["unit"] = kind.unit
    if values.keys() & {*PLACES}:
        values |= settle_places(values, before, now)
    return values


def find_differences(values: Values, service: Service) -> dict[str, Any]:
    """Find the values that a service does not have so."""
    return {
        name: value
        for name, value in values.items()
        if getattr(service, FIELDS[name].attname) != getattr(value, "pk", value)
    }


def list_written_fields(values: Values) -> list[str]:
    """List the fields that are written with these values, to restore all of them."""
    places = PLACES if values.keys() & {*PLACES} else ()
    return list(dict.fromkeys((*values, *places)))


def settle_places(said: Values, before: Service, now: datetime) -> dict[str, Any]:
    at = {name: said.get(name, getattr(before, name)) for name in PLACES}
    # A number of places implies that they are counted.
    if "places_total" in said and "counts_places" not in said:
        at["counts_places"] = True
    if not at["counts_places"]:
        return at | {"places_total": 0, "places_free": 0, "places_said_at": None}
    at["places_free"] = min(at["places_free"], at["places_total"])
    if "places_said_at" not in said:
        counted = "places_free" in said or before is not USUAL
        at["places_said_at"] = now if counted and is_counted_anew(at, before) else None
    return at


def is_counted_anew(values: Values, before: Service) -> bool:
    """Return whether the number of places, or when they were counted, is another."""
    return bool(values.get("counts_places", before.counts_places)) and any(
        values.get(name, getattr(before, name)) != getattr(before, name)
        for name in PLACES
    )


def store_values(values: Values) -> dict[str, Any]:
    """Convert values to what the database stores, by field."""
    return {
        name: FIELDS[name].get_db_prep_save(getattr(value, "pk", value), connection)
        for name, value in values.items()
    }


# -- in it -----------------------------------------------------------------------------


@transaction.atomic
def import_services(prepared: PreparedServices, *, by: User) -> dict[str, int]:
    """Write the services of a file: all, or none. Return the keys of all services of
    the source, by their ids there. Raises `Changed` where a person has changed one
    since it was prepared, and IntegrityError where another import has brought one."""
    keep_directory.require(by, by)
    with connection.cursor() as cursor:
        if prepared.new:
            cursor.executemany(build_insert(), prepared.new)
        for columns, rows in prepared.updates.items():
            cursor.executemany(build_update(columns), rows)
            if cursor.rowcount != len(rows):
                raise Changed(_("A service was changed in the meantime."))
    keys = find_keys(prepared.origin)
    hide_addresses(prepared, keys)
    record_counts(prepared, keys, by=by)
    for change in prepared.history:
        change.by = by
    ServiceChange.objects.bulk_create(prepared.history, batch_size=500)
    record_changes([*(keys[said] for said in prepared.brought), *prepared.changed])
    log.record(
        "wrote services of a file",
        by=by,
        thing=f"source:{prepared.origin}",
        new=len(prepared.new),
        changed=len(prepared.changed),
    )
    return keys


def build_insert() -> str:
    names = ", ".join(quote_name(f.column) for f in FIELDS.values())
    values = ", ".join(["%s"] * len(FIELDS))
    return f"INSERT INTO {TABLE} ({names}) VALUES ({values})"  # noqa: S608


def build_update(columns: Iterable[str]) -> str:
    """Build the change of these fields of one service, as long as its version is the
    one that was read."""
    said = [f"{quote_name(FIELDS[name].column)} = %s" for name in columns]
    said.append('"updated_at" = %s, "version" = "version" + 1')
    # On PostgreSQL the UPDATE also locks the row until the commit, as `lock_service`.
    return f"UPDATE {TABLE} SET {', '.join(said)} WHERE id = %s AND version = %s"  # noqa: S608


def quote_name(name: str | None) -> str:
    return connection.ops.quote_name(str(name))


TABLE = Service._meta.db_table


def find_keys(origin: str) -> dict[str, int]:
    """Find the keys of all services of a source, by their ids there."""
    return dict(find_services_of(origin).values_list("origin_id", "pk"))


def find_services_of(origin: str) -> QuerySet[Service]:
    """Find the services of a source."""
    # The second condition is that of the index, without which SQLite reads all rows.
    return Service.objects.filter(origin=origin).exclude(origin="")


def hide_addresses(prepared: PreparedServices, keys: Mapping[str, int]) -> None:
    hidden = [
        Service(pk=keys[said], origin=prepared.origin, origin_id=said, hidden=True)
        for said in prepared.hidden
    ]
    if hidden:
        address_hidden.send(Service, services=hidden)


def record_counts(
    prepared: PreparedServices, keys: Mapping[str, int], *, by: User
) -> None:
    """Store the counts of places in the history; of a safe house by the day."""
    stored = Service.objects.in_bulk([keys[said] for said in prepared.counted])
    Availability.objects.bulk_create(
        [
            Availability(
                at=get_day(prepared.at) if service.hidden else prepared.at,
                service=service,
                kind=Said.SAID,
                free=service.places_free,
                total=service.places_total,
                by=by,
            )
            for service in stored.values()
        ],
        batch_size=500,
    )


@transaction.atomic
def remove_imported_services(services: Collection[int], *, by: User) -> None:
    """Delete services that a file brought. Raises `Changed` where one is in use."""
    keep_directory.require(by, by)
    try:
        Service.objects.filter(pk__in=services).delete()
    except ProtectedError as error:
        raise Changed(_("A service was used in the meantime.")) from error
    record_change()
    log.record("removed services of a file", by=by, services=len(services))


def find_used(services: QuerySet[Service]) -> set[int]:
    """Find which of these services other rooms point to, by the relations that protect
    them."""
    found: set[int] = set()
    # With those that have no name on this side: a referral has none.
    for relation in Service._meta.get_fields(include_hidden=True):
        if getattr(relation, "on_delete", None) is PROTECT and relation.auto_created:
            name = relation.field.name  # type: ignore[union-attr]
            rows = relation.related_model._default_manager.filter(  # type: ignore[union-attr]
                **{f"{name}__in": services.values("pk")}
            )
            found.update(rows.values_list(name, flat=True))
    return found
