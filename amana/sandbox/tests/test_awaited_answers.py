"""The board lists each answer that the engine expects of a team by a time: who waits
for whom, since when, until when. Screenings that are handed over are in
`test_playing.py`, as they need a mechanism that screens."""

from collections.abc import Callable
from datetime import timedelta
from pathlib import Path

import pytest
import time_machine
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from amana import given
from amana.care.cases import actions as cases
from amana.care.cases.models import Case
from amana.care.consent import vital_interests
from amana.care.emergency_access import actions as emergency
from amana.care.emergency_access.models import EmergencyAccess
from amana.care.known_elsewhere.tests.asking import HER, asks
from amana.care.pathways import actions as pathways
from amana.care.pathways.tests.pack import files
from amana.care.referrals import actions as referrals
from amana.care.referrals.states import DeclineReason
from amana.care.referrals.tests.test_vital import LETS, a_mechanism, sent_to
from amana.care.requests import actions as requests
from amana.care.requests.states import AskingOrder
from amana.design.directory.models import Service
from amana.design.mechanism import actions as mechanisms
from amana.sandbox.awaited_answers import AwaitedAnswer, list_awaited
from amana.trust.access.models import Role, Sphere, Team, User

pytestmark = pytest.mark.django_db


def make_team(name: str, **fields: object) -> Team:
    """Make the team of an organisation, called as each team of an exercise is."""
    organisation = given.make_organisation(name=name, **fields)
    return given.make_team(of=organisation, name="Referrals")


@pytest.fixture
def worker(db: None) -> User:
    return given.make_worker(of=make_team("Border guards"), name="Mariam Toure")


@pytest.fixture
def case(worker: User) -> Case:
    return given.make_case(worked_on_by=worker, **HER)


@pytest.fixture
def house(db: None) -> tuple[Service, User]:
    return make_house("Lantern")


def make_house(name: str) -> tuple[Service, User]:
    focal = given.make_worker(of=make_team(name), role=Role.FOCAL_POINT)
    return given.make_service(of=focal.memberships.get().team, by=focal), focal


def read_only() -> AwaitedAnswer:
    (awaited,) = list_awaited()
    return awaited


def read_sides() -> tuple[str, str, str]:
    awaited = read_only()
    return awaited.sender, awaited.recipient, awaited.what


def test_a_referral_waits_for_its_answer_and_for_no_report_after_it(
    case: Case, worker: User, house: tuple[Service, User]
) -> None:
    service, focal = house
    (need,) = given.open_needs(case, by=worker)
    sent = given.make_referral(need=need, to=service, by=worker)
    assert read_only() == AwaitedAnswer(
        *("Border guards", "Lantern", "Referral"),
        *(sent.sent_at, sent.reply_by, case.reference),
    )
    referrals.acknowledge(sent, by=focal)
    assert read_only().until == sent.reply_by
    referrals.accept(sent, by=focal)
    assert list_awaited() == []


def test_of_several_teams_the_one_waits_that_is_asked_now(
    case: Case, worker: User, house: tuple[Service, User]
) -> None:
    houses = [house, make_house("Harbour House")]
    services = [service for service, _focal in houses]
    (need,) = given.open_needs(case, by=worker)
    agreed = [given.make_consent(case, to=s.team, by=worker) for s in services]
    asked = requests.ask(
        need, services=services, agreed=agreed, order=AskingOrder.IN_TURN, by=worker
    )
    assert read_sides() == ("Border guards", "Lantern", "Request for help")
    first = asked.enquiries.earliest("rank")
    assert (read_only().since, read_only().until) == (first.asked_at, first.due_at)
    requests.decline(first, reason=DeclineReason.NO_CAPACITY, by=house[1])
    assert read_sides() == ("Border guards", "Harbour House", "Request for help")


def test_a_case_that_is_offered_waits(
    case: Case, worker: User, house: tuple[Service, User]
) -> None:
    offered = cases.offer_transfer(
        case, to=house[0].team, agreed="She said yes", by=worker
    )
    assert read_sides() == ("Border guards", "Lantern", "Case transfer")
    assert read_only().until == offered.due_at
    cases.take_back_offer(offered, by=worker)
    assert list_awaited() == []


