"""Every page is found by those who may see it, and by nobody else."""

from datetime import timedelta

import pytest
import time_machine
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from amana import given
from amana.care.cases import sections
from amana.care.cases.tests.browsers import statements
from amana.care.consent import actions as consents
from amana.care.pathways import actions
from amana.care.pathways.tests.conftest import go
from amana.care.pathways.tests.test_version_moves import next_version, without_care
from amana.care.pathways.views import leaving
from amana.care.referrals import actions as referrals
from amana.design.directory.models import Service
from amana.design.mechanism import actions as mechanisms
from amana.errors import Changed
from amana.ui.once import make_form_key


def at(name, course, *more):
    return reverse(f"pathways:{name}", args=[course.pk, *more])


def text(response):
    return response.content.decode()


def test_the_case_page_says_what_is_due(course, case, worker):
    page = given.sign_in(worker).get(reverse("cases:case", args=[case.pk]))
    assert "Listen and make safe" in text(page)
    assert at("step", course, "meet") in text(page)


def test_a_step_is_finished_on_its_page(course, worker):
    browser = given.sign_in(worker)
    page = browser.get(at("step", course, "meet"))
    assert page.status_code == 200
    sent = {"agrees": "yes", "expected": 1, "said": "canary words", **make_form_key()}

    answer = browser.post(at("step", course, "meet"), sent)

    assert answer.status_code == 302
    fact = course.facts.get(kind="done")
    assert fact.data == {"agrees": "yes"}
    whole = text(browser.get(at("course", course)))
    assert "canary words" in whole
    assert "Find a case manager" in whole


def test_a_step_without_an_answer_says_what_is_missing(course, worker):
    browser = given.sign_in(worker)
    sent = {"expected": 1, "said": "typed", **make_form_key()}
    answer = browser.post(at("step", course, "meet"), sent)
    assert answer.status_code == 422
    assert "typed" in text(answer)


def test_what_is_due_stands_in_the_lists(course, worker, coordinator):
    mine = given.sign_in(worker).get(reverse("pathways:due"))
    assert "Listen and make safe" in text(mine)
    actions.finish_step(course, "meet", data={"agrees": "yes"}, by=worker)
    asked = given.sign_in(coordinator).get(reverse("pathways:due"))
    assert "Find a case manager" in text(asked)


def test_who_has_no_case_sees_first_what_is_asked_of_the_team(
    registered, clinic, nurse, worker
):
    role = registered.dues.get(key="care").role
    actions.give_to_team(registered, role, clinic[0], by=worker)
    page = text(given.sign_in(nurse).get(reverse("pathways:due")))
    assert registered.case.reference in page


def test_whoever_is_asked_is_led_to_what_the_person_shares(
    registered, case, clinic, nurse, worker
):
    role = registered.dues.get(key="care").role
    actions.give_to_team(registered, role, clinic[0], by=worker)
    consent = given.make_consent(case, to=clinic[0], by=worker, purpose="coordination")
    disclosure = consents.disclose(consent, by=worker)
    page = text(given.sign_in(nurse).get(at("step", registered, "care")))
    assert reverse("consent:disclosure", args=[disclosure.pk]) in page


def test_a_step_that_was_done_says_so(course, worker, house):
    actions.finish_step(course, "meet", data={"agrees": "yes"}, by=worker)
    browser = given.sign_in(worker)
    page = browser.get(at("step", course, "meet"))
    assert "This has been done" in text(page)
    sent = {"agrees": "no", "expected": 1, "said": "not lost", **make_form_key()}
    answer = browser.post(at("step", course, "meet"), sent)
    assert answer.status_code == 409
    assert "has already been done" in text(answer)
    assert "not lost" in text(answer)


def test_a_colleague_in_a_team_that_was_asked_is_told_and_sees_no_more(
    registered, worker, nurse, clinic
):
    actions.give_to_team(registered, "health", clinic[0], by=worker)
    second = given.sign_in(given.make_worker(of=clinic[0]))
    there = at("step", registered, "care")
    assert second.get(there).status_code == 200
    actions.finish_step(registered, "care", by=nurse)

    sent = {"expected": 3, "said": "not lost", **make_form_key()}
    answer = second.post(there, sent)
    assert answer.status_code == 409
    assert "has already been done" in text(answer)
    assert "not lost" in text(answer)
    page = text(second.get(there))
    assert "This has been done" in page
    assert "Ask who came along" not in page
    assert second.get(at("course", registered)).status_code == 404
    assert second.get(at("step", registered, "listen")).status_code == 404


