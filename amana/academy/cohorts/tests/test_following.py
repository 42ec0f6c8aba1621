"""Those who lead a cohort see how far learners are who share it, and of no other one;
they write to all or to one; and a report counts, and names no one."""

import csv
from datetime import timedelta
from io import StringIO
from uuid import uuid4

import pytest
from django.core import mail
from django.urls import reverse
from django.utils import timezone
from time_machine import travel

from amana import given
from amana.academy.cohorts import actions, cohort_progress, cohort_report
from amana.academy.cohorts.cohort_progress import LearnerState, load_cohort_progress
from amana.academy.cohorts.models import CohortMessage
from amana.academy.cohorts.tests.conftest import days
from amana.academy.courses import actions as courses
from amana.academy.courses.content import load_content
from amana.academy.courses.models import AttemptRequest
from amana.errors import Refused
from amana.trust.access.rules import Denied
from amana.ui.once import make_form_key

pytestmark = pytest.mark.django_db


@pytest.fixture
def enter(cohort, trainer):
    """Someone comes into the cohort by a link."""

    def enter(name="Wanjiru Kamau", *, shares=False):
        link = actions.make_invitation(
            cohort, places=1, expires_on=cohort.open_until, by=trainer
        )
        learner = given.make_learner(name=name)
        seat = actions.use_invitation(link, by=learner)
        if shares:
            actions.share_progress(seat, True, by=learner)
        return seat

    return enter


def read_first_lesson(seat):
    enrolment = seat.person.enrolments.get()
    first = load_content(enrolment.version).lessons[0]
    courses.record_read_lesson(enrolment, first.path, by=seat.person, id=uuid4())
    return enrolment


def test_nothing_is_seen_of_who_does_not_share_it(enter, cohort, trainer):
    seat = enter()
    read_first_lesson(seat)
    found = load_cohort_progress(cohort)
    assert (list(found.learners), found.silent) == ([], 1)
    page = given.sign_in(trainer).get(reverse("cohorts:progress", args=[cohort.pk]))
    assert seat.person.name not in page.content.decode()


def test_who_shares_it_is_seen_and_stops_being_seen(enter, cohort, trainer):
    seat = enter(shares=True)
    read_first_lesson(seat)
    [line] = load_cohort_progress(cohort).learners
    assert (line.read, line.passed, line.state) == (1, 0, LearnerState.LEARNING)
    browser = given.sign_in_learner(seat.person)
    share = reverse("cohorts:share", args=[seat.pk])
    browser.post(share, make_form_key() | {"shares": "no"})
    assert load_cohort_progress(cohort).silent == 1
    # A button that names nothing shares nothing.
    browser.post(share, make_form_key())
    assert load_cohort_progress(cohort).silent == 1


def test_who_waits_for_something_comes_first(enter, cohort):
    learning, quiet = enter("A", shares=True), enter("B", shares=True)
    read_first_lesson(quiet)
    with travel(timezone.now() + timedelta(days=15), tick=False):
        read_first_lesson(learning)
        states = [
            (str(line.application.person), line.state)
            for line in load_cohort_progress(cohort).learners
        ]
        assert states == [("B", LearnerState.QUIET), ("A", LearnerState.LEARNING)]
        enrolment = learning.person.enrolments.get()
        AttemptRequest.objects.create(enrolment=enrolment, module="m1")
        first = load_cohort_progress(cohort).learners[0]
    assert (first.application, first.state) == (learning, LearnerState.ASKS)


def test_who_has_done_nothing_has_not_begun(enter, cohort):
    enter(shares=True)
    [line] = load_cohort_progress(cohort).learners
    assert (line.state, line.last_at) == (LearnerState.NOT_BEGUN, None)


def test_only_who_leads_the_cohort_sees_any_of_it(
    enter, cohort, other_trainer, learner
):
    seat = enter(shares=True)
    names = ("progress", "progress_file", "messages", "report", "report_file")
    browsers = [given.sign_in(other_trainer), given.sign_in(learner)]
    for browser in [*browsers, given.sign_in_learner(seat.person)]:
        for name in names:
            page = browser.get(reverse(f"cohorts:{name}", args=[cohort.pk]))
            assert page.status_code == 404, name


def test_no_one_shares_for_someone_else(enter, trainer):
    seat = enter()
    with pytest.raises(Denied):
        actions.share_progress(seat, True, by=trainer)


