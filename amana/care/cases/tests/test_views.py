"""The pages of a case: what stands on them, for whom, and what they cost (P16, P33,
P38)."""

import re
from datetime import timedelta

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from django.utils import timezone

from amana import given
from amana.care.cases import actions
from amana.care.cases.models import Assignment, Case, Urgency
from amana.care.cases.tabs import CaseTab, build_address
from amana.care.cases.tests.pages import browser, post, text_of
from amana.trust.access import sessions
from amana.trust.access.models import Role
from amana.trust.alarms.models import AlteredRecord
from amana.trust.audit.models import AuditEvent
from amana.trust.vault import documents
from amana.trust.vault.compartments import Compartment as C
from amana.trust.vault.models import SearchCard
from tests.worlds import kept


def to(name, *args):
    return reverse(f"cases:{name}", args=args)


@kept
def desk(worker):
    return browser(worker)


def statements(queries):
    """Without what only opens and closes transactions."""
    words = ("SAVEPOINT", "RELEASE", "BEGIN", "COMMIT", "ROLLBACK")
    return [q["sql"] for q in queries if not q["sql"].startswith(words)]


# --- the case


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


# --- working on it


def test_a_need_is_added_and_answered(desk, case):
    post(desk, to("add_need", case.pk), {"type": "HE1", "urgency": "U0", "words": "Ow"})
    need = case.needs.get(group="HE")
    assert "Ow" in text_of(desk.get(to("case", case.pk)))
    answer = post(desk, to("need", need.pk), {"status": "unmet", "reason": ""})
    assert answer.status_code == 409
    assert "Choose why nothing acceptable was found" in text_of(answer)
    post(desk, to("need", need.pk), {"status": "met", "reason": ""})
    given.pass_ten_minutes()
    need.refresh_from_db()
    assert need.status == "met"


def test_a_follow_up_is_planned_and_done(desk, case):
    due = timezone.localtime() + timedelta(days=3)
    post(
        desk,
        to("add_follow_up", case.pk),
        {"kind": "contact", "words": "Call", "due_at": f"{due:%Y-%m-%dT%H:%M}"},
    )
    follow_up = case.follow_ups.get()
    assert "Call" in text_of(desk.get(to("follow_up", follow_up.pk)))
    post(desk, to("follow_up", follow_up.pk), {"words": "Reached"})
    follow_up.refresh_from_db()
    assert follow_up.done_at
    assert "Reached" in text_of(desk.get(to("follow_up", follow_up.pk)))


def test_a_follow_up_in_the_past_is_refused_and_nothing_typed_is_lost(desk, case):
    answer = post(
        desk,
        to("add_follow_up", case.pk),
        {"kind": "other", "words": "Ask the aunt", "due_at": "2020-01-01T10:00"},
    )
    assert answer.status_code == 409
    assert "Ask the aunt" in text_of(answer)


def test_a_person_decides_how_urgent_it_is(desk, case):
    post(desk, to("urgency", case.pk), {"urgency": "U3"})
    case.refresh_from_db()
    assert case.urgency == "U3"


def test_a_note_is_added_once_however_often_it_is_sent(desk, case, worker):
    from amana.ui.once import make_form_key

    sent = {"words": "Slept well"} | make_form_key()
    desk.post(to("note", case.pk, "needs"), sent)
    desk.post(to("note", case.pk, "needs"), sent)
    opened = documents.open_documents(case.pk, [C.NEEDS], by=worker, purpose="test")
    assert len([name for _part, name in opened if name.startswith("note/")]) == 1


def test_an_empty_note_says_so(desk, case):
    assert post(desk, to("note", case.pk, "needs"), {"words": ""}).status_code == 422


