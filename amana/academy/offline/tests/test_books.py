"""A course on a stick asks nobody for anything, and none of its pages is heavy."""

import re

import pytest

from amana.academy.courses import shipped_courses
from amana.academy.courses.engine import course_content as courses
from amana.academy.courses.engine import files, reading
from amana.academy.courses.tests.courses import small_course
from amana.academy.courses.tests.kits import SECRETS, small_kit
from amana.academy.offline import stick

LIMIT = 60_000
FOLDERS = shipped_courses.map_folders()


def pages(course, sha256, language):
    return dict(stick.iterate_files(course, sha256, language))


@pytest.fixture
def small():
    checked = reading.read_course(small_course())
    course = courses.build_course(checked.compiled)
    return lambda language: pages(course, checked.sha256, language)


@pytest.mark.parametrize("language", ["en", "fr", "ar"])
def test_what_a_page_is_made_of_lies_beside_it(small, language):
    written = small(language)
    assert [name for name in written if name.startswith(("/", "http"))] == []
    for name, words in written.items():
        if name.endswith(".html"):
            wanted = re.findall(r'(?:src|href)="([^"#][^"]*)"', words)
            there = [address for address in wanted if not address.startswith("data:")]
            assert [address for address in there if address not in written] == [], name
            assert f'lang="{language}"' in words
            assert "csrf" not in words


def test_what_is_right_is_told_by_option(small):
    page = small("en")["m1-01-asking-first.html"]

    assert "&quot;right&quot;: [0]" in page
    assert "Not without her yes." in page
    assert "What this choice leads to" in small("en")["m1-02-a-case.html"]


@pytest.mark.parametrize("name", FOLDERS)
def test_no_page_of_a_course_that_comes_along_is_heavy(name):
    checked = reading.read_course(files.read_folder(FOLDERS[name]))
    course = courses.build_course(checked.compiled)
    for language in ("en", "ar"):
        written = pages(course, checked.sha256, language)
        html = {at: page for at, page in written.items() if at.endswith(".html")}
        assert len(html) == len(course.lessons) + len(course.modules) + 1
        heavy = [at for at, page in html.items() if len(page.encode()) > LIMIT]
        assert heavy == []


def test_a_session_kit_is_in_no_page_of_a_stick():
    checked = reading.read_course(small_course(**small_kit("en", "fr")))
    course = courses.build_course(checked.compiled)
    assert course.modules[0].kit
    words = " ".join(
        page
        for language in ("en", "fr")
        for page in pages(course, checked.sha256, language).values()
    )
    assert [word for word in (*SECRETS, "Rana") if word in words] == []
