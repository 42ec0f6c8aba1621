"""The cases for a clinic that a course brings, in the reader's language."""

from django.utils.translation import gettext as _

from amana.academy.courses import pages
from amana.academy.courses.content import load_content
from amana.academy.courses.models import Version
from amana.academy.practice.labs.engine import clinic_case
from amana.academy.practice.labs.engine.clinic_case import ClinicCase
from amana.academy.practice.labs.models import Clinic
from amana.errors import Refused


def load_cases(version: Version) -> dict[str, ClinicCase]:
    """Load the cases of a course by their code, in the order of their titles."""
    course = load_content(version)
    wanted = pages.get_page_language()
    found = [
        clinic_case.read_case(
            code,
            plain,
            language=clinic_case.choose_language(plain, wanted, course.first),
            first=course.first,
        )
        for code, plain in course.clinics.items()
    ]
    return {case.code: case for case in sorted(found, key=lambda case: case.title)}


def get_case(version: Version, code: str) -> ClinicCase:
    found = load_cases(version).get(code)
    if found is None:
        raise Refused(_("This case is not in the course."))
    return found


def load_case(clinic: Clinic) -> ClinicCase | None:
    """Load the course's case that a clinic is about; None: a participant's own."""
    return get_case(clinic.cohort.version, clinic.case) if clinic.case else None
