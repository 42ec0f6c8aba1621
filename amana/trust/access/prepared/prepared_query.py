"""A question that is put into SQL once; many in one query."""

import json
from collections.abc import Callable, Sequence
from copy import copy
from dataclasses import dataclass
from functools import cached_property
from typing import Any

from django.conf import settings
from django.core.exceptions import EmptyResultSet
from django.db import connection
from django.db.models import Model, QuerySet

from amana.trust.access.prepared.column_types import (
    AS_JSON,
    NATIVE,
    format_json_column,
    list_types,
)
from amana.trust.access.prepared.compiled_sql import (
    PLACEHOLDER,
    ImpureQuery,
    Value,
    Worded,
    build_stand_ins,
    forbid_queries,
    format_literal,
    get_time,
    match_hole,
    replace_query,
    select_ids,
)
from amana.ui.paging import FilterBatch, select_rows

MOST_NARROWED = 40
"""So many ways to narrow one question are kept."""
NOTHING: Worded = ("SELECT 1 WHERE 1 = 0", ())
"""What finds no row."""


class PreparedQuery[M: Model]:
    """`ask` makes the question out of values of these `kinds` and of nothing else.

    `rows`, out of the same values: what is wanted of the first ones; see
    `paging.with_rows`."""

    def __init__(
        self,
        ask: Callable[..., QuerySet[M]],
        *kinds: type[Value],
        rows: Callable[..., QuerySet[M]] | None = None,
    ) -> None:
        self.ask = ask
        self.kinds = kinds
        self.shown = rows
        self._wordings: dict[object, CompiledSQL[M] | BuiltQuery[M]] = {}
        self._narrowed: dict[FilterBatch, PreparedQuery[M]] = {}

    def narrowed(self, fits: FilterBatch) -> "PreparedQuery[M]":
        """Narrow the question to those of its rows that also fit; kept for a while."""
        found = self._narrowed.get(fits)
        if found is None:
            found = PreparedQuery(
                lambda *given: self.ask(*given).filter(fits(get_time(given))),
                *self.kinds,
                rows=self.shown,
            )
            # What narrows comes from readers' filters: without a limit it would grow
            # for ever.
            if len(self._narrowed) >= MOST_NARROWED:
                self._narrowed.clear()
            self._narrowed[fits] = found
        return found

    def of(self, *given: Value) -> "BoundQuery[M]":
        return BoundQuery(self, given)

    def some(self, at_most: int) -> "CompiledSQL[M] | BuiltQuery[M]":
        """Return what asks for the ids of so many of its rows, whichever."""
        return self._wording(
            ("some", at_most), lambda *given: select_ids(self.ask(*given), at_most)
        )

    def first(
        self, at_most: int | None, order: tuple[str, ...]
    ) -> "CompiledSQL[M] | BuiltQuery[M]":
        """Return what asks for the first of its rows in this order; None: for all."""

        def sliced(*given: Value) -> QuerySet[M]:
            asked = self.ask(*given)
            if self.shown is not None and at_most is not None:
                return select_rows(asked, self.shown(*given), order, at_most)
            return (asked.order_by(*order) if order else asked)[:at_most]

        return self._wording((at_most, order), sliced)

    def _wording(
        self, of: object, some: Callable[..., QuerySet[M]]
    ) -> "CompiledSQL[M] | BuiltQuery[M]":
        if not settings.PREPARED_QUERIES:
            return BuiltQuery(some)
        if of not in self._wordings:
            self._wordings[of] = CompiledSQL(some, self.kinds)
        return self._wordings[of]


def prepare_query[M: Model](
    *kinds: type[Value],
) -> Callable[[Callable[..., QuerySet[M]]], PreparedQuery[M]]:
    """Prepare the question that the function below this builds."""
    return lambda ask: PreparedQuery(ask, *kinds)


@dataclass(frozen=True)
class FirstRows[M: Model]:
    """The first rows of a question, to be asked with others by `ask_together`."""

    rows: QuerySet[M]
    compiler: Any
    worded: Worded
    types: tuple[str, ...]
    """Of its columns."""

    def read(self, values: list[tuple[Any, ...]]) -> list[M]:
        """Turn what the database answered, one tuple a row, into instances."""
        # All threads share the compiler, and a connection belongs to one of them.
        compiler = copy(self.compiler)
        compiler.connection = connection  # of this thread
        # Django does not promise that these two attributes stay. Tests compare the
        # answers with those of the same query that is built in the ordinary way
        # (ADR 22).
        compiler.execute_sql = lambda *_args, **_kwargs: iter([values])
        query = self.rows.query.clone()
        query.get_compiler = lambda *_args, **_kwargs: compiler  # type: ignore[method-assign]
        return list(replace_query(self.rows, query))


