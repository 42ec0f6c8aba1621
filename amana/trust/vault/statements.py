"""What can be said in the roster, and by whom: rules that no row can change.

Each statement is one person's signed word; what takes two people takes effect with the
word of the second. Nothing here knows Django: from the same statements everyone comes
to the same roster.
"""

import hashlib
import json
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field, replace
from datetime import date
from typing import Any, TypeGuard

from amana.trust.vault.crypto import bind_place
from amana.trust.vault.signing import is_signed

PURPOSE = "roster"

UNREADABLE = (
    ValueError,
    TypeError,
    LookupError,
    AttributeError,
    ArithmeticError,
    RecursionError,
)
"""What comes of reading what nobody here has written."""

CUSTODIANS, ENOUGH = 5, 3
"""How many keep a share of a team's recovery key, and how many put it together."""
STATE = frozenset({"law_enforcement", "border"})
"""Spheres of which no three custodians may be."""

type Says = Mapping[str, Any]


class UntrueStatement(Exception):
    """A statement that nobody here could have made so: forged, altered or moved."""


class UnsignedStatement(UntrueStatement):
    """Someone whom the statement names has not signed it."""


@dataclass(frozen=True)
class VouchedPerson:
    """Someone's keys, as two people vouched for them."""

    key: int
    """The id of the `PersonKey`: who starts again is another one here."""
    user: int
    public: bytes
    verify: bytes
    teams: frozenset[int] = frozenset()


@dataclass(frozen=True)
class CurrentTeamKey:
    """A team's current key, and who holds it."""

    key: int
    epoch: int
    public: bytes
    holders: frozenset[int]


@dataclass(frozen=True)
class RemovalStatement:
    """The word that someone's keys go: of one, or of two."""

    person: int
    team: int | None
    again: bool
    """Whether the person is to come in again, with other keys."""
    first: int
    second: int | None = None


@dataclass(frozen=True)
class RemovedPerson:
    """What a person was before their keys were taken, as long as that can be undone."""

    person: VouchedPerson
    held: Mapping[int, int]
    """Of which teams they held the key, and its epoch then."""
    again: bool
    """Whether they were only to come in again, and so may take it back themselves."""


@dataclass(frozen=True)
class SphereSignature:
    """For which sphere of an organisation who has signed, until enough have."""

    sphere: str
    signers: frozenset[int]


@dataclass(frozen=True)
class ProposedCustodians:
    """Who is proposed to keep a team's recovery key, and by which user."""

    people: tuple[int, ...]
    by: int


@dataclass(frozen=True)
class CurrentRecoveryKey:
    """A team's recovery key, and the hash of the share of each custodian."""

    key: int
    public: bytes
    verify: bytes
    """With it everyone checks that someone put the key together."""
    shares: Mapping[int, str]


@dataclass(frozen=True)
class RegainingStatement:
    """The word that someone is to get the key of a team that lost it: of one, or of
    two."""

    team: int
    user: int
    first: int
    second: int | None = None


@dataclass(frozen=True)
class Roster:
    """Who is who, after the statement `head`. It never changes: there is a next one."""

    founding: bytes = b""
    head: bytes = b""
    place: int = -1
    people: Mapping[int, VouchedPerson] = field(default_factory=dict)
    """Everyone who was ever let in, by the id of their key: what they signed stays
    signed when they have left."""
    current: Mapping[int, int] = field(default_factory=dict)
    """The key of each user who is here."""
    teams: Mapping[int, CurrentTeamKey] = field(default_factory=dict)
    proposed: Mapping[tuple[int, int | None], int] = field(default_factory=dict)
    """Which user is proposed for which team, and by which user."""
    takings: Mapping[int, RemovalStatement] = field(default_factory=dict)
    gone: Mapping[int, RemovedPerson] = field(default_factory=dict)
    homes: Mapping[int, int] = field(default_factory=dict)
    """The organisation of each team that has people."""
    spheres: Mapping[int, str] = field(default_factory=dict)
    signings: Mapping[int, SphereSignature] = field(default_factory=dict)
    custodians: Mapping[int, ProposedCustodians] = field(default_factory=dict)
    """Of each team, whom one of its keyholders has proposed."""
    recoveries: Mapping[int, CurrentRecoveryKey] = field(default_factory=dict)
    drills: Mapping[tuple[int, int], date] = field(default_factory=dict)
    """When each custodian of a recovery key last signed that they have their share."""
    regainings: Mapping[int, RegainingStatement] = field(default_factory=dict)

    def organisations_of(self, people: Iterable[VouchedPerson]) -> frozenset[int]:
        """Find where these people work."""
        teams = {team for person in people for team in person.teams}
        return frozenset(self.homes[team] for team in teams & self.homes.keys())

    def here(self, key: int | None) -> VouchedPerson | None:
        """Find the person who has this key and may sign, if there is one."""
        # Earlier keys stay in `people`, so that old signatures can be checked.
        person = self.people.get(key) if key is not None else None
        if person is None or self.current.get(person.user) != person.key:
            return None
        return person


