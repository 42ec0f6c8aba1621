"""Who comes in and who leaves, with their keys. It always takes two people to let
someone in; nobody but the person ever knows what opens their key."""

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from amana.errors import Changed, Refused
from amana.trust.access import actions as access
from amana.trust.access import codes, gates, sessions
from amana.trust.access.events import membership_ended
from amana.trust.access.models import (
    KEYHOLDERS,
    Invitation,
    Membership,
    Role,
    Team,
    User,
)
from amana.trust.access.rules import end_membership, vouch_for
from amana.trust.audit import log
from amana.trust.vault import crypto, keys, leaving, passphrases
from amana.trust.vault.keys import Keyring, WrongSecret
from amana.trust.vault.models import PersonKey, PersonWrap, TeamKey, TeamWrap
from amana.trust.vault.rules import confirm_membership

RECOVERY_BITS = 128
FEWEST_KEYHOLDERS = 2


# --- joining


def invited(code: str) -> Invitation:
    """The invitation behind what a newcomer typed, or Refused."""
    try:
        digest = codes.digest(codes.read(code))
    except codes.Misread as error:
        raise Refused(_("A character of this code is wrong or missing.")) from error
    invitation = Invitation.objects.open().filter(code=digest).first()
    if invitation is None:
        raise Refused(
            _("This code is not valid (any more). Ask your colleague for a new one.")
        )
    return invitation


@transaction.atomic
def join(invitation: Invitation, *, passphrase: str) -> User:
    """Take up an invitation: the newcomer gets a key that only they can open.

    What an earlier key of theirs could open stays closed to the new one, until
    colleagues have confirmed them again.
    """
    user = invitation.user
    passphrases.check(passphrase, of=user)
    same = Invitation.objects.open().filter(pk=invitation.pk, code=invitation.code)
    if not same.delete()[0]:
        raise Refused(_("This code has been used already."))
    leaving.take_person_key(user)
    user.is_active = True
    user.end_sessions()
    user.save(update_fields=["is_active", "password"])
    keys.hand(keys.make_person_key(user, passphrase=passphrase), to=user)
    log.record("joined", user, by=user)
    return user


@transaction.atomic
def confirm(membership: Membership, *, compared: str | None = None, by: User) -> None:
    """Let a colleague in, as the second person; hand over the team's key if it is due.

    `compared`: the fingerprint that the two have compared; only the key that it is of
    is let in, and stays theirs until this is done.
    """
    confirm_membership.require(by, membership)
    held = PersonKey.objects.select_for_update(no_key=True)
    key = held.filter(user=membership.user_id).first()
    if key is None:
        raise Refused(_("They have to enter their code first, and set a passphrase."))
    if compared is not None and compared != crypto.fingerprint(bytes(key.public)):
        raise Changed(
            _("Their key is another one since you compared. Compare the groups again.")
        )
    if membership.team.organisation.admitted_at is None:
        raise Refused(_("Their organisation has to be admitted first."))
    gates.require_to_hold(membership.user, membership.team, Role(membership.role))
    waiting = Membership.objects.waiting().filter(pk=membership.pk)
    now = timezone.now()
    if not waiting.update(confirmed_at=now, confirmed_by=by):
        raise Refused(_("Someone else has decided this meanwhile."))
    membership.confirmed_at, membership.confirmed_by = now, by
    log.record("confirmed colleague", membership, by=by, user=membership.user_id)
    if membership.holds_key:
        give_key(membership, by=by)


def give_key(membership: Membership, *, by: User) -> None:
    """The team's key for a new keyholder; the first one starts it."""
    team, newcomer = membership.team, membership.user
    if TeamKey.objects.filter(team=team).exists():
        keys.admit(newcomer, to=team, by=by)
        log.record("handed over key", membership, by=by, team=team.pk)
    else:
        key = keys.make_team_key(team, founder=newcomer)
        log.record("made team key", key, by=by, team=team.pk)


