"""Run the benchmarks, all or those named; fail above a limit.

    python -m benchmarks               all, one after the other
    python -m benchmarks matching      only bench_matching.py

Each writes its section of benchmarks/results.md, and has a database of its own:
SQLite in a temporary folder, or where AMANA_VAR or DATABASE_URL says:

    python -m tools.postgres python -m benchmarks courses
"""

import os
import runpy
import subprocess
import sys
import tempfile
from pathlib import Path

from benchmarks import report

HERE = Path(__file__).parent


def run(name: str) -> None:
    import django
    from django.conf import settings

    # As a server finds them: by other processes, before it starts.
    for words in (["collectstatic", "--noinput", "-v0"], ["migrate", "-v0"]):
        command = [sys.executable, "manage.py", *words]
        subprocess.run(command, cwd=HERE.parent, check=True)
    django.setup()
    settings.DEBUG = False  # or Django would keep every query
    settings.AUDIT_SEALS_AT_ONCE = False  # a look is sealed after its answer
    print(f"— {name}", flush=True)
    # As a program: what runs while its module is being imported is slower by a third.
    runpy.run_module(f"benchmarks.bench_{name}")


def table() -> str:
    from benchmarks.bench import RESULTS, ROUNDS

    rows = [
        f"| {r.what} | {r.at_pace:.2f} | {r.at_most_ms:g} | {r.ms:.2f} | {r.queries} | "
        f"{'' if r.at_most_queries is None else r.at_most_queries} | {r.peer} |"
        for r in RESULTS
    ]
    return "\n".join(
        [
            f"{report.measured()} CPU time of the process; others worked on the "
            f"machine too, so it is the middle of {ROUNDS} medians. It is said at the "
            "pace of the machine for which limits were set, by a piece of work that "
            "nothing of ours changes, measured in between; and as it was here. "
            "`./run bench` measures again and fails above a limit.",
            "",
            "| what | ms of CPU | at most | here | queries | at most | peers |",
            "|---|--:|--:|--:|--:|--:|---|",
            *rows,
        ]
    )


def heading(name: str) -> str:
    """A section for each database: one says nothing of the other."""
    from django.db import connection

    on = "" if connection.vendor == "sqlite" else f": {connection.display_name}"
    return f"{name.capitalize()}{on}"


def main(names: list[str]) -> int:
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "amana.settings")
    every = sorted(p.stem.removeprefix("bench_") for p in HERE.glob("bench_*.py"))
    if unknown := set(names) - set(every):
        print(f"There is no benchmark {unknown}; there are {every}.")
        return 2
    if len(names) != 1:  # none finds what another one left
        return max(
            subprocess.run([sys.executable, "-m", "benchmarks", name]).returncode
            for name in names or every
        )
    with tempfile.TemporaryDirectory(prefix="amana-bench-") as var:
        os.environ.setdefault("AMANA_VAR", var)
        os.environ.setdefault("ALLOWED_HOSTS", "testserver")
        run(names[0])
    from benchmarks.bench import RESULTS

    report.put(heading(names[0]), table())
    over = [result.what for result in RESULTS if result.too_much]
    print(f"{len(RESULTS)} measured, {len(over)} above their limit.")
    return 1 if over else 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
