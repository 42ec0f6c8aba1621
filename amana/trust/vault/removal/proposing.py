"""Propose to take someone's keys away, and tell whom."""

from collections.abc import Callable
from datetime import timedelta

from django.db import transaction
from django.db.models import QuerySet
from django.utils.translation import gettext as _

from amana.errors import Refused
from amana.registry import Registry
from amana.trust.access import tasks
from amana.trust.access.models.organisations import (
    ADMINISTRATORS,
    Membership,
    Role,
    User,
)
from amana.trust.access.rules import end_membership, vouch_for
from amana.trust.audit import log
from amana.trust.vault import keys, leaving, roster
from amana.trust.vault.events import removal_changed
from amana.trust.vault.models.key_removals import KeyRemoval, KeyRemovalQuerySet
from amana.trust.vault.models.recovery_keys import TeamWrap
from amana.trust.vault.models.team_keys import PersonKey
from amana.trust.vault.removal_states import RemovalStatus

DELAYS: Registry[Callable[[], timedelta | None]] = Registry()
"""How long a mechanism lets pass; None: it doesn't say. Upper rooms know it."""


Why = KeyRemoval.Why


@transaction.atomic
def propose_start_again(user: User, *, by: User) -> KeyRemoval:
    """Propose that a colleague, who lost passphrase or second factor, starts again."""
    vouch_for.require(by, user)
    if user.pk == by.pk:
        raise Refused(_("Ask a colleague: you can’t start again on your own."))
    if any(r.can_be_undone for r in find_effective_removals(user, Why.START_AGAIN)):
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
    return find_wraps_of_membership(membership).exists()


def find_wraps_of_membership(membership: Membership) -> QuerySet[TeamWrap]:
    return TeamWrap.objects.filter(
        team_key__team=membership.team_id, person_key__user=membership.user_id
    )


def find_effective_removals(user: User, why: KeyRemoval.Why) -> KeyRemovalQuerySet:
    return KeyRemoval.objects.filter(user=user, why=why, status=RemovalStatus.EFFECTIVE)


def _propose(removal: KeyRemoval) -> KeyRemoval:
    # One proposal at a time: two people who propose at once wait for each other here.
    User.objects.select_for_update(no_key=True).get(pk=removal.user_id)
    if KeyRemoval.objects.pending().filter(user=removal.user_id).exists():
        raise Refused(_("This has already been proposed. See who has to confirm it."))
    removal.save(force_insert=True)
    removal.told.set(choose_people_to_notify(removal))
    sign_removal(removal, by=removal.proposed_by)
    log.record(
        "proposed taking keys away",
        removal,
        by=removal.proposed_by,
        user=removal.user_id,
        why=removal.why,
    )
    notify_about_removal(removal, by=removal.proposed_by)
    return removal


def sign_removal(removal: KeyRemoval, *, by: User) -> None:
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


def notify_about_removal(removal: KeyRemoval, *, by: User | None) -> None:
    """Notify all whom it concerns, by a mail without content and a notification."""
    users = [removal.user_id, removal.proposed_by_id, removal.confirmed_by_id]
    users += removal.told.values_list("pk", flat=True)
    whom = {pk for pk in users if pk is not None and (by is None or pk != by.pk)}
    removal_changed.send(sender=KeyRemoval, removal=removal, users=whom, by=by)
    tasks.notify_once_committed(sorted(whom), urgent=True)
