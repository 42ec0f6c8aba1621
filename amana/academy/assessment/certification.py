"""What a learner's course certifies: what is lacking, and the certificate when nothing
is. Assessed once, it is issued by the course itself, in the academy's name."""

import json
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from datetime import date
from hashlib import sha256
from typing import Any

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import override

from amana.academy.assessment import labels
from amana.academy.assessment.engine.requirements import (
    LearnerRecord,
    MissingCondition,
    list_lacks,
)
from amana.academy.assessment.models import CertificateName, HandIn, Mark
from amana.academy.courses import pages, sections
from amana.academy.courses.content import load_content
from amana.academy.courses.engine import marking
from amana.academy.courses.engine.certifications import Certification
from amana.academy.courses.engine.course_content import CourseContent
from amana.academy.courses.learner_progress import load_progress
from amana.academy.courses.models import Enrolment, LearningVerb, Version
from amana.academy.credentials import actions as credentials
from amana.academy.credentials.engine.documents import Evidence
from amana.academy.credentials.models import SOON, Achievement, Certificate
from amana.registry import Registry
from amana.trust.access.models import User

EVIDENCE: Registry[Callable[[Enrolment, Certification], Iterable[Evidence]]] = (
    Registry()
)
"""What rooms above know of a learner that a certificate has to have."""
REFRESHING: Registry[Callable[[Enrolment, date], bool]] = Registry()
"""What else renews a certificate, in place of its tests, if done since a day."""


@dataclass(frozen=True)
class CertificationPath:
    """One thing that a course certifies, for one learner."""

    certification: Certification
    held: Certificate | None
    """The latest one."""
    lacks: list[MissingCondition]

    @property
    def in_force(self) -> bool:
        return self.held is not None and self.held.is_in_force()

    @property
    def ending_soon(self) -> bool:
        return self.held is not None and self.held.is_ending_soon()

    @property
    def due(self) -> bool:
        """To be issued now."""
        return not self.lacks and (not self.in_force or self.ending_soon)


def list_pathways(enrolment: Enrolment) -> list[CertificationPath]:
    course = load_content(enrolment.version)
    if not course.certificates:
        return []
    held = map_certificates(
        enrolment.person, (certificate.code for certificate in course.certificates)
    )
    record = build_record(enrolment, course, held)
    progress = load_progress(enrolment)
    return [
        CertificationPath(
            certificate,
            held.get(certificate.code),
            list_lacks(certificate, course, progress, record),
        )
        for certificate in course.certificates
    ]


def map_certificates(person: User, codes: Iterable[str]) -> dict[str, Certificate]:
    """Map codes to the latest certificate of each, in force or not; none whose key was
    taken out.
    """
    found = Certificate.objects.for_list().filter(
        learner=person, achievement__code__in=list(codes), key__distrusted_at=None
    )
    return {
        certificate.achievement.code: certificate
        for certificate in found.order_by("issued_at", "pk")
    }


def build_record(
    enrolment: Enrolment, course: CourseContent, held: dict[str, Certificate]
) -> LearnerRecord:
    passed = HandIn.objects.passed().filter(enrolment=enrolment)
    revoked = {code for code, certificate in held.items() if certificate.revoked_at}
    in_force = {code for code, certificate in held.items() if certificate.is_in_force()}
    to_renew = {
        code: certificate
        for code, certificate in held.items()
        if code not in revoked
        and (certificate.is_ending_soon() or code not in in_force)
    }
    return LearnerRecord(
        passed_work=frozenset(passed.values_list("module", flat=True)),
        attended=sections.list_attended(enrolment),
        in_force=in_force,
        to_renew=frozenset(to_renew),
        revoked=revoked,
        refreshed=frozenset(iterate_refreshed_tests(enrolment, course, to_renew)),
        exercised=frozenset(
            code
            for code, certificate in to_renew.items()
            if has_refreshed(enrolment, certificate)
        ),
        name_chosen=CertificateName.objects.filter(enrolment=enrolment).exists(),
    )


def has_refreshed(enrolment: Enrolment, certificate: Certificate) -> bool:
    """Check whether something else than its tests renews a certificate."""
    if certificate.valid_until is None:
        return False
    since = timezone.localdate(certificate.valid_until - SOON)
    return any(refreshes(enrolment, since) for refreshes in REFRESHING)


def iterate_refreshed_tests(
    enrolment: Enrolment, course: CourseContent, to_renew: dict[str, Certificate]
) -> Iterable[tuple[str, str]]:
    """Yield tests that were passed again, by the certificate that they are to renew."""
    if not to_renew:
        return
    handed = enrolment.events.filter(verb=LearningVerb.SUBMITTED).values_list(
        "object", "result", "attempt__seed", "received_at"
    )
    passed = [
        (code, at)
        for code, result, seed, at in handed
        if (module := course.module(code))
        and marking.mark_test(module, str(seed), result["answers"]).passed
    ]
    for certificate, held in to_renew.items():
        if held.valid_until:
            since = held.valid_until - SOON
            yield from ((certificate, code) for code, at in passed if at >= since)


# --- issuing


