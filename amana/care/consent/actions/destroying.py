"""Recipients confirm that copies are destroyed, and are reminded."""

from functools import partial

from django.db import transaction
from django.utils import timezone

from amana.care.consent import tasks
from amana.care.consent.models import Destruction
from amana.care.consent.rules import confirm_destroyed
from amana.trust.access.models.organisations import User
from amana.trust.audit import log
from amana.trust.vault.handover import CodeBearer
from amana.turns import run_in_turn


@transaction.atomic
def confirm_destruction(
    destruction: Destruction,
    *,
    answer: Destruction.Answer = Destruction.Answer.DESTROYED,
    by: User,
) -> Destruction:
    """Record the recipient's answer that its copies are gone."""
    confirm_destroyed.require(by, destruction)
    destruction.confirm(answer, confirmed_at=timezone.now(), confirmed_by=by)
    log.record(
        "confirmed destruction",
        destruction,
        by=by,
        case=destruction.basis.case_id,
        answer=answer,
    )
    return destruction


@transaction.atomic
def confirm_destruction_outside(
    destruction: Destruction,
    *,
    answer: Destruction.Answer = Destruction.Answer.DESTROYED,
    by: CodeBearer,
) -> Destruction:
    """Record it for a recipient without accounts, by the holder of its return slip."""
    destruction.confirm(answer, confirmed_at=timezone.now())
    log.record(
        "confirmed destruction",
        destruction,
        by=by,
        case=destruction.basis.case_id,
        answer=answer,
    )
    return destruction


def remind_silent() -> int:
    """Remind each recipient that has not confirmed; return how many."""
    silent = list(Destruction.objects.to_remind().order_by("told_at"))
    return run_in_turn(partial(_remind, destruction) for destruction in silent)


@transaction.atomic
def _remind(destruction: Destruction) -> bool:
    still = Destruction.objects.to_remind().filter(pk=destruction.pk)
    if not still.update(reminded_at=timezone.now()):
        return False
    log.record("reminded to destroy", destruction, by=None)
    transaction.on_commit(partial(tasks.notify_to_destroy.enqueue, destruction.pk))
    return True
