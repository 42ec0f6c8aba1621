"""What is everyone's, compiled into SQL once; and of it what is one person's.

Rules ask a dozen such subqueries for one page. Building one takes Django longer than
the database takes to answer it, and only who asks ever differs.

`…__in=` one of these begins with what is the person's, on both databases (ADR 71)."""

from typing import Any

from django.db import connection
from django.db.backends.base.base import BaseDatabaseWrapper
from django.db.models import Exists, F, Field, ForeignObject, Model, QuerySet
from django.db.models.expressions import RawSQL
from django.db.models.fields.related_lookups import RelatedIn
from django.db.models.lookups import In
from django.db.models.sql.compiler import SQLCompiler


class OwnRows(RawSQL):
    """What is one person's; a subquery."""


class OwnRowsFirst(In):
    """`IN (subquery)`, which PostgreSQL may join in any order, and guesses wrongly how
    little is one's own: it then reads the country, and always after an OR. Of an array
    it knows that it comes first, and searches an index."""

    def get_rhs_op(self, connection: BaseDatabaseWrapper, rhs: str) -> str:
        if connection.vendor == "postgresql" and isinstance(self.rhs, OwnRows):
            return f"= ANY(ARRAY{rhs})"
        return super().get_rhs_op(connection, rhs)


class OwnRelatedFirst(OwnRowsFirst, RelatedIn):
    """The same, of a foreign key."""


class RowwiseExists(Exists):
    """EXISTS, asked of each outer row by itself: from the few that wait to what they
    are of. PostgreSQL else joins all that there is, guessing that more wait."""

    def as_postgresql(
        self, compiler: SQLCompiler, connection: BaseDatabaseWrapper
    ) -> tuple[str, tuple[object, ...]]:
        # What has an offset it doesn't turn into a join.
        asked = "EXISTS(%(subquery)s OFFSET 0)"
        sql, params = self.as_sql(compiler, connection, template=asked)
        return sql, tuple(params)


Field.register_lookup(OwnRowsFirst)
ForeignObject.register_lookup(OwnRelatedFirst)


class ScopedSubquery:
    """Columns of `rows`, whose column `whose` names the owner of each."""

    def __init__(self, rows: QuerySet[Model], *columns: str, whose: str) -> None:
        wanted = {f"wanted{at or ''}": F(column) for at, column in enumerate(columns)}
        asked = rows.order_by().values(**wanted, whose=F(whose))
        sql, self._given = asked.query.sql_with_params()
        names = ",".join(f'"{name}"' for name in wanted)
        self._sql = f'SELECT {names} FROM ({sql}) AS "all" WHERE "whose" = %s'  # noqa: S608

    def of(self, owner: Model) -> OwnRows:
        """Return what is of `owner` alone, as the database has it when it is asked: for
        `…__in=`."""
        return OwnRows(self._sql, (*self._given, owner.pk))

    def rows_of(self, owner: int) -> list[tuple[Any, ...]]:
        """Return what the database has now of the one with this id, as it stores it."""
        with connection.cursor() as cursor:
            cursor.execute(self._sql, (*self._given, owner))
            return list(cursor.fetchall())
