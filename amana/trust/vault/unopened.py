"""Records that could not be resealed when a team's key was renewed (ADR 72).

They are set aside, so that they are not tried for ever and hold up no others. The
earlier keys are kept for them for some time: a record may be put back from a backup, or
a pepper into the settings, and tried again. Then the earlier keys are destroyed. They
opened nothing that was left."""

from collections import defaultdict
from collections.abc import Iterable, Mapping
from datetime import timedelta

from django.db.models import Model, QuerySet
from django.utils import timezone

from amana.trust.vault.models import TeamKey, UnopenedRecord

KEPT_FOR = timedelta(days=30)
"""As long as backups are usually kept."""


def set_aside(team_key: TeamKey, row: Model, *, error: str) -> None:
    """Record that this row can't be sealed again; `error` is empty if the earlier key
    does not open it.
    """
    UnopenedRecord.objects.update_or_create(
        kind=row._meta.label,
        row=str(row.pk),
        defaults={"team_id": team_key.team_id, "error": error[:80]},
    )


type SetAside = Mapping[str, list[str]]
"""The ids of the rows that were set aside, by their model."""


def find_set_aside(team: int) -> SetAside:
    found: dict[str, list[str]] = defaultdict(list)
    records = UnopenedRecord.objects.filter(team=team).order_by("pk")
    for kind, row in records.values_list("kind", "row"):
        found[kind].append(row)
    return found


def exclude_set_aside(rows: QuerySet[Model], set_aside: SetAside) -> QuerySet[Model]:
    """Filter those that were not set aside."""
    ids = set_aside.get(rows.model._meta.label)
    return rows.exclude(pk__in=ids) if ids else rows


def filter_set_aside(rows: QuerySet[Model], set_aside: SetAside) -> QuerySet[Model]:
    """Filter those that were set aside, and are still there."""
    ids = set_aside.get(rows.model._meta.label)
    return rows.filter(pk__in=ids) if ids else rows.none()


def is_lost(team: int) -> bool:
    """Return whether the earlier keys open none of what was set aside."""
    return not UnopenedRecord.objects.filter(team=team).exclude(error="").exists()


def keep(team_key: TeamKey) -> None:
    """Keep the earlier keys for what was set aside, and stop trying it
    automatically.
    """
    # The time isn't extended: each try of a colleague would keep old keys for a month
    # more.
    if team_key.kept_until is None:
        team_key.kept_until = timezone.now() + KEPT_FOR
        team_key.save(update_fields=["kept_until"])


def forget(team_key: TeamKey) -> None:
    """Forget what was set aside, so that it is tried again, or is over."""
    UnopenedRecord.objects.filter(team=team_key.team_id).delete()
    TeamKey.objects.filter(pk=team_key.pk).update(kept_until=None)
    team_key.kept_until = None


def find_lapsed() -> Iterable[TeamKey]:
    """Find the current keys whose earlier ones were kept long enough."""
    over = TeamKey.objects.filter(retired_at=None, kept_until__lte=timezone.now())
    return over.order_by("pk")
