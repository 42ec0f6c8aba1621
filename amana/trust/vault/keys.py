"""Whose key opens what: a person's secret → person → team → everything else."""

import hashlib
import os
import unicodedata
from collections.abc import Collection, Iterable, Sequence
from dataclasses import dataclass, field
from functools import cache, cached_property
from typing import Any

from django.conf import settings
from django.db import connection, transaction
from django.utils.translation import gettext as _

from amana.errors import Refused
from amana.trust.access.everyones import ScopedSubquery
from amana.trust.access.models import Team, User
from amana.trust.vault import crypto, erased, roster
from amana.trust.vault.altered import Tampered
from amana.trust.vault.crypto import BrowserPair, KeyPair, Unopenable, bind_place
from amana.trust.vault.models import (
    HeldKey,
    PersonKey,
    PersonWrap,
    RecoveryKey,
    RecoveryWrap,
    TeamKey,
    TeamWrap,
)
from amana.trust.vault.roster import Holder
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
        place = _member(team_key_id, self.person_key_id)
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


def _member(team_key_id: int, person_key_id: int) -> bytes:
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


def build_key_tampered() -> Tampered:
    return Tampered(
        _(
            "A key in the database has been replaced. Nothing was opened or sealed. "
            "Inform your administrator and your data-protection officer."
        )
    )


# --- a person's keyring, at hand for as long as the request lasts


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


# --- a person's secrets


def make_person_key(user: User, *, passphrase: str) -> Keyring:
    """Make the key of a new colleague; no one else can ever open it."""
    pair = KeyPair.new()
    key = PersonKey.objects.create(
        user=user, public=pair.public, verify_key=SigningKey.of(pair).public
    )
    keyring = Keyring(key.pk, pair)
    roster.pin(keyring, key)
    wrap_person_key(keyring, secret=passphrase, method=PersonWrap.Method.PASSPHRASE)
    return keyring


def wrap_person_key(
    keyring: Keyring, *, secret: str, method: PersonWrap.Method
) -> None:
    """Seal the person's key under `secret`, replacing the earlier secret of this
    kind.
    """
    salt, cost = os.urandom(16), get_current_cost()
    if method == PersonWrap.Method.RECOVERY:
        cost |= {"pepper": ""}  # opens although the pepper may be lost
    key = derive_secret_key(secret, salt, cost)
    sealed = crypto.seal(
        key, keyring.dump(), at=bind_place("person", keyring.person_key_id, method)
    )
    PersonWrap.objects.update_or_create(
        person_key_id=keyring.person_key_id,
        method=method,
        defaults={
            "salt": salt,
            "cost": cost,
            "sealed": sealed,
            "seen": _seal_seen(keyring, roster.read_last_statement()),
        },
    )


def _seal_seen(keyring: Keyring, last: tuple[int, bytes]) -> bytes:
    place, hash_ = last
    text = place.to_bytes(8, "big", signed=True) + hash_
    return crypto.seal(
        _seen(keyring), text, at=bind_place("seen", keyring.person_key_id)
    )


def _remember_roster(keyring: Keyring, wrap: PersonWrap) -> None:
    """Check that the roster still has what the person saw when they last unlocked, and
    record how far it has come.
    """
    at = bind_place("seen", keyring.person_key_id)
    try:
        text = crypto.unseal(_seen(keyring), bytes(wrap.seen), at=at)
    except Unopenable as error:
        raise build_key_tampered() from error
    before = int.from_bytes(text[:8], "big", signed=True), text[8:]
    # A chain that was cut back is still valid: only a reader's memory shows it (ADR
    # 58).
    roster.require_statement(*before)
    if (last := roster.read_last_statement()) != before:
        mine = PersonWrap.objects.filter(pk=wrap.pk)
        mine.update(seen=_seal_seen(keyring, last))


def _seen(keyring: Keyring) -> bytes:
    return crypto.derive(keyring.person.symmetric, "roster seen")


