"""Lists of referrals: what is due for whom, and what a list shows."""

from collections.abc import Callable
from datetime import timedelta
from functools import partial
from typing import Any

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from amana import given
from amana.care.cases.actions import StatedNeed
from amana.care.cases.models import Need, Urgency
from amana.care.referrals import actions, escalation
from amana.care.referrals.models import Referral, ReferralStatus
from amana.care.referrals.states import DeclineReason
from amana.design.directory.models import Service
from amana.trust.access.models import Role, Sphere, Team, User
from tests.worlds import kept

from .addresses import at
from .reaching import goes_to

S = ReferralStatus
HIV = "Tuberculosis, HIV and hepatitis"


@kept
def nurse(db: None) -> User:
    team = given.make_team(of=given.make_organisation(sphere=Sphere.HEALTH))
    return given.make_worker(of=team, role=Role.FOCAL_POINT)


@kept
def asked_for_care(worker: User, nurse: User) -> Referral:
    clinic = given.make_service(
        of=nurse.memberships.get().team, by=nurse, types=["HE5"]
    )
    asked = [StatedNeed("HE5", Urgency.U1, "Tablets are running out")]
    case = given.make_case(worked_on_by=worker, needs=asked)
    return given.make_referral(need=case.needs.get(), to=clinic, by=worker)


def test_lists_name_the_group_and_pages_that_open_it_what_exactly_is_needed(
    asked_for_care: Referral, ours: Client, nurse: User
) -> None:
    theirs, pk = given.sign_in(nurse), asked_for_care.pk
    for lists in (theirs.get(at("inbox")), ours.get(at("sent"))):
        page = lists.content.decode()
        assert ">Health</a>" in page
        assert HIV not in page
    assert HIV in theirs.get(at("referral", pk)).content.decode()
    assert HIV in ours.get(at("sheet", pk)).content.decode()
    # Where it stands is read without opening the case again.
    assert HIV not in ours.get(at("referral", pk)).content.decode()


def test_what_is_asked_for_is_read_from_what_was_shared_whatever_the_row_says(
    asked_for_care: Referral, ours: Client, nurse: User
) -> None:
    Need.objects.update(group="SH")
    page = given.sign_in(nurse).get(at("referral", asked_for_care.pk))
    assert HIV in page.content.decode()
    assert HIV in ours.get(at("sheet", asked_for_care.pk)).content.decode()


def test_the_inbox_shows_what_waits_for_an_answer_latest_first(
    referral: Referral, theirs: Client, need: Need, worker: User, shelter: Service
) -> None:
    urgent = given.make_case(worked_on_by=worker).needs.get()
    Need.objects.filter(pk=urgent.pk).update(urgency="U0")
    second = given.make_referral(
        need=Need.objects.select_related("case__team").get(pk=urgent.pk),
        to=shelter,
        by=worker,
    )
    page = theirs.get(at("inbox")).content.decode()
    assert page.index(second.case.reference) < page.index(referral.case.reference)


def test_the_inbox_of_someone_whose_teams_answer_nothing_is_empty(
    coordinator: User,
) -> None:
    page = given.sign_in(coordinator).get(at("inbox"))
    assert page.status_code == 200


def test_an_empty_inbox_says_so(theirs: Client) -> None:
    assert "No referrals to answer" in theirs.get(at("inbox")).content.decode()


@pytest.mark.parametrize("kind", ["answer", "mine", "progress", "reported", "ended"])
def test_strangers_find_nothing_in_the_inbox(
    kind: str, referral: Referral, strange: Client
) -> None:
    page = strange.get(at("inbox", kind)).content.decode()
    assert referral.case.reference not in page


@pytest.mark.parametrize(
    ("status", "kind"),
    [
        (S.SENT, "answer"),
        (S.ACCEPTED, "progress"),
        (S.ACCEPTED, "mine"),
        (S.COMPLETED, "reported"),
        (S.CONFIRMED, "ended"),
    ],
)
def test_a_referral_stands_in_the_list_of_its_stage(
    status: ReferralStatus,
    kind: str,
    referral: Referral,
    worker: User,
    shelter_worker: User,
    theirs: Client,
) -> None:
    goes_to(status, referral, worker, shelter_worker)
    found = theirs.get(at("inbox", kind)).content.decode()
    assert referral.case.reference in found
    assert (kind == "answer") == (
        referral.case.reference in theirs.get(at("inbox")).content.decode()
    )


