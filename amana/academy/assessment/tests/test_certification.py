"""What is lacking for a certificate is said in words; when nothing is, it is issued."""

from dataclasses import replace
from datetime import timedelta
from uuid import uuid4

import pytest
import time_machine
from django.utils import timezone

from amana.academy.assessment import actions, certification, chasing, labels
from amana.academy.assessment.models import CertificateName
from amana.academy.assessment.tests.conftest import (
    MET,
    WORDS,
    passes_test,
    reads_all,
)
from amana.academy.courses import actions as courses
from amana.academy.courses import sections
from amana.academy.courses.content import load_content
from amana.academy.courses.engine import course_content, reading
from amana.academy.courses.retakes import AFTER_A_PASS
from amana.academy.courses.tests.courses import small_course, spoilt
from amana.academy.courses.tests.test_actions import all_but_a_critical_one_right
from amana.academy.credentials import actions as credentials
from amana.academy.credentials import checking, signing
from amana.academy.credentials.engine.verdicts import VerificationOutcome
from amana.academy.credentials.models import Achievement, Certificate, IssuerKey
from amana.academy.credentials.paper.badge_pictures import write_json
from tests.worlds import kept


def lacking(enrolment, code="basics"):
    course = load_content(enrolment.version)
    pathway = next(
        pathway
        for pathway in certification.list_pathways(enrolment)
        if pathway.certification.code == code
    )
    return [labels.format_lack(course, lack) for lack in pathway.lacks]


def passes_work(enrolment, assessor):
    work = actions.submit_work(enrolment, "m1", WORDS, by=enrolment.person)
    actions.take_work(work, by=assessor)
    actions.mark_work(work, MET, by=assessor)


def held(enrolment):
    return Certificate.objects.filter(learner=enrolment.person).order_by("issued_at")


@kept
def certified(ready, assessor):
    passes_work(ready, assessor)
    return ready


@pytest.fixture
def attending(monkeypatch):
    """Whoever the registry is asked about was in the live session of module 1."""
    monkeypatch.setattr(sections, "ATTENDED", [lambda enrolment: ["m1"]])


def test_what_a_course_certifies_is_known_when_it_is_published(enrolment):
    first = Achievement.objects.get(code="basics")

    assert (first.version, first.name, first.months) == (1, "Asks first", 24)
    assert first.criteria == (
        "Lessons read and tests passed: Consent. Work at the learner’s own workplace, "
        "marked by a person: Consent. About 40 minutes of learning."
    )


def test_a_new_wording_of_a_certificate_is_a_new_version_of_it(enrolment, coordinator):
    courses.publish_version(spoilt("course.yaml", "A draft.", "Read."), by=coordinator)
    assert Achievement.objects.filter(code="basics").count() == 1

    other = spoilt("certificates.yaml", "Asks before sharing.", "Always asks.")
    courses.publish_version(other, by=coordinator)
    assert Achievement.objects.filter(code="basics").count() == 2


def test_all_that_is_lacking_is_said(enrolment):
    assert lacking(enrolment) == [
        "Module 1: 2 lessons to read",
        "Module 1: test not passed yet",
        "Module 1: work at your workplace not passed yet",
        "Choose the name on your certificate",
    ]
    assert lacking(enrolment, "whole") == [
        "You need “Asks first” first",
        "Module 2: 1 lesson to read",
        "Module 2: test not passed yet",
        "Module 1: live session not attended yet",
        "Choose the name on your certificate",
    ]


def test_when_the_work_passes_the_certificate_is_there(certified, assessor):
    certificate = held(certified).get()

    assert certificate.achievement.code == "basics"
    assert certificate.attestation is None
    found = checking.check_certificate(write_json(certificate).encode())
    assert found.outcome == VerificationOutcome.VALID
    assert found.says
    assert found.says.name == "Amina Learner"
    test, work, *_exercises = certificate.document["evidence"]
    assert test["name"] == "Test of module 1"
    assert test["narrative"] == "20 of 20 questions right, 15 needed. 1 attempt."
    assert work["name"] == "A text on consent"
    assert work["description"].startswith("sha256:")
    assert "We say to whom" not in write_json(certificate)


def test_a_certificate_says_of_which_frameworks_its_lessons_teach_something():
    files = small_course()
    cited = b'e: {title: Book, url: "https://e.org"}\nwho-2003:'
    for name, was, becomes in (
        ("course.yaml", b"framework: own, source: own", b"framework: F, source: e"),
        ("sources.yaml", b"who-2003:", cited),
    ):
        assert was in files[name]
        files[name] = files[name].replace(was, becomes)
    course = course_content.build_course(reading.read_course(files).compiled)
    [basics] = [it for it in course.certificates if it.code == "basics"]

    [part] = certification.list_alignment(basics, course)

    assert part == {
        "name": "F",
        "framework": "Book",
        "url": "https://e.org",
        "description": "Asks for consent",
    }
    nothing_taught = replace(basics, modules=("m2",))
    assert certification.list_alignment(nothing_taught, course) == []


