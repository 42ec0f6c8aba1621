from datetime import timedelta

import pytest
from django.core import mail
from django.core.management import call_command
from django.utils import timezone
from time_machine import travel

from amana import given
from amana.academy.cohorts import actions
from amana.academy.cohorts.actions import ApplicantDetails
from amana.academy.cohorts.models import Application, Cohort
from amana.academy.cohorts.states import NEXT, SENTENCE, ApplicationStatus
from amana.academy.cohorts.tests.conftest import VISITOR, a_plan
from amana.academy.courses import actions as courses
from amana.academy.courses.content import load_content
from amana.academy.courses.models import Enrolment
from amana.errors import Changed, Refused
from amana.trust.access.rules import Denied
from amana.trust.audit.models import AuditEvent
from amana.trust.vault.models import generate_uuid7


def status_of(application: Application) -> ApplicationStatus:
    return Application.objects.get(pk=application.pk).state


def days(count: int):
    return travel(timezone.now() + timedelta(days=count), tick=False)


def test_every_state_says_what_may_follow_and_what_it_means():
    assert set(NEXT) == set(SENTENCE) == set(ApplicationStatus)
    assert set().union(*NEXT.values()) == set(ApplicationStatus)


# --- cohorts


def test_a_cohort_that_ends_before_it_starts_is_none(version, trainer):
    plan = a_plan(ends_on=timezone.localdate())
    with pytest.raises(Refused, match="ends before it starts"):
        actions.open_cohort(version, plan, by=trainer)
    assert not Cohort.objects.exists()


def test_a_fee_has_a_currency(version, trainer):
    with pytest.raises(Refused, match="currency"):
        actions.open_cohort(version, a_plan(fee=10), by=trainer)


def test_only_trainers_lead_cohorts(version, trainer, learner):
    with pytest.raises(Refused, match="no longer, a trainer"):
        actions.open_cohort(version, a_plan(facilitators=[learner]), by=trainer)


def test_nobody_else_opens_or_changes_a_cohort(version, cohort, learner, other_trainer):
    with pytest.raises(Denied):
        actions.open_cohort(version, a_plan(), by=learner)
    for person in (learner, other_trainer):
        with pytest.raises(Denied):
            actions.change_cohort(cohort, a_plan(), by=person)


def test_a_cohort_never_gets_smaller_than_those_in_it(cohort, fill_up, trainer):
    fill_up()
    plan = a_plan(capacity=1, facilitators=[trainer])
    with pytest.raises(Refused, match="More people"):
        actions.change_cohort(cohort, plan, by=trainer)


def test_more_places_are_offered_to_those_who_wait(
    cohort, fill_up, application, trainer
):
    fill_up()
    actions.add_to_waiting_list(application, by=trainer)

    actions.change_cohort(cohort, a_plan(capacity=3), by=trainer)

    assert status_of(application) == ApplicationStatus.OFFERED


def test_a_cohort_that_is_called_off_ends_every_way_into_it(
    cohort, offered, trainer, learner
):
    mail.outbox.clear()
    actions.cancel_cohort(cohort, by=trainer)

    assert [message.to for message in mail.outbox] == [[learner.email]]
    assert status_of(offered) == ApplicationStatus.WITHDRAWN
    with pytest.raises(Refused, match="these dates are closed"):
        actions.apply_for_cohort(cohort, ApplicantDetails(), by=learner)
    with pytest.raises(Changed):
        actions.cancel_cohort(cohort, by=trainer)


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


# --- what is kept


def test_nothing_is_left_of_a_question_a_month_after(question, trainer):
    actions.record_answer(question, "In May.", by=trainer)
    with days(29):
        assert actions.forget_applications() == 0
    with days(31):
        assert actions.forget_applications() == 1
    assert not Application.objects.exists()


def test_what_waits_for_an_answer_is_not_forgotten(question, application):
    with days(400):
        assert actions.forget_applications() == 0


def test_of_those_who_took_part_it_stays_that_they_did(offered, learner):
    actions.accept_place(offered, by=learner)
    Application.objects.filter(pk=offered.pk).update(access_needs="A ramp")
    with days(60 + 29):
        assert actions.forget_applications() == 0
    with days(60 + 32):
        assert actions.forget_applications() == 1
        assert actions.forget_applications() == 0

    offered.refresh_from_db()
    assert (offered.message, offered.access_needs) == ("", "")
    assert offered.state == ApplicationStatus.ENROLLED


@pytest.mark.parametrize("waits", [True, False])
def test_who_waits_when_a_cohort_is_over_is_forgotten_a_month_after(
    cohort, fill_up, trainer, waits
):
    fill_up()
    visitor = actions.apply_for_cohort(cohort, VISITOR, by=None)
    if waits:
        actions.add_to_waiting_list(visitor, by=trainer)
    Application.objects.exclude(pk=visitor.pk).delete()
    with days(60):
        call_command("settle_applications")
        assert status_of(visitor) == (
            ApplicationStatus.WAITLISTED if waits else ApplicationStatus.APPLIED
        )
    with days(61):
        call_command("settle_applications")
        assert status_of(visitor) == ApplicationStatus.DECLINED
    with days(90):
        call_command("settle_applications")
        assert Application.objects.exists()
    with days(92):
        call_command("settle_applications")
    assert not Application.objects.exists()


def test_an_offer_ends_with_its_cohort(cohort, application, trainer, learner):
    late = cohort.ends_on + timedelta(days=30)
    actions.offer_place(application, until=late, by=trainer)
    mail.outbox.clear()
    with days(62):
        assert actions.end_applications() == 1
        assert actions.end_applications() == 0
    assert status_of(application) == ApplicationStatus.LAPSED
    assert mail.outbox == []


def test_who_waited_with_an_account_is_told_that_it_is_over(application, learner):
    mail.outbox.clear()
    with days(62):
        actions.end_applications()
    assert [message.to for message in mail.outbox] == [[learner.email]]


def test_the_clock_ends_offers_and_forgets(offered, capsys):
    with days(8):
        call_command("settle_applications")
    assert capsys.readouterr().out.startswith("1 expired")
    with days(39):
        call_command("settle_applications")
    assert not Application.objects.exists()
