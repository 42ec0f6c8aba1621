"""The course says what the facts for 2026 found right, in each language that it is
written in, and no longer what they found wrong. The rows are in course_facts.yaml."""

import re
from pathlib import Path

import pytest
import yaml

from amana.academy.courses import labels, shipped_courses
from amana.academy.courses.engine import course_content, files, reading
from amana.academy.courses.engine.references import course_faults
from amana.academy.courses.engine.translations import OF_UNKNOWN_AGE, STALE

FOLDER = shipped_courses.FOLDER / "referral-mechanism"
ROWS = yaml.safe_load(Path(__file__).with_name("course_facts.yaml").read_text("utf-8"))
LANGUAGES = ("en", "fr", "ar")
SAID = [
    pytest.param(row, language, id=f"{row['row']} ({language})")
    for row in ROWS
    for language in LANGUAGES
    if language in row
]


def find_file(name: str, language: str) -> Path | None:
    """Find the file that a row names, in one language; None if it is not there."""
    if name == "faq":
        return FOLDER / f"faq.{language}.md"
    if name == "sources.yaml":
        return FOLDER / name if language == "en" else None
    module, part = name.split("/")
    (folder,) = FOLDER.glob(f"modules/{module[1:]}-*")
    if part in ("questions", "bank"):
        inside = "" if language == "en" else f"{language}/"
        found = list(folder.glob(f"{inside}{part}.yaml"))
    else:
        found = list(folder.glob(f"{language}/{part}-*.md"))
    return found[0] if found else None


@pytest.mark.parametrize(("row", "language"), SAID)
def test_what_was_wrong_is_gone_and_what_is_right_is_there(row, language):
    file = find_file(row["file"], language)
    assert file is not None
    # French has spaces that don't break, which the rows don’t show.
    text = re.sub("[\u00a0\u202f]", " ", file.read_text("utf-8"))

    left = [words for words in row[language].get("gone", ()) if words in text]
    missing = [words for words in row[language].get("there", ()) if words not in text]

    assert (left, missing) == ([], [])


@pytest.mark.parametrize("row", ROWS, ids=[row["row"] for row in ROWS])
def test_each_row_is_checked_in_english_and_nowhere_without_a_lesson(row):
    written = {code for code in LANGUAGES if find_file(row["file"], code)}

    # A translation that comes later needs no words here: it has to be one of the
    # corrected wording, as the next test says.
    assert {"en"} <= set(row) & set(LANGUAGES) <= written


@pytest.fixture(scope="module")
def checked():
    return reading.read_course(files.read_folder(FOLDER))


def test_each_translation_is_one_of_the_wording_that_stands_there(checked):
    old = {STALE, OF_UNKNOWN_AGE, course_faults.STALE, course_faults.OF_UNKNOWN_AGE}

    assert [str(said) for said in checked.remarks if said.sentence in old] == []


def test_the_questions_about_the_course_name_the_hours_that_it_has(checked):
    course = course_content.build_course(checked.compiled)
    lessons = len(course.lessons)
    times = [module.minutes for module in course.modules]
    hours = round(sum(time.total for time in times) / 60)
    parts = {
        "lessons": round(sum(time.lessons for time in times) / 30) / 2,
        "tests": sum(time.test for time in times) / 60,
        "conversations": round(sum(time.conversations for time in times) / 30) / 2,
        "sessions": sum(time.session for time in times) / 60,
        "work": sum(time.work for time in times) / 60,
    }
    said = (FOLDER / "faq.en.md").read_text("utf-8")

    assert (lessons, hours) == (60, 46)
    assert "About 46 hours: 12½ for the 60 lessons with their practice" in said
    assert "3 for the tests; 12½ for the live sessions; half an hour for three" in said
    assert "17½ for the work of the six modules" in said
    for language, words in (("fr", "Environ 46 heures"), ("ar", "نحو 46 ساعة")):
        other = (FOLDER / f"faq.{language}.md").read_text("utf-8")
        assert words in other
    assert parts == {
        "lessons": 12.5,
        "tests": 3,
        "conversations": 0.5,
        "sessions": 12.5,
        "work": 17.5,
    }


@pytest.mark.parametrize(
    ("minutes", "said"),
    [
        (1, "10 minutes"),
        (14, "10 minutes"),
        (25, "30 minutes"),
        (60, "1 hour"),
        (115, "2 hours"),
        (412, "6 h 50 min"),
    ],
)
def test_a_duration_is_told_to_ten_minutes(minutes, said):
    assert labels.format_duration(minutes) == said