def test_a_record_is_changed(desk, case, worker):
    change = to("change", case.pk, "identity")
    assert "Person" in desk.get(change).content.decode()
    post(desk, change, {"revision": "1", "name": "Hope", "languages": ["ar", ""]})
    opened = documents.open_documents(case.pk, [C.IDENTITY], by=worker, purpose="test")
    assert opened[C.IDENTITY, "record"].content["name"] == "Hope"
    assert opened[C.IDENTITY, "record"].content["languages"] == ["ar"]


@pytest.mark.parametrize("revision", ["1" * 5000, "9" * 18, "²"])
def test_an_invented_revision_replaces_nothing(desk, case, worker, revision):
    change = to("change", case.pk, "identity")
    answer = post(desk, change, {"revision": revision, "name": "Hope"})
    assert answer.status_code == 409
    opened = documents.open_documents(case.pk, [C.IDENTITY], by=worker, purpose="test")
    assert opened[C.IDENTITY, "record"].content["name"] != "Hope"


def test_the_second_editor_sees_both_versions_and_loses_nothing(
    desk, case, worker, colleague
):
    actions.assign(case, colleague, by=worker)
    change = to("change", case.pk, "contact")
    post(desk, change, {"revision": "1", "channel": "call", "number": "0700 111"})
    answer = post(
        browser(colleague),
        change,
        {"revision": "1", "channel": "call", "number": "0700 222", "never": "At night"},
    )
    assert answer.status_code == 409
    page = answer.content.decode()
    assert "A colleague changed this while you were writing" in page
    assert 'value="0700 222"' in page
    assert "0700 111" in page
    assert 'value="At night"' in page
    assert 'name="revision" value="2"' in page
    post(
        browser(colleague),
        change,
        {"revision": "2", "channel": "call", "number": "0700 222", "never": "At night"},
    )
    opened = documents.open_documents(case.pk, [C.CONTACT], by=worker, purpose="test")
    assert opened[C.CONTACT, "record"].content["number"] == "0700 222"
    assert opened[C.CONTACT, "record"].revision == 3


def test_a_code_that_is_offered_no_more_survives_a_change(desk, worker):
    case = given.make_case(worked_on_by=worker, identity_languages=["xx-old"])
    answer = desk.get(to("change", case.pk, "identity"))
    assert 'value="xx-old" checked' in answer.content.decode()
    post(
        desk,
        to("change", case.pk, "identity"),
        {"revision": "1", "name": "H", "languages": ["xx-old"]},
    )
    opened = documents.open_documents(case.pk, [C.IDENTITY], by=worker, purpose="test")
    assert opened[C.IDENTITY, "record"].content["languages"] == ["xx-old"]


# --- people, moving, ending


def test_a_colleague_is_assigned_and_leaves_again(desk, case, colleague):
    post(desk, to("assign", case.pk), {"worker": colleague.pk, "part": "support"})
    theirs = browser(colleague)
    assert theirs.get(to("case", case.pk)).status_code == 200
    assignment = case.assignments.current().get(worker=colleague)
    post(theirs, to("end_assignment", case.pk, assignment.pk))
    assert theirs.get(to("case", case.pk)).status_code == 404


def test_a_case_is_kept_to_named_people(desk, case, worker, supervisor):
    post(desk, to("restrict", case.pk), {"people": [worker.pk]})
    case.refresh_from_db()
    assert case.restricted
    assert "Restricted to named people" in text_of(desk.get(to("case", case.pk)))
    watching = browser(supervisor)
    assert watching.get(to("case", case.pk)).status_code == 404
    assert case.reference not in text_of(watching.get(to("team")))
    assert case.reference in text_of(desk.get(to("mine")))
    post(desk, to("lift_restriction", case.pk))
    assert watching.get(to("case", case.pk)).status_code == 200


def test_naming_nobody_who_leads_keeps_the_page_and_says_why(desk, case, colleague):
    answer = post(desk, to("restrict", case.pk), {"people": [colleague.pk]})
    assert answer.status_code == 409
    assert "leads the case" in text_of(answer)


