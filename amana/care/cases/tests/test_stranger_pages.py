"""For strangers a case does not exist (P33)."""

from datetime import timedelta

import pytest
from django.utils import timezone

from amana import given
from amana.care.cases import actions
from amana.care.cases.models import Assignment, Case
from amana.care.cases.tests.pages import browser, post, text_of
from amana.trust.vault.compartments import Compartment as C

from .browsers import to

THINGS = [
    "case",
    "print",
    "print_all",
    "urgency",
    "add_need",
    "add_follow_up",
    "safety",
    "people",
    "offer_transfer",
    "close",
    "add_file",
]


@pytest.mark.parametrize("name", THINGS)
def test_for_strangers_there_is_no_such_case(
    case, name, stranger, colleague, coordinator, administrator
):
    for someone in (stranger, colleague, coordinator, administrator):
        assert browser(someone).get(to(name, case.pk)).status_code == 404, someone


@pytest.mark.parametrize(
    "name",
    ["assign", "restrict", "lift_restriction", "send_back", "reopen"],
)
def test_strangers_change_nothing(case, name, stranger, colleague, administrator):
    for someone in (stranger, colleague, administrator):
        assert post(browser(someone), to(name, case.pk)).status_code == 404, someone


@pytest.mark.parametrize("part", list(C))
def test_for_strangers_there_is_no_such_part(case, part, stranger, colleague):
    for someone in (stranger, colleague):
        desk = browser(someone)
        for name in ("part", "change"):
            assert desk.get(to(name, case.pk, part)).status_code == 404
        for name in ("open_part", "note"):
            assert post(desk, to(name, case.pk, part)).status_code == 404


def test_for_strangers_there_is_no_such_thing_of_a_case(case, worker, stranger, team):
    need = case.needs.get()
    follow_up = actions.plan_follow_up(
        case, due_at=timezone.now() + timedelta(days=1), by=worker
    )
    transfer = actions.offer_transfer(case, to=given_team_with_key(team), by=worker)
    assignment = Assignment.objects.get()
    desk = browser(stranger)
    assert desk.get(to("need", need.pk)).status_code == 404
    assert desk.get(to("follow_up", follow_up.pk)).status_code == 404
    assert desk.get(to("transfer", transfer.pk)).status_code == 404
    assert post(desk, to("take_back_offer", transfer.pk)).status_code == 404
    assert post(desk, to("end_assignment", case.pk, assignment.pk)).status_code == 404


def given_team_with_key(team):
    other = given.make_team(of=team.organisation)
    given.make_worker(of=other)
    return other


def test_a_part_that_no_case_has_is_not_there(desk, case):
    known = to("part", case.pk, "needs")
    assert desk.get(known).status_code == 200
    assert desk.get(known.replace("/needs/", "/gossip/")).status_code == 404


def test_a_supervisor_reads_what_helps_a_colleague_and_not_the_rest(case, supervisor):
    desk = browser(supervisor)
    assert desk.get(to("case", case.pk)).status_code == 200
    post(desk, to("open_part", case.pk, "narrative"), {"purpose": "supervise"})
    assert "Nothing recorded yet" in text_of(desk.get(to("part", case.pk, "narrative")))
    assert "This part is not open to your role" in text_of(
        desk.get(to("part", case.pk, "legal"))
    )
    assert desk.get(to("add_need", case.pk)).status_code == 404
    assert Case.objects.count() == 1
