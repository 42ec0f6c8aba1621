"""Read a course's files into what is published, or into everything that has to be
corrected.

What comes out is plain data. Written as JSON with its keys in order it has one SHA-256,
by which a version is known for ever.
"""

import json
from collections.abc import Mapping
from dataclasses import dataclass
from hashlib import sha256
from typing import Any

from amana.academy.courses.engine import (
    certifying,
    clinic_checks,
    files,
    interviewing,
    negotiation_checks,
    placing,
    references,
)
from amana.academy.courses.engine.gathering import CourseSources, gather_files
from amana.academy.courses.engine.learning_time import (
    count_lesson_minutes,
    count_module_minutes,
)
from amana.academy.courses.engine.lessons import LessonFile
from amana.academy.courses.engine.markdown_files import MarkdownFile
from amana.academy.courses.engine.references import convert_to_option
from amana.academy.courses.engine.translations import is_stale, name_translation
from amana.faults import Fault
from amana.yaml_files.yamls import YAMLSource

FORMAT = 1

type Plain = dict[str, Any]


@dataclass(frozen=True)
class CheckedCourse:
    """A course that can be published, or the faults for which it can't."""

    compiled: str
    """JSON; empty where there is a fault."""
    faults: list[Fault]
    remarks: list[Fault]

    @property
    def sha256(self) -> str:
        return compute_fingerprint(self.compiled)


def compute_fingerprint(compiled: str) -> str:
    return sha256(compiled.encode()).hexdigest()


def read_course(given: Mapping[str, bytes]) -> CheckedCourse:
    if too_much := files.check_limits(dict(given)):
        return CheckedCourse("", too_much, [])
    gathered = gather_files(given)
    crossed = [
        *references.check_course(gathered),
        *certifying.check_certificates(gathered),
        *placing.check_placement(gathered),
        *negotiation_checks.check_negotiations(gathered),
        *clinic_checks.check_clinics(gathered),
        *interviewing.check_interviews(gathered),
    ]
    faults = [*gathered.faults, *crossed]
    remarks = [
        *references.list_remarks(gathered),
        *interviewing.list_remarks(gathered),
    ]
    remarks.sort(key=get_sort_key)
    if faults:
        return CheckedCourse("", sorted(faults, key=get_sort_key), remarks)
    # In one order of keys: the same files have to give the same SHA-256 on every
    # machine.
    plain = json.dumps(compile_course(gathered), ensure_ascii=False, sort_keys=True)
    return CheckedCourse(plain, [], remarks)


def get_sort_key(fault: Fault) -> tuple[bool, str, int]:
    # Its faults first: many others follow from them.
    return fault.file != "course.yaml", fault.file, fault.line or 0


def compile_course(gathered: CourseSources) -> Plain:
    course = dict(gathered.course)
    return {
        **{key: get_texts(course[key], gathered) for key in ("title", "summary")},
        "format": FORMAT,
        "slug": course["slug"],
        "version": str(course["version"]),
        "languages": gathered.languages,
        "licence": course["licence"],
        "review": get_texts(course["review"], gathered),
        "objectives": [
            {
                "code": objective["code"],
                "text": get_texts(objective["text"], gathered),
            }
            for objective in course["objectives"]
        ],
        "competencies": [
            {**competency, "statement": get_texts(competency["statement"], gathered)}
            for competency in course["competencies"]
        ],
        "audiences": [
            get_texts(audience, gathered) for audience in course.get("audiences", ())
        ],
        **compile_tracks(gathered),
        "contact": course.get("contact", {}),
        "sources": dict(gathered.plain("sources.yaml")),
        "glossary": [
            {
                "term": get_texts(term["term"], gathered),
                "meaning": get_texts(term["meaning"], gathered),
                "source": term.get("source", ""),
            }
            for term in gathered.plain("glossary.yaml")
        ],
        "certificates": certifying.compile_certificates(
            gathered.plain("certificates.yaml") or (),
            lambda said: get_texts(said, gathered),
        ),
        "modules": [compile_module(gathered, folder) for folder in gathered.folders],
        "placement": compile_placement(gathered),
        "labs": {
            name.removeprefix("labs/").removesuffix(".yaml"): gathered.plain(name)
            for name in gathered.labs
        },
        "clinics": {
            name.removeprefix("clinics/").removesuffix(".yaml"): gathered.plain(name)
            for name in gathered.clinics
        },
    }


