"""What its time is over for is erased, and what a person asked for; nothing while a
hold is in force, and nothing by a clock in doubt."""

import logging
from collections import Counter
from collections.abc import Collection
from contextlib import suppress
from datetime import datetime
from functools import partial
from itertools import chain
from pathlib import Path
from uuid import UUID

from django.db import transaction
from django.db.models import Model
from django.utils import timezone
from django.utils.translation import gettext as _

from amana.errors import Changed, Refused
from amana.trust.access import tasks
from amana.trust.access.models import User
from amana.trust.access.rules import are_independent
from amana.trust.audit import log, sealing
from amana.trust.audit.models import AuditEvent
from amana.trust.retention import holds, proof, terms
from amana.trust.retention.models import ErasureRequest, Hold
from amana.trust.retention.record_kinds import (
    KINDS,
    SWEEPS,
    RecordKind,
    RecordSweep,
    find_record,
)
from amana.trust.retention.terms import Terms
from amana.trust.vault import documents, erased, erasure, heartbeat
from amana.trust.vault.models import ErasedLine
from amana.turns import run_in_turn

Why = ErasedLine.Why

logger = logging.getLogger(__name__)

UNPROVEN = "kept record without proof"
USUAL_NIGHT = 20
"""So many cases go in one night unasked, or a twentieth of all if that is more."""


class TooMany(Refused):
    """More is due than in a usual night: a person looks first."""


def erase_due(at_most: int | None = None) -> Counter[str]:
    """Erase what is due now; return how many of each kind. More than in a usual night
    only if a person has set how many. Raises `TooMany`.
    """
    heartbeat.require_clock()
    erased.require_applied()
    # Holds first: one that was not confirmed in time no longer keeps its record
    # tonight.
    holds.settle()
    sealing.seal_all()  # what waits is no proof yet
    now, in_force = timezone.now(), terms.load()
    _require_usual(in_force, now, at_most)
    done: Counter[str] = Counter()
    asked = ErasureRequest.objects.due(now).order_by("pk")
    run_in_turn(
        chain(
            [partial(_carry_out, request, now, done) for request in asked],
            [partial(_expire_all, kind, in_force, now, done) for kind in KINDS],
            [partial(_clear, sweep, in_force, now, done) for sweep in SWEEPS],
            [_publish],
        )
    )
    return +done


def _publish() -> int:
    erased.publish()
    return 0


