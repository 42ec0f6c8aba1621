"""The courses that come along can be published, and none of their pages is heavy, or
has two regions that a screen reader can't tell apart."""

import re

import pytest
import time_machine
from django.urls import reverse

from amana import given
from amana.academy.courses import actions, shipped_courses
from amana.academy.courses.content import load_content
from amana.academy.courses.engine import files, reading

LIMIT = 60_000
REGIONS = re.compile(r'<(aside|(?:section|nav)[^>]* aria-label(?:ledby)?="[^"]*")')
FOLDERS = shipped_courses.map_folders()


@pytest.mark.parametrize("name", FOLDERS)
def test_a_course_that_comes_along_has_no_fault(name):
    checked = reading.read_course(files.read_folder(FOLDERS[name]))

    assert [str(fault) for fault in checked.faults] == []
    # The demo publishes it months ago, and a server’s clock may be behind.
    with time_machine.travel("2020-01-01"):
        assert reading.read_course(files.read_folder(FOLDERS[name])).faults == []


@pytest.mark.parametrize("name", FOLDERS)
def test_none_of_its_pages_is_heavy_or_has_two_regions_of_one_name(
    name, coordinator, learner
):
    version = actions.publish_version(files.read_folder(FOLDERS[name]), by=coordinator)
    enrolment = actions.begin_course(version, by=learner)
    browser = given.sign_in(learner)
    course = load_content(version)
    pages = [
        reverse("courses:lesson", args=[course.slug, lesson.module, lesson.part])
        for lesson in course.lessons
    ]
    for module in course.modules:
        attempt = actions.begin_test(enrolment, module.code, by=learner)
        pages += [
            reverse("courses:take", args=[attempt.pk]),
            reverse("courses:module", args=[course.slug, module.code]),
        ]

    heavy, alike = [], []
    for url in pages:
        response = browser.get(url)
        assert response.status_code == 200, url
        if len(response.content) > LIMIT:
            heavy.append(f"{url}: {len(response.content)}")
        names = REGIONS.findall(response.content.decode())
        if len(set(names)) < len(names):
            alike.append(f"{url}: {names}")
    assert (heavy, alike) == ([], [])
