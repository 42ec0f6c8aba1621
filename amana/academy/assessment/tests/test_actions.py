"""Work is handed in, judged by somebody else, judged again, appealed against."""

from datetime import timedelta

import pytest
import time_machine
from django.core.management import call_command
from django.db import IntegrityError, transaction
from django.utils import timezone

from amana import given
from amana.academy.assessment import actions, citing
from amana.academy.assessment.actions import CriterionMark
from amana.academy.assessment.models import CertificateName, HandIn, Mark
from amana.academy.assessment.tests.conftest import ABSENT, MET, WORDS, passes_test
from amana.academy.courses.tests.courses import spoilt
from amana.care.cases.tests.corpus import a_pdf, a_picture
from amana.errors import Changed, Refused
from amana.trust.access.rules import Denied
from amana.trust.audit.models import AuditEvent
from amana.trust.vault.files import InspectedFile, inspect_file


def did(word):
    return AuditEvent.objects.filter(did=word)


def now_of(work):
    return HandIn.objects.get(pk=work.pk)


# --- who judges


def test_a_coordinator_says_who_judges(coordinator, assessor, stranger):
    assert did("appointed assessor").count() == 1
    with pytest.raises(Refused, match="already"):
        actions.appoint(assessor, by=coordinator)
    with pytest.raises(Denied):
        actions.appoint(coordinator, by=coordinator)
    with pytest.raises(Denied):
        actions.appoint(stranger, by=assessor)


def test_who_judges_no_more_gives_back_what_they_had(taken, assessor, coordinator):
    appointment = assessor.assesses.get()
    actions.end_appointment(appointment, by=coordinator)

    assert now_of(taken).status == "waiting"
    with pytest.raises(Denied):
        actions.take_work(now_of(taken), by=assessor)
    with pytest.raises(Changed):
        actions.end_appointment(appointment, by=coordinator)


# --- handing in


def test_words_and_files_are_handed_in_and_only_harmless_copies_are_kept(
    enrolment, learner
):
    attached = [
        inspect_file(a_pdf(), "list.pdf"),
        inspect_file(a_picture(), "wall.jpg"),
    ]
    work = actions.submit_work(enrolment, "m1", WORDS, attached, by=learner)

    assert (work.number, work.status) == (1, "waiting")
    kept = {file.name: bytes(file.content) for file in work.files.all()}
    assert kept.keys() == {"list.pdf", "wall.jpg"}
    assert kept["wall.jpg"] != a_picture()
    event = did("handed in work").get()
    assert event.auditdetail.details == {"number": 1, "files": 2}


@pytest.mark.parametrize(
    ("module", "words", "files", "said"),
    [
        ("m2", WORDS, [], "no work to hand in"),
        ("m1", "  ", [], "Write something"),
        ("m1", "x" * 40_001, [], "too long"),
        ("m1", WORDS, [InspectedFile("", "a.pdf", b"", b"", "")] * 4, "three files"),
    ],
)
def test_what_is_no_work_is_refused(enrolment, learner, module, words, files, said):
    with pytest.raises(Refused, match=said):
        actions.submit_work(enrolment, module, words, files, by=learner)


def test_nobody_hands_in_for_another(enrolment, stranger):
    with pytest.raises(Denied):
        actions.submit_work(enrolment, "m1", WORDS, by=stranger)


def test_one_version_is_judged_at_a_time(work, enrolment, learner):
    with pytest.raises(Refused, match="still waiting for its mark"):
        actions.submit_work(enrolment, "m1", WORDS, by=learner)
    with pytest.raises(IntegrityError), transaction.atomic():
        HandIn.objects.create(
            enrolment=enrolment, module="m1", number=2, due_at=timezone.now()
        )


def test_work_is_taken_back_until_it_is_judged(taken, enrolment, learner, assessor):
    actions.withdraw_work(now_of(taken), by=learner)

    with pytest.raises(Denied):
        actions.mark_work(now_of(taken), MET, by=assessor)
    assert actions.submit_work(enrolment, "m1", WORDS, by=learner).number == 2
    assert did("took work back").count() == 1


def test_judged_work_is_not_taken_back(to_revise, learner):
    with pytest.raises(Refused, match="already been marked"):
        actions.withdraw_work(to_revise, by=learner)


def test_what_is_to_be_revised_is_handed_in_as_the_next_version(
    to_revise, enrolment, learner
):
    again = actions.submit_work(enrolment, "m1", WORDS + " Always.", by=learner)

    assert again.number == 2
    assert now_of(to_revise).status == "revise"
    assert to_revise.assessments.get().to_do == "Say to whom."


