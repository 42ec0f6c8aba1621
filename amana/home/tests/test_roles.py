"""Each role has its page of today; complaints and late work reach who coordinates."""

from datetime import timedelta

import pytest
from django.urls import reverse
from django.utils import timezone

from amana import given
from amana.care.cases import actions as cases
from amana.care.referrals import actions as referrals
from amana.care.referrals.models import Referral
from amana.design.directory.models import Service
from amana.home.voices import get_end_of_day
from amana.insight.feedback import actions as feedback
from amana.insight.feedback.models import (
    Complaint,
    ComplaintKind,
    ComplaintOutcome,
    DeskDuty,
    Review,
    ReviewVerdict,
)
from amana.trust.access.models import Role, User

from .days import TODAY, a_sent_referral, day_of, late, sees

pytestmark = pytest.mark.django_db


@pytest.mark.parametrize(
    ("role", "leads_to"),
    [
        (Role.COORDINATOR, "referrals:late"),
        (Role.ANALYST, "measure:home"),
        (Role.AUDITOR, "audit:log"),
        (Role.DATA_PROTECTION_OFFICER, "audit:breaches"),
        (Role.ADMINISTRATOR, "access:organisations"),
        (Role.TRAINER, "sessions:mine"),
    ],
)
def test_a_role_without_tasks_sees_its_work_in_figures(
    role: Role, leads_to: str
) -> None:
    browser = given.sign_in(given.make_worker(role=role))
    page = browser.get(TODAY)

    tiles = [tile for board in page.context["boards"] for tile in board.tiles]
    assert reverse(leads_to) in [tile.url.partition("?")[0] for tile in tiles]
    assert all(str(tile.value) for tile in tiles)
    for tile in tiles:  # nobody is led to a door that is shut
        assert browser.get(tile.url).status_code == 200, tile.label


def test_figures_of_a_role_count_what_there_is(worker: User, shelter: Service) -> None:
    coordinator = given.make_worker(role=Role.COORDINATOR)

    def overdue() -> object:
        page = given.sign_in(coordinator).get(TODAY)
        (board,) = [b for b in page.context["boards"] if len(b.tiles) > 3]
        return board.tiles[0].value

    assert overdue() == 0
    referral = a_sent_referral(worker, shelter)
    past = timezone.now() - timedelta(hours=2)
    Referral.objects.filter(pk=referral.pk).update(due_at=past)
    assert overdue() == 1


def test_a_learner_without_a_role_sees_their_course() -> None:
    learner = given.make_user()
    page = given.sign_in(learner).get(TODAY)

    assert page.status_code == 200
    assert "You’re up to date" in page.content.decode()


@pytest.fixture
def full_day(worker: User, shelter: Service, shelter_worker: User) -> list[str]:
    """A worker and a shelter with tasks, an appointment and old bed counts; returns
    the addresses of their tasks."""
    case = late(given.make_case(worked_on_by=worker))
    soon = timezone.now() + timedelta(hours=20)
    cases.plan_follow_up(case, kind="contact", due_at=soon, by=worker)
    a_sent_referral(worker, shelter)
    accepted = a_sent_referral(worker, shelter)
    referrals.accept(accepted, by=shelter_worker)
    midnight = timezone.localtime().replace(hour=23, minute=59, second=59)
    referrals.make_appointment(accepted, at=midnight, by=shelter_worker)
    old = timezone.now() - timedelta(days=9)
    Service.objects.update(places_said_at=old, counts_places=True)
    return [task.url for user in (worker, shelter_worker) for task in sees(user)]


@pytest.mark.parametrize("role", Role)
def test_no_role_has_a_task_of_another_house(full_day: list[str], role: Role) -> None:
    day = day_of(given.make_worker(role=role))

    assert len(full_day) > 2
    assert not {task.url for task in day.tasks}.intersection(full_day)
    assert day.appointments == []
    assert day.housekeeping == []


