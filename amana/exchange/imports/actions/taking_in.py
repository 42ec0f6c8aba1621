"""Take rows in, and take them back."""

from datetime import datetime
from typing import Any

from django.db import transaction
from django.db.models import Model
from django.utils import timezone
from django.utils.translation import gettext as _

from amana.design.directory import actions as directory
from amana.design.directory.models import Area, Service
from amana.errors import Changed, Refused
from amana.exchange.imports.actions.bringing import is_safe_house
from amana.exchange.imports.actions.planning_rows import (
    build_service_values,
    convert_values,
)
from amana.exchange.imports.models import Import, ImportRow
from amana.exchange.imports.rules import bring_services
from amana.trust.access import gates
from amana.trust.access.models.organisations import Organisation, Sphere, Team, User
from amana.trust.audit import log


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


def claim_import(brought: Import, *, to: dict[str, datetime], **unless: object) -> None:
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
