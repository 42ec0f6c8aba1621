"""The first meeting: safety first, help at once, and the little that is needed."""

import re

import pytest
from django.urls import reverse

from amana import given
from amana.care.cases import actions, sections
from amana.care.cases.gate import QUESTIONS, STEPS
from amana.care.cases.models import Case, EmergencyContact
from amana.care.cases.opened_records import build_written
from amana.care.cases.tests.pages import browser, post, text_of
from amana.trust.access.models import Role
from amana.trust.vault import documents
from amana.trust.vault.compartments import Compartment as C
from amana.trust.vault.models import SearchCard
from amana.ui.once import make_form_key
from tests.worlds import kept

MEET, EMERGENCY, INTAKE = map(
    reverse, ("cases:meet", "cases:emergency", "cases:intake")
)
NEED = {
    "need-TOTAL_FORMS": "1",
    "need-INITIAL_FORMS": "0",
    "need-0-type": "SH2",
    "need-0-urgency": "U1",
    "need-0-words": "A door that locks",
}


@kept
def desk(worker):
    return browser(worker)


def said(team, **fields):
    return NEED | {"team": str(team.pk), "go": "open"} | fields


# --- the gate


def test_safety_is_the_first_question_of_all(desk):
    words = text_of(desk.get(MEET))
    assert "Is anyone in danger now?" in words
    assert "Step 1 of 4" in words


@pytest.mark.parametrize("step", ["1" * 5000, "²", "0", "-1", ""])
def test_an_invented_step_is_the_first(desk, step):
    assert "Step 2 of 4" in text_of(post(desk, MEET, {"step": step, "go": "next"}))


def test_every_question_of_the_gate_is_asked_once():
    asked = [question.code for step in STEPS for question in step.questions]
    assert len(asked) == len(set(asked)) == len(QUESTIONS) == 15
    assert {f"SAFE{n:02}" for n in range(1, 15)} <= set(asked)


def test_nothing_has_to_be_answered_to_go_on(desk):
    for number in range(1, len(STEPS)):
        answer = post(desk, MEET, {"step": str(number), "go": "next"})
        assert f"Step {number + 1} of 4" in text_of(answer)
    words = text_of(post(desk, MEET, {"step": "4", "go": "next"}))
    assert "Safety is not established" in words
    assert "You can talk" not in words
    assert "15 questions not asked" in words


def test_after_safe_answers_the_form_stands_below_the_verdict(desk, team):
    answers = given.SAFE_ANSWERS | {"step": "4", "go": "next"}
    page = post(desk, MEET, answers)
    assert "You can talk" in text_of(page)
    assert 'name="need-0-type"' in page.content.decode()
    assert 'name="SAFE14" value="yes"' in page.content.decode()

    first = post(desk, MEET, answers | {"SAFE05": "no"})
    assert "You can talk" in text_of(first)
    assert "What they need first" in text_of(first)
    assert 'name="need-0-type"' not in first.content.decode()


def test_a_case_can_be_opened_on_the_way_to_help(desk, team):
    answer = post(desk, INTAKE, said(team, go="find_help"))
    need = Case.objects.get().needs.get()
    assert answer["Location"] == reverse("referrals:choose", args=[need.pk])


@pytest.mark.parametrize(
    ("code", "answer"), [(q.code, a) for q in QUESTIONS.values() for a in q.red]
)
def test_each_red_answer_leads_to_what_to_do_now(desk, code, answer):
    words = text_of(post(desk, MEET, {"step": "1", "go": "next", code: answer}))
    assert "Act now" in words
    assert str(QUESTIONS[code].do[0]) in words


def test_the_emergency_is_one_tap_away_without_any_answer(desk):
    assert "Act now" in text_of(post(desk, MEET, {"step": "1", "go": "emergency"}))


def test_a_red_answer_that_was_seen_does_not_stand_in_the_way(desk):
    answer = post(
        desk,
        MEET,
        {"step": "1", "go": "next", "SAFE03": "yes", "seen": "SAFE03"},
    )
    assert "Step 2 of 4" in text_of(answer)
    assert 'name="SAFE03" value="yes"' in answer.content.decode()


