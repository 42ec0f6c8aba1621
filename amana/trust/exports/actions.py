"""Ask for an export, with a reason; take it; decide on a large one."""

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
from amana.trust.exports.kinds import KINDS, Kind
from amana.trust.exports.models import Export, ExportedThing, records_of_day
from amana.trust.exports.rules import approve_export, take_export
from amana.trust.exports.states import (
    ALONE,
    MOST_EXPORTS,
    MOST_RECORDS,
    OPEN_FOR,
    OPEN_ONCE_APPROVED,
    Status,
)

FEW = 2
"""At least so many are told that an export waits for one of them."""


@transaction.atomic
def ask(
    kind: Kind,
    chosen: Iterable[UUID] = (),
    *,
    why: str,
    words: str = "",
    by: User,
) -> Export:
    """Say what is exported and why. It can be taken at once, or waits for a second
    person where it is of more than 25 records, counted over the day."""
    things = kind.find(by, chosen)
    records = set(things.values())
    if why not in Export.Why.values:
        raise Refused(_("Choose a reason."))
    if kind.named and not records:
        raise Refused(_("There is nothing here that you can export."))
    now = timezone.now()
    User.objects.select_for_update().get(pk=by.pk)  # two at once count one another
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
        status=Status.WAITING if is_large else Status.READY,
        open_until=None if is_large else now + OPEN_FOR,
    )
    ExportedThing.objects.bulk_create(
        [
            ExportedThing(export=export, thing=thing, record=record)
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
        tasks.tell_once_committed([person.pk for person in deciding], urgent=True)
    return export


def _count_of_day(kind: Kind, records: set[UUID], *, by: User, now: datetime) -> int:
    """Of how many records something leaves with `by` today, this export included: who
    takes 20 twice takes 40. What names no one is counted alone."""
    if Export.objects.on_day_of(now).filter(by=by).count() >= MOST_EXPORTS:
        raise Refused(
            _("You have exported %(count)s times today, which is the daily limit.")
            % {"count": MOST_EXPORTS}
        )
    if not kind.named:
        return len(records)
    total = len(records_of_day(by, now) | records)
    if total > MOST_RECORDS:
        raise Refused(
            _("You can export data of at most %(count)s people a day.")
            % {"count": MOST_RECORDS}
        )
    return total


@transaction.atomic
def take(export: Export, *, by: User) -> list[UUID]:
    """Write into the log, and into each person's access list, that it was taken; of
    those things of which it may still be."""
    take_export.require(by, export)
    if not export.is_open:
        raise Refused(_("This export is no longer available. Ask for it again."))
    kind = KINDS[export.kind]
    asked = export.things
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
def approve(export: Export, *, by: User) -> None:
    """Allow it, as the second person."""
    approve_export.require(by, export)
    now = timezone.now()
    until = now + OPEN_ONCE_APPROVED
    export.move(Status.READY, decided_by=by, decided_at=now, open_until=until)
    log.record("approved export", export, by=by)
    tasks.tell_once_committed([export.by_id])


@transaction.atomic
def refuse(export: Export, *, by: User) -> None:
    """Say no to it, as the second person."""
    approve_export.require(by, export)
    export.move(Status.REFUSED, decided_by=by, decided_at=timezone.now())
    log.record("refused export", export, by=by)
    tasks.tell_once_committed([export.by_id])


def _who_decides(user: User) -> list[User]:
    """Data-protection officers, then coordinators, then supervisors of other teams,
    until it is enough people who may decide."""
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
