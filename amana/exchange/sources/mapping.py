"""What the tables and columns of a file of services mean: made in the browser, kept,
and shared as a file.

    {"format": "amana-mapping/1",
     "tables": {"services": {"is": "service",
                             "columns": {"Title": ["service.name"]},
                             "links": {"org": ["organizations", "id"]}}},
     "terms": {"types": {"Emergency Food": ["BA1"]}},
     "zone": "Asia/Amman",
     "kinds_by_words": ["BA1"]}
"""

import json
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any
from zoneinfo import available_timezones

from django.utils.translation import gettext as _

from amana.errors import Unreadable
from amana.exchange.sources.columns import MEANINGS
from amana.faults import NOTHING
from amana.names import LANGUAGES

FORMAT = "amana-mapping/1"
UNUSED = ""
"""What a table is whose rows are not imported."""
LINK = "link"
"""What a table is whose rows only join two others."""
THINGS = tuple(dict.fromkeys(meaning.thing for meaning in MEANINGS.values()))
LONGEST = 1024 * 1024

type Codes = tuple[str, ...]
type Terms = Mapping[str, Mapping[str, Codes]]
"""By the field of a service, and by their word: codes of ours; none, if it means
nothing to us."""


@dataclass(frozen=True)
class TableMapping:
    """What one table is, and what its columns mean."""

    thing: str = UNUSED
    columns: Mapping[str, tuple[str, ...]] = field(default=NOTHING)
    """By heading, the codes of each `Meaning` that the column has."""
    links: Mapping[str, tuple[str, str]] = field(default=NOTHING)
    """By heading: whose rows it names, as a table and a column of it."""


@dataclass(frozen=True)
class SourceMapping:
    """What a file means."""

    tables: Mapping[str, TableMapping]
    terms: Terms = field(default=NOTHING)
    zone: str = ""
    """The time zone of its opening hours; empty: that of this installation."""
    kinds_by_words: Codes = ()
    """Kinds of help that a service without one gets by words in its name and
    description."""
    translates: str = ""
    """Into which language the file translates another of its source, by the same
    ids."""

    def get_table(self, name: str) -> TableMapping:
        return self.tables.get(name, TableMapping())

    def find_columns(self, table: str, code: str) -> list[str]:
        """Find the columns of a table that mean this."""
        columns = self.get_table(table).columns
        return [column for column, meanings in columns.items() if code in meanings]


def write_mapping(mapping: SourceMapping) -> dict[str, Any]:
    """Write a mapping as plain values, for JSON."""
    tables = {
        name: {
            "is": table.thing,
            "columns": {column: list(said) for column, said in table.columns.items()},
            "links": {column: list(link) for column, link in table.links.items()},
        }
        for name, table in mapping.tables.items()
    }
    terms = {
        field: {word: list(codes) for word, codes in words.items()}
        for field, words in mapping.terms.items()
    }
    return {
        "format": FORMAT,
        "tables": tables,
        "terms": terms,
        "zone": mapping.zone,
        "kinds_by_words": list(mapping.kinds_by_words),
        "translates": mapping.translates,
    }


def read_mapping(said: object) -> SourceMapping:
    """Read a mapping from plain values. Raises `Unreadable` with what is wrong."""
    if not isinstance(said, dict) or said.get("format") != FORMAT:
        raise Unreadable(_("the mapping"), _("It is not a mapping of Amana."))
    try:
        tables = {
            str(name): TableMapping(
                require_thing(table["is"]),
                {
                    str(k): tuple(map(require_meaning, v))
                    for k, v in table["columns"].items()
                },
                {str(k): (str(v[0]), str(v[1])) for k, v in table["links"].items()},
            )
            for name, table in said["tables"].items()
        }
        terms = {
            str(field): {
                # As words are compared: spaces at ends and in a row say nothing.
                " ".join(str(word).split()): tuple(map(str, codes))
                for word, codes in words.items()
            }
            for field, words in said["terms"].items()
        }
        kinds = tuple(map(str, said.get("kinds_by_words", ())))
        zone = str(said.get("zone", ""))
        translates = str(said.get("translates", ""))
    except (KeyError, IndexError, TypeError, AttributeError) as error:
        raise Unreadable(_("the mapping"), _("It is incomplete.")) from error
    if zone and zone not in available_timezones():
        raise build_unknown(zone)
    if translates not in ("", *LANGUAGES):
        raise build_unknown(translates)
    return SourceMapping(tables, terms, zone, kinds, translates)


def require_thing(said: object) -> str:
    # A mapping comes from other people: what it names is looked up, never trusted.
    if said not in (UNUSED, LINK, *THINGS):
        raise build_unknown(said)
    return str(said)


def require_meaning(said: object) -> str:
    if said not in MEANINGS:
        raise build_unknown(said)
    return str(said)


def build_unknown(said: object) -> Unreadable:
    what = _("“%(said)s” can’t be part of it.")
    return Unreadable(_("the mapping"), what % {"said": said})


def parse_mapping(blob: bytes) -> SourceMapping:
    """Parse a mapping that came as a file. Raises `Unreadable`."""
    if len(blob) > LONGEST:
        raise Unreadable(_("the mapping"), _("It is larger than 1 MB."))
    try:
        return read_mapping(json.loads(blob))
    except (ValueError, RecursionError) as error:
        raise Unreadable(_("the mapping"), _("It is not JSON.")) from error
