"""When a keyholder leaves, their team gets a new key: a new *epoch*.

At once, the leaver's wraps are gone and all that is new is sealed under the new key.
What was sealed under earlier keys is then sealed anew in small steps, after the pages
of whoever of the team is at work; when nothing is left of it, the earlier keys are
destroyed. Until then work goes on as usual, and a step that is interrupted is simply
done again. What can't be sealed anew holds up nothing (`unopened`, ADR 72).
"""

import logging
from collections.abc import Callable, Collection, Iterator
from dataclasses import dataclass
from datetime import datetime
from functools import partial
from typing import Any
from uuid import UUID

from django.db import InterfaceError, OperationalError, transaction
from django.db.models import Exists, F, OuterRef, Q, QuerySet
from django.utils import timezone
from django.utils.translation import gettext as _

from amana.errors import Refused
from amana.registry import Registry
from amana.trust.access.models import KEYHOLDERS, Membership, Suspension, Team, User
from amana.trust.audit import log
from amana.trust.vault import (
    altered,
    cards,
    disclosures,
    documents,
    drafts,
    manifest,
    parcels,
    roster,
    unopened,
)
from amana.trust.vault.altered import Alteration, Tampered
from amana.trust.vault.crypto import KeyPair, Unopenable
from amana.trust.vault.keys import (
    Locked,
    get_current_key,
    get_keyring,
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
from amana.turns import run_in_turn

problems = logging.getLogger(__name__)

STEP = 100
"""How many wraps are moved in one transaction: a second of work at most."""


@dataclass(frozen=True)
class ResealingProgress:
    """How much of what earlier epochs held has been sealed anew."""

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
    _settle_if_done(new, by=by)
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
    to_move = sum(rows.count() for _kind, rows in _waiting(old.team_id))
    return TeamKey(team=old.team, epoch=old.epoch + 1, made_at=now, to_move=to_move)


def _cards_held_by(keys: QuerySet[TeamKey]) -> QuerySet[SearchCard]:
    return SearchCard.objects.filter(team_key__in=keys).order_by("pk")


def _move_cards(some: QuerySet[SearchCard], by: User) -> None:
    for key in TeamKey.objects.filter(searchcards__in=some).distinct():
        cards.renew_cards(
            some.filter(team_key=key), to=get_current_key(key.team_id), by=by
        )


@dataclass(frozen=True)
class ResealableKind:
    """What is sealed to teams; an upper room registers its own in `apps.ready()`."""

    held: Callable[[QuerySet[TeamKey]], QuerySet[Any]]
    """What is still sealed to one of these keys, in a fixed order."""
    move: Callable[[QuerySet[Any], User], object]
    """Seal these anew to their team's current key."""
    carry: Callable[[QuerySet[Any], User], object] | None = None
    """Seal their own keys to it as they are, where the first can't be done."""
    case_of: Callable[[Any], UUID] | None = None


SEALED = Registry(
    [
        ResealableKind(
            documents.find_wraps_of_team_keys,
            documents.renew_compartments,
            documents.rewrap_compartment_keys,
            documents.get_case_of_wrap,
        ),
        ResealableKind(
            disclosures.find_wraps_of_team_keys,
            disclosures.renew_disclosures,
            disclosures.rewrap_disclosure_keys,
            disclosures.get_case_of_wrap,
        ),
        ResealableKind(_cards_held_by, _move_cards, case_of=lambda card: card.case),
        ResealableKind(parcels.find_parcels_of_team_keys, parcels.rewrap_parcels),
        ResealableKind(drafts.find_draft_keys, drafts.rewrap_draft_keys),
        ResealableKind(drafts.find_waiting_drafts, drafts.rewrap_waiting_drafts),
    ]
)


def _earlier(team: int) -> QuerySet[TeamKey]:
    """Find the earlier keys of a team that a colleague can still open."""
    held = TeamWrap.objects.filter(team_key=OuterRef("pk"))
    sealed = RecoveryWrap.objects.filter(team_key=OuterRef("pk"))
    retired = TeamKey.objects.filter(team=team, retired_at__isnull=False)
    return retired.filter(Exists(held) | Exists(sealed))


def _waiting(
    team: int, *, keys: Collection[int] = ()
) -> Iterator[tuple[ResealableKind, QuerySet[Any]]]:
    """Find what is under earlier keys, or those of them that are named, and was not set
    aside.
    """
    earlier, set_aside = _earlier(team), unopened.find_set_aside(team)
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


# --- moving on


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


def find_unsettled(user: User) -> QuerySet[TeamKey]:
    """Find the current keys of the user's teams that still have to take over from
    others.
    """
    mine = TeamKey.objects.filter(wraps__person_key__user=user, retired_at=None)
    return mine.filter(settled_at=None, epoch__gt=1)


@transaction.atomic
def rewrap_some(team_key: TeamKey, *, by: User, limit: int = STEP) -> ResealingProgress:
    """Seal again some of what is under earlier epochs; return the progress made.

    Call it until it is complete. Of two people at once one works, the other passes.
    """
    ring = get_keyring(by)
    if team_key.pk not in ring.teams:
        raise Locked(_("Only a member who holds this team’s key can renew it."))
    if get_current_key(team_key.team_id).pk != team_key.pk:
        raise Refused(_("The team already has a newer key."))
    if not _is_my_turn(team_key):
        return refresh_progress(team_key)
    moved = 0
    for kind, rows in _waiting(team_key.team_id, keys=ring.teams):
        if moved < limit:
            ids = list(rows.values_list("pk", flat=True)[: limit - moved])
            # Counted even if a colleague sealed it meanwhile: it is no longer under an
            # old key.
            moved += _move(kind, rows.model, ids, team_key, by=by)
    TeamKey.objects.filter(pk=team_key.pk).update(moved=F("moved") + moved)
    _settle_if_done(team_key, by=by)
    return refresh_progress(team_key)


def _is_my_turn(team_key: TeamKey) -> bool:
    """Hold the last of the earlier keys, which no one who writes ever waits for."""
    last = (
        _earlier(team_key.team_id).order_by("-epoch").values_list("pk", flat=True)[:1]
    )
    rows = TeamKey.objects.filter(pk__in=list(last))
    return bool(rows.select_for_update(no_key=True, skip_locked=True)) or not last


def _move(
    kind: ResealableKind,
    model: type[Any],
    ids: list[Any],
    team_key: TeamKey,
    *,
    by: User,
) -> int:
    """Seal these rows again; return how many. If it fails, one half, and the other,
    down to the one row that can't be: it holds up no other.
    """
    if not ids:
        return 0
    rows = model._default_manager.filter(pk__in=ids)
    try:
        with transaction.atomic():
            kind.move(rows.order_by("pk"), by)
            _require_moved(kind, ids, team_key)
    except (OperationalError, InterfaceError):  # it is the database, and none of these
        raise
    except Exception as mistake:
        if len(ids) > 1:
            middle = len(ids) // 2
            halves = (ids[:middle], ids[middle:])
            return sum(_move(kind, model, h, team_key, by=by) for h in halves)
        return _carry(kind, rows, ids, mistake, team_key, by=by)
    return len(ids)


def _carry(
    kind: ResealableKind,
    rows: QuerySet[Any],
    ids: list[Any],
    mistake: Exception,
    team_key: TeamKey,
    *,
    by: User,
) -> int:
    """Rewrap one row as it is, or set it aside; notify those who have to know."""
    row = rows.first()
    if row is None:  # gone, or sealed anew by who wrote in it
        return 1
    case = kind.case_of(row) if kind.case_of else None
    try:
        if kind.carry is None:
            raise mistake
        with transaction.atomic():
            kind.carry(rows, by)
            _require_moved(kind, ids, team_key)
        _tell(mistake, case)
    except (OperationalError, InterfaceError):
        raise
    except Exception as error:
        # A row that doesn't open was altered, or its key is lost. Any other error is a
        # mistake of the program: a later version may still open the row, so its keys
        # are kept.
        does_not_open = isinstance(error, Unopenable) or isinstance(
            error.__cause__, Unopenable
        )
        name = "" if does_not_open else type(error).__name__
        unopened.set_aside(team_key, row, error=name)
        log.record("set record aside", team_key, by=by, case=case, kind=get_kind(row))
        _tell(error, case)
        return 0
    return 1


def get_kind(row: Any) -> str:
    """Get the name, in codes, by which the log knows what a row is."""
    return str(row._meta.label)


def _require_moved(kind: ResealableKind, ids: list[Any], team_key: TeamKey) -> None:
    earlier = TeamKey.objects.filter(team=team_key.team_id, retired_at__isnull=False)
    if kind.held(earlier).filter(pk__in=ids).exists():
        raise Refused(_("Something here could not be sealed under the new key."))


def _tell(mistake: Exception, case: UUID | None) -> None:
    """Report what is altered (`altered.list_people_to_notify`), once: it isn't tried
    again.
    """
    if isinstance(mistake, Unopenable):
        # Building the refusal reports it; it isn't raised, since the others go on.
        altered.build_case_tampered(
            Alteration.CONTENT, case
        ) if case else altered.build_parcel_tampered()
    elif not isinstance(mistake, Tampered):  # which has told already
        problems.error("could not seal anew: %s", type(mistake))


TRICKLE = 25
"""How much is sealed anew after a page of a colleague at work: some 25 ms."""


def rewrap_in_passing(user: User) -> None:
    """Seal again a little of what is still under an earlier key of one of their
    teams.
    """
    ring = get_keyring(user)
    current = TeamKey.objects.filter(team__in=ring.behind, retired_at=None)
    key = current.filter(pk__in=list(ring.teams)).order_by("pk").first()
    if key is not None:
        rewrap_some(key, by=user, limit=TRICKLE)


def count_set_aside(team_key: TeamKey) -> int:
    """Count the records of the team that were set aside and are still there."""
    earlier = _earlier(team_key.team_id)
    known = unopened.find_set_aside(team_key.team_id)
    return sum(
        unopened.filter_set_aside(kind.held(earlier), known).count() for kind in SEALED
    )


@transaction.atomic
def try_again(team_key: TeamKey, *, by: User) -> None:
    """Try again what was set aside: it has been repaired."""
    ring = get_keyring(by)
    if team_key.pk not in ring.teams:
        raise Locked(_("Only a member who holds this team’s key can renew it."))
    unopened.forget(team_key)
    log.record("tried records again", team_key, by=by, team=team_key.team_id)
    ring.forget_teams()


def _settle_if_done(team_key: TeamKey, *, by: User) -> None:
    """Destroy the private keys of earlier epochs, when nothing is left under them; keep
    them for some time, when nothing but what was set aside is left.
    """
    team = team_key.team_id
    if any(rows.exists() for _kind, rows in _waiting(team)):
        return
    if count_set_aside(team_key):
        unopened.keep(team_key)
    else:
        _destroy_earlier(team_key, by=by)
    get_keyring(by).forget_teams()


def _destroy_earlier(team_key: TeamKey, *, by: User | None) -> None:
    earlier = TeamKey.objects.filter(team=team_key.team_id, retired_at__isnull=False)
    TeamWrap.objects.filter(team_key__in=earlier).delete()
    RecoveryWrap.objects.filter(team_key__in=earlier).delete()
    unopened.forget(team_key)
    settled = TeamKey.objects.filter(pk=team_key.pk, settled_at=None)
    if settled.update(settled_at=timezone.now()):
        log.record("settled key epoch", team_key, by=by, team=team_key.team_id)


def destroy_lapsed() -> int:
    """Destroy earlier keys that were kept long enough for records that they don't open;
    return for how many teams. If a mistake of the program kept a record from being
    sealed again, they may open it, and are kept. For the timer.
    """
    return run_in_turn(partial(_destroy_if_lost, key) for key in unopened.find_lapsed())


@transaction.atomic
def _destroy_if_lost(team_key: TeamKey) -> int:
    if any(rows.exists() for _kind, rows in _waiting(team_key.team_id)):
        return 0
    if not unopened.is_lost(team_key.team_id):
        return 0
    _destroy_earlier(team_key, by=None)
    return 1


# --- a person who leaves altogether


def count_held_alone(user: User) -> int:
    """Count the cases that no one else could open any more, if this person left."""
    theirs = CompartmentWrap.objects.filter(person_key__user=user)
    others = CompartmentWrap.objects.exclude(person_key__user=user)
    alone = theirs.exclude(key__in=others.values("key"))
    return alone.values("key__case").distinct().count()


def is_last_holder(user: User) -> bool:
    """Return whether something opens with this person's key and with no other one."""
    theirs = TeamWrap.objects.filter(person_key__user=user)
    others = TeamWrap.objects.exclude(person_key__user=user)
    alone = theirs.exclude(team_key__in=others.values("team_key"))
    return alone.exists() or count_held_alone(user) > 0


def can_open_anything(user: User) -> bool:
    """Return whether this person's key opens anything, of a team or in person."""
    held = (TeamWrap, CompartmentWrap, DisclosureWrap)
    return any(
        model._default_manager.filter(person_key__user=user).exists() for model in held
    )


def has_keys_to_lose(user: User) -> str:
    """Explain why one person alone can't close this account; empty if they can."""
    if not can_open_anything(user):
        return ""
    return _(
        "This colleague has keys. Ask another colleague to confirm them, or "
        "propose that they leave."
    )


def expose_team_keys(user: User, *, team: int | None = None) -> None:
    """Mark what the person holds of teams' keys as to be renewed: others may have
    it.
    """
    held = TeamKey.objects.filter(retired_at=None, wraps__person_key__user=user)
    if team is not None:
        held = held.filter(team=team)
    current = TeamKey.objects.filter(pk__in=list(held.values_list("pk", flat=True)))
    current.filter(exposed_at=None).update(exposed_at=timezone.now())


@transaction.atomic
def take_person_key(user: User) -> None:
    """Delete a person's key, and mark as exposed what it could open in person."""
    now = timezone.now()
    # Before the key is gone: afterwards nothing could check what the person signed.
    manifest.countersign(user)
    theirs = CompartmentWrap.objects.filter(person_key__user=user)
    documents.release(user, cases=set(theirs.values_list("key__case", flat=True)))
    held = CompartmentKey.objects.filter(pk__in=theirs.values("key"))
    held.filter(exposed_at=None).update(exposed_at=now)
    shared = DisclosureWrap.objects.filter(person_key__user=user)
    known = Disclosure.objects.filter(pk__in=shared.values("disclosure"))
    known.filter(exposed_at=None).update(exposed_at=now)
    PersonKey.objects.filter(user=user).delete()
