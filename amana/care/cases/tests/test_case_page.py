"""The page of a case: what it shows, for whom, and after which reason (P16, P38)."""

import re
from datetime import timedelta

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from amana import given
from amana.care.cases import actions
from amana.care.cases.tabs import CaseTab, build_address
from amana.care.cases.tests.pages import browser, post, text_of
from amana.trust.access import sessions
from amana.trust.audit.models import AuditEvent
from amana.trust.vault import documents
from amana.trust.vault.compartments import Compartment as C

from .browsers import statements, to


def test_the_page_says_what_is_due_and_what_the_person_said(desk, case, worker):
    actions.plan_follow_up(
        case,
        due_at=timezone.now() + timedelta(hours=2),
        words="Ask about the night",
        kind="contact",
        by=worker,
    )
    actions.add_note(case, C.NEEDS, "Slept well", by=worker)
    words = text_of(desk.get(to("case", case.pk)))
    assert words.index("Speak with the person") < words.index("Find help")
    for said in ("Ask about the night", "A bed", case.reference):
        assert said in words
    assert "Slept well" not in words
    assert "Slept well" in text_of(desk.get(to("tab", case.pk, "notes")))


def test_the_title_and_address_name_nobody(desk, worker):
    case = given.make_case(worked_on_by=worker, identity_name="Zubaida Canary")
    answer = desk.get(to("case", case.pk))
    title = answer.content.decode().split("<title>")[1].split("</title>")[0]
    assert "Canary" not in title
    assert "Canary" not in answer.request["PATH_INFO"]


def test_opening_the_page_is_written_down_with_its_purpose(desk, case):
    desk.get(to("case", case.pk))
    event = AuditEvent.objects.about_case(case.pk).filter(did="opened").latest("pk")
    assert event.purpose == "case page"


def test_only_the_first_parts_are_opened_by_themselves(desk, worker):
    case = given.make_case(
        worked_on_by=worker,
        narrative_account="They took it all",
        legal_situation="Bail",
    )
    words = text_of(desk.get(to("case", case.pk)))
    assert "They took it all" not in words
    assert "Bail" not in words


def test_a_part_asks_what_for_before_it_opens(desk, worker):
    case = given.make_case(worked_on_by=worker, legal_situation="On bail")
    part = to("part", case.pk, "legal")
    assert "On bail" not in text_of(desk.get(part))
    assert post(desk, to("open_part", case.pk, "legal")).status_code == 409
    post(desk, to("open_part", case.pk, "legal"), {"purpose": "refer"})
    assert "On bail" in text_of(desk.get(part))
    event = AuditEvent.objects.about_case(case.pk).filter(did="opened").latest("pk")
    assert event.purpose == "refer"


def test_writing_in_a_part_asks_what_for_as_well(desk, worker):
    case = given.make_case(worked_on_by=worker, legal_situation="On bail")
    part, change = to("part", case.pk, "legal"), to("change", case.pk, "legal")
    assert desk.get(change)["Location"] == part
    answer = post(desk, change, {"revision": "1", "situation": "Free"})
    assert answer["Location"] == part
    assert "On bail" not in text_of(desk.get(part))  # and no purpose was made up
    assert not AuditEvent.objects.about_case(case.pk).filter(did="opened").exists()
    post(desk, to("open_part", case.pk, "legal"), {"purpose": "plan"})
    assert "On bail" in text_of(desk.get(change))


def test_an_opened_part_closes_again_after_a_while(desk, worker):
    case = given.make_case(worked_on_by=worker, legal_situation="On bail")
    post(desk, to("open_part", case.pk, "legal"), {"purpose": "help"})
    session = desk.session
    session["purposes"] = {
        door: [said[0], 0] for door, said in session["purposes"].items()
    }
    session.save()
    assert "On bail" not in text_of(desk.get(to("part", case.pk, "legal")))


def test_health_stays_with_health(desk, worker):
    case = given.make_case(worked_on_by=worker)
    health = to("part", case.pk, "health")
    post(desk, to("open_part", case.pk, "health"), {"purpose": "help"})
    words = text_of(desk.get(health))
    assert "This part is not open to your role" in words
    post(desk, to("change", case.pk, "health"), {"summary": "Asthma"})
    assert "Asthma" not in text_of(desk.get(health))
    assert "Asthma" not in text_of(desk.get(to("change", case.pk, "health")))
    opened = documents.open_documents(case.pk, [C.HEALTH], by=worker, purpose="test")
    assert opened[C.HEALTH, "record"].content["summary"] == "Asthma"


def test_a_clinic_reads_the_health_of_its_own_case(clinician):
    case = given.make_case(worked_on_by=clinician, health_summary="Asthma")
    desk = browser(clinician)
    post(desk, to("open_part", case.pk, "health"), {"purpose": "help"})
    assert "Asthma" in text_of(desk.get(to("part", case.pk, "health")))


