"""Check whether the files of a course agree with each other, and what its authors have
to correct.

A fault keeps the course from being published. A remark does not: a translation that is
missing, a text that is hard to read, a source that nothing cites.
"""

from amana.academy.courses.engine.references.all_checks import (
    check_course,
    list_remarks,
)
from amana.academy.courses.engine.references.course_faults import (
    NO_COMPETENCY,
    NO_OBJECTIVE,
    NO_SOURCE,
    NOBODY_RIGHT,
    QUESTION_TWICE,
    check_unique_codes,
)
from amana.academy.courses.engine.references.module_checks import (
    map_competencies,
    map_objectives,
)
from amana.academy.courses.engine.references.question_checks import (
    can_be_right,
    check_question,
    convert_to_option,
)

__all__ = [
    "NOBODY_RIGHT",
    "NO_COMPETENCY",
    "NO_OBJECTIVE",
    "NO_SOURCE",
    "QUESTION_TWICE",
    "can_be_right",
    "check_course",
    "check_question",
    "check_unique_codes",
    "convert_to_option",
    "list_remarks",
    "map_competencies",
    "map_objectives",
]