def test_a_question_about_a_person_waits_until_someone_looks(
    case: Case, worker: User, house: tuple[Service, User]
) -> None:
    question = asks(case, house[0].team, worker)
    what = "Question whether they know the person"
    assert read_sides() == ("Border guards", "Lantern", what)
    type(question).objects.update(looked_at=timezone.now())
    assert list_awaited() == []


def test_what_was_sent_without_consent_waits_for_a_second_person(
    worker: User, house: tuple[Service, User], tmp_path: Path
) -> None:
    a_mechanism(tmp_path, says=LETS)
    case = given.make_case(worked_on_by=worker)
    referral = sent_to(given.open_needs(case, by=worker)[0], house[0], worker)
    waits = [answer for answer in list_awaited() if answer.sender == "Mariam Toure"]
    assert [(a.recipient, a.what) for a in waits] == [
        ("Border guards", "Sent without consent: a second person must confirm")
    ]
    interest = referral.vital_interest
    assert interest
    assert waits[0].until == interest.confirm_by
    second = given.make_worker(of=case.team, role=Role.SUPERVISOR)
    vital_interests.confirm(interest, by=second)
    assert [a.sender for a in list_awaited()] == ["Border guards"]


def test_an_emergency_access_waits_for_its_review(case: Case, worker: User) -> None:
    colleague = given.make_worker(of=case.team, name="Samir Haddad")
    access = emergency.open_case(
        case.reference, why=EmergencyAccess.Why.HEALTH, words="A fever", by=colleague
    )
    assert access
    assert read_sides() == (
        *("Samir Haddad", "Border guards", "Review an emergency access"),
    )
    assert (read_only().since, read_only().until) == (
        *(access.opened_at, access.review_by),
    )


def test_a_step_that_another_team_has_to_do_waits_and_no_step_of_ones_own(
    worker: User, tmp_path: Path
) -> None:
    office = make_team("Coordination Office", sphere=Sphere.LEGAL)
    coordinator = given.make_worker(of=office, role=Role.COORDINATOR)
    for path, content in files().items():
        (tmp_path / path).parent.mkdir(parents=True, exist_ok=True)
        (tmp_path / path).write_bytes(content)
    mechanism = mechanisms.adopt_shipped(tmp_path, by=coordinator).mechanism
    own = worker.memberships.get().team
    for role, team in (("responder", own), ("coordinator", office)):
        mechanisms.give_part(mechanism, role, team, by=coordinator)
    case = given.make_case(worked_on_by=worker, identity_age=30)
    assert list_awaited() == []
    pathways.finish_step(case.course, "meet", data={"agrees": "yes"}, by=worker)
    assert read_sides() == (
        *("Border guards", "Coordination Office", "Find a case manager"),
    )
    assert read_only().until - read_only().since == timedelta(days=1)


def test_what_is_due_first_comes_first_and_what_is_over_is_late(
    case: Case, worker: User, house: tuple[Service, User]
) -> None:
    asks(case, house[0].team, worker)
    cases.offer_transfer(case, to=house[0].team, agreed="She said yes", by=worker)
    offered, asked = list_awaited()
    assert (offered.what, offered.is_late) == ("Case transfer", False)
    assert offered.until < asked.until
    with time_machine.travel(offered.until):
        assert [answer.is_late for answer in list_awaited()] == [True, False]


def test_thirty_ask_the_database_as_often_as_one(
    worker: User, house: tuple[Service, User]
) -> None:
    def count_queries() -> int:
        with CaptureQueriesContext(connection) as asked:
            list_awaited()
        return len(asked)

    offer(worker, house, 1)
    count_queries()  # the calendar is read once for all
    before = count_queries()
    offer(worker, house, 3)
    assert len(list_awaited()) == 8
    assert count_queries() == before


def offer(worker: User, house: tuple[Service, User], times: int) -> None:
    """Send a referral and a question, each so often."""
    service, _focal = house
    acts: list[Callable[[Case], object]] = [
        lambda case: given.make_referral(
            need=given.open_needs(case, by=worker)[0], to=service, by=worker
        ),
        lambda case: asks(case, service.team, worker),
    ]
    for _time in range(times):
        for act in acts:
            act(given.make_case(worked_on_by=worker, **HER))
