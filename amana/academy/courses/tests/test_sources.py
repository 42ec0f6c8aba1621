"""A lesson says of each source where the course looked in it, and who opened it."""

import re

import pytest
from django.urls import reverse

from amana import given
from amana.academy.courses import actions
from amana.academy.courses.engine import reading
from amana.academy.courses.tests.courses import FILES, LESSON, small_course

LESSON_FILE = "modules/1-consent/en/01-asking-first.md"
SOURCES = """\
palermo-3: {title: "Palermo Protocol, article 3", by: United Nations, year: 2000}
who-2003: {title: Ethical recommendations, at: "pages 4 to 6", opened: 2026-11-20}
amana: {title: A rule of this course}
"""
CITES = LESSON.replace("[@who-2003]", "[@who-2003] [@palermo-3] [@amana]")
OPENED = "Opened by the course’s authors on 20 November 2026"
NOT_OPENED = "None of the course’s authors has opened it yet"


@pytest.fixture
def shown(coordinator, learner):
    """What a lesson says of its sources, each by its number."""
    files = small_course(**{"sources.yaml": SOURCES, LESSON_FILE: CITES})
    actions.begin_course(actions.publish_version(files, by=coordinator), by=learner)
    url = reverse("courses:lesson", args=["small", "m1", "01-asking-first"])
    page = given.sign_in(learner).get(url).content.decode()
    return dict(re.findall(r'<li id="source-(.)">(.*?)</li>', page, re.DOTALL))


def test_a_source_says_where_the_course_looked_and_when_it_was_opened(shown):
    assert "pages 4 to 6" in shown["1"]
    assert OPENED in shown["1"]
    assert NOT_OPENED not in shown["1"]


def test_a_source_that_no_author_opened_says_so(shown):
    assert NOT_OPENED in shown["2"]


def test_a_rule_of_the_course_has_nothing_to_open(shown):
    assert "A rule of this course" in shown["3"]
    assert "opened" not in shown["3"].lower()


def test_a_day_that_has_not_come_is_a_remark_with_its_own_line():
    # And no fault: a server whose clock is behind could else publish no course, nor
    # could the demo, which tells of the months before.
    lines = "who-2003:\n  title: Ethics\n  by: WHO\n  opened: 2999-01-31\n"
    palermo = FILES["sources.yaml"].splitlines(keepends=True)[0]
    files = small_course(**{"sources.yaml": palermo + lines})

    checked = reading.read_course(files)

    assert checked.faults == []
    assert [str(said) for said in checked.remarks if "future" in str(said)] == [
        "sources.yaml:5: “who-2003” can’t have been opened on 2999-01-31: that day is "
        "in the future."
    ]
