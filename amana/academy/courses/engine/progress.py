"""Compute how far a learner is: what is done, what is missing and why, and the one next
step.

Nothing of it is stored. It follows from what happened, whenever it is asked for.
"""

from collections.abc import Collection, Iterator, Mapping
from dataclasses import dataclass

from amana.academy.courses.engine import marking
from amana.academy.courses.engine.course_content import CourseContent, Lesson, Module
from amana.academy.courses.engine.marking import Given, MarkedTest


@dataclass(frozen=True)
class SubmittedTest:
    """A test that was handed in."""

    module: str
    seed: str
    answers: Mapping[str, Given]


@dataclass(frozen=True)
class ModuleProgress:
    module: Module
    unread: tuple[Lesson, ...]
    results: tuple[MarkedTest, ...]
    """Of each test that was handed in, the first one first."""

    @property
    def read(self) -> int:
        return len(self.module.lessons) - len(self.unread)

    @property
    def passed(self) -> bool:
        return any(result.passed for result in self.results)

    @property
    def last(self) -> MarkedTest | None:
        return self.results[-1] if self.results else None

    @property
    def done(self) -> bool:
        return self.passed and not self.unread

    @property
    def steps(self) -> int:
        return len(self.module.lessons) + 1

    @property
    def steps_done(self) -> int:
        return self.read + self.passed


@dataclass(frozen=True)
class CourseStep:
    """What comes next: a lesson, or the test of its module."""

    module: Module
    lesson: Lesson | None = None


@dataclass(frozen=True)
class CourseProgress:
    modules: tuple[ModuleProgress, ...]

    @property
    def done(self) -> bool:
        return all(module.done for module in self.modules)

    @property
    def steps(self) -> int:
        return sum(module.steps for module in self.modules)

    @property
    def steps_done(self) -> int:
        return sum(module.steps_done for module in self.modules)

    @property
    def next(self) -> CourseStep | None:
        """The first lesson that was not read, the first test that was not passed."""
        return next(self.ahead(), None)

    def ahead(self) -> Iterator[CourseStep]:
        for module in self.modules:
            for lesson in module.unread:
                yield CourseStep(module.module, lesson)
            if not module.passed:
                yield CourseStep(module.module)

    def of(self, module: Module) -> ModuleProgress:
        return next(
            progress for progress in self.modules if progress.module.code == module.code
        )


def compute_progress(
    course: CourseContent,
    read: Collection[str],
    handed: Collection[SubmittedTest],
    track: str = "",
) -> CourseProgress:
    """Compute the progress from lessons read, by their paths, and tests submitted; what
    is for the learner’s track comes first in each module."""
    return CourseProgress(
        tuple(
            ModuleProgress(
                module,
                tuple(
                    lesson
                    for lesson in sort_for_track(module, track)
                    if lesson.path not in read
                ),
                tuple(
                    marking.mark_test(module, test.seed, test.answers)
                    for test in handed
                    if test.module == module.code
                ),
            )
            for module in course.modules
        )
    )


def sort_for_track(module: Module, track: str) -> list[Lesson]:
    """Order the lessons of a module: those for a track first, as it lists them, then
    the others as they come."""
    mine = module.tracks.get(track)
    if mine is None:
        return list(module.lessons)
    listed = [*mine.first, *list_case_lessons(module, track)]
    # Reversed, so that of a part that is listed twice its first place counts.
    place = {part: at for at, part in reversed(list(enumerate(listed)))}
    # Sorting is stable: the others keep their order.
    return sorted(
        module.lessons, key=lambda lesson: place.get(lesson.part, len(listed))
    )


def list_case_lessons(module: Module, track: str) -> list[str]:
    """List the lessons with a case of a track: the case itself, or the lesson below
    which its conversation is offered."""
    mine = module.tracks.get(track)
    talks = {interview.name: interview.lesson for interview in module.interviews}
    return [talks.get(part, part) for part in (mine.cases if mine else ())]