# --- judging


def test_nobody_judges_their_own_work_nor_that_of_a_colleague(
    work, learner, colleague, coordinator, stranger
):
    actions.appoint(learner, by=coordinator)
    for person in (learner, colleague, stranger):
        with pytest.raises(Denied):
            actions.take_work(work, by=person)
    actions.take_work(work, by=coordinator)
    assert now_of(work).taken_by == coordinator


def test_what_one_has_taken_nobody_else_takes(taken, second, assessor):
    actions.take_work(taken, by=assessor)
    with pytest.raises(Changed):
        actions.take_work(now_of(taken), by=second)
    with pytest.raises(Denied):
        actions.mark_work(taken, MET, by=second)
    actions.return_work(taken, by=assessor)
    actions.take_work(now_of(taken), by=second)
    assert did("gave work back").count() == 1


def test_work_that_meets_each_criterion_passes(taken, assessor):
    made = actions.mark_work(taken, MET, by=assessor)

    assert (made.passed, now_of(taken).status) == (True, "passed")
    assert made.verdicts == [
        {"level": 1, "where": "text", "passage": "We say to whom, what and why"}
    ]
    assert len(made.rubric) == 64


def test_what_does_not_pass_says_what_to_do(taken, assessor):
    with pytest.raises(Refused, match="what the learner has to do"):
        actions.mark_work(taken, ABSENT, by=assessor)
    with pytest.raises(IntegrityError), transaction.atomic():
        Mark.objects.create(
            hand_in=taken, assessor=assessor, rubric="x", verdicts=[], passed=False
        )


def test_a_passage_is_found_however_its_lines_are_broken(taken, assessor):
    wrapped = [CriterionMark(1, "text", "what and why, and  she may")]
    assert actions.mark_work(taken, wrapped, by=assessor).passed


def test_a_file_or_a_test_can_decide_a_verdict(enrolment, learner, assessor):
    passes_test(enrolment)
    work = actions.submit_work(
        enrolment, "m1", "", [inspect_file(a_pdf(), "a.pdf")], by=learner
    )
    actions.take_work(work, by=assessor)
    test = citing.find_tests(work).get()

    with pytest.raises(Refused, match="what your mark is based on"):
        actions.mark_work(
            work, [CriterionMark(1, f"file:{work.files.get().pk}")], by=assessor
        )
    actions.mark_work(work, [CriterionMark(1, f"event:{test.pk}")], by=assessor)
    assert now_of(work).status == "passed"


@pytest.mark.parametrize(
    ("where", "passage"),
    [
        ("text", ""),
        ("text", "She must say yes"),
        ("file:1", "page 1"),
        ("file:x", "page 1"),
        (f"file:{'1' * 5000}", "page 1"),
        ("event:7d6f1c5e-0000-4000-8000-000000000000", ""),
        ("event:x", ""),
        ("", "We ask her first."),
        ("text", "We ask her first." * 200),
    ],
)
def test_a_verdict_that_nothing_decided_is_refused(taken, assessor, where, passage):
    with pytest.raises(Refused, match="what your mark is based on"):
        actions.mark_work(taken, [CriterionMark(1, where, passage)], by=assessor)
    assert not Mark.objects.exists()


@pytest.mark.parametrize("levels", [[], [1, 1], [2], [-1]])
def test_each_criterion_has_one_level_that_it_knows(taken, assessor, levels):
    verdicts = [CriterionMark(level, "text", "We ask her first.") for level in levels]
    with pytest.raises(Refused, match="one level for each criterion"):
        actions.mark_work(taken, verdicts, by=assessor)


def test_the_log_knows_that_it_was_judged_and_none_of_its_words(taken, assessor):
    actions.mark_work(taken, MET, by=assessor)

    event = did("judged work").get()
    assert event.actor == assessor.actor_id
    assert "whom" not in str(event.auditdetail.details)


# --- again


def test_a_second_assessor_sees_it_otherwise_and_both_stay(to_revise, assessor, second):
    made = actions.override_mark(to_revise, MET, reason="It says so.", by=second)

    assert now_of(to_revise).status == "passed"
    first = to_revise.assessments.get(assessor=assessor)
    assert (first.passed, made.overrides, made.passed) == (False, first, True)


