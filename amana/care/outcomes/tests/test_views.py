"""The page of a case on which somebody says what came of it."""

import re
from datetime import timedelta
from html import unescape

import pytest
from django.urls import reverse
from django.utils import timezone

from amana import given
from amana.care.cases.actions import plan_follow_up
from amana.care.outcomes import actions
from amana.care.outcomes.tests.test_actions import end, kept
from amana.trust.access.models import Role
from amana.ui.once import make_form_key

pytestmark = pytest.mark.django_db


@pytest.fixture
def browser(worker):
    return given.sign_in(worker)


def page_of(case):
    return reverse("outcomes:answers", args=[case.pk])


def test_the_case_a_follow_up_and_the_end_lead_to_it(case, worker, browser):
    in_a_week = timezone.now() + timedelta(days=7)
    follow_up = plan_follow_up(case, due_at=in_a_week, by=worker)
    pages = [
        reverse("cases:case", args=[case.pk]),
        reverse("cases:follow_up", args=[follow_up.pk]),
        reverse("cases:close", args=[case.pk]),
    ]

    for page in pages:
        assert f'href="{page_of(case)}"' in browser.get(page).content.decode()


def test_where_the_mechanism_asks_nothing_nothing_leads_to_it():
    worker = given.make_worker()
    case = given.make_case(worked_on_by=worker)
    browser = given.sign_in(worker)

    shown = browser.get(reverse("cases:case", args=[case.pk])).content.decode()
    assert page_of(case) not in shown
    assert "Nothing is asked here" in browser.get(page_of(case)).content.decode()


def test_answers_are_written_down_shown_again_and_put_right(case, worker, browser):
    answer = browser.post(page_of(case), {"detention": "detained", **make_form_key()})
    assert answer.url == reverse("cases:case", args=[case.pk])

    shown = browser.get(page_of(case)).content.decode()
    assert re.search(r'<option value="detained"\s+selected', shown)

    put_right = {**on_page(shown), "detention": "", "residence": "pending"}
    browser.post(page_of(case), {**put_right, **make_form_key()})
    assert kept(case, worker) == {"residence": "pending"}


def on_page(shown):
    """What the page says that it showed, as a browser sends it back."""
    [said] = re.findall(r'name="shown" value="([^"]*)"', shown)
    return {"shown": unescape(said)}


def test_an_older_page_undoes_nothing_that_a_colleague_has_said(case, worker, browser):
    actions.record_answers(case, {"non_punishment": "applied"}, by=worker)
    older = browser.get(page_of(case)).content.decode()
    actions.record_answers(case, {"detention": "detained"}, by=worker)

    said = {"non_punishment": "applied", "detention": "", "residence": "pending"}
    answer = browser.post(page_of(case), {**on_page(older), **said, **make_form_key()})

    assert answer.status_code == 302
    assert kept(case, worker) == {
        **{"non_punishment": "applied", "detention": "detained"},
        "residence": "pending",
    }


def test_two_answers_to_one_question_are_looked_at_once_more(case, worker, browser):
    """What was typed stands there still, and beside it what colleagues have said."""
    older = browser.get(page_of(case)).content.decode()
    there = {"detention": "detained", "non_punishment": "applied"}
    actions.record_answers(case, there, by=worker)

    said = {"detention": "not_detained", "residence": "pending"}
    answer = browser.post(page_of(case), {**on_page(older), **said, **make_form_key()})
    again = answer.content.decode()
    assert answer.status_code == 409
    assert "A colleague has given another answer in the meantime" in again
    assert kept(case, worker) == there
    for typed in ("not_detained", "pending", "applied"):
        assert re.search(rf'<option value="{typed}"\s+selected', again)

    said["non_punishment"] = "applied"
    browser.post(page_of(case), {**on_page(again), **said, **make_form_key()})
    assert kept(case, worker) == said


def test_a_page_that_does_not_say_what_it_showed_takes_nothing_back(
    case, worker, browser
):
    actions.record_answers(case, {"detention": "detained"}, by=worker)
    for shown in ("", "[1]", "{", '{"detention": 5}'):
        said = {"shown": shown, "residence": "pending"}
        browser.post(page_of(case), {**said, **make_form_key()})
        assert kept(case, worker)["detention"] == "detained"


def test_none_has_to_be_answered_and_nobody_knows_is_an_answer(case, worker, browser):
    said = {"detention": "not_known", "residence": "not_asked", "rape_care": "not_so"}

    assert browser.post(page_of(case), {**said, **make_form_key()}).status_code == 302

    assert kept(case, worker).items() >= said.items()


def test_what_is_wrong_is_said_and_nothing_is_kept(case, worker, browser):
    answer = browser.post(page_of(case), {"detention": "perhaps", **make_form_key()})

    assert answer.status_code == 422
    assert kept(case, worker) == {}


def test_health_is_added_to_and_not_shown_outside_of_health(case, worker, browser):
    """Only a clinic reads it; an answer left out there takes nothing back."""
    browser.post(page_of(case), {"rape_care": "late", **make_form_key()})

    shown = browser.get(page_of(case)).content.decode()
    field = shown[shown.index('name="rape_care"') :]
    assert "selected" not in field[: field.index("</select>")].replace(
        '<option value="" selected', ""
    )
    assert "not shown to your role" in shown

    browser.post(page_of(case), {"detention": "detained", **make_form_key()})
    assert kept(case, worker)["rape_care"] == "late"


def test_it_is_there_of_a_case_that_has_ended(case, worker, browser):
    end(case, worker)

    assert browser.get(page_of(case)).status_code == 200
    browser.post(page_of(case), {"residence": "granted", **make_form_key()})
    assert kept(case, worker)["residence"] == "granted"


def test_to_others_it_is_not_there(case, stranger, supervisor):
    for other in (stranger, supervisor, given.make_worker(role=Role.ANALYST)):
        assert given.sign_in(other).get(page_of(case)).status_code == 404


def test_it_asks_as_often_for_one_answer_as_for_many(
    case, worker, browser, django_assert_max_num_queries
):
    actions.record_answers(
        case, {"detention": "detained", "residence": "refused"}, by=worker
    )

    with django_assert_max_num_queries(30):
        browser.get(page_of(case))


def test_all_that_happened_says_that_it_was_done_and_not_what(case, worker, browser):
    browser.post(page_of(case), {"detention": "detained", **make_form_key()})

    timeline = browser.get(
        reverse("cases:tab", args=[case.pk, "history"])
    ).content.decode()
    assert "Outcomes were recorded" in timeline
    assert "detained" not in timeline
