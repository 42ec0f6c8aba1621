"""Confirm it; take effect."""

from datetime import timedelta

from allauth.mfa.models import Authenticator
from django.db import transaction
from django.db.models import Q
from django.utils import timezone
from django.utils.translation import gettext as _

from amana.errors import Refused
from amana.trust.access import actions as access
from amana.trust.access import sessions
from amana.trust.access.events import membership_ended
from amana.trust.access.models.organisations import (
    ADMINISTRATORS,
    KEYHOLDERS,
    Membership,
    Team,
    User,
)
from amana.trust.access.models.sign_in import Invitation
from amana.trust.audit import log
from amana.trust.vault import (
    erasure,
    floor,
    heartbeat,
    leaving,
    manifest,
    roster,
    tombstones,
)
from amana.trust.vault.floor import BelowFloor, Shortfall
from amana.trust.vault.models.key_removals import KeyRemoval
from amana.trust.vault.models.recovery_keys import TeamWrap
from amana.trust.vault.models.sealed_documents import CompartmentWrap
from amana.trust.vault.models.team_keys import PersonKey
from amana.trust.vault.removal.proposing import (
    DELAYS,
    find_team_left,
    find_wraps_of_membership,
    notify_about_removal,
    sign_removal,
)
from amana.trust.vault.removal_states import DELAY, LONGEST_DELAY, RemovalStatus
from amana.trust.vault.rules import (
    allow_for_coordinator,
    allow_for_organisation,
    confirm_removal,
)


@transaction.atomic
def confirm(removal: KeyRemoval, *, by: User) -> None:
    """Confirm, as the second person and of another team; the delay begins."""
    confirm_removal.require(by, removal)
    now = timezone.now()
    wait = compute_delay(removal)
    removal.move(RemovalStatus.CONFIRMED, confirmed_by=by, effective_at=now + wait)
    sign_removal(removal, by=by)
    log.record(
        "confirmed taking keys away",
        removal,
        by=by,
        user=removal.user_id,
        hours=wait.total_seconds() / 3600,
    )
    notify_about_removal(removal, by=by)
    if not wait:
        _take_effect(removal)


def compute_delay(removal: KeyRemoval) -> timedelta:
    """Compute the delay that the mechanism sets; less than a day only if nothing falls
    short.
    """
    wait = compute_usual_delay()
    return max(wait, DELAY) if foresee_shortfall(removal) else wait


def compute_usual_delay() -> timedelta:
    """Compute the delay that the mechanism sets, a week at most; a day if it sets
    none.
    """
    # The longest counts: no mechanism may shorten what another one protects.
    said = [delay for source in DELAYS if (delay := source()) is not None]
    return min(max([*said, timedelta(0)]) if said else DELAY, LONGEST_DELAY)


def foresee_shortfall(removal: KeyRemoval) -> Shortfall:
    """Foresee what would be left with fewer than two keyholders, as things are."""
    if removal.membership is not None:
        return foresee_without(removal.membership)
    places = Membership.objects.active().filter(user=removal.user_id)
    return floor.foresee(removal.user, places, everything=True)


def foresee_without(membership: Membership) -> Shortfall:
    """Foresee the shortfall if this place ended."""
    user = membership.user
    others = Membership.objects.filter(user=user, ended_at=None)
    last = not others.exclude(pk=membership.pk).exists()
    return floor.foresee(user, [membership], everything=last)


@transaction.atomic
def allow(removal: KeyRemoval, *, by: User) -> None:
    """Approve, for the person's organisation or as coordinator, that fewer than two
    keyholders stay: it takes both, from two people.
    """
    # Read under a lock, since the rules compare the two approvals: one person must not
    # give both at the same moment.
    now = KeyRemoval.objects.select_for_update(no_key=True).get(pk=removal.pk)
    if allow_for_coordinator.permits(by, now):
        word = "coordinator_word"
    else:
        allow_for_organisation.require(by, now)
        word = "organisation_word"
    KeyRemoval.objects.filter(pk=now.pk).update(**{word: by})
    setattr(removal, word, by)
    log.record("allowed fewer keyholders", removal, by=by, word=word)
    notify_about_removal(removal, by=by)


@transaction.atomic
def take_effect(removal: KeyRemoval) -> None:
    """Set the keys aside, now that the delay has passed; Raises `Refused` if it can't
    be done, as when the clock may have jumped over the delay.
    """
    heartbeat.require_clock()
    if removal not in KeyRemoval.objects.due():
        raise Refused(_("This can’t take effect yet."))
    _take_effect(removal)


