"""A clinic on a case of the course: what each may read, and when."""

import pytest
from django.core.exceptions import PermissionDenied
from django.urls import reverse

from amana import given
from amana.academy.cohorts import actions as cohorts
from amana.academy.cohorts.models import Cohort
from amana.academy.cohorts.tests.conftest import a_plan
from amana.academy.courses import actions as courses
from amana.academy.courses import shipped_courses
from amana.academy.courses.engine import files, reading
from amana.academy.courses.engine.course_content import build_course
from amana.academy.courses.engine.tests.test_clinic_checks import CASE, NAME
from amana.academy.courses.tests.courses import small_course
from amana.academy.practice.labs import actions, shipped_cases
from amana.academy.practice.labs.engine import clinic_case
from amana.academy.practice.labs.models import (
    MINUTES,
    NEXT,
    Clinic,
    ClinicMessage,
    ClinicStage,
)
from amana.academy.practice.labs.tests.test_views import post, text
from amana.errors import Changed, Refused
from amana.trust.audit.models import AuditEvent
from tests.worlds import kept

Kind = ClinicMessage.Kind
MAILBOX, CLEANER = "To a dead mailbox.", "The cleaner."
FINDING, OTHERS = "Referrals stopped.", "They served her themselves."


@kept
def cohort(coordinator, trainer) -> Cohort:
    version = courses.publish_version(small_course(**{NAME: CASE}), by=coordinator)
    plan = a_plan(facilitators=[trainer], capacity=9)
    return cohorts.open_cohort(version, plan, by=coordinator)


@kept
def clinic(cohort: Cohort, learners, trainer) -> Clinic:
    return actions.open_case(cohort, "lost-loop", by=trainer)


def go(clinic, to, *, by):
    """Move on to a stage, through those before it."""
    while clinic.stage != to:
        actions.advance(clinic, to=NEXT[ClinicStage(clinic.stage)], by=by)


def read(user, clinic):
    return text(given.sign_in(user).get(reverse("labs:clinic", args=[clinic.pk])))


def test_only_those_who_lead_the_cohort_open_a_case(
    cohort, learners, stranger, coordinator
):
    for outsider in (learners[0], stranger, coordinator):
        with pytest.raises(PermissionDenied):
            actions.open_case(cohort, "lost-loop", by=outsider)
    assert not Clinic.objects.exists()


def test_a_case_that_the_course_does_not_have_is_refused(cohort, trainer):
    with pytest.raises(Refused, match="not in the course"):
        actions.open_case(cohort, "another", by=trainer)


def test_a_case_goes_through_six_stages_and_no_one_writes_while_it_is_told(
    clinic, learners, trainer
):
    assert list(MINUTES.values()) == [8, 8, 20, 5, 4]
    assert clinic.stage == ClinicStage.TELLING
    with pytest.raises(Changed):
        actions.write_message(clinic, Kind.QUESTION, "Now?", by=learners[0])

    go(clinic, ClinicStage.QUESTIONS, by=trainer)
    actions.write_message(clinic, Kind.QUESTION, "Who knew?", by=learners[0])
    go(clinic, ClinicStage.ADVICE, by=trainer)
    with pytest.raises(Changed):  # who presents listens
        actions.write_message(clinic, Kind.ANSWER, "But …", by=trainer)
    actions.write_message(clinic, Kind.ADVICE, "Call them.", by=learners[0])
    go(clinic, ClinicStage.RESPONSE, by=trainer)
    actions.write_message(clinic, Kind.ANSWER, "I will.", by=trainer)
    go(clinic, ClinicStage.COMMITMENT, by=trainer)
    with pytest.raises(Changed):  # of a case of the course, each at their own desk
        actions.write_message(clinic, Kind.COMMITMENT, "I promise.", by=trainer)
    actions.write_message(clinic, Kind.COMMITMENT, "A clock.", by=learners[1])
    go(clinic, ClinicStage.CLOSED, by=trainer)


def test_only_those_who_present_move_on_or_destroy(clinic, learners):
    with pytest.raises(PermissionDenied):
        actions.advance(clinic, to=ClinicStage.QUESTIONS, by=learners[0])
    with pytest.raises(PermissionDenied):
        actions.destroy(clinic, by=learners[0])


