"""Each rule says the same of one thing and of the list; strangers see nothing."""

from typing import Any

from amana import given
from amana.care.cases import actions as cases
from amana.care.pathways import actions, rules
from amana.care.pathways.models import (
    DeviationReason,
    OpenTask,
    PathwayEvent,
    PathwayRun,
)
from amana.trust.access.models import Role
from tests.worlds import kept

OF_COURSES = [
    rules.follow_course,
    rules.take_part,
    rules.watch_course,
    rules.see_course,
    rules.run_course,
    rules.manage_course,
    rules.override_course,
    rules.place_course,
    rules.choose_team,
    rules.read_all_courses,
]
OF_DUES = [rules.do_own_step, rules.do_step_asked, rules.do_office_step, rules.do_step]


@kept
def cast(worker, supervisor, coordinator, authority, nurse, stranger, house):
    others = [
        given.make_worker(of=house, role=r) for r in (Role.SCREENER, Role.ANALYST)
    ]
    leaver = given.make_worker(of=house)
    leaver.memberships.update(ended_at="2026-01-01T00:00Z")
    return [
        worker,
        supervisor,
        coordinator,
        authority,
        nurse,
        stranger,
        leaver,
        *others,
    ]


@kept
def courses(registered, worker, stranger, clinic, nurse):
    actions.give_to_team(registered, "health", clinic[0], by=worker)
    kept = given.make_case(worked_on_by=worker)
    cases.restrict(kept, people=[worker], by=worker)
    given.make_case(worked_on_by=stranger)
    return list(PathwayRun.objects.all())


def test_one_thing_and_the_list_are_judged_alike(courses, cast):
    dues = list(OpenTask.objects.all())
    assert len(dues) > 3
    every: list[tuple[Any, Any, Any]] = [
        (
            [rules.did_step],
            PathwayEvent.objects.all(),
            list(PathwayEvent.objects.all()),
        ),
        (OF_COURSES, PathwayRun.objects.all(), courses),
        (OF_DUES, OpenTask.objects.all(), dues),
    ]
    for of, rows, things in every:
        for rule in of:
            for user in cast:
                among = set(rule.among(rows, user))
                assert among == {t for t in things if rule.permits(user, t)}


def test_a_team_that_was_asked_sees_its_step_and_no_other(courses, nurse, registered):
    assert [due.key for due in rules.do_step.among(OpenTask.objects.all(), nurse)] == [
        "care"
    ]
    assert rules.see_course.permits(nurse, registered)
    assert not rules.choose_team.permits(nurse, registered)


def test_a_team_sees_a_case_no_longer_than_it_has_a_step_there(
    courses, nurse, worker, registered
):
    actions.finish_step(registered, "care", by=nurse)
    for rule in (rules.take_part, rules.see_course):
        assert not rule.permits(nurse, registered)
        assert not rule.among(PathwayRun.objects.all(), nurse).exists()
    actions.reopen_step(registered, "care", reason=DeviationReason.REVIEW, by=worker)
    assert rules.see_course.permits(nurse, registered)
    assert rules.see_course.among(PathwayRun.objects.all(), nurse).exists()


def test_a_team_goes_on_seeing_a_case_where_another_step_is_its_own(
    registered, mechanism, nurse, clinic, worker, coordinator
):
    actions.give_to_team(registered, "health", clinic[0], by=worker)
    actions.reassign_step(
        registered, "listen", to="health", reason=DeviationReason.ABSENT, by=coordinator
    )
    actions.finish_step(registered, "care", by=nurse)
    assert rules.see_course.permits(nurse, registered)
    actions.finish_step(registered, "listen", data={"children": 0}, by=nurse)
    assert not rules.see_course.permits(nurse, registered)


def test_a_restricted_case_is_for_the_people_named(courses, cast, worker):
    kept = PathwayRun.objects.get(case__restricted=True)
    seeing = [user for user in cast if rules.see_course.permits(user, kept)]
    assert seeing == [worker]


def test_who_is_of_no_team_of_the_case_sees_nothing(courses, stranger, registered):
    for rule in OF_COURSES:
        assert not rule.permits(stranger, registered)
    own = registered.dues.all()
    assert not rules.do_step.among(own, stranger).exists()


def test_nobody_decides_for_the_authority(to_decide, cast, authority):
    due = to_decide.dues.get(key="grounds")
    assert [u for u in cast if rules.do_step.permits(u, due)] == [authority]
