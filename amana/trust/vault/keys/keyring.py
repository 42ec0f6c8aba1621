"""The keys of one unlocked person, for as long as one request lasts."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from functools import cache, cached_property

from django.utils.translation import gettext as _

from amana.errors import Refused
from amana.trust.access.everyones import ScopedSubquery
from amana.trust.access.models.organisations import User
from amana.trust.vault import crypto, erased, roster
from amana.trust.vault.altered import build_key_tampered
from amana.trust.vault.crypto import BrowserPair, KeyPair, Unopenable, bind_place
from amana.trust.vault.models.recovery_keys import TeamWrap
from amana.trust.vault.models.sealed_documents import HeldKey
from amana.trust.vault.models.team_keys import PersonKey
from amana.trust.vault.signing import SigningKey


class Locked(Refused):
    """The person's key isn't at hand: they have to unlock first."""


class WrongSecret(Refused):
    """The secret opens nothing."""


@dataclass
class Keyring:
    """The keys of one unlocked person, for as long as one request lasts."""

    person_key_id: int
    person: KeyPair = field(repr=False)
    founding: bytes = field(default=b"", repr=False)
    """The roster's first statement, as this person has seen it; empty: not yet."""
    behind: frozenset[int] = field(default=frozenset(), repr=False)
    """Teams of which something waits under an earlier key that is held here. Known once
    their keys were read, and never asked for itself."""
    _teams: dict[int, KeyPair] | None = field(default=None, repr=False)
    _looked_again: bool = field(default=False, repr=False)

    @classmethod
    def load(cls, person_key_id: int, kept: bytes) -> "Keyring":
        """Read what `dump` wrote."""
        pair = KeyPair.load(kept[: crypto.PRIVATE_BYTES])
        return cls(person_key_id, pair, kept[crypto.PRIVATE_BYTES :])

    def dump(self) -> bytes:
        """Dump the person's key and the founding, which must never be stored
        unsealed.
        """
        return self.person.dump() + self.founding

    @property
    def public(self) -> bytes:
        return self.person.public

    @cached_property
    def signing(self) -> SigningKey:
        """What the person signs with; `PersonKey.verify_key` is its public half."""
        return SigningKey.of(self.person)

    @property
    def teams(self) -> dict[int, KeyPair]:
        """Each team key that the person holds, by the id of its `TeamKey`."""
        if self._teams is None:
            self._teams = self.read_teams()
        return self._teams

    def read_teams(self) -> dict[int, KeyPair]:
        """Read them as the database has them now."""
        rows = _wraps().rows_of(self.person_key_id)
        earlier = {team for *_, team, retired_at, _k in rows if retired_at}
        parked = {
            team for *_, team, retired_at, kept in rows if kept and not retired_at
        }
        self.behind = frozenset(earlier - parked)
        return {pk: self._team(pk, *wrap) for pk, *wrap, _t, _r, _k in rows}

    def _team(self, team_key_id: int, sealed: bytes, public: bytes) -> KeyPair:
        place = bind_member_place(team_key_id, self.person_key_id)
        pair = KeyPair.load(self.person.open(bytes(sealed), at=place))
        require_own(pair, bytes(public))
        return pair

    def forget_teams(self) -> None:
        """Read the team keys again when they are next needed: some came, or went."""
        self._teams, self._looked_again = None, False
        self.behind = frozenset()

    def open(self, held: Iterable[HeldKey], *place: object) -> bytes:
        """Open the key inside the first of the wraps that we hold. Raises
        `Unopenable`.
        """
        for wrap in held:
            pair = self._pair(wrap)
            if pair is not None:
                return pair.open(bytes(wrap.sealed), at=bind_place(*place, wrap.holder))
        raise Unopenable

    def held_of[H: HeldKey](self, held: Iterable[H]) -> list[H]:
        """List those of the wraps that we can open."""
        return [wrap for wrap in held if self._pair(wrap) is not None]

    def holds_one_of(self, held: Sequence[HeldKey]) -> bool:
        """Return whether we can open one; reads the keys again once, for an epoch that
        just began.
        """
        if any(self._pair(wrap) is not None for wrap in held):
            return True
        # Only once: a page with many wraps that are not ours would ask for each of
        # them.
        if self._looked_again or not held:
            return False
        self._teams, self._looked_again = None, True
        return any(self._pair(wrap) is not None for wrap in held)

    def _pair(self, wrap: HeldKey) -> KeyPair | None:
        if wrap.team_key_id is not None:
            return self.teams.get(wrap.team_key_id)
        return self.person if wrap.person_key_id == self.person_key_id else None


@cache
def _wraps() -> ScopedSubquery:
    """Prepare the query that every page asks which opens anything."""
    columns = (
        "team_key",
        "sealed",
        "team_key__public",
        "team_key__team",
        "team_key__retired_at",
        "team_key__kept_until",
    )
    return ScopedSubquery(TeamWrap.objects.all(), *columns, whose="person_key")


def bind_member_place(team_key_id: int, person_key_id: int) -> bytes:
    return bind_place("member", team_key_id, person_key_id)


def require_own(pair: KeyPair | BrowserPair, public: bytes) -> None:
    """Require that a public key is that of our pair: a person who can write in the
    database could otherwise have us seal to their key. Raises `Tampered`.
    """
    if public != pair.public:
        raise build_key_tampered()


def compute_digits(key: PersonKey, *, seen_by: User) -> str:
    """Compute what two people compare aloud: of a person's keys, and of the roster's
    founding as the reader's keyring has it. Of one's own key, from the keyring alone.
    """
    ring = seen_by.keyring
    public, verify, founding = bytes(key.public), bytes(key.verify_key), b""
    if isinstance(ring, Keyring):
        founding = ring.founding
        if ring.person_key_id == key.pk:
            public, verify = ring.public, ring.signing.public
    return crypto.compute_fingerprint(
        public + verify + (founding or roster.read_founding())
    )


def set_keyring(keyring: Keyring | None, *, to: User) -> None:
    """Set the keyring with which `to` acts (None: lock); never stored."""
    to.keyring = keyring
    if keyring is not None:
        roster.learn_founding(keyring.founding)


def get_keyring(user: User) -> Keyring:
    """Get the keyring of a person who has unlocked. Raises `Locked`."""
    keyring = user.keyring
    if not isinstance(keyring, Keyring):
        raise Locked(_("Your keys are locked. Unlock them with your passphrase."))
    # Every opening passes here, so that a restored database is noticed before the first
    # one.
    erased.require_applied()
    roster.require_founding(keyring.founding)
    return keyring
