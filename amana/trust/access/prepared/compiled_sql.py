"""Values that are given later, and where they stand in the SQL."""

import re
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta
from typing import Any, NoReturn
from uuid import UUID

from django.db import connection
from django.db.models import Model, QuerySet, UUIDField

type Value = Model | int | str | UUID | date


type Worded = tuple[str, tuple[Any, ...]]
"""SQL and its parameters."""


NOBODY = -4_242_424_242
"""No id of anything."""


NOWHERE = 0x4242 << 96


NEVER = datetime(4242, 4, 2, tzinfo=UTC)


BETWEEN = timedelta(days=100 * 365)
"""From one such time to the next: no question looks so far ahead."""


class ImpureQuery(Exception):
    """It depends on more than on the values that it is given."""


PLACEHOLDER = re.compile(r"(?<!%)%s")


def format_literal(constant: object) -> str | None:
    """Format a constant as SQL; None where it has to be a parameter."""
    # Before `int`, which a bool is in Python: PostgreSQL takes no 1 for true.
    if isinstance(constant, bool):
        return str(constant).upper()
    if isinstance(constant, int):
        return str(int(constant))
    if isinstance(constant, str):
        # Never typed text, but constants of the code. Quotes are doubled; so is %,
        # which would otherwise be read as a placeholder.
        return "'" + str(constant).replace("'", "''").replace("%", "%%") + "'"
    return None


def select_ids(rows: QuerySet[Any], at_most: int) -> QuerySet[Any]:
    return rows.order_by().values("pk")[:at_most]


def replace_query[M: Model](rows: QuerySet[M], query: object) -> QuerySet[M]:
    rows = rows.all()
    vars(rows)["_query"] = query  # the property would forget that tuples are wanted
    return rows


@dataclass(frozen=True)
class Placeholder:
    """A parameter that is given; of a time, so much later."""

    place: int
    later: timedelta | None = None

    def filled(self, given: tuple[Value, ...]) -> Any:
        value = given[self.place]
        if self.later is not None and isinstance(value, datetime):
            value += self.later
        return convert_to_stored(value)


def match_hole(param: object, known: tuple[Value, ...]) -> Placeholder | None:
    """Find which of the stand-ins a parameter is made of, if any."""
    time = parse_time(param)
    for place, value in enumerate(known):
        if isinstance(value, datetime):
            # Stand-ins for times are a hundred years apart, so each time belongs to the
            # nearest.
            if time and abs(time - value) < BETWEEN / 2:
                return Placeholder(place, time - value)
        elif param == convert_to_stored(value):
            return Placeholder(place)
    if time or isinstance(param, date):
        raise ImpureQuery("It looks at the clock while it is put together.")
    return None


def get_time(given: tuple[Value, ...]) -> datetime:
    return next(value for value in given if isinstance(value, datetime))


def parse_time(param: object) -> datetime | None:
    """Parse a parameter that is a time, in the form that a database receives."""
    if isinstance(param, str):
        try:
            param = datetime.fromisoformat(param)
        except ValueError:
            return None
    if not isinstance(param, datetime):
        return None
    return param if param.tzinfo else param.replace(tzinfo=UTC)


def build_stand_ins(kinds: tuple[type[Value], ...], turn: int) -> tuple[Value, ...]:
    return tuple(build_stand_in(kind, 2 * at + turn) for at, kind in enumerate(kinds))


def build_stand_in(kind: type[Value], number: int) -> Value:
    if issubclass(kind, Model):
        by_uuid = isinstance(kind._meta.pk, UUIDField)
        return kind(pk=build_stand_in(UUID if by_uuid else int, number))
    if issubclass(kind, int):
        return NOBODY - number
    if issubclass(kind, UUID):
        return UUID(int=NOWHERE + number)
    if issubclass(kind, datetime):
        return NEVER + number * BETWEEN
    if issubclass(kind, date):
        return (NEVER + number * BETWEEN).date()
    return f"stand-in {number}"


def convert_to_stored(value: Value) -> object:
    """Convert a value to the form that a database receives."""
    if isinstance(value, Model):
        return convert_to_stored(value.pk)
    if isinstance(value, UUID):
        return UUIDField().get_db_prep_value(value, connection)
    if isinstance(value, datetime):
        return connection.ops.adapt_datetimefield_value(value)
    if isinstance(value, date):
        return connection.ops.adapt_datefield_value(value)
    return value


@contextmanager
def forbid_queries() -> Iterator[None]:
    """Raise `ImpureQuery` for everything that asks the database meanwhile."""

    def refuse(*_args: object) -> NoReturn:
        raise ImpureQuery("It asks the database while it is put together.")

    with connection.execute_wrapper(refuse):
        yield
