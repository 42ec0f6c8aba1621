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
from amana.care.referrals.models import Referral
from amana.design.directory.models import Service
from amana.home.kinds import Item
from amana.home.today import EACH, KINDS, QUIET, SHOWN, are_there
from amana.home.voices import end_of
from amana.insight.feedback import actions as feedback
from amana.insight.feedback.models import (
    Complaint,
    Duty,
    Outcome,
    Review,
    Verdict,
)
from amana.insight.feedback.models import Kind as ComplaintKind
from amana.trust.access.kept import Anew, Kept
from amana.trust.access.models import Membership, Role, Team, User
from tests.worlds import kept

pytestmark = pytest.mark.django_db

TODAY = "/today/"


@kept
def worker() -> User:
    return given.a_worker()


@kept
def shelter_worker() -> User:
    return given.a_worker(role=Role.FOCAL_POINT)


@kept
def shelter(shelter_worker: User) -> Service:
    team = shelter_worker.memberships.get().team
    return given.a_service(of=team, by=shelter_worker)


def sees(user: User) -> list[Item]:
    items: list[Item] = day_of(user).items
    return items


def day_of(user: User) -> Any:
    page = given.signed_in(user).get(TODAY)
    assert page.status_code == 200
    return page.context["day"]


def late(case: Case, days: int = 1) -> Case:
    """A case whose clock ran out: only the time of its column is moved."""
    at = timezone.now() - timedelta(days=days)
    Case.objects.filter(pk=case.pk).update(due_at=at)
    return case


def a_sent_referral(worker: User, to: Service) -> Referral:
    case = given.a_case(worked_on_by=worker)
    return given.a_referral(need=case.needs.get(), to=to, by=worker)


# --- what waits


def test_what_is_late_stands_first(worker: User) -> None:
    cases = [late(given.a_case(worked_on_by=worker), days) for days in (1, 3, 2)]

    references = [item.about for item in sees(worker)]
    assert {item.what for item in sees(worker)} == {"Find a service for a need"}

    assert references == [cases[1].reference, cases[2].reference, cases[0].reference]


def test_what_is_due_next_month_does_not_wait_today(worker: User) -> None:
    late(given.a_case(worked_on_by=worker), -30)

    assert sees(worker) == []
    assert b"Nothing waits for you now" in given.signed_in(worker).get(TODAY).content


def test_on_a_day_without_work_the_page_leads_on() -> None:
    analyst = given.a_worker(role=Role.ANALYST)
    page = given.signed_in(analyst).get(TODAY).content.decode()
    there = f'<a href="{reverse("pathways:overview")}">'
    assert there in page.partition("Nothing waits for you now")[2]


def test_a_recipient_sees_what_to_answer_and_the_sender_waits(
    worker: User, shelter: Service, shelter_worker: User
) -> None:
    referral = a_sent_referral(worker, shelter)
    url = reverse("referrals:referral", args=[referral.pk])

    assert url in [item.url for item in sees(shelter_worker)]
    assert [item.url for item in day_of(worker).waited_for] == [url]
    assert url not in [item.url for item in sees(worker)]


def test_the_person_is_asked_when_the_service_has_ended(
    worker: User, shelter: Service, shelter_worker: User
) -> None:
    referral = a_sent_referral(worker, shelter)
    for step in (referrals.accept, referrals.attended, referrals.complete):
        step(referral, by=shelter_worker)

    (asked,) = [item for item in sees(worker) if "helped" in item.what]

    assert asked.url == reverse("referrals:referral", args=[referral.pk])
    assert day_of(worker).waited_for == []


def test_whoever_stands_in_asks_while_a_colleague_is_away(
    worker: User, shelter: Service, shelter_worker: User
) -> None:
    team = worker.memberships.get().team
    colleague = given.a_worker(of=team)
    supervisor = given.a_worker(of=team, role=Role.SUPERVISOR)
    referral = a_sent_referral(worker, shelter)
    for step in (referrals.accept, referrals.attended, referrals.complete):
        step(referral, by=shelter_worker)
    assert sees(colleague) == []
    day = calendars.today()
    referrals.arrange_cover(
        team,
        away=worker,
        covered_by=colleague,
        first_on=day,
        last_on=day,
        by=supervisor,
    )

    (item,) = sees(colleague)

    assert item.url == reverse("referrals:referral", args=[referral.pk])


def test_a_consent_that_ends_soon_is_named_by_its_case(
    worker: User, shelter: Service
) -> None:
    case = given.a_case(worked_on_by=worker)
    soon = timezone.now() + timedelta(days=3)
    consent = given.a_consent(case, to=shelter.team, by=worker, expires_at=soon)

    urls = [item.url for item in sees(worker)]

    assert reverse("consent:consent", args=[consent.pk]) in urls