def test_strangers_find_nothing(course, stranger):
    browser = given.sign_in(stranger)
    for page in (at("course", course), at("step", course, "meet")):
        assert browser.get(page).status_code == 404
    assert "Listen" not in text(browser.get(reverse("pathways:due")))


def test_every_way_of_leaving_has_its_page(registered, worker, supervisor, clinic):
    browser = given.sign_in(supervisor)
    for name, *more in [
        ("skip", "care"),
        ("reopen", "meet"),
        ("reassign", "care"),
        ("team", "care"),
        ("override",),
    ]:
        page = browser.get(at(name, registered, *more))
        assert page.status_code == 200, name
        assert (
            browser.post(at(name, registered, *more), make_form_key()).status_code
            == 422
        )


@pytest.mark.parametrize(
    ("name", "more", "sent", "then"),
    [
        ("skip", ["care"], {"reason": "not_wished", "expected": 3}, "skipped"),
        ("reopen", ["meet"], {"reason": "mistake", "onward": ""}, "reopened"),
        ("reassign", ["listen"], {"reason": "absent", "to": "health"}, "reassigned"),
        (
            "override",
            [],
            {"reason": "urgent", "step": "care", "to": "grounds"},
            "overridden",
        ),
        ("hear", [], {"message": "ready_to_decide", "step": "rest"}, "heard"),
    ],
)
def test_what_leaves_the_way_is_a_fact_with_its_reason(
    registered, supervisor, name, more, sent, then
):
    browser = given.sign_in(supervisor)
    answer = browser.post(at(name, registered, *more), {**sent, **make_form_key()})
    assert answer.status_code == 302
    last = registered.facts.order_by("-number").first()
    assert (last.kind, last.reason) == (then, sent.get("reason", ""))
    assert browser.get(answer.headers["Location"]).status_code == 200


def test_a_team_is_chosen_on_a_page(registered, worker, clinic):
    browser = given.sign_in(worker)
    sent = {"team": clinic[1].pk, **make_form_key()}
    assert browser.post(at("team", registered, "care"), sent).status_code == 302
    assert registered.dues.get(key="care").team == clinic[1]


def test_a_case_without_a_way_is_set_on_it(worker, coordinator, request):
    case = given.make_case(worked_on_by=worker)
    browser = given.sign_in(worker)
    begin = reverse("pathways:begin", args=[case.pk])
    assert browser.get(begin).status_code == 409
    request.getfixturevalue("mechanism")
    page = browser.get(reverse("cases:case", args=[case.pk]))
    assert begin in text(page)
    sent = {"age_group": "adult", "urgency": "U1", **make_form_key()}
    assert browser.post(begin, sent).status_code == 302
    assert case.course.dues.get().key == "meet"


def test_a_decision_is_made_on_its_page(to_decide, authority):
    browser = given.sign_in(authority)
    page = text(browser.get(at("step", to_decide, "grounds")))
    assert "Nothing has been shared" in page
    assert "Person " not in page
    sent = {"grounds": "yes", "expected": to_decide.length, **make_form_key()}
    refused = browser.post(at("step", to_decide, "grounds"), sent)
    assert refused.status_code == 422
    sent |= {"ground": "signs", "said": "canary reasons", **make_form_key()}
    assert browser.post(at("step", to_decide, "grounds"), sent).status_code == 302
    course = text(browser.get(at("course", to_decide)))
    assert "canary" not in course


def test_who_coordinates_sees_how_cases_stand_and_nobody_else(
    registered, case, coordinator, worker
):
    browser = given.sign_in(coordinator)
    page = text(browser.get(reverse("pathways:overview")))
    assert "Offer a health check" in page
    assert case.reference not in page
    replayed = text(browser.get(reverse("pathways:conformance")))
    assert "Every case followed the agreed pathway" in replayed
    denied = given.sign_in(worker)
    for name in ("overview", "conformance"):
        assert denied.get(reverse(f"pathways:{name}")).status_code == 403
    assert denied.get(reverse("ocel:log", args=["csv"])).status_code == 403


