"""No page scans a table that grows: every page of every role, on PostgreSQL, with
100,000 cases.

    python -m benchmarks.plans [--cases 100000] [--all]

Builds the demo's invented country, multiplies it (`copies`), and walks through every
page that each role reaches by links, as the tests do. The database explains each
question of each page. Fails where it reads a whole table that grows, by whichever way,
and `ALLOWED` gives no reason; `--all` also names those that are allowed.

A table grows that has more than 5,000 rows here: no list of them is kept by hand. The
database is that of DATABASE_URL, where a world that is there is used again, with the
keys in AMANA_VAR; else one is started, and thrown away. Times are the database's own.
"""

import argparse
import os
import sys
from collections.abc import Callable, Iterator
from contextlib import ExitStack
from dataclasses import dataclass, field
from tempfile import TemporaryDirectory
from typing import Any
from urllib.parse import parse_qsl, urlsplit

GROWN = 5_000
"""A table with more rows grows."""
WHOLE = 0.5
"""Who reads such a part of a table by an index reads it whole, too."""
OF_A_KIND = 4
"""Pages with the same URL name that are opened for one person: their filters too."""
READS = ("SELECT", "WITH")
WRITES = ("INSERT", "UPDATE", "DELETE")

IN_BANDS = "Urgency and lateness together change by the minute: what is open is sorted."
EXPORTED = "Writes out what happened in every case, for those who read figures."
LATELY = "Counts what was said in twelve months, for those who read figures."
ALL_WAYS = "Counts where every running case is, for those who read figures."

ALLOWED: dict[tuple[str, str], str] = {
    ("cases:watch?sort", "cases_case"): IN_BANDS,
    ("referrals:late?sort", "referrals_referral"): IN_BANDS,
    ("referrals:late?sort", "cases_case"): IN_BANDS,
    ("referrals:watch?sort", "referrals_referral"): IN_BANDS,
    ("referrals:watch?sort", "cases_case"): IN_BANDS,
    ("referrals:watch?sort&stage", "referrals_referral"): IN_BANDS,
    ("feedback:desk", "feedback_voicetheme"): LATELY,
    ("feedback:desk", "feedback_voice"): LATELY,
    ("feedback:made", "feedback_voicetheme"): LATELY,
    ("feedback:made", "feedback_voice"): LATELY,
    ("ocel:log", "cases_case"): EXPORTED,
    ("ocel:log", "pathways_pathwayrun"): EXPORTED,
    ("pathways:overview", "cases_case"): ALL_WAYS,
    ("pathways:overview", "pathways_pendingsignal"): ALL_WAYS,
    ("pathways:overview", "pathways_pathwayrun"): ALL_WAYS,
    ("pathways:overview", "pathways_opentask"): ALL_WAYS,
}
"""By the page's name, with what its address asks for, and the table's: why it may be
read whole."""


@dataclass(frozen=True)
class Scan:
    """One look at a table, as the database planned it, and what it read by it."""

    table: str
    how: str
    rows: int

    def is_whole(self, tables: dict[str, int], grown: int) -> bool:
        """Whether it reads a table that grows from one end to the other."""
        there = tables.get(self.table, 0)
        if there <= grown:
            return False
        # One that stops after a few rows, as it has enough, is none.
        most = grown if self.how == "Seq Scan" else there * WHOLE
        return self.rows > most


@dataclass(frozen=True)
class Answered:
    """One question of a page, as it was answered."""

    page: str
    who: str
    ms: float
    scans: tuple[Scan, ...]
    sql: str


@dataclass(frozen=True)
class Whole:
    """A page that reads a whole table; of all who open it, the slowest time."""

    page: str
    table: str
    how: str
    rows: int
    ms: float
    who: str
    sql: str

    @property
    def reason(self) -> str:
        return ALLOWED.get((self.page, self.table), "")

    def __str__(self) -> str:
        return (
            f"{self.ms:8.1f} ms  {self.page}  {self.how} on {self.table}, "
            f"{self.rows:,} rows  ({self.who})"
        )