@dataclass(frozen=True)
class Statement:
    """A statement as it lies in the database, and who signed it."""

    place: int
    text: str
    signatures: Mapping[int, bytes]

    def hash_after(self, before: bytes) -> bytes:
        parts = (self.place, before.hex(), self.text)
        return hashlib.sha256(bind_place("statement", *parts)).digest()


def write(says: Says) -> str:
    """Write a statement in the one form that it has."""
    return json.dumps(says, sort_keys=True, separators=(",", ":"))


def follow(roster: Roster, statement: Statement) -> Roster:
    """Follow the roster by one more statement. Raises `UntrueStatement` if no one could
    make it
    here.
    """
    place = statement.place
    if place != roster.place + 1:
        raise UntrueStatement(f"statement {roster.place + 1} is missing")
    hash_ = statement.hash_after(roster.head)
    try:
        says = json.loads(statement.text)
        after = _changed(roster, says)
        # In the roster afterwards, because the founding names its own signers.
        signers = [after.people[key] for key in says["by"]]
        # Compared with the one form that it has: two texts that mean the same would
        # have two hashes.
        is_said = after is not roster and write(says) == statement.text
    except UNREADABLE as error:
        raise UntrueStatement(f"statement {place} can't be read") from error
    if not is_said:
        raise UntrueStatement(f"statement {place} could not be made by who signed it")
    for signer in signers:
        signature = statement.signatures.get(signer.key, b"")
        if not is_signed(hash_, signature, by=signer.verify, purpose=PURPOSE):
            raise UnsignedStatement(f"statement {place} is not signed by whom it names")
    founding = roster.founding or hash_
    return replace(after, founding=founding, head=hash_, place=place)


# --- the rules: what a statement changes; the same roster, if its signer can't say it


def _changed(roster: Roster, says: Says) -> Roster:
    if roster.place == -1:
        return _found(roster, says)
    by = says["by"]
    rule = RULES.get(says["says"])
    if rule is None or len(by) > 1:
        return roster
    signer = roster.people[by[0]] if by else None
    return rule(roster, says, signer)


def _found(roster: Roster, says: Says) -> Roster:
    """Apply the first statement: two people about each other, both of whom sign."""
    people = [_person(said) for said in says["people"]]
    keys = {person.key for person in people}
    if says["says"] != "found" or len(keys) != 2 or keys != set(says["by"]):
        return roster
    return replace(
        roster,
        people={person.key: person for person in people},
        current={person.user: person.key for person in people},
        homes={int(team): home for team, home in says["homes"].items()},
        spheres={int(pk): sphere for pk, sphere in says["spheres"].items()},
    )


def _person(said: Says) -> VouchedPerson:
    return VouchedPerson(
        key=int(said["key"]),
        user=int(said["user"]),
        public=bytes.fromhex(said["public"]),
        verify=bytes.fromhex(said["verify"]),
        teams=frozenset(int(team) for team in said.get("teams", ())),
    )


def propose(roster: Roster, says: Says, by: VouchedPerson | None) -> Roster:
    """Apply the first of two statements for a colleague: this user is to join a
    team.
    """
    user, team = says["user"], says["team"]
    if not _is_here(by, roster) or by.user == user:
        return roster
    return replace(roster, proposed={**roster.proposed, (user, team): by.user})


