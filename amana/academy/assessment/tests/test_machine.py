"""Random lives of a piece of work, compared with a table written down here.

After each thing that anybody or the clock tried, right or wrong, on a fresh or an old
page: it stands where the table allows, what was refused has changed nothing, each
judgement is by somebody else than the learner and than the one before, and there is
never more than one open version.

Planted faults that this finds: `move` without `to not in was.next` (an appeal against
what passed); `judge_again` without the assessments of one's own; `of_others` that lets
in the learner.
"""

import os
from contextlib import suppress
from datetime import timedelta

import time_machine
from django.core.exceptions import PermissionDenied
from django.db import transaction
from django.utils import timezone
from hypothesis import given as drawn_from
from hypothesis import settings
from hypothesis import strategies as st
from hypothesis.extra.django import TestCase

from amana import given
from amana.academy.assessment import actions, chasing
from amana.academy.assessment.models import HandIn, Mark
from amana.academy.assessment.states import NEXT, OPEN, WorkStatus
from amana.academy.assessment.tests.conftest import ABSENT, MET, WORDS
from amana.academy.courses import actions as courses
from amana.academy.courses.models import Enrolment
from amana.academy.courses.tests.courses import small_course
from amana.errors import Refused
from amana.trust.access.models import Role, User

THOROUGH = os.environ.get("HYPOTHESIS_PROFILE") == "thorough"

# Written by hand, not taken from the code.
TABLE = {
    "waiting": "taken withdrawn",
    "taken": "waiting passed revise withdrawn",
    "passed": "revise",
    "revise": "passed appealed",
    "appealed": "passed revise",
    "withdrawn": "",
}

ACTS = {
    "hand in": lambda w, by: actions.submit_work(w.enrolment, "m1", WORDS, by=by),
    "take": lambda w, by: actions.take_work(w, by=by),
    "give back": lambda w, by: actions.return_work(w, by=by),
    "pass": lambda w, by: actions.mark_work(w, MET, by=by),
    "fail": lambda w, by: actions.mark_work(w, ABSENT, to_do="More.", by=by),
    "pass again": lambda w, by: actions.override_mark(w, MET, reason="So.", by=by),
    "fail again": lambda w, by: actions.override_mark(
        w, ABSENT, reason="So.", to_do="More.", by=by
    ),
    "appeal": lambda w, by: actions.appeal_mark(w, "Look.", by=by),
    "withdraw": lambda w, by: actions.withdraw_work(w, by=by),
    "clock": lambda w, by: chasing.chase_late_work(),
}
PEOPLE = ["learner", "one", "two", "three", "stranger"]
ASSESSORS = ["one", "two"]
LIKELY = {
    "waiting": [("take", person) for person in ["learner", *ASSESSORS]]
    + [("withdraw", "learner")],
    "taken": [
        (act, assessor)
        for assessor in ASSESSORS
        for act in ("pass", "fail", "give back")
    ]
    + [("pass", "learner")],
    "passed": [("fail again", assessor) for assessor in ASSESSORS]
    + [("appeal", "learner")],
    "revise": [("pass again", assessor) for assessor in ASSESSORS]
    + [("appeal", "learner"), ("hand in", "learner")],
    "appealed": [
        (act, assessor)
        for assessor in ASSESSORS
        for act in ("pass again", "fail again")
    ],
    "withdrawn": [("hand in", "learner")],
}
"""What brings a piece of work on; else nearly every life would end where it began."""

ANYTHING = st.tuples(st.sampled_from(list(ACTS)), st.sampled_from(PEOPLE))
STEP = st.tuples(st.integers(0, 6), ANYTHING, st.sampled_from(["on", "on", "any"]))
HANDS = st.sampled_from([False, False, True])
"""Whether the page on which it is done is an old one."""


def test_the_table_is_ours():
    assert {str(was): set(map(str, to)) for was, to in NEXT.items()} == {
        was: set(to.split()) for was, to in TABLE.items()
    }
    assert {status for status in WorkStatus if not NEXT[status]} == {
        WorkStatus.WITHDRAWN
    }


class TestLivesOfWork(TestCase):
    people: dict[str, User]
    enrolment: Enrolment

    @classmethod
    def setUpTestData(cls):
        boss = given.make_worker(role=Role.COORDINATOR)
        cls.people = {name: given.make_worker() for name in PEOPLE}
        for name in ("one", "two", "three", "learner"):
            actions.appoint(cls.people[name], by=boss)
        version = courses.publish_version(small_course(), by=boss)
        cls.enrolment = courses.begin_course(version, by=cls.people["learner"])

    @settings(max_examples=1_000 if THOROUGH else 10)
    @drawn_from(st.lists(st.tuples(STEP, HANDS), min_size=6, max_size=14))
    def test_nothing_happens_that_the_table_does_not_allow(self, life):
        learner = self.people["learner"]
        old = actions.submit_work(self.enrolment, "m1", WORDS, by=learner)
        for (nth, anything, how), on_an_old_page in life:
            work = HandIn.objects.latest("number")
            likely = LIKELY[work.status]
            act, name = likely[nth % len(likely)] if how == "on" else anything
            before = self.stand()
            shown = old if on_an_old_page else work
            old = HandIn.objects.get(pk=work.pk)
            with time_machine.travel(self.later(act), tick=True):
                went = self.try_to(act, shown, self.people[name])
            self.compare(before, went)

    def later(self, act):
        return timezone.now() + timedelta(days=4 if act == "clock" else 0)

    def try_to(self, act, work, by):
        with suppress(Refused, PermissionDenied), transaction.atomic():
            ACTS[act](work, by)
            return True
        return False

    def stand(self):
        return dict(HandIn.objects.values_list("number", "status"))

    def compare(self, before, went):
        after = self.stand()
        for number, was in before.items():
            if after[number] != was:
                assert went
                assert after[number] in TABLE[was].split()
        assert sum(status in OPEN for status in after.values()) <= 1
        never = [self.people[name] for name in ("learner", "stranger")]
        assert not HandIn.objects.filter(taken_by__in=never).exists()
        judged = Mark.objects.values_list("hand_in", "assessor")
        assert len(judged) == len(set(judged))
        assert self.people["learner"].pk not in {assessor for _work, assessor in judged}
        assert self.people["stranger"].pk not in {who for _work, who in judged}
        for work in HandIn.objects.filter(status__in=["passed", "revise"]):
            last = work.assessments.latest("at", "pk")
            assert last.passed == (work.status == "passed")
