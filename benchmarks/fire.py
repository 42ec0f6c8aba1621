"""Nothing stops it: fifty people at work, while hostile files come in, the whole log is
checked, running cases move to a new version, and a leaver's records are resealed.

    python -m benchmarks.fire [--cases 100000] [--entries 500000] [--hostile 1000]
                              [--users 50] [--pause 3 9] [--postgres]
                              [--parts hostile check version leaver]

The people and the services are those of `benchmarks.load`. First they work alone; then,
one part after the other, together with

* five colleagues who send hostile things as fast as they are answered: files for
  a case, packs, forms and lists of services, from bombs to patterns without end;
* a check of every entry of the log;
* a version that is put in force: one case in five runs on the one before;
* a new key for the team of those cases, as a colleague has left it.

`--parts` names those that are measured, to tune one of them. Each part lasts
until it is done, and at least a minute. Fails where in any of them the
95th percentile of the others is above 300 ms, at the pace of the machine for which
limits were set (`benchmarks.bench`; on one that takes twice as long, people read for
twice as long too, so that it has as much to do), anyone is answered with an error of
ours, a process of the server is replaced, or a part does not come to its end. Database
as for `benchmarks.load`. The figures go into results.md when they are for 50 people,
100,000 cases, 500,000 entries and 1,000 hostile things.
"""

import argparse
import gc
import os
import subprocess
import sys
import threading
import time
from collections import Counter
from collections.abc import Callable, Iterator
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass
from datetime import timedelta
from itertools import batched, cycle
from pathlib import Path
from statistics import median, quantiles

from benchmarks import load
from benchmarks.bench import YARDSTICK_MS, yardstick

from .fire_attacks import CASE, WORK_ON_CASES, Attacker, Sample, attackers, hostile

AT_LEAST = 60
"""Seconds of a part: enough pages to speak of the slowest in twenty."""
AT_MOST = 90 * 60

GLANCE = 2.0
"""Seconds between two looks at whether a part is done."""

WORD = 60.0
"""Seconds between two lines that say how it goes."""

LEAVER = 999
"""The number of the colleague who leaves."""

HERE = Path(__file__).resolve().parent


def lengthen_log(to: int) -> None:
    """Have so many entries in the log, sealed as others are."""
    from django.utils import timezone

    from amana.trust.audit import sealing
    from amana.trust.audit.models import AuditEvent

    more, now = to - sealing.get_tree_size(), timezone.now()
    for numbers in batched(range(max(more, 0)), 5_000):
        AuditEvent.objects.bulk_create(
            [
                AuditEvent(
                    at=now - timedelta(days=300, seconds=-n),
                    actor=f"u{n % 50}",
                    role="case_worker",
                    did="opened case",
                    commitment=bytes(32),
                )
                for n in numbers
            ],
            batch_size=500,
        )
        sealing.seal_all()


@dataclass
class Part:
    """Something that goes on beside the people."""

    name: str
    is_done: Callable[[], bool] = lambda: True
    began: float = 0.0
    took: float = 0.0
    ended: float = 0.0
    left: bool = False

    def wait(self) -> None:
        began = self.began = time.monotonic()
        while not self.is_done() and time.monotonic() - began < AT_MOST:
            time.sleep(GLANCE)
        self.left = not self.is_done()
        self.took = time.monotonic() - began
        time.sleep(max(0.0, AT_LEAST - self.took))
        self.ended = time.monotonic()


def doing(what: str) -> "subprocess.Popen[bytes]":
    """In a process of its own, as a colleague's page would be."""
    return subprocess.Popen([sys.executable, "-m", "benchmarks.fire", "--do", what])


def check_the_log() -> "subprocess.Popen[bytes]":
    """As its timer does: at the lowest priority."""
    manage = str(HERE.parent / "manage.py")
    return subprocess.Popen([sys.executable, manage, "verify_audit", "--all"])


def attack(crowd: list[Attacker], number: int) -> list[threading.Thread]:
    samples, lock = cycle(hostile()), threading.Lock()
    left = iter(range(number))

    def each(attacker: Attacker) -> Iterator[Sample]:
        """The next that this colleague may send."""
        while True:
            with lock:
                if next(left, None) is None:
                    return
                sample = next(sample for sample in samples if may(attacker, sample))
            yield sample

    def may(attacker: Attacker, sample: Sample) -> bool:
        return (sample[0] == CASE) == (attacker in crowd[:WORK_ON_CASES])

    threads = [threading.Thread(target=a.send, args=(each(a),)) for a in crowd]
    for thread in threads:
        thread.start()
    return threads