def test_the_account_shows_safety_with_its_reasons_and_never_a_number(desk, worker):
    case = given.make_case(worked_on_by=worker)
    answer = post(
        desk,
        to("safety", case.pk),
        {"CONTACT": "yes", "DEBT": "yes", "words": "Afraid", "plan": "Back door"},
    )
    words = text_of(answer)
    assert "High" in words
    assert "in contact with the person, or threaten" in words
    post(desk, to("open_part", case.pk, "narrative"), {"purpose": "help"})
    words = text_of(desk.get(to("part", case.pk, "narrative")))
    for said in ("in contact with the person, or threaten", "Afraid", "Back door"):
        assert said in words


def test_what_was_said_of_safety_is_in_no_message_and_no_session(desk, case):
    post(desk, to("safety", case.pk), {"CONTACT": "yes", "words": "Zubaida Canary"})
    assert "Canary" not in str(dict(desk.session.items()))
    assert "Canary" not in str(desk.cookies)


def test_the_sheet_for_the_conversation_can_be_printed(desk, case):
    words = text_of(given.confirm_export(desk, desk.get(to("print", case.pk))))
    assert "Conversation sheets" in words
    assert "A bed" in words


def test_the_whole_case_can_be_printed(desk, case, worker):
    actions.add_note(case, C.NEEDS, "Slept well", by=worker)
    words = text_of(given.confirm_export(desk, desk.get(to("print_all", case.pk))))
    for said in ("A bed", "Slept well", "Referrals", "Shared information", "Screening"):
        assert said in words
    assert "The case was opened" in words
    assert "Add a need" not in words


@pytest.mark.parametrize("tab", list(CaseTab))
def test_each_tab_is_a_page_of_its_own_that_says_where_one_is(desk, case, tab):
    page = desk.get(build_address(tab, case.pk)).content.decode()
    tabs = page[page.index('<nav class="tabs"') :].split("</nav>")[0]
    assert tabs.count("aria-current") == 1
    assert f'{build_address(tab, case.pk)}" aria-current="page">{tab.label}' in tabs
    assert "<h1>" in page


@pytest.mark.parametrize("tab", list(CaseTab))
def test_a_tab_loads_no_more_than_the_overview_and_only_its_own(desk, case, tab):
    desk.get(build_address(tab, case.pk))
    with CaptureQueriesContext(connection) as queries:
        desk.get(build_address(tab, case.pk))
    asked = statements(queries)
    assert len(asked) <= (20 if tab is CaseTab.HISTORY else 17)
    if tab in (CaseTab.CONSENT, CaseTab.NOTES, CaseTab.SAFETY):
        assert not [
            sql for sql in asked if sql.startswith('SELECT "referrals_referral"')
        ]


@pytest.mark.parametrize("tab", list(CaseTab))
def test_a_tab_is_nothing_to_strangers_leavers_and_other_teams(
    case, worker, stranger, colleague, coordinator, tab
):
    for someone in (stranger, colleague, coordinator):
        assert browser(someone).get(build_address(tab, case.pk)).status_code == 404
    leaver = browser(worker)
    worker.memberships.update(ended_at=timezone.now())
    assert leaver.get(build_address(tab, case.pk)).status_code == 404


def test_a_case_kept_to_named_people_has_no_head_for_others(case, worker, supervisor):
    actions.restrict(case, people=[worker], by=worker)
    for tab in CaseTab:
        assert browser(supervisor).get(build_address(tab, case.pk)).status_code == 404
    words = text_of(browser(worker).get(build_address(CaseTab.CONSENT, case.pk)))
    assert "Restricted to named people" in words


def test_an_open_page_asks_again_and_opens_nothing_while_its_case_is_the_same(
    desk, case, worker
):
    """Something else changed for this person: it is no look at this case."""
    page = desk.get(to("case", case.pk)).content.decode()
    (url,) = re.findall(r'id="case" data-live hx-get="([^"]+)"', page)
    looks = AuditEvent.objects.filter(did="opened").count()
    by_itself = {"By-Itself": "1", "HX-Request": "true"}
    assert desk.get(url, headers=by_itself).status_code == 204
    assert AuditEvent.objects.filter(did="opened").count() == looks
    assert desk.get(url).status_code == 200  # a person who asks is answered

    actions.set_urgency(case, urgency="U0", by=worker)
    again = desk.get(url, headers=by_itself)
    assert again.status_code == 200
    assert "Emergency" in text_of(again)


def test_an_open_page_that_asks_again_keeps_nobody_signed_in(desk, case, monkeypatch):
    seen = []
    monkeypatch.setattr(sessions, "record_presence", lambda session: seen.append(1))
    desk.get(to("case", case.pk), headers={"By-Itself": "1"})
    assert seen == []
    desk.get(to("case", case.pk))
    assert seen == [1]


def test_the_timeline_tells_who_did_what_and_not_what_was_said(desk, case, worker):
    actions.add_note(case, C.NEEDS, "Zubaida Canary", by=worker)
    words = text_of(desk.get(to("tab", case.pk, "history")))
    assert words.index("A note was added") < words.index("The case was opened")
    assert "Amal Example" in words
    assert "Canary" not in words
