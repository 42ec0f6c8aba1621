"""What is everyone's, put into SQL once; and of it what is one person's.

Rules ask a dozen such subqueries for one page. To put one together anew takes Django
longer than the database takes to answer it, and only who asks ever differs."""

from typing import Any

from django.db.models import F, QuerySet
from django.db.models.expressions import RawSQL

from amana.trust.access.models import User


class Everyones:
    """A column of `rows`, of which `whose` says to whom each belongs."""

    def __init__(self, rows: QuerySet[Any], column: str, *, whose: str) -> None:
        asked = rows.values(wanted=F(column), whose=F(whose))
        sql, self._given = asked.query.sql_with_params()
        self._sql = f'SELECT "wanted" FROM ({sql}) AS "all" WHERE "whose" = %s'  # noqa: S608

    def of(self, user: User) -> RawSQL:
        """Of `user` alone, as the database has it when it is asked: for `…__in=`."""
        return RawSQL(self._sql, (*self._given, user.pk))  # noqa: S611 — Django's own
