"""Questions compiled into SQL once, of which only some values differ from time to time.

    @prepare_query(User, datetime)
    def late(user: User, now: datetime) -> QuerySet[Case]:
        return work_on_case.among(Case.objects.overdue(now), user)

    late.of(request.user, timezone.now()).first(25)

To build such a question takes Django many times longer than the database takes to
answer it, and the pages that people open all day ask the same ones again and
again. So it is built once, with stand-ins, in whose place the values are given;
with a time is also given what is so much earlier or later.

Only the wording is kept: every answer comes from the database when it is asked. What
reads the database or the clock while it is built would keep what it
saw, and so it can't be kept: it fails at once. What is not given is written into the
SQL itself.
"""

from amana.trust.access.prepared.compiled_sql import ImpureQuery, Worded, format_literal
from amana.trust.access.prepared.prepared_query import (
    MOST_NARROWED,
    BoundQuery,
    DynamicQuery,
    IdQuery,
    PreparedQuery,
    ask_together,
    prepare_query,
)

__all__ = [
    "MOST_NARROWED",
    "BoundQuery",
    "DynamicQuery",
    "IdQuery",
    "ImpureQuery",
    "PreparedQuery",
    "Worded",
    "ask_together",
    "format_literal",
    "prepare_query",
]
