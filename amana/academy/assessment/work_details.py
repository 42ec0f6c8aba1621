"""What the pages show of a piece of work: its course, its criteria, its judgements."""

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import PurePath

from django.utils.translation import gettext as _

from amana.academy.assessment import labels
from amana.academy.assessment.models import HandIn, Mark, WorkFile
from amana.academy.courses import pages
from amana.academy.courses.content import load_content
from amana.academy.courses.engine.course_content import CourseContent, Module
from amana.academy.courses.pages import ShownCriterionText
from amana.registry import Registry


@dataclass(frozen=True)
class WorkSection:
    """A part of the page of a piece of work, which a room above adds: `load` gives the
    context of `template`, or None where it has nothing."""

    template: str
    load: Callable[[HandIn], dict[str, object] | None]


WORK: Registry[WorkSection] = Registry()


def list_work_sections(hand_in: HandIn) -> list[tuple[str, dict[str, object]]]:
    loaded = ((section.template, section.load(hand_in)) for section in WORK)
    return [(template, panel) for template, panel in loaded if panel is not None]


@dataclass(frozen=True)
class WorkLocation:
    """Where in a course a piece of work belongs."""

    course: CourseContent
    module: Module
    assignment: pages.ShownAssignment

    @property
    def name(self) -> str:
        return labels.format_module_name(self.course, self.module.code)

    @property
    def criteria(self) -> list[ShownCriterionText]:
        return self.assignment.criteria


def build_place(hand_in: HandIn) -> WorkLocation:
    course = load_content(hand_in.enrolment.version)
    module = course.module(hand_in.module)
    assert module is not None  # it asked for this work
    assignment = pages.build_assignment(course, module)
    assert assignment is not None
    return WorkLocation(course, module, assignment)


@dataclass(frozen=True)
class ShownCriterion:
    criterion: ShownCriterionText
    level: str
    tone: str
    where: str
    passage: str


@dataclass(frozen=True)
class ShownMark:
    assessment: Mark
    verdicts: list[ShownCriterion]


def list_files(hand_in: HandIn, *, own: bool) -> list[tuple[WorkFile, str]]:
    """List the files, each with a name for display: a file's own name may reveal who
    handed it in, so only they read it.
    """
    files = hand_in.files.defer("content").order_by("pk")
    return [
        (file, file.name if own else format_file_name(file, number))
        for number, file in enumerate(files, 1)
    ]


def format_file_name(file: WorkFile, number: int) -> str:
    return _("File %(number)s") % {"number": number} + PurePath(file.name).suffix


def iterate_judgements(
    hand_in: HandIn, place: WorkLocation, *, own: bool
) -> Iterator[ShownMark]:
    """Yield the judgements, the last one first."""
    names = {f"file:{file.pk}": name for file, name in list_files(hand_in, own=own)}
    for assessment in hand_in.assessments.order_by("-at", "-pk"):
        said = [
            build_verdict(criterion, said, names)
            for criterion, said in zip(place.criteria, assessment.verdicts, strict=True)
        ]
        yield ShownMark(assessment, said)


def build_verdict(
    criterion: ShownCriterionText, said: dict[str, object], names: dict[str, str]
) -> ShownCriterion:
    level, where = int(str(said["level"])), str(said["where"])
    top = level == len(criterion.levels) - 1
    return ShownCriterion(
        criterion=criterion,
        level=criterion.levels[level][1],
        tone="good" if top else "late" if level == 0 or criterion.critical else "due",
        where=names.get(where) or WHERE[where.partition(":")[0]](),
        passage=str(said["passage"]),
    )


WHERE = {
    "text": lambda: _("The text"),
    "file": lambda: _("A file"),
    "event": lambda: _("The test of this module"),
}
