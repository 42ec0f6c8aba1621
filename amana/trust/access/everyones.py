"""What is everyone's, put into SQL once; and of it what is one person's.

Rules ask a dozen such subqueries for one page. To put one together anew takes Django
longer than the database takes to answer it, and only who asks ever differs."""

from typing import Any

from django.db import connection
from django.db.models import F, Model, QuerySet
from django.db.models.expressions import RawSQL


class Everyones:
    """Columns of `rows`, of which `whose` says to whom each belongs."""

    def __init__(self, rows: QuerySet[Any], *columns: str, whose: str) -> None:
        wanted = {f"wanted{at or ''}": F(column) for at, column in enumerate(columns)}
        asked = rows.order_by().values(**wanted, whose=F(whose))
        sql, self._given = asked.query.sql_with_params()
        names = ",".join(f'"{name}"' for name in wanted)
        self._sql = f'SELECT {names} FROM ({sql}) AS "all" WHERE "whose" = %s'  # noqa: S608

    def of(self, owner: Model) -> RawSQL:
        """Of `owner` alone, as the database has it when it is asked: for `…__in=`."""
        return RawSQL(self._sql, (*self._given, owner.pk))  # noqa: S611 — Django's own

    def rows_of(self, owner: int) -> list[tuple[Any, ...]]:
        """What the database has now of the one with this id, as it stores it."""
        with connection.cursor() as cursor:
            cursor.execute(self._sql, (*self._given, owner))
            return list(cursor.fetchall())
