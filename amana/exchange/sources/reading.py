"""The services of a file, by a mapping, as rows for the directory; and what became of
each row of each table."""

from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass, field, replace
from hashlib import sha256

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from amana.exchange.rows import MisplacedPart, ServiceRow, ServiceValues
from amana.exchange.sources.assembling import Address, Assembly
from amana.exchange.sources.columns import ORGANISATION, fold_text
from amana.exchange.sources.kind_keywords import find_kinds_of
from amana.exchange.sources.mapping import UNUSED, SourceMapping
from amana.exchange.sources.service_facts import ServiceFacts
from amana.exchange.sources.service_values import STEPS
from amana.exchange.sources.source_tables import (
    SourceFile,
    SourceRow,
    SourceTable,
    join_texts,
)
from amana.exchange.sources.values import shorten_text

LONGEST_ID = 200

type Found = ServiceRow | MisplacedPart


@dataclass
class TableAccount:
    """What becomes of the rows of one table."""

    name: str
    rows: int
    columns: list[str]
    unused_columns: list[str]
    services: int = 0
    attached: int = 0
    """Rows that belong to a service."""
    stray: int = 0
    """Rows that belong to none."""
    unused: int = 0
    """Rows of a table that is not imported."""


@dataclass
class Reading:
    """What a file holds by a mapping."""

    found: list[Found] = field(default_factory=list)
    accounts: list[TableAccount] = field(default_factory=list)


def read_source(file: SourceFile, mapping: SourceMapping) -> Reading:
    """Read every service of a file, in its order, then each row that belongs to none.
    The accounts of a table add up to its rows."""
    assembly = Assembly(file, mapping)
    reading = Reading()
    services: Counter[str] = Counter()
    seen: set[str] = set()
    ids = count_ids(assembly)
    for table, place in assembly.iterate_services():
        services[table.name] += 1
        row = read_service(assembly, table, place)
        if isinstance(row, ServiceRow):
            row = check_id(row, seen, ids)
        reading.found.append(row)
    reached = Counter(name for name, _place in assembly.reached)
    for table in file.tables:
        held = reached[table.name]
        reading.accounts.append(count_rows(assembly, table, services[table.name], held))
        reading.found.extend(iterate_strays(assembly, table, services[table.name]))
    return reading


def count_ids(assembly: Assembly) -> Counter[str]:
    """Count how often each published id stands in the file, where it takes another
    column to tell services apart."""
    found: Counter[str] = Counter()
    # Without a second column an id occurs once: the next with it is put aside.
    for table, place in assembly.iterate_services():
        columns = assembly.mapping.find_columns(table.name, "service.id")
        if len(columns) > 1:
            found[join_texts(table.rows[place].values.get(columns[0]))] += 1
    return found


def check_id(row: ServiceRow, seen: set[str], ids: Counter[str]) -> Found:
    """Put aside a service whose id another one has had; remark an id that only another
    column makes one of a single service."""
    if row.origin_id in seen:
        what = _("It appears twice in the file.")
        return MisplacedPart(row.where, what, {"name": row.values["name"]})
    seen.add(row.origin_id)
    published = row.origin_id.partition("/")[0]
    if ids[published] < 2:
        return row
    remark = _("The id %(id)s appears %(times)s times.")
    said = remark % {"id": published, "times": ids[published]}
    return replace(row, remarks=(said, *row.remarks))


def count_rows(
    assembly: Assembly, table: SourceTable, services: int, held: int
) -> TableAccount:
    mapped = assembly.mapping.get_table(table.name)
    used = {*mapped.columns, *mapped.links}
    account = TableAccount(
        table.name,
        len(table.rows),
        table.columns,
        [column for column in table.columns if column not in used],
        services,
    )
    if mapped.thing == UNUSED:
        account.unused = account.rows
    elif not services:
        account.attached, account.stray = held, account.rows - held
    return account


def iterate_strays(
    assembly: Assembly, table: SourceTable, services: int
) -> Iterator[MisplacedPart]:
    """Report each row that names something which the file lacks. Of one that nothing
    names, such as the office of an organisation without services, the account tells."""
    if services:
        return
    for place, row in enumerate(table.rows):
        address = (table.name, place)
        if address in assembly.reached or address not in assembly.lost:
            continue
        yield MisplacedPart(table.format_place(row), format_lost(assembly, address))


