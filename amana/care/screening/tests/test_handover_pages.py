"""The pages of handing a screening over, and of taking it into a case."""

from typing import Any

import pytest
from django.urls import reverse

from amana import given
from amana.care.cases.models import Case
from amana.care.screening import actions
from amana.care.screening.models import Screening, ScreeningOutcome, ScreeningStage
from amana.care.screening.results import FindingVerdict
from amana.trust.access.models import Sphere, Team, User
from amana.ui.once import make_form_key
from tests.worlds import kept

from .conftest import SIGNS
from .screening_forms import url

pytestmark = pytest.mark.django_db


# --- handing over


def test_it_is_handed_to_a_team_which_finds_it_waiting(
    window, theirs, screening, shelter
):
    sent = {"to": shelter.pk, "basis": "agreed", **make_form_key()}
    page = window.post(url("hand_over", screening.pk), sent, follow=True)
    screening.refresh_from_db()
    assert screening.stage is ScreeningStage.HANDED
    said = page.content.decode()
    assert "canary" not in said
    assert "Handed over, not yet answered" in said

    home = theirs.get(url("home")).content.decode()
    assert url("result", screening.pk) in home
    result = theirs.get(url("result", screening.pk)).content.decode()
    assert "Has to do what they cannot refuse" in result


def test_the_border_is_not_among_the_teams(theirs, mechanism, shelter_worker, post):
    mine = given.make_screening(by=shelter_worker, **SIGNS)
    page = theirs.get(url("hand_over", mine.pk))
    assert post not in page.context["form"].fields["to"].queryset


def test_without_agreement_a_colleague_is_named(window, screening, shelter):
    sent = {"to": shelter.pk, "basis": "child", **make_form_key()}
    page = window.post(url("hand_over", screening.pk), sent)
    assert page.status_code == 422
    assert "a colleague in your team must decide with you" in page.content.decode()


def test_where_nobody_could_answer_it_says_so(window, screening):
    page = window.get(url("hand_over", screening.pk)).content.decode()
    assert "No team can receive it" in page


# --- into a case, or not


@kept
def handed(screening: Screening, officer: User, shelter: Team) -> Screening:
    actions.hand_screening_over(screening, to=shelter, by=officer)
    return screening


def test_what_was_answered_is_not_asked_twice(theirs, handed):
    page = theirs.get(url("open_case", handed.pk))
    assert page.context["form"]["identity_name"].value() == "canary Amal"
    assert page.context["needs"].forms[0]["type"].value() == "SH2"
    assert "trafficking" in page.context["form"]["narrative_flags"].value()


def intake(team: Any, **more: str) -> dict[str, str]:
    return {
        "team": str(team.pk),
        "need-TOTAL_FORMS": "1",
        "need-INITIAL_FORMS": "0",
        "need-0-type": "SH2",
        "need-0-urgency": "U1",
        "identity_name": "Amal",
        "go": "open",
        **more,
        **make_form_key(),
    }


def test_a_case_is_opened_with_it(theirs, handed, shelter):
    page = theirs.post(url("open_case", handed.pk), intake(shelter), follow=True)
    case = Case.objects.get()
    assert page.redirect_chain[-1][0] == reverse("cases:case", args=[case.pk])
    assert url("result", handed.pk) in page.content.decode()
    assert theirs.get(url("result", handed.pk)).status_code == 200


def test_a_case_needs_a_need_and_one_more_row_can_be_asked_for(theirs, handed, shelter):
    nothing = {"need-0-type": "", "need-0-urgency": "U2"}
    page = theirs.post(url("open_case", handed.pk), intake(shelter, **nothing))
    assert page.status_code == 422
    page = theirs.post(url("open_case", handed.pk), intake(shelter, go="add_need"))
    assert len(page.context["needs"].forms) == 2
    assert not Case.objects.exists()


def test_whoever_is_known_already_is_shown_and_can_be_joined(
    theirs, handed, shelter, shelter_worker
):
    number: dict[str, Any] = {"contact_number": "+000 555 0101"}
    known: dict[str, Any] = {"identity_name": "Amal", **number}
    case = given.make_case(worked_on_by=shelter_worker, **known)
    page = theirs.post(url("open_case", handed.pk), intake(shelter, **number))
    add = url("add_to_case", handed.pk, case.pk)
    assert add in page.content.decode()
    theirs.post(add, make_form_key())
    handed.refresh_from_db()
    assert handed.case == case


def test_a_person_decides_that_it_is_somebody_else(
    theirs, handed, shelter, shelter_worker
):
    case = given.make_case(worked_on_by=shelter_worker, identity_name="Amal")
    sent = intake(shelter, go="someone_else", unlike=str(case.pk))
    theirs.post(url("open_case", handed.pk), sent)
    handed.refresh_from_db()
    assert handed.case
    assert handed.case != case


def test_it_ends_without_a_case_and_the_sender_learns_how(window, theirs, handed):
    theirs.post(url("end", handed.pk), {"outcome": "helped", **make_form_key()})
    handed.refresh_from_db()
    assert handed.outcome == ScreeningOutcome.HELPED
    page = window.get(url("result", handed.pk)).content.decode()
    assert "Helped on the spot" in page
    assert theirs.get(url("judge", handed.pk)).status_code == 302
    assert theirs.get(url("print", handed.pk)).status_code == 302
    assert theirs.get(url("result", handed.pk)).status_code == 200


def test_the_sheet_for_paper_says_who_printed_it(window, screening, officer):
    asked = window.get(url("print", screening.pk))
    page = given.confirm_export(window, asked).content.decode()
    assert officer.name in page
    assert "Has to do what they cannot refuse" in page


def test_a_clinic_is_told_that_it_sees_a_part(mechanism, officer):
    clinic = given.make_team(of=given.make_organisation(sphere=Sphere.HEALTH))
    nurse = given.make_worker(of=clinic)
    screening = given.make_screening(by=officer, **SIGNS, burns="yes")
    actions.hand_screening_over(screening, to=clinic, by=officer)
    page = given.sign_in(nurse).get(url("result", screening.pk)).content.decode()
    assert "You see part of the result" in page
    assert "Burns or wounds" in page
    assert "canary: they took it all" not in page


def test_an_earlier_judgement_stays_on_the_page(window, screening, officer):
    said = {"flag:gbv": FindingVerdict("no", "yes", "She said so")}
    actions.review_screening(screening, verdicts=said, words="First", by=officer)
    actions.review_screening(
        screening, verdicts={}, words="Second", replacing=1, by=officer
    )
    page = window.get(url("result", screening.pk)).content.decode()
    assert "First" in page
    assert "Second" in page


# --- today


def test_what_waits_stands_on_everybody_s_page_of_today(
    window, theirs, screening, officer, shelter
):
    mine = window.get(reverse("home:today")).content.decode()
    assert "Decide who continues a screening" in mine

    actions.hand_screening_over(screening, to=shelter, by=officer)

    mine = window.get(reverse("home:today")).content.decode()
    assert "A screening you handed over" in mine
    there = theirs.get(reverse("home:today")).content.decode()
    assert "Continue a screening you received" in there
    assert url("result", screening.pk) in there
