"""Undo an import: the directory is as it was before, or nothing is undone."""

from collections.abc import Iterator

from django.db import connection, transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from amana.design.directory import actions as directory
from amana.design.directory.actions import PreparedServices, ServiceUpdate, Values
from amana.design.directory.models import Area, Service
from amana.errors import Refused
from amana.exchange.imports.actions.new_organisations import (
    remove_organisations,
)
from amana.exchange.imports.actions.storing_rows import TABLE
from amana.exchange.imports.actions.taking_in import claim_import
from amana.exchange.imports.models import (
    Import,
    ImportRow,
    ImportRowQuerySet,
)
from amana.exchange.imports.rules import bring_services
from amana.exchange.imports.undo_obstacles import (
    find_obstacles,
    find_written_rows,
    format_obstacles,
)
from amana.trust.access.models.organisations import User
from amana.trust.audit import log

AT_ONCE = 2_000


@transaction.atomic
def undo_import(brought: Import, *, by: User, partly: bool = False) -> int:
    """Undo what an import did, organisations and teams included; return how many
    services were kept. Raises `Refused` where it was not applied, or where something
    was changed or used since, unless the rest is to be undone; and `Changed` where
    another person was first."""
    bring_services.require(by, brought)
    if not brought.taken_in_at:
        raise Refused(
            _("This file has not been imported, so there is nothing to undo.")
        )
    claim_import(brought, undone_at=None, to={"undone_at": timezone.now()})
    services = find_written_rows(brought).values("service")
    # On PostgreSQL no one changes them from here on; SQLite has one writer anyhow.
    list(Service.objects.select_for_update().filter(pk__in=services).values_list("pk"))
    found = find_obstacles(brought)
    if found and not partly:
        raise Refused(format_obstacles(found))
    rows = find_written_rows(brought).exclude(service__in=found.services)
    restore_services(brought, rows.exclude(before__isnull=True), by=by)
    new = list(rows.filter(before__isnull=True).values_list("service", flat=True))
    if new:
        directory.remove_imported_services(new, by=by)
    remove_organisations(brought)
    log.record("undid import", brought, by=by, kept=len(found.services))
    return len(found.services)


def restore_services(brought: Import, rows: ImportRowQuerySet, *, by: User) -> None:
    """Give services the values back that they had before."""
    prepared = PreparedServices(brought.origin)
    made: list[tuple[int, int, int]] = []
    for row in iterate_rows(rows):
        service = row.service
        assert service is not None
        if row.before:
            values = read_former_values(row.before)
            prepared.add_update(ServiceUpdate(service, values))
            made.append((service.version + 1, service.pk, service.version - 1))
    if not made:
        return
    directory.import_services(prepared, by=by)
    # What an earlier import has made is there again, under a new version.
    with connection.cursor() as cursor:
        cursor.executemany(
            f"UPDATE {TABLE} SET version = %s"  # noqa: S608
            " WHERE service_id = %s AND version = %s",
            made,
        )


def iterate_rows(rows: ImportRowQuerySet) -> Iterator[ImportRow]:
    keys = list(rows.order_by("number").values_list("pk", flat=True))
    for start in range(0, len(keys), AT_ONCE):
        some = ImportRow.objects.filter(pk__in=keys[start : start + AT_ONCE])
        yield from some.select_related("service")


def read_former_values(before: Values) -> Values:
    """Read what `taking_in` stored, as the fields have it. What was there is not judged
    anew."""
    said = {name: value for name, value in before.items() if name != "area"}
    found = {
        name: Service._meta.get_field(name).to_python(value)  # type: ignore[union-attr]
        for name, value in said.items()
    }
    if "area" in before:
        found["area"] = Area.objects.filter(pk=before["area"]).first()
    return found
