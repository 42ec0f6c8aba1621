"""Taking someone's keys away takes two people and a delay, and can be undone after.

One proposes it, another of another team confirms it, the person and two others are
told. When the delay has passed the keys are set aside (`tombstones`), and only when it
can't be undone any more are they destroyed.
"""

from collections.abc import Callable, Iterable
from datetime import timedelta

from allauth.mfa.models import Authenticator
from django.db import transaction
from django.db.models import Q, QuerySet
from django.utils import timezone
from django.utils.translation import gettext as _

from amana.errors import Refused
from amana.registry import Registry
from amana.trust.access import actions as access
from amana.trust.access import sessions, tasks
from amana.trust.access.events import membership_ended
from amana.trust.access.models import (
    ADMINISTRATORS,
    KEYHOLDERS,
    Invitation,
    Membership,
    Role,
    Team,
    User,
)
from amana.trust.access.rules import end_membership, vouch_for
from amana.trust.audit import log
from amana.trust.vault import (
    erasure,
    floor,
    heartbeat,
    keys,
    leaving,
    manifest,
    roster,
    tombstones,
)
from amana.trust.vault.events import removal_changed
from amana.trust.vault.floor import BelowFloor, Shortfall
from amana.trust.vault.keys import Keyring
from amana.trust.vault.models import (
    CompartmentWrap,
    KeyRemoval,
    KeyRemovalQuerySet,
    PersonKey,
    PersonWrap,
    TeamKey,
    TeamWrap,
)
from amana.trust.vault.removal_states import (
    CONFIRMED_WITHIN,
    DELAY,
    LONGEST_DELAY,
    RemovalStatus,
)
from amana.trust.vault.rules import (
    allow_for_coordinator,
    allow_for_organisation,
    confirm_removal,
    stop_removal,
)

DELAYS: Registry[Callable[[], timedelta | None]] = Registry()
"""How long a mechanism lets pass; None: it doesn't say. Upper rooms know it."""

Why = KeyRemoval.Why


# --- proposing


@transaction.atomic
def propose_start_again(user: User, *, by: User) -> KeyRemoval:
    """Propose that a colleague, who lost passphrase or second factor, starts again."""
    vouch_for.require(by, user)
    if user.pk == by.pk:
        raise Refused(_("Ask a colleague: you can’t start again on your own."))
    if any(r.can_be_undone for r in _in_effect(user, Why.START_AGAIN)):
        raise Refused(
            _(
                "This colleague is already starting again. Undo that first, or wait "
                "until it can no longer be undone."
            )
        )
    return _propose(KeyRemoval(why=Why.START_AGAIN, user=user, proposed_by=by))


@transaction.atomic
def propose_leaving(membership: Membership, *, by: User) -> KeyRemoval:
    """Propose that a colleague's place in a team ends, with the keys that it gave."""
    end_membership.require(by, membership)
    if not has_keys_to_take(membership):
        raise Refused(_("This membership is only proposed. Withdraw the proposal."))
    return _propose(
        KeyRemoval(
            why=Why.LEAVE, user=membership.user, membership=membership, proposed_by=by
        )
    )


def has_keys_to_take(membership: Membership) -> bool:
    """Return whether keys go when this place ends: a place that has to be confirmed
    again, because a removal was undone, still has them.
    """
    if membership.confirmed_at is not None:
        return True
    theirs = Membership.objects.filter(user=membership.user_id, ended_at=None)
    if not theirs.exclude(pk=membership.pk).exists():
        return leaving.can_open_anything(membership.user)
    return _wraps_of(membership).exists()


def _wraps_of(membership: Membership) -> QuerySet[TeamWrap]:
    return TeamWrap.objects.filter(
        team_key__team=membership.team_id, person_key__user=membership.user_id
    )


def _in_effect(user: User, why: KeyRemoval.Why) -> KeyRemovalQuerySet:
    return KeyRemoval.objects.filter(user=user, why=why, status=RemovalStatus.EFFECTIVE)


def _propose(removal: KeyRemoval) -> KeyRemoval:
    # One proposal at a time: two people who propose at once wait for each other here.
    User.objects.select_for_update(no_key=True).get(pk=removal.user_id)
    if KeyRemoval.objects.pending().filter(user=removal.user_id).exists():
        raise Refused(_("This has already been proposed. See who has to confirm it."))
    removal.save(force_insert=True)
    removal.told.set(choose_people_to_notify(removal))
    _say(removal, by=removal.proposed_by)
    log.record(
        "proposed taking keys away",
        removal,
        by=removal.proposed_by,
        user=removal.user_id,
        why=removal.why,
    )
    _tell(removal, by=removal.proposed_by)
    return removal


def _say(removal: KeyRemoval, *, by: User) -> None:
    """Sign, as one of two, that these keys are to be taken away."""
    ring = keys.get_keyring(by)
    key = PersonKey.objects.filter(user=removal.user_id).first()
    if key is None or not roster.get_roster().here(key.pk):
        return
    team = removal.membership.team_id if removal.membership else None
    roster.record_statement(
        "take",
        by=ring,
        removal=removal.pk,
        person=key.pk,
        team=team,
        again=removal.starts_again,
    )


