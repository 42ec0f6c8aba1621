"""In which formats lessons leave: each format's room adds itself in `apps.ready()`."""

from dataclasses import dataclass

from django.urls import reverse

from amana.registry import Registry


@dataclass(frozen=True)
class LessonFormat:
    """A name that is the same in all languages, and where the packages are."""

    name: str
    of_module: str
    """The page that gives it; its address takes the course and the module."""
    of_lesson: str
    """The same for one lesson; empty where it has none."""
    place: int


FORMATS: Registry[LessonFormat] = Registry()


def sort_formats() -> list[LessonFormat]:
    return sorted(FORMATS, key=lambda one: one.place)


def list_for_module(slug: str, code: str) -> list[tuple[str, str]]:
    return [
        (file_format.name, reverse(file_format.of_module, args=[slug, code]))
        for file_format in sort_formats()
    ]


def list_for_lesson(slug: str, code: str, part: str) -> list[tuple[str, str]]:
    return [
        (file_format.name, reverse(file_format.of_lesson, args=[slug, code, part]))
        for file_format in sort_formats()
        if file_format.of_lesson
    ]
