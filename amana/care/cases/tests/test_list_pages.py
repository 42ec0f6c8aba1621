"""Lists of cases and the search: in which order, for whom, and at what cost (P16,
P33)."""

from datetime import timedelta

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from django.utils import timezone

from amana import given
from amana.care.cases import actions
from amana.care.cases.models import Case, Urgency
from amana.care.cases.tests.pages import browser, post, text_of
from amana.trust.access.models import Role
from amana.trust.alarms.models import AlteredRecord
from amana.trust.audit.models import AuditEvent
from amana.trust.vault.compartments import Compartment as C
from amana.trust.vault.models import SearchCard

from .browsers import statements, to

# --- lists


def test_what_is_due_first_stands_first(desk, worker):
    later = given.make_case(worked_on_by=worker, identity_name="Later")
    sooner = given.make_case(worked_on_by=worker, identity_name="Sooner")
    actions.plan_follow_up(
        sooner, due_at=timezone.now() + timedelta(hours=1), by=worker
    )
    words = text_of(desk.get(to("mine")))
    assert words.index("Sooner") < words.index("Later")
    assert later.reference in words


def test_a_list_is_turned_page_by_page(desk, worker):
    cases = [given.make_case(worked_on_by=worker, needs=[]) for _ in range(30)]
    first = desk.get(to("mine"))
    second = desk.get(to("mine") + first.context["page"].next)
    shown = [*first.context["page"], *second.context["page"]]
    assert {case.pk for case in shown} == {case.pk for case in cases}
    assert len(first.context["page"]) == 25


def test_the_team_sees_nothing_of_a_colleagues_case_in_its_own_list(case, colleague):
    assert case.reference not in text_of(browser(colleague).get(to("mine")))


def test_a_supervisor_sees_the_teams_cases_one_team_at_a_time(case, supervisor):
    other = given.make_team()
    theirs = given.make_case(team=other)
    given.join_team(supervisor, other, role=Role.SUPERVISOR)
    desk = browser(supervisor)
    one = text_of(desk.get(to("team") + f"?team={case.team_id}"))
    assert case.reference in one
    assert theirs.reference not in one
    assert theirs.reference in text_of(desk.get(to("team") + f"?team={other.pk}"))


def test_a_proposal_to_end_is_on_the_supervisors_list(case, worker, supervisor):
    actions.propose_closure(
        case, reason="withdrew", checklist=[], left_open="x", by=worker
    )
    words = text_of(browser(supervisor).get(to("team") + "?state=proposed"))
    assert case.reference in words


def test_who_supervises_nobody_has_no_team_page(desk):
    assert desk.get(to("team")).status_code == 404


def test_whoever_tries_a_page_of_others_is_written_down(desk, case, worker, screener):
    actions.assign(case, screener, by=worker)
    pages = [
        (desk, to("team")),
        (desk, to("watch")),
        (desk, to("add_contact")),
        (browser(screener), to("change", case.pk, "legal")),
    ]
    for someone, page in pages:
        before = AuditEvent.objects.filter(did="was turned away").count()
        assert someone.get(page).status_code == 404
        tries = AuditEvent.objects.filter(did="was turned away").count()
        assert tries == before + 1, page


def test_an_emergency_looks_the_same_in_every_list(coordinator, worker):
    case = given.make_case(worked_on_by=worker)
    Case.objects.filter(pk=case.pk).update(urgency=Urgency.U0)
    pages = [
        browser(worker).get(to("mine")),
        browser(worker).get(to("case", case.pk)),
        browser(coordinator).get(to("watch")),
    ]
    for page in pages:
        assert 'data-tone="late">Emergency<' in page.content.decode()


def test_a_coordinator_sees_clocks_and_counts_and_no_name(coordinator, worker):
    case = given.make_case(worked_on_by=worker, identity_name="Zubaida Canary")
    kept = given.make_case(worked_on_by=worker)
    actions.restrict(kept, people=[worker], by=worker)
    desk = browser(coordinator)
    words = text_of(desk.get(to("watch")))
    assert case.reference in words
    assert "Canary" not in words
    assert kept.reference not in words
    assert desk.get(to("case", case.pk)).status_code == 404
    assert browser(worker).get(to("watch")).status_code == 404


# --- finding


