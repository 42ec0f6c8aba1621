"""When a keyholder leaves, their team gets a new key: a new *epoch*.

At once, the leaver's wraps are gone and all that is new is sealed under the new key.
What was sealed under earlier keys is then sealed anew in small steps, by whoever of
the team is at work; when nothing is left of it, the earlier keys are destroyed. Until
then work goes on as usual, and a step that is interrupted is simply done again.
"""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from django.db import transaction
from django.db.models import Exists, F, OuterRef, Q, QuerySet
from django.utils import timezone
from django.utils.translation import gettext as _

from amana.errors import Refused
from amana.registry import Registry
from amana.trust.access.models import KEYHOLDERS, Membership, Suspension, Team, User
from amana.trust.audit import log
from amana.trust.vault import (
    cards,
    disclosures,
    documents,
    drafts,
    manifest,
    parcels,
    roster,
)
from amana.trust.vault.crypto import KeyPair
from amana.trust.vault.keys import (
    Locked,
    current_key,
    keyring_of,
    seal_to_recovery,
    share_team_key,
)
from amana.trust.vault.models import (
    CompartmentKey,
    CompartmentWrap,
    Disclosure,
    DisclosureWrap,
    PersonKey,
    RecoveryWrap,
    SearchCard,
    TeamKey,
    TeamWrap,
)

STEP = 100
"""How many wraps are moved in one transaction: a second of work at most."""


@dataclass(frozen=True)
class Progress:
    """How much of what earlier epochs held has been sealed anew."""

    done: int
    total: int

    @property
    def is_complete(self) -> bool:
        return self.done >= self.total


@transaction.atomic
def begin_epoch(team: Team, *, by: User) -> TeamKey:
    """Give the team a new key, held by those who hold the old one and have stayed."""
    ring = keyring_of(by)
    old = TeamKey.objects.select_for_update().filter(team=team, retired_at=None).first()
    if old is None or old.pk not in ring.teams:
        raise Locked(_("Only a member who holds this team's key can renew it."))
    staying = list(holding(old))
    if by.pk not in {wrap.person_key.user_id for wrap in staying}:
        raise Refused(_("Whoever has left this team can't renew its key."))
    stay = [wrap.person_key_id for wrap in staying]
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
    for leaver in User.objects.filter(
        person_key__team_wraps__team_key__team=team
    ).exclude(person_key__in=stay):
        manifest.countersign(leaver)
    TeamWrap.objects.filter(team_key__team=team).exclude(person_key__in=stay).delete()
    log.record("began key epoch", new, by=by, team=team.pk, epoch=new.epoch)
    ring.forget_teams()
    _settle_if_done(new, by=by)
    roster.say(
        "renew",
        by=ring,
        team=team.pk,
        key=new.pk,
        epoch=new.epoch,
        public=pair.public.hex(),
        holders=sorted(stay),
    )
    return new


def holding(old: TeamKey) -> QuerySet[TeamWrap]:
    """The wraps of those who hold a team's key and belong to it."""
    return held_by_members().filter(team_key=old).select_related("person_key")


def held_by_members() -> QuerySet[TeamWrap]:
    """Of every team the same.

    A suspension destroys nothing: who is suspended keeps the key, and can't use it
    before it is lifted."""
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
    if not free.update(retired_at=now):
        raise Refused(_("A colleague has renewed the team's key a moment ago."))
    retired = _retired(old.team_id)
    held = [CompartmentWrap, DisclosureWrap, SearchCard]
    to_move = sum(
        model._default_manager.filter(team_key__in=retired).count() for model in held
    ) + sum(above.held(retired).count() for above in ABOVE)
    return TeamKey(team=old.team, epoch=old.epoch + 1, made_at=now, to_move=to_move)


@dataclass(frozen=True)
class Above:
    """What an upper room seals to teams; the room registers it in `apps.ready()`."""

    held: Callable[[QuerySet[TeamKey]], QuerySet[Any]]
    """What is still sealed to one of these keys."""
    move: Callable[[QuerySet[Any], User], int]
    """Seal these anew to their team's current key; how many."""


ABOVE = Registry(
    [
        Above(parcels.held_by, parcels.move),
        Above(drafts.keys_held_by, drafts.move_keys),
        Above(drafts.waiting_held_by, drafts.move_waiting),
    ]
)


def _retired(team: int) -> QuerySet[TeamKey]:
    return TeamKey.objects.filter(team=team, retired_at__isnull=False)


def renewal_due(team: Team) -> bool:
    """Whether others may have the team's current key: someone who held it has left or
    started again since it was made."""
    current = TeamKey.objects.filter(team=team, retired_at=None)
    return current.exclude(exposed_at=None).exists()


def renew_where_due(user: User) -> int:
    """Begin a new epoch of each exposed key that `user` holds; how many. Part of
    unlocking: nobody has to think of it."""
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


# --- moving on


def current_epoch(team: Team) -> TeamKey | None:
    return TeamKey.objects.filter(team=team, retired_at=None).first()


def progress(team_key: TeamKey) -> Progress:
    team_key.refresh_from_db(fields=["to_move", "moved", "settled_at"])
    total = team_key.to_move
    done = total if team_key.settled_at else min(team_key.moved, max(total - 1, 0))
    return Progress(done, total)


def unsettled(user: User) -> QuerySet[TeamKey]:
    """The current keys of the user's teams that still have to take over from others."""
    mine = TeamKey.objects.filter(wraps__person_key__user=user, retired_at=None)
    return mine.filter(settled_at=None, epoch__gt=1)


