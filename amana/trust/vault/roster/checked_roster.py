"""The roster as this process has checked it."""

from collections.abc import Collection, Iterable
from functools import partial
from threading import Lock
from typing import Protocol

from django.db import transaction
from django.db.models import QuerySet, Subquery, Value
from django.utils.translation import gettext as _

from amana.errors import Refused
from amana.trust.access.models.organisations import Team
from amana.trust.vault import statements
from amana.trust.vault.altered import build_key_tampered
from amana.trust.vault.models.key_removals import RosterStatement
from amana.trust.vault.models.recovery_keys import RecoveryKey
from amana.trust.vault.models.sealed_documents import CaseLink
from amana.trust.vault.models.team_keys import PersonKey, TeamKey
from amana.trust.vault.signing import SigningKey
from amana.trust.vault.statements.roster_state import (
    UNREADABLE,
    Roster,
    Statement,
    UnsignedStatement,
    UntrueStatement,
)

type Holder = TeamKey | PersonKey
"""Who can hold a key: a team, or (restricted case) a named person."""


type Keyed = Holder | RecoveryKey
"""Whatever has a public key that something is sealed to."""


KEPT = 64
"""How many rosters a process remembers: the last ones, and those of transactions that
may yet come to nothing."""


class RosterSigner(Protocol):
    """A keyring that is at hand."""

    person_key_id: int
    founding: bytes

    @property
    def signing(self) -> SigningKey: ...
    @property
    def public(self) -> bytes: ...


class RosterMemory:
    """What this process has checked."""

    def __init__(self) -> None:
        self.lock = Lock()
        self.rosters: dict[bytes, Roster] = {b"": Roster()}
        self.committed = -1
        """The place of the last statement that surely is in the database."""
        self.founding = b""
        """As the keyrings of those at work say."""

    def remember(self, roster: Roster) -> None:
        with self.lock:
            self.rosters[roster.head] = roster
            # The roster before the first statement stays, and of the others the last
            # ones.
            for head in list(self.rosters)[1:-KEPT]:
                del self.rosters[head]
        # Only after the commit: a statement that was rolled back must not be missed
        # later.
        transaction.on_commit(partial(self._note, roster.place))

    def _note(self, place: int) -> None:
        self.committed = max(self.committed, place)

    def forget(self) -> None:
        """Forget what was committed, for tests, which undo it."""
        self.committed, self.founding = -1, b""


seen = RosterMemory()


def get_roster() -> Roster:
    """Get the roster as it is now, checked. One query. Raises `Tampered`."""
    # Read before the query: what others commit in between can only be more.
    at_least = seen.committed
    head = RosterStatement.objects.order_by("-place").values_list("hash", flat=True)
    return _known(bytes(head.first() or b""), at_least)


def annotate_head[H: (TeamKey, PersonKey, CaseLink)](
    holders: QuerySet[H],
) -> QuerySet[H]:
    """Annotate rows with the roster's last statement, so that `vouch` needs no
    query.
    """
    last = RosterStatement.objects.order_by("-place").values("hash")[:1]
    return holders.annotate(
        roster_head=Subquery(last), roster_place=Value(seen.committed)
    )


def _known(head: bytes, at_least: int) -> Roster:
    known = seen.rosters.get(head) or _checked()
    if known.place < at_least:
        raise build_key_tampered()  # it was cut back
    if seen.founding and known.founding != seen.founding:
        raise build_key_tampered()
    if not known.founding:
        raise _not_founded()
    return known


def _checked() -> Roster:
    """Check the statements since the last one that we know."""
    known = list(seen.rosters)[1:]
    last = RosterStatement.objects.filter(hash__in=known).order_by("-place").first()
    roster = seen.rosters[bytes(last.hash) if last else b""]
    new = RosterStatement.objects.filter(place__gt=roster.place).order_by("place")
    try:
        rows = list(new)
    except UNREADABLE as error:
        raise build_key_tampered() from error
    for row in rows:
        try:
            roster = statements.follow(roster, _read(row))
        # The founding counts once both have signed it: before that it isn't an
        # alteration.
        except UnsignedStatement as error:
            if row.place == 0 and seen.founding in (b"", bytes(row.hash)):
                raise _not_founded() from error
            raise build_key_tampered() from error
        except UntrueStatement as error:
            raise build_key_tampered() from error
        if roster.head != bytes(row.hash):
            raise build_key_tampered()
    seen.remember(roster)
    return roster


def _read(row: RosterStatement) -> Statement:
    try:
        signatures = {int(k): bytes.fromhex(said) for k, said in row.signatures.items()}
    except UNREADABLE as error:
        raise UntrueStatement(f"statement {row.place} can't be read") from error
    return Statement(row.place, row.text, signatures)


