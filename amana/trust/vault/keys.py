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
from amana.trust.access.everyones import Everyones
from amana.trust.access.models import KEYHOLDERS, Membership, Team, User
from amana.trust.vault import crypto, erased
from amana.trust.vault.altered import Tampered
from amana.trust.vault.crypto import BrowserPair, KeyPair, Unopenable, bound
from amana.trust.vault.models import Held, PersonKey, PersonWrap, TeamKey, TeamWrap
from amana.trust.vault.signing import SigningKey

type Holder = TeamKey | PersonKey
"""Who can hold a key: a team, or (restricted case) a named person."""


class Locked(Refused):
    """The person's key isn't at hand: they have to unlock first."""


class WrongSecret(Refused):
    """The secret opens nothing."""


@dataclass
class Keyring:
    """The keys of one unlocked person, for as long as one request lasts."""

    person_key_id: int
    person: KeyPair = field(repr=False)
    _teams: dict[int, KeyPair] | None = field(default=None, repr=False)
    _looked_again: bool = field(default=False, repr=False)

    @cached_property
    def signing(self) -> SigningKey:
        """What the person signs with; `PersonKey.verify_key` is its public half."""
        return SigningKey.of(self.person)

    @property
    def teams(self) -> dict[int, KeyPair]:
        """Each team key that the person holds, by the id of its `TeamKey`."""
        if self._teams is None:
            wraps = _wraps().rows_of(self.person_key_id)
            self._teams = {pk: self._team(pk, *wrap) for pk, *wrap in wraps}
        return self._teams

    def _team(self, team_key_id: int, sealed: bytes, public: bytes) -> KeyPair:
        place = _member(team_key_id, self.person_key_id)
        pair = KeyPair.load(self.person.open(bytes(sealed), at=place))
        require_own(pair, bytes(public))
        return pair

    def forget_teams(self) -> None:
        """Read the team keys anew when next asked: some came, or went."""
        self._teams, self._looked_again = None, False

    def open(self, held: Iterable[Held], *place: object) -> bytes:
        """The key inside the first of the wraps that we hold."""
        for wrap in held:
            pair = self._pair(wrap)
            if pair is not None:
                return pair.open(bytes(wrap.sealed), at=bound(*place, wrap.holder))
        raise Unopenable

    def holds_one_of(self, held: Sequence[Held]) -> bool:
        """Whether we can open one; looks again once, for an epoch that just began."""
        if any(self._pair(wrap) is not None for wrap in held):
            return True
        if self._looked_again or not held:
            return False
        self._teams, self._looked_again = None, True
        return any(self._pair(wrap) is not None for wrap in held)

    def _pair(self, wrap: Held) -> KeyPair | None:
        if wrap.team_key_id is not None:
            return self.teams.get(wrap.team_key_id)
        return self.person if wrap.person_key_id == self.person_key_id else None


@cache
def _wraps() -> Everyones:
    """Asked on every page that opens anything."""
    columns = ("team_key", "sealed", "team_key__public")
    return Everyones(TeamWrap.objects.all(), *columns, whose="person_key")


def _member(team_key_id: int, person_key_id: int) -> bytes:
    return bound("member", team_key_id, person_key_id)


def require_own(pair: KeyPair | BrowserPair, public: bytes) -> None:
    """Whoever can write in the database could else have us seal to their key."""
    if public != pair.public:
        raise exchanged()


def exchanged() -> Tampered:
    return Tampered(
        _(
            "A key in the database has been exchanged. Nothing was opened or "
            "sealed. Tell your administrator and your data-protection officer."
        )
    )


# --- a person's keyring, at hand for as long as the request lasts


def hand(keyring: Keyring | None, *, to: User) -> None:
    """Let `to` act with `keyring` (None: lock); never stored."""
    to.keyring = keyring


def keyring_of(user: User) -> Keyring:
    keyring = user.keyring
    if not isinstance(keyring, Keyring):
        raise Locked(_("Your keys are locked. Unlock them with your passphrase."))
    erased.require_applied()
    return keyring


# --- a person's secrets


def make_person_key(user: User, *, passphrase: str) -> Keyring:
    """Make the key of a new colleague; nobody else can ever open it."""
    pair = KeyPair.new()
    key = PersonKey.objects.create(
        user=user, public=pair.public, verify_key=SigningKey.of(pair).public
    )
    keyring = Keyring(key.pk, pair)
    wrap_person_key(keyring, secret=passphrase, method=PersonWrap.Method.PASSPHRASE)
    return keyring


