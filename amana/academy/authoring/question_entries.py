"""A question as its files have it, and as its form does: from one to the other.

Pure. What the form does not know of a question stays in it."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

type Entry = Mapping[str, Any]
MOST_ROWS = 12
SPARE = 1
CHOSEN = ("one", "many", "decide")
"""Kinds of which options are right or not, and have feedback each."""


@dataclass(frozen=True)
class QuestionEntry:
    """A question, and its words in other languages, as their files have them."""

    kind: str
    bank: bool
    """It is one of a test: it has a reason in place of feedback."""
    said: Entry
    """In the first language; empty for a new one."""
    words: Mapping[str, Entry]
    """By other languages."""

    @property
    def rows(self) -> int:
        """How many options or pairs the form offers."""
        listed = self.said.get("pairs" if self.kind == "match" else "options")
        count = len(listed) if isinstance(listed, list) else 0
        return min(max(count, 4 if self.bank else 3) + SPARE, MOST_ROWS)


def iterate_row_fields(entry: QuestionEntry) -> Iterator[tuple[str, bool]]:
    """Yield the names of a row’s fields, and whether each may be long."""
    if entry.kind == "match":
        yield from (("left", False), ("right", False))
    elif entry.kind != "number":
        yield "text", True
        if entry.kind in CHOSEN and not entry.bank:
            yield "feedback", True


def flatten_question(entry: QuestionEntry, languages: Sequence[str]) -> dict[str, Any]:
    """Flatten what the files say into the names of the form’s fields."""
    said = entry.said
    names = ("competency", "source", "at", "reason", "answer", "tolerance", "critical")
    flat: dict[str, Any] = {name: said[name] for name in names if name in said}
    flat["objectives"] = [str(code) for code in said.get("objectives") or ()]
    options = said.get("options")
    right = [
        str(at)
        for at, option in enumerate(options if isinstance(options, list) else ())
        if isinstance(option, Mapping) and option.get("right")
    ]
    if entry.kind == "one":
        flat["right"] = right[0] if len(right) == 1 else ""
    else:
        flat["right"] = right
    for language in languages:
        words = said if language == languages[0] else entry.words.get(language, {})
        flat |= flatten_words(words, language)
    return flat


def flatten_words(words: Entry, language: str) -> dict[str, Any]:
    """Flatten what is said in one language."""
    flat = {
        f"{name}-{language}": words[name]
        for name in ("document", "text", "feedback", "unit")
        if name in words
    }
    for key in ("options", "pairs"):
        listed = words.get(key)
        for at, row in enumerate(listed if isinstance(listed, list) else ()):
            fields = row if isinstance(row, Mapping) else {"text": row}
            for name, text in fields.items():
                flat[f"row-{at}-{name}-{language}"] = text
    return flat


def build_row(old: object, texts: Mapping[str, str], *, right: bool | None) -> object:
    """Build one option or pair, as far as possible as it was written before. `right`
    is None where that is not said: in a translation, an order, a pair."""
    # In an order, and in translations of a bank, an option is a text alone.
    if [*texts] == ["text"] and right is None and not isinstance(old, Mapping):
        return keep_ends(old, texts["text"])
    was = old if isinstance(old, Mapping) else {"text": old}
    # What this form does not know of an option is kept.
    row = dict(was)
    for name, text in texts.items():
        set_text(row, was, name, text)
    if right:
        row["right"] = True
    elif right is False and row.get("right"):
        del row["right"]
    return row


def keep_ends(was: object, now: str) -> str:
    """Keep what a file says where only the ends of its lines are others."""
    if isinstance(was, str) and was.strip() == now.strip():
        return was
    # A text of several lines ends with one, as editors write it.
    return f"{now}\n" if "\n" in now else now


def set_text(said: dict[str, Any], was: Entry, name: str, text: str) -> None:
    """Set what a text is; one that is empty is left out."""
    if text.strip():
        said[name] = keep_ends(was.get(name), text)
    else:
        said.pop(name, None)


def set_number(said: dict[str, Any], was: Entry, name: str, value: object) -> None:
    if not isinstance(value, float):
        said.pop(name, None)
    elif was.get(name) != value:
        said[name] = int(value) if value.is_integer() else value