def withdraw(roster: Roster, says: Says, by: VouchedPerson | None) -> Roster:
    """Apply that this proposal is withdrawn."""
    known = (says["user"], says["team"])
    if not _is_here(by, roster) or known not in roster.proposed:
        return roster
    return replace(roster, proposed=_less(roster.proposed, known))


def admit(roster: Roster, says: Says, by: VouchedPerson | None) -> Roster:
    """Apply the second of the two: that this is their key, and that they hold the
    team's.

    If the team has a key, a holder of it signs; otherwise its first one is made.
    """
    person, team = _person(says["person"]), says["team"]
    proposer = roster.proposed.get((person.user, team))
    if not _is_here(by, roster) or by.user in (person.user, proposer):
        return roster
    known = roster.people.get(person.key)
    if proposer is None or (known and not _is_same(known, person)):
        return roster
    homes = {**roster.homes, team: says["home"]} if team is not None else roster.homes
    # A team stays in its organisation: else a proposal could move it to another sphere.
    if roster.homes.get(team, says["home"]) != says["home"]:
        return roster
    teams = dict(roster.teams)
    if says["holds"]:
        now = teams.get(team)
        if (first := says.get("first")) is not None:
            if now is not None:
                return roster
            now = CurrentTeamKey(
                first["key"], 1, bytes.fromhex(first["public"]), frozenset()
            )
        elif now is None or by.key not in now.holders:
            return roster
        teams[team] = replace(now, holders=now.holders | {person.key})
    before = roster.current.get(person.user)
    there = {team} if team is not None else set()
    if before == person.key and known is not None:
        there |= known.teams
    # A new key of the same person: the old one must open nothing from here on.
    elif before is not None:
        teams = _without(teams, before)
    return replace(
        roster,
        people={**roster.people, person.key: replace(person, teams=frozenset(there))},
        current={**roster.current, person.user: person.key},
        teams=teams,
        homes=homes,
        proposed=_less(roster.proposed, (person.user, team)),
    )


def renew(roster: Roster, says: Says, by: VouchedPerson | None) -> Roster:
    """Apply the next epoch of a team's key: signed by a holder of the one before, and
    only for people who held it.
    """
    now = roster.teams.get(says["team"])
    holders = frozenset(says["holders"])
    if now is None or not _is_here(by, roster) or says["epoch"] != now.epoch + 1:
        return roster
    if by.key not in holders or not holders <= now.holders:
        return roster
    key = CurrentTeamKey(
        says["key"], says["epoch"], bytes.fromhex(says["public"]), holders
    )
    return replace(roster, teams={**roster.teams, says["team"]: key})


def take_keys(roster: Roster, says: Says, by: VouchedPerson | None) -> Roster:
    """Apply that someone's keys are to be taken away: first signed by one, then by
    another.
    """
    person = roster.people[says["person"]]
    if not _is_here(by, roster):
        return roster
    made = RemovalStatement(person.key, says["team"], says["again"], by.user)
    said = roster.takings.get(says["removal"])
    if said is not None:
        made = replace(made, first=said.first, second=by.user)
        # The second signature must be for exactly the same act, and of a third person.
        if said != replace(made, second=None) or by.user in (said.first, person.user):
            return roster
    return replace(roster, takings={**roster.takings, says["removal"]: made})


def keep_keys(roster: Roster, says: Says, by: VouchedPerson | None) -> Roster:
    """Apply that they are not to be taken away after all."""
    if not _is_here(by, roster) or says["removal"] not in roster.takings:
        return roster
    return replace(roster, takings=_less(roster.takings, says["removal"]))


def leave(roster: Roster, says: Says, by: VouchedPerson | None) -> Roster:
    """Apply that someone's keys are gone: two have signed it, or the person leaves
    themselves.
    """
    person, removal = roster.people[says["person"]], says["removal"]
    said = roster.takings.get(removal)
    agreed = said and said.second is not None and said.person == person.key
    # Without a signer the timer carries out only what two people have signed.
    if not (agreed if by is None else by.key == person.key and removal is None):
        return roster
    if roster.here(person.key) is None:
        return roster
    team, proposed = says["team"], roster.proposed
    ended = person.teams if team is None else frozenset({team})
    if said is not None and said.again:
        again = dict.fromkeys(person.teams, said.first)
        proposed = {**proposed, **_proposed(person, again)}
    held = {
        pk: now.epoch
        for pk, now in roster.teams.items()
        if person.key in now.holders and team in (None, pk)
    }
    gone = (
        {removal: RemovedPerson(replace(person, teams=ended), held, said.again)}
        if said
        else {}
    )
    out = replace(
        roster,
        teams=_without(roster.teams, person.key, team=team),
        proposed=proposed,
        takings=_less(roster.takings, removal),
        gone={**roster.gone, **gone},
    )
    if team is None:
        return replace(out, current=_less(roster.current, person.user))
    rest = replace(person, teams=person.teams - ended)
    return replace(out, people={**roster.people, person.key: rest})


