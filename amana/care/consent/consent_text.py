"""What is read aloud before a person answers, in her language; and its version.

The words are a file in the folder of each language that has them
(`amana/locale/en/consent.toml`). A version is a hash of the file: a
consent records exactly which text she heard. What the text lists comes from one
`ConsentPayload`, which names everything that a recipient can read."""

import hashlib
import tomllib
from collections.abc import Collection, Iterable, Iterator, Mapping
from dataclasses import asdict, dataclass
from datetime import datetime
from functools import cache
from typing import Any, Self

from django.utils import timezone, translation
from django.utils.formats import date_format
from django.utils.translation import gettext as _

from amana.care.consent.payload import ConsentPayload
from amana.care.consent.rules import WITHDRAWERS
from amana.language_folders import FOLDER
from amana.trust.access.models import Team
from amana.ui.labels import format_list
from amana.ui.languages import get_direction

type ConsentWording = dict[str, Any]
"""What the file of one language holds."""

type WordingTable = Mapping[str, Any]
"""A table in it: a sentence and when it is read, or a part with its sentences."""

FILE = "consent.toml"
WRITTEN = tuple(sorted(path.parent.name for path in FOLDER.glob(f"*/{FILE}")))
"""The languages in which we have the text."""


@dataclass(frozen=True)
class ConsentTextItem:
    """One thing of the list that is read aloud, and the keys that it covers."""

    words: str
    keys: tuple[str, ...]


@dataclass(frozen=True)
class ConsentTextPart:
    """A step of the conversation, or a part of what is read only on request."""

    title: str
    sentences: tuple[str, ...]
    items: tuple[str, ...] = ()
    name: str = ""
    """Of the picture beside it."""
    phrases: tuple[str, ...] = ()
    """The names of the title and of each sentence: recordings go by them."""
    keys: tuple[tuple[str, ...], ...] = ()
    """What each item stands for."""
    more: bool = False
    """Read only when the person wishes to know more."""
    after: tuple[str, ...] = ()
    """Sentences that follow the list."""

    @property
    def said(self) -> list[str]:
        """Everything in it as lines."""
        title = [self.title] if self.title else []
        items = (f"– {item}" for item in self.items)
        return [*title, *self.sentences, *items, *self.after]

    @property
    def named_title(self) -> tuple[str, str]:
        return self.title, self.phrases[0] if self.phrases else ""

    @property
    def named_sentences(self) -> list[tuple[str, str]]:
        return list(zip(self.sentences, self._names(1), strict=False))

    @property
    def named_after(self) -> list[tuple[str, str]]:
        names = self._names(1 + len(self.sentences))
        return list(zip(self.after, names, strict=False))

    @property
    def lines(self) -> list[ConsentTextItem]:
        keys = self.keys or ((),) * len(self.items)
        return [ConsentTextItem(*pair) for pair in zip(self.items, keys, strict=True)]

    def _names(self, begin: int) -> list[str]:
        return [*self.phrases[begin:], *[""] * (len(self.sentences) + len(self.after))]


@dataclass(frozen=True)
class ConsentText:
    """The text for one question to one person."""

    language: str
    """The language it is written in: hers, or one that an interpreter reads."""
    version: str
    draft: str
    parts: tuple[ConsentTextPart, ...]
    sign: dict[str, str]

    @property
    def direction(self) -> str:
        return get_direction(self.language)

    @property
    def steps(self) -> list[ConsentTextPart]:
        """Return the parts that every person hears."""
        return [part for part in self.parts if not part.more]

    @property
    def more(self) -> list[ConsentTextPart]:
        """What she hears who wishes to know more."""
        return [part for part in self.parts if part.more]

    @property
    def lines(self) -> list[ConsentTextItem]:
        """What recipients can read, line by line."""
        return [line for part in self.parts for line in part.lines]

    def plain(self) -> str:
        """Return the same words as lines."""
        return "\n".join(line for part in self.parts for line in part.said)

    def heard(self) -> str:
        """Return the words that everyone hears, as lines."""
        return "\n".join(line for part in self.steps for line in part.said)

    def kept(self) -> dict[str, object]:
        """Return what is sealed with her answer."""
        return asdict(self)

    @classmethod
    def again(cls, kept: dict[str, Any]) -> Self:
        """Rebuild the text as she heard it, whatever the file contains today."""
        parts = tuple(
            ConsentTextPart(**{n: freeze_lists(v) for n, v in p.items()})
            for p in kept["parts"]
        )
        return cls(**kept | {"parts": parts})


def freeze_lists(value: Any) -> Any:
    """Turn lists back into tuples, as they were before they were sealed."""
    if isinstance(value, dict):
        return {name: freeze_lists(inner) for name, inner in value.items()}
    return tuple(map(freeze_lists, value)) if isinstance(value, list | tuple) else value


@cache
def load_text(language: str) -> ConsentWording:
    return tomllib.loads((FOLDER / language / FILE).read_text("utf-8"))


@cache
def compute_version(language: str) -> str:
    words = (FOLDER / language / FILE).read_bytes()
    return f"{language}-{hashlib.sha256(words).hexdigest()[:12]}"


def is_written(language: str) -> bool:
    return get_base_language(language) in WRITTEN


def get_base_language(language: str) -> str:
    return language.lower().replace("_", "-").split("-")[0]


def choose_text_language(language: str) -> str:
    """Choose her language if we have the text, else the one that the worker reads."""
    if is_written(language):
        return get_base_language(language)
    worker = get_base_language(translation.get_language() or "en")
    return worker if worker in WRITTEN else "en"


