"""A package of SCORM: the manifest, and a page for each lesson.

Each lesson is an activity of its own, in the order of the course, and free to choose.
Done means read to its end; no package reports a pass, since tests stay here.
A score of the practice is reported only where it was asked for when the package was
made."""

from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from xml.etree import ElementTree as ET

from amana.academy.courses.engine.course_content import CourseContent, Lesson
from amana.exchange.learning.lessons import writing
from amana.exchange.learning.lessons.writing import LessonPage

RUNTIME = "scorm.js"
SCRIPT = Path(__file__).parent / "static" / "scorm" / RUNTIME
MANIFEST = "imsmanifest.xml"


@dataclass(frozen=True)
class Edition:
    """What the manifests of the editions have in different words."""

    version: str
    namespaces: dict[str, str]
    """By the attributes that declare them: learning systems look for these prefixes."""
    kind: str
    """The attribute that says that a resource speaks with the learning system."""
    sequencing: bool
    """Whether the manifest says that activities can be chosen freely; else they can."""


SCORM_12 = Edition(
    "1.2",
    {
        "xmlns": "http://www.imsproject.org/xsd/imscp_rootv1p1p2",
        "xmlns:adlcp": "http://www.adlnet.org/xsd/adlcp_rootv1p2",
    },
    kind="adlcp:scormtype",
    sequencing=False,
)
SCORM_2004 = Edition(
    "2004 4th Edition",
    {
        "xmlns": "http://www.imsglobal.org/xsd/imscp_v1p1",
        "xmlns:adlcp": "http://www.adlnet.org/xsd/adlcp_v1p3",
        "xmlns:imsss": "http://www.imsglobal.org/xsd/imsss",
    },
    kind="adlcp:scormType",
    sequencing=True,
)


def build_package(
    course: CourseContent,
    lessons: Sequence[Lesson],
    *,
    edition: Edition,
    title: str,
    language: str,
    score: bool = False,
) -> bytes:
    sheets = writing.write_sheets(
        course, lessons, language, runtime=RUNTIME, score=score
    )
    files = writing.collect_files(course, sheets)
    files |= {RUNTIME: SCRIPT.read_bytes()}
    manifest = build_manifest(edition, course.slug, sheets, title, sorted(files))
    return writing.write_zip(files | {MANIFEST: manifest})


def build_manifest(
    edition: Edition,
    slug: str,
    sheets: Sequence[LessonPage],
    title: str,
    files: Sequence[str],
) -> bytes:
    named = {"identifier": f"amana-{slug}", "version": "1"}
    root = ET.Element("manifest", edition.namespaces | named)
    about = ET.SubElement(root, "metadata")
    ET.SubElement(about, "schema").text = "ADL SCORM"
    ET.SubElement(about, "schemaversion").text = edition.version
    every = ET.SubElement(root, "organizations", {"default": "course"})
    resources = ET.SubElement(root, "resources")
    course_of = ET.SubElement(every, "organization", {"identifier": "course"})
    ET.SubElement(course_of, "title").text = title
    pages = {sheet.file for sheet in sheets}
    shared = [file for file in files if file not in pages and "figures/" not in file]
    for number, sheet in enumerate(sheets, 1):
        item = {"identifier": f"lesson-{number}", "identifierref": f"page-{number}"}
        activity = ET.SubElement(course_of, "item", item)
        ET.SubElement(activity, "title").text = sheet.title
        add_resource(resources, number, sheet, shared, edition.kind)
    if edition.sequencing:
        free = {"choice": "true", "flow": "true"}
        sequencing = ET.SubElement(course_of, "imsss:sequencing")
        ET.SubElement(sequencing, "imsss:controlMode", free)
    return bytes(ET.tostring(root, encoding="utf-8", xml_declaration=True))


def add_resource(
    resources: ET.Element,
    number: int,
    sheet: LessonPage,
    shared: Sequence[str],
    kind: str,
) -> None:
    """Add what a learning system has to fetch for an activity."""
    said = {"identifier": f"page-{number}", "type": "webcontent", "href": sheet.file}
    resource = ET.SubElement(resources, "resource", said | {kind: "sco"})
    # SCORM has each resource list every file that it needs, also those of others.
    for file in (sheet.file, *sheet.figures, *shared):
        ET.SubElement(resource, "file", {"href": file})
