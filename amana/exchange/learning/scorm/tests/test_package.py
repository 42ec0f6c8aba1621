"""A package names what is in it, and its pages stand by themselves.

`tests/peers/test_scorm.py` plays it."""

import zipfile
from io import BytesIO
from xml.etree import ElementTree as ET

from amana.academy.courses.engine import course_content, reading
from amana.academy.courses.tests.courses import small_course
from amana.exchange.learning.scorm.writing import MANIFEST, build_package

SMALL = course_content.build_course(reading.read_course(small_course()).compiled)
FIRST, SECOND = "m1-01-asking-first.html", "m1-02-a-case.html"
CP = {"cp": "http://www.imsglobal.org/xsd/imscp_v1p1"}


def unpacked(language="en", score=False):
    made = build_package(
        SMALL, SMALL.modules[0].lessons, title="Consent", language=language, score=score
    )
    with zipfile.ZipFile(BytesIO(made)) as package_:
        return {name: package_.read(name).decode() for name in package_.namelist()}


FILES = unpacked()


def test_the_manifest_names_every_file_and_each_lesson_once():
    root = ET.fromstring(FILES[MANIFEST])

    titles = [title.text for title in root.findall(".//cp:item/cp:title", CP)]
    named = {file.get("href") for file in root.findall(".//cp:file", CP)}
    wanted = [item.get("identifierref") for item in root.findall(".//cp:item", CP)]
    there = [
        resource.get("identifier") for resource in root.findall(".//cp:resource", CP)
    ]

    assert titles == ["Asking first", "A case to think through"]
    assert named == FILES.keys() - {MANIFEST}
    assert wanted == there
    assert root.findtext(".//cp:schemaversion", None, CP) == "2004 4th Edition"


def test_a_page_asks_nobody_for_anything():
    for page in (FIRST, SECOND):
        assert 'src="http' not in FILES[page]
        assert "csrf" not in FILES[page]
        assert "//" not in FILES[page].replace("https://", "")


def test_a_lesson_is_written_in_the_language_that_was_asked_for():
    french = unpacked("fr")

    assert '<html lang="fr" dir="ltr">' in french[FIRST]
    assert "Demander d’abord" in french[FIRST]
    assert '<html lang="en" dir="ltr">' in french[SECOND]


def test_the_same_lessons_are_the_same_package():
    lessons = SMALL.modules[0].lessons
    made = [
        build_package(SMALL, lessons, title="Consent", language="en")
        for _time in range(2)
    ]
    assert made[0] == made[1]
