import re

from django.test import Client, override_settings
from django.urls import reverse
from django.utils import translation

from amana import given
from amana.academy.cohorts import actions
from amana.academy.cohorts.actions import ApplicantDetails
from amana.academy.cohorts.models import Application, Cohort
from amana.academy.cohorts.states import ApplicationStatus
from amana.academy.cohorts.tests.conftest import VISITOR, a_plan
from amana.academy.courses.models import Enrolment
from amana.ui.once import make_form_key

HELP, ASK = reverse("cohorts:help"), reverse("cohorts:ask")
DESK, MINE = reverse("cohorts:desk"), reverse("cohorts:mine")


def body(response):
    return response.content.decode()


def to(name, *args):
    return reverse(f"cohorts:{name}", args=args)


def post(browser, url, **said):
    return browser.post(url, make_form_key() | said)


# --- for anybody


def test_a_visitor_sees_the_courses_and_their_dates(cohort, version):
    page = body(Client().get(to("catalogue")))
    assert "A small course" in page
    assert "Spring" in page
    page = body(Client().get(to("course", "small")))
    assert to("apply", cohort.pk) in page
    assert len(page) < 60_000


def test_a_visitor_sees_how_much_is_written_in_each_language(cohort):
    assert "français (1 of 3 lessons)" in body(Client().get(to("course", "small")))


def test_a_search_engine_reads_what_the_course_is(cohort):
    page = body(Client().get(to("course", "small")))
    assert 'itemtype="https://schema.org/Course"' in page
    assert 'itemprop="courseMode" content="Online"' in page
    assert f'itemprop="startDate" content="{cohort.starts_on:%Y-%m-%d}"' in page
    assert "noindex" not in page


def test_dates_by_invitation_and_those_called_off_are_not_shown(
    version, cohort, trainer
):
    plan = a_plan(name="Hidden", entry="invitation")
    hidden = actions.open_cohort(version, plan, by=trainer)
    actions.cancel_cohort(cohort, by=trainer)

    assert "Hidden" not in body(Client().get(to("course", "small")))
    for unseen in (hidden, cohort):
        assert Client().get(to("apply", unseen.pk)).status_code == 404
    assert Client().get(to("course", "unknown")).status_code == 404


def test_the_academys_address_and_numbers_are_shown_when_they_are_set(version):
    page = to("course", "small")
    assert "wa.me" not in body(Client().get(page))
    with override_settings(
        ACADEMY_EMAIL="course@example.org", ACADEMY_WHATSAPP="+962 7 9000 0000"
    ):
        shown = body(Client().get(page))
    assert 'href="mailto:course@example.org"' in shown
    assert 'href="https://wa.me/962790000000"' in shown


def test_numbers_of_the_academy_that_cannot_be_dialled_are_no_links(version):
    two = "0790 000 000 / 0790 000 001"
    with override_settings(ACADEMY_TELEPHONE=two, ACADEMY_WHATSAPP=two):
        shown = body(Client().get(to("course", "small")))
    assert two in shown
    assert "tel:" not in shown
    assert "wa.me" not in shown
    with override_settings(ACADEMY_WHATSAPP="00962 7 9000 0000"):
        shown = body(Client().get(to("course", "small")))
    assert 'href="https://wa.me/962790000000"' in shown


def test_a_question_sent_twice_is_asked_once(version):
    browser = Client()
    said = make_form_key() | {"message": "When?", "contact": "rosa@example.org"}
    for _ in range(2):
        response = browser.post(to("ask_about", "small"), said)
        assert response.headers["Location"] == to("sent")

    asked = Application.objects.get()
    assert (asked.course, asked.source) == (version.course, "form")


def test_a_question_without_a_way_to_answer_comes_back(db):
    response = post(Client(), ASK, message="When?")
    assert response.status_code == 422
    assert "When?" in body(response)
    assert not Application.objects.exists()


def test_who_asks_too_often_waits(db):
    browser = Client()
    for _ in range(10):
        post(browser, ASK, message="When?", contact="rosa@example.org")
    response = post(browser, ASK, message="When?", contact="rosa@example.org")
    assert response.status_code == 409
    assert Application.objects.count() == 10


def test_a_visitor_applies_without_an_account(cohort):
    said = {"contact": "+962790000000", "sector": "health", "access_needs": "A ramp"}
    response = post(Client(), to("apply", cohort.pk), **said)

    assert response.headers["Location"] == to("sent")
    applied = Application.objects.get()
    assert (applied.state, applied.person) == (ApplicationStatus.APPLIED, None)
    assert applied.access_needs == "A ramp"


def test_somebody_with_an_account_need_not_say_who_they_are(cohort, learner):
    browser = given.sign_in(learner)
    assert "contact" not in browser.get(to("apply", cohort.pk)).context["form"].fields
    post(browser, to("apply", cohort.pk), organisation="Lake House")

    assert Application.objects.get().person == learner
    assert "Spring" in body(browser.get(MINE))


# --- the help page


def test_the_help_page_answers_from_the_list_of_questions(db):
    page = body(post(Client(), HELP, question="how do I get an account"))
    assert "two people of the mechanism vouch" in page


