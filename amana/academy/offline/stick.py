"""A course as a folder for a stick: opened from it, without a network or a server."""

import io
import zipfile
from collections.abc import Iterator, Sequence
from pathlib import Path

from django.contrib.staticfiles import finders
from django.utils import translation
from django.utils.translation import gettext as _

from amana.academy.courses.engine.course_content import CourseContent
from amana.academy.offline.books import Book
from amana.academy.offline.page_shelves import SCRIPTS, StickShelf, list_styles


def iterate_files(
    course: CourseContent, sha256: str, language: str
) -> Iterator[tuple[str, str]]:
    shelf = StickShelf(language)
    book = Book(course, sha256, language, shelf)
    yield shelf.home, book.index_page()
    for module in course.modules:
        yield shelf.module(module.code), book.module_page(module)
        for lesson in module.lessons:
            page = book.lesson_page(module, lesson)
            yield shelf.lesson(module.code, lesson.part), page
        for name, drawing in module.figures.items():
            yield shelf.figure(module.code, name), drawing
    for name in (*list_styles(language), *SCRIPTS):
        yield shelf.own(name), read_asset(name)
    with translation.override(language):
        yield "README.txt", _("Open index.html in a browser.") + "\n"


def read_asset(name: str) -> str:
    found = finders.find(name)
    assert found  # it comes along
    return Path(found).read_text("utf-8")


def write_zip(course: CourseContent, sha256: str, language: str) -> bytes:
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, content in iterate_files(course, sha256, language):
            archive.writestr(f"{course.slug}/{name}", content)
    return out.getvalue()


def write_folder(
    course: CourseContent, sha256: str, languages: Sequence[str], to: Path
) -> int:
    """Write it into a folder, one inside it for each language; return how many files it
    made."""
    count = 0
    for language in languages:
        for name, content in iterate_files(course, sha256, language):
            path = to / language / name
            path.parent.mkdir(parents=True, exist_ok=True)
            path.write_text(content, "utf-8")
            count += 1
    return count
