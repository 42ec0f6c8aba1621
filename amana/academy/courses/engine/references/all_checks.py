"""All checks in order, as faults and as remarks."""

from collections.abc import Callable

from amana.academy.courses.engine.gathering import CourseSources
from amana.academy.courses.engine.references.bank_checks import (
    check_banks,
    check_cues,
    suggest_like_endings,
)
from amana.academy.courses.engine.references.course_faults import Found
from amana.academy.courses.engine.references.kit_checks import (
    check_kit_ages,
    check_kit_languages,
    check_kits,
    suggest_kits,
)
from amana.academy.courses.engine.references.lesson_checks import (
    check_cites,
    check_lessons,
    check_module_lessons,
    check_readability,
    check_sources,
)
from amana.academy.courses.engine.references.module_checks import (
    check_codes,
    check_first_language,
    check_languages,
    check_machine_checks,
    check_modules,
    check_objective_coverage,
    check_references,
)
from amana.academy.courses.engine.references.question_checks import (
    check_assignments,
    check_documents,
    check_questions,
    check_session_minutes,
)
from amana.academy.courses.engine.references.remarks import (
    check_competency_coverage,
    check_completeness,
    check_translation_age,
    check_unused,
    suggest_easier_text,
)
from amana.academy.courses.engine.references.source_checks import check_opened
from amana.academy.courses.engine.references.track_checks import check_tracks
from amana.academy.courses.engine.references.translation_checks import (
    check_translated_questions,
    check_translations,
)
from amana.academy.courses.engine.translations import check_question_age
from amana.faults import Fault


def check_course(gathered: CourseSources) -> list[Fault]:
    return [fault for look in FAULTS for fault in look(gathered)]


def list_remarks(gathered: CourseSources) -> list[Fault]:
    return [remark for look in REMARKS for remark in look(gathered)]


type Look = Callable[[CourseSources], Found]


FAULTS: tuple[Look, ...] = (
    check_modules,
    check_codes,
    check_references,
    check_objective_coverage,
    check_first_language,
    check_languages,
    check_questions,
    check_documents,
    check_banks,
    check_cues,
    check_assignments,
    check_machine_checks,
    check_module_lessons,
    check_lessons,
    check_cites,
    check_sources,
    check_readability,
    check_kits,
    check_translations,
    check_translated_questions,
    check_tracks,
)


REMARKS: tuple[Look, ...] = (
    check_session_minutes,
    check_opened,
    suggest_like_endings,
    suggest_easier_text,
    check_completeness,
    check_translation_age,
    check_question_age,
    suggest_kits,
    check_kit_languages,
    check_kit_ages,
    check_unused,
    check_competency_coverage,
)
