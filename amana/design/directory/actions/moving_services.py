"""Move a service to another team, its secret address with it."""

from django.db import transaction
from django.utils.translation import gettext as _

from amana.design.directory import addresses, history
from amana.design.directory.actions.publishing import lock_service
from amana.design.directory.addresses import Address
from amana.design.directory.models import HiddenAddress, Service
from amana.design.directory.models.changes import record_change
from amana.design.directory.rules import (
    edit_service,
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
    former = history.take_values(service, ["team"])
    was, service.team = service.team_id, to
    service.save(update_fields=["team"])
    history.record_fields(service, former, by=by)
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
