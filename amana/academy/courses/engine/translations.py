"""Check of which wording a question's translation is one."""

import json
from collections.abc import Iterator, Mapping
from hashlib import sha256
from typing import Any

from amana.academy.courses.engine.gathering import CourseSources
from amana.faults import Fault, gettext_noop
from amana.yaml_files.yamls import YAMLSource

STALE = gettext_noop(
    "The question “%(name)s” has changed since this translation. Once the "
    "translation matches it again, write translated_from: %(sha256)s"
)
OF_UNKNOWN_AGE = gettext_noop(
    "It is not recorded which wording of “%(name)s” this is a translation "
    "of. Write translated_from: %(sha256)s"
)
SAID = ("document", "text", "options", "pairs", "feedback", "unit")


def name_translation(file: str, language: str) -> str:
    """Name the file that has the questions of a file in another language."""
    folder, _, name = file.rpartition("/")
    return f"{folder}/{language}/{name}"


def hash_wording(question: Mapping[str, object]) -> str:
    """Hash the text of a question, in the language in which it is written (SHA-256)."""
    said = {key: question[key] for key in SAID if key in question}
    plain = json.dumps(said, ensure_ascii=False, sort_keys=True)
    return sha256(plain.encode()).hexdigest()


def is_stale(question: Mapping[str, Any], translated: Mapping[str, Any]) -> bool:
    return translated.get("translated_from") not in (None, hash_wording(question))


def check_question_age(gathered: CourseSources) -> Iterator[Fault]:
    for source, written in iterate_translated(gathered):
        for id, said in source.plain.items():
            if id not in written:
                continue
            values = {"name": id, "sha256": hash_wording(written[id])}
            if "translated_from" not in said:
                yield source.fault((id,), OF_UNKNOWN_AGE, **values)
            elif is_stale(written[id], said):
                yield source.fault((id, "translated_from"), STALE, **values)


def iterate_translated(
    gathered: CourseSources,
) -> Iterator[tuple[YAMLSource, dict[str, Mapping[str, Any]]]]:
    """Yield each file of translated questions, and by their ids the questions in the
    first language that it translates."""
    for folder in gathered.folders:
        for what, written in (
            ("questions", gathered.questions(folder)),
            ("bank", gathered.bank(folder)),
        ):
            for language in gathered.languages[1:]:
                file = name_translation(f"modules/{folder}/{what}.yaml", language)
                source = gathered.sources.get(file)
                if source and source.plain:
                    yield source, {question["id"]: question for question in written}
