"""The parameters of the API: what each is called, may be, and means. The description of
the API (`openapi`) is made of the same list, so it can't say otherwise."""

import re
from collections.abc import Callable, Iterable
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta, timezone
from typing import Any
from uuid import UUID

from django.http import QueryDict

from amana.exchange.directory_api.problems import BadQuestion

ON_A_PAGE, MOST_ON_A_PAGE, MOST_MINIMAL = 50, 500, 10_000
LAST_PAGE = 1_000_000
LONGEST_SEARCH = 200
FARTHEST = 500_000
"""Metres."""

JSON, NDJSON = "json", "ndjson"

MOMENT = re.compile(
    r"(\d{4})-(\d\d)-(\d\d)[Tt](\d\d):(\d\d):(\d\d)(\.\d{1,12})?"
    # A plus sign that was not encoded arrives as a space.
    r"(?:[Zz]|([ +-])(\d\d):(\d\d))",
    re.ASCII,
)
UUID_FORM = re.compile(r"[0-9a-fA-F]{8}(-[0-9a-fA-F]{4}){3}-[0-9a-fA-F]{12}", re.ASCII)
WHOLE = re.compile(r"-?\d{1,9}", re.ASCII)
LATITUDE = r"-?(90(\.0{1,12})?|[1-8]?[0-9](\.[0-9]{1,12})?)"
LONGITUDE = r"-?(180(\.0{1,12})?|(1[0-7]|[1-9])?[0-9](\.[0-9]{1,12})?)"
POINT = f"^{LATITUDE},{LONGITUDE}$"
SWITCHED = {"true": True, "false": False}
EARLIEST, LATEST = datetime(1970, 1, 1, tzinfo=UTC), datetime(2500, 1, 1, tzinfo=UTC)


@dataclass(frozen=True)
class Question:
    """What was asked, by parameters."""

    search: str = ""
    page: int = 1
    per_page: int = 0
    """0: as many as usual."""
    format: str = JSON
    taxonomy_term_id: UUID | None = None
    taxonomy_id: UUID | None = None
    organization_id: UUID | None = None
    modified_after: datetime | None = None
    minimal: bool = False
    full: bool = False
    full_service: bool = False
    near: tuple[float, float] | None = None
    """Latitude and longitude."""
    proximity: int = FARTHEST
    top_only: bool = False
    parent_id: UUID | None = None

    @property
    def narrows(self) -> bool:
        """Whether it asks for some services, and not for all."""
        ids = self.taxonomy_term_id, self.taxonomy_id, self.organization_id
        return bool(self.search or any(ids))

    @property
    def size(self) -> int:
        usual = MOST_MINIMAL if self.minimal else ON_A_PAGE
        return self.per_page or usual


@dataclass(frozen=True)
class Parameter:
    name: str
    schema: dict[str, object]
    description: str
    parse: Callable[[str], object]
    expected: str
    """What is asked for where something else came: a part of a sentence."""
    example: object = field(default=None)


def read_question(query: QueryDict, allowed: Iterable[Parameter]) -> Question:
    """Read the parameters. Raises `BadQuestion` for one that is unknown, repeated, or
    can't be read."""
    known = {parameter.name: parameter for parameter in allowed}
    values: dict[str, Any] = {}
    for name, several in query.lists():
        if name not in known:
            raise BadQuestion(_say_unknown(name, known), name)
        # Which of two was meant is not guessed: programs take the first, or the last.
        if len(several) > 1:
            raise BadQuestion(f"The parameter “{name}” was given more than once.", name)
        try:
            values[name] = known[name].parse(several[0])
        except ValueError as error:
            sentence = f"The parameter “{name}” must be {known[name].expected}."
            raise BadQuestion(sentence, name) from error
    return Question(**values)


def _say_unknown(name: str, known: Iterable[str]) -> str:
    if name == "postcode":
        return (
            "This directory holds no postcodes. Ask near a point instead: "
            "near=31.95,35.93&proximity=5000."
        )
    names = ", ".join(known)
    if not names:
        return f"There is no parameter “{name[:40]}” here: this address takes none."
    return f"There is no parameter “{name[:40]}” here. This address takes: {names}."


# --- how each is read; ValueError where it can't be


def parse_text(said: str) -> str:
    if len(said) > LONGEST_SEARCH:
        raise ValueError(said)
    return said


def parse_whole(least: int, most: int) -> Callable[[str], int]:
    def parse(said: str) -> int:
        if not WHOLE.fullmatch(said) or not least <= int(said) <= most:
            raise ValueError(said)
        return int(said)

    return parse


def parse_point(said: str) -> tuple[float, float]:
    if not re.fullmatch(POINT, said):
        raise ValueError(said)
    lat, lon = map(float, said.split(","))
    return lat, lon


def parse_switch(said: str) -> bool:
    if said not in SWITCHED:
        raise ValueError(said)
    return SWITCHED[said]


