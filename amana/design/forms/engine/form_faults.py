"""Faults of a form, in its author's words and with the place to correct."""

from collections.abc import Mapping
from dataclasses import dataclass, field


def gettext_noop(sentence: str) -> str:
    """Mark a sentence for translation; pages translate it when they show it."""
    return sentence


@dataclass(frozen=True)
class FormFault:
    """`sentence` is English with named places; `values` fill them in any language."""

    file: str
    line: int
    sentence: str
    values: Mapping[str, object] = field(default_factory=dict)
    sheet: str = ""
    column: str = ""

    @property
    def where(self) -> str:
        """Sheet, row and column, as far as they are known."""
        row = f"{self.sheet} {self.line}" if self.line else self.sheet
        return f"{row} {self.column}".strip()

    def __str__(self) -> str:
        where = f"{self.file}, {self.where}" if self.where else self.file
        return f"{where}: {self.sentence % self.values}"


class UnreadablePart(Exception):
    """A part of a form can't be read: the sentence, without its place yet."""

    def __init__(self, sentence: str, **values: object) -> None:
        super().__init__(sentence % values if values else sentence)
        self.sentence = sentence
        self.values = values
