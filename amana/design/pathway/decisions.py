"""A decision table: the first row that fits what is known says what follows."""

from collections.abc import Mapping
from dataclasses import dataclass

type Text = Mapping[str, str]


@dataclass(frozen=True, slots=True)
class DecisionTableRow:
    """When all inputs named here have one of these codes, then this."""

    when: tuple[tuple[str, frozenset[str]], ...]
    then: str
    because: Text
    otherwise: bool = False

    def fits(self, data: Mapping[str, object]) -> bool:
        return all(data.get(name) in codes for name, codes in self.when)


@dataclass(frozen=True, slots=True)
class DecisionTable:
    inputs: tuple[str, ...]
    gives: str
    rows: tuple[DecisionTableRow, ...]

    def row(self, data: Mapping[str, object]) -> DecisionTableRow | None:
        """Find the first row that fits."""
        return next((row for row in self.rows if row.fits(data)), None)

    def decide(self, data: Mapping[str, object]) -> str:
        row = self.row(data)
        if row is None:
            raise LookupError(self.gives)  # a checked table has a last row for all
        return row.then

    @property
    def outcomes(self) -> tuple[str, ...]:
        """The codes that it may give, each once, in the order of its rows."""
        return tuple(dict.fromkeys(row.then for row in self.rows))