def test_who_judged_does_not_judge_again_and_nobody_without_a_reason(
    to_revise, assessor, second, colleague
):
    for person in (assessor, colleague):
        with pytest.raises(Denied):
            actions.override_mark(to_revise, MET, reason="I see now.", by=person)
    with pytest.raises(Refused, match="Give a reason"):
        actions.override_mark(to_revise, MET, reason=" ", by=second)
    with pytest.raises(Refused, match="same as before"):
        actions.override_mark(
            to_revise, ABSENT, reason="So it is.", to_do="x", by=second
        )


def test_an_appeal_is_decided_by_somebody_else_within_its_time(
    to_revise, learner, assessor, second
):
    made = actions.appeal_mark(to_revise, "The second line says it.", by=learner)

    assert now_of(to_revise).status == "appealed"
    assert to_revise.due_at - made.made_at == timedelta(days=14)
    with pytest.raises(Denied):
        actions.override_mark(to_revise, MET, reason="No.", by=assessor)
    actions.override_mark(to_revise, ABSENT, reason="No.", to_do="Say it.", by=second)
    assert now_of(to_revise).status == "revise"
    made.refresh_from_db()
    assert made.answered_at
    with pytest.raises(Refused, match="appeal once for each version"):
        actions.appeal_mark(now_of(to_revise), "Once more.", by=learner)


def test_who_may_appeal_and_when(to_revise, work, learner, stranger, taken):
    with pytest.raises(Denied):
        actions.appeal_mark(to_revise, "Please.", by=stranger)
    with pytest.raises(Refused, match="what was overlooked"):
        actions.appeal_mark(to_revise, " ", by=learner)
    later = timezone.now() + timedelta(days=31)
    with time_machine.travel(later), pytest.raises(Refused, match="30 days ago"):
        actions.appeal_mark(to_revise, "Please.", by=learner)


def test_only_the_newest_version_is_appealed_against(to_revise, enrolment, learner):
    newer = actions.submit_work(enrolment, "m1", "And to whom.", by=learner)
    with pytest.raises(Changed, match="has changed in the meantime"):
        actions.appeal_mark(to_revise, "The second line says it.", by=learner)
    actions.withdraw_work(newer, by=learner)
    with pytest.raises(Changed, match="has changed in the meantime"):
        actions.appeal_mark(to_revise, "The second line says it.", by=learner)


def test_what_passed_is_not_appealed_against(taken, assessor, learner):
    actions.mark_work(taken, MET, by=assessor)
    with pytest.raises(Changed):
        actions.appeal_mark(taken, "More praise.", by=learner)


# --- the clock


def test_what_is_kept_too_long_goes_back_and_what_is_late_is_told_once(taken):
    with time_machine.travel(timezone.now() + timedelta(days=3, minutes=1)):
        call_command("chase_assessments")
    assert now_of(taken).status == "waiting"
    assert now_of(taken).escalated_at is None

    with time_machine.travel(timezone.now() + timedelta(days=7, minutes=1)):
        call_command("chase_assessments")
        call_command("chase_assessments")
    assert now_of(taken).escalated_at
    assert did("told of late work").count() == 1
    assert did("gave work back").get().actor == "system"


def test_the_clock_does_not_let_go_what_somebody_has_just_judged(taken, assessor):
    stale = now_of(taken)
    actions.mark_work(taken, MET, by=assessor)
    with pytest.raises(Changed):
        actions.release_work(stale)
    assert not actions.escalate_work(stale)


# --- the name


def test_a_pseudonym_has_to_be_written_and_a_name_is_nobodys_to_choose(
    enrolment, learner, stranger
):
    with pytest.raises(Refused, match="pseudonym"):
        actions.choose_name(enrolment, CertificateName.Shown.PSEUDONYM, " ", by=learner)
    with pytest.raises(Denied):
        actions.choose_name(enrolment, CertificateName.Shown.NAME, by=stranger)
    actions.choose_name(enrolment, CertificateName.Shown.NAME, "left over", by=learner)
    assert enrolment.wish.pseudonym == ""


def test_a_course_is_judged_by_the_wording_by_which_it_is_learned(
    taken, assessor, coordinator
):
    from amana.academy.courses import actions as courses

    other = spoilt("modules/1-consent/assignment.yaml", "text: There}", "text: All}")
    courses.publish_version(other, by=coordinator)
    learns = given.make_worker()
    mine = courses.begin_course(
        taken.enrolment.version.course.versions.last(), by=learns
    )
    newer = actions.submit_work(mine, "m1", WORDS, by=learns)
    actions.take_work(newer, by=assessor)

    found = {
        actions.mark_work(hand_in, MET, by=assessor).rubric
        for hand_in in (taken, newer)
    }
    assert len(found) == 2
