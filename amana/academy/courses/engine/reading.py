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
    crossing,
    files,
    interviewing,
    negotiating,
    placing,
)
from amana.academy.courses.engine.crossing import as_option
from amana.academy.courses.engine.gathering import Gathered, gather
from amana.academy.courses.engine.lessons import Written
from amana.academy.courses.engine.translations import is_stale
from amana.design.mechanism.engine.faults import Fault

FORMAT = 1

type Plain = dict[str, Any]


@dataclass(frozen=True)
class Checked:
    """A course that can be published, or the faults for which it can't."""

    compiled: str
    """JSON; empty where there is a fault."""
    faults: list[Fault]
    remarks: list[Fault]

    @property
    def sha256(self) -> str:
        return fingerprint(self.compiled)


def fingerprint(compiled: str) -> str:
    return sha256(compiled.encode()).hexdigest()


def read(given: Mapping[str, bytes]) -> Checked:
    if too_much := files.beyond_limits(dict(given)):
        return Checked("", too_much, [])
    gathered = gather(given)
    crossed = [
        *crossing.faults(gathered),
        *certifying.faults(gathered),
        *placing.faults(gathered),
        *negotiating.faults(gathered),
        *interviewing.faults(gathered),
    ]
    faults = [*gathered.faults, *crossed]
    remarks = sorted(crossing.remarks(gathered), key=by_place)
    if faults:
        return Checked("", sorted(faults, key=by_place), remarks)
    # In one order of keys: the same files have to give the same SHA-256 on every
    # machine.
    plain = json.dumps(compiled(gathered), ensure_ascii=False, sort_keys=True)
    return Checked(plain, [], remarks)


def by_place(fault: Fault) -> tuple[bool, str, int]:
    # Its faults first: many others follow from them.
    return fault.file != "course.yaml", fault.file, fault.line or 0


def compiled(gathered: Gathered) -> Plain:
    course = dict(gathered.course)
    return {
        **{key: by_language(course[key], gathered) for key in ("title", "summary")},
        "format": FORMAT,
        "slug": course["slug"],
        "version": str(course["version"]),
        "languages": gathered.languages,
        "licence": course["licence"],
        "review": by_language(course["review"], gathered),
        "objectives": [
            {
                "code": objective["code"],
                "text": by_language(objective["text"], gathered),
            }
            for objective in course["objectives"]
        ],
        "competencies": [
            {**competency, "statement": by_language(competency["statement"], gathered)}
            for competency in course["competencies"]
        ],
        "audiences": [
            by_language(audience, gathered) for audience in course.get("audiences", ())
        ],
        "contact": course.get("contact", {}),
        "sources": dict(gathered.plain("sources.yaml")),
        "glossary": [
            {
                "term": by_language(term["term"], gathered),
                "meaning": by_language(term["meaning"], gathered),
                "source": term.get("source", ""),
            }
            for term in gathered.plain("glossary.yaml")
        ],
        "certificates": certifying.compiled(
            gathered.plain("certificates.yaml") or (),
            lambda said: by_language(said, gathered),
        ),
        "modules": [module_of(gathered, folder) for folder in gathered.folders],
        "placement": placement_of(gathered),
        "labs": {
            name.removeprefix("labs/").removesuffix(".yaml"): gathered.plain(name)
            for name in gathered.labs
        },
    }


def placement_of(gathered: Gathered) -> Plain:
    said = gathered.plain(placing.FILE)
    if not said:
        return {}
    return {
        "title": by_language(said["title"], gathered),
        "about": by_language(said["about"], gathered),
        "modules": said["modules"],
        "sectors": [
            {**sector, "name": by_language(sector["name"], gathered)}
            for sector in said["sectors"]
        ],
        "questions": [
            {
                **marks_of(question),
                "texts": {
                    language: words_of(placing.spoken(question, language), stale=False)
                    for language in placing.languages_of(question, gathered)
                },
            }
            for question in placing.own(gathered)
        ],
    }


def by_language(said: Any, gathered: Gathered) -> dict[str, str]:
    """Get a text by language; one that is given once is in the first language."""
    return dict(said) if isinstance(said, Mapping) else {gathered.first: str(said)}