def format_lost(assembly: Assembly, address: Address) -> str:
    what = _("“%(column)s” names something that is not in the file.")
    return what % {"column": assembly.lost[address]}


# -- one service -----------------------------------------------------------------------


def read_service(assembly: Assembly, table: SourceTable, place: int) -> Found:
    row = table.rows[place]
    facts = ServiceFacts(assembly, assembly.gather(table, place))
    where, name = table.format_place(row), facts.get_text("service.name")
    organisation = facts.get_text("organisation.name")
    origin_id = read_id(assembly.mapping, table, row)
    if origin_id is None:
        origin_id = make_id(organisation, name, facts.get_text("place.area"))
    if not row.values:
        return MisplacedPart(where, _("It has no named values."))
    if not origin_id:
        return MisplacedPart(where, _("It has no id."), {"name": name})
    if not name:
        return MisplacedPart(where, _("It has no name."))
    if language := assembly.mapping.translates:
        translated: ServiceValues = {f"name_{language}": shorten_text(name, 200)}
        return ServiceRow(where, origin_id, shorten_text(organisation, 200), translated)
    values: ServiceValues = {"name": shorten_text(name, 200)}
    if assembly.mapping.zone:
        values["zone"] = assembly.mapping.zone
    lost = assembly.lost.get((table.name, place), "")
    missing = "" if organisation else format_missing(facts, table, place, lost)
    remarks: list[str] = []
    if (table.name, place) in assembly.lost:
        remarks.append(format_lost(assembly, (table.name, place)))
    for step in STEPS:
        found, said = step(facts)
        values |= found
        remarks += said
    if kinds := find_kinds_by_words(values, assembly.mapping):
        values["types"] = kinds
        remarks.append(str(BY_WORDS))
    return ServiceRow(
        where=where,
        origin_id=origin_id,
        organisation=shorten_text(organisation, 200),
        values=values,
        missing=missing,
        within=values.pop("within", ""),
        served=tuple(values.pop("served", ())),
        shape=values.pop("shape", ""),
        area=facts.get_text("place.area"),
        remarks=tuple(dict.fromkeys(remarks)),
    )


def format_missing(
    facts: ServiceFacts, table: SourceTable, place: int, lost: str
) -> str:
    """Format what a service names as its organisation and the file does not hold, or
    else what would lead to it: `organization_id 117`, `site_id 9`; empty where it names
    nothing."""
    row, links = table.rows[place], facts.mapping.get_table(table.name).links
    named = [
        (column, row.values[column])
        for column, (other, _key) in links.items()
        if facts.mapping.get_table(other).thing == ORGANISATION and column in row.values
    ]
    said = facts.list_nearest("organisation.id")
    named += [(fact.column, fact.cell) for fact in said]
    named += [(lost, row.values[lost])] if lost else []
    return " ".join((named[0][0], join_texts(named[0][1], ", "))) if named else ""


BY_WORDS = gettext_lazy(
    "Its kind of help was found by words in its name or description. Check it."
)


def find_kinds_by_words(values: ServiceValues, mapping: SourceMapping) -> list[str]:
    """Find the kinds of a service that has none, of those that a person accepted."""
    accepted = mapping.kinds_by_words
    if values.get("types") or not accepted:
        return []
    return sorted(kind for kind in find_kinds_of(values) if kind in accepted)


def read_id(mapping: SourceMapping, table: SourceTable, row: SourceRow) -> str | None:
    """Read the id of a service: of several columns together, if only they tell it from
    others. Empty where the row has none; None where no column is one."""
    columns = mapping.find_columns(table.name, "service.id")
    if not columns:
        return None
    said = [join_texts(row.values.get(column), ",") for column in columns]
    return "/".join(said)[:200] if said[0] else ""


def make_id(*texts: str) -> str:
    """Make an id of what a service is called, by whom and where: never of its place in
    the file."""
    # Rows move. An id that were a row's number would turn a service, and all referrals
    # to it, into another one as soon as a person sorts the sheet.
    made = "/".join(map(fold_text, texts))
    return made if len(made) <= LONGEST_ID else sha256(made.encode()).hexdigest()
