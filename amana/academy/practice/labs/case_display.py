"""A case of the course as pages show it: what all may read, what only those who present
it may, and what comes at the end."""

from collections.abc import Collection, Iterable
from dataclasses import dataclass
from datetime import date

from amana.academy.courses import pages
from amana.academy.courses.engine.course_content import CourseContent
from amana.academy.courses.pages import CourseProse, TextLanguage
from amana.academy.practice.labs.engine.clinic_case import CaseFinding, ClinicCase


@dataclass(frozen=True)
class ShownCase:
    """What everyone in the circle may read at once: no answer, and no finding."""

    code: str
    language: TextLanguage
    title: str
    sectors: list[str]
    note: str
    presenter: str
    situation: CourseProse
    asks: str
    advice: tuple[str, ...]
    draft: bool
    """Survivors, lawyers and clinicians have not reviewed it."""


@dataclass(frozen=True)
class ShownCaseAnswer:
    code: str
    when: str
    words: CourseProse
    given: bool


@dataclass(frozen=True)
class ShownFinding:
    text: str
    title: str
    """Of its source; empty: it is the course's own rule."""
    by: str
    year: str
    url: str
    where: str
    checked: date | None
    """The day on which it was read there; None: no one has."""


@dataclass(frozen=True)
class CaseLessonLink:
    title: str
    url: str


def build_case(course: CourseContent, case: ClinicCase) -> ShownCase:
    return ShownCase(
        code=case.code,
        language=TextLanguage(case.language),
        title=case.title,
        sectors=list_sector_names(course, case.sectors),
        note=case.note,
        presenter=case.presenter,
        situation=build_prose(case.situation),
        asks=case.asks,
        advice=case.advice,
        draft=not case.reviewed_by,
    )


def build_prose(words: str) -> CourseProse:
    """Build the paragraphs of a case; it has neither citations nor figures."""
    return CourseProse(words, {}, lambda _name: "")


def list_answers(case: ClinicCase, given: Collection[str]) -> list[ShownCaseAnswer]:
    """List what those who present the case know, for their eyes alone."""
    return [
        ShownCaseAnswer(code, answer.when, build_prose(answer.text), code in given)
        for code, answer in case.answers.items()
    ]


def list_findings(
    course: CourseContent, findings: Iterable[CaseFinding]
) -> list[ShownFinding]:
    return [build_finding(course, finding) for finding in findings]


def build_finding(course: CourseContent, finding: CaseFinding) -> ShownFinding:
    source = course.sources[finding.source] if finding.source else {"title": ""}
    return ShownFinding(
        text=finding.text,
        title=str(source["title"]),
        by=str(source.get("by", "")),
        year=str(source.get("year", "")),
        url=str(source.get("url", "")),
        where=finding.where,
        checked=date.fromisoformat(finding.checked) if finding.checked else None,
    )


def list_sector_names(course: CourseContent, codes: Iterable[str]) -> list[str]:
    """List the names of sectors; of one that the course does not name, its code."""
    names = {
        sector["code"]: pages.format_text(course, sector["name"])
        for sector in course.placement.get("sectors", ())
    }
    return [names.get(code, code) for code in codes]


def list_lesson_links(
    course: CourseContent, paths: Iterable[str]
) -> list[CaseLessonLink]:
    by_path = {lesson.path: lesson for lesson in course.lessons}
    return [
        CaseLessonLink(
            pages.choose_text(course, by_path[path].texts).said.title,
            pages.build_lesson_url(course, by_path[path]),
        )
        for path in paths
        if path in by_path
    ]
