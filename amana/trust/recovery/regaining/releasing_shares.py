"""Confirm it, give out shares, and put them together."""

from datetime import timedelta

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from amana.errors import Changed, Refused
from amana.trust.access import gates
from amana.trust.access.models.organisations import Membership, Role, User
from amana.trust.audit import log
from amana.trust.recovery import custody, shamir, shares
from amana.trust.recovery.models import Regaining, RegainingStatus, ReleasedShare, Share
from amana.trust.recovery.regaining.proposing_to_regain import (
    is_stale,
    list_people_to_notify,
    notify_about_regaining,
    require_lost,
    sign_regaining,
)
from amana.trust.recovery.rules import (
    complete_regaining,
    confirm_regaining,
    keep_share,
    release_share,
)
from amana.trust.vault import crypto, epochs, heartbeat, keys, removal, roster
from amana.trust.vault.altered import Tampered, build_key_tampered
from amana.trust.vault.crypto import KeyPair, Unopenable, bind_place
from amana.trust.vault.keys.keyring import Keyring
from amana.trust.vault.models.recovery_keys import RecoveryKey
from amana.trust.vault.models.team_keys import PersonKey, TeamKey
from amana.trust.vault.removal_states import DELAY
from amana.trust.vault.signing import SigningKey
from amana.trust.vault.statements.roster_state import ENOUGH, PURPOSE
from amana.trust.vault.statements.team_key_rules import build_proof_text


@transaction.atomic
def confirm(regaining: Regaining, *, compared: str | None = None, by: User) -> None:
    """Confirm, as the second person and of another team, who has compared the groups of
    digits with the colleague; the delay begins.
    """
    confirm_regaining.require(by, regaining)
    place = regaining.membership
    if is_stale(regaining):
        raise Refused(_("No one confirmed this in time. Propose it again."))
    require_lost(place.team_id)
    # Locked: the key that was compared is the one that is confirmed.
    held = PersonKey.objects.select_for_update(no_key=True)
    key = held.filter(user=place.user_id).first()
    if key is None:
        raise Refused(
            _("This colleague must first enter their code and set a passphrase.")
        )
    if compared is not None and compared != keys.compute_digits(key, seen_by=by):
        raise Changed(
            _(
                "This colleague’s key has changed since you compared it. Compare the "
                "groups again."
            )
        )
    if place.team.organisation.admitted_at is None:
        raise Refused(_("Their organisation must be admitted first."))
    gates.require_to_hold(place.user, place.team, Role(place.role))
    at = timezone.now() + get_delay()
    regaining.move(RegainingStatus.CONFIRMED, confirmed_by=by, effective_at=at)
    # Who confirms may have been one of the two, and another takes that place.
    regaining.told.set(list_people_to_notify(regaining))
    log.record(
        "confirmed to regain key",
        regaining,
        by=by,
        team=place.team_id,
        user=place.user_id,
        hours=get_delay().total_seconds() / 3600,
    )
    _vouch(key, place, by=by)
    sign_regaining(regaining, by=by)
    notify_about_regaining(regaining, by=by)


def get_delay() -> timedelta:
    """Return the mechanism's delay; a day at least, since no one of the team
    watches."""
    return max(removal.compute_usual_delay(), DELAY)


def _vouch(key: PersonKey, place: Membership, *, by: User) -> None:
    """Sign, after the proposer of their place, that this is their key; the team's comes
    with three shares, and not before.
    """
    roster.record_statement(
        "let in",
        by=keys.get_keyring(by),
        person=roster.describe_person_key(key),
        team=place.team_id,
        home=place.team.organisation_id,
        holds=False,
        first=None,
    )


def require_open(regaining: Regaining) -> None:
    """Require that two people have signed it, its delay has passed and its time is not
    over, and the team still has no one. Raises `Refused`.
    """
    # The delay is measured by this server's clock; a jump must not end it (ADR 55).
    heartbeat.require_clock()
    said = roster.get_roster().regainings.get(regaining.pk)
    place = regaining.membership
    if regaining.state is not RegainingStatus.CONFIRMED:
        raise Refused(_("A second person must confirm this first."))
    # One who writes SQL can change the row, and not what two people have signed.
    if said is None or said.second is None:
        raise build_key_tampered()
    if (said.team, said.user) != (place.team_id, place.user_id):
        raise build_key_tampered()
    if place.team_id != regaining.recovery_key.team_id:
        raise build_key_tampered()
    if not Regaining.objects.open().filter(pk=regaining.pk).exists():
        if is_stale(regaining):
            raise Refused(_("The time for this has passed. Propose it again."))
        raise Refused(_("This can’t take effect yet."))
    require_lost(place.team_id)