def unlock(
    user: User,
    secret: str,
    *,
    method: PersonWrap.Method = PersonWrap.Method.PASSPHRASE,
) -> Keyring:
    """Open the keyring with `secret`. Raises `WrongSecret`."""
    wraps = PersonWrap.objects.filter(person_key__user=user, method=method)
    wrap = wraps.select_related("person_key").first()
    if wrap is None:
        open_nothing(secret)
        raise WrongSecret(_("This doesn’t open your keys. Nothing was changed."))
    keyring = unlock_wrap(wrap, secret)
    # The secret is at hand only now: an old cost, or a pepper that is being replaced,
    # can't be renewed at any other time.
    if _is_dated(wrap) or (not keyring.founding and roster.sign_founding(keyring)):
        wrap_person_key(keyring, secret=secret, method=method)
    return keyring


def unlock_wrap(wrap: PersonWrap, secret: str) -> Keyring:
    """Open the keyring in this wrap, also one that isn't in its table. Raises
    `WrongSecret`.
    """
    try:
        keyring = _opened(wrap, secret)
    except Unopenable as error:
        raise WrongSecret(
            _("This doesn’t open your keys. Nothing was changed.")
        ) from error
    require_own(keyring.person, bytes(wrap.person_key.public))
    _remember_roster(keyring, wrap)
    return keyring


def _opened(wrap: PersonWrap, secret: str) -> Keyring:
    key = derive_secret_key(secret, bytes(wrap.salt), wrap.cost)
    place = bind_place("person", wrap.person_key_id, wrap.method)
    kept = crypto.unseal(key, bytes(wrap.sealed), at=place)
    return Keyring.load(wrap.person_key_id, kept)


def _is_dated(wrap: PersonWrap) -> bool:
    """Return whether it is sealed under an old pepper or cost, and so has to be sealed
    again when it opens.
    """
    if wrap.method == PersonWrap.Method.RECOVERY:
        return False  # 128 random bits need neither
    return bool(wrap.cost != get_current_cost())


def open_nothing(secret: str) -> None:
    """Take as long as `unlock` with a wrong secret: no one learns who exists."""
    derive_secret_key(secret, bytes(16), get_current_cost())


def compute_pepper_id(pepper: str) -> str:
    """Compute a name for a pepper that doesn't reveal it; empty for none."""
    if not pepper:
        return ""
    digest = hashlib.sha256(pepper.encode()).digest()
    return crypto.derive(digest, "name of a pepper")[:4].hex()


def get_current_cost() -> dict[str, Any]:
    """Get what a secret costs to try today, and the pepper that goes with it."""
    return settings.VAULT_ARGON2 | {
        "pepper": compute_pepper_id(settings.VAULT_PEPPERS[0])
    }


def derive_secret_key(secret: str, salt: bytes, cost: dict[str, Any]) -> bytes:
    """Derive the key that a secret yields. Raises `Unopenable` if its pepper is no
    longer there.
    """
    peppers = {
        compute_pepper_id(pepper): pepper for pepper in ["", *settings.VAULT_PEPPERS]
    }
    if cost["pepper"] not in peppers:
        raise Unopenable  # its pepper has been thrown away
    return crypto.stretch(
        unicodedata.normalize("NFKC", secret),  # the same on every keyboard
        salt,
        pepper=peppers[cost["pepper"]],
        iterations=cost["iterations"],
        lanes=cost["lanes"],
        memory=cost["memory_cost"],
    )


# --- a team's key


def make_team_key(team: Team) -> tuple[TeamKey, KeyPair]:
    """Make the first key of a team; its first member is admitted with it."""
    pair = KeyPair.new()
    return TeamKey.objects.create(team=team, public=pair.public), pair


def share_team_key(key: TeamKey, pair: KeyPair, *, to: PersonKey) -> None:
    """Seal a team's key to a member."""
    TeamWrap.objects.create(
        team_key=key,
        person_key=to,
        sealed=crypto.seal_to(
            roster.get_public_key(to), pair.dump(), at=_member(key.pk, to.pk)
        ),
    )


def find_recovery_key(team: int) -> RecoveryKey | None:
    """Find the recovery key of a team, as the roster has it; None: it has none. Raises
    `Tampered`.
    """
    known = roster.get_roster().recoveries.get(team)
    if known is None:
        return None
    row = RecoveryKey.objects.current().filter(pk=known.key, team=team).first()
    if row is None:
        raise build_key_tampered()
    roster.vouch([row])
    return row


