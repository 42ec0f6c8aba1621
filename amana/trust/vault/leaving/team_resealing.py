"""Reseal what earlier keys held, a part at a time."""

import time
from collections.abc import Collection
from functools import partial
from threading import Lock
from uuid import UUID

from django.db import InterfaceError, OperationalError, transaction
from django.db.models import F, Model, QuerySet
from django.utils.translation import gettext as _

from amana.errors import Refused
from amana.trust.access.models.organisations import User
from amana.trust.audit import log
from amana.trust.vault import altered, unopened
from amana.trust.vault.altered import Alteration, Tampered
from amana.trust.vault.crypto import Unopenable
from amana.trust.vault.epochs import (
    STEP,
    ResealableKind,
    ResealingProgress,
    destroy_earlier_keys,
    find_earlier_keys,
    iterate_rows_to_reseal,
    problems,
    refresh_progress,
    settle_epoch_if_done,
)
from amana.trust.vault.keys.keyring import Locked, get_keyring
from amana.trust.vault.keys.team_key_wraps import get_current_key
from amana.trust.vault.models.team_keys import TeamKey
from amana.turns import run_in_turn


def find_unsettled(user: User) -> QuerySet[TeamKey]:
    """Find the current keys of the user's teams that still have to take over from
    others.
    """
    mine = TeamKey.objects.filter(wraps__person_key__user=user, retired_at=None)
    return mine.filter(settled_at=None, epoch__gt=1)


def rewrap_some(team_key: TeamKey, *, by: User, limit: int = STEP) -> ResealingProgress:
    """Seal again some of what is under earlier epochs; return the progress made.

    Call it until it is complete. Of two people at once one works, the other passes.
    """
    ring = get_keyring(by)
    if team_key.pk not in ring.teams:
        raise Locked(_("Only a member who holds this team’s key can renew it."))
    # Looked for before the transaction: on SQLite it keeps all others from writing.
    earlier = find_earlier_keys(team_key.team_id).order_by("-epoch")
    before = list(earlier.values_list("pk", flat=True))
    found = _find_some(team_key.team_id, ring.teams.keys(), limit)
    _seal_again(team_key, before, found, by=by, is_last=_count(found) < limit)
    return refresh_progress(team_key)


type FoundRows = list[tuple[ResealableKind, type[Model], list[object]]]


def _find_some(team: int, keys: Collection[int], limit: int) -> FoundRows:
    found: FoundRows = []
    for kind, rows in iterate_rows_to_reseal(team, keys=keys):
        if ids := list(rows.values_list("pk", flat=True)[: limit - _count(found)]):
            found.append((kind, rows.model, ids))
        if _count(found) == limit:
            break
    return found


def _count(found: FoundRows) -> int:
    return sum(len(ids) for _kind, _model, ids in found)


@transaction.atomic
def _seal_again(
    team_key: TeamKey, before: list[int], found: FoundRows, *, by: User, is_last: bool
) -> None:
    """Seal these rows again, unless a colleague is at it; settle after the last."""
    if get_current_key(team_key.team_id).pk != team_key.pk:
        raise Refused(_("The team already has a newer key."))
    if not _is_my_turn(before):
        return
    earlier = TeamKey.objects.filter(pk__in=before)
    moved = 0
    for kind, model, ids in found:
        # Once more, now that no one else is at it: some may be sealed anew by now.
        rows = kind.held(earlier).filter(pk__in=ids)
        left = list(rows.values_list("pk", flat=True))
        moved += _move(kind, model, left, team_key, by=by)
    if moved:
        TeamKey.objects.filter(pk=team_key.pk).update(moved=F("moved") + moved)
    if is_last:
        settle_epoch_if_done(team_key, by=by)


def _is_my_turn(before: list[int]) -> bool:
    """Hold the last of the earlier keys, which no one who writes ever waits for."""
    last = TeamKey.objects.filter(pk__in=before[:1])
    return not before or bool(last.select_for_update(no_key=True, skip_locked=True))


def _move(
    kind: ResealableKind,
    model: type[Model],
    ids: list[object],
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
    rows: QuerySet[Model],
    ids: list[object],
    mistake: Exception,
    team_key: TeamKey,
    *,
    by: User,
) -> int:
    """Rewrap one row as it is, or set it aside; notify those who have to know."""
    row = rows.first()
    if row is None:  # deleted, or resealed by a colleague who wrote in it
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


def get_kind(row: Model) -> str:
    """Get the name, in codes, by which the log knows what a row is."""
    return str(row._meta.label)


def _require_moved(kind: ResealableKind, ids: list[object], team_key: TeamKey) -> None:
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
        problems.error("could not reseal: %s", type(mistake))


TRICKLE = 16
"""How many rows are resealed after a page of a colleague at work: for as long, no one
else writes on SQLite."""


RESTS = 4
"""After each such time, one process rests so many times as long. Fifty colleagues at
work would else hold the database's lock for one another's pages without end."""


_rests_until = 0.0
_turn = Lock()
"""Of a process one page at a time reseals: others would wait for its database lock, and
so take all threads that serve pages."""


def rewrap_in_passing(user: User) -> None:
    """Seal again a little of what is still under an earlier key of one of their teams,
    unless this process does so for another, or rests from it.
    """
    if not _turn.acquire(blocking=False):
        return
    try:
        began = time.monotonic()
        if began >= _rests_until:
            _rewrap_a_little(user, began)
    finally:
        _turn.release()


def _rewrap_a_little(user: User, began: float) -> None:
    global _rests_until
    ring = get_keyring(user)
    current = TeamKey.objects.filter(team__in=ring.behind, retired_at=None)
    key = current.filter(pk__in=list(ring.teams)).order_by("pk").first()
    if key is None:
        return
    try:
        rewrap_some(key, by=user, limit=TRICKLE)
    finally:
        # Also where it failed: if the database is busy, the next page would wait too.
        ended = time.monotonic()
        _rests_until = ended + RESTS * (ended - began)


@transaction.atomic
def try_again(team_key: TeamKey, *, by: User) -> None:
    """Try again what was set aside: it has been repaired."""
    ring = get_keyring(by)
    if team_key.pk not in ring.teams:
        raise Locked(_("Only a member who holds this team’s key can renew it."))
    unopened.forget(team_key)
    log.record("tried records again", team_key, by=by, team=team_key.team_id)
    ring.forget_teams()


def destroy_lapsed() -> int:
    """Destroy earlier keys that were kept long enough for records that they don't open;
    return for how many teams. If a mistake of the program kept a record from being
    sealed again, they may open it, and are kept. For the timer.
    """
    return run_in_turn(partial(_destroy_if_lost, key) for key in unopened.find_lapsed())


@transaction.atomic
def _destroy_if_lost(team_key: TeamKey) -> int:
    if any(rows.exists() for _kind, rows in iterate_rows_to_reseal(team_key.team_id)):
        return 0
    if not unopened.is_lost(team_key.team_id):
        return 0
    destroy_earlier_keys(team_key, by=None)
    return 1
