"""The content of the public pages about a course and its dates."""

from collections.abc import Iterable
from dataclasses import dataclass
from functools import cached_property

from django.utils.translation import gettext as _

from amana.academy.cohorts.models import Cohort, CohortMode
from amana.academy.courses import labels, pages
from amana.academy.courses.content import load_content
from amana.academy.courses.engine.course_content import CourseContent as Content
from amana.academy.courses.models import Course, Version
from amana.academy.courses.pages import TextLanguage, TextList
from amana.academy.credentials.endorsing import (
    ShownEndorsement,
    list_endorsements,
)
from amana.ui import languages

SCHEMA_MODE = {
    CohortMode.ONLINE: "Online",
    CohortMode.IN_PERSON: "Onsite",
    CohortMode.HYBRID: "Blended",
}
"""The values of schema.org's courseMode."""


@dataclass(frozen=True)
class CohortDates:
    """One cohort, as the public sees it."""

    cohort: Cohort
    seated: int

    @property
    def left(self) -> int:
        return max(0, self.cohort.capacity - self.seated)

    @property
    def spoken(self) -> str:
        return languages.format_language(self.cohort.language)

    @property
    def schema_mode(self) -> str:
        return SCHEMA_MODE[CohortMode(self.cohort.mode)]


@dataclass(frozen=True)
class CoursePage:
    version: Version
    dates: list[CohortDates]

    @property
    def row(self) -> Course:
        return self.version.course

    @cached_property
    def content(self) -> Content:
        return load_content(self.version)

    @property
    def slug(self) -> str:
        return self.content.slug

    @property
    def title(self) -> str:
        return pages.format_text(self.content, self.content.title)

    @property
    def summary(self) -> str:
        return pages.format_text(self.content, self.content.summary)

    @property
    def review(self) -> str:
        return pages.format_text(self.content, self.content.review)

    @property
    def language(self) -> TextLanguage:
        return TextLanguage(
            pages.choose_text(self.content, self.content.title).language
        )

    @property
    def languages(self) -> list[str]:
        """The languages, each with how much of the course is written in it."""
        return [self.format_language(code) for code in self.content.languages]

    def format_language(self, code: str) -> str:
        name = languages.format_language(code)
        lessons = self.content.lessons
        written = sum(code in lesson.texts for lesson in lessons)
        if written == len(lessons):
            return name
        values = {"language": name, "count": written, "all": len(lessons)}
        return _("%(language)s (%(count)s of %(all)s lessons)") % values

    @property
    def objectives(self) -> TextList:
        return pages.choose_texts(self.content, self.content.objectives.values())

    @property
    def audiences(self) -> TextList:
        return pages.choose_texts(self.content, self.content.audiences)

    @property
    def modules(self) -> list[tuple[str, str, str]]:
        """Title, what it is about, how long it takes."""
        return [
            (
                pages.format_text(self.content, module.title),
                pages.format_text(self.content, module.summary),
                labels.format_duration(module.minutes.total),
            )
            for module in self.content.modules
        ]

    @property
    def times(self) -> list[tuple[str, str]]:
        """What the hours are spent on, and how long."""
        return labels.list_times([module.minutes for module in self.content.modules])

    @property
    def hours(self) -> int:
        minutes = sum(module.minutes.total for module in self.content.modules)
        return max(1, round(minutes / 60))

    @property
    def certificates(self) -> list[tuple[str, str]]:
        return [
            (
                pages.format_text(self.content, certificate.title),
                pages.format_text(self.content, certificate.about),
            )
            for certificate in self.content.certificates
        ]

    @cached_property
    def endorsements(self) -> list[ShownEndorsement]:
        return list_endorsements(
            [certificate.code for certificate in self.content.certificates]
        )

    @property
    def open_dates(self) -> list[CohortDates]:
        return [date for date in self.dates if date.cohort.is_open]


def list_offered_courses() -> list[CoursePage]:
    """List every course in its latest version, with the dates that the public may
    see."""
    newest: dict[int, Version] = {}
    for version in Version.objects.for_page().newest_first():
        newest.setdefault(version.course_id, version)
    # One query for the dates of all courses, so the page costs the same with many.
    by_course = group_dates(list(newest))
    return [
        CoursePage(version, by_course.get(pk, [])) for pk, version in newest.items()
    ]


def find_course_page(slug: str) -> CoursePage | None:
    versions = Version.objects.for_page().newest_first().filter(course__slug=slug)
    version = versions.first()
    if version is None:
        return None
    dates = group_dates([version.course_id])
    return CoursePage(version, dates.get(version.course_id, []))


def group_dates(courses: Iterable[int]) -> dict[int, list[CohortDates]]:
    found: dict[int, list[CohortDates]] = {}
    rows = Cohort.objects.public().upcoming().filter(version__course__in=courses)
    for cohort in rows.for_list().with_numbers():
        course = cohort.version.course_id
        found.setdefault(course, []).append(CohortDates(cohort, cohort.seated))
    return found
