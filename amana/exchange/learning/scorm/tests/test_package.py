"""A package names what is in it, and its pages stand by themselves.

`tests/peers/test_scorm.py` plays it."""

import zipfile
from io import BytesIO
from xml.etree import ElementTree as ET

import pytest

from amana.academy.courses.engine import course_content, reading
from amana.academy.courses.engine.course_content import CourseContent
from amana.academy.courses.tests.courses import small_course
from amana.academy.courses.tests.kits import SECRETS, small_kit
from amana.exchange.learning.scorm.writing import (
    MANIFEST,
    SCORM_12,
    SCORM_2004,
    Edition,
    build_package,
)

SMALL = course_content.build_course(reading.read_course(small_course()).compiled)
FIRST, SECOND = "m1-01-asking-first.html", "m1-02-a-case.html"
LESSONS = SMALL.modules[0].lessons
EDITIONS = {"1.2": SCORM_12, "2004": SCORM_2004}


def build(
    edition: Edition = SCORM_2004,
    language: str = "en",
    score: bool = False,
    course: CourseContent = SMALL,
):
    return build_package(
        course,
        course.modules[0].lessons,
        edition=edition,
        title="Consent",
        language=language,
        score=score,
    )


def unpacked(*asked, **said):
    made = build(*asked, **said)
    with zipfile.ZipFile(BytesIO(made)) as package_:
        return {name: package_.read(name).decode() for name in package_.namelist()}


FILES = unpacked()


@pytest.mark.parametrize("edition", EDITIONS.values(), ids=EDITIONS)
def test_the_manifest_names_every_file_and_each_lesson_once(edition):
    files = unpacked(edition)
    root = ET.fromstring(files[MANIFEST])

    titles = [title.text for title in root.findall(".//{*}item/{*}title")]
    named = {file.get("href") for file in root.findall(".//{*}file")}
    wanted = [item.get("identifierref") for item in root.findall(".//{*}item")]
    resources = root.findall(".//{*}resource")

    assert titles == ["Asking first", "A case to think through"]
    assert named == files.keys() - {MANIFEST}
    assert wanted == [resource.get("identifier") for resource in resources]
    assert root.findtext(".//{*}schemaversion") == edition.version
    # Moodle looks for the prefix and for each edition’s own spelling.
    kind = f'{edition.kind}="sco"'
    assert files[MANIFEST].count(kind) == len(LESSONS)


def test_a_page_asks_nobody_for_anything():
    for page in (FIRST, SECOND):
        assert 'src="http' not in FILES[page]
        assert "csrf" not in FILES[page]
        assert "//" not in FILES[page].replace("https://", "")


def test_a_lesson_is_written_in_the_language_that_was_asked_for():
    french = unpacked(language="fr")

    assert '<html lang="fr" dir="ltr">' in french[FIRST]
    assert "Demander d’abord" in french[FIRST]
    assert '<html lang="en" dir="ltr">' in french[SECOND]


def test_the_same_lessons_are_the_same_package():
    assert build() == build()


@pytest.mark.parametrize("edition", EDITIONS.values(), ids=EDITIONS)
def test_a_session_kit_is_in_no_package(edition):
    checked = reading.read_course(small_course(**small_kit("en", "fr")))
    course = course_content.build_course(checked.compiled)
    assert course.modules[0].kit
    words = " ".join(unpacked(edition, course=course).values())
    assert [word for word in (*SECRETS, "Rana") if word in words] == []
