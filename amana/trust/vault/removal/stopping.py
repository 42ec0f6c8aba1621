"""Stop it, or undo it, by itself or by its sheet."""

from collections.abc import Iterable

from allauth.mfa.models import Authenticator
from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from amana.errors import Refused
from amana.trust.access import actions as access
from amana.trust.access import sessions
from amana.trust.access.models.organisations import Membership, User
from amana.trust.access.models.sign_in import Invitation
from amana.trust.audit import log
from amana.trust.vault import keys, leaving, roster, tombstones
from amana.trust.vault.keys.keyring import Keyring
from amana.trust.vault.models.key_removals import KeyRemoval
from amana.trust.vault.models.team_keys import PersonKey, PersonWrap, TeamKey
from amana.trust.vault.removal.confirming import lock_teams
from amana.trust.vault.removal.proposing import (
    Why,
    find_effective_removals,
    notify_about_removal,
)
from amana.trust.vault.removal_states import RemovalStatus
from amana.trust.vault.rules import stop_removal


@transaction.atomic
def stop(removal: KeyRemoval, *, by: User) -> None:
    """Withdraw it before it takes effect, or undo it afterwards."""
    stop_removal.require(by, removal)
    if removal.is_pending:
        removal.move(RemovalStatus.WITHDRAWN, ended_by=by)
        log.record("withdrew taking keys away", removal, by=by, user=removal.user_id)
        if removal.pk in roster.get_roster().takings:
            roster.record_statement("keep", by=keys.get_keyring(by), removal=removal.pk)
        notify_about_removal(removal, by=by)
    else:
        undo(removal, by=by)


def undo(removal: KeyRemoval, *, by: User) -> None:
    """Restore what was set aside: the old passphrase and sheet open it again. Raises
    `Refused` when it is too late, or a newer key can't go.
    """
    if not removal.can_be_undone:
        raise Refused(_("This can no longer be undone."))
    lock_teams(removal.user)
    taken = tombstones.open_set_aside(removal)
    user = User.objects.select_for_update(no_key=True).get(pk=removal.user_id)
    if taken.of(PersonKey):
        _make_room(user)
    removal.move(RemovalStatus.UNDONE, ended_by=by, set_aside=None)
    tombstones.restore(taken)
    if taken.of(PersonKey):
        user.is_active = not access.is_suspended(user)
    # Sessions that began in the meantime belong to the newer key.
    user.end_sessions()
    user.save(update_fields=["is_active", "password"])
    sessions.end_all_sessions(user)
    if removal.pk in roster.get_roster().gone:
        roster.record_statement(
            "give back", by=keys.get_keyring(by), removal=removal.pk
        )
    _ask_for_keys(user, taken.of(Membership), by=by)
    log.record("gave keys back", removal, by=by, user=user.pk)
    notify_about_removal(removal, by=by)


def _make_room(user: User) -> None:
    """Remove a newer key, on which nothing may depend, before the old one comes
    back.
    """
    if leaving.is_last_holder(user):
        raise Refused(
            _(
                "Their new key opens something that no one else can open. They must "
                "give a colleague access first."
            )
        )
    leaving.take_person_key(user)
    Authenticator.objects.filter(user=user).delete()
    Invitation.objects.filter(user=user).delete()


def _ask_for_keys(user: User, places: Iterable[Membership], *, by: User) -> None:
    """Have a colleague confirm the person again where the team's key was renewed
    meanwhile.
    """
    current = TeamKey.objects.filter(retired_at=None)
    for place in places:
        key = current.filter(team=place.team_id).first()
        held = key and key.wraps.filter(person_key__user=user).exists()
        if place.holds_key and key and not held:
            Membership.objects.filter(pk=place.pk, ended_at=None).update(
                confirmed_at=None,
                confirmed_by=None,
                proposed_by=by,
                proposed_at=timezone.now(),
            )


def find_sheet_set_aside(user: User) -> PersonWrap | None:
    """Find what the recovery sheet of a person who is to start again still opens."""
    removal = _to_undo_by_sheet(user)
    if removal is None:
        return None
    taken = tombstones.open_set_aside(removal)
    key = next(iter(taken.of(PersonKey)), None)
    for wrap in taken.of(PersonWrap):
        if key and wrap.method == PersonWrap.Method.RECOVERY:
            wrap.person_key = key
            return wrap
    return None


def undo_by_sheet(user: User, ring: Keyring) -> None:
    """Undo a start that the sheet has made needless; part of recovering."""
    removal = _to_undo_by_sheet(user)
    if removal is None:
        raise Refused(_("This can no longer be undone."))
    keys.set_keyring(ring, to=user)
    undo(removal, by=user)


def _to_undo_by_sheet(user: User) -> KeyRemoval | None:
    found = find_effective_removals(user, Why.START_AGAIN).order_by("-pk")
    return next((removal for removal in found if removal.can_be_undone), None)