def compile_tracks(gathered: CourseSources) -> Plain:
    """Compile the tracks; a course without any stays as it was."""
    said = gathered.course.get("tracks")
    if not said:
        return {}
    return {
        "tracks": [
            {"code": track["code"], "name": get_texts(track["name"], gathered)}
            for track in said
        ]
    }


def compile_module_tracks(module: Mapping[str, Any]) -> Plain:
    said = module.get("tracks")
    if not said:
        return {}
    return {
        "tracks": {
            code: {key: track.get(key, []) for key in ("first", "cases")}
            for code, track in said.items()
        }
    }


def compile_placement(gathered: CourseSources) -> Plain:
    said = gathered.plain(placing.FILE)
    if not said:
        return {}
    return {
        "title": get_texts(said["title"], gathered),
        "about": get_texts(said["about"], gathered),
        "modules": said["modules"],
        "sectors": [
            {**sector, "name": get_texts(sector["name"], gathered)}
            for sector in said["sectors"]
        ],
        "questions": [
            {
                **compile_common(question),
                "texts": {
                    language: compile_words(
                        placing.translate_question(question, language), stale=False
                    )
                    for language in placing.list_languages(question, gathered)
                },
            }
            for question in placing.list_own_questions(gathered)
        ],
    }


def get_texts(said: Any, gathered: CourseSources) -> dict[str, str]:
    """Get a text by language; one that is given once is in the first language."""
    return dict(said) if isinstance(said, Mapping) else {gathered.first: str(said)}


def compile_module(gathered: CourseSources, folder: str) -> Plain:
    module = gathered.module(folder)
    test = gathered.plain(f"modules/{folder}/test.yaml")
    interviews = interviewing.compile_interviews(gathered, folder)
    return {
        "code": module["code"],
        "title": get_texts(module["title"], gathered),
        "summary": get_texts(module["summary"], gathered),
        "lines": module.get("lines", []),
        **compile_module_tracks(module),
        "objectives": module["objectives"],
        "minutes": count_module_minutes(gathered, folder, interviews),
        "lessons": [
            compile_lesson(gathered, original)
            for original in gathered.lessons_of(folder, gathered.first)
        ],
        "questions": [
            compile_question(gathered, source, question)
            for source, _at, question in gathered.iterate_questions(folder)
        ],
        "test": {
            "title": get_texts(test["title"], gathered),
            "about": get_texts(test["about"], gathered) if "about" in test else {},
            "draw": test["draw"],
            "pass_share": test["pass_share"],
            "questions": [question["id"] for question in gathered.bank(folder)],
            "critical": [
                question["id"]
                for question in gathered.bank(folder)
                if question.get("critical")
            ],
            "critical_draw": test.get("critical", 0),
            "online_only": bool(test.get("online_only")),
        },
        "assignment": compile_assignment(gathered, folder),
        "live": dict(gathered.plain(f"modules/{folder}/live.yaml")),
        "kit": [
            compile_kit_piece(gathered, original)
            for original in gathered.kit_of(folder, gathered.first)
        ],
        "interviews": interviews,
        "figures": {
            name.rpartition("/")[2].removesuffix(".svg"): drawing
            for name, drawing in gathered.figures.items()
            if name.startswith(f"modules/{folder}/figures/")
        },
    }


