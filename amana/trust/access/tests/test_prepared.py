"""A question whose words are kept answers as one that is put together anew."""

from datetime import datetime, timedelta
from typing import Any

import pytest
from django.db.models import Model, Q, QuerySet
from django.utils import timezone

from amana import given
from amana.care.cases.models import Case
from amana.design.directory.models import Service
from amana.trust.access.models import Membership, Role, Team, User
from amana.trust.access.prepared import (
    MOST_NARROWED,
    DynamicQuery,
    IdQuery,
    ImpureQuery,
    PreparedQuery,
    ask_together,
)
from amana.trust.access.rules import administer, belong_to_team
from amana.ui.paging import FilterBatch

pytestmark = pytest.mark.django_db


def places(user: User, team: Team, before: datetime) -> QuerySet[Membership]:
    """With two of each row's relations, and by all three values."""
    found = Membership.objects.for_list().filter(
        user=user, proposed_at__lt=before, confirmed_at__lt=before + timedelta(hours=1)
    )
    return found.filter(team__in=belong_to_team.among(Team.objects.all(), user)).filter(
        team=team
    )


@pytest.fixture(params=[True, False], ids=["prepared", "built each time"])
def switch(request, settings) -> None:
    """What pages ask is the same, however it is asked."""
    settings.PREPARED_QUERIES = request.param


def test_it_answers_as_the_question_does_that_is_put_together_anew(
    switch, django_assert_num_queries
):
    kept = PreparedQuery(places, User, Team, datetime)
    team, elsewhere, now = given.make_team(), given.make_team(), timezone.now()
    people = [given.make_worker(of=of) for of in (team, team, elsewhere)]

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


def test_what_filters_narrow_is_kept_for_their_codes_alone(django_assert_num_queries):
    """The same filters of another reader, at another time, find what is theirs then."""
    kept = PreparedQuery(places, User, Team, datetime)
    team, now = given.make_team(), timezone.now() + timedelta(days=1)
    worker, lead = (
        given.make_worker(of=team),
        given.make_worker(of=team, role=Role.FOCAL_POINT),
    )

    def of_role(codes: list[str], at: datetime) -> Q:
        return Q(role__in=codes, proposed_at__gte=at - timedelta(days=2))

    workers, leads = (
        FilterBatch(((of_role, (r,)),)) for r in ("case_worker", "focal_point")
    )
    for user, at, fits, found in (
        (worker, now, workers, [worker]),
        (lead, now, workers, []),
        (lead, now, leads, [lead]),
        (worker, now, leads, []),
        (worker, now + timedelta(days=2), workers, []),
        (worker, now, workers, [worker]),
    ):
        asked = kept.of(user, team, at).narrowed(fits)
        assert [place.user for place in asked.first(5, "pk")] == found
        assert [place.user for place in asked.rows()] == found
    assert kept.narrowed(FilterBatch(((of_role, ("case_worker",)),))) is kept.narrowed(
        workers
    )
    assert len(kept._narrowed) == 2


def test_not_every_way_to_narrow_is_kept_for_ever():
    kept = PreparedQuery(places, User, Team, datetime)
    for number in range(3 * MOST_NARROWED):
        kept.narrowed(FilterBatch(((lambda codes, at: Q(), (str(number),)),)))
    assert len(kept._narrowed) <= MOST_NARROWED


def test_it_sees_what_has_changed_since_it_was_worded():
    kept = PreparedQuery(
        lambda user: Membership.objects.active().filter(user=user), User
    )
    worker = given.make_worker()
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
    with pytest.raises(ImpureQuery):
        PreparedQuery(ask, User).of(given.make_user()).all()


# --- many questions in one query


def test_questions_of_different_shapes_are_answered_by_one_query(
    switch, django_assert_num_queries
):
    team, now = given.make_team(), timezone.now()
    people = [given.make_worker(of=team) for _ in range(3)]
    memberships = PreparedQuery(places, User, Team, datetime)
    asked: list[Any] = [
        memberships.of(people[0], team, now + timedelta(days=1)),
        DynamicQuery(Team.objects.select_related("organisation").order_by("pk")),
        DynamicQuery(User.objects.filter(pk__in=[])),
        DynamicQuery(User.objects.only("name", "joined_at").order_by("-pk")),
    ]
    apart = [question.first(2) for question in asked]

    with django_assert_num_queries(1):
        found = ask_together([(question, 2) for question in asked])

        assert found == apart
        assert found[1][0].organisation == apart[1][0].organisation
        assert [user.joined_at for user in found[3]] == [
            user.joined_at for user in apart[3]
        ]
    assert found[2] == []
    assert ask_together([]) == []


def test_of_what_is_counted_only_ids_are_asked(switch, django_assert_num_queries):
    team, now = given.make_team(), timezone.now() + timedelta(days=1)
    (user, *_more) = [given.make_worker(of=team) for _ in range(3)]
    there = PreparedQuery(places, User, Team, datetime).of(user, team, now)
    teams = DynamicQuery(Team.objects.select_related("organisation"))

    with django_assert_num_queries(1):
        found = ask_together(
            [(IdQuery(there), 5), (IdQuery(teams), 100), (IdQuery(teams), 0)]
        )

    assert [len(rows) for rows in found] == [1, Team.objects.count(), 0]


def test_with_the_switch_off_nothing_is_kept(settings):
    settings.PREPARED_QUERIES = False
    kept = PreparedQuery(lambda user: User.objects.filter(pk=user.pk, pk__in=[]), User)
    (user,) = [given.make_worker()]

    assert kept.of(user).first(5) == []
    assert kept.of(user).some(5)[0] == "SELECT 1 WHERE 1 = 0"
    assert ask_together([(kept.of(user), 5)]) == [[]]
    assert kept._wordings == {}


def test_values_come_back_as_the_database_keeps_them():
    """Dates, times, ids, booleans, lists and nothing at all."""
    worker = given.make_worker(role=Role.FOCAL_POINT)
    service = given.make_service(of=worker.memberships.get().team, by=worker)
    case = given.make_case(worked_on_by=worker)
    for model in (Service, Case, Membership):
        rows = model._default_manager.order_by("pk")
        (found,) = ask_together([(DynamicQuery(rows), 50)])
        assert [vars_of(row) for row in found] == [vars_of(row) for row in rows]
    assert {service.pk, case.pk}


def vars_of(row: Model) -> dict[str, object]:
    return {name: value for name, value in vars(row).items() if name != "_state"}


# --- constants in the SQL


def test_only_what_is_given_is_a_parameter():
    """SQLite plans a statement again whose parameter may be in a partial index."""

    def ask(user: User) -> QuerySet[Membership]:
        return Membership.objects.active().filter(user=user, role=Role.SUPERVISOR)

    worker = given.make_worker()

    sql, params = PreparedQuery(ask, User).of(worker).some(5)

    assert set(params) == {worker.pk}
    assert "'supervisor'" in sql


@pytest.mark.parametrize("name", ["L'Aube", "100 % %s", 'a "b" \\', "خديجة"])
def test_a_constant_in_the_sql_says_what_it_said(name: str):
    team = given.make_team(name=name)
    worker = given.make_worker(of=team)
    kept = PreparedQuery(
        lambda user: Membership.objects.filter(user=user, team__name=name), User
    )

    assert [place.team_id for place in kept.of(worker).all()] == [team.pk]
    assert kept.of(given.make_worker()).all() == []
    (found,) = ask_together([(kept.of(worker), 5)])
    assert [place.team_id for place in found] == [team.pk]
