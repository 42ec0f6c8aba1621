"""The pages, without JavaScript: screen, see, judge, hand over, open a case."""

from typing import Any
from uuid import uuid4

import pytest
from django.test import Client
from django.urls import reverse

from amana import given
from amana.care.cases.models import Case
from amana.care.screening import actions
from amana.care.screening.models import Screening, ScreeningOutcome, ScreeningStage
from amana.care.screening.results import FindingVerdict
from amana.trust.access.models import Role, Sphere, Team, User
from amana.ui.once import make_form_key
from tests.worlds import kept

from .conftest import SIGNS

pytestmark = pytest.mark.django_db


def url(name: str, *of: Any) -> str:
    return reverse(f"screening:{name}", args=of)


def finished(**answers: str) -> dict[str, str]:
    """A form as the window sends it."""
    instance = str(uuid4())
    return {
        "_once": instance,
        "form:instance": f"uuid:{instance}",
        "form:to": "finish",
        "form:step": "0",
        "form:off": "",
        **answers,
    }


@kept
def window(officer) -> Client:
    return given.sign_in(officer)


@kept
def theirs(shelter_worker) -> Client:
    return given.sign_in(shelter_worker)


@kept
def begin(mechanism, post) -> str:
    return url("begin", post.pk, mechanism.pk, "first")


# --- asking


def test_the_form_is_offered_and_can_be_filled_in(window, begin):
    assert begin in window.get(url("home")).content.decode()
    page = window.get(begin)
    assert page.status_code == 200
    assert "no-store" in page["Cache-Control"]


def test_what_is_finished_leads_to_its_result(window, begin, officer):
    page = window.post(begin, finished(**SIGNS), follow=True)

    screening = Screening.objects.get()
    assert page.redirect_chain[-1][0] == url("result", screening.pk)
    said = page.content.decode()
    for words in ("Has to do what they cannot refuse", "Invented 1", "Strong"):
        assert words in said
    assert "Let a trained team listen" in said
    assert "Result not reviewed yet" in said


def test_a_flag_without_a_sign_says_which_answer_raised_it(window, begin):
    said = window.post(
        begin, finished(age_group="unsure", forced="no"), follow=True
    ).content.decode()

    assert "How old may they be? unsure" in said
    assert "No signs in the answers of:" in said


def test_no_result_shows_a_number_for_a_person(window, begin):
    from html.parser import HTMLParser

    class Words(HTMLParser):
        said = ""

        def handle_data(self, data: str) -> None:
            self.said += data

    page = window.post(begin, finished(**SIGNS), follow=True)
    words = Words()
    words.feed(page.content.decode().split("<main", 1)[1].split("</main>")[0])
    for forbidden in ("score", "%", "/10", "points"):
        assert forbidden not in words.said.lower()


def test_the_same_answers_sent_twice_are_kept_once(window, begin):
    sent = finished(**SIGNS)
    first = window.post(begin, sent)
    again = window.post(begin, sent)

    assert Screening.objects.count() == 1
    assert first["Location"] == again["Location"]


def test_they_are_kept_once_also_when_the_form_s_key_was_forgotten(window, begin):
    sent = finished(**SIGNS)
    first = window.post(begin, sent)
    again = window.post(begin, sent | make_form_key())

    assert Screening.objects.count() == 1
    assert first["Location"] == again["Location"]


def test_what_can_not_be_right_is_said_and_nothing_is_kept(window, begin):
    page = window.post(begin, finished(hours="many", words="canary stays"))

    assert page.status_code == 422
    assert "canary stays" in page.content.decode()
    assert not Screening.objects.exists()


def test_answers_given_offline_are_read_by_the_version_they_were_asked_with(
    window, begin, mechanism, pack
):
    from amana.design.mechanism import actions as versions

    coordinator = given.make_worker(role=Role.COORDINATOR)
    newer = versions.begin_draft(mechanism, by=coordinator)
    versions.open_consultation(newer, by=coordinator)
    type(newer).objects.filter(pk=newer.pk)  # still in consultation: not in force
    assert window.post(begin, finished(**SIGNS)).status_code == 302
    assert Screening.objects.get().version == mechanism
    with_draft = begin.replace(f"/{mechanism.pk}/first", f"/{newer.pk}/first")
    assert window.get(with_draft).status_code == 404


