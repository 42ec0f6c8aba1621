"""A new key for a team, and what is still sealed to the earlier one."""

import logging
from collections.abc import Callable, Collection, Iterator
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import UUID

from django.db import transaction
from django.db.models import Exists, Model, OuterRef, Q, QuerySet
from django.utils import timezone
from django.utils.translation import gettext as _

from amana.errors import Refused
from amana.registry import Registry
from amana.trust.access.models.organisations import KEYHOLDERS, Membership, Team, User
from amana.trust.access.models.sign_in import Suspension
from amana.trust.audit import log
from amana.trust.vault import (
    manifest,
    roster,
    unopened,
)
from amana.trust.vault.crypto import KeyPair
from amana.trust.vault.keys.keyring import Locked, get_keyring
from amana.trust.vault.keys.team_key_wraps import (
    seal_to_recovery,
    share_team_key,
)
from amana.trust.vault.models.recovery_keys import RecoveryWrap, TeamWrap
from amana.trust.vault.models.team_keys import TeamKey

problems = logging.getLogger(__name__)


STEP = 100
"""How many wraps are moved in one transaction: a second of work at most."""


@dataclass(frozen=True)
class ResealingProgress:
    """How much of what earlier epochs held has been resealed."""

    done: int
    total: int
    kept_until: datetime | None = None
    """All is, but what was set aside: so long the earlier keys are kept for it."""

    @property
    def left(self) -> int:
        return self.total - self.done

    @property
    def is_complete(self) -> bool:
        return self.done >= self.total


@transaction.atomic
def begin_epoch(team: Team, *, by: User) -> TeamKey:
    """Give the team a new key, held by those who hold the old one and have stayed."""
    ring = get_keyring(by)
    # The lock of the old key is what `keys.find_current_keys` waits for: nothing new is
    # sealed under it from here on.
    old = TeamKey.objects.select_for_update().filter(team=team, retired_at=None).first()
    if old is None or old.pk not in ring.teams:
        raise Locked(_("Only a member who holds this team’s key can renew it."))
    staying = list(find_staying_wraps(old))
    if by.pk not in {wrap.person_key.user_id for wrap in staying}:
        raise Refused(_("Someone who has left this team can’t renew its key."))
    stay = [wrap.person_key_id for wrap in staying]
    # Compared with the roster before anything is sealed: a wrap that was slipped in for
    # an outsider would get the new key.
    roster.require_holders(team.pk, stay)
    new = _succeed(old)
    pair = KeyPair.new()
    new.public = pair.public
    new.save(force_insert=True)
    roster.vouch(wrap.person_key for wrap in staying)
    for wrap in staying:
        share_team_key(new, pair, to=wrap.person_key)
    seal_to_recovery(new, pair)
    stay = [wrap.person_key_id for wrap in staying]
    # Before the wraps are deleted, because the log can check a leaver's signatures only
    # as long as they hold the key.
    for leaver in User.objects.filter(
        person_key__team_wraps__team_key__team=team
    ).exclude(person_key__in=stay):
        manifest.countersign(leaver)
    TeamWrap.objects.filter(team_key__team=team).exclude(person_key__in=stay).delete()
    log.record("began key epoch", new, by=by, team=team.pk, epoch=new.epoch)
    ring.forget_teams()
    settle_epoch_if_done(new, by=by)
    # Last in the act, because only one statement can be recorded at a time.
    roster.record_statement(
        "renew",
        by=ring,
        team=team.pk,
        key=new.pk,
        epoch=new.epoch,
        public=pair.public.hex(),
        holders=sorted(stay),
    )
    return new


def find_staying_wraps(old: TeamKey) -> QuerySet[TeamWrap]:
    """Find the wraps of those who hold a team's key and belong to it."""
    return find_wraps_of_members().filter(team_key=old).select_related("person_key")


def find_wraps_of_members() -> QuerySet[TeamWrap]:
    """Find, of every team, the wraps of those who hold its key and belong to it.

    A suspension destroys nothing: a suspended person keeps the key, and can't use it
    before the suspension is lifted.
    """
    members = Membership.objects.holding(KEYHOLDERS).filter(
        team=OuterRef("team_key__team"), user=OuterRef("person_key__user")
    )
    suspended = Suspension.objects.current().values("user")
    return TeamWrap.objects.filter(
        Q(person_key__user__is_active=True) | Q(person_key__user__in=suspended),
        Exists(members),
    )


def _succeed(old: TeamKey) -> TeamKey:
    now = timezone.now()
    free = TeamKey.objects.filter(pk=old.pk, retired_at=None)
    # The update decides between two colleagues who renew at once.
    if not free.update(retired_at=now):
        raise Refused(_("A colleague has just renewed the team’s key."))
    unopened.forget(old)  # what was put right meanwhile is not left behind
    to_move = sum(rows.count() for _kind, rows in iterate_rows_to_reseal(old.team_id))
    return TeamKey(team=old.team, epoch=old.epoch + 1, made_at=now, to_move=to_move)


