"""The negotiations that a course describes, and the mechanisms they negotiate."""

from collections.abc import Mapping
from pathlib import Path

from django.conf import settings
from django.utils.translation import gettext as _
from django.utils.translation import override

from amana.academy.courses import pages
from amana.academy.courses.content import load_content
from amana.academy.courses.models import Version
from amana.academy.practice.labs.engine import lab as labs
from amana.academy.practice.labs.engine import protocol
from amana.academy.practice.labs.engine.lab import LabScript
from amana.academy.practice.labs.engine.protocol import AgreedWords
from amana.academy.practice.labs.models import Lab
from amana.design.mechanism import writing
from amana.design.mechanism.pack import files
from amana.errors import Refused
from amana.ui.languages import format_language

FOLDER: Path = settings.ROOT / "mechanisms"


def load_labs(version: Version) -> dict[str, LabScript]:
    """Load the negotiations of a course in the reader's language, by their code."""
    return {code: read_lab(version, code) for code in load_content(version).labs}


def read_lab(version: Version, code: str) -> LabScript:
    course = load_content(version)

    def say(text: object) -> str:
        words = text if isinstance(text, dict) else {course.languages[0]: str(text)}
        return pages.format_text(course, words)

    return labs.read_lab(code, course.labs[code], say)


def get_lab(version: Version, code: str) -> LabScript:
    if code not in load_content(version).labs:
        raise Refused(_("This negotiation is not in the course."))
    return read_lab(version, code)


def load_pack(lab: LabScript) -> dict[str, bytes]:
    """Load the files of the mechanism that is negotiated."""
    return files.read_folder(FOLDER / lab.pack)


def write_draft_files(
    lab: Lab, script: LabScript, agreed: Mapping[str, AgreedWords]
) -> dict[str, bytes]:
    """Write the files of the mechanism with what was agreed at a table, in each of its
    languages. Where the words are in another one, a line above them notes it."""
    pack = load_pack(script)
    languages = writing.read_piece(pack, "mechanism.yaml", ("languages",))
    scripts, notes = {}, {}
    for language in languages:
        with override(language):
            scripts[language] = read_lab(lab.cohort.version, lab.code)
            if language != lab.language:
                notes[language] = _(
                    "The parties wrote these words in this language: %(language)s. "
                    "They have to be translated."
                ) % {"language": format_language(lab.language)}
    return protocol.write_agreed(pack, agreed, scripts, notes)
