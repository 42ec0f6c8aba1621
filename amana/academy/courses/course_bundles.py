"""A course as a folder that needs no server: a room above knows how, and says so here
in its `apps.ready()`."""

from collections.abc import Callable, Sequence
from pathlib import Path

from amana.academy.courses.engine.course_content import CourseContent
from amana.registry import Registry

WRITERS: Registry[Callable[[CourseContent, str, Sequence[str], Path], int]] = Registry()
"""Each writes a course, known by its SHA-256, in these languages; how many files."""