def test_one_who_leads_later_has_the_case_and_its_answers(
    clinic, cohort, learners, trainer
):
    go(clinic, ClinicStage.QUESTIONS, by=trainer)
    actions.write_message(clinic, Kind.QUESTION, "Since which day?", by=learners[0])
    other = given.unlock_user(given.make_worker())
    cohort.facilitators.set([other])

    page = read(other, clinic)
    assert MAILBOX in page
    assert "You are not in this circle" not in page
    assert "Since which day?" not in page  # that was written to others


def test_another_facilitator_takes_over_and_a_former_one_can_not(
    clinic, cohort, trainer, coordinator
):
    other = given.unlock_user(given.make_worker())
    cohort.facilitators.set([other])

    actions.advance(clinic, to=ClinicStage.QUESTIONS, by=other)
    with pytest.raises(PermissionDenied):
        actions.give_answer(clinic, "where", by=trainer)
    assert actions.give_answer(clinic, "where", by=other).by == other


def test_an_answer_is_given_once_in_its_stage_by_those_who_present(
    clinic, learners, trainer
):
    with pytest.raises(Changed):
        actions.give_answer(clinic, "where", by=trainer)
    go(clinic, ClinicStage.QUESTIONS, by=trainer)
    with pytest.raises(PermissionDenied):
        actions.give_answer(clinic, "where", by=learners[0])
    with pytest.raises(Refused, match="not in the case"):
        actions.give_answer(clinic, "nothing", by=trainer)

    actions.give_answer(clinic, "where", by=trainer)
    assert AuditEvent.objects.filter(did="gave answer in clinic").count() == 1
    with pytest.raises(Changed, match="already has"):
        actions.give_answer(clinic, "where", by=trainer)
    go(clinic, ClinicStage.ADVICE, by=trainer)
    with pytest.raises(Changed):
        actions.give_answer(clinic, "who", by=trainer)


def test_a_clinic_on_ones_own_case_has_no_answers_to_give(cohort, learners):
    own = actions.bring_case(cohort, "A young person.", asks="?", by=learners[0])

    with pytest.raises(Refused, match="not in the case"):
        actions.give_answer(own, "where", by=learners[0])


def list_pages(clinic, cohort):
    """List every page of clinics and of their cases."""
    return [
        reverse("labs:home"),
        reverse("labs:clinic", args=[clinic.pk]),
        reverse("labs:cases", args=[cohort.pk]),
        reverse("labs:case", args=[cohort.pk, "lost-loop"]),
        reverse("labs:sheet", args=[cohort.pk, "lost-loop"]),
        reverse("labs:destroy", args=[clinic.pk]),
        reverse("labs:bring", args=[cohort.pk]),
    ]


def test_what_was_not_given_is_on_no_page_of_those_who_take_part(
    clinic, cohort, learners, trainer
):
    """In each stage, on each page, for who takes part; what was given is there."""
    browser = given.sign_in(learners[0])
    leads = given.sign_in(trainer)
    for stage in [*NEXT, ClinicStage.CLOSED]:
        go(clinic, stage, by=trainer)
        if stage == ClinicStage.QUESTIONS:
            actions.give_answer(clinic, "where", by=trainer)
        whole = "".join(text(browser.get(url)) for url in list_pages(clinic, cohort))
        assert CLEANER not in whole, stage
        assert (MAILBOX in whole) == (stage != ClinicStage.TELLING), stage
        for found in (FINDING, OTHERS):
            assert (found in whole) == (stage == ClinicStage.CLOSED), (stage, found)
        page = text(leads.get(reverse("labs:clinic", args=[clinic.pk])))
        assert CLEANER in page, stage


def test_those_who_take_part_find_no_page_of_the_cases(cohort, learners, stranger):
    for outsider in (learners[0], stranger):
        browser = given.sign_in(outsider)
        for name, *args in (("cases",), ("case", "lost-loop"), ("sheet", "lost-loop")):
            url = reverse(f"labs:{name}", args=[cohort.pk, *args])
            assert browser.get(url).status_code == 404
        opened = post(browser, "open_case", cohort.pk, "lost-loop")
        assert opened.status_code == 404
        assert "Choose a case" not in text(browser.get(reverse("labs:home")))
    assert not Clinic.objects.exists()


