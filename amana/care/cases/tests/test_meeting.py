"""The first meeting: safety first, and help at once."""

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
from amana.ui.once import make_form_key

from .first_meetings import EMERGENCY, INTAKE, MEET, said

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
