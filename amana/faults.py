"""What is wrong with a file, in the words of its author: one way to find and to report
it, for a mechanism, a form, an instrument and a course (ADR 80).

A fault is a sentence with its values, and the nearest known name where a name is not
known. Sentences are English; what shows them translates them, for the reader."""

import json
from collections.abc import Callable, Collection, Iterable, Iterator, Mapping
from dataclasses import dataclass, field, replace
from types import MappingProxyType
from typing import Any, Protocol

from rapidfuzz import fuzz, process

NOTHING: Mapping[str, Any] = MappingProxyType({})
LONGEST_QUOTE = 60


def gettext_noop(sentence: str) -> str:
    """Mark a sentence for translation; it is translated where it is shown, in the
    reader's language.
    """
    return sentence


MEANT = gettext_noop("Did you mean “%(near)s”?")

type Where = tuple[str | int, ...]
"""The keys that lead to a place in a file: ("steps", "screen", "next"). In a workbook
its sheet, the row and the column."""


@dataclass(frozen=True, slots=True)
class Fault:
    """One mistake: where it is, and a sentence with its values."""

    file: str
    line: int | None
    sentence: str
    values: Mapping[str, object] = field(default=NOTHING)
    where: Where = ()
    near: str = ""
    """What the author may have meant."""

    def format(self, translate: Callable[[str], str] = str) -> str:
        """Format the sentence, in the reader's language."""
        words = translate(self.sentence) % self.values
        if not self.near:
            return words
        return f"{words} {translate(MEANT) % {'near': self.near}}"

    def format_line(self, translate: Callable[[str], str] = str) -> str:
        """Format it as editors and terminals make it a link: file:line: sentence."""
        place = f"{self.file}:{self.line}" if self.line else self.file
        words = self.format(translate)
        return f"{place}: {words}" if place else words

    def __str__(self) -> str:
        return self.format_line()


class ReadableError(Exception):
    """A no that a person may read: a sentence and its values."""

    def __init__(self, sentence: str, **values: object) -> None:
        super().__init__(sentence % values)
        self.sentence = sentence
        self.values = values


# -- where faults are found ------------------------------------------------------------


class FaultSource[P](Protocol):
    """A file that is checked, and that knows how its places are reported: a `Where`, or
    the number of a line."""

    def fault(self, place: P, sentence: str, /, **values: object) -> Fault: ...


@dataclass(frozen=True)
class PlainSource:
    """A file of which only the values are known: its faults have a place and no
    line."""

    file: str = ""

    def fault(self, place: Where, sentence: str, /, **values: object) -> Fault:
        return Fault(self.file, None, sentence, values, place)


class FaultCollector:
    """Collects faults, each cause once."""

    def __init__(self) -> None:
        self.faults: list[Fault] = []
        self.causes: set[tuple[str, object]] = set()

    def add(self, found: Iterable[Fault], *, cause: object = None) -> bool:
        """Add faults, but none whose cause was reported: by its own place and values,
        unless a cause is given. Returns whether there was a fault, known or not."""
        several = list(found)
        for fault in several:
            own = str(fault), fault.where
            key = fault.sentence, own if cause is None else cause
            if key not in self.causes:
                self.causes.add(key)
                self.faults.append(fault)
        return bool(several)


# -- what all files are checked for ----------------------------------------------------


def check_known[P](
    source: FaultSource[P],
    place: P,
    sentence: str,
    name: object,
    among: Collection[str],
    *,
    called: str = "name",
) -> Iterator[Fault]:
    """Check that something of this name exists. `called`: what the sentence calls the
    name."""
    if not isinstance(name, str) or name not in among:
        fault = source.fault(place, sentence, **{called: shorten_quote(name)})
        yield replace(fault, near=find_near_name(name, among))


def check_keys(
    source: FaultSource[Where],
    place: Where,
    plain: Iterable[Any],
    allowed: Collection[str],
    sentence: str,
) -> Iterator[Fault]:
    """Check that there are no other keys than those that mean something."""
    for key in plain:
        yield from check_known(source, (*place, key), sentence, key, allowed)


def check_unique[P](
    source: FaultSource[P],
    names: Iterable[tuple[P, object]],
    sentence: str,
    **values: object,
) -> Iterator[Fault]:
    """Check that no name appears twice; the first of its kind is no fault."""
    seen: set[str] = set()
    for place, name in names:
        if str(name) in seen:
            yield source.fault(place, sentence, name=name, **values)
        seen.add(str(name))


# -- names -----------------------------------------------------------------------------


def find_near_name(name: object, known: Iterable[str], *, likeness: float = 0.6) -> str:
    """Find what the author may have meant; empty where nothing is like it."""
    # Cut first: a name may be as long as a file.
    cut = str(name)[:LONGEST_QUOTE]
    # Sorted, as of several that are as near the first counts, and a set has none.
    names = sorted(map(str, known), reverse=True)
    cutoff = 100 * likeness
    found = process.extractOne(cut, names, scorer=fuzz.ratio, score_cutoff=cutoff)
    return str(found[0]) if found else ""


def shorten_quote(found: object) -> str:
    """Shorten what the author wrote, so that it can be shown: values in brackets and
    yes or no as they stand in the file."""
    written = isinstance(found, Mapping | list | tuple | bool)
    words = (
        json.dumps(found, ensure_ascii=False, default=str) if written else str(found)
    )
    cut = len(words) > LONGEST_QUOTE
    return words[: LONGEST_QUOTE - 1] + "…" if cut else words
