"""What can be done in a course, by whom, once, and what is kept of it."""

from uuid import UUID, uuid4

import pytest
import time_machine
from django.db import DatabaseError, transaction
from django.utils import timezone
from hypothesis import given as drawn_from
from hypothesis import strategies as st
from hypothesis.extra.django import TestCase

from amana import given
from amana.academy.courses import actions, content, retakes
from amana.academy.courses.actions import FaultyCourse
from amana.academy.courses.engine import marking
from amana.academy.courses.forms import shuffle_places
from amana.academy.courses.learner_progress import load_progress, map_latest_answers
from amana.academy.courses.models import Attempt, Course, Enrolment, Event, Version
from amana.academy.courses.rules import learn, see_version, take_test
from amana.academy.courses.tests.courses import RIGHT, small_course, spoilt
from amana.errors import Refused
from amana.trust.access.models import Role
from amana.trust.access.rules import Denied
from amana.trust.audit.models import AuditEvent

LESSON, QUESTION = "m1/01-asking-first", "m1-q01"


def done():
    return list(AuditEvent.objects.order_by("pk").values_list("did", flat=True))


def all_right(attempt):
    return {name: RIGHT[name] for name in actions.list_question_ids(attempt)}


def map_to_page(attempt, answers):
    """Map places in the file, by which answers are kept, to those on the page."""
    questions = actions.get_module(attempt).questions
    places = {
        name: shuffle_places(questions[name], str(attempt.seed)) for name in answers
    }
    return {
        name: [places[name].index(at) for at in chosen]
        for name, chosen in answers.items()
    }


def choose_wrong(name):
    """Choose the option after the right one."""
    [right] = list(RIGHT[name])
    assert isinstance(right, int)
    return (right + 1) % 4


def all_but_a_critical_one_right(attempt):
    """Return the answers, and which one is wrong."""
    answers = all_right(attempt)
    critical = next(
        n for n in answers if n in actions.get_module(attempt).test.critical
    )
    return answers | {critical: [choose_wrong(critical)]}, critical


# --- publishing


def test_a_course_is_published_by_its_coordinator(coordinator):
    version = actions.publish_version(small_course(), by=coordinator)

    assert (version.course.slug, version.number) == ("small", 1)
    assert content.load_content(version).title["en"] == "A small course"
    # What the course certifies is defined along with it.
    assert done() == ["published course", *["defined achievement"] * 2]


def test_nobody_else_publishes(learner):
    with pytest.raises(Denied):
        actions.publish_version(small_course(), by=learner)

    assert not Version.objects.exists()


def test_a_course_with_a_fault_never_publishes(coordinator):
    faulty = spoilt("modules/1-consent/test.yaml", "draw: 20", "draw: 40")

    with pytest.raises(FaultyCourse, match="test that draws 40 needs") as refused:
        actions.publish_version(faulty, by=coordinator)

    assert len(refused.value.faults) == 1
    assert not Course.objects.exists()
    assert not AuditEvent.objects.exists()


def test_the_same_wording_is_published_once_and_another_is_the_next(
    version, coordinator
):
    with pytest.raises(Refused, match="already published"):
        actions.publish_version(small_course(), by=coordinator)
    other = spoilt("course.yaml", "A draft.", "Reviewed.")

    assert actions.publish_version(other, by=coordinator).number == 2


def test_a_published_version_never_changes(version):
    for change in (
        lambda: Version.objects.update(compiled="{}"),
        lambda: Version.objects.update(number=2),
        lambda: Version.objects.all().delete(),
    ):
        refused = pytest.raises(DatabaseError, match="published version")
        with refused, transaction.atomic():
            change()

    version.refresh_from_db()
    assert version.number == 1


def test_what_the_database_gives_back_is_compared_with_its_hash(
    version, coordinator, monkeypatch
):
    content._read.cache_clear()
    monkeypatch.setattr(content, "compute_fingerprint", lambda compiled: "0" * 64)

    with pytest.raises(content.AlteredCourse):
        content.load_content(version)


# --- rules