def _require_usual(in_force: Terms, now: datetime, at_most: int | None) -> None:
    counted = [kind for kind in KINDS if kind.is_counted]
    # Held records are not erased tonight, and so not part of the night's number.
    held = set(Hold.objects.in_force(now).values_list("record", flat=True))
    due = ErasureRequest.objects.due(now).exclude(record__in=held).count()
    due += sum(
        row.pk not in held and kind.is_over(row, in_force, now)
        for kind in counted
        for row in kind.expired(in_force, now)
    )
    kept = sum(kind.rows().count() for kind in counted)
    usual = max(USUAL_NIGHT, kept // 20) if at_most is None else at_most
    if due <= usual:
        return
    # A transaction of its own: the refusal must not undo what notifies the officers.
    with transaction.atomic():
        log.record("stopped erasing", by=None, due=due, usual=usual)
        _tell_officers()
    raise TooMany(
        _(
            "%(due)d cases are due for erasure, more than on a usual night "
            "(%(usual)d). Nothing is erased until a data-protection officer has "
            "checked and the operator has set how many (erase_due --at-most)."
        )
        % {"due": due, "usual": usual}
    )


def _expire_all(
    kind: RecordKind, in_force: Terms, now: datetime, done: Counter[str]
) -> int:
    due = list(kind.expired(in_force, now).values_list("pk", flat=True))
    return run_in_turn(partial(_expire, kind, pk, in_force, now, done) for pk in due)


def _expire(
    kind: RecordKind, pk: UUID, in_force: Terms, now: datetime, done: Counter[str]
) -> bool:
    with suppress(Changed), transaction.atomic():  # someone went on with it, just now
        rows = kind.expired(in_force, now).filter(pk=pk)
        # Found before without a lock: whether it is still due is asked again under one.
        record = rows.select_for_update(of=("self",), no_key=True).first()
        if record is None or _is_held(kind.held_with(record), now):
            return False
        if not kind.is_over(record, in_force, now):
            _keep(record, record.pk)
            return False
        _erase(kind, record, Why.TIME)
        done[kind.code] += 1
        return True
    return False


@transaction.atomic
def _carry_out(request: ErasureRequest, now: datetime, done: Counter[str]) -> bool:
    due = ErasureRequest.objects.due(now).select_for_update(of=("self",))
    both = due.select_related("decided_by", "confirmed_by")
    found = both.filter(pk=request.pk).first()
    known = found and find_record(found.record)
    if not found or not known or _is_held(found.record, now):
        return False
    kind, row = known
    two = are_independent(found.decided_by, found.confirmed_by)
    if not two or not proof.is_decided(found, now):
        # The row has two names, but anyone who can write in the database can write
        # these; so the log must have both decisions.
        _keep(found, row.pk)
        return False
    record = holds.lock_record(kind, row.pk)
    _erase(kind, record, Why.REQUEST, by=(found.decided_by, found.confirmed_by))
    done[kind.code] += 1
    return True


def _keep(thing: Model, record: UUID) -> None:
    """Keep what the log doesn't confirm, and notify officers of it once."""
    thing_named = f"{thing._meta.label_lower}:{thing.pk}"
    if AuditEvent.objects.filter(did=UNPROVEN, thing=thing_named).exists():
        return
    log.record("kept record without proof", thing, by=None, case=record)
    _tell_officers()


def _tell_officers() -> None:
    tasks.notify_once_committed(heartbeat.list_people_to_notify(), urgent=True)


def _is_held(record: UUID, now: datetime) -> bool:
    return Hold.objects.in_force(now).filter(record=record).exists()


def _erase(
    kind: RecordKind, record: Model, why: Why, *, by: Collection[User] = ()
) -> None:
    """Erase one record, with all that was decided about it. The event has what the list
    has; it names neither the record nor its case.
    """
    # Before the record: holds and requests carry its id, which nothing may keep.
    _forget(record.pk)
    keys = list(kind.erase(record))
    line = erased.add(kind.code, why, keys=keys, by=by)
    log.record("erased record", line, by=None, kind=kind.code, why=why)
    erasure.clear_traces()


def _forget(record: UUID) -> None:
    Hold.objects.filter(record=record).delete()
    ErasureRequest.objects.filter(record=record).delete()


@transaction.atomic
def _clear(
    sweep: RecordSweep, in_force: Terms, now: datetime, done: Counter[str]
) -> int:
    held = set(Hold.objects.in_force(now).values_list("record", flat=True))
    count = sweep.clear(in_force, now, held)
    if count:
        line = erased.add(sweep.code, Why.TIME, count=count)
        log.record("erased record", line, by=None, kind=sweep.code, why=Why.TIME)
        erasure.clear_traces()
    done[sweep.code] += count
    return count


# --- after a restoration


@transaction.atomic
def apply(path: Path | None = None) -> tuple[int, int]:
    """Erase again what is on the list and has come back with an older copy of the
    database; return how many cases, and how many lines were missing here. Nothing can
    be opened before that.
    """
    listed = erased.read(path)
    cases, mixed = erased.list_erased_cases(listed)
    # Only the listed keys of a case that lives: see `erased.list_erased_cases`.
    for case, keys in mixed.items():
        documents.shred_keys(case, keys)
        log.record("removed erased key", by=None, case=case, count=len(keys))
        logger.error("Of case %s some keys stand on the list; the rest stays.", case)
    for pk in cases:
        _forget(pk)
        if known := find_record(pk):
            kind, row = known
            kind.erase(row)
        documents.shred(pk)
    missing = erased.adopt(listed)
    transaction.on_commit(erased.publish)
    log.record("applied list of what was erased", by=None, count=len(cases))
    erasure.clear_traces()
    return len(cases), missing
