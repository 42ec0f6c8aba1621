"""Setting up a team's recovery key, and keeping its shares.

One keyholder of the team proposes five people of five other organisations, another
confirms them. Then the key is made, its secret half is shared among the five, and kept
nowhere else. Each custodian prints their share, and says once a year that they have it.
"""

from collections.abc import Sequence

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from amana.errors import Refused
from amana.trust.access import codes, tasks
from amana.trust.access.models import Membership, Organisation, Team, User
from amana.trust.audit import log
from amana.trust.recovery import shares
from amana.trust.recovery.events import share_given, shares_ended
from amana.trust.recovery.models import Share
from amana.trust.recovery.rules import (
    KEEPING,
    confirm_custodians,
    keep_share,
    propose_custodians,
    withdraw_custodians,
)
from amana.trust.vault import crypto, erasure, keys, roster
from amana.trust.vault.altered import build_key_tampered
from amana.trust.vault.crypto import Unopenable, bind_place
from amana.trust.vault.keys import Keyring, Locked
from amana.trust.vault.models import PersonKey, RecoveryKey, TeamKey
from amana.trust.vault.signing import SigningKey
from amana.trust.vault.statements import CUSTODIANS, ENOUGH, STATE

OF_STATE = {Organisation.Kind.PUBLIC}


# --- five custodians


def list_possible_custodians(team: Team) -> list[Membership]:
    """List whom a team can ask: people of other organisations who speak for them, and
    who have keys; each once.
    """
    places = Membership.objects.holding(KEEPING).filter(
        user__is_active=True, user__person_key__isnull=False
    )
    others = places.exclude(team__organisation=team.organisation_id).exclude(
        # A person with places in two organisations counts as one of the team's own.
        user__in=Membership.objects.active()
        .filter(team__organisation=team.organisation_id)
        .values("user")
    )
    ordered = others.select_related("user", "team__organisation").order_by(
        "team__organisation__name", "user__name", "pk"
    )
    once: dict[int, Membership] = {}
    for place in ordered:
        once.setdefault(place.user_id, place)
    return list(once.values())


def is_of_state(organisation: Organisation) -> bool:
    """Check whether it is police, justice, border, or another public body."""
    return organisation.sphere in STATE or organisation.kind in OF_STATE


@transaction.atomic
def list_custodian_choices(team: Team, *, by: User) -> list[Membership]:
    """List whom a colleague can ask; the log has that they read it."""
    propose_custodians.require(by, team)
    found = list_possible_custodians(team)
    log.record("read who can keep shares", by=by, team=team.pk, count=len(found))
    return found


@transaction.atomic
def propose(team: Team, people: Sequence[User], *, by: User) -> RecoveryKey:
    """Propose who keeps the shares of a recovery key for one's own team."""
    propose_custodians.require(by, team)
    ring = keys.get_keyring(by)
    # Locked before the check: two proposals at once would both find none.
    Team.objects.select_for_update(no_key=True).get(pk=team.pk)
    if RecoveryKey.objects.proposed().filter(team=team).exists():
        raise Refused(
            _("Custodians have already been proposed. Confirm or withdraw them.")
        )
    places = {place.user_id: place for place in list_possible_custodians(team)}
    if any(person.pk not in places for person in people):
        raise Refused(
            _("Choose people from other organisations who act for their organisation.")
        )
    chosen = [places[person.pk] for person in people]
    require_fit_organisations([place.team.organisation for place in chosen])
    found = PersonKey.objects.filter(user__in=people).order_by("pk")
    holders = {key.user_id: key.pk for key in found}
    made = RecoveryKey.objects.create(team=team, proposed_by=by)
    for place in chosen:
        made.shares.create(
            custodian=place.user,
            organisation=place.team.organisation,
            holder=holders[place.user_id],
        )
    log.record("proposed custodians", made, by=by, team=team.pk)
    roster.record_statement(
        "custodians", by=ring, team=team.pk, custodians=sorted(holders.values())
    )
    return made


