"""A package of cmi5: the course structure, and a page for each lesson.

Each lesson is an assignable unit; read to its end, it is completed, and one may move
on. What was learned is told by the page itself, to the store that the launching system
names: initialized, completed, terminated; and passed, where the package was made with a
score and the launching system says from which score on one passes."""

from collections.abc import Sequence
from pathlib import Path
from xml.etree import ElementTree as ET

from django.conf import settings
from django.urls import reverse

from amana.academy.courses.engine.course_content import CourseContent, Lesson
from amana.exchange.learning.lessons import writing
from amana.exchange.learning.lessons.writing import LessonPage

RUNTIME = "cmi5.js"
SCRIPT = Path(__file__).parent / "static" / "cmi5" / RUNTIME
STRUCTURE = "cmi5.xml"
SPACE = "https://w3id.org/xapi/profiles/cmi5/v1/CourseStructure.xsd"


def build_package(
    course: CourseContent,
    lessons: Sequence[Lesson],
    *,
    title: str,
    about: str,
    language: str,
    score: bool = False,
) -> bytes:
    sheets = writing.write_sheets(
        course, lessons, language, runtime=RUNTIME, score=score
    )
    files = writing.collect_files(course, sheets)
    files |= {RUNTIME: SCRIPT.read_bytes()}
    files |= {STRUCTURE: build_structure(course, sheets, title, about, language)}
    return writing.write_zip(files)


def build_structure(
    course: CourseContent,
    sheets: Sequence[LessonPage],
    title: str,
    about: str,
    language: str,
) -> bytes:
    ET.register_namespace("", SPACE)
    root = ET.Element(build_tag("courseStructure"))
    module = sheets[0].lesson.module
    whole = ET.SubElement(
        root,
        build_tag("course"),
        {"id": build_address("courses:module", course.slug, module)},
    )
    add_text(whole, "title", title, language)
    add_text(whole, "description", about or title, language)
    for sheet in sheets:
        lesson = sheet.lesson
        place = build_address("courses:lesson", course.slug, lesson.module, lesson.part)
        unit = ET.SubElement(
            root,
            build_tag("au"),
            {"id": place, "moveOn": "Completed", "launchMethod": "AnyWindow"},
        )
        add_text(unit, "title", sheet.title, sheet.language)
        add_text(unit, "description", sheet.title, sheet.language)
        ET.SubElement(unit, build_tag("url")).text = sheet.file
    return bytes(ET.tostring(root, encoding="utf-8", xml_declaration=True))


def build_address(page: str, *parts: str) -> str:
    """Build the address that names a thing for good; no one has to be able to open
    it."""
    return f"{settings.ADDRESS}{reverse(page, args=parts)}"


def add_text(under: ET.Element, what: str, words: str, language: str) -> None:
    said = ET.SubElement(under, build_tag(what))
    ET.SubElement(said, build_tag("langstring"), {"lang": language}).text = words


def build_tag(tag: str) -> str:
    return f"{{{SPACE}}}{tag}"
