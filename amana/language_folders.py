"""The languages of the pages: each is a folder below `amana/locale/` (ADR 78).

locale/pt/language.toml           what the program has to know of the language
locale/pt/LC_MESSAGES/django.po   the texts of the pages, collected by ./run messages
locale/pt/consent.toml            the consent text, if it is written in this language

A folder is added, and the language is offered. What is not in it is listed in
docs/how-to/language.md.
"""

import gettext
import re
import tomllib
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Any

from amana.faults import find_near_name

FOLDER = Path(__file__).parent / "locale"
FILE = "language.toml"
SOURCE = "en"
"""The language that the texts are written in, before they are translated."""

RULE = re.compile(r"nplurals=(\d); plural=(.+);")
NUMBERS = range(1001)
"""Enough to tell which form of a plural rule is for one number alone."""


class FaultyLanguage(Exception):
    """A folder does not say what a language has to say: a sentence for each fault."""


@dataclass(frozen=True)
class PageLanguage:
    """A language of the pages, as its folder describes it."""

    code: str
    name: str
    """What those who speak it call it."""
    english: str
    """Its name in English; Django translates it into the other languages."""
    direction: str
    """`ltr` or `rtl`."""
    plurals: str
    """Which form belongs to which number, as gettext writes it."""
    last_resort: str
    """What is read when nothing works, and so without any catalogue."""
    complete: tuple[str, ...]
    """The paths whose texts all have a translation; empty: those of all."""
    stemmer: str = ""
    """Snowball's name of the language; without it words are compared as written."""
    common_words: str = ""
    """Words that say nothing about what someone is looking for."""

    @property
    def exact_forms(self) -> frozenset[int]:
        """The plural forms for one number alone: only there may a digit be left out."""
        form = read_rule(self.plurals)
        forms = [form(number) for number in NUMBERS]
        return frozenset(found for found in forms if forms.count(found) == 1)

    def is_complete(self, path: str) -> bool:
        """Check whether every text of a file or folder (`amana/care/cases`) has to have
        a translation."""
        return not self.complete or any(
            path == whole or path.startswith(f"{whole}/") for whole in self.complete
        )


@cache
def load_languages() -> Mapping[str, PageLanguage]:
    """Load the languages of the product, by code."""
    return read_languages(FOLDER)


def list_complete_languages(path: str) -> tuple[str, ...]:
    """List the codes of the languages that are complete for a folder."""
    return tuple(
        code
        for code, language in load_languages().items()
        if language.is_complete(path)
    )


def read_languages(folder: Path) -> dict[str, PageLanguage]:
    """Read all folders: English first, then by what the languages are called.

    Raises FaultyLanguage, with all that is wrong in any of them."""
    found, faults = [], []
    for path in sorted(folder.iterdir()) if folder.exists() else ():
        if path.is_dir():
            try:
                found.append(read_language(path))
            except FaultyLanguage as error:
                faults.append(str(error))
    if not faults and SOURCE not in {language.code for language in found}:
        faults.append(f"{folder / SOURCE} is missing: it is the language of the texts.")
    if faults:
        raise FaultyLanguage("\n".join(faults))
    found.sort(key=lambda language: (language.code != SOURCE, language.name.casefold()))
    return {language.code: language for language in found}


def read_language(folder: Path) -> PageLanguage:
    """Read one folder. Raises FaultyLanguage, a line for each fault."""
    path = folder / FILE
    try:
        given = tomllib.loads(path.read_text("utf-8"))
    except FileNotFoundError as error:
        raise FaultyLanguage(f"{folder} has no {FILE}.") from error
    except (OSError, UnicodeDecodeError, tomllib.TOMLDecodeError) as error:
        raise FaultyLanguage(f"{path}: {error}") from error
    faults = [*find_code_faults(folder.name), *find_faults(given)]
    if faults:
        raise FaultyLanguage("\n".join(f"{path}: {fault}" for fault in faults))
    complete = given.pop("complete")
    paths = () if complete == "all" else tuple(complete)
    return PageLanguage(code=folder.name, complete=paths, **given)


# --- what may be wrong, each in a sentence


def find_code_faults(code: str) -> Iterable[str]:
    if not re.fullmatch("[a-z]{2,3}", code):
        yield f"“{code}” is not a language’s code. Name the folder by it, such as pt."


def find_faults(given: Mapping[str, object]) -> Iterable[str]:
    for name in given.keys() - FIELDS.keys():
        near = find_near_name(name, FIELDS)
        yield f"“{name}” is not known." + (f" Did you mean “{near}”?" if near else "")
    for name, check in FIELDS.items():
        if name in given:
            yield from (f"“{name}” {fault}" for fault in check(given[name]))
        elif name not in OPTIONAL:
            yield f"“{name}” is missing."


def check_text(value: object) -> Iterable[str]:
    if not isinstance(value, str) or not value.strip():
        yield "has to be a text."


def check_direction(value: object) -> Iterable[str]:
    if value not in ("ltr", "rtl"):
        yield f"has to be “ltr” or “rtl”, not “{value}”."


def check_rule(value: Any) -> Iterable[str]:
    found = RULE.fullmatch(value) if isinstance(value, str) else None
    if not found:
        yield "has to be a rule such as “nplurals=2; plural=(n != 1);”."
        return
    try:
        form = read_rule(value)
        last = max(form(number) for number in NUMBERS)
    except (ValueError, ZeroDivisionError) as error:
        yield f"can’t be computed: {error}."
        return
    if last >= int(found[1]):
        yield f"chooses form {last}, but there are {found[1]}, counted from 0."


def check_complete(value: object) -> Iterable[str]:
    paths = value if isinstance(value, list) else []
    if value != "all" and not (paths and all(isinstance(path, str) for path in paths)):
        yield "has to be “all”, or a list of paths such as “amana/care/cases”."


def read_rule(rule: str) -> Callable[[int], int]:
    """Read a plural rule as what gives a number's form. Raises ValueError."""
    found = RULE.fullmatch(rule)
    if not found:
        raise ValueError(rule)
    return gettext.c2py(found[2])


FIELDS: Mapping[str, Callable[[object], Iterable[str]]] = {
    "name": check_text,
    "english": check_text,
    "direction": check_direction,
    "plurals": check_rule,
    "last_resort": check_text,
    "complete": check_complete,
    "stemmer": check_text,
    "common_words": check_text,
}
OPTIONAL = {"stemmer", "common_words"}