def put_in_force() -> None:
    from amana.care.pathways.tests.test_version_moves import longer, next_version
    from amana.design.mechanism import actions as mechanisms
    from amana.design.mechanism.choosing import find_first_version
    from amana.trust.access.models import Role, User

    by = User.objects.filter(memberships__role=Role.COORDINATOR).order_by("pk")[0]
    now = find_first_version()
    assert now
    new = next_version(now, by, longer)  # type: ignore[no-untyped-call]
    mechanisms.put_in_force(new, by=by)


def leave() -> None:
    """Someone leaves, and a colleague unlocks, which renews the team's key."""
    from amana.trust.access.models import Role
    from amana.trust.vault import admission, epochs
    from benchmarks import world

    found = world.found()
    leaver = world.a_colleague(found.worker, LEAVER, role=Role.CASE_WORKER)
    admission.end(leaver.memberships.get(), by=leaver)
    epochs.renew_where_due(found.worker)


def is_moved() -> bool:
    from amana.care.pathways.models import VersionMove

    return VersionMove.objects.filter(ended_at__isnull=False).exists()


def is_sealed_anew() -> bool:
    from amana.trust.vault import epochs
    from amana.trust.vault.keys import get_current_key
    from benchmarks import world

    key = get_current_key(world.found().ours)
    # The key before the leaver's has nothing left to seal either.
    return key.epoch > 1 and epochs.refresh_progress(key).is_complete


def rows(parts: list[Part], crowd: list[load.Person]) -> Iterator[tuple[float, str]]:
    """Of each part: the 95th percentile of the people’s pages, and a row of a table."""
    answers = [a for person in crowd for a in person.answers if a.kind != "unlock"]
    for part in parts:
        during = [a.ms for a in answers if part.began <= a.at < part.ended]
        cuts = quantiles(during, n=100, method="inclusive")
        done = "" if part.left else f"{part.took:.0f}"
        yield (
            cuts[94],
            f"| {part.name} | {done or 'not done'} | {len(during)} | {cuts[49]:.0f} | "
            f"{cuts[94]:.0f} | {cuts[98]:.0f} |",
        )


def report_of(
    parts: list[Part],
    crowd: list[load.Person],
    bad: list[Attacker],
    replaced: int,
    said: argparse.Namespace,
) -> int:
    from benchmarks import report

    wrong = Counter(a.wrong for p in crowd for a in p.answers if a.wrong)
    statuses = sum((attacker.statuses for attacker in bad), Counter[int]())
    errors = sum(n for status, n in statuses.items() if status >= 500 or status < 200)
    lines = list(rows(parts, crowd))
    text = "\n".join(
        [
            f"{report.measured()} {said.users} people over {said.cases:,} cases, each "
            f"reading {said.pause[0]:g} to {said.pause[1]:g} s, at the machine’s pace, "
            "before the next step; "
            f"{said.entries:,} entries in the log; {said.hostile:,} hostile files of "
            f"{len(hostile())} kinds by five accounts. The services, the people and "
            "what goes on beside them share the same cores. Time on the clock, until "
            f"the whole answer is there; 95th percentile at most "
            f"{load.P95_AT_MOST_MS} ms on the machine for which limits were set; this "
            f"one takes {said.pace:.1f} times as long for the same, before anyone "
            f"works. Errors for the people: {wrong.total()}; for "
            f"those who attack: {errors}; server processes replaced: {replaced}.",
            "",
            "| beside | done in s | requests | p50 ms | p95 ms | p99 ms |",
            "|---|--:|--:|--:|--:|--:|",
            *(row for _p95, row in lines),
        ]
    )
    print(text)
    print(
        "Hostile:", dict(sorted(statuses.items())), *(a.ended for a in bad if a.ended)
    )
    for what, number in wrong.most_common(20):
        print(f"  {number} × {what}")
    asked = (said.cases, said.users, said.entries, said.hostile, tuple(said.parts))
    if asked == (100_000, 50, 500_000, 1_000, PARTS):
        report.put(f"Nothing stops it: {said.name}", text)
    slow = any(p95 / said.pace > load.P95_AT_MOST_MS for p95, _row in lines)
    left = any(part.left for part in parts)
    return 1 if wrong or errors or replaced or slow or left else 0


def tell(crowd: list[load.Person], over: threading.Event) -> None:
    """Print each minute how long the people waited in it: a part can take an hour."""
    began = since = time.monotonic()
    while not over.wait(WORD):
        now = time.monotonic()
        waits = [a.ms for p in crowd for a in list(p.answers) if since <= a.at < now]
        if len(waits) > 1:
            p95 = quantiles(waits, n=20, method="inclusive")[-1]
            print(
                f"{now - began:6.0f} s: {len(waits)} pages, p95 {p95:.0f} ms",
                flush=True,
            )
        since = now