def require_fit_organisations(organisations: Sequence[Organisation]) -> None:
    """Require five different organisations, and no three of the state. Raises
    `Refused`.
    """
    if len({organisation.pk for organisation in organisations}) != CUSTODIANS:
        raise Refused(_("Choose five people from five different organisations."))
    if sum(map(is_of_state, organisations)) >= ENOUGH:
        raise Refused(
            _(
                "Three public bodies together could open what your team keeps. "
                "Choose at most two."
            )
        )


@transaction.atomic
def withdraw(recovery: RecoveryKey, *, by: User) -> None:
    """Withdraw what was proposed and no one has confirmed."""
    withdraw_custodians.require(by, recovery)
    waiting = RecoveryKey.objects.proposed().filter(pk=recovery.pk)
    if not waiting.update(ended_at=timezone.now()):
        raise Refused(_("Someone else has already decided this."))
    recovery.shares.all().delete()
    log.record("withdrew custodians", recovery, by=by, team=recovery.team_id)


@transaction.atomic
def confirm(recovery: RecoveryKey, *, by: User) -> None:
    """Confirm the custodians as the second keyholder: the key is made, shared among
    them, and replaces the one before.
    """
    confirm_custodians.require(by, recovery)
    ring = keys.get_keyring(by)
    # Opened before the locks were held, it may be a key that has been renewed since.
    ring.forget_teams()
    Team.objects.select_for_update(no_key=True).get(pk=recovery.team_id)
    lock_team_key(recovery.team_id)
    given = list(recovery.shares.for_list().order_by("pk"))
    require_as_signed(recovery, given)
    pair, parts = shares.make_secret()
    now = timezone.now()
    # In this order: the database allows one current recovery key for each team.
    for before in RecoveryKey.objects.current().filter(team=recovery.team_id):
        destroy_recovery_key(before, by=by)
    waiting = RecoveryKey.objects.proposed().filter(pk=recovery.pk)
    if not waiting.update(public=pair.public, confirmed_by=by, confirmed_at=now):
        raise Refused(_("Someone else has already decided this."))
    for share, part in zip(given, parts, strict=True):
        seal_share(share, part)
    log.record("made recovery key", recovery, by=by, team=recovery.team_id)
    roster.record_statement(
        "recovery",
        by=ring,
        team=recovery.team_id,
        key=recovery.pk,
        public=pair.public.hex(),
        verify=SigningKey.of(pair).public.hex(),
        shares={
            str(share.holder): shares.compute_hash(part)
            for share, part in zip(given, parts, strict=True)
        },
    )
    seal_team_keys(recovery.team_id, ring)
    for share in given:
        share_given.send(sender=Share, share=share, by=by)
    tasks.notify_once_committed([share.custodian_id for share in given])


def lock_team_key(team: int) -> None:
    """Lock the team's key until this transaction is over, so that no one renews it.

    Before the roster is written to, as where it is renewed, or the two wait for each
    other.
    """
    held = TeamKey.objects.select_for_update().filter(team=team, retired_at=None)
    # A query is lazy: only reading it takes the lock.
    list(held.values_list("pk"))


def require_as_signed(recovery: RecoveryKey, given: Sequence[Share]) -> None:
    """Require that these are the custodians for whom a colleague has signed. Raises
    `Tampered` otherwise.
    """
    known = roster.get_roster()
    named = known.custodians.get(recovery.team_id)
    # The rows come from the database, where a writer of SQL could choose other people;
    # the roster is signed.
    if named is None or sorted(named.people) != sorted(s.holder for s in given):
        raise build_key_tampered()
    for share in given:
        person = known.here(share.holder)
        if person is None:
            raise Refused(
                _("%(name)s has left or now has other keys. Choose again.")
                % {"name": share.custodian.name}
            )
        if person.user != share.custodian_id:
            raise build_key_tampered()
    # Again: an organisation may have been given another sphere since the proposal.
    require_fit_organisations([share.organisation for share in given])


def seal_share(share: Share, part: bytes) -> None:
    """Seal a share to its custodian."""
    key = PersonKey.objects.get(pk=share.holder)
    share.sealed = crypto.seal_to(
        roster.get_public_key(key), part, at=build_place(share)
    )
    share.save(update_fields=["sealed"])