def test_learners_see_only_their_own(enrolment, attempt, learner, stranger):
    for person, mine in ((learner, True), (stranger, False)):
        enrolments = learn.among(Enrolment.objects.all(), person)
        attempts = take_test.among(Attempt.objects.all(), person)
        assert learn.permits(person, enrolment) is mine
        assert (enrolment in enrolments) is mine
        assert take_test.permits(person, attempt) is mine
        assert (attempt in attempts) is mine


def test_no_role_sees_what_others_learn(enrolment, attempt):
    for role in Role:
        other = given.make_worker(role=role)
        assert not learn.permits(other, enrolment)
        assert not take_test.permits(other, attempt)


def test_courses_are_for_those_who_are_in_a_team(version, learner, outsider):
    assert see_version.permits(learner, version)
    assert not see_version.permits(outsider, version)
    with pytest.raises(Denied):
        actions.begin_course(version, by=outsider)


def test_nobody_acts_for_somebody_else(enrolment, attempt, stranger):
    for act in (
        lambda: actions.record_read_lesson(enrolment, LESSON, by=stranger, id=uuid4()),
        lambda: actions.record_answer(
            enrolment, QUESTION, [0], by=stranger, id=uuid4()
        ),
        lambda: actions.begin_test(enrolment, "m2", by=stranger),
        lambda: actions.submit_test(attempt, {}, by=stranger, id=uuid4()),
    ):
        with pytest.raises(Denied):
            act()

    assert not Event.objects.exists()


# --- learning


def test_beginning_twice_is_beginning_once(version, learner):
    first = actions.begin_course(version, by=learner)

    assert actions.begin_course(version, by=learner) == first
    assert done().count("began course") == 1


def test_what_was_read_counts_once_however_often(enrolment, learner):
    for _ in range(3):
        actions.record_read_lesson(enrolment, LESSON, by=learner, id=uuid4())

    assert load_progress(enrolment).steps_done == 1


def test_a_lesson_of_another_course_is_not_read_here(enrolment, learner):
    with pytest.raises(Refused, match="no such lesson"):
        actions.record_read_lesson(enrolment, "m9/01-elsewhere", by=learner, id=uuid4())


def test_practice_keeps_the_latest_answer_and_counts_nothing(enrolment, learner):
    for given_ in ([1], [2], [0]):
        actions.record_answer(enrolment, QUESTION, given_, by=learner, id=uuid4())

    assert map_latest_answers(enrolment, [QUESTION]) == {QUESTION: [0]}
    assert load_progress(enrolment).steps_done == 0


def test_what_can_be_no_answer_is_refused(enrolment, learner):
    for name, given_ in ((QUESTION, [9]), (QUESTION, "0"), ("m1-q99", [0])):
        with pytest.raises(Refused, match="not an answer to that question"):
            actions.record_answer(enrolment, name, given_, by=learner, id=uuid4())

    assert not Event.objects.exists()


def test_something_else_under_the_same_number_is_refused(enrolment, learner):
    id = uuid4()
    actions.record_answer(enrolment, QUESTION, [1], by=learner, id=id)

    with pytest.raises(Refused, match="Something else has already been saved"):
        actions.record_answer(enrolment, QUESTION, [0], by=learner, id=id)

    assert map_latest_answers(enrolment, [QUESTION]) == {QUESTION: [1]}


def test_another_persons_number_is_refused_and_shows_nothing(
    enrolment, version, learner, stranger
):
    id = uuid4()
    actions.record_answer(enrolment, QUESTION, [1], by=learner, id=id)
    theirs = actions.begin_course(version, by=stranger)

    with pytest.raises(Refused):
        actions.record_answer(theirs, QUESTION, [1], by=stranger, id=id)

    assert Event.objects.get().enrolment == enrolment


def test_what_happened_is_never_changed(enrolment, learner):
    actions.record_answer(enrolment, QUESTION, [1], by=learner, id=uuid4())

    refused = pytest.raises(DatabaseError, match="stays as it was told")
    with refused, transaction.atomic():
        Event.objects.update(result={"given": [0]})


def test_with_the_enrolment_goes_all_that_was_kept(enrolment, attempt, learner):
    actions.submit_test(attempt, all_right(attempt), by=learner, id=uuid4())

    enrolment.delete()

    assert not Event.objects.exists()
    assert not Attempt.objects.exists()


# --- tests