def _not_founded() -> Refused:
    return Refused(
        _(
            "The first two administrators must each sign in once more before "
            "anything can be sealed."
        )
    )


def read_founding() -> bytes:
    """Read the hash of the first statement, as the database has it; empty: there is
    none yet.
    """
    first = RosterStatement.objects.filter(place=0).values_list("hash", flat=True)
    return bytes(first.first() or b"")


def learn_founding(pinned: bytes) -> None:
    """Pin this process to the founding in the first keyring that it meets."""
    seen.founding = seen.founding or pinned


def require_founding(pinned: bytes) -> None:
    """Require that this keyring and all others here are of one roster. Raises
    `Tampered`.
    """
    learn_founding(pinned)
    if pinned and seen.founding != pinned:
        raise build_key_tampered()


def read_last_statement() -> tuple[int, bytes]:
    """Read the place and hash of the last statement, for a keyring to remember."""
    rows = RosterStatement.objects.order_by("-place").values_list("place", "hash")
    place, hash_ = rows.first() or (-1, b"")
    return place, bytes(hash_)


def require_statement(place: int, hash_: bytes) -> None:
    """Require that what a keyring has seen is still there, and was not cut back. Raises
    `Tampered`.
    """
    there = RosterStatement.objects.filter(place=place, hash=hash_)
    if place >= 0 and not there.exists():
        raise build_key_tampered()


def get_public_key(holder: Keyed) -> bytes:
    """Get the key to which anything may be sealed; there is no other way to it. Raises
    `Tampered` where another key is in the database, or where no one vouched for it.
    """
    if "vouched_public" not in holder.__dict__:
        vouch([holder])
    public: bytes = holder.__dict__["vouched_public"]
    return public


def vouch[H: TeamKey | PersonKey | RecoveryKey](holders: Iterable[H]) -> list[H]:
    """Return these holders, once each is the one in the roster. One query at most."""
    found = list(holders)
    if found:
        known = get_roster_as_of(found[0])
        for holder in found:
            holder.__dict__["vouched_public"] = _vouched(known, holder)
            holder.__dict__["roster_head"] = known.head
            holder.__dict__["roster_place"] = known.place
    return found


def get_roster_as_of(holder: Keyed | CaseLink) -> Roster:
    """Get the roster as it was when this holder was read: no query, after
    `annotate_head`.

    It is compared with what was committed before that: meanwhile others may have added
    statements, and none was cut back.
    """
    known = holder.__dict__
    if known.get("roster_head") is None:
        return get_roster()
    return _known(bytes(known["roster_head"]), known["roster_place"])


def require_homes(teams: Iterable[Team], *, as_of_: Holder | None = None) -> None:
    """Require that none of these teams was moved to another organisation than people
    signed for. Raises `Tampered`.
    """
    known = get_roster_as_of(as_of_) if as_of_ else get_roster()
    for team in teams:
        if known.homes.get(team.pk, team.organisation_id) != team.organisation_id:
            raise build_key_tampered()


def require_spheres(teams: Collection[Team], *, as_of_: Holder | None = None) -> None:
    """Require that none of these teams was moved, nor its organisation to another
    sphere. Raises `Tampered`.
    """
    known = get_roster_as_of(as_of_) if as_of_ else get_roster()
    require_homes(teams, as_of_=as_of_)
    for team in teams:
        if known.spheres.get(team.organisation_id) != team.organisation.sphere:
            raise build_key_tampered()


def _vouched(known: Roster, holder: Keyed) -> bytes:
    if isinstance(holder, RecoveryKey):
        recovery = known.recoveries.get(holder.team_id)
        if recovery is None or (recovery.key, recovery.public) != (
            holder.pk,
            bytes(holder.public),
        ):
            raise build_key_tampered()
        return recovery.public
    if isinstance(holder, PersonKey):
        person = known.here(holder.pk)
        if person is None or _said_of(person) != _row_of(holder):
            raise build_key_tampered()
        return person.public
    team = known.teams.get(holder.team_id)
    row = (holder.pk, holder.epoch, bytes(holder.public))
    if team is None or (team.key, team.epoch, team.public) != row:
        raise build_key_tampered()
    return team.public


def _said_of(person: statements.VouchedPerson) -> tuple[int, bytes, bytes]:
    return (person.user, person.public, person.verify)


def _row_of(key: PersonKey) -> tuple[int, bytes, bytes]:
    return (key.user_id, bytes(key.public), bytes(key.verify_key))


def require_holders(team: int, people: Iterable[int]) -> None:
    """Require that each of these keys was admitted to hold the team's. Raises
    `Tampered`.
    """
    known = get_roster().teams.get(team)
    if known is None or not known.holders.issuperset(people):
        raise build_key_tampered()
