"""How long who writes waits for its turn on SQLite, while others write too.

    python -m benchmarks.turns [--seconds 10] [--rounds 3]

Two processes with four threads each, as two workers that serve pages, write for 3 ms
after every 50 to 150 ms; a third holds the lock for 150 ms and rests as long, as work
does that goes on for hours. Three ways of waiting, one after the other in each round:
SQLite's own, as Django uses it; ours (`amana.sqlite`); and a queue that the system
keeps (`flock`), the limit: no one waits longer than those before them write.
"""

import argparse
import fcntl
import os
import random
import subprocess
import sys
import tempfile
import time
from collections import defaultdict
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from pathlib import Path
from statistics import median, quantiles

WAYS = ("SQLite’s own", "ours", "a queue (flock)")
PAGES, THREADS = 2, 4
WRITES, READS = 0.003, (0.05, 0.15)
"""Seconds that a page holds the lock, and that pass before the next."""
LONG = 0.15


@contextmanager
def opened(way: str, file: Path) -> Iterator[Callable[[float], float]]:
    """Open a connection; its function writes for so long, and returns the seconds
    that it waited before."""
    from django.db import connections
    from django.db.backends.sqlite3.base import DatabaseWrapper as Djangos

    from amana.sqlite.base import DatabaseWrapper as Ours

    kind = Ours if way == "ours" else Djangos
    options = connections["default"].settings_dict
    database = kind({**options, "NAME": str(file)}, "turns")
    database.ensure_connection()
    with Path(f"{file}.turn").open("w") as queue:

        def write(seconds: float) -> float:
            began = time.perf_counter()
            if way == WAYS[2]:
                fcntl.flock(queue, fcntl.LOCK_EX)
            database.set_autocommit(
                False, force_begin_transaction_with_broken_autocommit=True
            )
            waited = time.perf_counter() - began
            with database.cursor() as cursor:
                cursor.execute("UPDATE counted SET number = number + 1")
            time.sleep(seconds)
            database.commit()
            database.set_autocommit(True)
            fcntl.flock(queue, fcntl.LOCK_UN)
            return waited

        yield write
    database.close()


def write_as_pages(way: str, file: Path, until: float) -> list[float]:
    with opened(way, file) as write:
        waited = []
        while time.time() < until:
            time.sleep(random.uniform(*READS))
            waited.append(write(WRITES))
        return waited


def write_for_long(way: str, file: Path, until: float) -> None:
    with opened(way, file) as write:
        while time.time() < until:
            write(LONG)
            time.sleep(LONG)


def do(way: str, file: Path, seconds: float, *, long: bool) -> None:
    import django

    django.setup()
    until = time.time() + seconds
    if long:
        write_for_long(way, file, until)
        return
    with ThreadPoolExecutor(THREADS) as pool:
        work = [pool.submit(write_as_pages, way, file, until) for _ in range(THREADS)]
    print(*(f"{1000 * waited:.2f}" for each in work for waited in each.result()))


def measure(way: str, file: Path, seconds: float) -> list[float]:
    """Measure one way; return the milliseconds that pages waited."""
    command = [sys.executable, "-m", "benchmarks.turns", "--do", way, str(file)]
    processes = [
        subprocess.Popen(
            [*command, str(seconds), kind], stdout=subprocess.PIPE, text=True
        )
        for kind in ["pages"] * PAGES + ["long"]
    ]
    return [float(ms) for p in processes for ms in p.communicate()[0].split()]


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--seconds", type=float, default=10)
    parser.add_argument("--rounds", type=int, default=3)
    parser.add_argument("--do", nargs=4, help=argparse.SUPPRESS)
    options = parser.parse_args()
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "amana.settings")
    if options.do:
        way, file, seconds, kind = options.do
        do(way, Path(file), float(seconds), long=kind == "long")
        return 0
    with tempfile.TemporaryDirectory() as folder:
        os.environ.setdefault("AMANA_VAR", folder)
        import django

        django.setup()
        report_on(Path(folder), options.seconds, options.rounds)
    return 0


def report_on(folder: Path, seconds: float, rounds: int) -> None:
    from django.db import connection

    from benchmarks import report

    with connection.cursor() as cursor:
        cursor.execute("CREATE TABLE IF NOT EXISTS counted (number INTEGER)")
        cursor.execute("INSERT INTO counted VALUES (0)")
    file = Path(connection.settings_dict["NAME"])
    assert folder in file.parents
    found: dict[str, list[tuple[float, float]]] = defaultdict(list)
    for _round in range(rounds):
        for way in WAYS:
            cuts = quantiles(measure(way, file, seconds), n=100, method="inclusive")
            found[way].append((cuts[49], cuts[94]))
    limit = median(p95 for _p50, p95 in found[WAYS[2]])
    rows = [
        f"| {way} | {median(p50 for p50, _ in cuts):.0f} | "
        f"{median(p95 for _, p95 in cuts):.0f} | "
        f"{median(p95 for _, p95 in cuts) / limit:.1f} |"
        for way, cuts in found.items()
    ]
    text = "\n".join(
        [
            f"{report.measured()} Two processes with four threads write for 3 ms, a "
            "third for 150 ms at a time: so long pages wait for their turn. Medians of "
            f"{rounds} rounds of {seconds:g} s.",
            "",
            "| waits | p50 ms | p95 ms | times the limit |",
            "|---|--:|--:|--:|",
            *rows,
        ]
    )
    print(text)
    report.put("Writers take turns: SQLite", text)


if __name__ == "__main__":
    sys.exit(main())
