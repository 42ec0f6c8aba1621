"""A benchmark is a function, a sentence, and the CPU time that it may take.

CPU and not the clock on the wall: machines are shared, and the peers were measured so.
On PostgreSQL the server's own time is not in it.

The same commit took 1.4 times as much CPU on one day as on another, on machines of the
same name. So a piece of work that nothing of ours changes is measured in between, and
limits are for the pace that the machine had when they were set.

    @bench("First page of the inbox", at_most_ms=15, at_most_queries=10, peer="146 ms")
    def _() -> None:
        list(answer_referral.among(Referral.objects.for_list(), worker)[:25])

What must be made again for each run, and is not measured, comes from `each`:

    @bench("Send a referral", at_most_ms=25, each=lambda: a_need_with_consent())
    def _(need: Need) -> None:
        actions.send(need, …)
"""

import gc
from collections.abc import Callable
from dataclasses import dataclass
from statistics import median
from time import process_time
from typing import Any

from django.db import connection
from django.template import Context, Engine
from django.test.utils import CaptureQueriesContext


@dataclass(frozen=True)
class Result:
    what: str
    ms: float
    at_most_ms: float
    queries: int
    at_most_queries: int | None
    peer: str
    pace: float = 1
    """How many times longer than then the machine takes for the same now."""

    @property
    def at_pace(self) -> float:
        """Milliseconds on the machine for which limits were set."""
        return self.ms / self.pace

    @property
    def too_much(self) -> bool:
        slow = self.at_pace > self.at_most_ms
        return slow or (
            self.at_most_queries is not None and self.queries > self.at_most_queries
        )

    def __str__(self) -> str:
        mark = "OVER" if self.too_much else ""
        return (
            f"{self.at_pace:9.2f} ms  (at most {self.at_most_ms:g}; "
            f"{self.ms:.2f} here)  "
            f"{self.queries:3} queries  {self.what}  {mark}"
        ).rstrip()


RESULTS: list[Result] = []

ROUNDS = 5
"""So many medians are taken, each beside one of the yardstick; the middle counts."""


YARDSTICK_MS = 1.03
"""Of `yardstick` on 29 November 2026, on the machine for which limits are set."""
ROWS = [{"name": f"Row {n}", "on": n % 2, "cells": range(8)} for n in range(60)]
PAGE = Engine().from_string(
    "<table>{% for row in rows %}<tr><th>{{ row.name|upper }}</th>{% if row.on %}"
    "{% for cell in row.cells %}<td>{{ cell }}</td>{% endfor %}{% endif %}</tr>"
    "{% endfor %}</table>"
)


def yardstick() -> float:
    """Milliseconds of CPU that Django takes to draw a table of nothing of ours."""
    start = process_time()
    PAGE.render(Context({"rows": ROWS}))
    return (process_time() - start) * 1000


def is_bracket(sql: str) -> bool:
    """The beginning or end of a transaction: not a question to the database."""
    return sql.startswith(("BEGIN", "COMMIT", "SAVEPOINT", "RELEASE SAVEPOINT"))


def bench(
    what: str,
    *,
    at_most_ms: float,
    at_most_queries: int | None = None,
    peer: str = "",
    times: int = 10,
    each: Callable[[], Any] | None = None,
    clock: Callable[[], float] = process_time,
) -> Callable[[Callable[..., object]], None]:
    """Measure the function below at once; `peer` says what others need, and whose;
    `clock` is another than that of this process where the server's time counts."""

    def measure(work: Callable[..., object]) -> None:
        def once() -> float:
            made = (each(),) if each else ()
            start = clock()
            work(*made)
            return (clock() - start) * 1000

        def queries_of() -> int:
            made = (each(),) if each else ()
            with CaptureQueriesContext(connection) as queries:
                work(*made)
            return sum(not is_bracket(query["sql"]) for query in queries)

        once()  # warms what is warm in a running server
        gc.collect()
        # What was built until now is not searched for rubbish each time; what warming
        # built too, or all the rounds would search it again and again.
        gc.freeze()
        # Once a minute a request also notes who is present, or seals the log.
        asked = min(queries_of() for _ in range(2))
        rounds = [
            (
                median(once() for _ in range(times)),
                median(yardstick() for _ in range(times)) / YARDSTICK_MS,
            )
            for _ in range(ROUNDS)
        ]
        # Both of one round, since the machine's pace changes within a line; the middle
        # one, since the best would be the one in which the yardstick was held up.
        ms, pace = sorted(rounds, key=lambda both: both[0] / both[1])[ROUNDS // 2]
        result = Result(what, ms, at_most_ms, asked, at_most_queries, peer, pace)
        RESULTS.append(result)
        print(result, flush=True)

    return measure
