"""Lessons leave for those who publish courses, and nobody else finds the way out."""

import pytest
from django.urls import reverse

from amana import given
from amana.exchange.learning.lessons import lesson_formats
from amana.trust.audit.models import AuditEvent

PAGES = [
    reverse("lessons:course", args=["small"]),
    reverse("lessons:module", args=["small", "m1"]),
]
FILES = [
    url
    for links in (
        lesson_formats.list_for_module("small", "m1"),
        lesson_formats.list_for_lesson("small", "m1", "01-asking-first"),
    )
    for _name, url in links
]


@pytest.mark.parametrize("url", [*PAGES, *FILES])
def test_strangers_find_nothing(version, learner, url):
    assert given.sign_in(learner).get(url).status_code == 404


@pytest.mark.parametrize("url", FILES)
def test_a_package_is_a_file_and_stands_in_the_log(version, coordinator, url):
    response = given.sign_in(coordinator).get(url)

    assert response.status_code == 200
    assert response["Content-Disposition"].startswith("attachment")
    assert AuditEvent.objects.filter(did="took lessons along").count() == 1


@pytest.mark.parametrize("part", ["m1/nothing", "m9"])
def test_what_is_not_in_the_course_is_not_found(version, coordinator, part):
    url = f"/take-along/scorm/1.2/small/{part}.zip"
    assert given.sign_in(coordinator).get(url).status_code == 404


def test_the_course_carries_on_what_was_chosen(version, coordinator, learner):
    course = reverse("courses:course", args=["small"])
    client = given.sign_in(coordinator)

    assert PAGES[0] in client.get(course).content.decode()
    assert PAGES[0] not in given.sign_in(learner).get(course).content.decode()
    shown = client.get(PAGES[1], {"language": "fr", "score": "yes"}).content.decode()
    assert "?language=fr&amp;score=yes" in shown
