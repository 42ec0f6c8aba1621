"""What a file contains about one service, before a person decides what to do with it.

Readers yield a `ServiceRow` for what they could place and a `MisplacedPart` for what
they could
not; they never guess and never drop. A `ServiceRow`'s values bear the names of the
fields of
`directory.models.Service`."""

from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from typing import Any

from amana.answers import (
    pack_answer,
    require_kind,
    require_texts,
    unpack_answer_rows,
    unpack_head,
)
from amana.errors import Unreadable
from amana.names import LANGUAGES

CODES = frozenset(
    {
        "types",
        "coverage",
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


def read_names(said: Mapping[str, object]) -> dict[str, str]:
    """Read the names in the product's languages from columns `name:fr`, as
    OpenStreetMap and tables of translations have them."""
    found = {f"name_{code}": str(said.get(f"name:{code}") or "") for code in LANGUAGES}
    # Cut, because `Service` holds no more than 200 characters of a name.
    return {column: name.strip()[:200] for column, name in found.items() if name}


type ServiceValues = dict[str, Any]
"""The fields of a service that a row has, by their names."""


@dataclass(frozen=True)
class ServiceRow:
    """One service as a file describes it."""

    where: str
    """Its place in the file: `feature 12`, `services.csv, row 3`."""
    origin_id: str
    """Its id in the system that it comes from; the same again at the next import."""
    organisation: str
    values: Mapping[str, object]
    area: str = ""
    """The area's code or name, as the file gives it."""
    missing: str = ""
    """What it names as its organisation, where the file does not hold it."""
    within: str = ""
    """It serves only people of that `area`, or of the `region` around it."""
    served: tuple[str, ...] = ()
    """Areas whose people alone it serves, each by code or name."""
    shape: str = ""
    """Their shape, as GeoJSON."""
    remarks: tuple[str, ...] = ()
    """What a person should know of it: an id that occurs twice, referrals refused."""

    @property
    def called(self) -> str:
        """Its name, in whatever language the row has one."""
        names = ("name", *(f"name_{code}" for code in LANGUAGES))
        return next((str(self.values[n]) for n in names if self.values.get(n)), "")


@dataclass(frozen=True)
class MisplacedPart:
    """A part of a file that could not become a service, and why."""

    where: str
    what: str
    found: Mapping[str, object] = field(default_factory=dict)
    """The part itself, so that a person can correct it."""


# --- from the process that opens a file to the one that asked


def pack_rows(find: Callable[[], Iterable[object]], *, most: int) -> bytes:
    """Pack what is found in a file, or the reason why it can't be read, into bytes."""
    try:
        return pack_answer({}, rows=find(), most=most)
    # Travels as data: an exception's class means nothing in the other process, and
    # pickle would run what a compromised library wrote (ADR 68).
    except Unreadable as error:
        return pack_answer({"unreadable": [error.where, error.what]})


def unpack_rows(answer: bytes, *, most: int) -> Iterator[object]:
    """Unpack the rows that `pack_rows` packed. Raises `Unreadable` with its place and
    reason where the file could not be read."""
    head, rest = unpack_head(answer)
    # The process that read the file may be compromised, so the types of its answer are
    # checked like those of any upload (ADR 68).
    if told := require_kind(head, dict).get("unreadable"):
        where, what = require_texts(told)
        raise Unreadable(where, what)
    return unpack_answer_rows(rest, most=most)