def wrap_person_key(
    keyring: Keyring, *, secret: str, method: PersonWrap.Method
) -> None:
    """Let `secret` open the person's key, in place of the one of its kind before."""
    salt, cost = os.urandom(16), cost_now()
    if method == PersonWrap.Method.RECOVERY:
        cost |= {"pepper": ""}  # opens although the pepper may be lost
    key = secret_key(secret, salt, cost)
    sealed = crypto.seal(
        key, keyring.person.dump(), at=bound("person", keyring.person_key_id, method)
    )
    PersonWrap.objects.update_or_create(
        person_key_id=keyring.person_key_id,
        method=method,
        defaults={"salt": salt, "cost": cost, "sealed": sealed},
    )


def unlock(
    user: User,
    secret: str,
    *,
    method: PersonWrap.Method = PersonWrap.Method.PASSPHRASE,
) -> Keyring:
    """The keyring that `secret` opens, or WrongSecret."""
    wraps = PersonWrap.objects.filter(person_key__user=user, method=method)
    wrap = wraps.select_related("person_key").first()
    if wrap is None:
        open_nothing(secret)
        raise WrongSecret(_("This does not open your keys. Nothing was changed."))
    keyring = unlock_wrap(wrap, secret)
    if _is_dated(wrap):
        wrap_person_key(keyring, secret=secret, method=method)
    return keyring


def unlock_wrap(wrap: PersonWrap, secret: str) -> Keyring:
    """The keyring in this wrap, also one that isn't in its table, or WrongSecret."""
    try:
        keyring = _opened(wrap, secret)
    except Unopenable as error:
        raise WrongSecret(
            _("This does not open your keys. Nothing was changed.")
        ) from error
    require_own(keyring.person, bytes(wrap.person_key.public))
    return keyring


def _opened(wrap: PersonWrap, secret: str) -> Keyring:
    key = secret_key(secret, bytes(wrap.salt), wrap.cost)
    place = bound("person", wrap.person_key_id, wrap.method)
    private = crypto.unseal(key, bytes(wrap.sealed), at=place)
    return Keyring(wrap.person_key_id, KeyPair.load(private))


def _is_dated(wrap: PersonWrap) -> bool:
    """Sealed under an old pepper or cost, and so to be sealed anew when it opens."""
    if wrap.method == PersonWrap.Method.RECOVERY:
        return False  # 128 random bits need neither
    return bool(wrap.cost != cost_now())


def open_nothing(secret: str) -> None:
    """Take as long as `unlock` with a wrong secret: nobody learns who exists."""
    secret_key(secret, bytes(16), cost_now())


def pepper_id(pepper: str) -> str:
    """Names a pepper without telling it; empty for none."""
    if not pepper:
        return ""
    digest = hashlib.sha256(pepper.encode()).digest()
    return crypto.derive(digest, "name of a pepper")[:4].hex()


def cost_now() -> dict[str, Any]:
    """What a secret costs to try today, and the pepper that goes with it."""
    return settings.VAULT_ARGON2 | {"pepper": pepper_id(settings.VAULT_PEPPERS[0])}


def secret_key(secret: str, salt: bytes, cost: dict[str, Any]) -> bytes:
    """The key that lies in a secret; Unopenable if its pepper is no longer there."""
    peppers = {pepper_id(pepper): pepper for pepper in ["", *settings.VAULT_PEPPERS]}
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


def make_team_key(team: Team, *, founder: User) -> TeamKey:
    """Make the first key of a team, held by its founder."""
    pair = KeyPair.new()
    key = TeamKey.objects.create(team=team, public=pair.public)
    share_team_key(key, pair, to=PersonKey.objects.get(user=founder))
    return key


def share_team_key(key: TeamKey, pair: KeyPair, *, to: PersonKey) -> None:
    """Seal a team's key to a member, and vouch for the member's public key."""
    TeamWrap.objects.create(
        team_key=key,
        person_key=to,
        sealed=crypto.seal_to(bytes(to.public), pair.dump(), at=_member(key.pk, to.pk)),
        voucher=crypto.derive(pair.symmetric, *_vouches(key.pk, to)),
    )


def _vouches(team_key_id: int, member: PersonKey) -> tuple[object, ...]:
    return ("voucher", team_key_id, member.pk, bytes(member.public).hex())


def require_voucher(wrap: TeamWrap, pair: KeyPair) -> None:
    """Tampered, unless the member's public key is the one that was let in."""
    said = _vouches(wrap.team_key_id, wrap.person_key)
    if not crypto.vouched(pair.symmetric, bytes(wrap.voucher), *said):
        raise Tampered(
            _(
                "The key of a colleague in the database has been exchanged. Nothing "
                "was sealed to it. Tell your data-protection officer."
            )
        )