def test_who_does_not_wish_to_go_on_is_let_go_kindly(desk):
    words = text_of(post(desk, MEET, {"step": "4", "go": "next", "SAFE14": "no"}))
    assert "Stop here" in words
    assert "You can talk" not in words


def test_the_lines_for_the_danger_at_hand_stand_first(desk):
    keeper = given.make_worker(role=Role.COORDINATOR)
    for when, name in [
        ("danger", "Guard"),
        ("any", "Anybody"),
        ("medical", "Clinic"),
    ]:
        actions.add_emergency_contact(name=name, number="112", when=when, by=keeper)
    words = text_of(post(desk, MEET, {"step": "1", "go": "next", "SAFE03": "yes"}))
    assert words.index("Clinic") < words.index("Anybody") < words.index("Guard")


def test_without_a_line_the_page_still_says_whom_to_call(desk):
    answer = post(desk, MEET, {"step": "1", "go": "emergency"})
    assert "Call the local emergency number" in text_of(answer)


def test_answers_are_kept_in_the_page_and_nowhere_else(desk):
    post(desk, MEET, {"step": "1", "go": "next", "SAFE04": "unsure"})
    assert not any("SAFE" in str(value) for value in desk.session.values())


# --- an emergency


def test_an_emergency_opens_with_one_tap_and_goes_on_to_find_help(
    desk, worker, team, monkeypatch
):
    def look(need, user):
        return [sections.NeedAction("Find a service", f"/{need.pk}")]

    monkeypatch.setattr(sections, "NEED_STEPS", [look])
    answer = post(
        desk,
        EMERGENCY,
        {"team": team.pk, "needs": ["HE1"], "SAFE03": "yes", "step": "2"},
    )
    case = Case.objects.get()
    assert case.urgency == "U0"
    assert answer["Location"] == f"/{case.needs.get().pk}"
    opened = documents.open_documents(case.pk, [C.CONTACT], by=worker, purpose="test")
    assert build_written(opened).safety.gate.plain() == {"SAFE03": "yes"}


def test_an_emergency_without_a_need_says_what_is_missing_and_keeps_the_words(
    desk, team
):
    answer = post(desk, EMERGENCY, {"team": team.pk, "words": "In the waiting room"})
    assert answer.status_code == 422
    assert "In the waiting room" in text_of(answer)
    assert not Case.objects.exists()


def test_the_same_emergency_sent_twice_opens_one_case(desk, team):
    sent = {"team": team.pk, "needs": ["HE1"]} | make_form_key()
    first, second = desk.post(EMERGENCY, sent), desk.post(EMERGENCY, sent)
    assert first["Location"] == second["Location"]
    assert Case.objects.count() == 1


def test_who_holds_no_key_sees_what_to_do_and_opens_nothing(coordinator):
    answer = post(browser(coordinator), MEET, {"step": "1", "go": "emergency"})
    assert "Act now" in text_of(answer)
    assert "Ask a service for help" not in text_of(answer)


# --- intake


def test_one_need_is_enough_to_begin(desk, team, worker):
    answer = post(desk, INTAKE, said(team))
    case = Case.objects.get()
    assert answer["Location"] == reverse("cases:case", args=[case.pk])
    assert case.urgency == "U1"


def test_what_was_said_is_sealed_part_by_part(desk, team, worker):
    post(
        desk,
        INTAKE,
        said(
            team,
            identity_name="Hope",
            identity_age="16",
            identity_child="yes",
            identity_languages=["ti", "", "ar"],
            identity_guardian_state="needed",
            contact_channel="call",
            contact_number="0700 123",
            narrative_flags=["trafficking", "child"],
            migration_removal="Next Friday",
            SAFE08="yes",
        ),
    )
    case = Case.objects.get()
    opened = documents.open_documents(case.pk, by=worker, purpose="test")
    assert opened[C.IDENTITY, "record"].content == {
        "name": "Hope",
        "age": "16",
        "child": "yes",
        "languages": ["ti", "ar"],
        "guardian_state": "needed",
    }
    assert opened[C.CONTACT, "record"].content["number"] == "0700 123"
    assert opened[C.NARRATIVE, "record"].content == {"flags": ["trafficking", "child"]}
    assert opened[C.MIGRATION, "record"].content == {"removal": "Next Friday"}
    assert build_written(opened).safety.gate.plain() == {"SAFE08": "yes"}
    assert (C.HEALTH, "record") not in opened