class DynamicQuery[M: Model]:
    """A question that can't be kept, asked in the same way."""

    def __init__(self, rows: QuerySet[M]) -> None:
        self._rows = rows

    def some(self, at_most: int) -> Worded:
        """Return what asks for the ids of so many of them, whichever."""
        try:
            sql, params = select_ids(self._rows, at_most).query.sql_with_params()
            return sql, tuple(params)
        except EmptyResultSet:
            return NOTHING

    def first(self, at_most: int, *order: str) -> list[M]:
        return list((self._rows.order_by(*order) if order else self._rows)[:at_most])

    def prepared(self, at_most: int) -> FirstRows[M] | None:
        """Prepare its first rows, to be asked with others; None where there can be
        none."""
        return prepare_rows(self._rows[:at_most])

    def prepared_ids(self, at_most: int) -> FirstRows[M] | None:
        return prepare_rows(select_ids(self._rows, at_most))


def prepare_rows[M: Model](rows: QuerySet[M]) -> FirstRows[M] | None:
    compiler = rows.query.get_compiler(rows.db)
    try:
        sql, params = compiler.as_sql()
    except EmptyResultSet:  # Django sees without asking that there is nothing
        return None
    return FirstRows(rows, compiler, (sql, tuple(params)), list_types(compiler))


@dataclass(frozen=True)
class BuiltQuery[M: Model]:
    """A question that Django builds again each time, where `PREPARED_QUERIES` is off
    (ADR 22)."""

    ask: Callable[..., QuerySet[M]]

    def filled(self, given: tuple[Value, ...]) -> Worded:
        prepared = self.prepared(given)
        return prepared.worded if prepared else NOTHING

    def prepared(self, given: tuple[Value, ...]) -> FirstRows[M] | None:
        return prepare_rows(self.ask(*given))

    def answered(self, given: tuple[Value, ...]) -> list[M]:
        return list(self.ask(*given))


class BoundQuery[M: Model]:
    """A question, with the values that it is asked for."""

    def __init__(
        self,
        kept: PreparedQuery[M],
        given: tuple[Value, ...],
        order: tuple[str, ...] = (),
    ) -> None:
        self.kept = kept
        self.given = given
        self.order = order

    def ordered(self, *order: str) -> "BoundQuery[M]":
        """Return the same, for being asked with other questions in this order."""
        return BoundQuery(self.kept, self.given, order)

    def narrowed(self, fits: FilterBatch) -> "BoundQuery[M]":
        """Narrow it to those of its rows that also fit at the time that is given."""
        return BoundQuery(self.kept.narrowed(fits), self.given, self.order)

    def rows(self) -> QuerySet[M]:
        """Build the QuerySet again, for who wants to continue from there."""
        return self.kept.ask(*self.given)

    def some(self, at_most: int) -> Worded:
        """Return what asks for the ids of so many of them, whichever."""
        return self.kept.some(at_most).filled(self.given)

    def first(self, at_most: int, *order: str) -> list[M]:
        return self.kept.first(at_most, order).answered(self.given)

    def prepared(self, at_most: int) -> FirstRows[M] | None:
        """Prepare its first rows, to be asked with other questions."""
        return self.kept.first(at_most, self.order).prepared(self.given)

    def prepared_ids(self, at_most: int) -> FirstRows[M] | None:
        return self.kept.some(at_most).prepared(self.given)

    def all(self, *order: str) -> list[M]:
        return self.kept.first(None, order).answered(self.given)