def test_a_test_that_is_open_is_gone_on_with(attempt, enrolment, learner):
    assert actions.begin_test(enrolment, "m1", by=learner) == attempt
    assert done().count("began test") == 1


def test_a_module_that_isnt_there_has_no_test(enrolment, learner):
    with pytest.raises(Refused, match="no such module"):
        actions.begin_test(enrolment, "m9", by=learner)


def test_a_test_with_right_answers_is_passed(attempt, enrolment, learner):
    actions.submit_test(attempt, all_right(attempt), by=learner, id=uuid4())

    attempt.refresh_from_db()
    assert attempt.submitted_at is not None
    assert load_progress(enrolment).modules[0].passed
    assert done()[-1] == "handed in test"


def test_a_critical_answer_that_is_wrong_does_not_pass(attempt, enrolment, learner):
    answers, critical = all_but_a_critical_one_right(attempt)

    actions.submit_test(attempt, answers, by=learner, id=uuid4())

    module = load_progress(enrolment).modules[0]
    assert not module.passed
    assert [result.critical for result in module.results] == [(critical,)]


def test_a_test_is_handed_in_once(attempt, enrolment, learner):
    actions.submit_test(attempt, {}, by=learner, id=uuid4())

    with pytest.raises(Refused, match="already been handed in"):
        actions.submit_test(attempt, all_right(attempt), by=learner, id=uuid4())

    assert not load_progress(enrolment).modules[0].passed
    with time_machine.travel(timezone.now() + retakes.BETWEEN):
        again = actions.begin_test(enrolment, "m1", by=learner)
    assert again != attempt
    assert again.seed != attempt.seed


def test_a_question_that_was_not_drawn_is_not_answered(attempt, learner):
    bank = actions.get_module(attempt).test.questions
    left_out = next(iter(set(bank) - set(actions.list_question_ids(attempt))))

    with pytest.raises(Refused):
        actions.submit_test(
            attempt, {left_out: RIGHT[left_out]}, by=learner, id=uuid4()
        )


def test_one_that_is_passed_stays_passed(attempt, enrolment, learner):
    actions.submit_test(attempt, all_right(attempt), by=learner, id=uuid4())
    with pytest.raises(Refused, match="again from"):
        actions.begin_test(enrolment, "m1", by=learner)
    with time_machine.travel(timezone.now() + retakes.AFTER_A_PASS):
        second = actions.begin_test(enrolment, "m1", by=learner)
        actions.submit_test(second, {}, by=learner, id=uuid4())

    assert load_progress(enrolment).modules[0].passed


# --- answers that come in any order, torn and repeated


IDS = [UUID(int=number) for number in range(1, 9)]
sendings = st.lists(
    st.tuples(st.sampled_from(IDS), st.integers(0, 2)), min_size=1, max_size=24
)


class Sync(TestCase):
    """What a device sends again is there once, and nothing is lost."""

    def setUp(self):
        coordinator = given.make_worker(role=Role.COORDINATOR)
        self.learner = given.make_worker()
        version = actions.publish_version(small_course(), by=coordinator)
        self.enrolment = actions.begin_course(version, by=self.learner)

    @drawn_from(sendings)
    def test_each_answer_is_kept_once_as_it_first_came(self, sent):
        first: dict[UUID, int] = {}
        refused = 0
        for id, option in sent:
            expected = first.setdefault(id, option)
            try:
                actions.record_answer(
                    self.enrolment, QUESTION, [option], by=self.learner, id=id
                )
            except Refused:
                refused += 1
                assert option != expected
            else:
                assert option == expected

        kept = {event.pk: event.result["given"] for event in Event.objects.all()}
        assert kept == {id: [option] for id, option in first.items()}
        answered = AuditEvent.objects.filter(did="answered practice question")
        assert answered.count() == len(first)
        latest = list(first.values())[-1]
        assert map_latest_answers(self.enrolment, [QUESTION]) == {QUESTION: [latest]}
        assert refused == sum(first[id] != option for id, option in sent)


def test_a_result_is_the_same_whenever_it_is_worked_out(attempt, learner):
    module = actions.get_module(attempt)
    answers = all_right(attempt)

    once = marking.mark_test(module, str(attempt.seed), answers)

    assert once == marking.mark_test(module, str(attempt.seed), dict(answers))
    assert once.passed
