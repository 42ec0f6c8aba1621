"""A package of SCORM 2004, 4th edition: the manifest, and a page for each lesson.

Each lesson is an activity of its own, in the order of the course, and free to choose.
Done means read to its end. A score of the practice is reported only where it was asked
for when the package was made."""

from collections.abc import Sequence
from pathlib import Path
from xml.etree import ElementTree as ET

from amana.academy.courses.engine.course import Course, Lesson
from amana.exchange.lessons import writing
from amana.exchange.lessons.writing import Sheet

RUNTIME = "scorm.js"
SCRIPT = Path(__file__).parent / "static" / "scorm" / RUNTIME
MANIFEST = "imsmanifest.xml"
CP = "http://www.imsglobal.org/xsd/imscp_v1p1"
ADL = "http://www.adlnet.org/xsd/adlcp_v1p3"
SEQUENCE = "http://www.imsglobal.org/xsd/imsss"
NAMESPACES = {"": CP, "adlcp": ADL, "imsss": SEQUENCE}


def package(
    course: Course,
    lessons: Sequence[Lesson],
    *,
    title: str,
    language: str,
    score: bool = False,
) -> bytes:
    sheets = writing.sheets(course, lessons, language, runtime=RUNTIME, score=score)
    files = writing.files_of(course, sheets)
    files |= {RUNTIME: SCRIPT.read_bytes()}
    files |= {MANIFEST: manifest(course, sheets, title, sorted(files))}
    return writing.zipped(files)


def manifest(
    course: Course, sheets: Sequence[Sheet], title: str, files: Sequence[str]
) -> bytes:
    root = ET.Element(
        name("manifest"), {"identifier": f"amana-{course.slug}", "version": "1"}
    )
    about = ET.SubElement(root, name("metadata"))
    ET.SubElement(about, name("schema")).text = "ADL SCORM"
    ET.SubElement(about, name("schemaversion")).text = "2004 4th Edition"
    every = ET.SubElement(root, name("organizations"), {"default": "course"})
    root.append(resources := ET.Element(name("resources")))
    course_of = ET.SubElement(every, name("organization"), {"identifier": "course"})
    ET.SubElement(course_of, name("title")).text = title
    pages = {sheet.file for sheet in sheets}
    shared = [file for file in files if file not in pages and "figures/" not in file]
    for number, sheet in enumerate(sheets, 1):
        add(course_of, resources, number, sheet, shared)
    sequencing = ET.SubElement(course_of, name("sequencing", SEQUENCE))
    free = {"choice": "true", "flow": "true"}
    ET.SubElement(sequencing, name("controlMode", SEQUENCE), free)
    # ElementTree would otherwise make up its own prefixes (ns0, ns1).
    for prefix, space in NAMESPACES.items():
        ET.register_namespace(prefix, space)
    return bytes(ET.tostring(root, encoding="utf-8", xml_declaration=True))


def add(
    course_of: ET.Element,
    resources: ET.Element,
    number: int,
    sheet: Sheet,
    shared: Sequence[str],
) -> None:
    """Add an activity, and what a learning system has to fetch for it."""
    item = ET.SubElement(
        course_of,
        name("item"),
        {"identifier": f"lesson-{number}", "identifierref": f"page-{number}"},
    )
    ET.SubElement(item, name("title")).text = sheet.title
    resource = ET.SubElement(
        resources,
        name("resource"),
        {
            "identifier": f"page-{number}",
            "type": "webcontent",
            "href": sheet.file,
            name("scormType", ADL): "sco",
        },
    )
    # SCORM has each resource list every file that it needs, also those of others.
    for file in (sheet.file, *sheet.figures, *shared):
        ET.SubElement(resource, name("file"), {"href": file})


def name(tag: str, space: str = CP) -> str:
    return f"{{{space}}}{tag}"
