"""Helplines that a person can call: from a file of the mechanism, never from us.

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
from amana.language_folders import SOURCE
from amana.names import LANGUAGES, format_name
from amana.ui.labels import format_list
from amana.ui.languages import format_language, get_base_code


@dataclass(frozen=True)
class Helpline:
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
        return format_name(self)

    @property
    def about_here(self) -> str:
        """In the language of the page, where it is written; else in English."""
        here = get_base_code(get_language() or SOURCE)
        return self.about.get(here) or self.about.get(SOURCE, "")

    @property
    def spoken(self) -> str:
        return format_list(format_language(code) for code in self.languages)


def list_helplines() -> tuple[Helpline, ...]:
    """List the helplines; none where the file names none: none is better than a wrong
    number."""
    return read_helplines(settings.HELPLINES_FILE) if settings.HELPLINES_FILE else ()


@cache
def read_helplines(path: str) -> tuple[Helpline, ...]:
    try:
        written = tomllib.loads(Path(path).read_text("utf-8"))
    except (OSError, tomllib.TOMLDecodeError) as error:
        raise Unreadable(path, str(error)) from error
    return tuple(parse_helpline(path, line) for line in written.get("line", []))


def parse_helpline(path: str, one: dict[str, Any]) -> Helpline:
    if not one.get("name") or not one.get("number"):
        raise Unreadable(path, "Every [[line]] needs a name and a number.")
    return Helpline(
        name=str(one["name"]),
        number=str(one["number"]),
        languages=tuple(one.get("languages", ())),
        hours=str(one.get("hours", "")),
        **{f"name_{code}": str(one.get(f"name_{code}", "")) for code in LANGUAGES},
        about={code: str(words) for code, words in one.get("about", {}).items()},
    )
