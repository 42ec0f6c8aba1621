"""When something is next due on a case: in two columns, so that lists are cheap."""

from datetime import datetime

from django.db import connection
from django.db.models import (
    DateTimeField,
    F,
    Model,
    OuterRef,
    QuerySet,
    Subquery,
    Value,
)
from django.db.models.expressions import Combinable
from django.utils import timezone

from amana.care.cases.models import REVIEW, Case, DeadlineKind, FollowUp, Need


def record_wait(case: Case, at: datetime | None) -> None:
    """Record that what upper rooms wait for on this case is due `at` (None: they wait
    for nothing). Part of the action that calls it, in its transaction."""
    refresh_deadline(case, Value(at, output_field=DateTimeField()))


def refresh_deadline(
    case: Case, waits_until: Combinable | None = None, *, held: bool = False
) -> None:
    """Compute the case's next deadline: the earliest of open needs, planned follow-ups
    and what is waited for. A case on which nothing is due is reviewed after `REVIEW`.
    `waits_until` replaces until when upper rooms wait: a value, or a query. `held`:
    this transaction has the case locked already."""
    # Locked first, so that of two at once the second sees what the first did; where
    # there is one writer at a time (SQLite) it does anyway.
    if connection.features.has_select_for_update and not held:
        Case.objects.select_for_update(no_key=True).only("pk").get(pk=case.pk)
    coming = Case.objects.filter(pk=case.pk).values_list(
        Subquery(sort_by_deadline(Need.objects.open()).values("due_at")[:1]),
        Subquery(sort_by_deadline(FollowUp.objects.open()).values("due_at")[:1]),
        Subquery(sort_by_deadline(FollowUp.objects.open()).values("kind")[:1]),
        waits_until or F("waits_until"),
    )
    need, follow_up, kind, case.waits_until = coming.get()
    times = [
        (need, DeadlineKind.NEED),
        (follow_up, DeadlineKind(kind) if kind else DeadlineKind.OTHER),
        (case.waits_until, DeadlineKind.ANSWER),
    ]
    case.due_at, case.due_what = min(
        ((at, str(what)) for at, what in times if at is not None),
        default=(timezone.now() + REVIEW, str(DeadlineKind.REVIEW)),
    )
    Case.objects.filter(pk=case.pk).update(
        due_at=case.due_at, due_what=case.due_what, waits_until=case.waits_until
    )


def sort_by_deadline[M: Model](things: QuerySet[M]) -> QuerySet[M]:
    return things.filter(case=OuterRef("pk")).order_by("due_at")