def let_in(people: Iterable[PersonKey], *, by: User) -> list[PersonKey]:
    """Return these keys of colleagues, once it is sure that each is the one that was
    let in: Tampered where another lies in the database now. One query.

    The word for it lies under the key of a team, so it is known to whoever works in one
    with them. Of people of other houses nobody here can tell."""
    ring, found = keyring_of(by), {person.pk: person for person in people}
    others = [person for person in found.values() if person.pk != ring.person_key_id]
    if len(others) < len(found):
        require_own(ring.person, bytes(found[ring.person_key_id].public))
    if not others:
        return list(found.values())
    wraps = TeamWrap.objects.filter(person_key__in=others, team_key__in=ring.teams)
    vouched = set()
    for wrap in wraps:
        wrap.person_key = found[wrap.person_key_id]
        require_voucher(wrap, ring.teams[wrap.team_key_id])
        vouched.add(wrap.person_key_id)
    doubted = [person for person in others if person.pk not in vouched]
    if doubted and _work_together(doubted, by):
        raise exchanged()
    return list(found.values())


def _work_together(people: Iterable[PersonKey], by: User) -> bool:
    """Whether one of them is in a team of `by` with its key, as far as rows say."""
    held = Membership.objects.holding(KEYHOLDERS)
    mine = held.filter(user=by).values("team")
    theirs = [person.user_id for person in people]
    return held.filter(team__in=mine, user__in=theirs).exists()


@transaction.atomic
def admit(newcomer: User, *, to: Team, by: User) -> None:
    """Seal the team's key to a newcomer; only someone who holds it can.

    Earlier epochs come along for as long as something is still sealed under them."""
    ring = keyring_of(by)
    ring.forget_teams()  # a new epoch may have begun
    person = PersonKey.objects.get(user=newcomer)
    for key in TeamKey.objects.filter(team=to):
        if key.pk in ring.teams:
            if not TeamWrap.objects.filter(team_key=key, person_key=person).exists():
                share_team_key(key, ring.teams[key.pk], to=person)
        elif key.retired_at is None:
            raise Locked(_("Only a member who holds this team's key can admit."))
    # The newcomer's keyring, if at hand, opens the new wrap from now on.
    held = newcomer.keyring
    if isinstance(held, Keyring):
        held.forget_teams()


def current_key(team: Team | int) -> TeamKey:
    """The key that new things for `team` are sealed to."""
    pk = team if isinstance(team, int) else team.pk
    return current_keys([pk])[pk]


def current_keys(teams: Iterable[int]) -> dict[int, TeamKey]:
    """The current key of each of these teams, or Refused for one that has none."""
    wanted = set(teams)
    keys = keys_now(wanted)
    if keys.keys() != wanted:
        raise no_key()
    return keys


def keys_now(teams: Collection[int]) -> dict[int, TeamKey]:
    """The current keys of those of these teams that have one.

    Within a transaction they stay current until it ends: whoever begins an epoch waits
    for us, or we for them. Else something could be sealed to a key that is destroyed
    meanwhile. (Django has no FOR KEY SHARE; SQLite has one writer at any time.)"""
    current = TeamKey.objects.filter(team__in=teams, retired_at=None)
    if not teams:
        return {}
    if connection.vendor != "postgresql" or not connection.in_atomic_block:
        return {key.team_id: key for key in current}
    sql, words = current.query.sql_with_params()
    found: dict[int, TeamKey] = {}
    for _again in range(2):  # having waited, we see the new epoch when we look anew
        if len(found) < len(teams):
            locked = TeamKey.objects.raw(f"{sql} FOR KEY SHARE", words)
            found = {key.team_id: key for key in locked}
    return found


def no_key() -> Refused:
    return Refused(_("This team has no key yet, so nothing can be sealed for it."))


def hold[H: Held](wrap: H, holder: Holder) -> H:
    """Make `wrap` one for this holder."""
    if isinstance(holder, TeamKey):
        wrap.team_key = holder
    else:
        wrap.person_key = holder
    return wrap


def seal_held[H: Held](wrap: H, key: bytes, *place: object) -> H:
    """Seal `key` to the wrap's holder, bound to its place; the wrap isn't saved."""
    holder: TeamKey | PersonKey | None = wrap.team_key or wrap.person_key
    assert holder is not None
    wrap.sealed = crypto.seal_to(
        bytes(holder.public), key, at=bound(*place, wrap.holder)
    )
    return wrap
