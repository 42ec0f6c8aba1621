"""What the tables and columns of a file most likely mean: a first mapping, which a
person confirms or changes."""

import re
from collections.abc import Callable, Iterator, Mapping, Sequence
from itertools import islice

from rapidfuzz import fuzz

from amana.exchange.sources.columns import (
    LONGEST,
    ORGANISATION,
    PLACE,
    SERVICE,
    Meaning,
    fold_heading,
    iterate_meanings,
)
from amana.exchange.sources.linking import (
    ENDING,
    Link,
    find_id_columns,
    guess_links,
    make_singular,
)
from amana.exchange.sources.mapping import LINK, UNUSED, SourceMapping, TableMapping
from amana.exchange.sources.source_tables import SourceFile, SourceTable, iterate_texts
from amana.exchange.sources.values import (
    EMAIL,
    find_language_code,
    parse_clock,
    parse_number,
    read_days,
)

PLAIN = frozenset({"days", "email"})
"""Kinds of values that tell what they are, whatever is above them."""
BESIDE = frozenset({"wkst"})
"""Columns of standards that hold such values and mean something else: on which day a
week begins."""
BARE = frozenset({"name", "title", "nom", "titre", "الاسم", "url", "website", "web"})
"""Headings that speak of what the table is about."""
ALIKE = 88
"""Of 100: how like a known heading another has to be."""
LOOKED_AT = 200

KNOWN_TABLES: Mapping[str, str] = {
    "service": SERVICE,
    "activity": SERVICE,
    "organization": ORGANISATION,
    "organisation": ORGANISATION,
    "agency": ORGANISATION,
    "provider": ORGANISATION,
    "partner": ORGANISATION,
    "location": PLACE,
    "site": PLACE,
    "place": PLACE,
    "facility": PLACE,
    "address": PLACE,
    "physical address": PLACE,
    "postal address": PLACE,
    "phone": "phone",
    "telephone": "phone",
    "schedule": "hours",
    "regular schedule": "hours",
    "opening hour": "hours",
    "language": "language",
    "service area": "served",
    "taxonomy": "term",
    "taxonomy term": "term",
    "category": "term",
    "service at location": LINK,
    "attribute": LINK,
    "service taxonomy": LINK,
    "cost option": SERVICE,
    "eligibility": SERVICE,
    "capacity": SERVICE,
    "service capacity": SERVICE,
}
"""What a table is, by what one of its rows is called. Of others nothing is imported,
such as of contacts: names of persons have no place in a directory."""

INSIDE: Mapping[str, tuple[str, ...]] = {
    SERVICE: (SERVICE, ORGANISATION, PLACE, "hours", "language", "served"),
    ORGANISATION: (ORGANISATION,),
    PLACE: (PLACE, "phone", "hours", "language"),
    LINK: ("phone", "hours", "term"),
    "phone": ("phone",),
    "hours": ("hours",),
    "language": ("language",),
    "served": ("served",),
    "term": ("term",),
}
"""What the columns of a table can mean, by what the table is; the nearest first."""

NOT_OURS = {"organization", "organisation", "provider"}
"""Objects in a service that are about who offers it: what is listed in them is not the
service's own."""


def guess_mapping(file: SourceFile) -> SourceMapping:
    """Guess what each table and column of a file is."""
    things = guess_things(file)
    links = guess_links(file)
    return SourceMapping(
        {
            table.name: build_table(table, things[table.name], links)
            for table in file.tables
        }
    )


def guess_table(file: SourceFile, table: SourceTable, thing: str) -> TableMapping:
    """Guess what the columns of a table are, of which a person has said what it is."""
    return build_table(table, thing, guess_links(file))


def build_table(
    table: SourceTable, thing: str, links: Mapping[str, Mapping[str, Link]]
) -> TableMapping:
    if thing == UNUSED:
        return TableMapping()
    own = links.get(table.name, {})
    return TableMapping(thing, guess_columns(table, thing, own), own)


def guess_things(file: SourceFile) -> dict[str, str]:
    """Guess what each table is; one of them holds the services."""
    found = {table.name: guess_thing(table) for table in file.tables}
    services = [table for table in file.tables if is_service_table(table)]
    # A file without a table of that name has one all the same, most often its largest.
    if not services:
        mains = [table for table in file.tables if table.above is None]
        unnamed = [table for table in mains if not found[table.name]] or mains
        found[max(unnamed, key=lambda table: len(table.rows)).name] = SERVICE
    for table in services:
        if table.above is not None and not found[table.above]:
            found[table.above] = ORGANISATION  # who offers them
    return found


def is_service_table(table: SourceTable) -> bool:
    """Return whether it lists services themselves, not what belongs to one."""
    return make_singular(table.name) in ("service", "activity")


def guess_thing(table: SourceTable) -> str:
    *around, name = ENDING.sub("", table.name).split(".")
    if (
        any(make_singular(part) in NOT_OURS for part in around)
        and make_singular(name) != "service"
    ):
        return UNUSED
    if any(make_singular(part) == "contact" for part in (*around, name)):
        return UNUSED
    return KNOWN_TABLES.get(make_singular(name), UNUSED)