def test_a_recipient_is_told_to_destroy_its_copies(
    worker: User, shelter: Service, shelter_worker: User
) -> None:
    referral = a_sent_referral(worker, shelter)
    consents.withdraw(Consent.objects.get(pk=referral.basis_id), by=worker)

    (item,) = [item for item in sees(shelter_worker) if "Destroy" in item.what]

    assert item.about == referral.case.reference


def test_a_team_without_amana_is_asked_by_telephone(worker: User) -> None:
    case = given.a_case(worked_on_by=worker)
    consent = given.a_consent(case, to=given.a_team(), by=worker)
    consents.disclose(consent, by=worker)
    consents.withdraw(consent, by=worker)

    (item,) = sees(worker)

    assert "telephone" in item.what
    assert item.about == case.reference


def test_places_that_were_said_long_ago_are_asked_for(
    shelter: Service, shelter_worker: User
) -> None:
    assert not [item for item in sees(shelter_worker) if "free" in item.what]
    old = timezone.now() - timedelta(days=9)
    Service.objects.filter(pk=shelter.pk).update(places_said_at=old)

    (item,) = [item for item in sees(shelter_worker) if "free" in item.what]

    assert item.about == shelter.name


def test_somebody_waits_to_be_let_in(worker: User) -> None:
    team = worker.memberships.get().team
    newcomer, proposer = given.a_user(), given.a_worker(of=team)
    Membership.objects.create(
        user=newcomer, team=team, role=Role.CASE_WORKER, proposed_by=proposer
    )

    assert reverse("vault:admissions") in [item.url for item in sees(worker)]
    assert sees(proposer) == []


def test_a_coordinator_sees_late_clocks_and_no_case(
    worker: User, shelter: Service
) -> None:
    referral = a_sent_referral(worker, shelter)
    past = timezone.now() - timedelta(hours=2)
    Referral.objects.filter(pk=referral.pk).update(due_at=past)
    coordinator = given.a_worker(role=Role.COORDINATOR)

    page = given.signed_in(coordinator).get(TODAY)

    assert [item.what for item in page.context["day"].items] == [referral.turn]
    assert referral.case.reference not in page.content.decode()
    assert "Meet someone" not in page.content.decode()


# --- what does not


def test_a_stranger_sees_nothing_of_others(
    worker: User, shelter: Service, shelter_worker: User
) -> None:
    late(given.a_case(worked_on_by=worker))
    a_sent_referral(worker, shelter)
    stranger = given.a_worker(role=Role.SUPERVISOR)

    day = day_of(stranger)

    assert (day.items, day.waited_for) == ([], [])


def test_a_name_is_shown_only_while_ones_own_keys_are_at_hand(worker: User) -> None:
    late(given.a_case(worked_on_by=worker, identity_name="Zubaida Canary"))
    open_ = given.signed_in(worker)
    locked = given.signed_in(worker)
    del locked.cookies["unlock"]

    assert "Zubaida Canary" in open_.get(TODAY).content.decode()
    page = locked.get(TODAY)
    assert page.status_code == 200
    assert "Zubaida" not in page.content.decode()


def test_nobody_unknown_gets_further_than_the_sign_in(client: Client) -> None:
    assert "sign-in" in client.get(TODAY)["Location"]


# --- the page


def test_whoever_meets_people_has_one_primary_action(worker: User) -> None:
    page = given.signed_in(worker).get(TODAY).content.decode()

    assert page.count('data-kind="primary"') == 1
    assert reverse("cases:meet") in page


def test_what_is_looked_for_is_never_in_an_address(worker: User) -> None:
    page = given.signed_in(worker).get(TODAY).content.decode()

    search = page[page.index("<search") : page.index("</search>")]
    assert 'method="post"' in search
    assert reverse("cases:search") in search


@pytest.mark.parametrize("role", Role)
def test_every_role_has_a_page(role: Role) -> None:
    page = given.signed_in(given.a_worker(role=role)).get(TODAY)

    assert page.status_code == 200
    assert b"Nothing waits for you now" in page.content


def test_the_page_is_short_however_much_waits(worker: User) -> None:
    for _ in range(12):
        late(given.a_case(worked_on_by=worker))

    assert len(sees(worker)) <= SHOWN


def test_it_costs_the_same_for_one_thing_and_for_many(
    worker: User, shelter: Service, shelter_worker: User
) -> None:
    given.joins(shelter_worker, worker.memberships.get().team, role=Role.SUPERVISOR)
    a_sent_referral(worker, shelter)
    late(given.a_case(worked_on_by=worker))
    few = queries(worker), queries(shelter_worker)
    for _ in range(5):
        a_sent_referral(worker, shelter)
        late(given.a_case(worked_on_by=worker))

    assert (queries(worker), queries(shelter_worker)) == few
    assert max(few) <= 20  # five of them for the names on the cards


def queries(user: User) -> int:
    browser = given.signed_in(user)
    browser.get(TODAY)
    with CaptureQueriesContext(connection) as seen:
        assert browser.get(TODAY).status_code == 200
    return len(seen)


