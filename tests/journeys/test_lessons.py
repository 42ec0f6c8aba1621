"""All lessons of the course that comes along, on a phone: axe finds nothing on them
and none is wider than the screen, in English, French and Arabic."""

from collections.abc import Iterable

import pytest
from playwright.sync_api import Page

from amana import given
from amana.academy.courses import actions
from amana.academy.courses.content import load_content
from amana.academy.courses.engine import files
from amana.academy.courses.engine.course_content import Lesson
from amana.academy.courses.models import Version
from amana.trust.access.models import Role
from tests.journeys.conftest import ROOT, SignsIn, overflow, violations

pytestmark = pytest.mark.django_db(transaction=True)

FOLDER = ROOT / "courses" / "referral-mechanism"
PHONE = {"width": 360, "height": 740}
LANGUAGES = ("en", "fr", "ar")


@pytest.fixture
def version(transactional_db: None) -> Version:
    coordinator = given.make_worker(role=Role.COORDINATOR, name="Amina Rahmani")
    return actions.publish_version(files.read_folder(FOLDER), by=coordinator)


def learn(version: Version, sign_in: SignsIn, language: str) -> Page:
    """Open a phone of someone who has begun the course."""
    learner = given.make_worker(name="Grace Achieng")
    actions.begin_course(version, by=learner)
    page = sign_in(learner, language=language)
    page.set_viewport_size(PHONE)  # type: ignore[arg-type]
    return page


def list_what_is_wrong(page: Page, slug: str, lessons: Iterable[Lesson]) -> list[str]:
    """List what axe finds on lessons, and what is wider than the phone."""
    wrong = []
    for lesson in lessons:
        page.goto(f"/academy/{slug}/{lesson.path}/")
        assert page.locator("article.lesson").count() == 1, lesson.path
        found = [*violations(page), *overflow(page)]
        wrong += [f"{lesson.path}: {words}" for words in found]
    return wrong


@pytest.mark.nightly
@pytest.mark.parametrize("language", LANGUAGES)
def test_axe_finds_nothing_on_any_lesson(
    version: Version, sign_in: SignsIn, language: str
) -> None:
    course = load_content(version)
    page = learn(version, sign_in, language)
    assert len(course.lessons) >= 60

    wrong = list_what_is_wrong(page, course.slug, course.lessons)

    assert wrong == [], "\n".join(wrong)


@pytest.mark.parametrize("language", LANGUAGES)
def test_axe_finds_nothing_on_the_longest_lesson_and_one_with_a_table(
    version: Version, sign_in: SignsIn, language: str
) -> None:
    """Two lessons in each language, by day; all of them at night."""
    course = load_content(version)
    longest = max(course.lessons, key=count_letters)
    tables = next(lesson for lesson in course.lessons if has_table(lesson))
    page = learn(version, sign_in, language)

    assert list_what_is_wrong(page, course.slug, [longest, tables]) == []


def count_letters(lesson: Lesson) -> int:
    return sum(len(piece.said) for piece in lesson.texts["en"].pieces)


def has_table(lesson: Lesson) -> bool:
    return any("\n|---" in piece.said for piece in lesson.texts["en"].pieces)