# -- columns ---------------------------------------------------------------------------


def guess_columns(
    table: SourceTable, thing: str, links: Mapping[str, Link]
) -> dict[str, tuple[str, ...]]:
    """Guess what the columns of a table mean, the likeliest first: where only one may
    mean it, no other does."""
    own = find_id_columns(table)
    scored = [
        (score, -place, column, meaning)
        for place, column in enumerate(table.columns)
        if column not in links
        for score, meaning in iterate_scores(table, column, thing, own)
    ]
    found: dict[str, str] = {}
    taken: set[str] = set()
    for _score, _place, column, meaning in sorted(
        scored, key=lambda each: (-each[0], -each[1])
    ):
        if column in found or (meaning.code in taken and not meaning.adds_up):
            continue
        found[column] = meaning.code
        taken.add(meaning.code)
    # An id of several columns begins with the one that is called so.
    columns = sorted(found, key=lambda c: (c not in own[:1], table.columns.index(c)))
    return {column: (found[column],) for column in columns}


def iterate_scores(
    table: SourceTable, column: str, thing: str, own: Sequence[str]
) -> Iterator[tuple[float, Meaning]]:
    """Yield what a column may mean, and how likely, from 0 to 100."""
    *around, last = column.split(".")
    inside = guess_inside(around) or thing
    heading = fold_heading(last)
    is_nested = bool(around)
    some = list_some(table, column)
    for rank, name in enumerate(INSIDE.get(inside, ())):
        for meaning in iterate_meanings(name):
            if meaning.kind == "id":
                is_own = heading == "id" if is_nested else column in own
                if is_own and name == inside and not is_part(table, thing):
                    yield 100, meaning
                if name == ORGANISATION != inside and is_foreign(heading, meaning):
                    yield 60, meaning
                continue
            likeness = compare_heading(heading, meaning)
            if rank and heading in BARE:
                likeness = 0  # a bare “name” is the service's, not a place's
            if meaning.code == "place.name" and inside != PLACE:
                likeness = 0  # where a service is, is an area
            likeness = likeness or guess_by_contents(column, some, meaning)
            if likeness and can_mean(some, meaning):
                yield likeness - 4 * rank, meaning


def is_foreign(heading: str, meaning: Meaning) -> bool:
    """Return whether a column names something by its id which the file may not hold."""
    return heading in meaning.headings and heading != "id"


def is_part(table: SourceTable, thing: str) -> bool:
    """Return whether the rows of a table belong to services without being any, such as
    their costs."""
    return (
        thing == SERVICE
        and make_singular(table.name) in KNOWN_TABLES
        and not is_service_table(table)
    )


def list_some(table: SourceTable, column: str) -> list[str]:
    """List the beginnings of some values of a column."""
    values = islice(table.iterate_values(column), LOOKED_AT)
    return [text[:LONGEST] for value in values for text in iterate_texts(value)]


def guess_by_contents(column: str, some: Sequence[str], meaning: Meaning) -> float:
    """Guess by what is in a column with an unknown heading, where that is plain."""
    if meaning.kind not in PLAIN or column in BESIDE or not some:
        return 0
    return 30 if can_mean(some, meaning, share=0.9) else 0


def guess_inside(around: list[str]) -> str:
    """Guess what an object in a row is about, by its key: `organization.name`."""
    for key in reversed(around):
        thing = KNOWN_TABLES.get(make_singular(key), "")
        if thing:
            return thing
    return ""


def compare_heading(heading: str, meaning: Meaning) -> float:
    """Compare a heading with those that are known for a meaning: 0 if it is like
    none."""
    if len(heading) > LONGEST:
        return 0  # no heading, and slow to compare
    if heading in meaning.headings:
        return 100 - min(meaning.headings.index(heading), 20)
    best = max(fuzz.ratio(heading, known) for known in meaning.headings)
    return best * 0.7 if best >= ALIKE else 0


def can_mean(some: Sequence[str], meaning: Meaning, *, share: float = 0.5) -> bool:
    """Return whether values can be read as what they would mean; an empty column
    contradicts nothing."""
    test = TESTS.get(meaning.kind)
    return test is None or not some or sum(map(test, some)) >= len(some) * share


def is_number(text: str) -> bool:
    return parse_number(text.replace(",", ".", 1)) is not None


def is_date(text: str) -> bool:
    return bool(re.match(r"\d{1,4}[-/.]\d{1,2}[-/.]\d{1,4}", text))


def is_phone(text: str) -> bool:
    return sum(c.isdigit() for c in text) >= 3


TESTS: Mapping[str, Callable[[str], bool]] = {
    "number": is_number,
    "email": lambda text: bool(EMAIL.search(text)),
    "web": lambda text: "." in text and " " not in text,
    "date": is_date,
    "moment": is_date,
    "phone": is_phone,
    "clock": lambda text: parse_clock(text) is not None,
    "days": lambda text: bool(read_days(text)),
    "language": lambda text: bool(find_language_code(re.split(r"[,;|،\n]", text)[0])),
}