def seal_to_recovery(key: TeamKey, pair: KeyPair) -> None:
    """Seal a team's key to its recovery key, where there is one."""
    recovery = find_recovery_key(key.team_id)
    if recovery is not None:
        RecoveryWrap.objects.create(
            recovery=recovery,
            team_key=key,
            sealed=crypto.seal_to(
                roster.get_public_key(recovery),
                pair.dump(),
                at=_recovered(recovery.pk, key.pk),
            ),
        )


def open_with_recovery(wrap: RecoveryWrap, recovery: KeyPair) -> KeyPair:
    """Open a team's key with the recovery key that was put together."""
    place = _recovered(wrap.recovery_id, wrap.team_key_id)
    pair = KeyPair.load(recovery.open(bytes(wrap.sealed), at=place))
    require_own(pair, bytes(wrap.team_key.public))
    return pair


def _recovered(recovery_id: int, team_key_id: int) -> bytes:
    return bind_place("recovery", recovery_id, team_key_id)


@transaction.atomic
def admit(newcomer: User, *, to: Team, by: User) -> None:
    """Seal the team's key to a newcomer; only a holder of it can.

    Earlier epochs come along for as long as something is still sealed under them.
    """
    ring = get_keyring(by)
    ring.forget_teams()  # a new epoch may have begun
    person = PersonKey.objects.get(user=newcomer)
    # Earlier epochs too: what is still sealed under them would stay closed to the
    # newcomer until it has been sealed again.
    for key in TeamKey.objects.filter(team=to):
        if key.pk in ring.teams:
            if not TeamWrap.objects.filter(team_key=key, person_key=person).exists():
                share_team_key(key, ring.teams[key.pk], to=person)
        elif key.retired_at is None:
            raise Locked(_("Only a member who holds this team’s key can admit others."))
    # The newcomer's keyring, if at hand, opens the new wrap from now on.
    held = newcomer.keyring
    if isinstance(held, Keyring):
        held.forget_teams()


def get_current_key(team: Team | int) -> TeamKey:
    """Get the key to which new things for `team` are sealed. Raises `Refused`."""
    pk = team if isinstance(team, int) else team.pk
    return get_current_keys([pk])[pk]


def get_current_keys(teams: Iterable[int]) -> dict[int, TeamKey]:
    """Get the current key of each of these teams. Raises `Refused` for one that has
    none.
    """
    wanted = set(teams)
    keys = find_current_keys(wanted)
    if keys.keys() != wanted:
        raise build_no_key_refusal()
    return keys


def find_current_keys(teams: Collection[int]) -> dict[int, TeamKey]:
    """Find the current keys of those of these teams that have one.

    Within a transaction they stay current until it ends: a colleague who begins an
    epoch waits for us, or we for them. Otherwise something could be sealed to a key
    that is destroyed meanwhile. (Django has no FOR KEY SHARE; SQLite has one writer at
    any time.)
    """
    if not teams:
        return {}
    found = _read_current(teams)
    roster.vouch(found.values())
    return found


def _read_current(teams: Collection[int]) -> dict[int, TeamKey]:
    rows = TeamKey.objects.filter(team__in=teams, retired_at=None)
    current = roster.annotate_head(rows)
    if connection.vendor != "postgresql" or not connection.in_atomic_block:
        return {key.team_id: key for key in current}
    sql, words = current.query.sql_with_params()
    found: dict[int, TeamKey] = {}
    for _again in range(2):  # having waited, we see the new epoch when we look anew
        if len(found) < len(teams):
            locked = TeamKey.objects.raw(f"{sql} FOR KEY SHARE", words)
            found = {key.team_id: key for key in locked}
    return found


def build_no_key_refusal() -> Refused:
    return Refused(_("This team has no key yet, so nothing can be sealed for it."))


def assign_holder[H: HeldKey](wrap: H, holder: Holder) -> H:
    """Assign a wrap to this holder, a team's key or a person's."""
    if isinstance(holder, TeamKey):
        wrap.team_key = holder
    else:
        wrap.person_key = holder
    return wrap


def seal_held[H: HeldKey](wrap: H, key: bytes, *place: object) -> H:
    """Seal `key` to the wrap's holder, bound to its place; the wrap isn't saved."""
    holder: TeamKey | PersonKey | None = wrap.team_key or wrap.person_key
    assert holder is not None
    wrap.sealed = crypto.seal_to(
        roster.get_public_key(holder), key, at=bind_place(*place, wrap.holder)
    )
    return wrap