def test_the_help_page_answers_in_the_language_of_the_page(db):
    with translation.override("ar"):
        browser = Client(headers={"accept-language": "ar"})
        page = body(post(browser, HELP, question="قائمة الإنتظار"))
    assert "كل الأماكن محجوزة" in page


def test_the_help_page_knows_the_manual(db):
    page = body(post(Client(), HELP, question="is the log whole"))
    assert "From the manual: Overseeing" in page


def test_what_nothing_answers_goes_to_a_person(db):
    browser = Client()
    page = body(post(browser, HELP, question="Is there a zebra?"))
    assert "No answer found" in page
    assert re.search(r"<textarea[^>]*>\s*Is there a zebra\?", page)

    said = {"from": "help", "message": "Is there a zebra?", "contact": "r@example.org"}
    post(browser, ASK, **said)
    assert Application.objects.get().source == "help"


def test_what_was_asked_stands_in_no_address(db):
    page = body(Client().get(HELP))
    assert 'method="post"' in page
    assert 'method="get"' not in page


def test_what_a_visitor_typed_comes_back_to_nobody_by_the_back_button(cohort):
    for page in (ASK, HELP, to("apply", cohort.pk)):
        answer = post(Client(), page, message="When?", question="When is it?")
        assert "no-store" in answer.headers["Cache-Control"], page


def test_the_help_page_sends_a_part_to_a_script(db):
    browser = Client(headers={"hx-request": "true"})
    page = body(post(browser, HELP, question="scholarship"))
    assert "<html" not in page
    assert 'id="answers"' in page


# --- the desk


def test_the_staff_answers_and_offers(question, cohort, trainer, learner):
    browser = given.sign_in(trainer)
    assert "Rosa Visitor" in body(browser.get(DESK))
    page = to("application", question.pk)
    assert "When?" in body(browser.get(page))

    assert post(browser, to("answer", question.pk)).status_code == 422
    post(browser, to("answer", question.pk), reply="In May.")
    post(browser, to("bring", question.pk), cohort=cohort.pk)
    wrong = post(browser, to("link", question.pk), email="nobody@example.org")
    assert wrong.status_code == 422
    post(browser, to("link", question.pk), email=learner.email.upper())
    post(browser, to("offer", question.pk))

    own = given.sign_in(learner)
    assert "You have been offered a place" in body(own.get(MINE))
    post(own, to("accept", question.pk))
    question.refresh_from_db()
    assert question.state == ApplicationStatus.ENROLLED
    assert Enrolment.objects.get().person == learner
    assert "Amina Learner" in body(browser.get(to("cohort", cohort.pk)))
    assert "Give up the place" in body(own.get(MINE))


def test_an_applicant_is_called_at_the_number_that_can_be_dialled(cohort, trainer):
    browser = given.sign_in(trainer)
    for contact, link in [
        ("\u0660\u0667\u0669\u0660 \u0660\u0660\u0660", 'href="tel:0790000"'),
        ("0790 000 or Rosa, 0791 000", ""),
    ]:
        said = ApplicantDetails(name="Rosa Visitor", contact=contact, message="When?")
        asked = actions.apply_for_cohort(cohort, said, by=None)
        page = body(browser.get(to("application", asked.pk)))
        assert contact in page
        assert (link in page) if link else ("tel:" not in page)


def test_whoever_only_a_person_can_tell_stands_on_the_desk(cohort, trainer):
    applied = actions.apply_for_cohort(cohort, VISITOR, by=None)
    actions.offer_place(applied, by=trainer)
    browser = given.sign_in(trainer)

    page = body(browser.get(DESK))
    assert "Inform about offered places" in page
    assert "Rosa Visitor" in page
    today = body(browser.get(reverse("home:today")))
    assert "Inform an applicant that a place is offered" in today


def test_one_tap_says_the_rest(application, fill_up, trainer):
    fill_up()
    browser = given.sign_in(trainer)
    page = body(browser.get(to("application", application.pk)))
    assert "Put on the waiting list" in page

    post(browser, to("say", application.pk, "wait"))
    application.refresh_from_db()
    assert application.state == ApplicationStatus.WAITLISTED
    assert post(browser, to("say", application.pk, "dance")).status_code == 404


def test_a_cohort_is_opened_changed_and_called_off(version, trainer):
    browser = given.sign_in(trainer)
    form = browser.get(to("begin", "small")).context["form"]
    plan = a_plan(facilitators=[trainer.pk])
    said = {**form.initial, **plan.columns, "facilitators": [trainer.pk]}
    wrong = post(browser, to("begin", "small"), **said | {"capacity": 0})
    assert wrong.status_code == 422
    post(browser, to("begin", "small"), **said)
    cohort = Cohort.objects.get()
    assert list(cohort.facilitators.all()) == [trainer]

    said["seen"] = browser.get(to("change", cohort.pk)).context["form"].initial["seen"]
    post(browser, to("change", cohort.pk), **said | {"name": "Summer"})
    cohort.refresh_from_db()
    assert cohort.name == "Summer"
    post(browser, to("cancel", cohort.pk))
    cohort.refresh_from_db()
    assert cohort.cancelled_at


