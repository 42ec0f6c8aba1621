"""A hold keeps a record beyond its time: one sets it, another confirms it; one lifts
it, and another, of another team, confirms that too."""

from datetime import date
from typing import Any
from uuid import UUID

from django.db import transaction
from django.db.models import Model
from django.utils import timezone
from django.utils.translation import gettext as _

from amana.errors import Changed, Refused
from amana.trust.access.models import User
from amana.trust.access.rules import Denied
from amana.trust.audit import log
from amana.trust.retention.models import Hold
from amana.trust.retention.record_kinds import RecordKind
from amana.trust.retention.rules import (
    confirm_hold,
    confirm_lifting,
    keep_hold,
    lift_hold,
    withdraw_hold,
)
from amana.trust.retention.states import HoldStatus


@transaction.atomic
def set_hold(
    kind: RecordKind,
    record: Model,
    *,
    reason: str,
    ends_on: date | None = None,
    review_on: date | None = None,
    by: User,
) -> Hold:
    """Keep a record, from now on; a second person confirms it within a week."""
    require_overseen(kind, record, by)
    day = ends_on or review_on
    if day is None or (ends_on and review_on):
        raise Refused(_("Choose the day on which it ends or is reviewed."))
    if day < timezone.localdate():
        raise Refused(_("Choose today or a later date."))
    # Under a lock, so that the record isn't erased while it gets its hold.
    lock_record(kind, record.pk)
    # A person alone could otherwise keep a record for ever, a week at a time.
    if Hold.objects.filter(record=record.pk, set_by=by, confirmed_by=None).exists():
        raise Refused(
            _("You set a hold here that no one confirmed. Ask a colleague to set one.")
        )
    hold = Hold.objects.create(
        record=record.pk,
        reason=reason,
        ends_on=ends_on,
        review_on=review_on,
        set_by=by,
        set_at=timezone.now(),
    )
    log.record("set hold", hold, by=by, case=record.pk, reason=reason)
    return hold


def require_overseen(kind: RecordKind, record: Model, by: User) -> None:
    if kind.overseen is None:
        raise Refused(_("This kind of record can’t be held."))
    if not kind.overseen.permits(by, record):
        raise Denied(kind.overseen, record)


def lock_record(kind: RecordKind, pk: UUID) -> Any:
    """Lock the record: no one erases it before we commit. Raises `Changed` where it is
    gone.
    """
    rows = kind.rows().select_for_update(of=("self",), no_key=True)
    found = rows.filter(pk=pk).first()
    if found is None:
        raise Changed(_("This has been erased."))
    return found


@transaction.atomic
def confirm(hold: Hold, *, by: User) -> None:
    confirm_hold.require(by, hold)
    hold.move(HoldStatus.CONFIRMED, confirmed_by=by)
    log.record("confirmed hold", hold, by=by, case=hold.record)


@transaction.atomic
def withdraw(hold: Hold, *, by: User) -> None:
    """Withdraw a hold that was not confirmed yet."""
    withdraw_hold.require(by, hold)
    hold.move(HoldStatus.WITHDRAWN)
    log.record("withdrew hold", hold, by=by, case=hold.record)


@transaction.atomic
def propose_lifting(hold: Hold, *, by: User) -> None:
    lift_hold.require(by, hold)
    hold.move(HoldStatus.LIFTING, lift_by=by)
    log.record("proposed lifting hold", hold, by=by, case=hold.record)


@transaction.atomic
def keep(hold: Hold, *, by: User) -> None:
    """Keep it in force, against a proposal to lift it."""
    keep_hold.require(by, hold)
    hold.move(HoldStatus.CONFIRMED, lift_by=None)
    log.record("kept hold", hold, by=by, case=hold.record)


@transaction.atomic
def lift(hold: Hold, *, by: User) -> None:
    confirm_lifting.require(by, hold)
    hold.move(HoldStatus.LIFTED, lifted_by=by)
    log.record("lifted hold", hold, by=by, case=hold.record)


def settle() -> None:
    """End what was not confirmed in time, and what was set for a time. For the
    timer.
    """
    for hold in Hold.objects.over():
        unconfirmed = hold.status == HoldStatus.PROPOSED
        to = HoldStatus.LAPSED if unconfirmed else HoldStatus.ENDED
        with transaction.atomic():
            hold.move(to)
            log.record("ended hold", hold, by=None, case=hold.record)
