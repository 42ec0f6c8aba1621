"""What this room shows on a learner's pages of a course, and on the academy's."""

from collections.abc import Iterator
from dataclasses import dataclass

from django.urls import reverse
from django.utils.translation import gettext as _

from amana.academy.assessment import certification, labels
from amana.academy.assessment.engine.requirements import MissingCondition
from amana.academy.assessment.models import CertificateName, HandIn
from amana.academy.assessment.rubrics import is_made_in_practice
from amana.academy.assessment.rules import list_work, may_judge
from amana.academy.assessment.states import WorkStatus
from amana.academy.courses import sections
from amana.academy.courses.content import load_content
from amana.academy.courses.engine.course_content import CourseContent
from amana.academy.courses.models import Enrolment
from amana.academy.courses.pages import format_text
from amana.academy.courses.sections import AcademyLink, EnrolmentSection
from amana.trust.access.models import User

TONES = {
    WorkStatus.WAITING: "plain",
    WorkStatus.TAKEN: "plain",
    WorkStatus.PASSED: "good",
    WorkStatus.REVISE: "due",
    WorkStatus.APPEALED: "plain",
    WorkStatus.WITHDRAWN: "plain",
}


@dataclass(frozen=True)
class CertificationRow:
    title: str
    about: str
    pathway: certification.CertificationPath
    lacks: list[tuple[str, str]]
    """Each in words, with the page where something can be done about it."""


PAGES = {
    "lessons": "courses:module",
    "test": "courses:test",
    "refresher": "courses:test",
    "work": "courses:assignment",
}


def build_url(course: CourseContent, lack: MissingCondition) -> str:
    if lack.kind == "name":
        return reverse("assessment:name", args=[course.slug])
    page = PAGES.get(lack.kind)
    return reverse(page, args=[course.slug, lack.of]) if page else ""


def build_certificates_section(enrolment: Enrolment, module: str) -> dict[str, object]:
    course = load_content(enrolment.version)
    found = [
        CertificationRow(
            format_text(course, pathway.certification.title),
            format_text(course, pathway.certification.about),
            pathway,
            [
                (labels.format_lack(course, lack), build_url(course, lack))
                for lack in pathway.lacks
            ],
        )
        for pathway in certification.list_pathways(enrolment)
    ]
    wish = (
        CertificateName.objects.filter(enrolment=enrolment).first() if found else None
    )
    return {"pathways": found, "wish": wish}


def build_works_section(enrolment: Enrolment, module: str) -> dict[str, object]:
    found = list(
        HandIn.objects.filter(enrolment=enrolment, module=module)
        .defer("words")
        .order_by("-number")
    )
    statuses = {hand_in.status for hand_in in found}
    return {
        "works": found,
        "may_hand_in": not is_made_in_practice(enrolment, module)
        and not statuses & {"waiting", "taken", "appealed", "passed"},
    }


def list_links(user: User) -> Iterator[AcademyLink]:
    """List the queue for those who judge, and for coordinators."""
    if may_judge(user):
        waiting = list_work.among(HandIn.objects.open(), user).count()
        yield AcademyLink(_("To mark"), reverse("assessment:queue"), waiting)


def register_sections() -> None:
    sections.PROGRESS.append(
        EnrolmentSection("assessment/certificates.html", build_certificates_section)
    )
    sections.ASSIGNMENT.append(
        EnrolmentSection("assessment/works.html", build_works_section)
    )
    sections.OFFERS.append(list_links)
