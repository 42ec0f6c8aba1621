"""What the columns of a file of areas most likely mean: by their headings and values, a
first mapping, which a person confirms or changes."""

import re
import unicodedata
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass

from babel.core import get_global
from django.conf import settings

from amana.design.directory import codes
from amana.exchange.areas.area_mapping import (
    BY_BEGINNING,
    STEPS,
    AreaColumns,
    AreaMapping,
    AreaTable,
)
from amana.exchange.sources.columns import fold_heading
from amana.exchange.sources.source_tables import SourceFile, SourceTable, join_texts

LEVELLED = re.compile(
    r"^(?:adm|admin|administrative|level|lvl|niveau)? ?([0-5]) ?(.*)$"
)
"""`ADM2_PCODE`, `admin1Name_fr`, `adm1_ar`."""
LEVEL_LAST = re.compile(r"^([^\d]+) ([0-5])$")
"""`NAME_1`, `GID_2`."""
CODES = ("pcode", "p code", "code", "pcod", "hasc", "iso", "id", "uid", "pro", "gid")
"""Words for a code, the likeliest first."""
NAMES = ("name", "nam", "nom", "names", "label", "title", "toponym", "الاسم", "اسم")
ABOVE = (
    *("above", "parent", "parent code", "parent pcode", "parent id", "code parent"),
    *("part of", "within", "is in", "upper", "parentcode", "region code"),
)
LATS, LONS = (
    ("lat", "latitude", "y", "center lat"),
    ("lon", "lng", "long", "longitude", "x", "center lon"),
)
LEVELS = ("level", "adm level", "admin level", "niveau")
OTHER_WORDS = {"eng": "en", "english": "en", "anglais": "en", "fra": "fr", "fre": "fr"}
OTHER_WORDS |= {"french": "fr", "francais": "fr", "ara": "ar", "arabic": "ar"}
OTHER_WORDS |= {
    "arabe": "ar",
    "spanish": "es",
    "esp": "es",
    "espanol": "es",
    "العربيه": "ar",
}
LOOKED_AT = 100


@dataclass(frozen=True)
class Heading:
    """What a heading says: which level, what, and in which language."""

    column: str
    level: int | None
    what: str
    """`code`, `name`, `above`, `lat`, `lon`, `level`; empty: none of these."""
    language: str
    rank: int
    """Of several columns that say the same, the lowest is the likeliest."""


def guess_area_mapping(file: SourceFile) -> AreaMapping:
    """Guess what each table and column of a file of areas is."""
    tables = {table.name: guess_area_table(table) for table in file.tables}
    code, name = guess_country(file, tables)
    return AreaMapping(tables, code, name)


def guess_area_table(table: SourceTable) -> AreaTable:
    """Guess what the columns of one table are; it is not used where none is a code."""
    if table.above is not None:
        return AreaTable()
    headings = [read_heading(column) for column in table.columns]
    levels = sorted(
        {h.level for h in headings if h.level is not None and h.what == "code"}
    )
    if levels:
        steps = [guess_columns(table, headings, level) for level in reversed(levels)]
    else:
        steps = [guess_columns(table, headings, None)]
    steps = [step for step in steps if step.code][:STEPS] or [AreaColumns()]
    if len(steps) == 1 and steps[0].code:
        steps += guess_above(table, headings, steps[0].code)
    return AreaTable(
        tuple(steps),
        choose_column(table, headings, "lat"),
        choose_column(table, headings, "lon"),
        choose_column(table, headings, "level"),
    )


def read_heading(column: str) -> Heading:
    """Read a heading: `admin2Name_fr` is the French name at level 2."""
    # Of nested properties the last part is the heading.
    folded = fold_heading(column.rpartition(".")[2]).replace("admin level", "level")
    spaced = re.sub(r"(?<=[a-z])(?=\d)|(?<=\d)(?=[a-z])", " ", folded)
    if spaced in LEVELS:
        return Heading(column, None, "level", "", 0)
    level: int | None = None
    if found := LEVELLED.match(spaced):
        level, spaced = int(found[1]), found[2]
    elif found := LEVEL_LAST.match(spaced):
        level, spaced = int(found[2]), found[1]
    language, rest = split_language(spaced)
    for what, words in (
        *(("above", ABOVE), ("lat", LATS), ("lon", LONS)),
        *(("code", CODES), ("name", NAMES)),
    ):
        rank = rank_word(rest, words)
        if rank is not None:
            return Heading(column, level, what, language, rank)
    # `ADM2_EN` is a name without the word for it.
    if language and not rest:
        return Heading(column, level, "name", language, 0)
    return Heading(column, level, "", language, 0)


