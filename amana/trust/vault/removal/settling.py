"""What the clock does."""

from django.db import transaction
from django.utils import timezone

from amana.errors import Refused
from amana.trust.audit import log
from amana.trust.vault import erasure, heartbeat, roster
from amana.trust.vault.models.key_removals import KeyRemoval
from amana.trust.vault.removal.confirming import take_effect
from amana.trust.vault.removal.proposing import notify_about_removal
from amana.trust.vault.removal_states import CONFIRMED_WITHIN, RemovalStatus


def settle() -> tuple[int, int]:
    """Carry out what is due, and destroy what can't be undone any more; return how many
    of each. What still lacks an approval is tried again the next time.

    Raises `Refused` while the clock is in doubt: a jump would make everything final at
    once.
    """
    heartbeat.require_clock()
    effective = sum(_tried(removal) for removal in KeyRemoval.objects.due())
    old = timezone.now() - CONFIRMED_WITHIN
    for removal in KeyRemoval.objects.filter(
        status=RemovalStatus.PROPOSED, proposed_at__lte=old
    ):
        _lapse(removal)
    over = KeyRemoval.objects.filter(status=RemovalStatus.EFFECTIVE)
    final = [removal for removal in over if not removal.can_be_undone]
    for removal in final:
        _destroy(removal)
    return effective, len(final)


def _tried(removal: KeyRemoval) -> bool:
    try:
        take_effect(removal)
    except Refused:
        return False
    return True


@transaction.atomic
def _lapse(removal: KeyRemoval) -> None:
    removal.move(RemovalStatus.LAPSED)
    log.record("lapsed taking keys away", removal, by=None, user=removal.user_id)
    notify_about_removal(removal, by=None)


@transaction.atomic
def _destroy(removal: KeyRemoval) -> None:
    removal.move(RemovalStatus.FINAL, set_aside=None)
    if removal.pk in roster.get_roster().gone:
        roster.record_statement("end", by=None, removal=removal.pk)
    log.record("destroyed keys set aside", removal, by=None, user=removal.user_id)
    erasure.clear_traces()
    notify_about_removal(removal, by=None)
