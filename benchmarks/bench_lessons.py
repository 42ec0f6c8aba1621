"""The course as learners and authors meet it: a lesson on its page, a test, and the
check of the whole course."""

import gzip
import re
from pathlib import Path

from django.test import Client
from django.urls import reverse

from amana import given
from amana.academy.courses import actions
from amana.academy.courses.content import load_content
from amana.academy.courses.engine import files, reading
from amana.trust.access.models import Role
from amana.ui.once import make_form_key
from benchmarks.bench import bench

FOLDER = Path(__file__).parents[1] / "courses" / "referral-mechanism"
MOST_BYTES = 60_000
MOST_CHECK_MS = 10_000

coordinator = given.make_worker(role=Role.COORDINATOR)
learner = given.make_worker()
course_files = files.read_folder(FOLDER)
version = actions.publish_version(course_files, by=coordinator)
enrolment = actions.begin_course(version, by=learner)
course = load_content(version)
browser = given.sign_in(learner)


def get_address(path: str) -> str:
    module, part = path.split("/")
    return reverse("courses:lesson", args=[course.slug, module, part])


def list_heavy_lessons() -> list[str]:
    """List lessons whose page is larger than it may be, in any language; the heaviest
    is printed, with its size on the wire."""
    sizes = {}
    for language in course.languages:
        for lesson in course.lessons:
            page = fetch(get_address(lesson.path), language)
            sizes[f"{lesson.path} ({language})"] = page
    heaviest = max(sizes, key=lambda name: len(sizes[name]))
    page = sizes[heaviest]
    print(
        f"Heaviest of {len(sizes)} lessons: {heaviest}, {len(page):,} bytes, ", end=""
    )
    print(f"{len(gzip.compress(page)):,} compressed", flush=True)
    return [name for name, page in sizes.items() if len(page) > MOST_BYTES]


def fetch(address: str, language: str = "en") -> bytes:
    page = browser.get(address, headers={"accept-language": language})
    assert page.status_code == 200, address
    return page.content


heavy = list_heavy_lessons()
longest = max(
    course.lessons,
    key=lambda lesson: sum(len(p.said) for p in lesson.texts[course.first].pieces),
)


@bench("A lesson, the longest of the course", at_most_ms=15, at_most_queries=10)
def _lesson() -> None:
    fetch(get_address(longest.path))


@bench("The same in Arabic", at_most_ms=15, at_most_queries=10)
def _lesson_in_arabic() -> None:
    fetch(get_address(longest.path), "ar")


def begin_test() -> tuple[Client, str]:
    """Begin a test as someone new."""
    person = given.make_worker()
    begun = actions.begin_course(version, by=person)
    attempt = actions.begin_test(begun, "m1", by=person)
    return given.sign_in(person), reverse("courses:take", args=[attempt.pk])


taker, open_test = begin_test()


@bench("A test of twenty questions, as its taker reads it", at_most_ms=25)
def _test() -> None:
    assert taker.get(open_test).status_code == 200


def fill_in_test() -> tuple[Client, str, dict[str, str]]:
    """Choose, in a test of someone new, an option of each question."""
    person, address = begin_test()
    page = person.get(address).content.decode()
    chosen = re.findall(r'<input type="radio" name="([^"]+)" value="(\d+)"', page)
    return person, address, dict(chosen) | make_form_key()


@bench("Hand it in", at_most_ms=60, times=3, each=fill_in_test)
def _hand_in(filled: tuple[Client, str, dict[str, str]]) -> None:
    person, address, said = filled
    assert person.post(address, said).status_code == 302


@bench(
    "Check the whole course, as `course check` does",
    at_most_ms=MOST_CHECK_MS,
    times=1,
)
def _check() -> None:
    assert reading.read_course(course_files).faults == []


assert not heavy, f"Larger than {MOST_BYTES:,} bytes: {heavy}"
