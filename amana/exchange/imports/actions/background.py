"""Work on an import in the background: step by step, never two steps at once.

Each step takes a turn: it raises the import's number in a transaction of its own, does
its work, and stores it in one more, if the number is still the one that it made. So a
task that comes twice, or wakes up after others have continued, stores nothing; and what
was killed is continued by the task that raises the number next (ADR 94)."""

from uuid import UUID

from django.db import transaction
from django.db.models import Exists, F, OuterRef, Q
from django.utils import timezone
from django.utils.translation import gettext as _

from amana.errors import Refused
from amana.exchange.imports.events import step_waiting
from amana.exchange.imports.models import STANDS_STILL, Import, ImportRow
from amana.exchange.imports.rules import bring_services
from amana.trust.access.models.organisations import User
from amana.trust.audit import log

MOST_TRIES = 3
"""Steps that were begun and not completed, after which only a person continues."""


class Overtaken(Exception):
    """Another task, or a person, has continued the import in the meantime."""


def take_turn(key: UUID, turn: int) -> Import | None:
    """Take the turn to do a step; None if another one has it."""
    mine = Import.objects.filter(pk=key, turn=turn)
    if not mine.update(turn=turn + 1, tries=F("tries") + 1, worked_at=timezone.now()):
        return None
    return Import.objects.select_related("brought_by", "asked_by").get(pk=key)


def end_turn(brought: Import) -> None:
    """End the turn, in the transaction that stores its work. Raises `Overtaken`."""
    mine = Import.objects.filter(pk=brought.pk, turn=brought.turn)
    if not mine.update(turn=F("turn") + 1, tries=0, worked_at=timezone.now()):
        raise Overtaken
    brought.turn += 1


def queue_step(brought: Import) -> None:
    """Have the next step done; a task that was about to do one stores nothing."""
    now = timezone.now()
    Import.objects.filter(pk=brought.pk).update(
        turn=F("turn") + 1, tries=0, worked_at=now
    )
    brought.refresh_from_db(fields=["turn", "tries", "worked_at"])
    step_waiting.send(Import, brought=brought)


def find_unfinished() -> Q:
    """Match imports of which something waits to be done in the background."""
    waiting = ImportRow.objects.waiting().filter(brought=OuterRef("pk"))
    return Q(Q(asked_at__isnull=False) | Q(Exists(waiting)), taken_in_at=None)


@transaction.atomic
def resume_import(brought: Import, *, by: User) -> None:
    """Continue an import whose work in the background was stopped."""
    bring_services.require(by, brought)
    if not Import.objects.filter(find_unfinished(), pk=brought.pk).exists():
        raise Refused(_("This is finished already."))
    queue_step(brought)
    log.record("continued import", brought, by=by)


def continue_stopped_imports() -> int:
    """Continue imports that stand still, unless they were begun too often; return how
    many."""
    since = timezone.now() - STANDS_STILL
    stopped = Import.objects.filter(
        find_unfinished(), worked_at__lt=since, tries__lt=MOST_TRIES
    )
    for brought in stopped:
        with transaction.atomic():
            tries = brought.tries
            queue_step(brought)
            # Counted on: what fails each time is not tried for ever.
            Import.objects.filter(pk=brought.pk).update(tries=tries)
    return len(stopped)