def test_a_page_that_was_open_too_long_overwrites_no_cohort(
    cohort, trainer, coordinator, other_trainer
):
    browser = given.sign_in(trainer)
    page = browser.get(to("change", cohort.pk))
    initial = page.context["form"].initial
    assert f'name="seen" value="{initial["seen"]}"' in body(page)
    leading = a_plan(facilitators=[trainer, other_trainer])
    for elsewhere in (a_plan(capacity=9, facilitators=[trainer]), leading):
        actions.change_cohort(cohort, elsewhere, by=coordinator)
        late = post(browser, to("change", cohort.pk), **initial | {"name": "Late"})
        assert late.status_code == 409
        assert "Someone else has changed this" in body(late)
    cohort.refresh_from_db()
    assert (cohort.name, cohort.facilitators.count()) == ("Spring", 2)

    # nothing that was typed is lost, and what stands now is beside it
    form = late.context["form"]
    assert form["name"].value() == "Late"
    assert form.errors["name"] == ["Current value: Spring"]
    assert form.errors["facilitators"] == [
        f"Current value: {trainer.name}, {other_trainer.name}"
    ]
    assert "starts_on" not in form.errors
    again = {name: form[name].value() for name in form.fields}
    assert post(browser, to("change", cohort.pk), **again).status_code == 302
    cohort.refresh_from_db()
    assert cohort.name == "Late"


def test_a_cohort_that_can_not_be_so_comes_back_with_all_that_was_typed(
    cohort, trainer
):
    browser = given.sign_in(trainer)
    said = browser.get(to("change", cohort.pk)).context["form"].initial

    late = post(browser, to("change", cohort.pk), **said | {"ends_on": "2020-01-01"})

    assert late.status_code == 422
    assert late.context["form"]["ends_on"].value() == "2020-01-01"


def test_somebody_is_invited_by_their_address(cohort, trainer, learner):
    browser = given.sign_in(trainer)
    wrong = post(browser, to("invite", cohort.pk), email="nobody@example.org")
    assert wrong.status_code == 422
    post(browser, to("invite", cohort.pk), email=learner.email)
    assert Application.objects.get().person == learner


# --- who sees what


def test_a_stranger_finds_nothing(application, cohort, stranger):
    browser = given.sign_in(stranger)
    for name in ("application", "answer", "bring", "offer", "link"):
        url = to(name, application.pk)
        gets = name == "application"
        response = browser.get(url) if gets else post(browser, url)
        assert response.status_code == 404
    for name in ("cohort", "change", "invite", "cancel"):
        url = to(name, cohort.pk)
        gets = name in ("cohort", "change")
        response = browser.get(url) if gets else post(browser, url)
        assert response.status_code == 404
    for name in ("accept", "withdraw"):
        assert post(browser, to(name, application.pk)).status_code == 404
    assert post(browser, to("say", application.pk, "decline")).status_code == 404
    assert browser.get(DESK).status_code == 404
    assert browser.get(to("begin", "small")).status_code == 404


def test_only_its_own_trainers_see_who_takes_part(cohort, offered, other_trainer):
    browser = given.sign_in(other_trainer)
    assert browser.get(to("cohort", cohort.pk)).status_code == 404
    assert "Amina Learner" not in body(browser.get(DESK))


def test_who_learns_does_not_see_who_else_does(cohort, offered, learner):
    actions.accept_place(offered, by=learner)
    actions.apply_for_cohort(
        cohort, ApplicantDetails(), by=given.make_worker(name="Zaki Other")
    )
    browser = given.sign_in(learner)
    for page in (MINE, to("course", "small"), to("catalogue")):
        assert "Zaki Other" not in body(browser.get(page))


def test_the_lists_cost_the_same_for_one_and_for_many(
    cohort, trainer, application, django_assert_max_num_queries
):
    browser = given.sign_in(trainer)
    pages = (DESK, to("cohort", cohort.pk))
    costs = []
    for page in pages:
        with django_assert_max_num_queries(60) as counted:
            browser.get(page)
        costs.append(len(counted))
    for _ in range(3):
        actions.apply_for_cohort(cohort, ApplicantDetails(), by=given.make_worker())
        actions.ask_academy(VISITOR, by=None)
    for page, cost in zip(pages, costs, strict=True):
        with django_assert_max_num_queries(cost):
            browser.get(page)


# --- where it is found


def test_what_waits_stands_on_the_page_of_today(question, offered, trainer, learner):
    today = reverse("home:today")
    assert "Answer a question" in body(given.sign_in(trainer).get(today))
    page = body(given.sign_in(learner).get(today))
    assert "You have been offered a place" in page
    assert "Spring" in page


def test_the_academy_leads_to_dates_help_and_the_desk(question, offered, trainer):
    home = reverse("courses:home")
    page = body(given.sign_in(trainer).get(home))
    assert all(words in page for words in (to("catalogue"), HELP, DESK, "1 waiting"))
    page = body(given.sign_in(offered.person).get(home))
    assert MINE in page
    assert DESK not in page