def test_what_the_gate_found_is_not_asked_twice(desk):
    answer = post(desk, INTAKE, {"go": "begin", "SAFE08": "unsure", "SAFE08A": "yes"})
    form = answer.context["form"]
    assert form.initial["identity_child"] == "unsure"
    assert form.initial["identity_guardian_state"] == "needed"


def test_without_a_need_everything_typed_is_still_there(desk, team):
    answer = post(
        desk,
        INTAKE,
        {
            "team": str(team.pk),
            "go": "open",
            "need-TOTAL_FORMS": "1",
            "need-INITIAL_FORMS": "0",
            "need-0-urgency": "U2",
            "identity_name": "Hope",
            "contact_never": "Never call the uncle",
            "SAFE10": "yes",
        },
    )
    assert answer.status_code == 422
    page_text = answer.content.decode()
    assert "at least one thing" in page_text
    assert "Never call the uncle" in page_text
    assert 'value="Hope"' in page_text
    assert 'name="SAFE10" value="yes"' in page_text


def test_one_more_need_keeps_what_was_typed_and_adds_a_row(desk, team):
    answer = post(
        desk,
        INTAKE,
        said(team, go="add_need", identity_name="Hope", identity_languages=["ar"]),
    )
    page_text = answer.content.decode()
    assert answer.status_code == 200
    assert 'value="Hope"' in page_text
    assert "A door that locks" in page_text
    assert "need-1-type" in page_text
    assert not Case.objects.exists()


def test_several_needs_are_all_written(desk, team, worker):
    post(
        desk,
        INTAKE,
        said(
            team,
            **{
                "need-TOTAL_FORMS": "3",
                "need-1-type": "HE2",
                "need-1-urgency": "U2",
                "need-1-words": "",
                "need-2-type": "",
                "need-2-urgency": "U2",
            },
        ),
    )
    needs = given.open_needs(Case.objects.get(), by=worker)
    assert sorted(need.type for need in needs) == ["HE2", "SH2"]


def test_a_wrong_date_is_told_with_what_to_write(desk, team):
    answer = post(desk, INTAKE, said(team, identity_birth_date="31/02/2003"))
    assert answer.status_code == 422
    assert "such as 2003-05-01" in text_of(answer)


@pytest.mark.parametrize("date", ["2003", "2003-05-01"])
def test_a_year_alone_is_a_date_of_birth(desk, team, worker, date):
    post(desk, INTAKE, said(team, identity_birth_date=date))
    case = Case.objects.get()
    opened = documents.open_documents(case.pk, [C.IDENTITY], by=worker, purpose="test")
    assert opened[C.IDENTITY, "record"].content["birth_date"] == date


def test_somebody_known_is_shown_before_a_second_case_is_opened(desk, team, worker):
    known = given.make_case(
        worked_on_by=worker, identity_name="Mohammed Haddad", contact_number="070012345"
    )
    sent = said(
        team,
        identity_name="Muhamad Hadad",
        contact_number="070012345",
        contact_never="Not at night",
    )
    answer = post(desk, INTAKE, sent)
    words = text_of(answer)
    assert "Do we know this person already?" in words
    assert re.search("name ?, telephone number", words)
    assert known.reference in words
    assert "Not at night" in answer.content.decode()
    assert Case.objects.count() == 1

    post(desk, INTAKE, sent | {"go": "someone_else", "unlike": [str(known.pk)]})
    assert Case.objects.count() == 2


def test_a_damaged_card_keeps_nobody_from_beginning_a_case(desk, team, worker):
    lost = given.make_case(worked_on_by=worker, identity_name="Mohammed Haddad")
    SearchCard.objects.filter(case=lost.pk).update(sealed=b"\x01" * 80)

    answer = post(desk, INTAKE, said(team, identity_name="Muhamad Hadad"))

    assert Case.objects.count() == 2
    page = text_of(desk.get(answer["Location"]))
    assert "left out because they could not be opened: 1." in page


