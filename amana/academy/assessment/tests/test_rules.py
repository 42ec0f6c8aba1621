"""Who sees and judges what: for one thing and for a list alike."""

import pytest

from amana.academy.assessment import actions, rules
from amana.academy.assessment.models import Assessor, HandIn
from amana.academy.assessment.tests.conftest import ABSENT, MET
from amana.trust.access.models import User
from amana.trust.access.rules import Rule

OF_WORKS = [var for var in vars(rules).values() if isinstance(var, Rule)]
PEOPLE = ["coordinator", "learner", "colleague", "assessor", "second", "stranger"]


def where(one):
    if one.name == "appoint_assessor":
        return User.objects.all()
    if one.name == "see_assessors":
        return Assessor.objects.all()
    return HandIn.objects.all()


@pytest.fixture
def cast(request, taken):
    return [request.getfixturevalue(name) for name in PEOPLE]


def letting(one, cast, works):
    things = list(works)
    return {
        name: [one.permits(user, thing) for thing in things]
        for name, user in zip(PEOPLE, cast, strict=True)
    }


@pytest.mark.parametrize("one", OF_WORKS, ids=lambda one: one.name)
def test_one_and_the_list_agree(one, cast):
    for user in cast:
        among = set(one.among(where(one), user).values_list("pk", flat=True))
        assert among == {thing.pk for thing in where(one) if one.permits(user, thing)}


def test_who_may_do_what_with_work_that_somebody_has_taken(cast):
    found = {
        rule.name: sorted(
            name
            for name, [may] in letting(rule, cast, HandIn.objects.all()).items()
            if may
        )
        for rule in (
            rules.follow_own_work,
            rules.assess_work,
            rules.judge_work,
            rules.judge_again,
            rules.watch_work,
        )
    }
    assert found == {
        "follow_own_work": ["learner"],
        "assess_work": ["assessor", "coordinator", "second"],
        "judge_work": ["assessor"],
        "judge_again": [],
        "watch_work": ["coordinator"],
    }


def test_who_judges_again(to_revise, cast):
    actions.override_mark(to_revise, MET, reason="So.", by=cast[0])
    again = letting(rules.judge_again, cast, HandIn.objects.all())

    assert [name for name, [may] in again.items() if may] == ["second"]


def test_a_room_above_says_who_else_is_close(work, assessor, second, monkeypatch):
    pair = User.objects.filter(pk=work.enrolment.person_id)

    def mentors(user):
        return pair if user == assessor else User.objects.none()

    monkeypatch.setattr(rules, "CLOSE", [mentors])
    assert not rules.assess_work.permits(assessor, work)
    assert rules.assess_work.permits(second, work)


def test_whose_account_is_closed_judges_nothing(work, assessor):
    User.objects.filter(pk=assessor.pk).update(is_active=False)
    assert not rules.assess_work.permits(assessor, work)
    assert ABSENT