def parse_format(said: str) -> str:
    if said not in (JSON, NDJSON):
        raise ValueError(said)
    return said


def parse_id(said: str) -> UUID:
    if not UUID_FORM.fullmatch(said):
        raise ValueError(said)
    return UUID(said)


def parse_moment(said: str) -> datetime:
    """Parse a time of RFC 3339; one that is out of all bounds is the nearest bound."""
    found = MOMENT.fullmatch(said)
    if found is None:
        raise ValueError(said)
    year, month, day, hour, minute, second = map(int, found.groups()[:6])
    fraction, sign, hours, minutes = found.groups()[6:]
    if second == 60:  # a leap second
        second = 59
    # With a year of four digits that has the day, also where Python has no such year.
    at = datetime(min(max(year, 4), 9996), month, day, hour, minute, second, tzinfo=UTC)
    at += timedelta(seconds=float(fraction or 0))
    if sign:
        if int(hours) > 23 or int(minutes) > 59:
            raise ValueError(said)
        offset = timedelta(hours=int(hours), minutes=int(minutes))
        zone = timezone(-offset if sign == "-" else offset)
        at = at.replace(tzinfo=zone).astimezone(UTC)
    return min(max(at, EARLIEST), LATEST)


# --- the parameters


def _switch(name: str, description: str) -> Parameter:
    return Parameter(
        name, {"type": "boolean"}, description, parse_switch, "true or false"
    )


def _id(name: str, description: str) -> Parameter:
    schema: dict[str, object] = {"type": "string", "format": "uuid"}
    return Parameter(name, schema, description, parse_id, "a UUID")


def _whole(name: str, most: int, description: str) -> Parameter:
    schema: dict[str, object] = {"type": "integer", "minimum": 1, "maximum": most}
    expected = f"a whole number from 1 to {most}"
    return Parameter(name, schema, description, parse_whole(1, most), expected)


SEARCH = Parameter(
    "search",
    {"type": "string", "maxLength": LONGEST_SEARCH},
    "Words of which the first ten must all occur, as written, in the name, the "
    "description, the organisation or, if the address is not secret, the area.",
    parse_text,
    f"at most {LONGEST_SEARCH} characters long",
)
PAGE = _whole("page", LAST_PAGE, "Number of the page, from 1.")
PER_PAGE = _whole("per_page", MOST_ON_A_PAGE, f"Entries of a page; {ON_A_PAGE} if not.")
FORMAT = Parameter(
    "format",
    {"type": "string", "enum": [JSON, NDJSON]},
    "ndjson: all entries as a stream, one a line; page and per_page mean nothing then.",
    parse_format,
    f"{JSON} or {NDJSON}",
)
TERM = _id("taxonomy_term_id", "Only what carries this term, or one under it.")
TAXONOMY = _id("taxonomy_id", "Only what carries any term of this taxonomy.")
ORGANIZATION = _id("organization_id", "Only services of this organisation.")
MODIFIED_AFTER = Parameter(
    "modified_after",
    {"type": "string", "format": "date-time"},
    "Only what changed then or later. In `services`, those that are no longer listed "
    "come too, as defunct, whatever else was asked.",
    parse_moment,
    "a time with its zone, such as 2026-11-30T00:00:00Z",
)
MINIMAL = _switch("minimal", "Only id, status and last_modified of each service.")
FULL = _switch("full", "With everything nested in it.")
FULL_SERVICE = _switch("full_service", "With all services, and all nested in them.")
NEAR = Parameter(
    "near",
    {"type": "string", "pattern": POINT},
    "Latitude and longitude of a point: places within 500 km, the nearest first.",
    parse_point,
    "latitude and longitude in degrees, such as 31.95,35.93",
)
PROXIMITY = _whole(
    "proximity",
    FARTHEST,
    "Only within so many metres of the point; means nothing without near.",
)
TOP_ONLY = _switch("top_only", "Only terms that stand under no other.")
PARENT = _id("parent_id", "Only terms directly under this one.")

PAGING = (PAGE, PER_PAGE, FORMAT)
OF_SERVICES = (SEARCH, TERM, TAXONOMY, ORGANIZATION, MODIFIED_AFTER, MINIMAL, FULL)
OF_PLACES = (SEARCH, TERM, TAXONOMY, ORGANIZATION, MODIFIED_AFTER, FULL)
OF_ORGANISATIONS = (SEARCH, FULL_SERVICE, FULL, TERM, TAXONOMY)
SERVICES = (*OF_SERVICES, *PAGING)
PLACES = (*OF_PLACES, NEAR, PROXIMITY, *PAGING)
ORGANISATIONS = (*OF_ORGANISATIONS, *PAGING)
TAXONOMIES = (SEARCH, *PAGING)
TERMS = (SEARCH, TAXONOMY, TOP_ONLY, PARENT, *PAGING)
