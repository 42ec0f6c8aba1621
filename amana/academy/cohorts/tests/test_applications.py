"""From a question to a place, and to the end of a course."""

from datetime import timedelta

import pytest
from django.core import mail
from django.utils import timezone

from amana import given
from amana.academy.cohorts import actions
from amana.academy.cohorts.actions import ApplicantDetails
from amana.academy.cohorts.models import Application
from amana.academy.cohorts.states import ApplicationStatus
from amana.academy.cohorts.tests.conftest import VISITOR, a_plan
from amana.academy.courses import actions as courses
from amana.academy.courses.content import load_content
from amana.academy.courses.models import Enrolment
from amana.errors import Changed, Refused
from amana.trust.access.rules import Denied
from amana.trust.audit.models import AuditEvent
from amana.trust.vault.models import generate_uuid7

from .conftest import days, status_of

# --- questions


def test_anybody_may_ask_who_says_how_to_be_answered(version):
    with pytest.raises(Refused, match="number for our answer"):
        actions.ask_academy(ApplicantDetails(message="When?"), by=None)
    asked = actions.ask_academy(VISITOR, course=version.course, by=None)
    assert asked.due_at
    event = AuditEvent.objects.get(did="asked academy")
    assert (event.actor, event.thing) == ("system", f"cohorts.application:{asked.pk}")


def test_a_question_is_answered_once(question, other_trainer, coordinator):
    late = Application.objects.get(pk=question.pk)
    actions.record_answer(question, "In May.", by=other_trainer)

    assert question.due_at is None
    with pytest.raises(Changed, match="Answered"):
        actions.record_answer(late, "In June.", by=coordinator)


def test_somebody_with_an_account_is_asked_to_look_and_no_more(
    learner, trainer, django_capture_on_commit_callbacks
):
    asked = actions.ask_academy(ApplicantDetails(message="Is it hard?"), by=learner)
    actions.record_answer(asked, "No.", by=trainer)

    [message] = mail.outbox
    assert message.to == [learner.email]
    assert "hard" not in f"{message.body} {message.subject}"


def test_who_asked_comes_into_a_cohort(question, cohort, trainer, learner):
    actions.record_answer(question, "In May.", by=trainer)
    actions.apply_for_person(question, cohort, by=trainer)
    actions.link_account(question, learner, by=trainer)

    assert (question.state, question.person) == (ApplicationStatus.APPLIED, learner)
    with pytest.raises(Refused, match="already linked"):
        actions.link_account(question, learner, by=trainer)


# --- applications


def test_nobody_applies_twice_or_too_late_or_uninvited(
    cohort, application, learner, stranger, version, trainer
):
    with pytest.raises(Refused, match="already"):
        actions.apply_for_cohort(cohort, ApplicantDetails(), by=learner)
    with days(16), pytest.raises(Refused, match="these dates are closed"):
        actions.apply_for_cohort(cohort, ApplicantDetails(), by=stranger)
    plan = a_plan(entry="invitation")
    closed = actions.open_cohort(version, plan, by=trainer)
    with pytest.raises(Refused, match="these dates are closed"):
        actions.apply_for_cohort(closed, ApplicantDetails(), by=stranger)


def test_whoever_is_invited_is_offered_a_place(cohort, stranger, trainer):
    invited = actions.invite_person(cohort, stranger, by=trainer)

    assert status_of(invited) == ApplicationStatus.OFFERED
    with pytest.raises(Refused, match="already"):
        actions.invite_person(cohort, stranger, by=trainer)


def test_an_offer_taken_opens_the_course_in_its_version(offered, learner, version):
    enrolment = actions.accept_place(offered, by=learner)

    assert (enrolment.person, enrolment.version) == (learner, version)
    assert status_of(offered) == ApplicationStatus.ENROLLED


def test_nobody_takes_the_place_of_another(offered, stranger, trainer):
    for person in (stranger, trainer):
        with pytest.raises(Denied):
            actions.accept_place(offered, by=person)
    assert not Enrolment.objects.exists()


def test_an_offer_is_taken_until_its_last_day_and_not_later(offered, learner):
    with days(8), pytest.raises(Refused, match="offer has expired"):
        actions.accept_place(offered, by=learner)
    assert not Enrolment.objects.exists()


def test_an_offer_may_last_to_the_end_of_a_day(application, trainer):
    yesterday = timezone.localdate() - timedelta(days=1)
    with pytest.raises(Refused, match="date has passed"):
        actions.offer_place(application, until=yesterday, by=trainer)
    actions.offer_place(application, until=timezone.localdate(), by=trainer)
    assert application.offered_until > timezone.now()


def test_no_more_are_offered_places_than_there_are(
    application, fill_up, trainer, stranger
):
    fill_up()
    with pytest.raises(Refused, match="waiting list"):
        actions.offer_place(application, by=trainer)


def test_nobody_is_offered_a_place_in_what_is_over(application, trainer):
    with days(61), pytest.raises(Refused, match="is over"):
        actions.offer_place(application, by=trainer)


