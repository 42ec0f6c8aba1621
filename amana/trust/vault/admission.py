"""Admission and departure of people, with their keys. It always takes two people to
admit one; only the person themselves ever knows what opens their key."""

from allauth.mfa.models import Authenticator
from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from amana.errors import Changed, Refused
from amana.trust.access import actions as access
from amana.trust.access import codes, gates, sessions
from amana.trust.access.events import learner_admitted
from amana.trust.access.models import (
    Invitation,
    Membership,
    Role,
    User,
)
from amana.trust.access.rules import end_membership
from amana.trust.audit import log
from amana.trust.vault import epochs, keys, leaving, passphrases, removal, roster
from amana.trust.vault.floor import BelowFloor
from amana.trust.vault.keys import Keyring, WrongSecret
from amana.trust.vault.models import PersonKey, PersonWrap, TeamKey
from amana.trust.vault.rules import confirm_membership

RECOVERY_BITS = 128


# --- joining


def find_invitation(code: str) -> Invitation:
    """Find the invitation behind what a newcomer typed. Raises `Refused`."""
    try:
        digest = codes.compute_digest(codes.parse_code(code))
    except codes.MisreadCode as error:
        raise Refused(_("A character of this code is wrong or missing.")) from error
    invitation = Invitation.objects.open().filter(code=digest).first()
    if invitation is None:
        raise Refused(
            _(
                "This code is not valid, or no longer valid. Ask your colleague for a "
                "new one."
            )
        )
    return invitation


@transaction.atomic
def join(
    invitation: Invitation, *, passphrase: str, signed_in: User | None = None
) -> User:
    """Accept an invitation: the newcomer gets a key that only they can open.

    What an earlier key of theirs could open stays closed to the new one, until
    colleagues have confirmed them again. Who has learned here before is `signed_in` as
    a learner. Raises `Refused`.
    """
    user = invitation.user
    # Else the colleague who made the code could take over what they have learned.
    if user.only_learns and signed_in != user:
        raise Refused(
            _(
                "You already have a learner account. Sign in to it first, then enter "
                "this code again."
            )
        )
    passphrases.check(passphrase, of=user)
    if access.is_suspended(user):
        raise Refused(_("You can’t join now. Ask your colleague."))
    # Deleting the row decides between two who use one code at once.
    same = Invitation.objects.open().filter(pk=invitation.pk, code=invitation.code)
    if not same.delete()[0]:
        raise Refused(_("This code has already been used."))
    if leaving.can_open_anything(user):  # else who made the code takes them alone
        raise Refused(
            _("You already have keys that others depend on. Ask your colleague.")
        )
    leaving.take_person_key(user)
    if user.only_learns:
        end_learning_alone(user)
    user.is_active = True
    user.end_sessions()
    user.save(update_fields=["is_active", "password", "learner_since"])
    keys.set_keyring(keys.make_person_key(user, passphrase=passphrase), to=user)
    log.record("joined", user, by=user)
    return user


def end_learning_alone(user: User) -> None:
    """Make a learner's account one for work, with nothing left by which it was opened:
    the mailbox alone was enough for that."""
    # Who read the mailbox for an hour could have added a passkey of their own.
    Authenticator.objects.filter(user=user).delete()
    user.devices.all().delete()
    sessions.end_all_sessions(user)
    learner_admitted.send(User, learner=user)
    user.learner_since = None


@transaction.atomic
def confirm(membership: Membership, *, compared: str | None = None, by: User) -> None:
    """Admit a colleague, as the second person; give them the team's key if their role
    holds it.

    `compared`: the fingerprint that the two have compared. Only the key with this
    fingerprint is admitted, and it stays theirs until this is done.
    """
    confirm_membership.require(by, membership)
    # Locked, because the colleague could join again meanwhile with another key.
    held = PersonKey.objects.select_for_update(no_key=True)
    key = held.filter(user=membership.user_id).first()
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
    if membership.team.organisation.admitted_at is None:
        raise Refused(_("Their organisation must be admitted first."))
    gates.require_to_hold(membership.user, membership.team, Role(membership.role))
    waiting = Membership.objects.waiting().filter(pk=membership.pk)
    now = timezone.now()
    if not waiting.update(confirmed_at=now, confirmed_by=by):
        raise Refused(_("Someone else has already decided this."))
    membership.confirmed_at, membership.confirmed_by = now, by
    log.record("confirmed colleague", membership, by=by, user=membership.user_id)
    if membership.holds_key:
        # A new keyholder gets the key of a new epoch, and none that a leaver may have.
        if epochs.is_renewal_due(
            membership.team
        ) and membership.team_id in find_held_teams(by):
            epochs.begin_epoch(membership.team, by=by)
        give_key(membership, key, by=by)
    else:
        record_admission(key, membership, by=by)


def record_admission(
    key: PersonKey, membership: Membership, *, first: TeamKey | None = None, by: User
) -> None:
    """Record in the roster, after the proposer, that this is a colleague's key; and
    that they hold the team's, if the role comes with it, of which this may be the
    `first`.
    """
    made = {"key": first.pk, "public": bytes(first.public).hex()} if first else None
    roster.record_statement(
        "let in",
        by=keys.get_keyring(by),
        person=roster.describe_person_key(key),
        team=membership.team_id,
        home=membership.team.organisation_id,
        holds=membership.holds_key,
        first=made,
    )