@pytest.mark.parametrize("slug", ["horoscope", "..", "first2"])
def test_an_instrument_that_is_not_there_is_not_found(window, begin, slug):
    assert window.get(begin.replace("/first/", f"/{slug}/")).status_code == 404


def test_in_a_case_the_panel_offers_it_and_shows_what_came_of_it(
    mechanism, theirs, shelter_worker
):
    case = given.make_case(worked_on_by=shelter_worker)
    to = url("in_case", case.pk, mechanism.pk, "first")
    assert to in theirs.get(reverse("cases:case", args=[case.pk])).content.decode()
    assert theirs.get(to).status_code == 200

    theirs.post(to, finished(**SIGNS))

    screening = Screening.objects.get()
    page = theirs.get(reverse("cases:case", args=[case.pk])).content.decode()
    assert url("result", screening.pk) in page


def test_a_case_without_a_mechanism_offers_nothing(db, theirs, shelter_worker):
    case = given.make_case(worked_on_by=shelter_worker)
    page = theirs.get(reverse("cases:case", args=[case.pk])).content.decode()
    assert "No screening in this case yet." in page
    assert "No screening is in force" in theirs.get(url("home")).content.decode()


# --- strangers


@pytest.mark.parametrize(
    "name", ["result", "print", "judge", "hand_over", "open_case", "end"]
)
def test_strangers_find_nothing(screening, stranger, name):
    assert given.sign_in(stranger).get(url(name, screening.pk)).status_code == 404


def test_strangers_begin_nothing_elsewhere(mechanism, stranger, post):
    window = given.sign_in(stranger)
    assert window.get(url("begin", post.pk, mechanism.pk, "first")).status_code == 404
    case = given.make_case()
    there = url("in_case", case.pk, mechanism.pk, "first")
    assert window.get(there).status_code == 404


def test_a_colleague_who_does_not_need_to_know_finds_nothing(screening, post):
    colleague = given.make_worker(of=post)
    page = given.sign_in(colleague).get(url("result", screening.pk))
    assert page.status_code == 404


def test_whoever_holds_no_key_is_offered_nothing(mechanism, post):
    administrator = given.make_worker(of=post, role=Role.ADMINISTRATOR)
    page = given.sign_in(administrator).get(url("home")).content.decode()
    assert url("begin", post.pk, mechanism.pk, "first") not in page


# --- judging


def judged(form: Any, **changes: str) -> dict[str, str]:
    said = {name: field.initial for name, field in form.fields.items()}
    plain = {name: "" if value is None else str(value) for name, value in said.items()}
    return plain | changes | make_form_key()


def test_a_person_says_otherwise_and_both_are_shown(window, screening):
    page = window.get(url("judge", screening.pk))
    form = page.context["form"]
    changes = {
        "flag:trafficking-said": "perhaps",
        "flag:trafficking-why": "The papers were at the laundry",
    }
    page = window.post(url("judge", screening.pk), judged(form, **changes), follow=True)
    said = page.content.decode()
    assert "laundry" in said
    assert "Result reviewed" in said
    assert "There are signs" in said


def test_to_differ_without_a_reason_is_not_taken(window, screening):
    form = window.get(url("judge", screening.pk)).context["form"]
    changes = {"sign:Q1-said": "rejected"}
    page = window.post(url("judge", screening.pk), judged(form, **changes))
    assert page.status_code == 422
    assert "Give a reason where you disagree" in page.content.decode()
    screening.refresh_from_db()
    assert screening.judged_at is None


def test_the_second_of_two_who_judge_is_told_and_loses_nothing(window, screening):
    form = window.get(url("judge", screening.pk)).context["form"]
    actions.review_screening(
        screening, verdicts={}, words="Mine", by=screening.screened_by
    )
    typed = judged(form, words="canary typed")
    page = window.post(url("judge", screening.pk), typed)
    assert page.status_code == 409
    assert "canary typed" in page.content.decode()


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


# --- cost


@pytest.mark.parametrize("name", ["home", "result"])
def test_a_page_costs_the_same_for_one_and_for_many(
    name, mechanism, officer, django_assert_max_num_queries
):
    many = [given.make_screening(by=officer, **SIGNS) for _one in range(6)]
    window = given.sign_in(officer)
    to = url("home") if name == "home" else url("result", many[0].pk)
    window.get(to)
    with django_assert_max_num_queries(24):
        window.get(to)


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
