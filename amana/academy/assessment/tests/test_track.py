"""The sector for which a course was learned begins with that of a cohort, and is named
on the certificate."""

from datetime import timedelta

from django.urls import reverse
from django.utils import timezone

from amana import given
from amana.academy.assessment.certification import list_evidence
from amana.academy.cohorts import actions as cohorts
from amana.academy.cohorts.actions import CohortPlan
from amana.academy.courses import actions as courses
from amana.academy.courses.content import load_content
from amana.academy.courses.tests.test_tracks import tracked
from amana.trust.access.models import Role
from tests.worlds import kept


@kept
def coordinator(db):
    return given.make_worker(role=Role.COORDINATOR)


@kept
def version(coordinator):
    return courses.publish_version(tracked(), by=coordinator)


@kept
def learner(db):
    return given.make_worker()


def take_part(version, learner, coordinator, track):
    """Take a place in a cohort that is for a sector."""
    today = timezone.localdate()
    last = today + timedelta(days=30)
    plan = CohortPlan("Spring", today, last, today, capacity=9, track=track)
    cohort = cohorts.open_cohort(version, plan, by=coordinator)
    invited = cohorts.invite_person(cohort, learner, by=coordinator)
    return cohorts.accept_place(invited, by=learner)


def list_named(enrolment):
    [certification, *_more] = load_content(enrolment.version).certificates
    evidence = list_evidence(enrolment, certification)
    return [(done.genre, done.narrative) for done in evidence if done.genre == "track"]


def test_a_place_in_a_cohort_begins_with_its_sector(version, learner, coordinator):
    enrolment = take_part(version, learner, coordinator, "police")
    assert enrolment.track == "police"
    assert list_named(enrolment) == [("track", "Police")]

    courses.choose_track(enrolment, "", by=learner)
    assert list_named(enrolment) == []


def test_who_has_chosen_a_sector_keeps_it(version, learner, coordinator):
    courses.choose_track(
        courses.begin_course(version, by=learner), "health", by=learner
    )
    assert take_part(version, learner, coordinator, "police").track == "health"


def test_a_cohort_is_opened_for_a_sector_of_its_course(version, coordinator):
    page = given.sign_in(coordinator).get(reverse("cohorts:begin", args=["small"]))
    assert '<option value="police">' in page.content.decode()