@transaction.atomic
def release(regaining: Regaining, *, typed: str = "", by: User) -> None:
    """Release one's share to who gets the team's key, by one's keys or from paper."""
    release_share.require(by, regaining)
    require_open(regaining)
    mine = keep_share.among(Share.objects.for_list(), by)
    share = mine.get(recovery_key=regaining.recovery_key_id)
    part = custody.read_share(share, typed=typed, by=by)
    key = PersonKey.objects.get(user=regaining.membership.user_id)
    ReleasedShare.objects.update_or_create(
        regaining=regaining,
        share=share,
        defaults={
            "sealed": crypto.seal_to(
                roster.get_public_key(key), part, at=_place_of(regaining, share)
            ),
            "released_at": timezone.now(),
        },
    )
    log.record("released recovery share", regaining, by=by, share=share.pk)
    notify_about_regaining(regaining, by=by)


def _place_of(regaining: Regaining, share: Share) -> bytes:
    return bind_place("released share", regaining.pk, share.holder)


@transaction.atomic
def complete(regaining: Regaining, *, by: User) -> TeamKey:
    """Combine three shares, open the team's keys, and take them over: the team gets a
    new key, and the recovery key is used up.
    """
    complete_regaining.require(by, regaining)
    # Before the roster is written to, in the same order as where a key is renewed.
    custody.lock_team_key(regaining.membership.team_id)
    require_open(regaining)
    ring, place = keys.get_keyring(by), regaining.membership
    pair = combine_shares(regaining, ring)
    recovery = keys.find_recovery_key(place.team_id)
    assert recovery is not None
    roster.record_statement(
        "regained",
        by=ring,
        regaining=regaining.pk,
        proof=sign_proof(pair, place.team_id, ring).hex(),
    )
    take_over_keys(recovery, pair, by=by)
    _let_in(place, by=regaining.confirmed_by)
    custody.destroy_recovery_key(recovery, by=by)
    regaining.move(RegainingStatus.DONE)
    log.record("regained key", regaining, by=by, team=place.team_id, user=place.user_id)
    ring.forget_teams()
    # Renewed at once: the old key could be opened by three custodians together.
    new = epochs.begin_epoch(place.team, by=by)
    notify_about_regaining(regaining, by=by)
    return new


def combine_shares(regaining: Regaining, ring: Keyring) -> KeyPair:
    """Combine the recovery key from three shares that each are what was given out.
    Raises `Tampered` and names one that isn't.
    """
    known = roster.get_roster().recoveries[regaining.recovery_key.team_id]
    parts = []
    for released in regaining.released.select_related(
        "share__custodian", "share__organisation"
    ).order_by("pk"):
        share = released.share
        try:
            part = ring.person.open(
                bytes(released.sealed), at=_place_of(regaining, share)
            )
        except Unopenable as error:
            raise build_share_error(share) from error
        if shares.compute_hash(part) != known.shares.get(share.holder):
            raise build_share_error(share)
        parts.append(part)
    if len(parts) < ENOUGH:
        raise Refused(
            _("Three shares are needed to open the key. Wait for another custodian.")
        )
    pair = shares.derive_pair(shamir.combine(parts[:ENOUGH]))
    keys.require_own(pair, known.public)
    return pair


def build_share_error(share: Share) -> Tampered:
    """Build the error that names the share which is not what was given out."""
    return Tampered(
        _(
            "The share of %(name)s (%(organisation)s) is not the one that was given "
            "out. Nothing was opened. Ask them to release it again, and inform your "
            "data-protection officer."
        )
        % {"name": share.custodian.name, "organisation": share.organisation.name}
    )


def sign_proof(pair: KeyPair, team: int, ring: Keyring) -> bytes:
    """Sign with the recovery key that it was combined for this person."""
    words = build_proof_text(team, ring.person_key_id)
    return SigningKey.of(pair).sign(words, purpose=PURPOSE)


def take_over_keys(recovery: RecoveryKey, pair: KeyPair, *, by: User) -> None:
    """Open each key of the team, and seal it to who regains it."""
    person = PersonKey.objects.get(user=by)
    opened = set()
    for wrap in recovery.wraps.select_related("team_key").order_by("pk"):
        keys.share_team_key(
            wrap.team_key, keys.open_with_recovery(wrap, pair), to=person
        )
        opened.add(wrap.team_key_id)
    # A wrap may have been deleted: without the current key, all would be used up for
    # nothing.
    if keys.get_current_key(recovery.team_id).pk not in opened:
        raise build_key_tampered()


def _let_in(place: Membership, *, by: User | None) -> None:
    waiting = Membership.objects.waiting().filter(pk=place.pk)
    now = timezone.now()
    if not waiting.update(confirmed_at=now, confirmed_by=by):
        raise Refused(_("Someone else has already decided this."))
    place.confirmed_at, place.confirmed_by = now, by