def test_a_case_is_offered_seen_without_a_name_and_taken_over(desk, worker, team):
    case = given.make_case(worked_on_by=worker, identity_name="Zubaida Canary")
    other = given.make_team(of=team.organisation)
    taker = given.make_worker(of=other)
    post(
        desk, to("offer_transfer", case.pk), {"to": other.pk, "agreed": "She said yes"}
    )
    transfer = case.transfers.get()
    theirs = browser(taker)
    assert case.reference in text_of(theirs.get(to("offered")))
    words = text_of(theirs.get(to("transfer", transfer.pk)))
    assert "Canary" not in words
    assert "She said yes" not in words
    assert theirs.get(to("case", case.pk)).status_code == 404
    answer = post(theirs, to("transfer", transfer.pk), {"go": "accept"})
    assert answer["Location"] == to("case", case.pk)
    assert "Canary" in text_of(theirs.get(to("case", case.pk)))
    assert desk.get(to("case", case.pk)).status_code == 404


def test_an_offer_is_declined_with_a_reason_or_taken_back(desk, case, team):
    other = given.make_team(of=team.organisation)
    theirs = browser(given.make_worker(of=other))
    post(desk, to("offer_transfer", case.pk), {"to": other.pk})
    transfer = case.transfers.get()
    assert post(theirs, to("transfer", transfer.pk), {"go": "no"}).status_code == 422
    post(theirs, to("transfer", transfer.pk), {"go": "no", "reason": "no_capacity"})
    transfer.refresh_from_db()
    assert transfer.declined_for == "no_capacity"
    post(desk, to("offer_transfer", case.pk), {"to": other.pk})
    again = case.transfers.waiting().get()
    post(desk, to("take_back_offer", again.pk))
    assert not case.transfers.waiting().exists()
    assert theirs.get(to("transfer", again.pk)).status_code == 404


def test_the_end_is_proposed_sent_back_and_agreed(desk, case, supervisor):
    close, done = to("close", case.pk), ["safety", "agreed", "return"]
    said = {"reason": "relocated", "checklist": done, "left_open": "With family"}
    post(desk, close, said)
    assert "Waiting for the supervisor" in text_of(desk.get(close))
    theirs = browser(supervisor)
    page = theirs.get(close)
    assert "With family" in text_of(page)
    post(theirs, to("send_back", case.pk), {"words": "Ask about the papers"})
    assert "Ask about the papers" in text_of(desk.get(close))
    post(desk, close, said)
    post(theirs, close, said)
    given.pass_ten_minutes()
    case.refresh_from_db()
    ended = text_of(desk.get(to("case", case.pk)))
    assert "The case is closed" in ended
    assert "Moved elsewhere or was resettled" in ended
    assert case.reference in text_of(desk.get(to("mine") + "?closed=1"))
    assert case.reference in text_of(theirs.get(to("team") + "?state=closed"))
    post(desk, to("reopen", case.pk))
    case.refresh_from_db()
    assert case.is_open


def test_what_is_read_of_a_proposal_is_logged_even_when_the_end_is_refused(
    case, worker, supervisor
):
    actions.propose_closure(
        case, reason="relocated", checklist=[], left_open="With family", by=worker
    )
    desk = browser(supervisor)
    answer = post(desk, to("close", case.pk), {"reason": "relocated"})
    assert answer.status_code == 409
    reads = AuditEvent.objects.about_case(case.pk).filter(
        did="opened", purpose="closure", actor=supervisor.actor_id
    )
    assert reads.count() == 1


def test_an_end_without_a_word_on_open_needs_is_refused_and_keeps_what_was_typed(
    desk, case
):
    answer = post(
        desk,
        to("close", case.pk),
        {
            "reason": "goals_met",
            "checklist": ["safety", "agreed", "return"],
            "words": "Keeps the same number",
        },
    )
    assert answer.status_code == 409
    assert "Keeps the same number" in text_of(answer)


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


# --- strangers

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