@dataclass(frozen=True)
class ResealableKind:
    """What is sealed to teams; the app that seals it registers it in `apps.ready()`."""

    held: Callable[[QuerySet[TeamKey]], QuerySet[Model]]
    """What is still sealed to one of these keys, in a fixed order."""
    move: Callable[[QuerySet[Any], User], object]
    """Reseal these to their team's current key."""
    carry: Callable[[QuerySet[Any], User], object] | None = None
    """Seal their own keys to it as they are, where the first can't be done."""
    case_of: Callable[[Any], UUID] | None = None


SEALED: Registry[ResealableKind] = Registry()


def find_earlier_keys(team: int) -> QuerySet[TeamKey]:
    """Find the earlier keys of a team that a colleague can still open."""
    held = TeamWrap.objects.filter(team_key=OuterRef("pk"))
    sealed = RecoveryWrap.objects.filter(team_key=OuterRef("pk"))
    retired = TeamKey.objects.filter(team=team, retired_at__isnull=False)
    return retired.filter(Exists(held) | Exists(sealed))


def iterate_rows_to_reseal(
    team: int, *, keys: Collection[int] = ()
) -> Iterator[tuple[ResealableKind, QuerySet[Model]]]:
    """Find what is under earlier keys, or those of them that are named, and was not set
    aside.
    """
    earlier, set_aside = find_earlier_keys(team), unopened.find_set_aside(team)
    if keys:
        earlier = earlier.filter(pk__in=list(keys))
    for kind in SEALED:
        yield kind, unopened.exclude_set_aside(kind.held(earlier), set_aside)


def is_renewal_due(team: Team) -> bool:
    """Return whether others may have the team's current key: a holder has left or
    started again since it was made.
    """
    current = TeamKey.objects.filter(team=team, retired_at=None)
    return current.exclude(exposed_at=None).exists()


def renew_where_due(user: User) -> int:
    """Begin a new epoch of each exposed key that `user` holds; return how many. Part of
    unlocking, so that no one has to remember it.
    """
    due = TeamKey.objects.filter(retired_at=None).exclude(exposed_at=None)
    mine = due.filter(wraps__person_key__user=user).select_related("team")
    begun = 0
    for key in mine:
        try:
            begin_epoch(key.team, by=user)
        except Refused:  # a colleague was first, or they have left themselves
            continue
        begun += 1
    return begun


def find_current_epoch(team: Team) -> TeamKey | None:
    return TeamKey.objects.filter(team=team, retired_at=None).first()


def refresh_progress(team_key: TeamKey) -> ResealingProgress:
    team_key.refresh_from_db(fields=["to_move", "moved", "settled_at", "kept_until"])
    return compute_progress(team_key)


def compute_progress(team_key: TeamKey) -> ResealingProgress:
    """Compute the progress from what was loaded."""
    total = team_key.to_move
    # Never complete before the epoch is settled: other records may have been written
    # under the old key since they were counted.
    done = total if team_key.settled_at else min(team_key.moved, max(total - 1, 0))
    return ResealingProgress(done, total, team_key.kept_until)


def count_set_aside(team_key: TeamKey) -> int:
    """Count the records of the team that were set aside and are still there."""
    earlier = find_earlier_keys(team_key.team_id)
    known = unopened.find_set_aside(team_key.team_id)
    return sum(
        unopened.filter_set_aside(kind.held(earlier), known).count() for kind in SEALED
    )


def settle_epoch_if_done(team_key: TeamKey, *, by: User) -> None:
    """Destroy the private keys of earlier epochs, when nothing is left under them; keep
    them for some time, when nothing but what was set aside is left.
    """
    team = team_key.team_id
    if any(rows.exists() for _kind, rows in iterate_rows_to_reseal(team)):
        return
    if count_set_aside(team_key):
        unopened.keep(team_key)
    else:
        destroy_earlier_keys(team_key, by=by)
    get_keyring(by).forget_teams()


def destroy_earlier_keys(team_key: TeamKey, *, by: User | None) -> None:
    earlier = TeamKey.objects.filter(team=team_key.team_id, retired_at__isnull=False)
    TeamWrap.objects.filter(team_key__in=earlier).delete()
    RecoveryWrap.objects.filter(team_key__in=earlier).delete()
    unopened.forget(team_key)
    settled = TeamKey.objects.filter(pk=team_key.pk, settled_at=None)
    if settled.update(settled_at=timezone.now()):
        log.record("settled key epoch", team_key, by=by, team=team_key.team_id)
