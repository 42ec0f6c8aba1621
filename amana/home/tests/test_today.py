from datetime import timedelta
from typing import Any

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from django.utils import timezone

from amana import given
from amana.care.cases import actions as cases
from amana.care.cases.models import Case
from amana.care.consent import actions as consents
from amana.care.consent.models import Consent
from amana.care.referrals import actions as referrals
from amana.care.referrals import calendars
from amana.care.referrals.models import DeclineReason, Referral
from amana.design.directory.models import Service
from amana.home.kinds import Task
from amana.home.today import COUNTED, EACH, KINDS, SHOWN, HousekeepingTask
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
from amana.trust.access.models import Membership, Role, Team, User
from amana.trust.access.prepared import PreparedQuery
from tests.worlds import kept

pytestmark = pytest.mark.django_db

TODAY = "/today/"


@kept
def worker() -> User:
    return given.make_worker()


@kept
def shelter_worker() -> User:
    return given.make_worker(role=Role.FOCAL_POINT)


@kept
def shelter(shelter_worker: User) -> Service:
    team = shelter_worker.memberships.get().team
    return given.make_service(of=team, by=shelter_worker)


def sees(user: User) -> list[Task]:
    tasks: list[Task] = day_of(user).tasks
    return tasks


def day_of(user: User) -> Any:
    page = given.sign_in(user).get(TODAY)
    assert page.status_code == 200
    return page.context["day"]


def late(case: Case, days: int = 1) -> Case:
    """A case whose need is overdue: only the time of its column is moved."""
    at = timezone.now() - timedelta(days=days)
    case.needs.update(due_at=at)
    return case


def a_sent_referral(worker: User, to: Service) -> Referral:
    case = given.make_case(worked_on_by=worker)
    return given.make_referral(need=case.needs.get(), to=to, by=worker)


# --- what waits


def test_what_is_late_stands_first(worker: User) -> None:
    cases = [late(given.make_case(worked_on_by=worker), days) for days in (1, 3, 2)]

    references = [task.reference for task in sees(worker)]
    need = cases[0].needs.get()
    assert {task.title for task in sees(worker)} == {f"Find a service: {need.needed}"}
    assert sees(worker)[0].url == reverse(
        "referrals:choose", args=[cases[1].needs.get().pk]
    )

    assert references == [cases[1].reference, cases[2].reference, cases[0].reference]


def test_what_is_due_next_month_does_not_wait_today(worker: User) -> None:
    late(given.make_case(worked_on_by=worker), -30)

    assert sees(worker) == []
    assert "You’re up to date" in given.sign_in(worker).get(TODAY).content.decode()


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


def test_a_recipient_sees_what_to_answer_and_the_sender_waits(
    worker: User, shelter: Service, shelter_worker: User
) -> None:
    referral = a_sent_referral(worker, shelter)
    url = reverse("referrals:referral", args=[referral.pk])

    assert url in [task.url for task in sees(shelter_worker)]
    assert [task.url for task in day_of(worker).waiting_on] == [url]
    assert url not in [task.url for task in sees(worker)]


def test_the_person_is_asked_when_the_service_has_ended(
    worker: User, shelter: Service, shelter_worker: User
) -> None:
    referral = a_sent_referral(worker, shelter)
    for step in (
        referrals.accept,
        referrals.record_attendance,
        referrals.complete_service,
    ):
        step(referral, by=shelter_worker)

    (asked,) = [task for task in sees(worker) if "helped" in task.title]

    assert asked.url == reverse("referrals:referral", args=[referral.pk])
    assert day_of(worker).waiting_on == []


def test_whoever_stands_in_asks_while_a_colleague_is_away(
    worker: User, shelter: Service, shelter_worker: User
) -> None:
    team = worker.memberships.get().team
    colleague = given.make_worker(of=team)
    supervisor = given.make_worker(of=team, role=Role.SUPERVISOR)
    referral = a_sent_referral(worker, shelter)
    for step in (
        referrals.accept,
        referrals.record_attendance,
        referrals.complete_service,
    ):
        step(referral, by=shelter_worker)
    assert sees(colleague) == []
    day = calendars.get_today()
    referrals.arrange_cover(
        team,
        away=worker,
        covered_by=colleague,
        first_on=day,
        last_on=day,
        by=supervisor,
    )

    (task,) = sees(colleague)

    assert task.url == reverse("referrals:referral", args=[referral.pk])


def test_a_consent_that_ends_soon_is_named_by_its_case(
    worker: User, shelter: Service
) -> None:
    case = given.make_case(worked_on_by=worker)
    soon = timezone.now() + timedelta(days=3)
    consent = given.make_consent(case, to=shelter.team, by=worker, expires_at=soon)

    urls = [task.url for task in sees(worker)]

    assert reverse("consent:consent", args=[consent.pk]) in urls


def test_a_recipient_is_told_to_destroy_its_copies(
    worker: User, shelter: Service, shelter_worker: User
) -> None:
    referral = a_sent_referral(worker, shelter)
    consents.withdraw(Consent.objects.get(pk=referral.basis_id), by=worker)

    (task,) = [task for task in sees(shelter_worker) if "Destroy" in task.title]

    assert task.reference == referral.case.reference


