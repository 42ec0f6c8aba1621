"""Statements about a team that lost all its keys."""

from collections.abc import Iterable
from dataclasses import replace
from datetime import date

from amana.trust.vault.crypto import bind_place
from amana.trust.vault.signing import is_signed
from amana.trust.vault.statements.roster_state import (
    CUSTODIANS,
    ENOUGH,
    PURPOSE,
    CurrentRecoveryKey,
    ProposedCustodians,
    RegainingStatement,
    Roster,
    Says,
    VouchedPerson,
    copy_without_key,
    has_current_key,
    is_state_organisation,
    is_team_key_holder,
)


def name_custodians(roster: Roster, says: Says, by: VouchedPerson | None) -> Roster:
    """Apply the first signature for a recovery key: a holder of the team's key names
    who is to keep it.
    """
    team, people = says["team"], tuple(says["custodians"])
    if not is_team_key_holder(by, team, roster) or not are_custodians_allowed(
        roster, team, people
    ):
        return roster
    named = ProposedCustodians(people, by.user)
    return replace(roster, custodians={**roster.custodians, team: named})


def are_custodians_allowed(roster: Roster, team: int, people: Iterable[int]) -> bool:
    """Return whether these are five people of five organisations, none of them the
    team's own, and no three of the state. An organisation for which no one signed a
    sphere counts as one of the state.
    """
    keepers = [person for key in people if (person := roster.here(key)) is not None]
    homes = [roster.organisations_of([person]) for person in keepers]
    every = frozenset[int]().union(*homes)
    if len(homes) != CUSTODIANS or not all(homes) or roster.homes[team] in every:
        return False
    of_state = [
        home for home in homes if any(is_state_organisation(roster, pk) for pk in home)
    ]
    return len(every) == sum(map(len, homes)) and len(of_state) < ENOUGH


def make_recovery(roster: Roster, says: Says, by: VouchedPerson | None) -> Roster:
    """Apply the second: the key itself, and the hash of each share, signed by another
    holder of the team's key. It replaces the one before.
    """
    team, shares = says["team"], {int(k): str(v) for k, v in says["shares"].items()}
    named = roster.custodians.get(team)
    if named is None or not is_team_key_holder(by, team, roster) or by.user == named.by:
        return roster
    if shares.keys() != set(named.people) or not are_custodians_allowed(
        roster, team, named.people
    ):
        return roster
    made = CurrentRecoveryKey(
        says["key"],
        bytes.fromhex(says["public"]),
        bytes.fromhex(says["verify"]),
        shares,
    )
    return replace(
        roster,
        recoveries={**roster.recoveries, team: made},
        custodians=copy_without_key(roster.custodians, team),
    )


def record_drill(roster: Roster, says: Says, by: VouchedPerson | None) -> Roster:
    """Apply that a custodian has compared the hash of their share: it is still
    there.
    """
    keeper, on = roster.people[says["custodian"]], date.fromisoformat(says["on"])
    known = {now.key: now.shares for now in roster.recoveries.values()}
    share = known.get(says["recovery"], {}).get(keeper.key)
    if (
        not has_current_key(by, roster)
        or by.user != keeper.user
        or share != says["hash"]
    ):
        return roster
    place = (says["recovery"], keeper.key)
    return replace(roster, drills={**roster.drills, place: on})


def regain(roster: Roster, says: Says, by: VouchedPerson | None) -> Roster:
    """Apply that a person is to get the key that a team lost: first signed by one, then
    by another.
    """
    if not has_current_key(by, roster) or says["team"] not in roster.recoveries:
        return roster
    made = RegainingStatement(says["team"], says["user"], by.user)
    said = roster.regainings.get(says["regaining"])
    if said is not None:
        made = replace(made, first=said.first, second=by.user)
        if said != replace(made, second=None) or by.user == said.first:
            return roster
    if by.user == made.user:
        return roster
    return replace(roster, regainings={**roster.regainings, says["regaining"]: made})


def forgo(roster: Roster, says: Says, by: VouchedPerson | None) -> Roster:
    """Apply that they are not to get it after all."""
    if not has_current_key(by, roster) or says["regaining"] not in roster.regainings:
        return roster
    return replace(
        roster, regainings=copy_without_key(roster.regainings, says["regaining"])
    )


def complete_regaining(roster: Roster, says: Says, by: VouchedPerson | None) -> Roster:
    """Apply that they have put the recovery key together, which signs it, and hold the
    team's. The recovery key is used up.
    """
    said = roster.regainings[says["regaining"]]
    recovery = roster.recoveries[said.team]
    if not has_current_key(by, roster) or said.second is None or by.user != said.user:
        return roster
    # The recovery key signs for this one person: two shares are not enough to write it,
    # and the proof is of no use to another (ADR 66).
    words, proof = build_proof_text(said.team, by.key), bytes.fromhex(says["proof"])
    if not is_signed(words, proof, by=recovery.verify, purpose=PURPOSE):
        return roster
    team = replace(roster.teams[said.team], holders=frozenset({by.key}))
    person = replace(by, teams=by.teams | {said.team})
    return replace(
        roster,
        teams={**roster.teams, said.team: team},
        people={**roster.people, by.key: person},
        recoveries=copy_without_key(roster.recoveries, said.team),
        regainings=copy_without_key(roster.regainings, says["regaining"]),
    )


def build_proof_text(team: int, person: int) -> bytes:
    """Build what a recovery key signs, to prove that it was put together for this
    person.
    """
    return bind_place("regained", team, person)
