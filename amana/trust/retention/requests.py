"""A person asks to be forgotten: written down with the case, answered within the time
of the law, and carried out by two people and a delay, or refused with a reason."""

from datetime import date, datetime, time

from django.db import IntegrityError, transaction
from django.db.models import Model
from django.utils import timezone
from django.utils.translation import gettext as _

from amana.errors import Changed, Refused
from amana.trust.access import tasks
from amana.trust.access.models import Membership, Role, User
from amana.trust.access.rules import Denied
from amana.trust.audit import log
from amana.trust.retention import terms
from amana.trust.retention.holds import lock_record
from amana.trust.retention.models import ErasureRequest, Hold
from amana.trust.retention.record_kinds import RecordKind, find_record
from amana.trust.retention.rules import (
    answer_request,
    confirm_request,
    refuse_request,
    stop_request,
)
from amana.trust.retention.states import RequestStatus
from amana.trust.vault.models import Disclosure


@transaction.atomic
def record(
    kind: RecordKind, record: Model, *, received_on: date, by: User
) -> ErasureRequest:
    """Record that the person asked; the answer is due by the law's time. Raises
    `Changed` when a request is open already.
    """
    rules = [rule for rule in (kind.seen, kind.overseen) if rule is not None]
    if not any(rule.permits(by, record) for rule in rules):
        raise (
            Denied(rules[0], record)
            if rules
            else Refused(_("This can’t be requested."))
        )
    if received_on > timezone.localdate():
        raise Refused(_("This must not be in the future."))
    lock_record(kind, record.pk)
    asked = timezone.make_aware(datetime.combine(received_on, time.min))
    answer_by = terms.load()[terms.REQUEST].after(asked)
    # A savepoint, since the constraint that keeps a second request out would otherwise
    # end the whole transaction on PostgreSQL.
    try:
        with transaction.atomic():
            made = ErasureRequest.objects.create(
                record=record.pk,
                received_on=received_on,
                answer_by=timezone.localdate(answer_by),
                recorded_by=by,
            )
    except IntegrityError as error:
        raise Changed(
            _("A request from this person is already being handled.")
        ) from error
    log.record("recorded erasure request", made, by=by, case=record.pk)
    return made


@transaction.atomic
def grant(request: ErasureRequest, *, by: User) -> None:
    """Grant the request, as the first of two."""
    answer_request.require(by, request)
    _require_free(request)
    request.move(RequestStatus.GRANTED, decided_by=by)
    log.record("granted erasure request", request, by=by, case=request.record)
    _tell(request, by=by)


@transaction.atomic
def refuse(request: ErasureRequest, *, reason: str, by: User) -> None:
    """Refuse, with a reason that the person is given; before anything is erased."""
    refuse_request.require(by, request)
    if reason not in ErasureRequest.Refusal.values:
        raise Refused(_("Choose a reason."))
    request.move(
        RequestStatus.REFUSED,
        decided_by=by,
        refusal=reason,
        answered_on=timezone.localdate(),
        # A confirmation that was given before is void: the timer must not find it.
        confirmed_by=None,
        confirmed_at=None,
    )
    log.record(
        "refused erasure request", request, by=by, case=request.record, reason=reason
    )


@transaction.atomic
def confirm(request: ErasureRequest, *, by: User) -> None:
    """Confirm, as the second of two: the timer erases it when the delay has passed."""
    confirm_request.require(by, request)
    _require_free(request)
    _require_unshared(request)
    request.move(
        RequestStatus.CONFIRMED,
        confirmed_by=by,
        confirmed_at=timezone.now(),
        answered_on=timezone.localdate(),
    )
    log.record("confirmed erasure request", request, by=by, case=request.record)
    _tell(request, by=by)


@transaction.atomic
def withdraw(request: ErasureRequest, *, by: User) -> None:
    """Stop it before anything is erased, since the person no longer wants it."""
    stop_request.require(by, request)
    request.move(RequestStatus.WITHDRAWN)
    log.record("withdrew erasure request", request, by=by, case=request.record)


def _tell(request: ErasureRequest, *, by: User) -> None:
    """Notify those who answer for the record, and data-protection officers, while they
    can still stop it.
    """
    officers = Membership.objects.holding([Role.DATA_PROTECTION_OFFICER])
    told = set(officers.filter(user__is_active=True).values_list("user", flat=True))
    if known := find_record(request.record):
        kind, row = known
        told |= set(kind.answering(row))
    tasks.notify_once_committed(sorted(told - {by.pk}), urgent=True)


def _require_unshared(request: ErasureRequest) -> None:
    """Require that nothing of it is still shared: otherwise those who have copies would
    not be asked to destroy them, because with the record it is forgotten who they are.
    """
    shared = Disclosure.objects.filter(
        case=request.record, expires_at__gt=timezone.now()
    )
    if shared.exists():
        raise Refused(
            _(
                "Part of this record is still shared. End each consent first: those "
                "who have copies are then asked to destroy them."
            )
        )


def _require_free(request: ErasureRequest) -> None:
    if Hold.objects.in_force().filter(record=request.record).exists():
        raise Refused(
            _(
                "A hold protects this record. Lift the hold first, or refuse "
                "the request."
            )
        )
