"""What is wrong with a mechanism's files, in the words of their author."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from types import MappingProxyType
from typing import Any

NOTHING: Mapping[str, Any] = MappingProxyType({})


def gettext_noop(sentence: str) -> str:
    """Mark a sentence for translation; it is translated where it is shown, in the
    reader's language.
    """
    return sentence


type Where = tuple[str | int, ...]
"""The keys that lead to a place in a file: ("steps", "screen", "next")."""


@dataclass(frozen=True, slots=True)
class Fault:
    """One mistake: where it is, and a sentence with its values."""

    file: str
    line: int | None
    sentence: str
    values: Mapping[str, object] = field(default=NOTHING)
    where: Where = ()

    def __str__(self) -> str:
        place = f"{self.file}:{self.line}" if self.line else self.file
        said = self.sentence % self.values
        return f"{place}: {said}" if place else said


class ReadableError(Exception):
    """A no that a person may read: a sentence and its values."""

    def __init__(self, sentence: str, **values: object) -> None:
        super().__init__(sentence % values)
        self.sentence = sentence
        self.values = values
