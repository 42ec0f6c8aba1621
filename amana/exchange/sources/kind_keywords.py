"""Kinds of help by words in names and descriptions: `kind_keywords.yaml` has them."""

from collections import Counter
from collections.abc import Iterable, Mapping
from pathlib import Path

from amana.design.directory.taxonomy import ServiceType
from amana.exchange.rows import ServiceRow
from amana.exchange.sources.columns import fold_text
from amana.reviewed_files import read_reviewed

FILE = Path(__file__).with_suffix(".yaml")
MOST = 3
"""Kinds that one service gets by its words."""


def read_keywords(file: Path = FILE) -> dict[str, tuple[str, ...]]:
    """Read for each kind of help the beginnings of its words."""
    said = read_reviewed(file, {"service_type": ServiceType.values})
    return {
        kind: tuple(f" {fold_text(w)}" for w in words) for kind, words in said.items()
    }


KIND_KEYWORDS: Mapping[str, tuple[str, ...]] = read_keywords()


def find_kinds(name: str, description: str) -> list[str]:
    """Find the kinds of which a word stands in the name; if there is none, those that
    the description speaks of more than once. No more than three."""
    called, told = f" {fold_text(name)}", f" {fold_text(description)}"
    named = [kind for kind in KIND_KEYWORDS if count_words(kind, called)]
    if named:
        return named[:MOST]
    # One mention is often about another service, to which people are sent on.
    times = Counter({kind: count_words(kind, told) for kind in KIND_KEYWORDS})
    return [kind for kind, number in times.most_common(MOST) if number > 1]


def count_words(kind: str, folded: str) -> int:
    return sum(folded.count(word) for word in KIND_KEYWORDS[kind])


def count_kinds(rows: Iterable[ServiceRow]) -> Counter[str]:
    """Count, of services without a kind of help, how many have the words of each."""
    return Counter(
        kind
        for row in rows
        if not row.values.get("types")
        for kind in find_kinds_of(row.values)
    )


def find_kinds_of(values: Mapping[str, object]) -> list[str]:
    return find_kinds(str(values["name"]), str(values.get("description", "")))
