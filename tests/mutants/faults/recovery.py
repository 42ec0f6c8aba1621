"""Faults of a recovery key and its custodians."""

from typing import Any

from .registry import fault, other, put

RECOVERY = "amana/trust/recovery/tests"


@fault(f"{RECOVERY}/test_shares.py")
def two_shares_suffice() -> None:
    """Two custodians together open what a team has kept."""
    from amana.trust.recovery import regaining, shares

    put(shares, ENOUGH=2)
    put(regaining, ENOUGH=2)


@fault(f"{RECOVERY}/test_regaining.py")
def one_word_regains() -> None:
    """Who proposed that someone regains a team's key confirms it too."""
    from amana.trust.recovery import regaining, rules

    put(regaining, confirm_regaining=rules.see_regaining)


@fault(f"{RECOVERY}/test_regaining.py")
def regained_at_once() -> None:
    """Shares are released without the delay in which it could be withdrawn."""
    from datetime import timedelta

    from amana.trust.recovery import regaining

    put(regaining, get_delay=lambda: timedelta(0))


@fault(f"{RECOVERY}/test_regaining.py")
def regained_although_a_colleague_is_there() -> None:
    """The key of a team is given out although a colleague still holds it."""
    from amana.trust.recovery import regaining

    put(regaining, require_lost=lambda team: None)


@fault(f"{RECOVERY}/test_custodians.py")
def custodian_of_the_own_organisation() -> None:
    """The page lets a colleague of the same organisation keep a share."""
    from amana.trust.access.models import Membership
    from amana.trust.recovery import custody
    from amana.trust.recovery.rules import KEEPING

    def anybody(team: Any) -> list[Any]:
        places = Membership.objects.holding(KEEPING).order_by("pk")
        return list(places.select_related("user", "team__organisation"))

    put(custody, list_possible_custodians=anybody)


@fault(f"{RECOVERY}/test_custodians.py")
def roster_believes_any_custodians() -> None:
    """Custodians of the own organisation, or three of the state, are signed for."""
    from amana.trust.vault import statements

    put(statements, are_custodians_allowed=lambda roster, team, people: True)


@fault(f"{RECOVERY}/test_shares.py")
def any_share_is_taken() -> None:
    """A custodian's share isn't compared with the hash in the roster."""
    from amana.trust.recovery import custody, shares

    put(custody, find_signed_hash=lambda share: "")
    put(custody, shares=other(shares, compute_hash=lambda part: ""))


@fault(f"{RECOVERY}/test_custodians.py")
def renewed_key_not_recovered() -> None:
    """A team's key is renewed and not sealed to its recovery key."""
    from amana.trust.vault import epochs

    put(epochs, seal_to_recovery=lambda key, pair: None)


@fault(f"{RECOVERY}/test_altered.py")
def recovery_key_of_a_row() -> None:
    """A team's new key is sealed to whatever recovery key lies in the database."""
    from amana.trust.vault import roster

    known = roster.checked_roster._vouched

    def believed(roster_: Any, holder: Any) -> bytes:
        if hasattr(holder, "proposed_by_id"):
            return bytes(holder.public)
        return known(roster_, holder)

    put(roster, _vouched=believed)


@fault(f"{RECOVERY}/test_shares.py")
def shares_outlive_the_recovery() -> None:
    """The shares are still there after the key was regained."""
    from amana.trust.recovery import custody

    put(custody, destroy_recovery_key=lambda recovery, *, by: None)


@fault(f"{RECOVERY}/test_shares.py")
def custodians_never_hear() -> None:
    """Shares are destroyed, and who kept them isn't told to destroy the paper."""
    from amana.trust.recovery import custody

    burn = custody.destroy_recovery_key

    def forgotten(recovery: Any, *, by: Any) -> None:
        recovery.shares.all().delete()
        burn(recovery, by=by)

    put(custody, destroy_recovery_key=forgotten)


@fault(f"{RECOVERY}/test_regaining.py")
def second_person_told_as_another() -> None:
    """Who confirms that a key is regained is one of the two others who can stop it."""
    from copy import copy

    from amana.trust.recovery import regaining

    whom = regaining.list_people_to_notify

    def at_the_proposal(made: Any) -> Any:
        before = copy(made)
        before.confirmed_by_id = None
        return whom(before)

    put(regaining, list_people_to_notify=at_the_proposal)


@fault(f"{RECOVERY}/test_drills.py")
def drill_without_paper() -> None:
    """A custodian confirms, without the paper, that they still have their share."""
    from amana.trust.recovery import custody, shares

    drill = custody.drill

    def by_keys(share: Any, *, typed: str, by: Any) -> None:
        part = custody.read_share(share, typed=typed, by=by)
        drill(share, typed=shares.format_share(part), by=by)

    put(custody, drill=by_keys)


@fault(f"{RECOVERY}/test_altered.py")
def released_to_whom_a_row_names() -> None:
    """Shares are released to whoever a row in the database names."""
    from amana.trust.recovery import regaining

    def no_roster(regaining_: Any) -> None:
        regaining.require_lost(regaining_.recovery_key.team_id)

    put(regaining, require_open=no_roster)


@fault(f"{RECOVERY}/test_drills.py")
def drill_of_another_is_signed() -> None:
    """Anyone signs that a custodian still has their share."""
    from dataclasses import replace

    from amana.trust.vault import statements

    def believed(roster: Any, says: Any, by: Any) -> Any:
        return replace(roster, drills={})

    statements.RULES["drill"] = believed


@fault(f"{RECOVERY}/test_rules.py")
def custodian_confirms_the_recovery() -> None:
    """Who keeps a share is also one of the two who name the colleague."""
    from amana.trust.recovery import rules
    from amana.trust.recovery.models import Share

    put(rules, find_kept_keys=lambda user: Share.objects.none().values("recovery_key"))
