"""Build what the pages of a course show, in the language of the page or the course's
own."""

from amana.academy.courses.pages.lesson_display import (
    CourseProse,
    ShownLesson,
    ShownPiece,
    ShownQuestion,
    ShownSource,
    TextLanguage,
    TextList,
    build_question,
    choose_text,
    choose_texts,
    format_text,
    get_page_language,
    list_questions,
    list_sources,
)
from amana.academy.courses.pages.progress_display import (
    ShownAssignment,
    ShownCriterionText,
    build_assignment,
    build_lesson_url,
    build_modules,
    build_step,
    build_step_url,
    iterate_lesson_lines,
)

__all__ = [
    "CourseProse",
    "ShownAssignment",
    "ShownCriterionText",
    "ShownLesson",
    "ShownPiece",
    "ShownQuestion",
    "ShownSource",
    "TextLanguage",
    "TextList",
    "build_assignment",
    "build_lesson_url",
    "build_modules",
    "build_question",
    "build_step",
    "build_step_url",
    "choose_text",
    "choose_texts",
    "format_text",
    "get_page_language",
    "iterate_lesson_lines",
    "list_questions",
    "list_sources",
]