def find_team_left(key: PersonKey, membership: Membership) -> int | None:
    """Find the team that a person whose place has ended has left; None: all of them."""
    there = PersonKey.objects.filter(pk=key.pk).exists()
    return membership.team_id if there else None


def choose_people_to_notify(removal: KeyRemoval) -> list[User]:
    """Choose two others who are informed: if possible one who works with the person,
    and one who doesn't.
    """
    active = Membership.objects.active().filter(user__is_active=True)
    others = active.exclude(user__in=[removal.user_id, removal.proposed_by_id])
    beside = others.filter(
        team__in=Membership.objects.active().filter(user=removal.user_id).values("team")
    )
    watching = others.filter(role__in=[*ADMINISTRATORS, Role.DATA_PROTECTION_OFFICER])
    # People of one team may be coerced or deceived together: one of the two is of no
    # team of the proposer's (ADR 53).
    theirs = Membership.objects.active().filter(user=removal.proposed_by_id)
    independent = watching.exclude(team__in=theirs.values("team"))
    found: dict[int, User] = {}
    for group in (
        beside.filter(role=Role.SUPERVISOR),
        independent,
        beside,
        watching,
        others.filter(role=Role.SUPERVISOR),
    ):
        for place in group.select_related("user").order_by("user"):
            if place.user_id not in found:
                found[place.user_id] = place.user
                break
        if len(found) == 2:
            break
    return list(found.values())


def _tell(removal: KeyRemoval, *, by: User | None) -> None:
    """Notify all whom it concerns, by a mail without content and a notification."""
    users = [removal.user_id, removal.proposed_by_id, removal.confirmed_by_id]
    users += removal.told.values_list("pk", flat=True)
    whom = {pk for pk in users if pk is not None and (by is None or pk != by.pk)}
    removal_changed.send(sender=KeyRemoval, removal=removal, users=whom, by=by)
    tasks.notify_once_committed(sorted(whom), urgent=True)


# --- confirming


@transaction.atomic
def confirm(removal: KeyRemoval, *, by: User) -> None:
    """Confirm, as the second person and of another team; the delay begins."""
    confirm_removal.require(by, removal)
    now = timezone.now()
    wait = compute_delay(removal)
    removal.move(RemovalStatus.CONFIRMED, confirmed_by=by, effective_at=now + wait)
    _say(removal, by=by)
    log.record(
        "confirmed taking keys away",
        removal,
        by=by,
        user=removal.user_id,
        hours=wait.total_seconds() / 3600,
    )
    _tell(removal, by=by)
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
    _tell(removal, by=by)


# --- taking effect


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
    _tell(removal, by=None)


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
    wraps = _wraps_of(membership)
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


# --- stopping, and undoing


@transaction.atomic
def stop(removal: KeyRemoval, *, by: User) -> None:
    """Withdraw it before it takes effect, or undo it afterwards."""
    stop_removal.require(by, removal)
    if removal.is_pending:
        removal.move(RemovalStatus.WITHDRAWN, ended_by=by)
        log.record("withdrew taking keys away", removal, by=by, user=removal.user_id)
        if removal.pk in roster.get_roster().takings:
            roster.record_statement("keep", by=keys.get_keyring(by), removal=removal.pk)
        _tell(removal, by=by)
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
    _tell(removal, by=by)


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


# --- the sheet


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
    found = _in_effect(user, Why.START_AGAIN).order_by("-pk")
    return next((removal for removal in found if removal.can_be_undone), None)


# --- the clock


def settle() -> tuple[int, int]:
    """Carry out what is due, and destroy what can't be undone any more; return how many
    of each. What still lacks an approval is tried again the next time.

    Raises `Refused` while the clock is in doubt: a jump would make everything final at
    once.
    """
    heartbeat.require_clock()
    effective = sum(_tried(removal) for removal in KeyRemoval.objects.due())
    old = timezone.now() - CONFIRMED_WITHIN
    for removal in KeyRemoval.objects.filter(
        status=RemovalStatus.PROPOSED, proposed_at__lte=old
    ):
        _lapse(removal)
    over = KeyRemoval.objects.filter(status=RemovalStatus.EFFECTIVE)
    final = [removal for removal in over if not removal.can_be_undone]
    for removal in final:
        _destroy(removal)
    return effective, len(final)


def _tried(removal: KeyRemoval) -> bool:
    try:
        take_effect(removal)
    except Refused:
        return False
    return True


@transaction.atomic
def _lapse(removal: KeyRemoval) -> None:
    removal.move(RemovalStatus.LAPSED)
    log.record("lapsed taking keys away", removal, by=None, user=removal.user_id)
    _tell(removal, by=None)


@transaction.atomic
def _destroy(removal: KeyRemoval) -> None:
    removal.move(RemovalStatus.FINAL, set_aside=None)
    if removal.pk in roster.get_roster().gone:
        roster.record_statement("end", by=None, removal=removal.pk)
    log.record("destroyed keys set aside", removal, by=None, user=removal.user_id)
    erasure.clear_traces()
    _tell(removal, by=None)
