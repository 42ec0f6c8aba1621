"""The two of a pair don't judge each other's work, as long as they are one."""

from amana.academy.assessment import actions as works
from amana.academy.assessment.rules import assess_work
from amana.academy.community.mentoring import actions


def test_a_mentor_does_not_judge_whom_they_mentor(agreed, mentor, mentee, coordinator):
    works.appoint(mentor, by=coordinator)
    work = works.submit_work(
        mentee.enrolments.get(), "m1", "She may say no.", by=mentee
    )

    assert not assess_work.permits(mentor, work)
    assert assess_work.permits(coordinator, work)

    actions.end_pair(agreed, by=mentor)
    assert assess_work.permits(mentor, work)
