"""The pages of a screening, without JavaScript: fill it in, read and judge its
result."""

from typing import Any

import pytest
from django.urls import reverse

from amana import given
from amana.care.screening import actions
from amana.care.screening.models import Screening
from amana.trust.access.models import Role
from amana.ui.once import make_form_key
from tests.worlds import kept

from .conftest import SIGNS
from .screening_forms import finished, url

pytestmark = pytest.mark.django_db


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