def test_nobody_waits_while_a_place_is_free(application, trainer):
    with pytest.raises(Refused, match="place is free"):
        actions.add_to_waiting_list(application, by=trainer)


def test_who_waited_longest_moves_up(cohort, fill_up, trainer, learner):
    first, _second = fill_up()
    people = [given.make_worker(email=f"{n}@example.org") for n in ("first", "second")]
    waiting = [
        actions.apply_for_cohort(cohort, ApplicantDetails(), by=person)
        for person in people
    ]
    for application in reversed(waiting):
        actions.add_to_waiting_list(application, by=trainer)
    mail.outbox.clear()

    actions.withdraw_application(first, by=first.person)

    assert [status_of(application) for application in waiting] == [
        ApplicationStatus.OFFERED,
        ApplicationStatus.WAITLISTED,
    ]
    assert [message.to for message in mail.outbox] == [["first@example.org"]]


def test_a_place_that_nobody_took_goes_to_the_next(cohort, fill_up, trainer, stranger):
    first, _second = fill_up()
    waiting = actions.apply_for_cohort(cohort, ApplicantDetails(), by=stranger)
    actions.add_to_waiting_list(waiting, by=trainer)

    assert actions.lapse_offers() == 0
    with days(8):
        assert actions.lapse_offers() == 2
        assert status_of(first) == ApplicationStatus.LAPSED
        assert status_of(waiting) == ApplicationStatus.OFFERED
        assert actions.lapse_offers() == 0


def test_the_academy_says_no_and_the_place_is_free(cohort, offered, trainer):
    actions.decline_application(offered, by=trainer)

    assert status_of(offered) == ApplicationStatus.DECLINED
    assert cohort.free_places() == 2


def test_who_has_done_all_has_completed(offered, learner, version):
    enrolment = actions.accept_place(offered, by=learner)
    content = load_content(version)
    for lesson in content.lessons:
        courses.record_read_lesson(
            enrolment, lesson.path, by=learner, id=generate_uuid7()
        )
    assert status_of(offered) == ApplicationStatus.ENROLLED
    for module in content.modules:
        attempt = courses.begin_test(enrolment, module.code, by=learner)
        right = {
            question.id: right_answer(question)
            for question in courses.list_questions(attempt)
        }
        courses.submit_test(attempt, right, by=learner, id=generate_uuid7())

    assert status_of(offered) == ApplicationStatus.COMPLETED
    with pytest.raises(Changed):
        actions.withdraw_application(offered, by=learner)


def test_who_had_learned_it_all_alone_completes_at_once(offered, learner, version):
    enrolment = courses.begin_course(version, by=learner)
    for lesson in load_content(version).lessons:
        courses.record_read_lesson(
            enrolment, lesson.path, by=learner, id=generate_uuid7()
        )
    for module in load_content(version).modules:
        attempt = courses.begin_test(enrolment, module.code, by=learner)
        right = {
            question.id: right_answer(question)
            for question in courses.list_questions(attempt)
        }
        courses.submit_test(attempt, right, by=learner, id=generate_uuid7())

    actions.accept_place(offered, by=learner)
    assert status_of(offered) == ApplicationStatus.COMPLETED


def right_answer(question):
    if question.kind == "number":
        return str(question.answer)
    return sorted(question.right) or list(range(question.count))


def test_scholarships_are_no_more_than_there_are(version, trainer, coordinator):
    plan = a_plan(fee=100, currency="EUR", scholarships=1, facilitators=[trainer])
    cohort = actions.open_cohort(version, plan, by=trainer)
    first, second = (
        actions.invite_person(cohort, given.make_worker(), by=trainer) for _ in "ab"
    )

    actions.grant_scholarship(first, by=trainer)
    with pytest.raises(Refused, match="All scholarships"):
        actions.grant_scholarship(second, by=trainer)
    actions.record_fee(second, by=trainer)
    assert second.fee_noted_at


@pytest.mark.parametrize(
    "act",
    [
        lambda one, by: actions.offer_place(one, by=by),
        lambda one, by: actions.add_to_waiting_list(one, by=by),
        lambda one, by: actions.decline_application(one, by=by),
        lambda one, by: actions.withdraw_application(one, by=by),
        lambda one, by: actions.record_answer(one, "Yes", by=by),
        lambda one, by: actions.record_fee(one, by=by),
        lambda one, by: actions.grant_scholarship(one, by=by),
        lambda one, by: actions.link_account(one, by, by=by),
        lambda one, by: actions.apply_for_person(one, one.cohort, by=by),
        lambda one, by: actions.invite_person(one.cohort, by, by=by),
        lambda one, by: actions.cancel_cohort(one.cohort, by=by),
    ],
)
def test_nobody_else_decides(application, act, stranger, other_trainer):
    for person in (stranger, other_trainer):
        with pytest.raises(Denied):
            act(application, person)
    assert status_of(application) == ApplicationStatus.APPLIED