def test_of_a_colleagues_case_one_learns_only_whom_to_ask(
    desk, team, worker, colleague
):
    theirs = given.make_case(
        worked_on_by=colleague,
        identity_name="Mohammed Haddad",
        contact_number="070012345",
    )
    answer = post(
        desk,
        INTAKE,
        said(team, identity_name="Muhamad Hadad", contact_number="070012345"),
    )
    words = text_of(answer)
    assert "Ask Amal Example" in words
    assert theirs.reference not in words
    assert "Mohammed" not in words


def test_the_look_for_a_known_person_stays_in_the_log(desk, team, worker):
    from amana.trust.audit.models import AuditEvent

    given.make_case(
        worked_on_by=worker, identity_name="Hope Haddad", contact_number="0701"
    )
    post(desk, INTAKE, said(team, identity_name="Hope"))
    assert AuditEvent.objects.filter(did="looked whether known").exists()


def test_the_same_intake_sent_twice_opens_one_case(desk, team):
    sent = said(team) | make_form_key()
    first, second = desk.post(INTAKE, sent), desk.post(INTAKE, sent)
    assert first["Location"] == second["Location"]
    assert Case.objects.count() == 1


def test_who_holds_no_key_is_told_so(coordinator):
    answer = browser(coordinator).get(INTAKE)
    assert answer.status_code == 409
    assert "hold a team’s key" in answer.content.decode()


def test_another_teams_number_in_the_form_opens_nothing(desk, stranger):
    theirs = stranger.memberships.get().team
    assert post(desk, INTAKE, said(theirs)).status_code == 422
    assert not Case.objects.exists()


# --- the mechanism's own lines


def test_coordinators_keep_the_emergency_lines(coordinator, worker):
    keeper = browser(coordinator)
    post(
        keeper,
        reverse("cases:add_contact"),
        {"when": "medical", "name": "Clinic", "number": "+1 (23) 4", "place": "0"},
    )
    contact = EmergencyContact.objects.get()
    page = browser(worker).get(reverse("cases:contacts"))
    assert "Clinic" in text_of(page)
    assert 'href="tel:+1234"' in page.content.decode()
    change = reverse("cases:change_contact", args=[contact.pk])
    post(keeper, change, {"when": "any", "name": "Ward", "number": "1", "place": "1"})
    contact.refresh_from_db()
    assert contact.name == "Ward"
    post(keeper, reverse("cases:remove_contact", args=[contact.pk]))
    assert not EmergencyContact.objects.exists()


def test_a_line_is_one_number_in_whatever_digits(coordinator, worker):
    keeper = browser(coordinator)
    add = reverse("cases:add_contact")
    line = {"when": "any", "name": "Emergency", "place": "0"}
    two = post(keeper, add, line | {"number": "112 / 911"})
    assert two.status_code == 422
    assert "Enter one number, as it is dialled here" in text_of(two)
    post(keeper, add, line | {"number": "\u0669\u0661\u0661"})
    page = browser(worker).get(reverse("cases:contacts")).content.decode()
    assert 'href="tel:911"' in page


def test_a_number_that_cannot_be_dialled_is_shown_without_a_link(coordinator, worker):
    actions.add_emergency_contact(name="A", number="112 / 911", by=coordinator)
    page = browser(worker).get(reverse("cases:contacts")).content.decode()
    assert "112 / 911" in page
    assert "tel:" not in page


def test_others_do_not_change_the_emergency_lines(coordinator, worker):
    contact = actions.add_emergency_contact(name="A", number="1", by=coordinator)
    desk = browser(worker)
    assert desk.get(reverse("cases:add_contact")).status_code == 404
    url = reverse("cases:change_contact", args=[contact.pk])
    assert desk.get(url).status_code == 404
    assert (
        post(desk, reverse("cases:remove_contact", args=[contact.pk])).status_code
        == 404
    )
    from django.core.exceptions import PermissionDenied

    with pytest.raises(PermissionDenied):
        actions.change_emergency_contact(contact, number="2", by=worker)
    with pytest.raises(PermissionDenied):
        actions.remove_emergency_contact(contact, by=worker)
    with pytest.raises(PermissionDenied):
        actions.add_emergency_contact(name="B", number="2", by=worker)
