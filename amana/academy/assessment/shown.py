"""What the pages show of a piece of work: its course, its criteria, its judgements."""

from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import PurePath

from django.utils.translation import gettext as _

from amana.academy.assessment import sentences
from amana.academy.assessment.models import Assessment, HandIn, WorkFile
from amana.academy.courses import pages
from amana.academy.courses.content import content_of
from amana.academy.courses.engine.course import Course, Module
from amana.academy.courses.pages import Criterion


@dataclass(frozen=True)
class Place:
    """Where in a course a piece of work belongs."""

    course: Course
    module: Module
    assignment: pages.Assignment

    @property
    def name(self) -> str:
        return sentences.module_name(self.course, self.module.code)

    @property
    def criteria(self) -> list[Criterion]:
        return self.assignment.criteria


def place_of(hand_in: HandIn) -> Place:
    course = content_of(hand_in.enrolment.version)
    module = course.module(hand_in.module)
    assert module is not None  # it asked for this work
    assignment = pages.assignment_of(course, module)
    assert assignment is not None
    return Place(course, module, assignment)


@dataclass(frozen=True)
class ShownVerdict:
    criterion: Criterion
    level: str
    tone: str
    where: str
    passage: str


@dataclass(frozen=True)
class Judgement:
    assessment: Assessment
    verdicts: list[ShownVerdict]


def files_of(hand_in: HandIn, *, own: bool) -> list[tuple[WorkFile, str]]:
    """List the files, each with a name for display: a file's own name may reveal who
    handed it in, so only they read it.
    """
    files = hand_in.files.defer("content").order_by("pk")
    return [
        (file, file.name if own else numbered(file, number))
        for number, file in enumerate(files, 1)
    ]


def numbered(file: WorkFile, number: int) -> str:
    return _("File %(number)s") % {"number": number} + PurePath(file.name).suffix


def judgements(hand_in: HandIn, place: Place, *, own: bool) -> Iterator[Judgement]:
    """Yield the judgements, the last one first."""
    names = {f"file:{file.pk}": name for file, name in files_of(hand_in, own=own)}
    for assessment in hand_in.assessments.order_by("-at", "-pk"):
        said = [
            verdict(criterion, said, names)
            for criterion, said in zip(place.criteria, assessment.verdicts, strict=True)
        ]
        yield Judgement(assessment, said)


def verdict(
    criterion: Criterion, said: dict[str, object], names: dict[str, str]
) -> ShownVerdict:
    level, where = int(str(said["level"])), str(said["where"])
    top = level == len(criterion.levels) - 1
    return ShownVerdict(
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
