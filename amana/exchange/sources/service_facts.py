"""What the rows of one service say of it, by meaning, the nearest first."""

from dataclasses import dataclass

from django.utils.translation import gettext as _

from amana.exchange.rows import ServiceValues
from amana.exchange.sources.assembling import Assembly, FoundRow
from amana.exchange.sources.columns import MEANINGS
from amana.exchange.sources.source_tables import Cell, iterate_texts, join_texts
from amana.exchange.sources.values import shorten_text

type Step = tuple[ServiceValues, list[str]]
"""Values that were read, and what is to be remarked of them."""


@dataclass(frozen=True)
class Fact:
    """What one column of one row says of a service."""

    at: FoundRow
    column: str
    cell: Cell


class ServiceFacts:
    """What the rows of one service say of it, by meaning, the nearest first."""

    def __init__(self, assembly: Assembly, rows: list[FoundRow]) -> None:
        self.mapping = assembly.mapping
        self.facts: dict[str, list[Fact]] = {}
        for at in rows:
            values = at.row.values
            for column, codes in assembly.columns[at.table.name]:
                if column in values:
                    fact = Fact(at, column, values[column])
                    for code in codes:
                        self.facts.setdefault(code, []).append(fact)

    def list_nearest(self, code: str) -> list[Fact]:
        """List what is said of it by the nearest rows that say anything."""
        facts = self.facts.get(code, [])
        return [f for f in facts if f.at.distance == facts[0].at.distance]

    def get_text(self, code: str) -> str:
        facts = self.list_nearest(code)
        return join_texts(facts[0].cell, ", ").strip() if facts else ""

    def join_words(self, code: str, between: str = "\n") -> str:
        """Join what the columns of the nearest row say, each text once."""
        facts = self.list_nearest(code)
        texts = (
            text
            for fact in facts
            if fact.at == facts[0].at
            for text in iterate_texts(fact.cell)
        )
        return between.join(dict.fromkeys(filter(None, map(str.strip, texts))))

    def list_texts(self, code: str) -> list[str]:
        texts = (
            t for fact in self.list_nearest(code) for t in iterate_texts(fact.cell)
        )
        return list(dict.fromkeys(filter(None, map(str.strip, texts))))


def remark_unread(code: str, said: str) -> str:
    sentence = _("%(what)s: “%(said)s” can’t be read, so it is left out.")
    return sentence % {"what": MEANINGS[code].label, "said": shorten_text(said, 60)}
