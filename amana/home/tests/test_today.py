"""The page of today: what it shows, what it leaves out, and what it costs."""

from datetime import timedelta

import pytest
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from amana import given
from amana.care.cases import actions as cases
from amana.design.directory.models import Service
from amana.home.today import COUNTED, EACH, KINDS, SHOWN, HousekeepingTask
from amana.trust.access.models import Role, Team, User
from amana.trust.access.prepared import PreparedQuery

from .days import TODAY, a_sent_referral, day_of, late, old, queries, sees

pytestmark = pytest.mark.django_db


# --- what does not


def test_a_stranger_sees_nothing_of_others(
    worker: User, shelter: Service, shelter_worker: User
) -> None:
    late(given.make_case(worked_on_by=worker))
    a_sent_referral(worker, shelter)
    stranger = given.make_worker(role=Role.SUPERVISOR)

    day = day_of(stranger)

    assert (day.tasks, day.waiting_on) == ([], [])


def test_a_name_is_shown_only_while_ones_own_keys_are_at_hand(worker: User) -> None:
    late(given.make_case(worked_on_by=worker, identity_name="Zubaida Canary"))
    open_ = given.sign_in(worker)
    locked = given.sign_in(worker)
    del locked.cookies["unlock"]

    assert "Zubaida Canary" in open_.get(TODAY).content.decode()
    page = locked.get(TODAY)
    assert page.status_code == 200
    assert "Zubaida" not in page.content.decode()


def test_nobody_unknown_gets_further_than_the_sign_in(client: Client) -> None:
    assert "sign-in" in client.get(TODAY)["Location"]


# --- the page


def test_whoever_meets_people_has_one_primary_action(worker: User) -> None:
    page = given.sign_in(worker).get(TODAY).content.decode()

    assert page.count('data-kind="primary"') == 1
    assert reverse("cases:meet") in page


def test_what_is_looked_for_is_never_in_an_address(worker: User) -> None:
    page = given.sign_in(worker).get(TODAY).content.decode()

    search = page[page.index("<search") : page.index("</search>")]
    assert 'method="post"' in search
    assert reverse("home:search") in search


def test_the_page_is_short_however_much_waits(worker: User) -> None:
    for _ in range(12):
        late(given.make_case(worked_on_by=worker))

    assert len(sees(worker)) <= SHOWN


def test_it_costs_the_same_for_one_thing_and_for_many(
    worker: User, shelter: Service, shelter_worker: User
) -> None:
    given.join_team(shelter_worker, worker.memberships.get().team, role=Role.SUPERVISOR)
    a_sent_referral(worker, shelter)
    late(given.make_case(worked_on_by=worker))
    few = queries(worker), queries(shelter_worker)
    for _ in range(5):
        a_sent_referral(worker, shelter)
        late(given.make_case(worked_on_by=worker))

    assert (queries(worker), queries(shelter_worker)) == few
    assert max(few) <= 12  # two are the savepoint of a test


def test_a_team_without_work_has_an_empty_day() -> None:
    team: Team = given.make_team()

    assert day_of(given.make_worker(of=team)).lists == []


@pytest.mark.parametrize(
    "question",
    [kind.find for kind in KINDS if isinstance(kind.find, PreparedQuery)],
    ids=lambda question: question.ask.__name__,
)
def test_what_is_asked_of_everybody_depends_on_nothing_else(question):
    """Else it would fail, and not before somebody of that role opens the page."""
    assert question.first(EACH, ())


# --- what can wait


def test_feedback_slips_are_one_line_of_housekeeping(worker: User) -> None:
    for _ in range(3):
        old(given.make_case(worked_on_by=worker))

    (chore,) = day_of(worker).housekeeping

    assert (chore.count, chore.url) == (3, reverse("feedback:offers"))
    assert not [task for task in sees(worker) if "slip" in task.title]


def test_a_full_page_has_its_most_urgent_and_leads_to_the_rest(worker: User) -> None:
    full = [late(given.make_case(worked_on_by=worker)) for _ in range(EACH)]
    given.join_team(worker, full[0].team, role=Role.SUPERVISOR)
    few = queries(worker)
    for case in full:
        cases.plan_follow_up(
            case, kind="contact", due_at=timezone.now() + timedelta(hours=1), by=worker
        )
        cases.propose_closure(
            case, reason="withdrew", checklist=[], left_open="All of it.", by=worker
        )

    assert len(sees(worker)) == SHOWN
    assert "cases:team" in [kind.all for kind in day_of(worker).lists]
    assert queries(worker) == few


def test_a_hundred_of_a_kind_are_counted_and_more_is_said_so() -> None:
    assert HousekeepingTask("", COUNTED - 1, "").amount == "99"
    assert HousekeepingTask("", COUNTED, "").amount == "100+"
