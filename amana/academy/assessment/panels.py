"""What this room shows on a learner's pages of a course, and on the academy's."""

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

from django.urls import reverse
from django.utils.translation import gettext as _

from amana.academy.assessment import earning, sentences
from amana.academy.assessment.engine.earning import Lack
from amana.academy.assessment.models import HandIn, Wish
from amana.academy.assessment.rules import judges, list_work
from amana.academy.assessment.states import Status
from amana.academy.courses import panels
from amana.academy.courses.content import content_of
from amana.academy.courses.engine.course import Course
from amana.academy.courses.models import Enrolment
from amana.academy.courses.pages import said
from amana.academy.courses.panels import Offer, Panel
from amana.trust.access.models import User

TONES = {
    Status.WAITING: "plain",
    Status.TAKEN: "plain",
    Status.PASSED: "good",
    Status.REVISE: "due",
    Status.APPEALED: "plain",
    Status.WITHDRAWN: "plain",
}


@dataclass(frozen=True)
class ShownPathway:
    title: str
    about: str
    pathway: earning.Pathway
    lacks: list[tuple[str, str]]
    """Each in words, with the page where something can be done about it."""


PAGES = {
    "lessons": "courses:module",
    "test": "courses:test",
    "refresher": "courses:test",
    "work": "courses:assignment",
}


def where(course: Course, lack: Lack) -> str:
    if lack.kind == "name":
        return reverse("assessment:name", args=[course.slug])
    page = PAGES.get(lack.kind)
    return reverse(page, args=[course.slug, lack.of]) if page else ""


def certificates(enrolment: Enrolment, module: str) -> dict[str, Any]:
    course = content_of(enrolment.version)
    found = [
        ShownPathway(
            said(course, pathway.certification.title),
            said(course, pathway.certification.about),
            pathway,
            [
                (sentences.lack(course, lack), where(course, lack))
                for lack in pathway.lacks
            ],
        )
        for pathway in earning.pathways_of(enrolment)
    ]
    wish = Wish.objects.filter(enrolment=enrolment).first() if found else None
    return {"pathways": found, "wish": wish}


def works(enrolment: Enrolment, module: str) -> dict[str, Any]:
    found = list(
        HandIn.objects.filter(enrolment=enrolment, module=module)
        .defer("words")
        .order_by("-number")
    )
    statuses = {hand_in.status for hand_in in found}
    return {
        "works": found,
        "may_hand_in": not statuses & {"waiting", "taken", "appealed", "passed"},
    }


def offered(user: User) -> Iterator[Offer]:
    """List the queue for those who judge, and for coordinators."""
    if judges(user):
        waiting = list_work.among(HandIn.objects.open(), user).count()
        yield Offer(_("To mark"), reverse("assessment:queue"), waiting)


def register() -> None:
    panels.PROGRESS.append(Panel("assessment/certificates.html", certificates))
    panels.ASSIGNMENT.append(Panel("assessment/works.html", works))
    panels.OFFERS.append(offered)
