"""A question whose words are kept answers as one that is put together anew."""

from datetime import datetime, timedelta

import pytest
from django.db.models import QuerySet
from django.utils import timezone

from amana import given
from amana.trust.access.kept import Kept, NotPure
from amana.trust.access.models import Membership, Team, User
from amana.trust.access.rules import administer, belong_to_team

pytestmark = pytest.mark.django_db


def places(user: User, team: Team, before: datetime) -> QuerySet[Membership]:
    """With two of each row's relations, and by all three values."""
    found = Membership.objects.for_list().filter(
        user=user, proposed_at__lt=before, confirmed_at__lt=before + timedelta(hours=1)
    )
    return found.filter(team__in=belong_to_team.among(Team.objects.all(), user)).filter(
        team=team
    )


def test_it_answers_as_the_question_does_that_is_put_together_anew(
    django_assert_num_queries,
):
    kept = Kept(places, User, Team, datetime)
    team, elsewhere, now = given.a_team(), given.a_team(), timezone.now()
    people = [given.a_worker(of=of) for of in (team, team, elsewhere)]

    for user in people:
        for of in (team, elsewhere):
            for before in (now, now + timedelta(days=1)):
                asked = kept.of(user, of, before)
                assert asked.first(5, "pk") == list(places(user, of, before))
                assert asked.all("-pk") == asked.first(5, "pk")
                assert list(asked.rows()) == asked.all()

    with django_assert_num_queries(1):
        (found,) = kept.of(people[0], team, now + timedelta(days=1)).first(5, "pk")
        assert found.user == people[0]
        assert found.team.organisation == team.organisation


def test_it_sees_what_has_changed_since_it_was_worded():
    kept = Kept(lambda user: Membership.objects.active().filter(user=user), User)
    worker = given.a_worker()
    assert len(kept.of(worker).all()) == 1

    worker.memberships.update(ended_at=timezone.now())
    assert kept.of(worker).all() == []


@pytest.mark.parametrize(
    "ask",
    [
        lambda user: administer.among(Team.objects.all(), user),
        lambda user: Membership.objects.filter(
            user=user, proposed_at__lt=timezone.now()
        ),
        lambda user: Membership.objects.filter(
            user=user,
            proposed_at__lt=timezone.now().replace(
                hour=0, minute=0, second=0, microsecond=0
            ),
        ),
        lambda user: Team.objects.filter(name="The same for everybody"),
        lambda user: Membership.objects.filter(team__in=sorted(user.places)),
    ],
    ids=[
        "asks the database",
        "looks at the clock",
        "looks at the date",
        "forgets who asks",
        "knows more",
    ],
)
def test_what_depends_on_anything_else_is_not_kept(ask):
    with pytest.raises(NotPure):
        Kept(ask, User).of(given.a_user()).all()