def compile_lesson(gathered: CourseSources, original: LessonFile) -> Plain:
    said = original.said
    return {
        "part": original.part,
        "minutes": count_lesson_minutes(original.pieces),
        "kind": said.get("kind", "lesson"),
        "objectives": said.get("objectives", []),
        "competencies": said.get("competencies", []),
        "sectors": said.get("sectors", []),
        "texts": {
            language: compile_text(lesson, original)
            for language in gathered.languages
            if (lesson := gathered.lesson(original.folder, language, original.part))
        },
    }


def compile_text(lesson: LessonFile, original: LessonFile) -> Plain:
    return {
        "title": lesson.said["title"],
        "content_note": lesson.said.get("content_note", ""),
        "stale": lesson is not original and not lesson.is_current(original),
        "cites": lesson.cites,
        "pieces": [{"kind": piece.kind, "said": piece.said} for piece in lesson.pieces],
    }


def compile_kit_piece(gathered: CourseSources, original: MarkdownFile) -> Plain:
    said = original.said
    return {
        "part": original.part,
        "kind": said["kind"],
        "audience": said["for"],
        "step": said.get("step"),
        "texts": {
            language: {
                "title": text.said["title"],
                "copies": text.said["copies"],
                "stale": not text.is_current(original),
                "cites": text.cites,
                "body": text.body,
                **pick_questions(text),
            }
            for language in gathered.languages
            if (text := gathered.kit_text(original.folder, language, original.part))
        },
    }


def pick_questions(text: MarkdownFile) -> Plain:
    """Pick what a feedback form asks on screen; other pieces stay as they were."""
    # Left out where there are none: the hash of a published wording must not change.
    asked = text.said.get("questions")
    return {"questions": asked} if asked else {}


def compile_question(
    gathered: CourseSources, source: YAMLSource, one: Mapping[str, Any]
) -> Plain:
    return {
        **compile_common(one),
        "texts": {
            gathered.first: compile_words(one, stale=False),
            **{
                language: compile_words(words, stale=is_stale(one, words))
                for language in gathered.languages[1:]
                if (words := get_translation(gathered, source, language, one["id"]))
            },
        },
    }


def compile_common(one: Mapping[str, Any]) -> Plain:
    """Compile what of a question is the same in every language."""
    return {
        **{key: one[key] for key in ("id", "kind", "objectives", "competency")},
        "right": [
            at
            for at, option in enumerate(one.get("options") or ())
            if convert_to_option(option).get("right")
        ],
        "answer": one.get("answer"),
        "tolerance": one.get("tolerance", 0),
        "source": one.get("source", ""),
    }


def get_translation(
    gathered: CourseSources, source: YAMLSource, language: str, id: str
) -> Any:
    return gathered.plain(name_translation(source.file, language)).get(id)


def compile_words(said: Mapping[str, Any], *, stale: bool) -> Plain:
    options = [convert_to_option(option) for option in said.get("options") or ()]
    return {
        "text": said["text"],
        "document": said.get("document", ""),
        "options": [
            {"text": option["text"], "feedback": option.get("feedback", "")}
            for option in options
        ],
        "pairs": [[pair["left"], pair["right"]] for pair in said.get("pairs") or ()],
        "feedback": said.get("feedback", ""),
        "unit": said.get("unit", ""),
        "stale": stale,
    }


def compile_assignment(gathered: CourseSources, folder: str) -> Plain:
    said = gathered.plain(f"modules/{folder}/assignment.yaml")
    if not said:
        return {}
    return {
        "title": get_texts(said["title"], gathered),
        "what": get_texts(said["what"], gathered),
        "produces": said["produces"],
        "where": said.get("where", ""),
        "checks": [dict(line) for line in said.get("checks", ())],
        "rubric": [
            {
                "criterion": get_texts(criterion["criterion"], gathered),
                "competency": criterion["competency"],
                "human": bool(criterion.get("human")),
                "critical": bool(criterion.get("critical")),
                "levels": [
                    {
                        "level": str(level["level"]),
                        "text": get_texts(level["text"], gathered),
                    }
                    for level in criterion["levels"]
                ],
            }
            for criterion in said["rubric"]
        ],
    }