def test_the_test_may_also_be_the_last_thing(enrolment, learner, assessor):
    passes_work(enrolment, assessor)
    actions.choose_name(
        enrolment, CertificateName.Shown.PSEUDONYM, "Jasmine", by=learner
    )
    reads_all(enrolment)
    assert not held(enrolment).exists()

    passes_test(enrolment)

    assert "Jasmine" in write_json(held(enrolment).get())
    assert "Amina" not in write_json(held(enrolment).get())


def test_it_waits_until_the_learner_has_said_which_name(enrolment, learner, assessor):
    reads_all(enrolment)
    passes_test(enrolment)
    passes_work(enrolment, assessor)
    assert not held(enrolment).exists()

    actions.choose_name(enrolment, CertificateName.Shown.NOTHING, by=learner)

    assert "Amina" not in write_json(held(enrolment).get())


def test_what_failed_by_one_critical_answer_opens_nothing(enrolment, learner, assessor):
    reads_all(enrolment)
    attempt = courses.begin_test(enrolment, "m1", by=learner)
    answers, _critical = all_but_a_critical_one_right(attempt)
    courses.submit_test(attempt, answers, by=learner, id=uuid4())
    actions.choose_name(enrolment, CertificateName.Shown.NAME, by=learner)
    passes_work(enrolment, assessor)

    assert not held(enrolment).exists()
    assert lacking(enrolment) == ["Module 1: test not passed yet"]


def test_one_certificate_opens_the_way_to_the_next(ready, assessor, attending):
    reads_all(ready, "m2")
    passes_test(ready, "m2")

    passes_work(ready, assessor)

    assert {certificate.achievement.code for certificate in held(ready)} == {
        "basics",
        "whole",
    }


def test_without_the_live_session_the_next_one_waits(certified):
    reads_all(certified, "m2")
    passes_test(certified, "m2")

    assert lacking(certified, "whole") == ["Module 1: live session not attended yet"]
    assert held(certified).count() == 1


def test_it_is_issued_once_however_often_one_looks(certified):
    assert certification.certify(certified) == []
    with time_machine.travel(timezone.now() + AFTER_A_PASS, tick=True):
        passes_test(certified)
    assert held(certified).count() == 1
    assert lacking(certified) == []


def test_near_its_end_the_test_once_more_renews_it(certified):
    first = held(certified).get()

    with time_machine.travel(first.valid_until - timedelta(days=30), tick=True):
        assert lacking(certified) == [
            "Module 1: take the test again to renew the certificate, or play an "
            "exercise in which three of four criteria are met"
        ]
        passes_test(certified)
        assert held(certified).count() == 2
        assert lacking(certified) == []
    assert held(certified).last().valid_until > first.valid_until


def test_after_its_end_too(certified):
    first = held(certified).get()

    with time_machine.travel(first.valid_until + timedelta(days=200), tick=True):
        passes_test(certified)
        assert held(certified).count() == 2


def test_what_was_taken_back_is_not_issued_again_by_itself(certified, coordinator):
    reason = Certificate.Reason.CONDUCT
    credentials.revoke(held(certified).get(), reason=reason, by=coordinator)

    with time_machine.travel(timezone.now() + AFTER_A_PASS, tick=True):
        passes_test(certified)

    assert held(certified).count() == 1
    assert lacking(certified)[0].startswith("It was revoked.")


def test_what_a_stolen_key_signed_is_issued_anew(certified):
    credentials.stop_trusting_key(IssuerKey.objects.get(), by=None)

    certification.certify(certified)

    assert [certificate.is_in_force() for certificate in held(certified)] == [
        False,
        True,
    ]


def test_a_key_that_lies_elsewhere_refuses_no_work_and_the_clock_tries_again(
    ready, assessor
):
    key = credentials.make_key(by=None)
    file = signing.build_key_path(key.multikey)
    aside = file.rename(file.with_suffix(".aside"))
    signing.read_pair.cache_clear()
    try:
        passes_work(ready, assessor)
        assert not held(ready).exists()
    finally:
        aside.rename(file)

    assert chasing.enqueue_certificates() == 1
    assert held(ready).count() == 1


def test_a_course_that_certifies_nothing_is_silent(coordinator, learner):
    from amana.academy.courses.tests.courses import without

    version = courses.publish_version(without("certificates.yaml"), by=coordinator)
    enrolment = courses.begin_course(version, by=learner)
    assert certification.list_pathways(enrolment) == []
    assert certification.certify(enrolment) == []
    assert timezone.now() > enrolment.begun_at
