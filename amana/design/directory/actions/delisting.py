"""Take a service out of the directory for a reason; its team answers; list it again."""

from functools import partial

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from amana.design.directory.actions.publishing import (
    Status,
    require_listed,
    set_status,
)
from amana.design.directory.models import Delisting, Service
from amana.design.directory.rules import KEEPERS, edit_service, oversee_directory
from amana.errors import Changed, Refused
from amana.trust.access.models.organisations import User
from amana.trust.access.rules import find_memberships
from amana.trust.access.tasks import notify_team, notify_user
from amana.trust.audit import log


@transaction.atomic
def take_out_service(service: Service, *, reason: str, by: User) -> Delisting:
    """Take a service out of the directory, and tell its team why. Referrals in progress
    stay with their team."""
    edit_service.require(by, service)
    require_listed(service)
    # A coordinator's word is not undone by the team it is about; a team's own is.
    own = find_memberships(by, *KEEPERS).filter(team=service.team_id).exists()
    delisting = Delisting.objects.create(
        service=service,
        reason=reason,
        by=by,
        by_coordinator=not own,
        status_before=service.status,
    )
    # What has ended already can be taken out too, so that no import lists it again.
    if service.status != Status.ENDED:
        set_status(service, Status.ENDED, by=by)
    roles = [role.value for role in KEEPERS]
    transaction.on_commit(partial(notify_team.enqueue, service.team_id, roles, False))
    log.record("delisted service", service, by=by)
    return delisting


@transaction.atomic
def answer_delisting(delisting: Delisting, *, answer: str, by: User) -> None:
    """Answer for the team; the colleague who took the service out is told."""
    edit_service.require(by, delisting.service)
    now = timezone.now()
    waiting = Delisting.objects.filter(pk=delisting.pk, lifted_at=None, answer="")
    if not waiting.update(answer=answer, answered_at=now, answered_by=by):
        raise Changed(_("A colleague has answered this first."))
    if delisting.by_id != by.pk:
        transaction.on_commit(partial(notify_user.enqueue, delisting.by_id))
    log.record("answered delisting", delisting.service, by=by)


@transaction.atomic
def list_service_again(delisting: Delisting, *, by: User) -> None:
    """List a service again, as it was. Raises `Refused` where a coordinator took it out
    and the person is none."""
    service = delisting.service
    edit_service.require(by, service)
    if delisting.by_coordinator and not oversee_directory.permits(by, service):
        raise Refused(_("A coordinator took it out, so a coordinator lists it again."))
    open_ = Delisting.objects.filter(pk=delisting.pk, lifted_at=None)
    if not open_.update(lifted_at=timezone.now(), lifted_by=by):
        raise Changed(_("Someone else has listed it again first."))
    if delisting.status_before != Status.ENDED:
        set_status(service, Status(delisting.status_before), by=by)
    log.record("listed service again", service, by=by)