def module_of(gathered: Gathered, folder: str) -> Plain:
    module = gathered.module(folder)
    test = gathered.plain(f"modules/{folder}/test.yaml")
    return {
        "code": module["code"],
        "title": by_language(module["title"], gathered),
        "summary": by_language(module["summary"], gathered),
        "lines": module.get("lines", []),
        "objectives": module["objectives"],
        "hours": module.get("hours"),
        "lessons": [
            lesson_of(gathered, original)
            for original in gathered.lessons_of(folder, gathered.first)
        ],
        "questions": [
            question_of(gathered, folder, question)
            for question in gathered.questions(folder)
        ],
        "test": {
            "title": by_language(test["title"], gathered),
            "about": by_language(test["about"], gathered) if "about" in test else {},
            "draw": test["draw"],
            "pass_share": test["pass_share"],
            "questions": test["questions"],
            "critical": test.get("critical") or [],
            "online_only": bool(test.get("online_only")),
        },
        "assignment": assignment_of(gathered, folder),
        "live": dict(gathered.plain(f"modules/{folder}/live.yaml")),
        "interviews": interviewing.compiled(gathered, folder),
        "figures": {
            name.rpartition("/")[2].removesuffix(".svg"): drawing
            for name, drawing in gathered.figures.items()
            if name.startswith(f"modules/{folder}/figures/")
        },
    }


def lesson_of(gathered: Gathered, original: Written) -> Plain:
    said = original.said
    return {
        "part": original.part,
        "minutes": said.get("minutes"),
        "kind": said.get("kind", "lesson"),
        "objectives": said.get("objectives", []),
        "competencies": said.get("competencies", []),
        "sectors": said.get("sectors", []),
        "texts": {
            language: text_of(lesson, original)
            for language in gathered.languages
            if (lesson := gathered.lesson(original.folder, language, original.part))
        },
    }


def text_of(lesson: Written, original: Written) -> Plain:
    of = lesson.said.get("translated_from")
    return {
        "title": lesson.said["title"],
        "content_note": lesson.said.get("content_note", ""),
        "stale": lesson is not original and of not in (None, original.sha256),
        "cites": lesson.cites,
        "pieces": [{"kind": piece.kind, "said": piece.said} for piece in lesson.pieces],
    }


def question_of(gathered: Gathered, folder: str, one: Mapping[str, Any]) -> Plain:
    return {
        **marks_of(one),
        "texts": {
            gathered.first: words_of(one, stale=False),
            **{
                language: words_of(words, stale=is_stale(one, words))
                for language in gathered.languages[1:]
                if (words := in_language(gathered, folder, language, one["id"]))
            },
        },
    }


def marks_of(one: Mapping[str, Any]) -> Plain:
    """Compile what of a question is the same in every language."""
    return {
        **{key: one[key] for key in ("id", "kind", "objectives", "competency")},
        "right": [
            at
            for at, option in enumerate(one.get("options") or ())
            if as_option(option).get("right")
        ],
        "answer": one.get("answer"),
        "tolerance": one.get("tolerance", 0),
        "source": one.get("source", ""),
    }


def in_language(gathered: Gathered, folder: str, language: str, id: str) -> Any:
    return gathered.plain(f"modules/{folder}/{language}/questions.yaml").get(id)


def words_of(said: Mapping[str, Any], *, stale: bool) -> Plain:
    options = [as_option(option) for option in said.get("options") or ()]
    return {
        "text": said["text"],
        "options": [
            {"text": option["text"], "feedback": option.get("feedback", "")}
            for option in options
        ],
        "pairs": [[pair["left"], pair["right"]] for pair in said.get("pairs") or ()],
        "feedback": said.get("feedback", ""),
        "unit": said.get("unit", ""),
        "stale": stale,
    }


def assignment_of(gathered: Gathered, folder: str) -> Plain:
    said = gathered.plain(f"modules/{folder}/assignment.yaml")
    if not said:
        return {}
    return {
        "title": by_language(said["title"], gathered),
        "what": by_language(said["what"], gathered),
        "produces": said["produces"],
        "where": said.get("where", ""),
        "rubric": [
            {
                "criterion": by_language(criterion["criterion"], gathered),
                "competency": criterion["competency"],
                "human": bool(criterion.get("human")),
                "critical": bool(criterion.get("critical")),
                "levels": [
                    {
                        "level": str(level["level"]),
                        "text": by_language(level["text"], gathered),
                    }
                    for level in criterion["levels"]
                ],
            }
            for criterion in said["rubric"]
        ],
    }