def build_place(share: Share) -> bytes:
    return bind_place("recovery share", share.recovery_key_id, share.holder)


def seal_team_keys(team: int, ring: Keyring) -> None:
    """Seal every key of the team to its new recovery key, while its holder is there."""
    for key in TeamKey.objects.filter(team=team):
        if key.pk in ring.teams:
            keys.seal_to_recovery(key, ring.teams[key.pk])
        elif key.retired_at is None:
            raise Locked(_("Only a member who holds this team’s key can do this."))


def destroy_recovery_key(recovery: RecoveryKey, *, by: User) -> None:
    """Destroy the shares and all that the recovery key opens. Who kept one is notified,
    so that they destroy the paper too.
    """
    keepers = set(recovery.shares.values_list("custodian", flat=True)) - {by.pk}
    recovery.wraps.all().delete()
    recovery.shares.all().delete()
    RecoveryKey.objects.filter(pk=recovery.pk).update(ended_at=timezone.now())
    erasure.clear_traces()
    shares_ended.send(sender=RecoveryKey, recovery=recovery, users=keepers, by=by)
    tasks.notify_once_committed(sorted(keepers))


# --- one share


def read_share(share: Share, *, typed: str = "", by: User) -> bytes:
    """Read a custodian's share, by their keys or as they typed it from paper."""
    part = _typed(typed) if typed else _opened(share, keys.get_keyring(by))
    return require_given(share, part)


def require_given(share: Share, part: bytes) -> bytes:
    """Require that this is what was given to the custodian. Raises `Refused`
    otherwise."""
    if shares.compute_hash(part) != find_signed_hash(share):
        raise Refused(
            _(
                "This is not the share that was given to you: it may belong to "
                "another team, or be an older one. It was not used."
            )
        )
    return part


def find_signed_hash(share: Share) -> str:
    """Find the hash of this share that two keyholders have signed."""
    recovery = roster.get_roster().recoveries.get(share.recovery_key.team_id)
    if recovery is None or recovery.key != share.recovery_key_id:
        raise build_key_tampered()
    said = recovery.shares.get(share.holder)
    if said is None:
        raise build_key_tampered()
    return said


def _typed(typed: str) -> bytes:
    try:
        return shares.parse_share(typed)
    except codes.MisreadCode as error:
        raise Refused(_("A character of this code is wrong or missing.")) from error


def _opened(share: Share, ring: Keyring) -> bytes:
    try:
        return ring.person.open(bytes(share.sealed), at=build_place(share))
    except Unopenable as error:
        # With the key that it was sealed to, it must open; with a newer key it can't.
        if share.holder == ring.person_key_id:
            raise build_key_tampered() from error
        raise Refused(
            _("Your keys are newer than your share. Enter the code from your paper.")
        ) from error


@transaction.atomic
def print_share(share: Share, *, by: User) -> str:
    """Format the code of one's own share, to be printed."""
    keep_share.require(by, share)
    part = read_share(share, by=by)
    Share.objects.filter(pk=share.pk).update(printed_at=timezone.now())
    log.record("printed recovery share", share, by=by, key=share.recovery_key_id)
    return shares.format_share(part)


@transaction.atomic
def drill(share: Share, *, typed: str, by: User) -> None:
    """Confirm, and sign, that one still has one's share, as typed from paper. Nothing
    is combined.
    """
    keep_share.require(by, share)
    ring, today = keys.get_keyring(by), timezone.localdate()
    # From paper only: on the day that it is needed, one's keys may be lost.
    hash_ = shares.compute_hash(require_given(share, _typed(typed)))
    Share.objects.filter(pk=share.pk).update(drilled_on=today)
    log.record("confirmed recovery share", share, by=by, key=share.recovery_key_id)
    roster.record_statement(
        "drill",
        by=ring,
        recovery=share.recovery_key_id,
        custodian=share.holder,
        hash=hash_,
        on=today.isoformat(),
    )
