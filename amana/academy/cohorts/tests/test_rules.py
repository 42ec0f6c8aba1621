"""What the rules say of each of the cast, for one and for many alike."""

import pytest

from amana import given
from amana.academy.cohorts import actions, rules
from amana.academy.cohorts.models import Application, Cohort
from amana.trust.access.models import Role
from tests.worlds import kept

WHO = (
    "coordinator",
    "trainer",
    "other_trainer",
    "learner",
    "stranger",
    "administrator",
    "gone",
)


@kept
def cast(coordinator, trainer, other_trainer, learner, stranger, offered, cohort):
    gone = given.make_worker(role=Role.TRAINER)
    cohort.facilitators.add(gone)
    gone.memberships.update(ended_at=cohort.opened_at)
    return {
        "coordinator": coordinator,
        "trainer": trainer,
        "other_trainer": other_trainer,
        "learner": learner,
        "stranger": stranger,
        "administrator": given.make_worker(role=Role.ADMINISTRATOR),
        "gone": gone,
    }


EXPECTED = {
    "open_cohort": {"coordinator", "trainer", "other_trainer"},
    "lead_cohort": {"coordinator", "trainer"},
    "take_part": set(),
    "see_public_cohort": set(WHO),
    "handle_application": {"coordinator", "trainer"},
    "see_application": {"coordinator", "trainer"},
    "see_own_application": {"learner"},
}


@pytest.mark.parametrize("name", EXPECTED)
def test_each_rule_lets_in_whom_it_should(cast, cohort, offered, name):
    rule = getattr(rules, name)
    thing = offered if name.endswith("application") else cohort
    rows = type(thing).objects.all()

    assert {who for who, user in cast.items() if rule.permits(user, thing)} == EXPECTED[
        name
    ]
    assert all(
        (thing in rule.among(rows, user)) == rule.permits(user, thing)
        for user in cast.values()
    )


def test_a_question_is_for_all_of_the_staff(cast, question):
    assert {
        who
        for who, user in cast.items()
        if rules.see_application.permits(user, question)
    } == {"coordinator", "trainer", "other_trainer"}
    assert not rules.handle_application.permits(cast["coordinator"], question)


def test_who_has_a_place_takes_part(cast, cohort, offered, learner):
    actions.accept_place(offered, by=learner)
    mine = rules.take_part.among(Cohort.objects.all(), learner)
    assert [cohort] == list(mine)
    assert not rules.take_part.among(Cohort.objects.all(), cast["stranger"]).exists()


def test_a_rule_asks_the_database_once(trainer, offered, django_assert_num_queries):
    with django_assert_num_queries(1):
        list(rules.see_application.among(Application.objects.all(), trainer))