def get_text_version(language: str) -> str:
    return compute_version(choose_text_language(language))


def build_wording(
    language: str, payload: ConsentPayload, *, child: bool = False
) -> ConsentText:
    """Build the text about exactly what would be sent to exactly these recipients."""
    read = choose_text_language(language)
    text = load_text(read)
    words = map_placeholders(text, read, payload)
    when = list_conditions(payload, child=child)
    lines = {"lines": list_lines(text, payload)}
    parts = tuple(
        build_part(part, words, when, lines.get(part.get("list", ""), []), more=more)
        for more, name in enumerate(("step", "more"))
        for part in text[name]
        if is_applicable(part, when)
    )
    return ConsentText(read, compute_version(read), text["draft"], parts, text["sign"])


def build_part(
    part: WordingTable,
    words: Mapping[str, str],
    when: Collection[str],
    lines: Collection[ConsentTextItem],
    *,
    more: int,
) -> ConsentTextPart:
    title, *_others = choose_applying(part["title"], when)
    said = choose_applying(part.get("say", ()), when)
    after = choose_applying(part.get("after", ()), when)
    return ConsentTextPart(
        title=title["say"].format(**words),
        sentences=tuple(sentence["say"].format(**words) for sentence in said),
        items=tuple(line.words for line in lines),
        name=part.get("name", ""),
        phrases=tuple(phrase.get("name", "") for phrase in (title, *said, *after)),
        keys=tuple(line.keys for line in lines),
        more=bool(more),
        after=tuple(sentence["say"].format(**words) for sentence in after),
    )


def choose_applying(
    sentences: Iterable[WordingTable], when: Collection[str]
) -> list[WordingTable]:
    """Choose the sentences whose conditions hold."""
    return [sentence for sentence in sentences if is_applicable(sentence, when)]


def is_applicable(said: WordingTable, when: Collection[str]) -> bool:
    return set(said.get("when", "").split()) <= set(when)


def list_conditions(payload: ConsentPayload, *, child: bool) -> set[str]:
    """List what the sentences of a text may depend on."""
    several, outside = len(payload.recipients) > 1, payload.outside
    when = {"several" if several else "one"}
    when.add("referral" if payload.is_referral else "other")
    when |= {"child"} if child else set()
    when |= (
        {"outside", "some_outside" if several else "they_outside"} if outside else set()
    )
    return when


def map_placeholders(
    text: ConsentWording, read: str, payload: ConsentPayload
) -> dict[str, str]:
    """Map the placeholders of the sentences to what is filled in."""
    with translation.override(read):
        return {
            "sender": format_team(payload.case.team),
            "recipient": format_team(payload.recipients[0]),
            "recipients": format_numbered(payload.recipients),
            "sphere": format_spheres(text, payload.recipients),
            "purpose": text["purposes"][payload.purpose],
            "until": format_day(payload.expires_at, read),
            "outside": format_list(format_team(team) for team in payload.outside),
            "withdrawers": format_list(text["roles"][role] for role in WITHDRAWERS),
        }


def format_numbered(teams: Collection[Team]) -> str:
    """Format teams in their order, each with its number."""
    return " ".join(f"{n}. {format_team(team)}" for n, team in enumerate(teams, 1))


def format_spheres(text: ConsentWording, teams: Collection[Team]) -> str:
    """Format what kind of organisations they are; with names where they aren't all
    alike."""
    by_sphere: dict[str, list[Team]] = {}
    for team in teams:
        by_sphere.setdefault(team.organisation.sphere, []).append(team)
    if len(by_sphere) == 1:
        return str(text["spheres"][next(iter(by_sphere))])
    return " ".join(
        f"{format_list(format_team(team) for team in alike)}: {text['spheres'][sphere]}"
        for sphere, alike in by_sphere.items()
    )


def list_lines(text: ConsentWording, payload: ConsentPayload) -> list[ConsentTextItem]:
    """List what is shared, in groups; never a key without words, never words without a
    key."""
    keys = set(payload.keys)
    groups = (build_line(text, group, keys, payload.perhaps) for group in text["lines"])
    lines = [line for line in groups if line]
    without = keys - {key for line in lines for key in line.keys}
    # A key without words would be shared without being heard (ADR 39).
    if without:
        raise LookupError(f"The text has no words for {sorted(without)}.")
    return lines


def build_line(
    text: ConsentWording,
    group: WordingTable,
    keys: Collection[str],
    perhaps: Collection[str],
) -> ConsentTextItem | None:
    told = [key for key in group["say"] if key in keys]
    phrases = [
        f"{group['say'][key]}{text['perhaps'] if key in perhaps else ''}"
        for key in told
    ]
    words = f"{group['label']}{text['joined'].join(phrases)}"
    return ConsentTextItem(words, tuple(told)) if told else None


def iterate_phrases(language: str) -> Iterator[str]:
    """Yield the names of all that can be recorded: sentences, and things that are
    shared."""
    text = load_text(language)
    for part in (*text["step"], *text["more"]):
        for said in (*part["title"], *part.get("say", ()), *part.get("after", ())):
            if "name" in said:
                yield said["name"]
    for group in text["lines"]:
        yield from group["say"]


def format_team(team: Team) -> str:
    """Format a team by the names of its organisation and its own."""
    # Isolated, so that a name in other letters does not reorder the sentence.
    return f"\u2068{team.organisation.name} ({team.name})\u2069"


def format_day(at: datetime, language: str) -> str:
    with translation.override(language):
        return date_format(timezone.localtime(at), _("j F Y"))