@transaction.atomic
def rewrap_some(team_key: TeamKey, *, by: User, limit: int = STEP) -> Progress:
    """Seal anew some of what earlier epochs hold; the progress made.

    Call it until it is complete. Two people at once only share the work."""
    if team_key.pk not in keyring_of(by).teams:
        raise Locked(_("Only a member who holds this team's key can renew it."))
    if current_key(team_key.team_id).pk != team_key.pk:
        raise Refused(_("A newer key of this team has taken over."))
    moved = 0
    for move in (_move_compartments, _move_disclosures, _move_cards):
        if moved < limit:
            moved += move(team_key, limit - moved, by=by)
    for above in ABOVE:
        if moved < limit:
            waiting = above.held(_retired(team_key.team_id))
            moved += above.move(waiting[: limit - moved], by)
    TeamKey.objects.filter(pk=team_key.pk).update(moved=F("moved") + moved)
    _settle_if_done(team_key, by=by)
    return progress(team_key)


def _move_compartments(team_key: TeamKey, limit: int, *, by: User) -> int:
    waiting = CompartmentWrap.objects.filter(team_key__in=_retired(team_key.team_id))
    some = list(waiting.values_list("key", flat=True)[:limit])
    keys = documents.locked(CompartmentKey.objects.filter(pk__in=some))
    if keys:
        secrets = documents.secrets_of(keys, by=by)
        documents.renew(secrets)
    return len(some)


def _move_disclosures(team_key: TeamKey, limit: int, *, by: User) -> int:
    waiting = DisclosureWrap.objects.filter(team_key__in=_retired(team_key.team_id))
    some = list(waiting.values_list("disclosure", flat=True)[:limit])
    found = Disclosure.objects.filter(pk__in=some).order_by("pk")
    disclosures.renew(
        {
            disclosure: disclosures.secret_to_move(disclosure, by=by)
            for disclosure in found.select_for_update(no_key=True)
        }
    )
    return len(some)


def _move_cards(team_key: TeamKey, limit: int, *, by: User) -> int:
    waiting = SearchCard.objects.filter(team_key__in=_retired(team_key.team_id))
    return cards.move(waiting.order_by("pk")[:limit], to=team_key, by=by)


def _settle_if_done(team_key: TeamKey, *, by: User) -> None:
    """When nothing is left under earlier epochs, destroy their private keys."""
    retired = _retired(team_key.team_id)
    for model in (CompartmentWrap, DisclosureWrap, SearchCard):
        if model._default_manager.filter(team_key__in=retired).exists():
            return
    if any(above.held(retired).exists() for above in ABOVE):
        return
    TeamWrap.objects.filter(team_key__in=retired).delete()
    RecoveryWrap.objects.filter(team_key__in=retired).delete()
    settled = TeamKey.objects.filter(pk=team_key.pk, settled_at=None)
    if settled.update(settled_at=timezone.now()):
        log.record("settled key epoch", team_key, by=by, team=team_key.team_id)
    keyring_of(by).forget_teams()


# --- a person who leaves altogether


def held_alone_by(user: User) -> int:
    """How many cases nobody else could open any more, were this person to leave."""
    theirs = CompartmentWrap.objects.filter(person_key__user=user)
    others = CompartmentWrap.objects.exclude(person_key__user=user)
    alone = theirs.exclude(key__in=others.values("key"))
    return alone.values("key__case").distinct().count()


def is_last_holder(user: User) -> bool:
    """Whether something opens with this person's key and with no other one."""
    theirs = TeamWrap.objects.filter(person_key__user=user)
    others = TeamWrap.objects.exclude(person_key__user=user)
    alone = theirs.exclude(team_key__in=others.values("team_key"))
    return alone.exists() or held_alone_by(user) > 0


def opens_something(user: User) -> bool:
    """Whether this person's key opens anything, of a team or in person."""
    held = (TeamWrap, CompartmentWrap, DisclosureWrap)
    return any(
        model._default_manager.filter(person_key__user=user).exists() for model in held
    )


def has_keys_to_lose(user: User) -> str:
    """Why one person alone can't close this account; empty if they can."""
    if not opens_something(user):
        return ""
    return _(
        "They have keys. Let a colleague confirm them, or propose that they leave."
    )


def expose_team_keys(user: User, *, team: int | None = None) -> None:
    """What the person holds of teams' keys is to be renewed: others may have it."""
    held = TeamKey.objects.filter(retired_at=None, wraps__person_key__user=user)
    if team is not None:
        held = held.filter(team=team)
    current = TeamKey.objects.filter(pk__in=list(held.values_list("pk", flat=True)))
    current.filter(exposed_at=None).update(exposed_at=timezone.now())


@transaction.atomic
def take_person_key(user: User) -> None:
    """Delete someone's key, and mark as exposed what it could open in person."""
    now = timezone.now()
    manifest.countersign(user)
    theirs = CompartmentWrap.objects.filter(person_key__user=user)
    documents.release(user, cases=set(theirs.values_list("key__case", flat=True)))
    held = CompartmentKey.objects.filter(pk__in=theirs.values("key"))
    held.filter(exposed_at=None).update(exposed_at=now)
    shared = DisclosureWrap.objects.filter(person_key__user=user)
    known = Disclosure.objects.filter(pk__in=shared.values("disclosure"))
    known.filter(exposed_at=None).update(exposed_at=now)
    PersonKey.objects.filter(user=user).delete()
