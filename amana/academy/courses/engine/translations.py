"""Check of which wording a question's translation is one."""

import json
from collections.abc import Iterator, Mapping
from hashlib import sha256
from typing import Any

from amana.academy.courses.engine.gathering import CourseSources
from amana.faults import Fault, gettext_noop

STALE = gettext_noop(
    "The question “%(name)s” has changed since this translation. Once the "
    "translation matches it again, write translated_from: %(sha256)s"
)
OF_UNKNOWN_AGE = gettext_noop(
    "It is not recorded which wording of “%(name)s” this is a translation "
    "of. Write translated_from: %(sha256)s"
)
SAID = ("text", "options", "pairs", "feedback", "unit")


def hash_wording(question: Mapping[str, object]) -> str:
    """Hash the text of a question, in the language in which it is written (SHA-256)."""
    said = {key: question[key] for key in SAID if key in question}
    plain = json.dumps(said, ensure_ascii=False, sort_keys=True)
    return sha256(plain.encode()).hexdigest()


def is_stale(question: Mapping[str, Any], translated: Mapping[str, Any]) -> bool:
    return translated.get("translated_from") not in (None, hash_wording(question))


def check_question_age(gathered: CourseSources) -> Iterator[Fault]:
    for folder in gathered.folders:
        written = {question["id"]: question for question in gathered.questions(folder)}
        for language in gathered.languages[1:]:
            name = f"modules/{folder}/{language}/questions.yaml"
            source = gathered.sources.get(name)
            for id, said in (source.plain or {}).items() if source else ():
                if source is None or id not in written:
                    continue
                values = {"name": id, "sha256": hash_wording(written[id])}
                if "translated_from" not in said:
                    yield source.fault((id,), OF_UNKNOWN_AGE, **values)
                elif is_stale(written[id], said):
                    yield source.fault((id, "translated_from"), STALE, **values)
