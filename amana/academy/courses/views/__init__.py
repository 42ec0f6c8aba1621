"""Show courses to learners: one next step, always."""

from amana.academy.courses.views.course_pages import (
    begin,
    choose_track,
    course,
    find_enrolment,
    get_lesson,
    get_module,
    get_seed,
    home,
    progress,
    publish,
)
from amana.academy.courses.views.course_tests import ask_for_attempts, take, test
from amana.academy.courses.views.lesson_pages import (
    FIGURE_MAY,
    answer,
    assignment,
    build_module_context,
    figure,
    lesson,
    module,
    read,
)

__all__ = [
    "FIGURE_MAY",
    "answer",
    "ask_for_attempts",
    "assignment",
    "begin",
    "build_module_context",
    "choose_track",
    "course",
    "figure",
    "find_enrolment",
    "get_lesson",
    "get_module",
    "get_seed",
    "home",
    "lesson",
    "module",
    "progress",
    "publish",
    "read",
    "take",
    "test",
]
