"""What is read aloud before a person answers, in her language; and its version.

The words are files, one a language, under `texts/`. A version is a hash of the file:
a consent says exactly which text she heard."""

import hashlib
import tomllib
from collections.abc import Collection, Iterable
from dataclasses import asdict, dataclass
from datetime import datetime
from functools import cache
from pathlib import Path
from typing import Any, Self

from django.utils import timezone, translation
from django.utils.formats import date_format
from django.utils.translation import get_language_info

from amana.care.cases.fields import FIELDS
from amana.care.cases.models import Case
from amana.trust.access.models import Team

TEXTS = Path(__file__).parent / "texts"
WRITTEN = tuple(sorted(path.stem for path in TEXTS.glob("*.toml")))
"""The languages in which we have the text."""


@dataclass(frozen=True)
class Part:
    title: str
    sentences: tuple[str, ...]
    items: tuple[str, ...] = ()


@dataclass(frozen=True)
class Wording:
    """The text for one question to one person."""

    language: str
    """The language it is written in: hers, or one that an interpreter reads."""
    version: str
    draft: str
    parts: tuple[Part, ...]
    sign: dict[str, str]

    @property
    def direction(self) -> str:
        return "rtl" if get_language_info(self.language)["bidi"] else "ltr"

    def plain(self) -> str:
        """The same words as lines."""
        lines = []
        for part in self.parts:
            lines += [part.title] if part.title else []
            lines += [*part.sentences, *(f"– {item}" for item in part.items)]
        return "\n".join(lines)

    def kept(self) -> dict[str, Any]:
        """What is sealed with her answer."""
        return asdict(self)

    @classmethod
    def again(cls, kept: dict[str, Any]) -> Self:
        """The text as she heard it, whatever the file says today."""
        parts = tuple(
            Part(part["title"], tuple(part["sentences"]), tuple(part["items"]))
            for part in kept["parts"]
        )
        return cls(**kept | {"parts": parts})


@cache
def text_in(language: str) -> dict[str, Any]:
    return tomllib.loads((TEXTS / f"{language}.toml").read_text("utf-8"))


@cache
def version_of(language: str) -> str:
    words = (TEXTS / f"{language}.toml").read_bytes()
    return f"{language}-{hashlib.sha256(words).hexdigest()[:12]}"


def is_written(language: str) -> bool:
    return base(language) in WRITTEN


def base(language: str) -> str:
    return language.lower().replace("_", "-").split("-")[0]


def read_in(language: str) -> str:
    """Her language if we have the text, else the one that the worker reads."""
    if is_written(language):
        return base(language)
    worker = base(translation.get_language() or "en")
    return worker if worker in WRITTEN else "en"


def version(language: str) -> str:
    return version_of(read_in(language))


def in_words(
    language: str,
    *,
    case: Case,
    recipient: Team,
    fields: Collection[str],
    purpose: str,
    expires_at: datetime,
    child: bool = False,
) -> Wording:
    """The text about this recipient and these fields."""
    read = read_in(language)
    text = text_in(read)
    words = {
        "sender": named(case.team),
        "recipient": named(recipient),
        "sphere": text["spheres"][recipient.organisation.sphere],
        "purpose": text["purposes"][purpose],
        "until": day(expires_at, read),
    }
    items = {"fields": tuple(field_words(read, set(fields)))}
    parts = tuple(
        Part(
            part.get("title", ""),
            tuple(sentence.format(**words) for sentence in part["say"]),
            items.get(part.get("list", ""), ()),
        )
        for part in text["part"]
        if part.get("when", "") in ("", "child" if child else "")
    )
    return Wording(read, version_of(read), text["draft"], parts, text["sign"])


def field_words(language: str, fields: Iterable[str]) -> list[str]:
    """The fields as the person hears them; never one fewer than are shared."""
    read = read_in(language)
    said: dict[str, str] = text_in(read)["fields"]
    with translation.override(read):
        return [
            said.get(key) or str(FIELDS[key].label)
            for key in sorted(fields, key=list(FIELDS).index)
        ]


def named(team: Team) -> str:
    """Isolated, so that a name in other letters does not reorder the sentence."""
    return f"\u2068{team.organisation.name} ({team.name})\u2069"


def day(at: datetime, language: str) -> str:
    with translation.override(language):
        return date_format(timezone.localtime(at), "j F Y")