def give_back(roster: Roster, says: Says, by: VouchedPerson | None) -> Roster:
    """Apply that what was taken is theirs again: by a person here, or by themselves, if
    they were only to start again.

    For a team whose key was renewed meanwhile it is a proposal, for another to confirm.
    """
    was = roster.gone.get(says["removal"])
    if was is None or by is None:
        return roster
    person = was.person
    is_own = by.user == person.user
    if not (was.again if is_own else _is_here(by, roster)):
        return roster
    teams, newer = dict(roster.teams), roster.current.get(person.user)
    if newer is not None and newer != person.key:
        teams = _without(teams, newer)
    for team, epoch in was.held.items():
        # Only in the same epoch: a later one was given to others, and not to them.
        if teams[team].epoch == epoch:
            holders = teams[team].holders | {person.key}
            teams[team] = replace(teams[team], holders=holders)
    proposed = _proposed(person, dict.fromkeys(person.teams, by.user))
    if newer == person.key:
        there = roster.people[person.key].teams | person.teams
        person = replace(person, teams=there)
    return replace(
        roster,
        people={**roster.people, person.key: person},
        current={**roster.current, person.user: person.key},
        teams=teams,
        proposed={**roster.proposed, **proposed},
        gone=_less(roster.gone, says["removal"]),
    )


def end(roster: Roster, says: Says, by: VouchedPerson | None) -> Roster:
    """Apply that what was taken can't be given back any more."""
    if says["removal"] not in roster.gone:
        return roster
    return replace(roster, gone=_less(roster.gone, says["removal"]))


def set_sphere(roster: Roster, says: Says, by: VouchedPerson | None) -> Roster:
    """Apply a signature for an organisation's sphere, which is set when enough have
    signed.

    That is two people of two other organisations. As long as only one other takes part,
    two of its people set a first sphere; another sphere never. A signature for the
    present sphere cancels what others have signed for meanwhile.
    """
    organisation, sphere = says["organisation"], says["sphere"]
    before = roster.spheres.get(organisation)
    said = roster.signings.get(organisation)
    signers = said.signers if said and said.sphere == sphere else frozenset()
    if not _is_here(by, roster) or by.key in signers:
        return roster
    if before == sphere:
        return replace(roster, signings=_less(roster.signings, organisation))
    signers |= {by.key}
    if not _are_enough(roster, signers, organisation, is_first=before is None):
        signing = SphereSignature(sphere, signers)
        return replace(roster, signings={**roster.signings, organisation: signing})
    return replace(
        roster,
        spheres={**roster.spheres, organisation: sphere},
        signings=_less(roster.signings, organisation),
    )


def _are_enough(
    roster: Roster, signers: frozenset[int], organisation: int, *, is_first: bool
) -> bool:
    others = [
        roster.organisations_of([person]) - {organisation}
        for key in signers
        if (person := roster.here(key)) is not None
    ]
    signing = frozenset[int]().union(*others)
    independent = len([homes for homes in others if homes]) >= 2
    if is_first:
        here = [
            person for key in roster.current.values() if (person := roster.here(key))
        ]
        if len(roster.organisations_of(here) - {organisation}) < 2:
            return independent
    return independent and len(signing) >= 2


# --- a team that lost all its keys