@transaction.atomic
def certify(enrolment: Enrolment) -> list[Certificate]:
    """Issue what is due, once, even if two requests ask at the same moment."""
    # Locked: the second of two that run at once sees what the first has issued.
    Enrolment.objects.select_for_update(no_key=True).get(pk=enrolment.pk)
    issued: list[Certificate] = []
    for _each in load_content(enrolment.version).certificates:
        # One may open the way to the next.
        due = [
            pathway.certification for pathway in list_pathways(enrolment) if pathway.due
        ]
        issued += [issue_certificate(enrolment, certification) for certification in due]
        if not due:
            break
    return issued


def issue_certificate(enrolment: Enrolment, one: Certification) -> Certificate:
    wish = CertificateName.objects.get(enrolment=enrolment)
    return credentials.issue(
        get_achievement(enrolment.version, one),
        enrolment.person,
        named=wish.shown == CertificateName.Shown.NAME,
        pseudonym=wish.pseudonym,
        evidence=list_evidence(enrolment, one),
    )


def list_alignment(one: Certification, course: CourseContent) -> list[dict[str, str]]:
    """List what its lessons teach of published guidelines and frameworks."""
    taught = {
        competency
        for code in one.modules
        if (module := course.module(code))
        for lesson in module.lessons
        for competency in lesson.competencies
    }
    sources = course.sources
    return [
        {
            "name": str(competency["framework"]),
            "framework": str(source["title"]),
            "url": str(source["url"]),
            "description": pages.format_text(course, competency["statement"]),
        }
        for code, competency in course.competencies.items()
        if code in taught
        and (source := sources.get(competency["source"], {})).get("url")
    ]


def list_evidence(enrolment: Enrolment, one: Certification) -> list[Evidence]:
    """List the tests, and a hash and a count for each piece of work, never a text."""
    course = load_content(enrolment.version)
    with override(course.first):
        more = [each for known in EVIDENCE for each in known(enrolment, one)]
        tests = iterate_passed_tests(enrolment, one)
        tracks = iterate_track(enrolment)
        return [*tracks, *tests, *list_works(enrolment, one), *more]


def iterate_track(enrolment: Enrolment) -> Iterable[Evidence]:
    """Yield the sector for which the course was learned, if one was chosen."""
    course = load_content(enrolment.version)
    # As it stands now: who changed it in the middle has learned everything anyway.
    if track := course.track(enrolment.track):
        yield Evidence(
            name=_("Learned for the sector"),
            genre="track",
            sha256="",
            narrative=pages.format_text(course, track.name),
        )


def iterate_passed_tests(
    enrolment: Enrolment, one: Certification
) -> Iterable[Evidence]:
    """Yield the first pass of each test, and at which attempt it was."""
    course = load_content(enrolment.version)
    handed = enrolment.events.in_order().filter(verb=LearningVerb.SUBMITTED)
    rows = list(handed.values_list("object", "result", "attempt__seed"))
    for code in one.modules:
        if (module := course.module(code)) is None:
            continue
        tried = [
            marking.mark_test(module, str(seed), result["answers"])
            for thing, result, seed in rows
            if thing == code
        ]
        first = next((at for at, marked in enumerate(tried) if marked.passed), None)
        if first is not None:
            yield Evidence(
                name=pages.format_text(course, module.test.title),
                genre="test",
                sha256="",
                narrative=labels.format_test_result(tried[first], first + 1),
            )


def list_works(enrolment: Enrolment, one: Certification) -> list[Evidence]:
    course = load_content(enrolment.version)
    works = HandIn.objects.passed().filter(
        enrolment=enrolment, module__in=one.assignments
    )
    titles = {each.code: each.assignment.get("title") for each in course.modules}
    return [
        Evidence(
            name=pages.format_text(course, titles[work.module] or {}),
            genre="assignment",
            sha256=compute_fingerprint(work, last),
            narrative=labels.format_criteria_count(len(last.verdicts)),
        )
        for work in works.order_by("module")
        for last in [work.assessments.latest("at", "pk")]
    ]


def compute_fingerprint(work: HandIn, last: Mark) -> str:
    """Compute the hash by which the keeper of the work can show that it is this one."""
    plain = {
        "words": work.words,
        "files": list(work.files.order_by("pk").values_list("sha256", flat=True)),
        "rubric": last.rubric,
        "verdicts": last.verdicts,
    }
    return sha256(json.dumps(plain, sort_keys=True).encode()).hexdigest()


# --- what can be certified


def define_achievements(version: Version) -> list[Achievement]:
    """Define what a version of a course certifies, where it isn't known in these
    words."""
    return [
        get_achievement(version, certificate)
        for certificate in load_content(version).certificates
    ]


def get_achievement(version: Version, one: Certification) -> Achievement:
    """Get the achievement in the words of this version of the course; other words are
    another version.
    """
    course = load_content(version)
    language = course.first
    with override(language):
        words: dict[str, Any] = {
            "name": one.title[language],
            "description": one.about[language],
            "criteria": labels.format_criteria(one, course),
            "months": one.months,
            "language": language,
            "alignment": list_alignment(one, course),
        }
    of_code = Achievement.objects.filter(code=one.code).order_by("-version")
    known = of_code.filter(**words).first()
    if known:
        return known
    latest = of_code.first()
    number = latest.version + 1 if latest else 1
    return credentials.define(one.code, version=number, by=None, **words)
