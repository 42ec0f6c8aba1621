"""What belongs to one service, of all rows of a file: found along the links of its
tables, the nearest first.

From a service the way leads to its organisation, to its places, and to whatever is
listed for it; from a place to what is listed for the place and to who runs it; from an
organisation to its telephones. It never leads through one service to another, nor from
an organisation to all its places.
"""

from collections import defaultdict
from collections.abc import Iterator
from dataclasses import dataclass

from amana.exchange.sources.columns import ORGANISATION, PLACE, SERVICE
from amana.exchange.sources.linking import split_ids
from amana.exchange.sources.mapping import LINK, UNUSED, SourceMapping
from amana.exchange.sources.source_tables import SourceFile, SourceRow, SourceTable

PARTS = ("phone", "hours", "language", "served", "term")
BELOW = {
    SERVICE: (SERVICE, PLACE, LINK, *PARTS),
    PLACE: (PLACE, "phone", "hours", "language", "served"),
    LINK: (PLACE, LINK, *PARTS),
    ORGANISATION: ("phone",),
}
"""What of the rows that name a row, or are nested in it, belongs to it."""
ABOVE = {
    SERVICE: (ORGANISATION, PLACE, "term"),
    PLACE: (PLACE, ORGANISATION),
    LINK: (PLACE, ORGANISATION, "term"),
}
"""Which of the rows that a row names belong to it."""
FAR = 10
"""Steps that it takes to what is the organisation's, and its service's only for lack of
something nearer."""


@dataclass(frozen=True)
class FoundRow:
    """A row that belongs to a service, and how far from it."""

    distance: int
    table: SourceTable
    place: int
    """Which row of the table."""

    @property
    def row(self) -> SourceRow:
        return self.table.rows[self.place]


type Address = tuple[str, int]
"""A table, and which of its rows."""


class Assembly:
    """Finds what belongs to each service of a file."""

    def __init__(self, file: SourceFile, mapping: SourceMapping) -> None:
        self.tables = {table.name: table for table in file.tables}
        self.mapping = mapping
        self.things = {name: mapping.get_table(name).thing for name in self.tables}
        self.columns = {
            name: list(mapping.get_table(name).columns.items()) for name in self.tables
        }
        self.of_services = {
            name
            for name, thing in self.things.items()
            if thing == SERVICE and mapping.find_columns(name, "service.name")
        }
        """Tables of which each row is a service."""
        self.upwards: dict[Address, list[Address]] = defaultdict(list)
        """The rows that a row names."""
        self.downwards: dict[Address, list[Address]] = defaultdict(list)
        """The rows that name a row, or that it holds."""
        self.lost: dict[Address, str] = {}
        """Rows that name one which is not in the file, and by which column."""
        self.reached: set[Address] = set()
        """Rows that belong to some service."""
        for table in file.tables:
            if self.things[table.name] != UNUSED:
                self._follow_links(table)
                self._follow_nesting(table)

    def _follow_links(self, table: SourceTable) -> None:
        for column, (other, key) in self.mapping.get_table(table.name).links.items():
            if other not in self.tables or self.things[other] == UNUSED:
                continue
            index = index_rows(self.tables[other], key)
            for place, row in enumerate(table.rows):
                for said in split_ids(row.values.get(column)):
                    held = index.get(said, [])
                    if not held:
                        self.lost.setdefault((table.name, place), column)
                    for there in held:
                        self.upwards[table.name, place].append((other, there))
                        self.downwards[other, there].append((table.name, place))

    def _follow_nesting(self, table: SourceTable) -> None:
        if table.above is None:
            return
        for place, row in enumerate(table.rows):
            if row.above is not None:
                self.downwards[table.above, row.above].append((table.name, place))
                self.upwards[table.name, place].append((table.above, row.above))

    def iterate_services(self) -> Iterator[tuple[SourceTable, int]]:
        """Yield each row that is a service."""
        for name, table in self.tables.items():
            if name in self.of_services:
                yield from ((table, place) for place in range(len(table.rows)))

    def gather(self, table: SourceTable, place: int) -> list[FoundRow]:
        """Gather the rows that belong to a service, the nearest first."""
        start = (table.name, place)
        seen = {start: 0}
        todo = [start]
        # The list grows while it is walked through: what is near comes first.
        for here in todo:
            for there, step in self._iterate_steps(here):
                distance = seen[here] + step
                # Rows of the tables of services are other services.
                if there not in seen and there[0] not in self.of_services:
                    seen[there] = distance
                    todo.append(there)
        self.reached.update(seen)
        found = [
            FoundRow(distance, self.tables[name], row)
            for (name, row), distance in seen.items()
        ]
        return sorted(found, key=lambda each: each.distance)

    def _iterate_steps(self, here: Address) -> Iterator[tuple[Address, int]]:
        thing = self.things[here[0]]
        for there in self.downwards.get(here, ()):
            if self.things[there[0]] in BELOW.get(thing, ()):
                yield there, FAR if thing == ORGANISATION else 1
        for there in self.upwards.get(here, ()):
            other = self.things[there[0]]
            if other in ABOVE.get(thing, ()):
                yield there, FAR if other == ORGANISATION else 1


def index_rows(table: SourceTable, key: str) -> dict[str, list[int]]:
    found: dict[str, list[int]] = defaultdict(list)
    for place, row in enumerate(table.rows):
        for said in split_ids(row.values.get(key)):
            found[said].append(place)
    return found
