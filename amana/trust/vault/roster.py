"""The roster: who is who, by the word of two people each, from the first statement on.

Who holds the database can exchange a key in its row; here they would have to sign as
two people. So every seal takes the public key through `get_public_key`, and the rows
are a copy that is compared. The first statement is pinned in every keyring, sealed with
the person's own key.

Statements are checked once in each process and then as they come; a roster is known by
the hash of its last statement, which says all that came before.
"""

import json
from collections.abc import Collection, Iterable, Sequence
from functools import partial
from threading import Lock
from typing import Any, Protocol

from django.db import connection, transaction
from django.db.models import QuerySet, Subquery, Value
from django.utils.translation import gettext as _

from amana.errors import Refused
from amana.trust.access.models import Membership, Role, Team
from amana.trust.vault import statements
from amana.trust.vault.models import (
    CaseLink,
    PersonKey,
    RecoveryKey,
    RosterStatement,
    TeamKey,
)
from amana.trust.vault.signing import SigningKey
from amana.trust.vault.statements import (
    PURPOSE,
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


# --- reading


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
        raise _exchanged()  # it was cut back
    if seen.founding and known.founding != seen.founding:
        raise _exchanged()
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
        raise _exchanged() from error
    for row in rows:
        try:
            roster = statements.follow(roster, _read(row))
        # The founding counts once both have signed it: before that it isn't an
        # alteration.
        except UnsignedStatement as error:
            if row.place == 0 and seen.founding in (b"", bytes(row.hash)):
                raise _not_founded() from error
            raise _exchanged() from error
        except UntrueStatement as error:
            raise _exchanged() from error
        if roster.head != bytes(row.hash):
            raise _exchanged()
    seen.remember(roster)
    return roster


def _read(row: RosterStatement) -> Statement:
    try:
        signatures = {int(k): bytes.fromhex(said) for k, said in row.signatures.items()}
    except UNREADABLE as error:
        raise UntrueStatement(f"statement {row.place} can't be read") from error
    return Statement(row.place, row.text, signatures)


def _exchanged() -> Refused:
    from amana.trust.vault.keys import build_key_tampered  # which asks here who is who

    return build_key_tampered()


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
        raise _exchanged()


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
        raise _exchanged()


# --- whose key it is


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
            raise _exchanged()


def require_spheres(teams: Collection[Team], *, as_of_: Holder | None = None) -> None:
    """Require that none of these teams was moved, nor its organisation to another
    sphere. Raises `Tampered`.
    """
    known = get_roster_as_of(as_of_) if as_of_ else get_roster()
    require_homes(teams, as_of_=as_of_)
    for team in teams:
        if known.spheres.get(team.organisation_id) != team.organisation.sphere:
            raise _exchanged()


def _vouched(known: Roster, holder: Keyed) -> bytes:
    if isinstance(holder, RecoveryKey):
        recovery = known.recoveries.get(holder.team_id)
        if recovery is None or (recovery.key, recovery.public) != (
            holder.pk,
            bytes(holder.public),
        ):
            raise _exchanged()
        return recovery.public
    if isinstance(holder, PersonKey):
        person = known.here(holder.pk)
        if person is None or _said_of(person) != _row_of(holder):
            raise _exchanged()
        return person.public
    team = known.teams.get(holder.team_id)
    row = (holder.pk, holder.epoch, bytes(holder.public))
    if team is None or (team.key, team.epoch, team.public) != row:
        raise _exchanged()
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
        raise _exchanged()


# --- saying something


@transaction.atomic
def record_statement(kind: str, *, by: RosterSigner | None, **says: Any) -> Roster:
    """Record a statement, signed with this keyring (None: by the timer). Raises
    `Refused` if this person can't make it. It should come last in an act, because only
    one at a time can record.
    """
    if by is not None and not by.founding:
        sign_founding(by)
    # The first statement's row represents the chain: SQLite has one writer anyhow.
    if connection.vendor == "postgresql":
        list(RosterStatement.objects.filter(place=0).select_for_update(no_key=True))
    roster = get_roster()
    text = statements.write(
        {**says, "says": kind, "by": [by.person_key_id] if by else []}
    )
    unsigned = Statement(roster.place + 1, text, {})
    hash_ = unsigned.hash_after(roster.head)
    signatures = {}
    if by is not None:
        signatures[by.person_key_id] = by.signing.sign(hash_, purpose=PURPOSE)
    # Checked with the rules that every reader applies, before it is written: a
    # statement that no reader accepts would stop all.
    try:
        after = statements.follow(roster, Statement(unsigned.place, text, signatures))
    except UntrueStatement as error:
        raise Refused(
            _("You can’t vouch for this. A colleague who has fully joined can.")
        ) from error
    _write(unsigned, hash_, signatures)
    seen.remember(after)
    return after


def _write(said: Statement, hash_: bytes, signatures: dict[int, bytes]) -> None:
    RosterStatement.objects.create(
        place=said.place,
        text=said.text,
        hash=hash_,
        signatures={str(key): sig.hex() for key, sig in signatures.items()},
    )


def describe_person_key(key: PersonKey) -> dict[str, Any]:
    """Describe a person's keys as a statement has them."""
    return {
        "key": key.pk,
        "user": key.user_id,
        "public": bytes(key.public).hex(),
        "verify": bytes(key.verify_key).hex(),
    }


# --- the beginning


def pin(ring: RosterSigner, key: PersonKey) -> None:
    """Pin the first statement in the keyring of a newcomer; the second of the two first
    administrators makes it."""
    first = RosterStatement.objects.filter(place=0).first()
    if first is not None:
        ring.founding = bytes(first.hash)
        return
    others = [other for other in _first_two() if other.pk != key.pk]
    if len(others) == 1 and key.user_id in _founders():
        # Both founders have a key now, so the roster can begin.
        start_roster([others[0], key], by=[ring])


def _founders() -> set[int]:
    """Find the administrators that were there when there was no one to confirm them."""
    held = Membership.objects.active().filter(role=Role.ADMINISTRATOR)
    alone = held.filter(proposed_by=None, confirmed_by=None)
    return set(alone.values_list("user", flat=True))


def _first_two() -> QuerySet[PersonKey]:
    return PersonKey.objects.filter(user__in=_founders()).order_by("pk")


def start_roster(
    two: Sequence[PersonKey], *, by: Sequence[RosterSigner], **words: Any
) -> None:
    """Record who the first two are, and of which organisation, unless `words` has it;
    each of them signs it, at once or when they next sign in.
    """
    users = [person.user_id for person in two]
    places = Membership.objects.active().filter(user__in=users).order_by("team")
    homes = Team.objects.filter(pk__in=places.values("team"))
    says = {
        "says": "found",
        "by": [person.pk for person in two],
        "people": [
            describe_person_key(person)
            | {"teams": [p.team_id for p in places if p.user_id == person.user_id]}
            for person in two
        ],
        "homes": {str(home.pk): home.organisation_id for home in homes},
        "spheres": {
            str(home.organisation_id): home.organisation.sphere
            for home in homes.select_related("organisation")
        },
    } | words
    said = Statement(0, statements.write(says), {})
    hash_ = said.hash_after(b"")
    signed = {r.person_key_id: r.signing.sign(hash_, purpose=PURPOSE) for r in by}
    _write(said, hash_, signed)
    for ring in by:
        ring.founding = hash_


def sign_founding(ring: RosterSigner) -> bool:
    """Sign the first statement as the other of the two, and pin it; return whether it
    had to be signed.
    """
    first = RosterStatement.objects.filter(place=0).first()
    if first is None:
        return False
    try:
        said = json.loads(first.text)
        mine = {
            person["key"]: (person["public"], person["verify"])
            for person in said["people"]
        }
    except UNREADABLE as error:
        raise _exchanged() from error
    own = (ring.public.hex(), ring.signing.public.hex())
    # Signed only if it has our own keys: a founding that was exchanged has others.
    if mine.get(ring.person_key_id) != own:
        return False
    hash_ = Statement(first.place, first.text, {}).hash_after(b"")
    signature = ring.signing.sign(hash_, purpose=PURPOSE)
    first.signatures[str(ring.person_key_id)] = signature.hex()
    first.save(update_fields=["signatures"])
    ring.founding = hash_
    return True
