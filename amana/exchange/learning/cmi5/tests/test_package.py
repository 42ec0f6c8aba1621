"""A package names each lesson as a unit of its own (played in `tests/peers`)."""

import zipfile
from io import BytesIO
from xml.etree import ElementTree as ET

from amana.academy.courses.engine import course_content, reading
from amana.academy.courses.tests.courses import small_course
from amana.exchange.learning.cmi5.writing import SPACE, STRUCTURE, build_package

SMALL = course_content.build_course(reading.read_course(small_course()).compiled)
FIRST = "m1-01-asking-first.html"


def unpacked(language="en", score=False):
    made = build_package(
        SMALL,
        SMALL.modules[0].lessons,
        title="Consent",
        about="Why we ask.",
        language=language,
        score=score,
    )
    with zipfile.ZipFile(BytesIO(made)) as packed:
        return {name: packed.read(name).decode() for name in packed.namelist()}


def test_the_structure_names_each_lesson_and_its_page():
    files = unpacked("fr")
    root = ET.fromstring(files[STRUCTURE])
    space = {"c": SPACE}

    units = root.findall("c:au", space)
    assert [unit.findtext("c:url", None, space) for unit in units] == [
        FIRST,
        "m1-02-a-case.html",
    ]
    assert {unit.get("moveOn") for unit in units} == {"Completed"}
    assert len({unit.get("id") for unit in units}) == 2
    titles = root.findall("c:au/c:title/c:langstring", space)
    assert [(title.get("lang"), title.text) for title in titles] == [
        ("fr", "Demander d’abord"),
        ("en", "A case to think through"),
    ]
    assert {url.text for url in root.iter(f"{{{SPACE}}}url")} <= files.keys()