@pytest.mark.parametrize("words", ["Mohammed", "محمد", "Muhamad Hadad", "0012345"])
def test_a_case_is_found_by_name_in_any_spelling_and_by_number(desk, worker, words):
    case = given.make_case(
        worked_on_by=worker, identity_name="Mohamed Haddad", contact_number="07 0012345"
    )
    given.make_case(worked_on_by=worker, identity_name="Rosa Lind")
    answer = text_of(post(desk, to("search"), {"q": words}))
    assert case.reference in answer
    assert "Rosa" not in answer


def test_a_case_is_found_by_its_reference_however_it_is_read_out(desk, case):
    said = case.reference.lower().replace("-", " ")
    answer = text_of(post(desk, to("search"), {"q": case.reference}))
    assert "Matches: reference" in answer
    assert case.reference in text_of(post(desk, to("search"), {"q": said[:4]}))


def test_strangers_cases_are_never_found(desk, case, colleague, stranger):
    theirs = given.make_case(worked_on_by=stranger, identity_name="Mohamed Haddad")
    ours = given.make_case(worked_on_by=colleague, identity_name="Mohamed Haddad")
    words = text_of(post(desk, to("search"), {"q": "Mohamed"}))
    assert theirs.reference not in words
    assert ours.reference not in words
    assert "No results among the cases you may see" in words


def damage(case):
    """What a failing disk does to the search card of a case."""
    SearchCard.objects.filter(case=case.pk).update(sealed=b"\x01" * 80)


def test_a_damaged_card_keeps_nobody_from_the_others_and_is_told(desk, worker):
    officer = given.make_worker(role=Role.DATA_PROTECTION_OFFICER, name="Nour Officer")
    found = given.make_case(worked_on_by=worker, identity_name="Mohamed Haddad")
    lost = given.make_case(worked_on_by=worker, identity_name="Mohamed Haddad")
    damage(lost)

    for _search in range(2):
        words = text_of(post(desk, to("search"), {"q": "Mohamed"}))
        assert found.reference in words
        assert lost.reference not in words
        assert "left out because they could not be opened: 1." in words
        assert "Nour Officer" in words

    record = AlteredRecord.objects.get()
    assert (record.what, record.case, record.found_by) == ("card", lost.pk, worker)
    assert officer in record.told.all()
    alarms = text_of(browser(officer).get(reverse("alarms:list")))
    assert "A search card was damaged or replaced" in alarms
    assert "Mohamed" not in alarms


def test_a_list_with_a_damaged_card_shows_the_case_without_its_name(desk, worker):
    lost = given.make_case(worked_on_by=worker, identity_name="Mohamed Haddad")
    damage(lost)

    words = text_of(desk.get(to("mine")))

    assert lost.reference in words
    assert "Haddad" not in words


def test_what_is_looked_for_is_never_in_an_address(desk, worker):
    given.make_case(worked_on_by=worker, identity_name="Hope")
    assert "Hope" not in text_of(desk.get(to("search") + "?q=Hope"))


# --- what it costs


def test_a_page_of_the_list_costs_the_same_for_one_case_and_for_thirty(desk, worker):
    given.make_case(worked_on_by=worker)
    desk.get(to("mine"))
    with CaptureQueriesContext(connection) as one:
        desk.get(to("mine"))
    for _ in range(29):
        given.make_case(worked_on_by=worker)
    with CaptureQueriesContext(connection) as thirty:
        desk.get(to("mine"))
    assert len(statements(thirty)) == len(statements(one)) <= 10, statements(thirty)


def test_a_case_costs_the_same_however_much_is_written(desk, case, worker, colleague):
    desk.get(to("case", case.pk))
    actions.assign(case, colleague, by=worker)
    actions.add_note(case, C.NEEDS, "x", by=worker)
    with CaptureQueriesContext(connection) as little:
        desk.get(to("case", case.pk))
    for number in range(12):
        actions.add_note(case, C.NEEDS, f"Note {number}", by=worker)
        actions.raise_need(case, type="HE2", urgency="U2", words="x", by=worker)
        actions.plan_follow_up(
            case, due_at=timezone.now() + timedelta(days=number + 1), by=worker
        )
    with CaptureQueriesContext(connection) as much:
        desk.get(to("case", case.pk))
    assert len(statements(much)) == len(statements(little)) <= 16, statements(much)
