"""Two services that are one: the second ends and leads to the first, and nothing is
moved. So referrals, places and history stay where they are, and it can be undone."""

from django.db import IntegrityError, transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from amana.design.directory.actions.publishing import (
    Status,
    require_listed,
    set_status,
)
from amana.design.directory.models import DuplicateDecision, Service
from amana.design.directory.models.changes import record_change
from amana.design.directory.rules import edit_service, oversee_directory
from amana.errors import Changed, Refused
from amana.trust.access.models.organisations import User
from amana.trust.audit import log


@transaction.atomic
def merge_services(other: Service, *, into: Service, by: User) -> DuplicateDecision:
    """End one of two services that are the same, and let its page lead to the other."""
    oversee_directory.require(by, other)
    oversee_directory.require(by, into)
    require_listed(other)
    # Into what is listed alone: else a page could lead to one that has ended, or in a
    # ring.
    if other == into or into.merged_into_id or into.status == Status.ENDED:
        raise Refused(_("Choose a service that is listed to keep."))
    decision = decide_once(into, other, is_same=True, by=by)
    # Before its status: the row is locked, and a second merge finds it merged.
    free = Service.objects.filter(pk=other.pk, merged_into=None)
    if not free.update(merged_into=into):
        raise Changed(_("Someone else has merged it first."))
    other.merged_into = into
    if other.status != Status.ENDED:
        set_status(other, Status.ENDED, by=by)
    record_change(other)
    log.record("merged services", other, by=by, into=into.pk)
    return decision


def decide_once(
    main: Service, other: Service, *, is_same: bool, by: User
) -> DuplicateDecision:
    """Record the decision. Raises `Changed` where another person was first."""
    try:
        with transaction.atomic():
            return DuplicateDecision.objects.create(
                main=main,
                other=other,
                is_same=is_same,
                status_before=other.status if is_same else "",
                by=by,
            )
    except IntegrityError as error:
        raise Changed(_("Someone else decided this first.")) from error


@transaction.atomic
def undo_merge(decision: DuplicateDecision, *, by: User) -> None:
    """List the second service again, as it was."""
    other = decision.other
    edit_service.require(by, other)
    oversee_directory.require(by, other)
    merged = DuplicateDecision.objects.filter(
        pk=decision.pk, is_same=True, undone_at=None
    )
    if not merged.update(undone_at=timezone.now()):
        raise Changed(_("Someone else has undone this first."))
    Service.objects.filter(pk=other.pk).update(merged_into=None)
    other.merged_into = None
    if decision.status_before != other.status:
        set_status(other, Status(decision.status_before), by=by)
    record_change(other)
    log.record("undid merge", other, by=by)


@transaction.atomic
def keep_apart(first: Service, second: Service, *, by: User) -> None:
    """Record that two services are not the same, so that no one compares them again."""
    oversee_directory.require(by, first)
    oversee_directory.require(by, second)
    main, other = sorted([first, second], key=lambda service: service.pk)
    decide_once(main, other, is_same=False, by=by)
    log.record("kept services apart", main, by=by, other=other.pk)


@transaction.atomic
def release_fields(service: Service, *, by: User) -> None:
    """Let the next import update the fields that were changed here."""
    oversee_directory.require(by, service)
    service.changed_here = None
    service.save(update_fields=["changed_here"])
    log.record("let imports update fields", service, by=by)