@pytest.mark.parametrize("role", Role)
def test_no_role_has_a_task_of_a_colleague(
    worker: User, full_day: list[str], role: Role
) -> None:
    """Of one's own team neither: what is asked of a worker by name is theirs alone."""
    team = worker.memberships.get().team
    theirs = {task.url for task in sees(worker)}

    colleague = day_of(given.make_worker(of=team, role=role))

    assert theirs
    assert not {task.url for task in colleague.tasks} & theirs


def test_a_coordinator_sees_late_clocks_and_no_case(
    worker: User, shelter: Service
) -> None:
    referral = a_sent_referral(worker, shelter)
    past = timezone.now() - timedelta(hours=2)
    Referral.objects.filter(pk=referral.pk).update(due_at=past)
    coordinator = given.make_worker(role=Role.COORDINATOR)

    page = given.sign_in(coordinator).get(TODAY)

    (task,) = page.context["day"].waiting_on
    assert shelter.name in task.about
    assert task.urgency_label
    assert task.title == referral.turn
    assert referral.case.reference not in page.content.decode()
    assert "Meet someone" not in page.content.decode()


@pytest.mark.parametrize("role", Role)
def test_every_role_has_a_page(role: Role) -> None:
    page = given.sign_in(given.make_worker(role=role)).get(TODAY)

    assert page.status_code == 200
    holds_keys = page.context["holds_keys"]
    up_to_date = "You’re up to date" in page.content.decode()
    assert up_to_date == (holds_keys or not page.context["boards"])
    assert up_to_date or page.context["boards"]


def test_a_complaint_waits_for_its_body_and_late_for_who_coordinates() -> None:
    coordinator = given.make_worker(role=Role.COORDINATOR)
    lawyer = given.make_worker()
    body = lawyer.memberships.get().team
    feedback.appoint_team(body, DeskDuty.COMPLAINTS, by=coordinator)
    house = given.make_worker(role=Role.SUPERVISOR)
    about = house.memberships.get().team.organisation
    feedback.take_complaint(ComplaintKind.OTHER, "It was loud.", about=about)
    due = timezone.localdate() + timedelta(days=9)
    feedback.record_advice({"en": "Ask first."}, to=about, due_on=due, by=coordinator)

    assert [task.title for task in sees(lawyer)] == ["Read a complaint"]
    assert [task.title for task in sees(coordinator)] == []
    assert [task.title for task in sees(house)] == ["Answer advice from survivors"]

    Complaint.objects.update(answer_by=timezone.localdate() - timedelta(days=1))
    assert "A complaint is overdue" in [task.title for task in sees(coordinator)]


def test_a_complaint_that_is_looked_at_again_waits_for_both_and_late_for_who_watches():
    coordinator = given.make_worker(role=Role.COORDINATOR)
    lawyer, council = given.make_worker(), given.make_worker()
    for user, duty in ((lawyer, DeskDuty.COMPLAINTS), (council, DeskDuty.REVIEWS)):
        feedback.appoint_team(user.memberships.get().team, duty, by=coordinator)
    code = feedback.take_complaint(ComplaintKind.OTHER, "It was loud.", about=None)
    complaint = Complaint.objects.get()
    feedback.close_complaint(
        complaint, ComplaintOutcome.NOT, "We heard nothing.", by=lawyer
    )
    assert sees(lawyer) == []
    review = feedback.request_review(code, "You came by day.")

    [task] = sees(lawyer)
    assert task.title == "Hand over a complaint for review"
    assert task.due_at == get_end_of_day(review.hand_over_by)
    assert [task.title for task in sees(council)] == ["Review a complaint"]
    feedback.transfer_letters(complaint, by=lawyer)
    assert sees(lawyer) == []
    assert sees(coordinator) == []

    Review.objects.update(answer_by=timezone.localdate() - timedelta(days=1))
    assert [task.title for task in sees(coordinator)] == ["A complaint is overdue"]
    review.refresh_from_db()
    feedback.decide_review(
        review, ReviewVerdict.STANDS, "We came at night too.", by=council
    )
    assert sees(council) == []
    assert sees(coordinator) == []
