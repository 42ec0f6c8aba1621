"""A team's key: made, shared, recovered, used."""

from collections.abc import Collection, Iterable

from django.db import connection, transaction
from django.utils.translation import gettext as _

from amana.errors import Refused
from amana.trust.access.models.organisations import Team, User
from amana.trust.vault import crypto, roster
from amana.trust.vault.altered import build_key_tampered
from amana.trust.vault.crypto import KeyPair, bind_place
from amana.trust.vault.keys.keyring import (
    Keyring,
    Locked,
    bind_member_place,
    get_keyring,
    require_own,
)
from amana.trust.vault.models.recovery_keys import RecoveryKey, RecoveryWrap, TeamWrap
from amana.trust.vault.models.sealed_documents import HeldKey
from amana.trust.vault.models.team_keys import PersonKey, TeamKey
from amana.trust.vault.roster.checked_roster import Holder


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
            roster.get_public_key(to), pair.dump(), at=bind_member_place(key.pk, to.pk)
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
    for _again in range(2):  # having waited, the second query sees the new epoch
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
