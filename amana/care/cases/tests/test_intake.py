"""The little that is needed to open a case, and a person who is known already."""

import re

import pytest
from django.urls import reverse

from amana import given
from amana.care.cases.models import Case
from amana.care.cases.opened_records import build_written
from amana.care.cases.tests.pages import browser, post, text_of
from amana.trust.vault import documents
from amana.trust.vault.compartments import Compartment as C
from amana.trust.vault.models import SearchCard
from amana.ui.once import make_form_key

from .first_meetings import INTAKE, said


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
