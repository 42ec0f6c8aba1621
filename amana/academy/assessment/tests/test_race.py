"""Two at the same moment, in two connections: on PostgreSQL they really run at once.

Planted faults that this finds: `credentials._one_at_a_time` without its query (two
certificates), `publish` without `select_for_update` (a number that is there already,
as an error of the database), `certify` without its lock, `HandIn.move` without the
status as it was."""

import pytest
from django.db import connection

from amana import given
from amana.academy.assessment import actions, certification
from amana.academy.assessment.models import CertificateName, HandIn, Mark
from amana.academy.assessment.tests.conftest import (
    MET,
    WORDS,
    passes_test,
    reads_all,
)
from amana.academy.courses import actions as courses
from amana.academy.courses.models import Enrolment, Version
from amana.academy.courses.tests.courses import small_course, spoilt
from amana.academy.credentials import actions as credentials
from amana.academy.credentials.models import Achievement, Certificate
from amana.errors import Refused
from amana.trust.access.models import Role
from tests.races import at_once

pytestmark = pytest.mark.django_db(transaction=True)


@pytest.fixture(autouse=True)
def _writers_at_once():
    if connection.vendor != "postgresql":
        pytest.skip("SQLite has one writer at a time.")
    given.people._founders.clear()
    yield
    given.people._founders.clear()


@pytest.fixture
def coordinator():
    return given.make_worker(role=Role.COORDINATOR)


@pytest.fixture
def enrolment(coordinator):
    version = courses.publish_version(small_course(), by=coordinator)
    return courses.begin_course(version, by=given.make_worker())


def the_second_is_refused(came):
    refused = [error for error in came if error]
    assert len(refused) == len(came) - 1, came
    assert all(isinstance(error, Refused) for error in refused), refused


def test_a_certificate_is_issued_once_though_two_certify_at_once(
    enrolment, coordinator
):
    achievement = Achievement.objects.get(code="basics")
    credentials.make_key(by=None)
    came = at_once(
        *(lambda: credentials.issue(achievement, enrolment.person) for _one in range(3))
    )
    the_second_is_refused(came)
    assert Certificate.objects.count() == 1


def test_what_is_due_is_issued_once_though_two_look_at_once(enrolment, coordinator):
    credentials.make_key(by=None)
    reads_all(enrolment)
    passes_test(enrolment)
    work = actions.submit_work(enrolment, "m1", WORDS, by=enrolment.person)
    actions.take_work(work, by=coordinator)
    actions.mark_work(work, MET, by=coordinator)
    CertificateName.objects.create(
        enrolment=enrolment, shown=CertificateName.Shown.NAME
    )
    same = [Enrolment.objects.get(pk=enrolment.pk) for _one in range(3)]

    came = at_once(
        *(
            (lambda enrolment=enrolment: certification.certify(enrolment))
            for enrolment in same
        )
    )

    assert came == [None, None, None]
    assert Certificate.objects.count() == 1


def test_versions_that_are_published_at_once_follow_each_other(coordinator):
    courses.publish_version(small_course(), by=coordinator)
    others = [spoilt("course.yaml", "A draft.", f"Draft {n}.") for n in range(3)]

    came = at_once(
        *(
            (lambda other=other: courses.publish_version(other, by=coordinator))
            for other in others
        )
    )

    assert came == [None, None, None]
    numbers = Version.objects.order_by("number").values_list("number", flat=True)
    assert list(numbers) == [1, 2, 3, 4]


def test_the_same_wording_is_published_once(coordinator):
    came = at_once(
        *(
            lambda: courses.publish_version(small_course(), by=coordinator)
            for _one in range(3)
        )
    )
    the_second_is_refused(came)
    assert Version.objects.count() == 1


def test_work_is_taken_by_one_and_handed_in_once(enrolment, coordinator):
    by = enrolment.person
    came = at_once(
        *(
            lambda: actions.submit_work(enrolment, "m1", WORDS, by=by)
            for _one in range(3)
        )
    )
    the_second_is_refused(came)

    work, others = HandIn.objects.get(), [given.make_worker() for _one in range(2)]
    for other in others:
        actions.appoint(other, by=coordinator)
    seen = [HandIn.objects.get(pk=work.pk) for _one in others]
    came = at_once(
        *(
            (lambda this=this, other=other: actions.take_work(this, by=other))
            for this, other in zip(seen, others, strict=True)
        )
    )
    the_second_is_refused(came)
    assert not Mark.objects.exists()