def find_held_teams(user: User) -> set[int]:
    """Find the teams whose current key `user` holds."""
    held = TeamKey.objects.filter(retired_at=None, wraps__person_key__user=user)
    return set(held.values_list("team", flat=True))


def give_key(membership: Membership, key: PersonKey, *, by: User) -> None:
    """Give a new keyholder the team's key; the first one starts it."""
    team = membership.team
    if TeamKey.objects.filter(team=team).exists():
        # The roster first: `keys.admit` seals only to a key that it vouches for.
        record_admission(key, membership, by=by)
        keys.admit(membership.user, to=team, by=by)
        log.record("handed over key", membership, by=by, team=team.pk)
    else:
        first, pair = keys.make_team_key(team)
        record_admission(key, membership, first=first, by=by)
        keys.share_team_key(first, pair, to=key)
        log.record("made team key", first, by=by, team=team.pk)


# --- leaving


@transaction.atomic
def end(membership: Membership, *, by: User) -> None:
    """End one's own place in a team, or a colleague's to which no key has come yet.

    Keys and sessions are gone at once. For a colleague's place it takes two people
    (`removal.propose_leaving`), and for one's own where too few would be left.
    """
    end_membership.require(by, membership)
    with_keys = removal.has_keys_to_take(membership)
    if with_keys and membership.user_id != by.pk:
        raise Refused(
            _(
                "Propose this instead: a second person must confirm that "
                "this colleague leaves."
            )
        )
    removal.lock_teams(membership.user)
    if with_keys and (short := removal.foresee_without(membership)):
        raise BelowFloor(" ".join(short.sentences))
    key = PersonKey.objects.filter(user=membership.user_id).first()
    removal.end_place(membership, by=by)
    # Whether the roster has the key is asked first: a person who was never admitted has
    # nothing to leave there.
    if key and membership.user_id == by.pk and roster.get_roster().here(key.pk):
        roster.record_statement(
            "leave",
            by=keys.get_keyring(by),
            person=key.pk,
            team=removal.find_team_left(key, membership),
            removal=None,
        )


# --- a lost secret


@transaction.atomic
def make_recovery_code(*, by: User) -> str:
    """Make a code for a printed sheet that opens one's own key; replaces the one
    before.
    """
    code = codes.create_code(RECOVERY_BITS)
    keys.wrap_person_key(
        keys.get_keyring(by),
        secret=codes.parse_code(code),
        method=PersonWrap.Method.RECOVERY,
    )
    log.record("made recovery code", by, by=by)
    return code


def has_recovery_code(user: User) -> bool:
    wraps = PersonWrap.objects.filter(person_key__user=user)
    return wraps.filter(method=PersonWrap.Method.RECOVERY).exists()


def open_by_recovery(email: str, code: str) -> tuple[User, Keyring]:
    """Open the key of the person whose recovery code this is. Raises `WrongSecret`,
    after the same time for an unknown person.

    It also opens keys that were taken away to start again, as long as they are set
    aside: a person who finds their sheet needs no new ones.
    """
    wrong = WrongSecret(_("This e-mail address and code don’t match."))
    user = User.objects.filter(email=email.lower()).first()
    try:
        secret = codes.parse_code(code)
    except codes.MisreadCode as error:
        raise WrongSecret(_("A character of this code is wrong or missing.")) from error
    wrap = _sheet_of(user) if user else None
    if user is None or wrap is None:
        keys.open_nothing(secret)
        raise wrong
    try:
        ring = keys.unlock_wrap(wrap, secret)
    except WrongSecret as error:
        log.record("failed to recover", user, by=None)
        raise wrong from error
    return user, ring


def _sheet_of(user: User) -> PersonWrap | None:
    """Find what the sheet last printed opens, in its place or set aside."""
    if user.is_active:
        wraps = PersonWrap.objects.select_related("person_key")
        return wraps.filter(
            person_key__user=user, method=PersonWrap.Method.RECOVERY
        ).first()
    return removal.find_sheet_set_aside(user)


@transaction.atomic
def recover(user: User, ring: Keyring, *, passphrase: str) -> None:
    """Set a new passphrase by recovery code, which is then spent; all sessions end."""
    passphrases.check(passphrase, of=user)
    if not user.is_active:
        removal.undo_by_sheet(user, ring)
        user.refresh_from_db()
    _set_passphrase(user, ring, passphrase)
    PersonWrap.objects.filter(
        person_key=ring.person_key_id, method=PersonWrap.Method.RECOVERY
    ).delete()
    log.record("recovered with code", user, by=user)


@transaction.atomic
def change_passphrase(*, passphrase: str, by: User) -> None:
    """Set a new passphrase while unlocked; every session of the person ends."""
    passphrases.check(passphrase, of=by)
    _set_passphrase(by, keys.get_keyring(by), passphrase)
    log.record("changed passphrase", by, by=by)


def _set_passphrase(user: User, ring: Keyring, passphrase: str) -> None:
    keys.wrap_person_key(ring, secret=passphrase, method=PersonWrap.Method.PASSPHRASE)
    user.end_sessions()
    user.save(update_fields=["password"])
    sessions.end_all_sessions(user)
