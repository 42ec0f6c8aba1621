"""Retire a mechanism on a day that all know of beforehand."""

from collections.abc import Callable
from datetime import date, timedelta

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from amana.design.mechanism.models.versions import Mechanism, State, Version
from amana.design.mechanism.rules import keep_mechanism
from amana.errors import Refused
from amana.trust.access.models.organisations import User
from amana.trust.audit import log

NOTICE = timedelta(days=7)
"""So long before its last day everyone can read that a mechanism retires: teams need
it, and a person who finds it wrong can call it off."""


def list_successors(mechanism: Mechanism) -> list[Version]:
    """List what is in force of the mechanisms in which its cases can continue."""
    others = Version.objects.in_force_first().exclude(mechanism=mechanism)
    return list(others.filter(mechanism__retires_on=None))


@transaction.atomic
def announce_retirement(
    mechanism: Mechanism, *, on: date, successor: Mechanism | None = None, by: User
) -> None:
    """Announce that no new case follows a mechanism from a day on. Its running cases
    then continue in the successor, or else by this one to their end."""
    keep_mechanism.require(by, mechanism)
    held = _lock_in_force(mechanism, beside=successor)
    if on < timezone.localdate() + NOTICE:
        raise Refused(
            _("Choose a day at least %(days)s days ahead: teams have to prepare.")
            % {"days": NOTICE.days}
        )
    into = Mechanism.objects.filter(successor=mechanism)
    if into.filter(versions__state=State.IN_FORCE).exists():
        raise Refused(
            _(
                "Cases of another mechanism continue in this one. Choose another "
                "successor for them first."
            )
        )
    possible = {version.mechanism_id for version in list_successors(mechanism)}
    if not possible:
        raise Refused(
            _("No other mechanism stays in force: new cases would follow none.")
        )
    if successor is not None and successor.pk not in possible:
        raise Refused(
            _(
                "Cases can continue only in another mechanism that is in force and "
                "doesn’t retire itself."
            )
        )
    _set_retirement(held, on, successor, by=by)


@transaction.atomic
def call_off_retirement(mechanism: Mechanism, *, by: User) -> None:
    """Keep a mechanism in use, also after its last day, as long as cases follow it."""
    keep_mechanism.require(by, mechanism)
    held = _lock_in_force(mechanism)
    if held.retires_on is None:
        raise Refused(_("This mechanism does not retire."))
    _set_retirement(held, None, None, by=by)


def _lock_in_force(
    mechanism: Mechanism, *, beside: Mechanism | None = None
) -> Mechanism:
    # Both, in one order: two that retire into each other at once would leave their
    # cases with nowhere to go.
    ids = [mechanism.pk, *([beside.pk] if beside else [])]
    rows = Mechanism.objects.select_for_update(no_key=True).filter(pk__in=ids)
    held = {row.pk: row for row in rows.order_by("pk")}[mechanism.pk]
    if not held.versions.in_force().exists():
        raise Refused(_("Only a mechanism that is in force can retire."))
    return held


def _set_retirement(
    held: Mechanism, on: date | None, successor: Mechanism | None, *, by: User
) -> None:
    held.retires_on, held.successor = on, successor
    held.save(update_fields=["retires_on", "successor"])
    log.record(
        "announced retirement" if on else "called off retirement",
        held,
        by=by,
        on=on.isoformat() if on else None,
        successor=successor.pk if successor else None,
    )


@transaction.atomic
def end_if_unused(version: Version, *, is_used: Callable[[], bool]) -> bool:
    """End a version in force of a mechanism that has retired, unless `is_used` finds
    that it is; return whether it ended. For the timer."""
    held = Mechanism.objects.select_for_update(no_key=True).get(pk=version.mechanism_id)
    version.refresh_from_db(fields=["state", "revision"])
    if version.state != State.IN_FORCE or not held.is_retired or is_used():
        return False
    version.move(State.SUPERSEDED, superseded_at=timezone.now())
    log.record("ended retired mechanism", version, by=None, mechanism=held.pk)
    return True