def test_a_deviation_is_said_in_words(course, supervisor, coordinator, worker):
    due = course.dues.get()
    with time_machine.travel(due.due_at + timedelta(days=2), tick=False):
        actions.finish_step(course, "meet", data={"agrees": "yes"}, by=worker)
    page = text(given.sign_in(coordinator).get(reverse("pathways:conformance")))
    assert "“Listen and make safe” was done late" in page
    summary = page.split("<summary>")[1].split("</summary>")[0]
    assert course.case.reference in summary
    assert "A step done late" in summary


def test_the_event_log_names_nobody(registered, case, coordinator, worker):
    browser = given.sign_in(coordinator)
    for format in ("json", "csv"):
        asked = browser.get(reverse("ocel:log", args=[format]))
        answer = given.confirm_export(browser, asked, why="check")
        log = answer.getvalue().decode()
        assert "register" in log
        for secret in (case.reference, str(case.pk), str(registered.pk), worker.name):
            assert secret not in log
        assert "adult" not in log


def asked(browser, url):
    """How often a page asks the database when it is shown again."""
    browser.get(url)
    return questions(lambda: browser.get(url))


def questions(act):
    with CaptureQueriesContext(connection) as queries:
        act()
    return len(statements(queries))


def test_a_case_that_goes_its_way_is_opened_with_few_questions(
    course, case, worker, coordinator
):
    browser, page = given.sign_in(worker), reverse("cases:case", args=[case.pk])
    assert asked(browser, page) <= 20

    go(course, ("meet", worker, {"agrees": "yes"}), ("register", coordinator, {}))
    assert course.awaited.exists()
    assert asked(browser, page) <= 20


def test_a_case_that_goes_its_way_is_referred_with_few_questions(
    course, case, worker, settings
):
    later = "django.tasks.backends.dummy.DummyBackend"  # whom it tells
    settings.TASKS = {"default": {"BACKEND": later}}
    whole = Service.objects.select_related("organisation", "team__organisation")
    service = whole.get(pk=given.make_service().pk)
    consent = given.make_consent(case, to=service.team, by=worker)
    along = [f"case__{what}" for what in sections.ALONG]
    need = case.needs.select_related("case__team__organisation", *along).get()
    consent.case = need.case

    def send():
        referrals.send(need, to=service, consent=consent, by=worker)

    again = connection.vendor == "postgresql"  # it locks the case first
    # Ten of them for what was signed of the case, and to sign what it is now.
    assert questions(send) <= 30 + again


def test_lists_ask_as_much_for_one_as_for_many(course, worker, supervisor, coordinator):
    mine, office = given.sign_in(worker), given.sign_in(coordinator)
    pages = [
        (mine, reverse("pathways:due")),
        (office, reverse("pathways:due")),
        (office, reverse("pathways:overview")),
        (mine, reverse("home:today")),
    ]
    actions.finish_step(course, "meet", data={"agrees": "yes"}, by=worker)
    given.make_case(worked_on_by=worker, identity_age=20)
    few = [asked(*page) for page in pages]
    for _number in range(6):
        more = given.make_case(worked_on_by=worker, identity_age=20)
        given.make_case(worked_on_by=worker, identity_age=20)
        actions.finish_step(more.course, "meet", data={"agrees": "yes"}, by=worker)
    assert [asked(*page) for page in pages] == few


def test_a_case_that_stays_behind_is_placed_on_a_page(
    registered, mechanism, coordinator
):
    new = next_version(mechanism, coordinator, without_care)
    mechanisms.put_in_force(new, by=coordinator)
    browser = given.sign_in(coordinator)
    overview = text(browser.get(reverse("pathways:overview")))
    assert at("place", registered) in overview
    assert browser.get(at("place", registered)).status_code == 200
    sent = {"to0": "listen", **make_form_key()}
    assert browser.post(at("place", registered), sent).status_code == 302
    registered.refresh_from_db()
    assert registered.version == new


def test_a_step_that_a_colleague_does_meanwhile_is_given_to_no_team(
    registered, worker, clinic
):
    go(registered, ("care", worker, {}))

    with pytest.raises(Changed, match="already been done"):
        leaving.give_to_team(registered, "care", clinic[0], by=worker)
