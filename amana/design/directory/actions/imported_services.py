"""Take in services of a file, and take them back."""

from typing import Unpack

from django.db import transaction
from django.db.models import PROTECT
from django.utils.translation import gettext as _

from amana.design.directory import addresses
from amana.design.directory.actions.publishing import (
    ServiceFields,
    Status,
    create_service,
    lock_service,
    set_service_fields,
)
from amana.design.directory.addresses import Address
from amana.design.directory.models import HiddenAddress, Service
from amana.design.directory.models.changes import record_change
from amana.design.directory.rules import (
    edit_service,
    keep_directory,
    publish_for_team,
    see_hidden_address,
)
from amana.errors import Changed, Refused
from amana.trust.access.models.organisations import Team, User
from amana.trust.audit import log


@transaction.atomic
def move_service(
    service: Service, *, to: Team, by: User, seen: int | None = None
) -> None:
    """Make another team of the organisation responsible for the service.

    Referrals that are under way stay with the team that was asked: what is shared is
    sealed to it, and its clocks continue. A secret address goes along, so a member who
    can open it has to move it. Raises `Refused` outside the organisation, or where the
    address can't be opened."""
    edit_service.require(by, service)
    publish_for_team.require(by, to)
    if to.organisation_id != service.organisation_id:
        raise Refused(_("A service can only be moved within its organisation."))
    if to.pk == service.team_id:
        raise Changed(
            _("“%(service)s” already belongs to this team.")
            % {"service": service.called}
        )
    lock_service(service, service.version if seen is None else seen)
    # Opened under the old team's key, before the service names the new one.
    at = _taken_along(service, by=by)
    was, service.team = service.team_id, to
    service.save(update_fields=["team"])
    if at:
        addresses.seal_address(service, at)
    record_change(service)
    log.record("moved service", service, by=by, origin=was, to=to.pk)


def _taken_along(service: Service, *, by: User) -> Address | None:
    """Open the address of a safe house for a member who knows it anyway."""
    if not HiddenAddress.objects.filter(service=service).exists():
        return None
    if not see_hidden_address.permits(by, service):
        raise Refused(
            _("Its address is secret, so a member of its own team has to move it.")
        )
    return addresses.open_address(service, by=by)


@transaction.atomic
def import_service(
    team: Team,
    *,
    origin: str,
    origin_id: str,
    by: User,
    **fields: Unpack[ServiceFields],
) -> tuple[Service, bool]:
    """Publish or update a service from another directory; return whether anything is
    different.

    The same again changes nothing, and writes nothing."""
    service = Service.objects.filter(origin=origin, origin_id=origin_id).first()
    if service is None:
        keep_directory.require(by, team)
        service = create_service(
            team, fields, by=by, origin=origin, origin_id=origin_id
        )
        log.record("took in service", service, by=by)
        return service, True
    keep_directory.require(by, service)
    # No change, no version: otherwise every import would overtake people who are
    # editing.
    if not _differs(service, fields):
        return service, False
    lock_service(service, service.version)
    names = set_service_fields(service, fields, by=by)
    log.record("took in service", service, by=by, fields=sorted(names))
    return service, True


def _differs(service: Service, fields: ServiceFields) -> bool:
    said = Service(**fields)
    said.clean_fields(
        exclude=[f.name for f in Service._meta.fields if f.name not in fields]
    )
    return any(getattr(service, name) != getattr(said, name) for name in fields)


@transaction.atomic
def remove_imported_service(service: Service, *, by: User) -> None:
    """Undo the import of a service: delete it, or end it where it is in use."""
    keep_directory.require(by, service)
    # Before the row goes, because the event names it.
    log.record("took back service", service, by=by)
    if _in_use(service):
        Service.objects.filter(pk=service.pk).update(status=Status.ENDED)
        record_change(service)
        return
    service.delete()
    record_change()


def _in_use(service: Service) -> bool:
    """Check whether other rooms point to it, by the relations that protect it."""
    return any(
        relation.related_model._default_manager.filter(
            **{relation.field.name: service}
        ).exists()
        for relation in Service._meta.related_objects
        if relation.on_delete is PROTECT
    )
