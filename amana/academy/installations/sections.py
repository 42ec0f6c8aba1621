"""What this room shows on an assignment, on work that was handed in, and on the first
page of the academy."""

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
from amana.academy.installations import actions, work_checking
from amana.academy.installations.engine.findings import CheckResult
from amana.academy.installations.engine.work_checks import CHECKS
from amana.academy.installations.models import MachineCheck, PracticePlace
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
    return [ShownCheck(_(CHECKS[line["check"]].title), None, []) for line in asked]


def list_shown_checks(results: list[dict[str, Any]]) -> list[ShownCheck]:
    """List what checks found, as it was kept."""
    return [
        ShownCheck(
            _(CHECKS[result["check"]].title),
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
    return _(sentence) % {name: format_value(value) for name, value in values.items()}


def format_value(value: object) -> object:
    if isinstance(value, list | tuple):
        return format_list(value)
    return _(value) if isinstance(value, str) and value else value


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
    return {"checks": list_shown_checks(found.results)} if found else None


def list_links(user: User) -> list[AcademyLink]:
    """List the practice installations that a learner has."""
    places = PracticePlace.objects.of(user).select_related("enrolment__version__course")
    return [
        AcademyLink(
            _("Practice installation"),
            reverse("installations:home", args=[place.enrolment.version.course.slug]),
        )
        for place in places.defer("enrolment__version__compiled")
    ]


def register_sections() -> None:
    sections.ASSIGNMENT.append(
        EnrolmentSection("installations/assignment.html", build_practice_section)
    )
    sections.OFFERS.append(list_links)
    work_details.WORK.append(
        WorkSection("installations/checks.html", build_checks_section)
    )
