"""What a file contains about one service, before a person decides what to do with it.

Readers yield a `Row` for what they could place and a `Misplaced` for what they could
not; they never guess and never drop. A `Row`'s values bear the names of the fields of
`directory.models.Service`."""

from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from typing import Any

from amana.answers import head_of, packed, pure, rows_of, texts
from amana.errors import Unreadable
from amana.names import LANGUAGES

CODES = frozenset(
    {
        "types",
        "modalities",
        "sexes",
        "nationalities",
        "not_nationalities",
        "statuses",
        "exploitation",
        "groups",
        "not_groups",
        "documents",
        "languages",
        "accessibility",
        "traits",
    }
)
"""Fields to which several values add up."""


def names_of(said: Mapping[str, Any]) -> dict[str, str]:
    """Read the names in the product's languages from columns `name:fr`, as
    OpenStreetMap and tables of translations have them."""
    found = {f"name_{code}": str(said.get(f"name:{code}") or "") for code in LANGUAGES}
    # Cut, because `Service` holds no more than 200 characters of a name.
    return {column: name.strip()[:200] for column, name in found.items() if name}


@dataclass(frozen=True)
class Row:
    """One service as a file describes it."""

    where: str
    """Its place in the file: `feature 12`, `services.csv, row 3`."""
    origin_id: str
    """Its id in the system that it comes from; the same again at the next import."""
    organisation: str
    values: Mapping[str, Any]
    area: str = ""
    """The area's code or name, as the file gives it."""
    within: str = ""
    """It serves only people of that `area`, or of the `region` around it."""
    remarks: tuple[str, ...] = ()
    """What a person should know of it: an id that occurs twice, referrals refused."""


@dataclass(frozen=True)
class Misplaced:
    """A part of a file that could not become a service, and why."""

    where: str
    what: str
    found: Mapping[str, Any] = field(default_factory=dict)
    """The part itself, so that a person can correct it."""


# --- from the process that opens a file to the one that asked


def as_answer(find: Callable[[], Iterable[Any]], *, most: int) -> bytes:
    """Pack what is found in a file, or the reason why it can't be read, into bytes."""
    try:
        return packed({}, rows=find(), most=most)
    # Travels as data: an exception's class means nothing in the other process, and
    # pickle would run what a compromised library wrote (ADR 68).
    except Unreadable as error:
        return packed({"unreadable": [error.where, error.what]})


def answered(answer: bytes, *, most: int) -> Iterator[Any]:
    """Unpack the rows that `pack_rows` packed. Raises `Unreadable` with its place and
    reason where the file could not be read."""
    head, rest = head_of(answer)
    # The process that read the file may be compromised, so the types of its answer are
    # checked like those of any upload (ADR 68).
    if told := pure(head, dict).get("unreadable"):
        where, what = texts(told)
        raise Unreadable(where, what)
    return rows_of(rest, most=most)
