"""A lesson of a draft as learners will see it, with what is right and why."""

from collections.abc import Callable
from dataclasses import dataclass

from django.urls import reverse
from django.utils.translation import override

from amana.academy.authoring.models import Draft, DraftFile
from amana.academy.courses.engine import course_content as courses
from amana.academy.courses.engine import figure_checks
from amana.academy.courses.engine import files as places
from amana.academy.courses.engine.course_content import CourseContent, Lesson, Module
from amana.academy.courses.engine.reading import CheckedCourse
from amana.academy.courses.pages import ShownLesson, ShownPiece
from amana.design.mechanism import writing


@dataclass(frozen=True)
class Preview:
    module: Module
    lesson: Lesson
    shown: ShownLesson
    pieces: list[ShownPiece]
    language: str


def build_preview(draft: Draft, path: str, checked: CheckedCourse) -> Preview | None:
    """Build the preview of a lesson; None where the course has faults, or the file is
    no lesson."""
    found = places.LESSON.fullmatch(path)
    if found is None or checked.faults:
        return None
    course = courses.build_course(checked.compiled)
    module, lesson = find_place(course, draft, found["folder"], found["part"])
    if module is None or lesson is None:
        return None
    figures = build_figure_addresses(draft, found["folder"])
    with override(found["language"]):
        shown = ShownLesson(course, module, lesson, {}, "", figures=figures)
        return Preview(module, lesson, shown, list(shown.pieces()), found["language"])


def find_place(
    course: CourseContent, draft: Draft, folder: str, part: str
) -> tuple[Module | None, Lesson | None]:
    """Find the compiled lesson that a file has become; its module is known by its
    code."""
    path = f"modules/{folder}/module.yaml"
    file = draft.files.filter(path=path).first()
    said = {path: bytes(file.content)} if file else {}
    module = course.module(str(writing.read_piece(said, path, ("code",))))
    return module, module.lesson(part) if module else None


def build_figure_addresses(draft: Draft, folder: str) -> Callable[[str], str]:
    prefix = f"modules/{folder}/figures/"
    files = DraftFile.objects.filter(draft=draft, path__startswith=prefix)
    numbers = dict(files.values_list("path", "pk"))

    def address_of(name: str) -> str:
        number = numbers.get(f"{prefix}{name}.svg", 0)
        return reverse("authoring:figure", args=[draft.pk, number])

    return address_of


def is_safe_drawing(file: DraftFile) -> bool:
    """Check a drawing as it is checked before a course is published."""
    known = places.FIGURE.fullmatch(file.path)
    return bool(known) and not list(figure_checks.check_picture(bytes(file.content)))