@contextmanager
def told(crowd: list[load.Person]) -> Iterator[None]:
    over = threading.Event()
    teller = threading.Thread(target=tell, args=(crowd, over))
    teller.start()
    try:
        yield
    finally:
        over.set()
        teller.join()


def workers_of(server: int) -> set[str]:
    """The processes that answer."""
    found = subprocess.run(
        ["pgrep", "-P", str(server)], capture_output=True, text=True, check=False
    )
    return set(found.stdout.split())


def at_pace(said: argparse.Namespace) -> tuple[float, float]:
    """Seconds that a person reads here: who asks a machine that is half as fast for as
    many pages gives it twice the work."""
    least, most = said.pause
    return least * max(1.0, said.pace), most * max(1.0, said.pace)


PARTS = ("hostile", "check", "version", "leaver")


def begin(what: str, bad: list[Attacker], number: int) -> Part:
    """Begin what goes on beside the people in one part."""
    match what:
        case "hostile":
            threads = attack(bad, number)
            return Part("hostile files", lambda: not any(t.is_alive() for t in threads))
        case "check":
            check = check_the_log()
            return Part("a check of the whole log", lambda: check.poll() is not None)
        case "version":
            doing("put-in-force")
            return Part("a new version in force", is_moved)
        case _:
            doing("leave")
            return Part("a leaver’s records sealed anew", is_sealed_anew)


def measure(bad: list[Attacker], number: int, wanted: list[str]) -> list[Part]:
    """Let one part begin when the one before is done."""
    parts = [Part("nothing")]
    parts[-1].wait()
    for what in PARTS:
        if what in wanted:
            parts.append(begin(what, bad, number))
            print(f"Beside them now: {parts[-1].name}", flush=True)
            parts[-1].wait()
    return parts


def do(what: str) -> None:
    import django

    django.setup()
    from django.conf import settings

    settings.DEBUG = False
    match what:
        case "put-in-force":
            put_in_force()
        case "leave":
            leave()


def made_ready(said: argparse.Namespace) -> tuple[list[load.Person], list[Attacker]]:
    crowd = load.people(said.users, said.cases)
    from amana.trust.access.models import Role
    from benchmarks import world

    bad = attackers()
    found = world.found()
    world.a_colleague(found.worker, LEAVER, role=Role.CASE_WORKER)
    print(f"Lengthening the log to {said.entries:,} entries …", flush=True)
    lengthen_log(said.entries)
    return crowd, bad


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--cases", type=int, default=100_000)
    parser.add_argument("--entries", type=int, default=500_000)
    parser.add_argument("--hostile", type=int, default=1_000)
    parser.add_argument("--users", type=int, default=50)
    parser.add_argument("--pause", type=float, nargs=2, default=load.PAUSE)
    parser.add_argument("--parts", nargs="+", choices=PARTS, default=list(PARTS))
    parser.add_argument("--postgres", action="store_true")
    parser.add_argument("--do", help=argparse.SUPPRESS)
    said = parser.parse_args()
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "amana.settings")
    os.environ.setdefault("AMANA_VAR", str(HERE.parent / "var" / f"fire-{said.cases}"))
    os.environ.setdefault("ALLOWED_HOSTS", "localhost,127.0.0.1,testserver")
    os.environ["DEBUG"] = ""
    if said.do:
        do(said.do)
        return 0
    with ExitStack() as stack:
        if said.postgres:
            from tools.postgres import postgres

            os.environ["DATABASE_URL"] = stack.enter_context(postgres(**load.DURABLE))
        crowd, bad = made_ready(said)
        from django.db import connection

        said.name = connection.display_name
        said.pace = median(yardstick() for _ in range(50)) / YARDSTICK_MS
        # Building the world leaves a gigabyte here. Were it searched for rubbish, the
        # people would wait for that, and not for the server.
        gc.collect()
        gc.freeze()
        with load.served() as server:
            load.measure(crowd, load.WARM_UP, (0.5, 1.5))
            before = workers_of(server)
            with load.at_work(crowd, at_pace(said)), told(crowd):
                parts = measure(bad, said.hostile, said.parts)
            replaced = len(before - workers_of(server))
        failed = report_of(parts, crowd, bad, replaced, said)
        connection.close()
    return failed


if __name__ == "__main__":
    sys.exit(main())
