"""SQL that is put together once says what the database has now, to each their own."""

import pytest

from amana import given
from amana.trust.access.everyones import ScopedSubquery
from amana.trust.access.models import Membership, Role, Team

pytestmark = pytest.mark.django_db


def test_each_gets_their_own_as_it_stands_when_they_ask() -> None:
    one, other = given.make_team(), given.make_team()
    places = ScopedSubquery(Membership.objects.active(), "team", "role", whose="user")
    teams = ScopedSubquery(Membership.objects.active(), "team", whose="user")
    worker = given.make_worker(of=one, role=Role.CASE_WORKER)
    screener = given.make_worker(of=other, role=Role.SCREENER)

    assert places.rows_of(worker.pk) == [(one.pk, Role.CASE_WORKER)]
    assert places.rows_of(screener.pk) == [(other.pk, Role.SCREENER)]
    assert Team.objects.get(pk__in=teams.of(worker)) == one

    worker.memberships.update(team=other)
    assert places.rows_of(worker.pk) == [(other.pk, Role.CASE_WORKER)]
    assert Team.objects.get(pk__in=teams.of(worker)) == other
    assert not places.rows_of(0)
