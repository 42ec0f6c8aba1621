"""The content of the public pages about a course and its dates."""

from collections.abc import Iterable
from dataclasses import dataclass
from functools import cached_property

from amana.academy.cohorts.models import Cohort, Mode
from amana.academy.courses import pages
from amana.academy.courses.content import content_of
from amana.academy.courses.engine.course import Course as Content
from amana.academy.courses.models import Course, Version
from amana.academy.courses.pages import InLanguage, Several
from amana.ui import languages

SCHEMA_MODE = {
    Mode.ONLINE: "Online",
    Mode.IN_PERSON: "Onsite",
    Mode.HYBRID: "Blended",
}
"""The values of schema.org's courseMode."""


@dataclass(frozen=True)
class Dates:
    """One cohort, as the public sees it."""

    cohort: Cohort
    seated: int

    @property
    def left(self) -> int:
        return max(0, self.cohort.capacity - self.seated)

    @property
    def spoken(self) -> str:
        return languages.name(self.cohort.language)

    @property
    def schema_mode(self) -> str:
        return SCHEMA_MODE[Mode(self.cohort.mode)]


@dataclass(frozen=True)
class CoursePage:
    version: Version
    dates: list[Dates]

    @property
    def row(self) -> Course:
        return self.version.course

    @cached_property
    def content(self) -> Content:
        return content_of(self.version)

    @property
    def slug(self) -> str:
        return self.content.slug

    @property
    def title(self) -> str:
        return pages.said(self.content, self.content.title)

    @property
    def summary(self) -> str:
        return pages.said(self.content, self.content.summary)

    @property
    def review(self) -> str:
        return pages.said(self.content, self.content.review)

    @property
    def language(self) -> InLanguage:
        return InLanguage(pages.spoken(self.content, self.content.title).language)

    @property
    def languages(self) -> list[str]:
        return [languages.name(code) for code in self.content.languages]

    @property
    def objectives(self) -> Several:
        return pages.several(self.content, self.content.objectives.values())

    @property
    def audiences(self) -> Several:
        return pages.several(self.content, self.content.audiences)

    @property
    def modules(self) -> list[tuple[str, str, int]]:
        """Title, what it is about, hours."""
        return [
            (
                pages.said(self.content, module.title),
                pages.said(self.content, module.summary),
                round(module.hours or module.minutes / 60),
            )
            for module in self.content.modules
        ]

    @property
    def hours(self) -> int:
        return sum(hours for _title, _about, hours in self.modules)

    @property
    def certificates(self) -> list[tuple[str, str]]:
        return [
            (
                pages.said(self.content, certificate.title),
                pages.said(self.content, certificate.about),
            )
            for certificate in self.content.certificates
        ]

    @property
    def open_dates(self) -> list[Dates]:
        return [date for date in self.dates if date.cohort.is_open]


def courses_offered() -> list[CoursePage]:
    """List every course in its latest version, with the dates that the public may
    see."""
    newest: dict[int, Version] = {}
    for version in Version.objects.for_page().newest_first():
        newest.setdefault(version.course_id, version)
    # One query for the dates of all courses, so the page costs the same with many.
    by_course = dates_by_course(list(newest))
    return [
        CoursePage(version, by_course.get(pk, [])) for pk, version in newest.items()
    ]


def course_page(slug: str) -> CoursePage | None:
    versions = Version.objects.for_page().newest_first().filter(course__slug=slug)
    version = versions.first()
    if version is None:
        return None
    dates = dates_by_course([version.course_id])
    return CoursePage(version, dates.get(version.course_id, []))


def dates_by_course(courses: Iterable[int]) -> dict[int, list[Dates]]:
    found: dict[int, list[Dates]] = {}
    rows = Cohort.objects.public().upcoming().filter(version__course__in=courses)
    for cohort in rows.for_list().with_numbers():
        course = cohort.version.course_id
        found.setdefault(course, []).append(Dates(cohort, cohort.seated))
    return found
