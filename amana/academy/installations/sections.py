"""What this room shows on an assignment, on work that was handed in, and on the first
page of the academy."""

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

from django.urls import reverse
from django.utils.translation import gettext as _

from amana.academy.assessment import work_details
from amana.academy.assessment.models import HandIn
from amana.academy.assessment.work_details import WorkSection
from amana.academy.courses import sections
from amana.academy.courses.content import load_content
from amana.academy.courses.models import Enrolment
from amana.academy.courses.sections import AcademyLink, EnrolmentSection
from amana.academy.installations import actions, rules, work_checking
from amana.academy.installations.engine.findings import CheckResult
from amana.academy.installations.engine.work_checks import CHECKS
from amana.academy.installations.models import (
    MachineCheck,
    OfferedToolkit,
    PracticePlace,
)
from amana.academy.toolkits import offered
from amana.academy.toolkits.offered import LearnersToolkit
from amana.trust.access.models import User
from amana.ui.labels import format_list


@dataclass(frozen=True)
class ShownCheck:
    """A check, and what it found, in the reader's language."""

    title: str
    is_met: bool | None
    """None: it has not run yet."""
    findings: list[str]


def list_asked_checks(asked: list[dict[str, Any]]) -> list[ShownCheck]:
    """List the checks that an assignment names, before they run."""
    return [ShownCheck(format_title(line["check"]), None, []) for line in asked]


def format_title(check: str) -> str:
    return _(CHECKS[check].title)


def list_shown_checks(results: list[dict[str, Any]]) -> list[ShownCheck]:
    """List what checks found, as it was kept."""
    return [
        ShownCheck(
            format_title(result["check"]),
            result["met"],
            [format_finding(sentence, values) for sentence, values in result["found"]],
        )
        for result in results
        if result["check"] in CHECKS
    ]


def list_results(results: list[CheckResult]) -> list[ShownCheck]:
    return list_shown_checks([result.convert_to_plain() for result in results])


def format_finding(sentence: str, values: dict[str, Any]) -> str:
    """Format a finding; its values are names, numbers, or terms that are translated."""
    return _(sentence) % {
        name: format_value(name, value) for name, value in values.items()
    }


def format_value(name: str, value: object) -> object:
    """Format a value. Only a term (`what`) is translated: what a learner called “Law”
    stays as they wrote it."""
    if isinstance(value, list | tuple):
        return format_list(value)
    return _(value) if name == "what" and isinstance(value, str) and value else value


def build_practice_section(enrolment: Enrolment, module: str) -> dict[str, object]:
    """Build the way into the practice installation from an assignment."""
    asked = work_checking.list_asked(enrolment, module)
    if not asked:
        return {"checks": []}
    course = load_content(enrolment.version)
    found = course.module(module)
    where = found.assignment.get("where", "") if found else ""
    place = actions.find_place(enrolment)
    return {
        "checks": list_asked_checks(asked),
        "place": place,
        "inside": work_checking.build_inside_url(place, where) if place else "",
        "home": reverse("installations:home", args=[course.slug]),
        "hand_in": reverse("installations:hand_in", args=[course.slug, module]),
    }


def build_checks_section(work: HandIn) -> dict[str, object] | None:
    """Build what machines found in a piece of work that was made in practice."""
    found = MachineCheck.objects.filter(hand_in=work).first()
    if found is None:
        return None
    offer = OfferedToolkit.objects.standing().filter(work=found).first()
    return {"checks": list_shown_checks(found.results), "offer": offer}


def list_links(user: User) -> list[AcademyLink]:
    """List the practice installations that a learner has, and what is offered."""
    return [*list_offered(user), *list_installations(user)]


def list_offered(user: User) -> Iterator[AcademyLink]:
    """List what waits to be accepted, for coordinators."""
    waiting = OfferedToolkit.objects.waiting()
    if count := rules.accept_toolkit.among(waiting, user).count():
        yield AcademyLink(_("Toolkits offered"), reverse("installations:offers"), count)


def list_installations(user: User) -> list[AcademyLink]:
    places = PracticePlace.objects.of(user).select_related("enrolment__version__course")
    return [
        AcademyLink(
            _("Practice installation"),
            reverse("installations:home", args=[place.enrolment.version.course.slug]),
        )
        for place in places.defer("enrolment__version__compiled")
    ]


def list_toolkits(user: User, course: str) -> list[LearnersToolkit]:
    """List what learners of a course have left to those who take it now."""
    accepted = OfferedToolkit.objects.accepted().filter(
        work__hand_in__enrolment__version__course__slug=course
    )
    return [
        LearnersToolkit(
            offer.title,
            offer.about,
            offer.author,
            reverse("installations:download", args=[offer.pk]),
        )
        for offer in rules.read_toolkit.among(accepted.for_list(), user)[:50]
    ]


def register_sections() -> None:
    offered.OFFERED.append(list_toolkits)
    sections.ASSIGNMENT.append(
        EnrolmentSection("installations/assignment.html", build_practice_section)
    )
    sections.OFFERS.append(list_links)
    work_details.WORK.append(
        WorkSection("installations/checks.html", build_checks_section)
    )
