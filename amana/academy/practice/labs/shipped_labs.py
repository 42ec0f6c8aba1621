"""The negotiations that a course describes, and the mechanisms they negotiate."""

from pathlib import Path

from django.conf import settings
from django.utils.translation import gettext as _

from amana.academy.courses import pages
from amana.academy.courses.content import load_content
from amana.academy.courses.models import Version
from amana.academy.practice.labs.engine import lab as labs
from amana.academy.practice.labs.engine.lab import LabScript
from amana.design.mechanism.pack import files
from amana.errors import Refused

FOLDER: Path = settings.ROOT / "mechanisms"


def load_labs(version: Version) -> dict[str, LabScript]:
    """Load the negotiations of a course in the reader's language, by their code."""
    course = load_content(version)

    def say(text: object) -> str:
        words = text if isinstance(text, dict) else {course.languages[0]: str(text)}
        return pages.format_text(course, words)

    return {code: labs.read_lab(plain, say) for code, plain in course.labs.items()}


def get_lab(version: Version, code: str) -> LabScript:
    found = load_labs(version).get(code)
    if found is None:
        raise Refused(_("This negotiation is not in the course."))
    return found


def load_pack(lab: LabScript) -> dict[str, bytes]:
    """Load the files of the mechanism that is negotiated."""
    return files.read_folder(FOLDER / lab.pack)
