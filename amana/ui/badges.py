"""How many things wait: the small numbers beside entries of the navigation.

    BADGES["inbox"] = to_answer        # in AppConfig.ready()

A badge asks questions in SQL, each for at most `AT_MOST` rows: of all badges together
one query says how many there are, so that every page can show them. The questions are
put through the rules of their rooms, so a badge counts nothing that the person could
not open."""

from collections.abc import Callable, Collection, Iterable
from time import monotonic
from typing import Any

from django.db import connection
from django.http import HttpRequest

type Question = tuple[str, tuple[Any, ...]]
"""SQL that gives a row for each thing, and its parameters."""

type Badge = Callable[[Any], Iterable[Question]]
"""What is asked for a person; nothing where they have none of it."""

BADGES: dict[str, Badge] = {}

MARKS: dict[str, Badge] = {}
"""What is no count: the highest ids of what a badge's questions give. It says only that
something is another, so that open pages ask for their parts again."""

BELL = "notifications"
"""The badge of the bell beside the search."""

LIVE = True
"""Whether open pages follow the stream; tests that share a database put it off."""

SLOW: set[str] = set()
"""The names of badges that ask many questions."""

KEPT_FOR = 30.0
MOST_KEPT = 5_000
_KEPT: dict[str, tuple[float, dict[str, int]]] = {}
"""By session, in this process: when they were counted, and how many."""

AT_MOST = 99
"""More are shown as 99."""


def count_badges(user: Any, *, but: Collection[str] = ()) -> dict[str, int]:
    """Count what each badge shows to this person now; `but` for some."""
    asked = [
        (name, question)
        for name, badge in (BADGES | MARKS).items()
        if name not in but
        for question in badge(user)
    ]
    counts = {name: 0 for name in BADGES | MARKS if name not in but}
    if asked:
        parts = [
            (build_highest_sql if name in MARKS else build_count_sql)(at, sql)
            for at, (name, (sql, _given)) in enumerate(asked)
        ]
        given = [value for _name, (_sql, values) in asked for value in values]
        with connection.cursor() as cursor:
            cursor.execute(" UNION ALL ".join(parts), given)
            for at, found in cursor.fetchall():
                counts[asked[at][0]] += found
    return {n: c if n in MARKS else min(c, AT_MOST) for n, c in counts.items()}


def format_version(counts: dict[str, int]) -> str:
    """Format what a page shows, for the stream to compare: numbers and nothing else."""
    return ",".join(f"{name}={counts[name]}" for name in sorted(counts))


def build_count_sql(at: int, sql: str) -> str:
    """Write one row of the answer: which question, and how many."""
    return f"SELECT {at}, COUNT(*) FROM ({sql}) AS found{at}"  # noqa: S608 — Django's own


def build_highest_sql(at: int, sql: str) -> str:
    """Write the same of a mark: which question, and the highest id."""
    return f"SELECT {at}, COALESCE(MAX(found{at}.pk), 0) FROM ({sql}) AS found{at}"  # noqa: S608


def count_for_page(request: HttpRequest) -> dict[str, int]:
    """Count the same, once for a page; what takes long, once for a while of a session,
    unless it does something. The stream brings each open page what it is now."""
    counts: dict[str, int] | None = getattr(request, "_badges", None)
    if counts is None:
        counts = _kept_or_counted(request)
        request._badges = counts  # type: ignore[attr-defined]
    return counts


def _kept_or_counted(request: HttpRequest) -> dict[str, int]:
    session, now = request.session.session_key, monotonic()
    # By the machine's counter, not the clock: one that jumps back would show old
    # numbers for as long (ADR 55).
    at, kept = _KEPT.get(session or "", (now - KEPT_FOR, {}))
    if now - at < KEPT_FOR:
        return kept | count_badges(request.user, but=kept)
    counts = count_badges(request.user)
    if session:
        if len(_KEPT) > MOST_KEPT:
            _KEPT.clear()
        _KEPT[session] = now, {name: counts[name] for name in SLOW if name in counts}
    return counts


def forget_counts(request: HttpRequest) -> None:
    """Forget what is kept of a session, after a request that may have done
    something."""
    _KEPT.pop(request.session.session_key or "", None)
