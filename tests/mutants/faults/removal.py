"""Faults of joining, leaving, and taking keys away; and of a clock that jumped."""

from typing import Any

from .registry import fault, put

VAULT = "amana/trust/vault/tests"
ALONE = "tests/properties/test_nobody_alone.py"


@fault(f"{VAULT}/removal/test_deciding.py")
def second_person_of_the_same_office() -> None:
    """Two people of one office take a colleague's keys away."""
    from django.db.models import Q

    from amana.trust.access.rules import Rule
    from amana.trust.vault import removal, rules

    def where(user: Any) -> Q:
        waits = Q(status="proposed") & ~Q(proposed_by=user)
        return waits & rules.answer_for_person.where(user)

    put(removal, confirm_removal=Rule("confirm_removal", where))


@fault(ALONE)
def keys_taken_without_delay() -> None:
    """Keys are gone the moment that the second person has confirmed."""
    from datetime import timedelta

    from amana.trust.vault import removal

    put(removal, compute_delay=lambda made: timedelta(0))


@fault(ALONE)
def keys_destroyed_at_once() -> None:
    """What was taken away is destroyed the next time that the clock comes by."""
    from amana.trust.vault.models import KeyRemoval

    put(KeyRemoval, can_be_undone=property(lambda self: False))


@fault(f"{VAULT}/removal/test_deciding.py")
def floor_ignored() -> None:
    """The last keyholder of a team is taken out without another word."""
    from amana.trust.vault import floor

    put(floor, find_shortfall=lambda *rows, without: floor.Shortfall())


@fault(f"{VAULT}/removal/test_stopping.py")
def old_wraps_put_back() -> None:
    """What colleagues sealed anew gets its old wraps again, which open nothing."""
    from amana.trust.vault import tombstones

    put(tombstones, _mark=lambda row: "as it was")


@fault(f"{VAULT}/removal/test_stopping.py")
def sheet_of_a_leaver() -> None:
    """Who was made to leave lets themselves in again with their recovery sheet."""
    from amana.trust.vault import removal
    from amana.trust.vault.models import KeyRemoval

    def in_effect(user: Any, why: Any) -> Any:
        return KeyRemoval.objects.filter(user=user, status="effective")

    put(removal, find_effective_removals=in_effect)


@fault(f"{VAULT}/removal/test_stopping.py")
def code_that_takes_keys() -> None:
    """Whoever gets a code for an account joins in the place of its keys."""
    from amana.trust.vault import leaving

    put(leaving, is_last_holder=lambda user: False)


@fault(f"{VAULT}/places/test_lost_secret.py")
def thief_reads_on() -> None:
    """The team's key stays what it was after a colleague's keys were stolen."""
    from amana.trust.vault import leaving

    put(leaving, expose_team_keys=lambda user, *, team=None: None)


@fault(f"{VAULT}/test_removal_at_once.py", on_postgresql=True)
def two_at_once_pass_the_floor() -> None:
    """Two who take keys of one team away at once don't see each other."""
    from amana.trust.vault import removal

    put(removal, lock_teams=lambda user: None)


@fault(f"{VAULT}/removal/test_stopping.py")
def undone_place_ends_at_once() -> None:
    """One person ends a place that keys came back to, and the keys with it."""
    from amana.trust.vault import removal

    put(removal, has_keys_to_take=lambda place: place.confirmed_at is not None)


@fault(f"{VAULT}/removal/test_stopping.py")
def unconfirmed_place_takes_keys() -> None:
    """Ending a place that nobody confirmed destroys keys that open something."""
    from amana.trust.vault import leaving

    put(leaving, can_open_anything=lambda user: False)


@fault(f"{VAULT}/removal/test_stopping.py")
def proposal_gives_a_say() -> None:
    """A supervisor has a say over the keys of people they have only proposed."""
    from amana.trust.access.models import MembershipQuerySet

    put(MembershipQuerySet, active=lambda self: self.filter(ended_at=None))


HEARTBEAT = f"{VAULT}/test_heartbeat.py"


@fault(HEARTBEAT)
def clock_believed_after_a_jump() -> None:
    """Timers destroy by a clock that jumped ten years ahead."""
    from amana.trust.vault import heartbeat

    put(heartbeat, is_plausible=lambda last, now: True)


@fault(HEARTBEAT)
def clock_believed_step_by_step() -> None:
    """Each reading is compared with the one before, so that small steps add up."""
    from amana.trust.vault import heartbeat
    from amana.trust.vault.models import Heartbeat

    beat = heartbeat.record_heartbeat

    def forgetful() -> bool:
        good = beat()
        if good:
            Heartbeat.objects.update(booted_at=heartbeat.read().booted_at)
        return good

    put(heartbeat, record_heartbeat=forgetful)


@fault(HEARTBEAT)
def removal_final_by_a_jump() -> None:
    """Keys that were set aside are destroyed, or taken, by a clock in doubt."""
    from amana.trust.vault import heartbeat

    put(heartbeat, require_clock=lambda: None)


@fault(HEARTBEAT)
def doubt_ends_by_itself() -> None:
    """A clock that was set back is believed again, though nobody confirmed it."""
    from amana.trust.vault import heartbeat
    from amana.trust.vault.models import Heartbeat

    beat = heartbeat.record_heartbeat

    def forgiving() -> bool:
        Heartbeat.objects.update(doubted_at=None)
        return beat()

    put(heartbeat, record_heartbeat=forgiving)