def test_who_stands_in_sees_what_the_other_had_in_hand(
    referral: Referral, shelter_worker: User, shelter_team: Team
) -> None:
    colleague = given.make_worker(of=shelter_team)
    actions.take_on(referral, by=shelter_worker)
    today = timezone.now().date()
    browser = given.sign_in(colleague)
    assert (
        referral.case.reference not in browser.get(at("inbox", "mine")).content.decode()
    )
    actions.arrange_cover(
        shelter_team,
        away=shelter_worker,
        covered_by=colleague,
        first_on=today,
        last_on=today,
        by=shelter_worker,
    )
    assert referral.case.reference in browser.get(at("inbox", "mine")).content.decode()


def test_the_sender_sees_what_is_waited_for_and_what_is_theirs_to_do(
    referral: Referral, ours: Client, worker: User, shelter_worker: User
) -> None:
    assert "Lake House" in ours.get(at("sent")).content.decode()
    actions.decline(referral, reason=DeclineReason.FUNDING, by=shelter_worker)
    mine = ours.get(at("sent", "mine")).content.decode()
    assert "Choose again" in mine
    assert "Our funding has ended" in mine


def test_a_coordinator_sees_clocks_and_nothing_of_any_person(
    referral: Referral, coordinator: User, worker: User
) -> None:
    Referral.objects.update(due_at=timezone.now() - timedelta(days=2))
    page = given.sign_in(coordinator).get(at("late")).content.decode()
    assert "Lake House beds" in page
    assert "1 day late" in page or "2 days late" in page
    assert referral.case.reference not in page
    assert "Zubaida" not in page
    assert "Lake House" not in given.sign_in(worker).get(at("late")).content.decode()


def test_each_list_asks_the_database_the_same_for_one_and_for_many(
    referral: Referral,
    shelter: Service,
    worker: User,
    shelter_worker: User,
    coordinator: User,
) -> None:
    readers = {"inbox": shelter_worker, "sent": worker, "late": coordinator}
    browsers = {who: given.sign_in(reader) for who, reader in readers.items()}

    def asked() -> dict[str, int]:
        late = timezone.now() - timedelta(minutes=1)
        Referral.objects.update(due_at=late, tell_at=late)
        escalation.chase()  # so the list of late ones names who was told of each
        return {who: queries(partial(browsers[who].get, at(who))) for who in readers}

    few = asked()
    for _one in range(24):
        case = given.make_case(worked_on_by=worker)
        given.make_referral(need=case.needs.get(), to=shelter, by=worker)

    assert asked() == few
    for who, browser in browsers.items():
        assert browser.get(at(who)).content.decode().count('role="row"') > 20
    assert browsers["late"].get(at("late")).content.decode().count("the sender") > 20


def queries(act: Callable[[], Any]) -> int:
    act()
    with CaptureQueriesContext(connection) as caught:
        act()
    return len(caught)


def test_somebody_in_one_team_comes_straight_to_its_rota(
    shelter_team: Team, theirs: Client
) -> None:
    assert theirs.get(at("rotas"))["Location"] == at("rota", shelter_team.pk)


def test_somebody_in_two_teams_looks_into_one_inbox_at_a_time(
    referral: Referral, shelter_worker: User, theirs: Client
) -> None:
    other = given.make_team(name="A clinic")
    given.join_team(shelter_worker, other, role=Role.FOCAL_POINT)
    clinic = theirs.get(at("inbox")).content.decode()
    assert referral.case.reference not in clinic
    assert f"?team={referral.recipient_id}" in clinic
    shelter = theirs.get(at("inbox") + f"?team={referral.recipient_id}")
    assert referral.case.reference in shelter.content.decode()


def test_nobody_looks_into_the_inbox_of_a_team_that_is_not_theirs(
    referral: Referral, strange: Client
) -> None:
    page = strange.get(at("inbox") + f"?team={referral.recipient_id}")
    assert referral.case.reference not in page.content.decode()


@pytest.mark.parametrize("list_", ["inbox", "sent"])
def test_a_list_that_there_is_not_is_no_address(list_: str, ours: Client) -> None:
    assert ours.get(f"{at(list_)}gossip/").status_code == 404
    assert ours.get(f"{at(list_)}ended/").status_code == 200
