"""The negotiations that a course describes, and the mechanisms they negotiate."""

from pathlib import Path
from typing import Any

from django.conf import settings
from django.utils.translation import gettext as _

from amana.academy.courses import pages
from amana.academy.courses.content import content_of
from amana.academy.courses.models import Version
from amana.academy.labs.engine import lab as labs
from amana.academy.labs.engine.lab import Lab
from amana.design.mechanism.pack import files
from amana.errors import Refused

FOLDER: Path = settings.ROOT / "mechanisms"


def labs_of(version: Version) -> dict[str, Lab]:
    """Load the negotiations of a course in the reader's language, by their code."""
    course = content_of(version)

    def say(text: Any) -> str:
        words = text if isinstance(text, dict) else {course.languages[0]: str(text)}
        return pages.said(course, words)

    return {code: labs.of(plain, say) for code, plain in course.labs.items()}


def lab_of(version: Version, code: str) -> Lab:
    found = labs_of(version).get(code)
    if found is None:
        raise Refused(_("This negotiation is not in the course."))
    return found


def pack_of(lab: Lab) -> dict[str, bytes]:
    """Load the files of the mechanism that is negotiated."""
    return files.of_folder(FOLDER / lab.pack)
