"""A package of SCORM 2004, 4th edition: the manifest, and a page for each lesson.

Each lesson is an activity of its own, in the order of the course, and free to choose.
Done means read to its end. A score of the practice is reported only where it was asked
for when the package was made."""

from collections.abc import Sequence
from pathlib import Path
from xml.etree import ElementTree as ET

from amana.academy.courses.engine.course_content import CourseContent, Lesson
from amana.exchange.learning.lessons import writing
from amana.exchange.learning.lessons.writing import LessonPage

RUNTIME = "scorm.js"
SCRIPT = Path(__file__).parent / "static" / "scorm" / RUNTIME
MANIFEST = "imsmanifest.xml"
CP = "http://www.imsglobal.org/xsd/imscp_v1p1"
ADL = "http://www.adlnet.org/xsd/adlcp_v1p3"
SEQUENCE = "http://www.imsglobal.org/xsd/imsss"
NAMESPACES = {"": CP, "adlcp": ADL, "imsss": SEQUENCE}


def build_package(
    course: CourseContent,
    lessons: Sequence[Lesson],
    *,
    title: str,
    language: str,
    score: bool = False,
) -> bytes:
    sheets = writing.write_sheets(
        course, lessons, language, runtime=RUNTIME, score=score
    )
    files = writing.collect_files(course, sheets)
    files |= {RUNTIME: SCRIPT.read_bytes()}
    files |= {MANIFEST: build_manifest(course, sheets, title, sorted(files))}
    return writing.write_zip(files)


def build_manifest(
    course: CourseContent,
    sheets: Sequence[LessonPage],
    title: str,
    files: Sequence[str],
) -> bytes:
    root = ET.Element(
        qualify_name("manifest"), {"identifier": f"amana-{course.slug}", "version": "1"}
    )
    about = ET.SubElement(root, qualify_name("metadata"))
    ET.SubElement(about, qualify_name("schema")).text = "ADL SCORM"
    ET.SubElement(about, qualify_name("schemaversion")).text = "2004 4th Edition"
    every = ET.SubElement(root, qualify_name("organizations"), {"default": "course"})
    root.append(resources := ET.Element(qualify_name("resources")))
    course_of = ET.SubElement(
        every, qualify_name("organization"), {"identifier": "course"}
    )
    ET.SubElement(course_of, qualify_name("title")).text = title
    pages = {sheet.file for sheet in sheets}
    shared = [file for file in files if file not in pages and "figures/" not in file]
    for number, sheet in enumerate(sheets, 1):
        add_activity(course_of, resources, number, sheet, shared)
    sequencing = ET.SubElement(course_of, qualify_name("sequencing", SEQUENCE))
    free = {"choice": "true", "flow": "true"}
    ET.SubElement(sequencing, qualify_name("controlMode", SEQUENCE), free)
    # ElementTree would otherwise make up its own prefixes (ns0, ns1).
    for prefix, space in NAMESPACES.items():
        ET.register_namespace(prefix, space)
    return bytes(ET.tostring(root, encoding="utf-8", xml_declaration=True))


def add_activity(
    course_of: ET.Element,
    resources: ET.Element,
    number: int,
    sheet: LessonPage,
    shared: Sequence[str],
) -> None:
    """Add an activity, and what a learning system has to fetch for it."""
    item = ET.SubElement(
        course_of,
        qualify_name("item"),
        {"identifier": f"lesson-{number}", "identifierref": f"page-{number}"},
    )
    ET.SubElement(item, qualify_name("title")).text = sheet.title
    resource = ET.SubElement(
        resources,
        qualify_name("resource"),
        {
            "identifier": f"page-{number}",
            "type": "webcontent",
            "href": sheet.file,
            qualify_name("scormType", ADL): "sco",
        },
    )
    # SCORM has each resource list every file that it needs, also those of others.
    for file in (sheet.file, *sheet.figures, *shared):
        ET.SubElement(resource, qualify_name("file"), {"href": file})


def qualify_name(tag: str, space: str = CP) -> str:
    return f"{{{space}}}{tag}"