@dataclass
class Explained:
    """Has the database explain each question, just before it is asked."""

    page: str = ""
    who: str = ""
    answered: list[Answered] = field(default_factory=list)

    def __call__(
        self,
        execute: Callable[..., Any],
        sql: str,
        params: Any,
        many: bool,
        context: dict[str, Any],
    ) -> Any:
        if not many and sql.lstrip("( ").startswith((*READS, *WRITES)):
            found = explained(context["connection"], sql, params)
            scans = tuple(scans_in(found["Plan"]))
            self.answered.append(
                Answered(
                    self.page, self.who, found.get("Execution Time", 0.0), scans, sql
                )
            )
        return execute(sql, params, many, context)


def explained(connection: Any, sql: str, params: Any) -> dict[str, Any]:
    """The plan of a question that is also answered meanwhile; of a change, the plan
    alone."""
    run = "ANALYZE, TIMING OFF, " if sql.lstrip("( ").startswith(READS) else ""
    with connection.connection.cursor() as cursor:
        cursor.execute(f"EXPLAIN ({run}FORMAT JSON) {sql}", params)
        plan: dict[str, Any] = cursor.fetchone()[0][0]
    return plan


def scans_in(plan: dict[str, Any]) -> Iterator[Scan]:
    """Every look at a table that was really taken."""
    loops = plan.get("Actual Loops", 1)
    if "Relation Name" in plan and loops:
        each = [
            plan.get("Actual Rows", plan["Plan Rows"]),
            plan.get("Rows Removed by Filter", 0),
            plan.get("Rows Removed by Index Recheck", 0),
        ]
        yield Scan(plan["Relation Name"], plan["Node Type"], round(sum(each) * loops))
    for inner in plan.get("Plans", ()):
        yield from scans_in(inner)


def wholes(
    answered: list[Answered], tables: dict[str, int], grown: int = GROWN
) -> list[Whole]:
    """What is read whole, the slowest first; each page and table once."""
    found: dict[tuple[str, str], Whole] = {}
    for question in answered:
        for scan in question.scans:
            if not scan.is_whole(tables, grown):
                continue
            key = (question.page, scan.table)
            if key not in found or question.ms > found[key].ms:
                found[key] = Whole(
                    *key, scan.how, scan.rows, question.ms, question.who, question.sql
                )
    return sorted(found.values(), key=lambda whole: -whole.ms)


def tables_here() -> dict[str, int]:
    """Every table and how many rows it has, as the database has counted."""
    from django.db import connection

    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT relname, reltuples::bigint FROM pg_class WHERE relkind = 'r'"
        )
        return dict(cursor.fetchall())


# --- the world, and who walks through it


