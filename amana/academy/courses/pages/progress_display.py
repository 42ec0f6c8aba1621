"""Where one is, what comes next, and the assignment."""

from collections.abc import Iterator
from dataclasses import dataclass

from django.urls import NoReverseMatch, reverse
from django.utils.functional import Promise

from amana.academy.courses import labels
from amana.academy.courses.engine.course_content import CourseContent, Lesson, Module
from amana.academy.courses.engine.progress import (
    CourseProgress,
    CourseStep,
    ModuleProgress,
    list_case_lessons,
    sort_for_track,
)
from amana.academy.courses.pages.lesson_display import (
    CourseProse,
    TextLanguage,
    build_figure_urls,
    choose_text,
    format_text,
)


@dataclass(frozen=True)
class ShownLessonStep:
    title: str
    url: str
    minutes: int | None
    is_test: bool


def build_step_url(course: CourseContent, step: CourseStep) -> str:
    if step.lesson is None:
        return reverse("courses:test", args=[course.slug, step.module.code])
    return build_lesson_url(course, step.lesson)


def build_lesson_url(course: CourseContent, lesson: Lesson) -> str:
    return reverse("courses:lesson", args=[course.slug, lesson.module, lesson.part])


def build_step(
    course: CourseContent, step: CourseStep | None
) -> ShownLessonStep | None:
    if step is None:
        return None
    url = build_step_url(course, step)
    if step.lesson is None:
        return ShownLessonStep(
            format_text(course, step.module.test.title), url, None, True
        )
    title = choose_text(course, step.lesson.texts).said.title
    return ShownLessonStep(title, url, step.lesson.minutes, False)


@dataclass(frozen=True)
class ShownModule:
    number: int
    code: str
    title: str
    summary: str
    url: str
    progress: ModuleProgress
    status: str
    tone: str
    missing: list[str]

    @property
    def what_is_missing(self) -> str:
        return " · ".join(self.missing)


def build_modules(course: CourseContent, progress: CourseProgress) -> list[ShownModule]:
    return [
        ShownModule(
            number,
            module.module.code,
            format_text(course, module.module.title),
            format_text(course, module.module.summary),
            reverse("courses:module", args=[course.slug, module.module.code]),
            module,
            labels.format_status(module),
            labels.get_tone(module),
            labels.list_missing(module),
        )
        for number, module in enumerate(progress.modules, 1)
    ]


@dataclass(frozen=True)
class LessonLine:
    title: str
    url: str
    kind: str | Promise
    minutes: int | None
    read: bool
    other_language: TextLanguage | None
    for_track: bool = False
    """It is for the sector for which one learns."""
    own_case: bool = False
    """And it has a case of that sector."""


def iterate_lesson_lines(
    course: CourseContent, one: ModuleProgress, track: str = ""
) -> Iterator[LessonLine]:
    """Yield the lessons of a module, what is for one’s track first."""
    mine = one.module.tracks.get(track)
    cases = list_case_lessons(one.module, track)
    # In the order in which the next step is offered: the list and the button agree.
    for lesson in sort_for_track(one.module, track):
        text = choose_text(course, lesson.texts)
        here = TextLanguage(text.language)
        yield LessonLine(
            text.said.title,
            build_lesson_url(course, lesson),
            labels.KINDS[lesson.kind],
            lesson.minutes,
            lesson not in one.unread,
            here if here.is_other else None,
            for_track=bool(mine and mine.has(lesson.part)) or lesson.part in cases,
            own_case=lesson.part in cases,
        )


@dataclass(frozen=True)
class ShownTrack:
    """A sector that one can learn a course for."""

    code: str
    name: str
    chosen: bool


def list_tracks(course: CourseContent, chosen: str) -> list[ShownTrack]:
    return [
        ShownTrack(track.code, format_text(course, track.name), track.code == chosen)
        for track in course.tracks
    ]


@dataclass(frozen=True)
class ShownCriterionText:
    text: str
    critical: bool
    human: bool
    levels: list[tuple[str, str]]


@dataclass(frozen=True)
class ShownAssignment:
    title: str
    what: CourseProse
    produces: str | Promise
    where: str
    criteria: list[ShownCriterionText]
    in_practice: bool = False
    """Whether it is made in a practice installation, and not where people work."""


def build_assignment(course: CourseContent, module: Module) -> ShownAssignment | None:
    plain = module.assignment
    if not plain:
        return None
    words = format_text(course, plain["what"])
    return ShownAssignment(
        title=format_text(course, plain["title"]),
        what=CourseProse(words, {}, build_figure_urls(course, module)),
        produces=labels.PRODUCES[plain["produces"]],
        where=build_page_url(plain["where"]),
        criteria=[
            ShownCriterionText(
                format_text(course, criterion["criterion"]),
                criterion["critical"],
                criterion["human"],
                [
                    (level["level"], format_text(course, level["text"]))
                    for level in criterion["levels"]
                ],
            )
            for criterion in plain["rubric"]
        ],
        in_practice=bool(plain.get("checks")),
    )


def build_page_url(name: str) -> str:
    """Build the address of a page of Amana by its name, where this installation has
    one."""
    try:
        return reverse(name) if name else ""
    # A course may name a page of a room that this installation does not have.
    except NoReverseMatch:
        return ""