def _take_effect(removal: KeyRemoval) -> None:
    lock_teams(removal.user)
    user = removal.user
    key = PersonKey.objects.filter(user=user).first()
    with tombstones.collect_taken(user) as taken:
        if removal.starts_again:
            _start_again(removal)
        else:
            assert removal.membership is not None
            end_place(removal.membership, by=None)
    # Counted after the rows are deleted: now it is true, and of two removals at once
    # only one can pass (ADR 53).
    short = floor.find_shortfall(
        taken.of(Membership),
        taken.of(TeamWrap),
        taken.of(CompartmentWrap),
        without=user,
    )
    if short and not (removal.organisation_word_id and removal.coordinator_word_id):
        raise BelowFloor(" ".join([*short.sentences, *_missing_words(removal)]))
    removal.move(
        RemovalStatus.EFFECTIVE,
        effective_at=timezone.now(),
        set_aside=tombstones.seal(taken, of=removal),
    )
    log.record(
        "took keys away",
        removal,
        by=None,
        user=user.pk,
        proposed_by=removal.proposed_by_id,
        confirmed_by=removal.confirmed_by_id,
    )
    erasure.clear_traces()
    _leave_roster(removal, key)
    notify_about_removal(removal, by=None)


def _leave_roster(removal: KeyRemoval, key: PersonKey | None) -> None:
    """Carry out what two people have signed about this key."""
    if key is None:
        return
    said = roster.get_roster().takings.get(removal.pk)
    if said is None or said.second is None:
        return
    place = removal.membership
    team = find_team_left(key, place) if place else None
    roster.record_statement(
        "leave", by=None, person=key.pk, team=team, removal=removal.pk
    )


def lock_teams(user: User) -> None:
    """Lock the person's teams and key: no one else takes keys of these teams away, or
    seals to this person, before we commit. Teams first, in order, so that two who do
    the same wait for each other.
    """
    places = Membership.objects.filter(user=user, ended_at=None)
    theirs = Q(pk__in=places.values("team"))
    # The minimum of administrators counts over all teams.
    if places.holding(ADMINISTRATORS).exists():
        administering = Membership.objects.holding(ADMINISTRATORS)
        theirs |= Q(pk__in=administering.values("team"))
    teams = Team.objects.filter(theirs).order_by("pk")
    list(teams.select_for_update(no_key=True))
    list(PersonKey.objects.filter(user=user).select_for_update())


def _missing_words(removal: KeyRemoval) -> list[str]:
    missing = []
    if removal.organisation_word_id is None:
        missing.append(_("Their organisation has not allowed this."))
    if removal.coordinator_word_id is None:
        missing.append(_("No coordinator has allowed this."))
    return missing


def _start_again(removal: KeyRemoval) -> None:
    user = removal.user
    leaving.expose_team_keys(user)
    Membership.objects.active().filter(user=user).update(
        confirmed_at=None,
        confirmed_by=None,
        proposed_by=removal.proposed_by,
        proposed_at=timezone.now(),
    )
    leaving.take_person_key(user)
    Authenticator.objects.filter(user=user).delete()
    access.close_account(user)
    access.invite(user, by=removal.proposed_by)


def end_place(membership: Membership, *, by: User | None) -> None:
    """End a place and take the keys that it gave; part of an act that is allowed to."""
    membership_ended.send(sender=Membership, membership=membership, by=by)
    free = Membership.objects.filter(pk=membership.pk, ended_at=None)
    now = timezone.now()
    if not free.update(ended_at=now):
        raise Refused(_("This has already ended."))
    membership.ended_at = now
    log.record("ended membership", membership, by=by, user=membership.user_id)
    _take_keys(membership, by=by)


def _take_keys(membership: Membership, *, by: User | None) -> None:
    """Take the keys of a team from a person without a place in it, and close the
    account of one without any place.

    One person alone can end a colleague's place that was not confirmed: that takes no
    key that opens anything, and doesn't end the sessions of a person who works
    elsewhere.
    """
    user = membership.user
    unconfirmed = membership.confirmed_at is None
    alone = unconfirmed and by is not None and by.pk != user.pk
    places = Membership.objects.filter(user=user, ended_at=None)
    if not places.exists():
        if not (alone and leaving.can_open_anything(user)):
            leaving.expose_team_keys(user)
            leaving.take_person_key(user)
        Invitation.objects.filter(user=user).delete()
        access.close_account(user)
        return
    wraps = find_wraps_of_membership(membership)
    if alone or (unconfirmed and not wraps.exists()):
        return
    held = places.holding(KEYHOLDERS).filter(team=membership.team_id)
    if not held.exists():
        # Before the wraps are gone: until then the log can check what the person
        # signed.
        manifest.countersign(user)
        leaving.expose_team_keys(user, team=membership.team_id)
        wraps.delete()
    sessions.end_all_sessions(user)