class CompiledSQL[M: Model]:
    """The SQL of a question, and which of its parameters are given."""

    def __init__(
        self, ask: Callable[..., QuerySet[M]], kinds: tuple[type[Value], ...]
    ) -> None:
        with forbid_queries():
            # Built twice, with other stand-ins: what differs in anything else depends
            # on more than on what it is given (ADR 22).
            self._rows, other = (ask(*build_stand_ins(kinds, turn)) for turn in (0, 1))
            self._compiler = self._rows.query.get_compiler(self._rows.db)
            self._sql, params = self._compiler.as_sql()
            self._params = list(params)
            worded = other.query.sql_with_params()
        known = build_stand_ins(kinds, 0)
        self._holes = [match_hole(param, known) for param in self._params]
        forgotten = {*range(len(kinds))} - {
            found.place for found in self._holes if found
        }
        if forgotten or self.filled(build_stand_ins(kinds, 1)) != worded:
            raise ImpureQuery(ask)
        self._write_constants()

    def _write_constants(self) -> None:
        """Write what is not given into the SQL, where that is possible."""
        texts = [
            format_literal(param) if hole is None else None
            for param, hole in zip(self._params, self._holes, strict=True)
        ]
        left = iter(texts)
        # SQLite plans a statement again for each parameter that it compared with the
        # condition of a partial index: for all badges of a page, that took three times
        # as long as running it (ADR 52).
        self._sql = PLACEHOLDER.sub(lambda mark: next(left) or mark[0], self._sql)
        bound = [at for at, text in enumerate(texts) if text is None]
        self._params = [self._params[at] for at in bound]
        self._holes = [self._holes[at] for at in bound]

    def filled(self, given: tuple[Value, ...]) -> Worded:
        params = zip(self._params, self._holes, strict=True)
        return self._sql, tuple(
            p if at is None else at.filled(given) for p, at in params
        )

    def prepared(self, given: tuple[Value, ...]) -> FirstRows[M]:
        return FirstRows(self._rows, self._compiler, self.filled(given), self._types)

    @cached_property
    def _types(self) -> tuple[str, ...]:
        return list_types(self._compiler)

    def answered(self, given: tuple[Value, ...]) -> list[M]:
        compiler, worded = copy(self._compiler), self.filled(given)
        compiler.connection = connection  # of this thread
        compiler.as_sql = lambda *_args, **_kwargs: worded
        query = self._rows.query.clone()
        query.get_compiler = lambda *_args, **_kwargs: compiler  # type: ignore[method-assign]
        return list(replace_query(self._rows, query))


@dataclass(frozen=True)
class IdQuery:
    """A question of which only the ids are wanted, to count its rows."""

    question: BoundQuery[Any] | DynamicQuery[Any]

    def prepared(self, at_most: int) -> FirstRows[Any] | None:
        return self.question.prepared_ids(at_most)


def ask_together(
    questions: Sequence[tuple[BoundQuery[Any] | DynamicQuery[Any] | IdQuery, int]],
) -> list[list[Any]]:
    """Ask many questions in one query: the first rows of each, in their order.

    `questions`: each with the most rows that are wanted of it. A page that shows a few
    rows of thirty kinds would else send thirty queries, most of which find nothing.
    """
    prepared = [question.prepared(at_most) for question, at_most in questions]
    found: list[list[tuple[Any, ...]]] = [[] for _question in questions]
    asked = [(at, known) for at, known in enumerate(prepared) if known is not None]
    if asked:
        with connection.cursor() as cursor:
            cursor.execute(*combine_queries(asked))
            for at, values in cursor.fetchall():
                found[at].append(tuple(json.loads(values)))
    return [
        known.read(convert_to_native(known, rows)) if known and rows else []
        for known, rows in zip(prepared, found, strict=True)
    ]


def combine_queries(asked: Sequence[tuple[int, FirstRows[Any]]]) -> Worded:
    """Combine questions into a query whose rows name the question they answer, and hold
    the columns as JSON: the questions have columns of different numbers and types."""
    named: list[str] = []
    chosen: list[str] = []
    params: list[object] = []
    for at, prepared in asked:
        columns = [f"c{n}" for n in range(len(prepared.types))]
        sql, given = prepared.worded
        named.append(f"q{at}({', '.join(columns)}) AS ({sql})")
        listed = ", ".join(
            format_json_column(name, kind)
            for name, kind in zip(columns, prepared.types, strict=True)
        )
        row = AS_JSON[connection.vendor] % listed
        chosen.append(" ".join(("SELECT", f"{at},", row, "FROM", f"q{at}")))
        params += given
    return f"WITH {', '.join(named)} {' UNION ALL '.join(chosen)}", tuple(params)


def convert_to_native(
    prepared: FirstRows[Any], rows: list[tuple[Any, ...]]
) -> list[tuple[Any, ...]]:
    """Convert the rows to what the database's client returns."""
    made = NATIVE[connection.vendor]
    makes = [made.get(kind) for kind in prepared.types]
    if not any(makes):
        return rows
    return [
        tuple(
            make(value) if make is not None and value is not None else value
            for make, value in zip(makes, row, strict=True)
        )
        for row in rows
    ]