def test_a_team_without_amana_is_asked_by_telephone(worker: User) -> None:
    case = given.make_case(worked_on_by=worker)
    consent = given.make_consent(case, to=given.make_team(), by=worker)
    consents.disclose(consent, by=worker)
    consents.withdraw(consent, by=worker)

    (task,) = [task for task in sees(worker) if "copies" in task.title]

    assert task.title.startswith("Call the recipient")
    assert task.reference == case.reference


def test_bed_counts_are_one_line_however_many_are_old(
    shelter: Service, shelter_worker: User
) -> None:
    team = shelter_worker.memberships.get().team
    services = [shelter]
    services += [given.make_service(of=team, by=shelter_worker) for _ in range(6)]
    assert day_of(shelter_worker).housekeeping == []
    old = timezone.now() - timedelta(days=9)
    Service.objects.update(places_said_at=old, counts_places=True)

    day = day_of(shelter_worker)

    (chore,) = day.housekeeping
    to_count = f"{reverse('directory:places')}?only=to-count"
    assert (chore.count, chore.url) == (len(services), to_count)
    assert not [task for task in day.tasks if "places" in task.title]


def test_an_unanswered_emergency_stands_above_all_that_is_late(
    worker: User, shelter: Service, shelter_worker: User
) -> None:
    team = shelter_worker.memberships.get().team
    given.join_team(shelter_worker, team, role=Role.CASE_WORKER)
    old = late(given.make_case(worked_on_by=shelter_worker, team=team), days=53)
    case = given.make_case(worked_on_by=worker)
    case.needs.update(urgency="U0")
    referral = given.make_referral(need=case.needs.get(), to=shelter, by=worker)

    first, second = sees(shelter_worker)[:2]

    assert first.url == reverse("referrals:referral", args=[referral.pk])
    assert (first.urgency, first.urgency_label) == ("U0", "Emergency")
    assert shelter.name in first.about
    assert second.reference == old.reference


def test_what_a_service_declined_says_so_where_another_is_chosen(
    worker: User, shelter: Service, shelter_worker: User
) -> None:
    referral = a_sent_referral(worker, shelter)
    reason = DeclineReason.NO_CAPACITY
    referrals.decline(referral, reason=reason, by=shelter_worker)

    (task,) = sees(worker)

    assert task.title.startswith("Find another service")
    assert task.about == f"{shelter.name}: No places free"
    assert f"follows={referral.pk}" in task.url


def test_nobody_elses_task_is_among_mine(
    worker: User, shelter: Service, shelter_worker: User
) -> None:
    """What is waited for stands under "Waiting on others" alone, and hides no task of
    one's own on the same case."""
    referral = a_sent_referral(worker, shelter)
    soon = timezone.now() + timedelta(hours=20)
    cases.plan_follow_up(referral.case, kind="contact", due_at=soon, by=worker)

    day = day_of(worker)

    assert [task.title for task in day.tasks] == ["Speak with the person"]
    assert [task.url for task in day.waiting_on] == [
        reverse("referrals:referral", args=[referral.pk])
    ]


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


def test_whoever_is_expected_today_stands_under_appointments(
    worker: User, shelter: Service, shelter_worker: User
) -> None:
    referral = a_sent_referral(worker, shelter)
    referrals.accept(referral, by=shelter_worker)
    midnight = timezone.localtime().replace(hour=23, minute=59, second=59)
    referrals.make_appointment(referral, at=midnight, by=shelter_worker)
    later = a_sent_referral(worker, shelter)
    referrals.accept(later, by=shelter_worker)
    referrals.make_appointment(
        later, at=midnight + timedelta(days=1), by=shelter_worker
    )

    for user in (worker, shelter_worker):
        (task,) = day_of(user).appointments
        assert task.url == reverse("referrals:referral", args=[referral.pk])
        assert task.due_at == midnight


def test_somebody_waits_to_be_let_in(worker: User) -> None:
    team = worker.memberships.get().team
    newcomer, proposer = given.make_user(), given.make_worker(of=team)
    Membership.objects.create(
        user=newcomer, team=team, role=Role.CASE_WORKER, proposed_by=proposer
    )

    assert reverse("vault:admissions") in [task.url for task in sees(worker)]
    assert sees(proposer) == []


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


@pytest.mark.parametrize("role", Role)
def test_every_role_has_a_page(role: Role) -> None:
    page = given.sign_in(given.make_worker(role=role)).get(TODAY)

    assert page.status_code == 200
    holds_keys = page.context["holds_keys"]
    up_to_date = "You’re up to date" in page.content.decode()
    assert up_to_date == (holds_keys or not page.context["boards"])
    assert up_to_date or page.context["boards"]


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


def queries(user: User) -> int:
    browser = given.sign_in(user)
    browser.get(TODAY)
    with CaptureQueriesContext(connection) as seen:
        assert browser.get(TODAY).status_code == 200
    return len(seen)


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


# --- what can wait


def old(case: Case, days: int = 100) -> Case:
    """Opened so long ago: only the date of its column is moved."""
    at = timezone.now() - timedelta(days=days)
    Case.objects.filter(pk=case.pk).update(opened_at=at)
    return case


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