def test_more_learners_cost_no_query_more(
    cohort, trainer, enter, django_assert_max_num_queries
):
    type(cohort).objects.filter(pk=cohort.pk).update(capacity=50)
    enter("A", shares=True)
    with django_assert_max_num_queries(8):
        load_cohort_progress(cohort)
    for at in range(20):
        enter(f"L{at}", shares=True)
    with django_assert_max_num_queries(8):
        assert len(load_cohort_progress(cohort).learners) == 21


def test_a_table_runs_no_formula(enter, cohort, trainer):
    enter('=HYPERLINK("https://evil.example")', shares=True)
    page = given.sign_in(trainer).get(
        reverse("cohorts:progress_file", args=[cohort.pk])
    )
    rows = list(csv.reader(StringIO(page.content.decode("utf-8-sig"))))
    assert rows[1][0].startswith("'=")


# --- messages


def test_a_message_reaches_everyone_who_takes_part_and_no_one_else(
    enter, cohort, trainer, django_capture_on_commit_callbacks
):
    inside, outside = enter("A"), given.make_learner()
    with django_capture_on_commit_callbacks(execute=True):
        actions.send_message(cohort, "We begin on Monday.", by=trainer)
    [letter] = mail.outbox
    assert letter.to == [inside.person.email]
    assert "Monday" not in letter.body
    mine = reverse("cohorts:mine")
    seen = given.sign_in_learner(inside.person).get(mine).content.decode()
    assert "We begin on Monday." in seen
    unseen = given.sign_in_learner(outside).get(mine).content.decode()
    assert "We begin on Monday." not in unseen


def test_a_message_to_one_is_read_by_one(enter, cohort, trainer):
    first, second = enter("A"), enter("B")
    actions.send_message(cohort, "Shall we telephone?", to=first, by=trainer)
    mine = reverse("cohorts:mine")
    assert "telephone" in given.sign_in_learner(first.person).get(mine).content.decode()
    other = given.sign_in_learner(second.person).get(mine).content.decode()
    assert "telephone" not in other


def test_who_has_left_reads_no_later_message(enter, cohort, trainer):
    seat = enter("A")
    enter("B")
    actions.withdraw_application(seat, by=seat.person)
    actions.send_message(cohort, "For those who stayed.", by=trainer)
    page = given.sign_in_learner(seat.person).get(reverse("cohorts:mine"))
    assert "For those who stayed." not in page.content.decode()


def test_a_message_to_no_one_is_refused(cohort, trainer, other_trainer, enter):
    with pytest.raises(Refused):
        actions.send_message(cohort, "Hello?", by=trainer)
    enter()
    with pytest.raises(Denied):
        actions.send_message(cohort, "Hello?", by=other_trainer)


def test_a_form_writes_to_one_and_keeps_what_was_wrong(enter, cohort, trainer):
    seat = enter()
    page = reverse("cohorts:messages", args=[cohort.pk])
    browser = given.sign_in(trainer)
    assert browser.post(page, make_form_key() | {"text": ""}).status_code == 422
    sent = make_form_key() | {"text": "Shall we talk?", "to": str(seat.pk)}
    assert browser.post(page, sent).status_code == 302
    assert CohortMessage.objects.get().to == seat
    other = make_form_key() | {"text": "x", "to": str(uuid4())}
    assert browser.post(page, other).status_code == 422


def test_messages_are_deleted_a_month_after_the_cohort(enter, cohort, trainer):
    enter()
    actions.send_message(cohort, "Hello", by=trainer)
    over = (cohort.ends_on - timezone.localdate()).days
    with days(over + 29):
        assert actions.forget_messages() == 0
    with days(over + 32):
        assert actions.forget_messages() == 1


# --- the report


def test_a_report_counts_and_names_no_one(enter, cohort, trainer, application):
    seat = enter()
    lines = {str(line.label): line.value for line in cohort_report.list_report(cohort)}
    assert lines["Places"] == cohort.capacity
    assert lines["Takes part"] == 1
    assert lines["Applications that are kept"] == 2
    assert lines["Live sessions held"] == 0
    browser = given.sign_in(trainer)
    for name in ("report", "report_file"):
        said = browser.get(reverse(f"cohorts:{name}", args=[cohort.pk]))
        assert seat.person.name not in said.content.decode()


def test_each_state_has_a_tone():
    assert set(cohort_progress.TONES) == set(LearnerState)