def build(cases: int) -> None:
    """The invented country, many times over, unless it is there."""
    from django.core.management import call_command
    from django.db import connection

    from amana.care.cases.models import Case
    from amana.demo import building
    from benchmarks import copies

    call_command("collectstatic", interactive=False, verbosity=0)
    call_command("migrate", verbosity=0)
    if not Case.objects.exists():
        print("Building the country …", flush=True)
        for _step in building.build_demo():
            pass
    here = Case.objects.count()
    if here < cases:
        print(f"Multiplying {here:,} cases …", flush=True)
        copies.multiply(-(-cases // here))
        with connection.cursor() as cursor:
            cursor.execute("VACUUM (ANALYZE)")  # as the database itself does in time


def walked(email: str, explains: Explained) -> Any:
    """One person's walk, with each question explained."""
    from django.db import connection
    from django.test import Client

    from amana import given
    from amana.trust.access.models import User
    from tests.walking import Walk, name_of

    class ExplainedWalk(Walk):
        def open(self, browser: Client, path: str) -> list[str]:
            explains.page, explains.who = label(name_of(path), path), self.who
            with connection.execute_wrapper(explains):
                return super().open(browser, path)

    user = given.unlock_user(User.objects.get(email=email))
    return ExplainedWalk(user, of_a_kind=OF_A_KIND).through()


def label(name: str, path: str) -> str:
    """The page's name with the names of what its address asks for."""
    asked = sorted(dict(parse_qsl(urlsplit(path).query)))
    return f"{name}?{'&'.join(asked)}" if asked else name


def walk() -> tuple[list[Answered], list[str], int]:
    """What every page asked, what went wrong, and how many pages there were."""
    from tests.walking import ROLES

    explains, wrong, pages = Explained(), [], 0
    for email, _language in ROLES:
        found = walked(email, explains)
        wrong += found.wrong
        pages += len(found.seen)
        print(f"  {email}: {len(found.seen)} pages", flush=True)
    return explains.answered, wrong, pages


# --- what came of it


def written(answered: list[Answered], found: list[Whole], cases: int) -> str:
    from benchmarks import report

    slowest: dict[str, Answered] = {}
    for answer in sorted(answered, key=lambda answer: answer.ms):
        slowest[answer.page] = answer
    first = sorted(slowest.values(), key=lambda answer: -answer.ms)[:12]
    return "\n".join(
        [
            f"{report.measured()} Every page that a role of the demo reaches by links, "
            f"beside {cases:,} cases: {len(answered):,} questions of {len(slowest)} "
            "pages, each explained by the database. The slowest question of the "
            "slowest pages, in milliseconds of the database:",
            "",
            "| page | ms |",
            "|---|--:|",
            *(f"| {question.page} | {question.ms:.1f} |" for question in first),
            "",
            "Read whole, with the reason:",
            "",
            "| page | table | rows | ms | why |",
            "|---|---|--:|--:|---|",
            *(
                f"| {whole.page} | {whole.table} | {whole.rows:,} | {whole.ms:.1f} "
                f"| {whole.reason} |"
                for whole in found
            ),
        ]
    )


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--cases", type=int, default=100_000)
    parser.add_argument("--all", action="store_true")
    said = parser.parse_args()
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "amana.settings")
    os.environ.setdefault("ALLOWED_HOSTS", "testserver")
    os.environ.setdefault("OPEN_TO_LEARNERS", "1")  # its learners come by a link too
    with ExitStack() as stack:
        if "DATABASE_URL" not in os.environ:
            from tools.postgres import postgres

            os.environ["DATABASE_URL"] = stack.enter_context(postgres())
            os.environ["AMANA_VAR"] = stack.enter_context(TemporaryDirectory())
        return measure(said.cases, everything=said.all)


def measure(cases: int, *, everything: bool) -> int:
    import django

    django.setup()
    from django.conf import settings
    from django.db import connection

    from benchmarks import report

    settings.DEBUG = False
    settings.AUDIT_SEALS_AT_ONCE = False
    # No one types a passphrase here: the people's keys may be cheap to make.
    settings.VAULT_ARGON2 = {"iterations": 1, "lanes": 1, "memory_cost": 8}
    settings.TASKS = {
        "default": {"BACKEND": "django.tasks.backends.immediate.ImmediateBackend"}
    }
    build(cases)
    answered, wrong, pages = walk()
    found = wholes(answered, tables_here())
    missing = [whole for whole in found if not whole.reason]
    for whole in found if everything else missing:
        print(
            whole,
            whole.reason,
            whole.sql[:1500] if not whole.reason else "",
            sep="\n    ",
        )
    print(*wrong, sep="\n")
    print(
        f"{pages} pages, {len(answered)} questions, {len(missing)} read a table whole"
    )
    if cases == 100_000:
        report.put("Plans of every page: PostgreSQL", written(answered, found, cases))
    connection.close()
    return 1 if missing or wrong else 0


if __name__ == "__main__":
    sys.exit(main())