def test_a_team_without_work_has_an_empty_day() -> None:
    team: Team = given.a_team()

    assert day_of(given.a_worker(of=team)).lists == []


def test_what_nobody_can_find_is_not_there():
    none = Anew(User.objects.filter(pk__in=[])).any()
    teams = Anew(Team.objects.order_by("name")).any()

    assert are_there([none, teams]) == (False, False)
    given.a_team()
    assert are_there([teams, none]) == (True, False)


@pytest.mark.parametrize(
    "question",
    [kind.find for kind in KINDS if isinstance(kind.find, Kept)],
    ids=lambda question: question.ask.__name__,
)
def test_what_is_asked_of_everybody_depends_on_nothing_else(question):
    """Else it would fail, and not before somebody of that role opens the page."""
    assert question.any()


def test_a_complaint_waits_for_its_body_and_late_for_who_coordinates() -> None:
    coordinator = given.a_worker(role=Role.COORDINATOR)
    lawyer = given.a_worker()
    body = lawyer.memberships.get().team
    feedback.appoint(body, Duty.COMPLAINTS, by=coordinator)
    house = given.a_worker(role=Role.SUPERVISOR)
    about = house.memberships.get().team.organisation
    feedback.complain(ComplaintKind.OTHER, "It was loud.", about=about)
    due = timezone.localdate() + timedelta(days=9)
    feedback.advise({"en": "Ask first."}, to=about, due_on=due, by=coordinator)

    assert [item.what for item in sees(lawyer)] == ["Read a complaint"]
    assert [item.what for item in sees(coordinator)] == []
    assert [item.what for item in sees(house)] == ["Answer what survivors advise"]

    Complaint.objects.update(answer_by=timezone.localdate() - timedelta(days=1))
    assert "A complaint waits too long" in [item.what for item in sees(coordinator)]


def test_a_complaint_that_is_looked_at_again_waits_for_both_and_late_for_who_watches():
    coordinator = given.a_worker(role=Role.COORDINATOR)
    lawyer, council = given.a_worker(), given.a_worker()
    for user, duty in ((lawyer, Duty.COMPLAINTS), (council, Duty.REVIEWS)):
        feedback.appoint(user.memberships.get().team, duty, by=coordinator)
    code = feedback.complain(ComplaintKind.OTHER, "It was loud.", about=None)
    complaint = Complaint.objects.get()
    feedback.close(complaint, Outcome.NOT, "We heard nothing.", by=lawyer)
    assert sees(lawyer) == []
    review = feedback.ask_again(code, "You came by day.")

    [item] = sees(lawyer)
    assert item.what == "Hand over a complaint that others look at again"
    assert item.at == end_of(review.hand_over_by)
    assert [item.what for item in sees(council)] == ["Look at a complaint again"]
    feedback.hand_over(complaint, by=lawyer)
    assert sees(lawyer) == []
    assert sees(coordinator) == []

    Review.objects.update(answer_by=timezone.localdate() - timedelta(days=1))
    assert [item.what for item in sees(coordinator)] == ["A complaint waits too long"]
    review.refresh_from_db()
    feedback.decide(review, Verdict.STANDS, "We came at night too.", by=council)
    assert sees(council) == []
    assert sees(coordinator) == []


# --- what can wait


def old(case: Case, days: int = 100) -> Case:
    """Opened so long ago: only the date of its column is moved."""
    at = timezone.now() - timedelta(days=days)
    Case.objects.filter(pk=case.pk).update(opened_at=at)
    return case


def test_a_slip_is_asked_for_below_all_that_is_due(worker: User) -> None:
    asked = old(given.a_case(worked_on_by=worker, identity_name="Zubaida Canary"))
    late(given.a_case(worked_on_by=worker))

    first, slip = sees(worker)

    assert first.what == "Find a service for a need"
    assert slip.what == "A slip for 3 months is due"
    assert slip.at is None
    assert slip.url == reverse("feedback:offer", args=[asked.pk])
    assert slip.name == "Zubaida Canary"
    assert "Slips to hand out" in [str(kind.label) for kind in day_of(worker).lists]


def test_of_many_slips_a_few_stand_there_and_on_a_full_day_none(worker: User) -> None:
    for _ in range(QUIET + 2):
        old(given.a_case(worked_on_by=worker))
    assert len(sees(worker)) == QUIET
    quiet = queries(worker)
    full = [late(given.a_case(worked_on_by=worker)) for _ in range(EACH)]
    given.joins(worker, full[0].team, role=Role.SUPERVISOR)
    for case in full:
        cases.propose_closure(
            case, reason="withdrew", checklist=[], left_open="All of it.", by=worker
        )

    assert len(sees(worker)) == SHOWN
    assert not [item for item in sees(worker) if "slip" in item.what]
    assert queries(worker) <= quiet + 1  # closures are one more kind, slips one less
