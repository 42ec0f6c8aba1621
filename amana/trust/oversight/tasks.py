"""Check the log in the background: a long log would keep a reader of a page waiting."""

from django.tasks import task

from amana.trust.access.models import User
from amana.trust.audit import checking, log

PIECE = 20.0
"""Seconds after which other tasks get their turn."""


@task
def check_log(user_id: int) -> None:
    """Read on in the log; at the end write the result into it."""
    if not checking.read().is_under_way:
        return
    checked = checking.continue_check(PIECE)
    if checked is None:
        return
    if checked.is_under_way:
        # Piece by piece, each queued by the one before: other tasks come in between
        # (ADR 70).
        check_log.enqueue(user_id)
        return
    user = User.objects.get(pk=user_id)
    if checked.wrong:
        log.record("checked log", by=user, right=False, wrong=checked.wrong)
        return
    log.record(
        "checked log", by=user, right=True, entries=checked.done, since=checked.start
    )
