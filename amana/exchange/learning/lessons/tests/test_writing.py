"""A lesson that is taken along says as much of its sources as the academy does."""

from amana.academy.courses.content import load_content
from amana.exchange.learning.lessons.writing import write_sheets


def test_a_lesson_taken_along_says_who_opened_its_sources(version):
    course = load_content(version)
    pages = write_sheets(course, course.lessons, "en", runtime="none.js")

    cited = next(page.html for page in pages if 'id="source-1"' in page.html)
    assert "None of the course’s authors has opened it yet" in cited