# --- leaving


def keyholders(team: Team, *, without: User) -> int:
    """How many others hold the key of `team`."""
    held = Membership.objects.holding(KEYHOLDERS).filter(team=team)
    return held.exclude(user=without).values("user").distinct().count()


def warning_of(membership: Membership) -> str:
    """What must be said before this membership ends; empty when there is nothing."""
    user = membership.user
    others = Membership.objects.filter(user=user, ended_at=None)
    last = not others.exclude(pk=membership.pk).exists()
    said = [about_team_key(membership), about_cases_of(user) if last else ""]
    return " ".join(filter(None, said))


def about_team_key(membership: Membership) -> str:
    if not membership.holds_key or membership.confirmed_at is None:
        return ""
    left = keyholders(membership.team, without=membership.user)
    if left >= FEWEST_KEYHOLDERS:
        return ""
    if left == 0:
        return _(
            "Nobody will be left who holds this team's key. What is sealed for the "
            "team can then never be read again."
        )
    return _(
        "Only one colleague will be left who holds this team's key. If they lose their "
        "passphrase, what is sealed for the team can never be read again."
    )


def about_cases_of(user: User) -> str:
    """Cases that are open to this person alone would be lost with their key."""
    alone = leaving.held_alone_by(user)
    if not alone:
        return ""
    return ngettext(
        "%(count)d case is open to them alone. Open it to a colleague first: nobody "
        "can read it afterwards.",
        "%(count)d cases are open to them alone. Open them to a colleague first: "
        "nobody can read them afterwards.",
        alone,
    ) % {"count": alone}


@transaction.atomic
def end(membership: Membership, *, by: User, knowing: bool = False) -> None:
    """End someone's place in a team: keys and sessions are gone at once.

    `knowing`: the warning has been read.
    """
    end_membership.require(by, membership)
    warning = warning_of(membership)
    if warning and not knowing:
        raise Refused(warning)
    membership_ended.send(sender=Membership, membership=membership, by=by)
    free = Membership.objects.filter(pk=membership.pk, ended_at=None)
    now = timezone.now()
    if not free.update(ended_at=now):
        raise Refused(_("This has ended already."))
    membership.ended_at = now
    log.record("ended membership", membership, by=by, user=membership.user_id)
    take_keys(membership)
    renew_key_if_held(membership, by=by)


def take_keys(membership: Membership) -> None:
    """Without a place in a team, no key of it; without any place, no account.

    No key came with a place that nobody had confirmed. So a proposal, which needs one
    person alone, gives no say over the sessions of someone who works elsewhere."""
    user = membership.user
    places = Membership.objects.filter(user=user, ended_at=None)
    if not places.exists():
        leaving.take_person_key(user)
        Invitation.objects.filter(user=user).delete()
        access.close(user)
        return
    if membership.confirmed_at is None:
        return
    held = places.holding(KEYHOLDERS).filter(team=membership.team_id)
    if not held.exists():
        wraps = TeamWrap.objects.filter(team_key__team=membership.team_id)
        wraps.filter(person_key__user=user).delete()
    sessions.end_all(user)


def renew_key_if_held(membership: Membership, *, by: User) -> None:
    """Turn the key at once where a keyholder acts; else it stays `renewal_due`."""
    held = isinstance(by.keyring, Keyring) and by.pk != membership.user_id
    if membership.holds_key and membership.confirmed_at and held:
        current = TeamKey.objects.filter(team=membership.team_id, retired_at=None)
        if current.filter(wraps__person_key__user=by).exists():
            leaving.begin_epoch(membership.team, by=by)


def renewal_due(team: Team) -> bool:
    """Whether someone who held the team's current key has left since it was made."""
    current = TeamKey.objects.filter(team=team, retired_at=None).first()
    left = Membership.objects.filter(
        team=team, role__in=KEYHOLDERS, confirmed_at__isnull=False
    )
    return current is not None and left.filter(ended_at__gt=current.made_at).exists()


