"""A roster, and what may be said in a statement."""

import hashlib
import json
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field, replace
from datetime import date
from typing import Any, TypeGuard

from amana.trust.vault.crypto import bind_place

PURPOSE = "roster"


UNREADABLE = (
    ValueError,
    TypeError,
    LookupError,
    AttributeError,
    ArithmeticError,
    RecursionError,
)
"""Errors that may come from reading a statement that was not written here."""


CUSTODIANS, ENOUGH = 5, 3
"""How many keep a share of a team's recovery key, and how many put it together."""


STATE = frozenset({"law_enforcement", "border"})
"""Spheres of which no three custodians may be."""


type Says = Mapping[str, Any]


class UntrueStatement(Exception):
    """A statement that no one here could have made so: forged, altered or moved."""


class UnsignedStatement(UntrueStatement):
    """A person whom the statement names has not signed it."""


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


def parse_vouched_person(said: Says) -> VouchedPerson:
    return VouchedPerson(
        key=int(said["key"]),
        user=int(said["user"]),
        public=bytes.fromhex(said["public"]),
        verify=bytes.fromhex(said["verify"]),
        teams=frozenset(int(team) for team in said.get("teams", ())),
    )


def are_enough_signers(
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


def is_state_organisation(roster: Roster, organisation: int) -> bool:
    sphere = roster.spheres.get(organisation)
    return sphere is None or sphere in STATE


def has_current_key(
    by: VouchedPerson | None, roster: Roster
) -> TypeGuard[VouchedPerson]:
    return by is not None and roster.here(by.key) is not None


def is_team_key_holder(
    by: VouchedPerson | None, team: int, roster: Roster
) -> TypeGuard[VouchedPerson]:
    now = roster.teams.get(team)
    return has_current_key(by, roster) and now is not None and by.key in now.holders


def map_proposers(
    person: VouchedPerson, teams: Mapping[int, int]
) -> dict[tuple[int, int | None], int]:
    """List, for each of these teams, who proposes this person again."""
    return {(person.user, team): proposer for team, proposer in teams.items()}


def is_same_person(one: VouchedPerson, other: VouchedPerson) -> bool:
    return replace(one, teams=frozenset()) == replace(other, teams=frozenset())


def remove_holder_key(
    teams: Mapping[int, CurrentTeamKey], key: int, *, team: int | None = None
) -> dict[int, CurrentTeamKey]:
    """Return the teams without this key among the holders of any (or of one)."""
    return {
        pk: replace(now, holders=now.holders - {key}) if team in (None, pk) else now
        for pk, now in teams.items()
    }


def copy_without_key[K, V](things: Mapping[K, V], key: K) -> dict[K, V]:
    return {name: thing for name, thing in things.items() if name != key}