def test_a_clinic_in_the_browser_from_the_list_to_what_evaluations_found(
    cohort, learners, trainer
):
    leads, mine = given.sign_in(trainer), given.sign_in(learners[0])
    assert "Choose a case of the course" in text(leads.get(reverse("labs:home")))
    assert "Silence" in text(leads.get(reverse("labs:cases", args=[cohort.pk])))
    page = text(leads.get(reverse("labs:case", args=[cohort.pk, "lost-loop"])))
    for words in (MAILBOX, CLEANER, FINDING, OTHERS, "Draft", "20 minutes"):
        assert words in page
    sheet = text(leads.get(reverse("labs:sheet", args=[cohort.pk, "lost-loop"])))
    assert "heard nothing" in sheet
    for words in (MAILBOX, CLEANER, FINDING, OTHERS):
        assert words not in sheet

    post(leads, "open_case", cohort.pk, "lost-loop")
    clinic = Clinic.objects.get()
    assert post(mine, "give", clinic.pk, "where").status_code == 404
    post(leads, "advance", clinic.pk, to="questions")
    post(mine, "speak", clinic.pk, kind="question", text="Where did it arrive?")
    assert "Where did it arrive?" in read(trainer, clinic)
    post(leads, "give", clinic.pk, "where")
    assert MAILBOX in read(learners[0], clinic)
    assert "Give the answer: Where did it go?" not in read(trainer, clinic)
    for to in ("advice", "response", "commitment", "closed"):
        post(leads, "advance", clinic.pk, to=to)
    page = read(learners[0], clinic)
    assert "Read there on 30 November 2026" in page
    assert "Not checked in the source" in page
    assert "Asking first" in page
    assert "Silence" in text(mine.get(reverse("labs:home")))


def test_who_joins_later_reads_the_case_and_nothing_of_the_circle(
    clinic, cohort, trainer, learners
):
    go(clinic, ClinicStage.QUESTIONS, by=trainer)
    actions.write_message(clinic, Kind.QUESTION, "Who saw it?", by=learners[0])
    late = given.unlock_user(given.make_worker())
    cohorts.accept_place(cohorts.invite_person(cohort, late, by=trainer), by=late)

    page = read(late, clinic)
    assert "You are not in this circle" in page
    assert "Who saw it?" not in page


def test_a_case_is_in_the_readers_language_where_it_is_whole_in_it(clinic):
    version = clinic.cohort.version
    case = shipped_cases.get_case(version, "lost-loop")
    assert (case.language, case.title) == ("en", "Silence")
    browser = given.sign_in(clinic.presenter)
    page = text(
        browser.get(
            reverse("labs:clinic", args=[clinic.pk]), headers={"accept-language": "fr"}
        )
    )
    # The presenter is in English alone: so the whole case is, and is marked as such.
    assert 'lang="en" dir="ltr"' in page
    assert "Le silence" not in page


def test_every_shipped_case_is_shown_whole_in_arabic_and_in_french():
    folder = shipped_courses.map_folders()["referral-mechanism"]
    compiled = reading.read_course(files.read_folder(folder)).compiled
    for code, plain in build_course(compiled).clinics.items():
        for language in ("ar", "fr"):
            chosen = clinic_case.choose_language(plain, language, "en")
            read = clinic_case.read_case(code, plain, language=chosen, first="en")
            assert read.language == language, code
            assert read.situation == plain["situation"][language]


def test_a_case_of_the_course_costs_no_more_queries_with_more_answers(
    clinic, trainer, learners, django_assert_max_num_queries
):
    go(clinic, ClinicStage.QUESTIONS, by=trainer)
    browser = given.sign_in(learners[1])
    address = reverse("labs:clinic", args=[clinic.pk])
    for code in ("where", "who"):
        actions.give_answer(clinic, code, by=trainer)
    browser.get(address)
    with django_assert_max_num_queries(26):
        browser.get(address)