# --- a lost secret


@transaction.atomic
def readmit(user: User, *, by: User, knowing: bool = False) -> str:
    """Start again for a colleague who lost passphrase or second factor.

    Their places wait for confirmation as at the beginning, and a new code lets them
    set everything up anew. Until then they reach nothing.
    """
    vouch_for.require(by, user)
    if user.pk == by.pk:
        raise Refused(_("Ask a colleague: nobody readmits themselves."))
    warning = warning_of_readmission(user)
    if warning and not knowing:
        raise Refused(warning)
    places = Membership.objects.filter(user=user, ended_at=None)
    places.update(
        confirmed_at=None,
        confirmed_by=None,
        proposed_by=by,
        proposed_at=timezone.now(),
    )
    leaving.take_person_key(user)
    user.authenticator_set.all().delete()  # type: ignore[attr-defined]
    access.close(user)
    log.record("readmitted colleague", user, by=by)
    return access.invite(user, by=by)


def warning_of_readmission(user: User) -> str:
    """What is lost with someone's old key, unless they find their recovery sheet."""
    places = Membership.objects.active().filter(user=user).select_related("team")
    alone = [p for p in places if p.holds_key and not keyholders(p.team, without=user)]
    said = [about_team_key(place) for place in alone]
    return " ".join(filter(None, [*said, about_cases_of(user)]))


@transaction.atomic
def make_recovery_code(*, by: User) -> str:
    """A code for a printed sheet that opens one's own key; replaces the one before."""
    code = codes.new(RECOVERY_BITS)
    keys.wrap_person_key(
        keys.keyring_of(by), secret=codes.read(code), method=PersonWrap.Method.RECOVERY
    )
    log.record("made recovery code", by, by=by)
    return code


def has_recovery_code(user: User) -> bool:
    wraps = PersonWrap.objects.filter(person_key__user=user)
    return wraps.filter(method=PersonWrap.Method.RECOVERY).exists()


def opened_by_recovery(email: str, code: str) -> tuple[User, Keyring]:
    """Whose key the recovery code opens, or WrongSecret; equal for who is unknown."""
    wrong = WrongSecret(_("This e-mail address and code don't belong together."))
    user = User.objects.filter(email=email.lower(), is_active=True).first()
    try:
        secret = codes.read(code)
    except codes.Misread as error:
        raise WrongSecret(_("A character of this code is wrong or missing.")) from error
    if user is None or not has_recovery_code(user):
        keys.open_nothing(secret)
        raise wrong
    try:
        ring = keys.unlock(user, secret, method=PersonWrap.Method.RECOVERY)
    except WrongSecret as error:
        log.record("failed to recover", user, by=None)
        raise wrong from error
    return user, ring


@transaction.atomic
def recover(user: User, ring: Keyring, *, passphrase: str) -> None:
    """Set a new passphrase by recovery code, which is used up; all sessions end."""
    passphrases.check(passphrase, of=user)
    _set_passphrase(user, ring, passphrase)
    PersonWrap.objects.filter(
        person_key=ring.person_key_id, method=PersonWrap.Method.RECOVERY
    ).delete()
    log.record("recovered with code", user, by=user)


@transaction.atomic
def change_passphrase(*, passphrase: str, by: User) -> None:
    """Set a new passphrase while unlocked; every session of the person ends."""
    passphrases.check(passphrase, of=by)
    _set_passphrase(by, keys.keyring_of(by), passphrase)
    log.record("changed passphrase", by, by=by)


def _set_passphrase(user: User, ring: Keyring, passphrase: str) -> None:
    keys.wrap_person_key(ring, secret=passphrase, method=PersonWrap.Method.PASSPHRASE)
    user.end_sessions()
    user.save(update_fields=["password"])
    sessions.end_all(user)
