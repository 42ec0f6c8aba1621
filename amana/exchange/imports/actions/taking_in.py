"""Import the rows of a file into the directory: all of them, or none."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from typing import Any

from django.db import IntegrityError, transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from amana.design.directory import actions as directory
from amana.design.directory import history
from amana.design.directory.actions import NewService, PreparedServices, ServiceUpdate
from amana.errors import Changed, Refused
from amana.exchange.imports.actions.background import Overtaken, queue_step
from amana.exchange.imports.actions.bringing import convert_times, is_safe_house
from amana.exchange.imports.actions.new_organisations import (
    find_teams,
    propose_organisations,
    remove_organisations,
)
from amana.exchange.imports.actions.planning_rows import (
    PlannedBatch,
    find_changes,
    iterate_batches,
    read_row,
)
from amana.exchange.imports.actions.storing_rows import update_rows
from amana.exchange.imports.models import Import, ImportOutcome, ImportRow
from amana.exchange.imports.rules import bring_services
from amana.trust.access.models.organisations import Team, User
from amana.trust.audit import log

MOST_TRIES = 3
"""Times that an import is prepared again because others have changed services while it
was prepared."""


@transaction.atomic
def ask_to_apply(brought: Import, *, by: User) -> None:
    """Have every planned change made in the background. Raises `Refused` while rows
    wait to be planned, and `Changed` where another person was first."""
    claim_to_apply(brought, by=by)
    queue_step(brought)
    log.record("asked to import services", brought, by=by)


def apply_import(brought: Import, *, by: User) -> None:
    """Make every planned change, or none, while the caller waits. Raises `Refused` and
    `Changed` as `ask_to_apply` does."""
    with transaction.atomic():
        claim_to_apply(brought, by=by)
    carry_out(brought)
    brought.refresh_from_db()
    if brought.problem:
        raise Refused(brought.problem)


def claim_to_apply(brought: Import, *, by: User) -> None:
    bring_services.require(by, brought)
    brought.refresh_from_db(fields=["named_at"])  # it was compared by another process
    if brought.named_at is None or brought.rows.waiting().exists():
        raise Refused(_("Some rows have not been checked yet."))
    # First, so that of two people who press at once the second changes nothing.
    asked = {"asked_at": timezone.now(), "asked_by": by, "problem": ""}
    claim_import(brought, taken_in_at=None, asked_at=None, to=asked)
    # At once, because only the person who asks can sign for new organisations.
    propose_organisations(brought, by=by)


def claim_import(brought: Import, *, to: dict[str, Any], **unless: object) -> None:
    """Change the import. Raises `Changed` where another person did first."""
    if not Import.objects.filter(pk=brought.pk, **unless).update(**to):
        raise Changed(_("Someone has already done this."))
    for name, value in to.items():
        setattr(brought, name, value)


@dataclass
class Application:
    """What importing a file writes."""

    services: PreparedServices
    rows: list[ImportRow] = field(default_factory=list)
    """With what is written of them, and no more: there may be many."""


def carry_out(brought: Import, end: Callable[[], None] = lambda: None) -> None:
    """Import the services of a file for the person who asked; the last transaction ends
    with a call. What stands against it is stored for them to read. Raises `Overtaken`
    where it is done already."""
    turn = brought.turn
    for _try in range(MOST_TRIES):
        try:
            application = prepare_application(brought)
            write_application(brought, application, end)
        except (Changed, IntegrityError):
            # Someone changed a service meanwhile, or brought the same one.
            brought.turn = turn
        else:
            return
    give_up(brought, end)


def prepare_application(brought: Import) -> Application:
    """Prepare what importing writes, from the directory as it is now. Nothing is
    stored."""
    application = Application(PreparedServices(brought.origin))
    keys = brought.rows.effective().order_by("number").values_list("pk", flat=True)
    for batch in iterate_batches(brought, keys):
        teams = find_teams(batch.names.values())
        for row in batch.rows:
            add_row(application, row, batch, teams)
    return application


def add_row(
    application: Application,
    row: ImportRow,
    batch: PlannedBatch,
    teams: Mapping[int, Team],
) -> None:
    values, problem = read_row(row, batch)
    written = ImportRow(pk=row.pk, origin_id=row.origin_id, version=1)
    if problem:
        raise Changed(problem)
    mended = list_mended_fields(row)
    if row.service is None:
        application.rows.append(written)
        name = batch.get_organisation(row)
        team = teams.get(name.organisation_id or 0) if name else None
        if team is None:
            raise Changed(_("A service was removed in the meantime."))
        if is_safe_house(row.values):
            # Hidden from the first moment: its team adds the address, sealed.
            values["hidden"] = True
        if mended:
            values["changed_here"] = history.mark_fields(None, mended)
        application.services.add_new(NewService(row.origin_id, team, values))
        return
    service = row.service
    changes = find_changes(values, service)
    marks = history.mark_fields(service, mended)
    if marks and marks != service.changed_here:
        changes["changed_here"] = marks
    application.rows.append(written)
    written.before = {
        name: convert_times(getattr(service, "area_id" if name == "area" else name))
        for name in directory.list_written_fields(changes)
    }
    written.version = service.version + bool(changes)
    if changes:
        application.services.add_update(ServiceUpdate(service, changes))


def list_mended_fields(row: ImportRow) -> list[str]:
    """List the fields that a person has corrected: later files leave them as they
    are."""
    said = (row.mended or {}).items()
    return [name for name, before in said if before != row.values.get(name)]


@transaction.atomic
def write_application(
    brought: Import, application: Application, end: Callable[[], None]
) -> None:
    by = brought.asked_by
    assert by is not None
    open_ones = Import.objects.filter(pk=brought.pk, taken_in_at=None)
    if not open_ones.update(taken_in_at=timezone.now()):
        raise Overtaken
    end()
    keys = directory.import_services(application.services, by=by)
    for row in application.rows:
        row.service_id = keys[row.origin_id]
    update_rows(application.rows, "service", "before", "version")
    log.record("took in services", brought, by=by, rows=len(application.rows))


@transaction.atomic
def give_up(brought: Import, end: Callable[[], None]) -> None:
    """Store that nothing was imported, and why."""
    end()
    problem = _(
        "Nothing was imported: services were changed again and again meanwhile. Try "
        "once more."
    )
    claim_import(brought, to={"asked_at": None, "problem": problem})
    remove_organisations(brought)
    # Compared again, with the directory as it is now.
    brought.rows.effective().update(outcome=ImportOutcome.WAITING)
