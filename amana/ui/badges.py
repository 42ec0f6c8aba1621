"""How many things wait: the small numbers beside entries of the navigation.

    BADGES["inbox"] = to_answer        # in AppConfig.ready()

A badge asks questions in SQL, each for at most `AT_MOST` rows: of all badges together
one query says how many there are, so that every page can show them. The questions are
put through the rules of their rooms, so a badge counts nothing that the person could
not open."""

from collections.abc import Callable, Iterable
from typing import Any

from django.db import connection
from django.http import HttpRequest

type Question = tuple[str, tuple[Any, ...]]
"""SQL that gives a row for each thing, and its parameters."""

type Badge = Callable[[Any], Iterable[Question]]
"""What is asked for a person; nothing where they have none of it."""

BADGES: dict[str, Badge] = {}

BELL = "notifications"
"""The badge of the bell beside the search."""

LIVE = True
"""Whether open pages follow the stream; tests that share a database put it off."""

AT_MOST = 99
"""More are shown as 99."""


def counted(user: Any) -> dict[str, int]:
    """What each badge shows to this person now."""
    asked = {name: list(badge(user)) for name, badge in BADGES.items()}
    columns = {name: " + ".join(map(count, asked[name])) for name in asked}
    wanted = {name: sql for name, sql in columns.items() if sql}
    counts = dict.fromkeys(asked, 0)
    if wanted:
        with connection.cursor() as cursor:
            given = [v for name in wanted for _sql, some in asked[name] for v in some]
            cursor.execute("SELECT " + ", ".join(wanted.values()), given)
            row = cursor.fetchone()
        counts |= {n: min(int(c), AT_MOST) for n, c in zip(wanted, row, strict=True)}
    return counts


def version(counts: dict[str, int]) -> str:
    """What a page shows, for the stream to compare: numbers and nothing else."""
    return ",".join(f"{name}={counts[name]}" for name in sorted(counts))


def count(question: Question) -> str:
    sql, _given = question
    return f"(SELECT COUNT(*) FROM ({sql}) AS found)"  # noqa: S608 — Django's own


def shown_on(request: HttpRequest) -> dict[str, int]:
    """The same, asked once for a page."""
    kept: dict[str, int] | None = getattr(request, "_badges", None)
    if kept is None:
        kept = counted(request.user)
        request._badges = kept  # type: ignore[attr-defined]
    return kept