def split_language(words: str) -> tuple[str, str]:
    """Split the language off a heading: `name fr`."""
    *before, last = words.split() or [""]
    codes_ = {code for code, _name in settings.LANGUAGES}
    language = last if last in codes_ else OTHER_WORDS.get(last, "")
    return (language, " ".join(before)) if language in codes_ else ("", words)


def rank_word(words: str, known: Sequence[str]) -> int | None:
    if words in known:
        return known.index(words)
    # `unit name`, `nam alt`: a word more makes it less likely.
    parts = words.split()
    ranks = [known.index(part) for part in parts if part in known]
    return 10 * len(parts) + min(ranks) if ranks and len(parts) <= 3 else None


def guess_columns(
    table: SourceTable, headings: Sequence[Heading], level: int | None
) -> AreaColumns:
    code = choose_code(
        table, [h for h in headings if h.level == level and h.what == "code"]
    )
    names: dict[str, str] = {}
    some = [h for h in headings if h.level == level and h.what == "name"]
    for heading in sorted(some, key=lambda h: h.rank):
        language = heading.language or guess_language(table, heading.column)
        names.setdefault(language, heading.column)
    return AreaColumns(code, names)


def choose_code(table: SourceTable, headings: Sequence[Heading]) -> str:
    """Choose the column of codes: one that is filled, unlike a row number."""
    filled = [h for h in headings if any(table.iterate_values(h.column))]
    best = sorted(filled, key=lambda h: (not has_letters(table, h.column), h.rank))
    return best[0].column if best else ""


def has_letters(table: SourceTable, column: str) -> bool:
    """Return whether codes look like p-codes: letters, then digits."""
    some = list_some(table, column)
    alike = sum(bool(re.match(r"[A-Za-z]{2,3}[A-Za-z0-9._-]*$", text)) for text in some)
    return bool(some) and alike >= 0.9 * len(some)


def list_some(table: SourceTable, column: str) -> list[str]:
    values = (join_texts(value) for value in table.iterate_values(column))
    return [text for _number, text in zip(range(LOOKED_AT), values, strict=False)]


def guess_language(table: SourceTable, column: str) -> str:
    """Guess the language of names by their letters."""
    letters = "".join(list_some(table, column))
    arabic = sum("ARABIC" in unicodedata.name(c, "") for c in letters)
    return "ar" if arabic * 2 > sum(c.isalpha() for c in letters) else "en"


def guess_above(
    table: SourceTable, headings: Sequence[Heading], code: str
) -> list[AreaColumns]:
    """Guess which column names the area above; or that codes begin with its code."""
    above = choose_column(table, headings, "above")
    if above:
        return [AreaColumns(above)]
    own = set(list_all(table, code))
    nested = sum(any(text[:n] in own for n in range(2, len(text))) for text in own)
    return [AreaColumns(BY_BEGINNING)] if own and nested * 2 > len(own) else []


def list_all(table: SourceTable, column: str) -> Iterator[str]:
    return (join_texts(value).strip() for value in table.iterate_values(column))


def choose_column(table: SourceTable, headings: Sequence[Heading], what: str) -> str:
    some = [
        h for h in headings if h.what == what and any(table.iterate_values(h.column))
    ]
    return min(some, key=lambda h: h.rank).column if some else ""


def guess_country(file: SourceFile, tables: Mapping[str, AreaTable]) -> tuple[str, str]:
    """Guess the country of areas that have none above them: by the letters with which
    all codes begin."""
    beginnings = {
        match[0].upper() if (match := re.match(r"[A-Za-z]{2,3}", text)) else ""
        for table in file.tables
        if (used := tables[table.name]).is_used and len(used.steps) == 1
        for text in list_all(table, used.steps[0].code)
    }
    if len(beginnings) != 1:
        return "", ""
    code = beginnings.pop()
    return code, name_country(code)


def name_country(code: str) -> str:
    """Name a country in the language of the page, by two letters of ISO 3166 or
    three; empty where there is none."""
    short = shorten_country(code)
    return codes.format_country(short) if codes.is_country(short) else ""


def shorten_country(code: str) -> str:
    """Return two letters for three: CLDR has those as other names of these."""
    aliases = get_global("territory_aliases").get(code, [code])
    return str(aliases[0]) if len(aliases) == 1 else code


def is_same_country(code: str, other: str) -> bool:
    return bool(code) and shorten_country(code) == shorten_country(other)
