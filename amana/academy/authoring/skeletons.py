"""What a new course, and a new lesson, begin with."""

import json
from collections.abc import Mapping

COURSE = """\
slug: {slug}
title: {title}
version: "1"
languages: [en]
licence: CC BY-SA 4.0
summary: In two sentences, what somebody can do after this course.
review: A draft. Nobody outside has reviewed it yet.
audiences: []
objectives:
  - {{code: O1, text: "What somebody can do afterwards, and others can see."}}
competencies:
  - {{code: C1, statement: "What somebody does at work.", framework: ours}}
modules: [1-first]
"""

LESSON = """\
---
title: {title}
objectives: [O1]
---
## What this is about

Write here. A source stands as a key in brackets, from sources.yaml.
"""


def build_course(slug: str, title: str) -> dict[str, bytes]:
    """Build a new course; it has faults yet, and checking shows step by step what is
    missing."""
    said = COURSE.format(slug=slug, title=quote_text(title))
    return {
        "course.yaml": said.encode(),
        "sources.yaml": b"# key: {title: ..., by: ..., year: 2026}\n",
        "modules/1-first/en/01-first.md": build_lesson("First lesson"),
    }


def build_lesson(title: str) -> bytes:
    return LESSON.format(title=quote_text(title)).encode()


def build_translation(said: Mapping[str, object], body: str) -> bytes:
    """Build a translation that begins with the words of its original."""
    # Without `translated_from`: until a person has said that it matches, it is of
    # unknown age, and the check says so.
    lines = [
        f"{key}: {quote_text(str(said[key]))}"
        for key in ("title", "content_note")
        if said.get(key)
    ]
    return "\n".join(["---", *lines, "---", body]).encode()


def quote_text(text: str) -> str:
    """Quote a text for YAML, whatever is in it."""
    # A JSON string is a YAML string: no colon, quote or line break in a title does
    # harm.
    return json.dumps(text, ensure_ascii=False)
