"""A database sorts as the written order of `ranking` says."""

from datetime import datetime, timedelta
from random import Random

import pytest
from django.utils import timezone

from amana import given
from amana.care.cases.models import Case
from amana.care.lists.ordering import BAND, RANKED, build_band_order
from amana.care.lists.ranking import RISES_AFTER, compute_rank, get_band

pytestmark = pytest.mark.django_db
INSTANT = timedelta(microseconds=1)


def cases_due(now: datetime) -> None:
    """Some hundred, of each urgency, at all distances and exactly on each edge."""
    chance, team = Random(10), given.make_team()
    edges = [now, now - INSTANT, now + INSTANT]
    edges += [edge - RISES_AFTER for edge in edges]
    spread = [
        now + timedelta(minutes=chance.randint(-40_000, 9_000)) for _ in range(60)
    ]
    Case.objects.bulk_create(
        Case(team=team, urgency=urgency, due_at=due_at)
        for urgency in ("U0", "U1", "U2", "U3")
        for due_at in [*edges, *spread]
    )


def test_sql_and_python_sort_alike() -> None:
    now = timezone.now()
    cases_due(now)

    found = list(
        Case.objects.annotate(**{BAND: build_band_order(now)}).order_by(*RANKED)
    )

    assert [getattr(case, BAND) for case in found] == [get_band(c, now) for c in found]
    assert [compute_rank(case, now) for case in found] == sorted(
        compute_rank(c, now) for c in found
    )
