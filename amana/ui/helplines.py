"""Whom somebody can call: lines from a file of the mechanism, never from us.

[[line]]
name = "…"            what it is called there
name_fr = "…"         perhaps, in a language of the pages
number = "…"
languages = ["ar"]    in which languages it answers
hours = "…"           when; empty: day and night
[line.about]          one sentence, in the languages of the pages
en = "…"
"""

import tomllib
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Any

from django.conf import settings
from django.utils.translation import get_language

from amana.errors import Unreadable
from amana.names import LANGUAGES, name_of
from amana.ui.languages import name
from amana.ui.sentences import listed


@dataclass(frozen=True)
class Line:
    name: str
    number: str
    languages: tuple[str, ...]
    hours: str
    about: dict[str, str]
    name_en: str = ""
    name_fr: str = ""
    name_ar: str = ""

    @property
    def called(self) -> str:
        return name_of(self)

    @property
    def about_here(self) -> str:
        """In the language of the page, where it is written."""
        return self.about.get((get_language() or "en")[:2], "")

    @property
    def spoken(self) -> str:
        return listed(name(code) for code in self.languages)


def lines() -> tuple[Line, ...]:
    """List the helplines; none where the file names none: none is better than a wrong
    number."""
    return read(settings.HELPLINES_FILE) if settings.HELPLINES_FILE else ()


@cache
def read(path: str) -> tuple[Line, ...]:
    try:
        written = tomllib.loads(Path(path).read_text("utf-8"))
    except (OSError, tomllib.TOMLDecodeError) as error:
        raise Unreadable(path, str(error)) from error
    return tuple(line_of(path, line) for line in written.get("line", []))


def line_of(path: str, one: dict[str, Any]) -> Line:
    if not one.get("name") or not one.get("number"):
        raise Unreadable(path, "Every [[line]] needs a name and a number.")
    return Line(
        name=str(one["name"]),
        number=str(one["number"]),
        languages=tuple(one.get("languages", ())),
        hours=str(one.get("hours", "")),
        **{f"name_{code}": str(one.get(f"name_{code}", "")) for code in LANGUAGES},
        about={code: str(words) for code, words in one.get("about", {}).items()},
    )
