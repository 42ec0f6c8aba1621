"""Request an export, with a reason; take it; decide on a large one."""

from collections.abc import Iterable
from datetime import datetime
from uuid import UUID

from django.db import transaction
from django.db.models import Q
from django.utils import timezone
from django.utils.translation import gettext as _

from amana.errors import Refused
from amana.trust.access import tasks
from amana.trust.access.models import Membership, Role, User
from amana.trust.access.rules import are_independent
from amana.trust.audit import log
from amana.trust.exports.events import export_waits
from amana.trust.exports.export_kinds import KINDS, ExportKind, find_records_of_day
from amana.trust.exports.models import Export, ExportedItem
from amana.trust.exports.rules import approve_export, take_export
from amana.trust.exports.states import (
    ALONE,
    MOST_EXPORTS,
    MOST_RECORDS,
    OPEN_FOR,
    OPEN_ONCE_APPROVED,
    ExportStatus,
)

FEW = 2
"""At least so many are notified that an export waits for one of them."""


@transaction.atomic
def request_export(
    kind: ExportKind,
    chosen: Iterable[UUID] = (),
    *,
    why: str,
    words: str = "",
    by: User,
) -> Export:
    """Record what is exported and why. It can be taken at once, or waits for a second
    person where it is of more than 25 records, counted over the day. Raises `Refused`
    without a reason, over a daily limit, with nothing to export, or where there is no
    second person."""
    things = kind.find(by, chosen)
    records = set(things.values())
    if why not in Export.Why.values:
        raise Refused(_("Choose a reason."))
    if kind.named and not records:
        raise Refused(_("There is nothing here that you can export."))
    now = timezone.now()
    # The row of the person is the lock of their day: two exports at once would each
    # count without the other, and both stay below the limit.
    User.objects.select_for_update().get(pk=by.pk)
    total = _count_of_day(kind, records, by=by, now=now)
    is_large = total > ALONE
    deciding = _who_decides(by) if is_large else []
    if is_large and not deciding:
        raise Refused(
            _(
                "To export data of more than %(count)s people a day, you need a "
                "second person who has never been in a team with you. There is none "
                "here. Ask your administrator."
            )
            % {"count": ALONE}
        )
    export = Export.objects.create(
        kind=kind.code,
        by=by,
        why=why,
        words=words.strip(),
        count=len(records),
        asked_at=now,
        status=ExportStatus.WAITING if is_large else ExportStatus.READY,
        open_until=None if is_large else now + OPEN_FOR,
    )
    ExportedItem.objects.bulk_create(
        [
            ExportedItem(export=export, thing=thing, record=record)
            for thing, record in things.items()
        ],
        batch_size=500,
    )
    log.record(
        "asked to export",
        export,
        by=by,
        purpose=f"export: {why}",
        kind=kind.code,
        count=len(records),
    )
    if is_large:
        export_waits.send(Export, export=export, users=deciding)
        tasks.notify_once_committed([person.pk for person in deciding], urgent=True)
    return export


def _count_of_day(
    kind: ExportKind, records: set[UUID], *, by: User, now: datetime
) -> int:
    """Count the records of which something leaves with `by` today, this export
    included."""
    if Export.objects.on_day_of(now).filter(by=by).count() >= MOST_EXPORTS:
        raise Refused(
            _("You have exported %(count)s times today, which is the daily limit.")
            % {"count": MOST_EXPORTS}
        )
    # An export without names always includes all cases, and so is counted alone (ADR
    # 63).
    if not kind.named:
        return len(records)
    # Counted over the day and by person: someone who takes 20 twice takes 40 (ADR 63).
    total = len(find_records_of_day(by, now) | records)
    if total > MOST_RECORDS:
        raise Refused(
            _("You can export data of at most %(count)s people a day.")
            % {"count": MOST_RECORDS}
        )
    return total


@transaction.atomic
def release_export(export: Export, *, by: User) -> list[UUID]:
    """Record in the log, and in each person's access list, that it was taken; return
    those things that may still be taken. Raises `Refused` when it is closed or nothing
    is left."""
    take_export.require(by, export)
    if not export.is_open:
        raise Refused(_("This export is no longer available. Ask for it again."))
    kind = KINDS[export.kind]
    asked = export.things
    # Asked again: rules may have changed since. What the second person allowed leaves,
    # or less (ADR 63).
    allowed = kind.find(by, asked)
    things = {thing: allowed[thing] for thing in asked if thing in allowed}
    records = set(things.values())
    if kind.named and not things:
        raise Refused(_("There is nothing here that you can export."))
    log.record(
        "exported",
        export,
        by=by,
        cases=records,
        purpose=f"export: {export.why}",
        kind=export.kind,
        count=len(records),
    )
    return list(things)


@transaction.atomic
def allow_export(export: Export, *, by: User) -> None:
    """Allow an export, as the second person."""
    approve_export.require(by, export)
    now = timezone.now()
    until = now + OPEN_ONCE_APPROVED
    export.move(ExportStatus.READY, decided_by=by, decided_at=now, open_until=until)
    log.record("approved export", export, by=by)
    tasks.notify_once_committed([export.by_id])


@transaction.atomic
def refuse_export(export: Export, *, by: User) -> None:
    """Refuse an export, as the second person."""
    approve_export.require(by, export)
    export.move(ExportStatus.REFUSED, decided_by=by, decided_at=timezone.now())
    log.record("refused export", export, by=by)
    tasks.notify_once_committed([export.by_id])


def _who_decides(user: User) -> list[User]:
    """List data-protection officers, then coordinators, then supervisors of other
    teams, until they are enough people who may decide."""
    told: list[User] = []
    for role in (Role.DATA_PROTECTION_OFFICER, Role.COORDINATOR, Role.SUPERVISOR):
        if len(told) >= FEW:
            break
        told += [p for p in _independent(role, user) if p not in told]
    return told


def _independent(role: Role, user: User) -> list[User]:
    held = Membership.objects.active().filter(Q(role=role), user__is_active=True)
    people = User.objects.filter(pk__in=held.values("user")).order_by("pk")
    return [person for person in people if are_independent(person, user)]
