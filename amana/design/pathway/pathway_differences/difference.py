"""What a difference is, and how two versions of anything are compared: values, members
of a list, and what lies under the same key. What is found becomes sentences."""

from collections.abc import Callable, Collection, Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from datetime import date, time
from enum import StrEnum

from amana.design.pathway.pathway_model import EMPTY, Text, choose_words
from amana.faults import NOTHING
from amana.working_time import TimeSpan


class DifferenceTopic(StrEnum):
    """What a difference is about: the heading that it stands under."""

    WHOLE = "whole"
    STEPS = "steps"
    TABLES = "tables"
    ROLES = "roles"
    ORGANISATIONS = "organisations"
    DUTIES = "duties"
    CLOCKS = "clocks"
    SHARING = "sharing"
    FORMS = "forms"
    SCREENING = "screening"
    LAW = "law"
    TEXTS = "texts"
    INDICATORS = "indicators"
    GLOSSARY = "glossary"
    SERVICES = "services"
    CAPACITY = "capacity"


@dataclass(frozen=True, slots=True)
class NamedElement:
    """Something with a name of its own: how it is called depends on the reader."""

    kind: str
    """step, end, ending, role, table, code, message, clock, sphere, compartment,
    access_role, kind, language, weekday: `id` is a code of that kind. Others have
    words, or a file's name."""
    id: str
    words: Text = field(default=EMPTY)
    before: bool = False
    """As the version before called it."""

    def __str__(self) -> str:
        words = choose_words(self.words, "en") or self.id.replace("_", " ")
        return f"“{words}”" if self.kind == "step" else words


@dataclass(frozen=True, slots=True)
class WrittenCondition:
    """A condition, as its author wrote it."""

    written: str

    def __str__(self) -> str:
        return self.written


type Simple = NamedElement | WrittenCondition | TimeSpan | date | time | str
type Value = Simple | tuple[Simple, ...]


@dataclass(frozen=True, slots=True)
class Difference:
    """One thing that is not as it was."""

    about: DifferenceTopic
    sentence: str
    values: Mapping[str, Value] = field(default=NOTHING)
    step: str = ""
    """The step that it is about, as it is called in the new version, or, if it is gone,
    in the old."""

    def __str__(self) -> str:
        return self.sentence % {
            name: format_plainly(v) for name, v in self.values.items()
        }


def format_plainly(value: Value) -> str:
    return ", ".join(map(str, value)) if isinstance(value, tuple) else str(value)


type Change = tuple[str, Mapping[str, Value]]
"""A sentence and its values, before it is said what they are about."""


@dataclass(frozen=True, slots=True)
class ReplacementTexts:
    """The three ways of saying that one thing took the place of another."""

    other: str
    new: str
    gone: str


# -- two versions ----------------------------------------------------------------------


def match_by_key[T](
    was: Mapping[str, T], now: Mapping[str, T]
) -> Iterator[tuple[str, T | None, T | None]]:
    """Match what lies under the same key before and now, in the order of the new
    version; then what is gone."""
    for key in {**now, **was}:
        yield key, was.get(key), now.get(key)


def is_reordered(was: Iterable[str], now: Iterable[str]) -> bool:
    """Check whether keys that both versions have come in another order: a new key
    moves the others, and that alone is no other order."""
    before, here = list(was), list(now)
    return [key for key in before if key in here] != [
        key for key in here if key in before
    ]


def describe_swap(
    ways: ReplacementTexts, was: Value | None, now: Value | None, /, **about: Value
) -> Iterator[Change]:
    """Describe that one value took the place of another, or of none."""
    if was == now:
        return
    if not was:
        yield ways.new, {**about, "now": now or ""}
    elif not now:
        yield ways.gone, {**about, "before": was}
    else:
        yield ways.other, {**about, "now": now, "before": was}


def describe_replaced(
    sentence: str, was: Value, now: Value, /, **about: Value
) -> Iterator[Change]:
    """Describe another value, where each version has one."""
    if was != now:
        yield sentence, {**about, "now": now, "before": was}


def describe_members(
    sentences: tuple[str, str],
    was: Collection[str],
    now: Collection[str],
    called: str,
    name: Callable[[str], Simple],
    name_gone: Callable[[str], Simple] | None = None,
    /,
    **about: Value,
) -> Iterator[Change]:
    """Describe what is new among several, and what is gone. `called`: how the sentences
    call them."""
    more, fewer = sentences
    if found := [id for id in now if id not in was]:
        yield more, {**about, called: tuple(map(name, found))}
    if found := [id for id in was if id not in now]:
        yield fewer, {**about, called: tuple(map(name_gone or name, found))}


def list_changed_languages(was: Text, now: Text) -> tuple[NamedElement, ...]:
    """List the languages in which words are not the same."""
    return tuple(
        NamedElement("language", language)
        for language in sorted({*was, *now})
        if was.get(language) != now.get(language)
    )