def name_custodians(roster: Roster, says: Says, by: VouchedPerson | None) -> Roster:
    """Apply the first signature for a recovery key: a holder of the team's key names
    who is to keep it.
    """
    team, people = says["team"], tuple(says["custodians"])
    if not _holds_key(by, team, roster) or not are_custodians_allowed(
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
    of_state = [home for home in homes if any(_is_state(roster, pk) for pk in home)]
    return len(every) == sum(map(len, homes)) and len(of_state) < ENOUGH


def _is_state(roster: Roster, organisation: int) -> bool:
    sphere = roster.spheres.get(organisation)
    return sphere is None or sphere in STATE


def make_recovery(roster: Roster, says: Says, by: VouchedPerson | None) -> Roster:
    """Apply the second: the key itself, and the hash of each share, signed by another
    holder of the team's key. It replaces the one before.
    """
    team, shares = says["team"], {int(k): str(v) for k, v in says["shares"].items()}
    named = roster.custodians.get(team)
    if named is None or not _holds_key(by, team, roster) or by.user == named.by:
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
        custodians=_less(roster.custodians, team),
    )


def record_drill(roster: Roster, says: Says, by: VouchedPerson | None) -> Roster:
    """Apply that a custodian has compared the hash of their share: it is still
    there.
    """
    keeper, on = roster.people[says["custodian"]], date.fromisoformat(says["on"])
    known = {now.key: now.shares for now in roster.recoveries.values()}
    share = known.get(says["recovery"], {}).get(keeper.key)
    if not _is_here(by, roster) or by.user != keeper.user or share != says["hash"]:
        return roster
    place = (says["recovery"], keeper.key)
    return replace(roster, drills={**roster.drills, place: on})


def regain(roster: Roster, says: Says, by: VouchedPerson | None) -> Roster:
    """Apply that a person is to get the key that a team lost: first signed by one, then
    by another.
    """
    if not _is_here(by, roster) or says["team"] not in roster.recoveries:
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
    if not _is_here(by, roster) or says["regaining"] not in roster.regainings:
        return roster
    return replace(roster, regainings=_less(roster.regainings, says["regaining"]))


def complete_regaining(roster: Roster, says: Says, by: VouchedPerson | None) -> Roster:
    """Apply that they have put the recovery key together, which signs it, and hold the
    team's. The recovery key is used up.
    """
    said = roster.regainings[says["regaining"]]
    recovery = roster.recoveries[said.team]
    if not _is_here(by, roster) or said.second is None or by.user != said.user:
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
        recoveries=_less(roster.recoveries, said.team),
        regainings=_less(roster.regainings, says["regaining"]),
    )


def build_proof_text(team: int, person: int) -> bytes:
    """Build what a recovery key signs, to prove that it was put together for this
    person.
    """
    return bind_place("regained", team, person)


RULES = {
    "custodians": name_custodians,
    "recovery": make_recovery,
    "drill": record_drill,
    "regain": regain,
    "forgo": forgo,
    "regained": complete_regaining,
    "sphere": set_sphere,
    "propose": propose,
    "withdraw": withdraw,
    "let in": admit,
    "renew": renew,
    "take": take_keys,
    "keep": keep_keys,
    "leave": leave,
    "give back": give_back,
    "end": end,
}


def _is_here(by: VouchedPerson | None, roster: Roster) -> TypeGuard[VouchedPerson]:
    return by is not None and roster.here(by.key) is not None


def _holds_key(
    by: VouchedPerson | None, team: int, roster: Roster
) -> TypeGuard[VouchedPerson]:
    now = roster.teams.get(team)
    return _is_here(by, roster) and now is not None and by.key in now.holders


def _proposed(
    person: VouchedPerson, teams: Mapping[int, int]
) -> dict[tuple[int, int | None], int]:
    """List, for each of these teams, who proposes this person again."""
    return {(person.user, team): proposer for team, proposer in teams.items()}


def _is_same(one: VouchedPerson, other: VouchedPerson) -> bool:
    return replace(one, teams=frozenset()) == replace(other, teams=frozenset())


def _without(
    teams: Mapping[int, CurrentTeamKey], key: int, *, team: int | None = None
) -> dict[int, CurrentTeamKey]:
    """Return the teams without this key among the holders of any (or of one)."""
    return {
        pk: replace(now, holders=now.holders - {key}) if team in (None, pk) else now
        for pk, now in teams.items()
    }


def _less[K, V](things: Mapping[K, V], key: K) -> dict[K, V]:
    return {name: thing for name, thing in things.items() if name != key}
