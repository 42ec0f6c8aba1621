"""A package of cmi5: the course structure, and a page for each lesson.

Each lesson is an assignable unit; read to its end, it is completed, and one may move
on. What was learned is told by the page itself, to the store that the launching system
names: initialized, completed, passed (with a score, only where the package was made to)
and terminated."""

from collections.abc import Sequence
from pathlib import Path
from xml.etree import ElementTree as ET

from django.conf import settings
from django.urls import reverse

from amana.academy.courses.engine.course import Course, Lesson
from amana.exchange.lessons import writing
from amana.exchange.lessons.writing import Sheet

RUNTIME = "cmi5.js"
SCRIPT = Path(__file__).parent / "static" / "cmi5" / RUNTIME
STRUCTURE = "cmi5.xml"
SPACE = "https://w3id.org/xapi/profiles/cmi5/v1/CourseStructure.xsd"


def package(
    course: Course,
    lessons: Sequence[Lesson],
    *,
    title: str,
    about: str,
    language: str,
    score: bool = False,
) -> bytes:
    sheets = writing.sheets(course, lessons, language, runtime=RUNTIME, score=score)
    files = writing.files_of(course, sheets)
    files |= {RUNTIME: SCRIPT.read_bytes()}
    files |= {STRUCTURE: structure(course, sheets, title, about, language)}
    return writing.zipped(files)


def structure(
    course: Course, sheets: Sequence[Sheet], title: str, about: str, language: str
) -> bytes:
    ET.register_namespace("", SPACE)
    root = ET.Element(name("courseStructure"))
    module = sheets[0].lesson.module
    whole = ET.SubElement(
        root, name("course"), {"id": address("courses:module", course.slug, module)}
    )
    say(whole, "title", title, language)
    say(whole, "description", about or title, language)
    for sheet in sheets:
        lesson = sheet.lesson
        place = address("courses:lesson", course.slug, lesson.module, lesson.part)
        unit = ET.SubElement(
            root,
            name("au"),
            {"id": place, "moveOn": "Completed", "launchMethod": "AnyWindow"},
        )
        say(unit, "title", sheet.title, sheet.language)
        say(unit, "description", sheet.title, sheet.language)
        ET.SubElement(unit, name("url")).text = sheet.file
    return bytes(ET.tostring(root, encoding="utf-8", xml_declaration=True))


def address(page: str, *parts: str) -> str:
    """Build the address that names a thing for good; no one has to be able to open it.
    """
    return f"{settings.ADDRESS}{reverse(page, args=parts)}"


def say(under: ET.Element, what: str, words: str, language: str) -> None:
    said = ET.SubElement(under, name(what))
    ET.SubElement(said, name("langstring"), {"lang": language}).text = words


def name(tag: str) -> str:
    return f"{{{SPACE}}}{tag}"
