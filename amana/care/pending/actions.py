"""Hold a decision back, undo it, or let it take effect."""

from collections.abc import Mapping
from datetime import datetime, timedelta
from functools import partial
from typing import Any
from uuid import UUID

from django.core.exceptions import ObjectDoesNotExist, PermissionDenied
from django.db import IntegrityError, transaction
from django.utils import timezone
from django.utils.crypto import constant_time_compare
from django.utils.translation import gettext as _

from amana.care.pending.decision_kinds import KINDS
from amana.care.pending.events import decision_failed
from amana.care.pending.models import TO_UNDO, PendingDecision
from amana.care.pending.rules import see_own_decision
from amana.errors import Changed, Refused
from amana.trust.access.models import User
from amana.turns import run_in_turn

KEPT = timedelta(days=30)
"""For so long who decided can read that a decision failed."""


def compute_due_at(latest: datetime | None = None) -> datetime | None:
    """Compute when a decision that is made now takes effect; None: at once. `latest`:
    when a clock would notify someone, or continue, as if no decision had been made."""
    now = timezone.now()
    due = min(now + TO_UNDO, latest or now + TO_UNDO)
    return due if due > now else None


def is_promise_broken(said: Mapping[str, str], due_at: datetime | None) -> bool:
    """Check whether a page that was sent (`said`) had told that this can be undone, and
    it no longer can: a deadline came meanwhile."""
    return due_at is None and "can_be_undone" in said


@transaction.atomic
def hold_decision(
    kind: str,
    thing: Any,
    *,
    due_at: datetime,
    made_at: datetime | None = None,
    by: User,
    about: UUID | None = None,
    choices: Mapping[str, object] | None = None,
    id: UUID | None = None,
) -> PendingDecision:
    """Hold a decision back; the room whose it is has asked whether it may be made.

    Not in the log, which both sides and auditors read: the action is, once it takes
    effect. `made_at`: when its ten minutes begin, if not now. `id`: the one under which
    words were sealed already."""
    decision = PendingDecision(
        kind=kind,
        thing=thing.pk,
        about=about,
        was=KINDS[kind].state(thing),
        choices=choices or {},
        by=by,
        due_at=due_at,
    )
    decision.pk = id or decision.pk
    decision.made_at = min(made_at or decision.made_at, due_at)
    # Over all that the clock will do in a person's name: who can write in the database
    # alone can't have a decision made for them.
    decision.proof = decision.proven()
    try:
        with transaction.atomic():
            decision.save(force_insert=True)
    except IntegrityError as error:
        raise Refused(
            _("You have already decided this. Undo that decision first.")
        ) from error
    return decision


@transaction.atomic
def undo_decision(decision: PendingDecision, *, by: User) -> None:
    """Take a decision back in its ten minutes, unless someone acted on the thing."""
    see_own_decision.require(by, decision)
    kind = KINDS[decision.kind]
    if decision.failed_at is None:
        _can_be_undone(decision)
    # Deleted only as it was read: the clock may have carried it out, or given it up,
    # since.
    free = PendingDecision.objects.filter(pk=decision.pk, failed_at=decision.failed_at)
    if not free.delete()[0]:
        raise build_no_longer_pending()
    if decision.failed_at is None:
        kind.discard(decision)


def _can_be_undone(decision: PendingDecision) -> None:
    if decision.due_at <= timezone.now():
        raise Refused(_("The ten minutes are over. This can’t be undone any more."))
    if has_changed(decision):
        raise Changed(
            _("Someone has acted on this meanwhile. Your decision won’t take effect.")
        )


def build_no_longer_pending() -> Refused:
    """Build the refusal for what is gone: it took effect, or was undone; nothing is
    kept by which to distinguish these."""
    return Refused(
        _(
            "This decision is no longer pending: it has taken effect, or it was "
            "undone. Check the page."
        )
    )


def has_changed(decision: PendingDecision) -> bool:
    """Check whether anyone has acted on the thing since."""
    kind = KINDS[decision.kind]
    try:
        return kind.state(kind.find(decision.thing)) != decision.was
    except ObjectDoesNotExist:
        return True


def carry_out(decision: PendingDecision) -> bool:
    """Make it take effect, once: by the clock, or because who decided does not wait.
    Whether it did.

    The row goes in the same transaction as the action: what is interrupted is done
    again by the clock, and what is undone at the same moment is not done at all."""
    try:
        with transaction.atomic():
            rows = PendingDecision.objects.waiting().filter(pk=decision.pk)
            if not rows.delete()[0]:
                return False
            _act(decision)
    except (Refused, PermissionDenied, ObjectDoesNotExist):
        _fail(decision)
        return False
    return True


def _act(decision: PendingDecision) -> None:
    kind = KINDS[decision.kind]
    if not constant_time_compare(decision.proof, decision.proven()):
        raise Refused(_("This decision could not be verified."))
    if has_changed(decision):
        raise Changed(_("Someone has acted on this meanwhile."))
    kind.release(decision)
    kind.act(kind.find(decision.thing), by=decision.by, **decision.choices)


@transaction.atomic
def _fail(decision: PendingDecision) -> None:
    """Mark that someone was first, or that who decided may no longer: they alone are
    notified."""
    rows = PendingDecision.objects.waiting().filter(pk=decision.pk)
    if rows.update(failed_at=timezone.now()):
        KINDS[decision.kind].discard(decision)
        decision_failed.send(PendingDecision, decision=decision)


def carry_out_due(now: datetime | None = None) -> int:
    """Carry out everything whose ten minutes are over; how many took effect."""
    rows = PendingDecision.objects.due(now).select_related("by").order_by("due_at")
    return run_in_turn(partial(carry_out, decision) for decision in list(rows))


def forget_failed() -> int:
    old = timezone.now() - KEPT
    return PendingDecision.objects.filter(failed_at__lt=old).delete()[0]
