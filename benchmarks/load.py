"""Fifty people at once over 100,000 cases: served by granian, asked by real HTTP.

    python -m benchmarks.load [--cases 100000] [--users 50] [--seconds 60]
                              [--pause 3 9] [--postgres]

Two in three work on cases, one in three answers for a service. Each opens one of their
lists and something in it, as they do all day; two times in ten they write (a note, or
that they take a referral on), once in ten they search by name; now and then one of them
unlocks with the passphrase. Between two of these they read: from three to nine seconds.

Served as in docs/operations/running.md, with the sealer of the log alongside. Fails
when the 95th percentile is above 300 ms, when anything answers with an error, or when
a lock failed. On the database of DATABASE_URL, else on SQLite in var/; `--postgres`
starts one that keeps what it acknowledges, and throws it away. The figures go into
results.md when they are for 50 people and 100,000 cases.
"""

import argparse
import http.client
import os
import random
import re
import subprocess
import sys
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from statistics import quantiles
from urllib.parse import urlencode, urlsplit

HERE = Path(__file__).resolve().parent
PORT = 8765
P95_AT_MOST_MS = 300
PAUSE = (3.0, 9.0)
"""Seconds that a person reads before the next step, from and to."""
DAY_OF_WORK = 30
"""Cases or referrals that one person opens in a day."""
WARM_UP = 45
"""Seconds that are not counted: each worker draws each page a first time, and all open
their keys."""

KINDS = {"read": 70, "write": 20, "search": 9, "unlock": 1}
DURABLE = {"fsync": "on", "synchronous_commit": "on", "full_page_writes": "on"}
ONE = r"[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}"


@dataclass
class Answer:
    kind: str
    ms: float
    wrong: str = ""
    at: float = field(default_factory=time.monotonic)


@dataclass
class Person:
    """One browser: cookies, and where its lists lead."""

    cookies: dict[str, str]
    lists: tuple[str, ...]
    leads_to: str
    """What a list of theirs links to, as a pattern: cases, or referrals."""
    write: Callable[["Person", str, str], str]
    search: str
    unlock: str
    passphrase: str
    answers: list[Answer] = field(default_factory=list)
    works_on: set[str] = field(default_factory=set)
    is_locked: bool = True
    led_to: str = ""
    """Where the last answer that was no page led."""

    def work(self, over: threading.Event, pause: tuple[float, float]) -> None:
        self.connection = http.client.HTTPConnection("127.0.0.1", PORT, timeout=30)
        over.wait(random.uniform(0, pause[1]))  # no two begin on the same second
        while not over.is_set():
            kind = self.choose_kind()
            try:
                getattr(self, f"do_{kind}")()
            except OSError as error:
                self.answers.append(Answer(kind, 30_000, repr(error)))
                self.connection.close()
            over.wait(random.uniform(*pause))
        self.connection.close()

    def choose_kind(self) -> str:
        # Making a large world takes longer than keys stay open.
        if self.is_locked:
            self.is_locked = False
            return "unlock"
        return random.choices(list(KINDS), list(KINDS.values()))[0]

    def do_read(self) -> tuple[str, str]:
        """Open a list, and something in it."""
        page = self.ask("read", random.choice(self.lists))
        inside = re.findall(f'href="({self.leads_to})"', page)
        if not inside:
            return "", ""
        there = random.choice(self.choose_among(inside))
        return there, self.ask("read", there)

    def choose_among(self, listed: list[str]) -> list[str]:
        """Take what this person works on; new ones, until it is a day's work.

        Who opens more than that in a day sets off an alarm and is slowed.
        """
        room = DAY_OF_WORK - len(self.works_on)
        self.works_on |= set(
            [path for path in listed if path not in self.works_on][:room]
        )
        return [path for path in listed if path in self.works_on] or listed[:1]

    def do_write(self) -> None:
        there, page = self.do_read()
        if there:
            self.write(self, there, page)

    def do_search(self) -> None:
        page = self.ask("read", self.search)
        self.post("search", self.search, page, q="Hiwot Osman")

    def do_unlock(self) -> None:
        page = self.ask("read", self.unlock)
        self.post("unlock", self.unlock, page, passphrase=self.passphrase)

    def post(self, kind: str, path: str, page: str, /, **said: str) -> str:
        """Send the form on `page` that goes to `path`."""
        form = page[page.find(f'action="{path}"') :]
        for name in ("_once", "csrfmiddlewaretoken"):
            found = re.search(f'name="{name}" value="([^"]+)"', form)
            said |= {name: found[1]} if found else {}
        return self.ask(kind, path, urlencode(said))

    def ask(self, kind: str, path: str, body: str = "") -> str:
        headers = {
            "Cookie": "; ".join(f"{k}={v}" for k, v in self.cookies.items()),
            "Host": f"localhost:{PORT}",
        }
        if body:
            headers["Content-Type"] = "application/x-www-form-urlencoded"
        start = time.perf_counter()
        self.connection.request("POST" if body else "GET", path, body or None, headers)
        answer = self.connection.getresponse()
        text = answer.read().decode()
        took = (time.perf_counter() - start) * 1000
        for cookie in answer.headers.get_all("Set-Cookie") or ():
            name, _equals, value = cookie.partition(";")[0].partition("=")
            self.cookies[name] = value
        self.answers.append(Answer(kind, took, what_is_wrong(path, answer)))
        self.led_to = answer.headers.get("Location", "") or self.led_to
        return text


def what_is_wrong(path: str, answer: http.client.HTTPResponse) -> str:
    """Empty when it isn't: an error, or a way to the sign-in or to the lock."""
    shape = re.sub(ONE, "…", urlsplit(path).path)
    to = urlsplit(answer.headers.get("Location", "")).path
    if answer.status >= 400:
        return f"{answer.status} at {shape}"
    return f"from {shape} to {to}" if "unlock" in to or "sign-in" in to else ""


def write_a_note(person: Person, case: str, page: str) -> str:
    needs = f"{case}needs/"
    page = person.ask("read", needs)
    if f'action="{needs}open"' in page:  # asked again after a quarter of an hour
        person.post("write", f"{needs}open", page, purpose="help")
        page = person.ask("read", needs)
    return person.post("write", f"{needs}note", page, words="Seen today, well.")


def take_or_leave(person: Person, referral: str, page: str) -> str:
    taken = f'action="{referral}leave/"' in page
    step = f"{referral}{'leave' if taken else 'take'}/"
    if f'action="{step}"' not in page:
        return ""
    return person.post("write", step, page)


# --- the world, and who works in it


def people(users: int, cases: int) -> list[Person]:
    """Build the world once, and sign everyone in; before the server starts."""
    import django

    django.setup()
    from django.conf import settings
    from django.core.management import call_command

    from benchmarks import world

    settings.DEBUG = False
    call_command("migrate", verbosity=0)
    if not world.is_there():
        print(f"Building a world of {cases:,} cases …", flush=True)
        world.grow(world.begin(), cases)
    found = world.found()
    return [a_person(found, number) for number in range(users)]


def a_person(found: "World", number: int) -> Person:  # type: ignore[name-defined] # noqa: F821
    from django.urls import reverse

    from amana import given
    from amana.trust.access.models import Role
    from benchmarks import world

    answers = number % 3 == 0
    role = Role.FOCAL_POINT if answers else Role.CASE_WORKER
    beside = found.answerer if answers else found.worker
    browser = given.sign_in(world.a_colleague(beside, number, role=role))
    today = reverse("home:today")
    lists = (
        (today, reverse("referrals:inbox"))
        if answers
        else (today, reverse("cases:mine"), reverse("referrals:sent"))
    )
    return Person(
        {name: morsel.value for name, morsel in browser.cookies.items()},
        lists,
        f"/referrals/{ONE}/" if answers else f"/cases/{ONE}/",
        take_or_leave if answers else write_a_note,
        reverse("cases:search"),
        reverse("vault:unlock"),
        given.PASSPHRASE,
    )


# --- the server


@contextmanager
def served() -> Iterator[int]:
    """Run the services; the process id of the web server."""
    manage = [sys.executable, "manage.py"]
    collect = [*manage, "collectstatic", "--noinput", "-v0"]
    subprocess.run(collect, cwd=HERE.parent, check=True)
    services = (
        ["serve", "--port", str(PORT)],
        ["seal_audit", "--every", "5"],
        ["tasks"],
    )
    with ExitStack() as stack:
        pids = []
        for service in services:
            process = subprocess.Popen(
                [*manage, *service], cwd=HERE.parent, stdout=subprocess.DEVNULL
            )
            stack.callback(process.wait)
            stack.callback(process.terminate)
            pids.append(process.pid)
        wait_for_it()
        yield pids[0]


def wait_for_it() -> None:
    for _attempt in range(600):
        time.sleep(0.2)
        try:
            connection = http.client.HTTPConnection("127.0.0.1", PORT, timeout=5)
            connection.request("GET", "/", headers={"Host": "localhost"})
            connection.getresponse().read()
        except OSError:
            continue
        return
    raise SystemExit("The server did not start.")


@contextmanager
def at_work(crowd: list[Person], pause: tuple[float, float]) -> Iterator[None]:
    """Make all people of the crowd work until the block ends."""
    over = threading.Event()
    threads = [threading.Thread(target=p.work, args=(over, pause)) for p in crowd]
    for thread in threads:
        thread.start()
    try:
        yield
    finally:
        over.set()
        for thread in threads:
            thread.join()


def measure(crowd: list[Person], seconds: float, pause: tuple[float, float]) -> None:
    with at_work(crowd, pause):
        time.sleep(seconds)


# --- results


def rows(answers: list[Answer], seconds: float) -> Iterator[tuple[str, float, str]]:
    """Of each kind and of all together: name, 95th percentile, the row of a table."""
    for kind in (*KINDS, "all"):
        took = sorted(a.ms for a in answers if kind in (a.kind, "all"))
        if len(took) < 2:
            continue
        cuts = quantiles(took, n=100, method="inclusive")
        p50, p95, p99 = cuts[49], cuts[94], cuts[98]
        yield (
            kind,
            p95,
            f"| {kind} | {len(took)} | {len(took) / seconds:.1f} | "
            f"{p50:.0f} | {p95:.0f} | {p99:.0f} |",
        )


def report_of(crowd: list[Person], said: argparse.Namespace) -> int:
    from benchmarks import report

    answers = [answer for person in crowd for answer in person.answers]
    wrong = sorted({answer.wrong for answer in answers if answer.wrong})
    errors = sum(bool(answer.wrong) for answer in answers)
    lines = list(rows(answers, said.seconds))
    pause = sum(said.pause) / 2
    text = "\n".join(
        [
            f"{report.measured()} {said.users} people over {said.cases:,} cases for "
            f"{said.seconds} s, each reading {said.pause[0]:g} to {said.pause[1]:g} s "
            f"(on average {pause:g}) before the next step; granian, 2 workers, and the "
            "people themselves on the same cores. Time on the clock, until the whole "
            f"answer is there; 95th percentile at most {P95_AT_MOST_MS} ms. "
            f"Errors and failed locks: {errors}.",
            "",
            "| | requests | per second | p50 ms | p95 ms | p99 ms |",
            "|---|--:|--:|--:|--:|--:|",
            *(row for _kind, _p95, row in lines),
        ]
    )
    print(text)
    for fault in wrong[:20]:
        print(f"  {sum(a.wrong == fault for a in answers)} × {fault}")
    if (said.cases, said.users) == (100_000, 50):
        report.put(f"Fifty people at once: {said.name}", text)
    slow = any(p95 > P95_AT_MOST_MS for kind, p95, _row in lines if kind != "unlock")
    return 1 if errors or slow else 0


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--cases", type=int, default=100_000)
    parser.add_argument("--users", type=int, default=50)
    parser.add_argument("--seconds", type=int, default=60)
    parser.add_argument("--pause", type=float, nargs=2, default=PAUSE)
    parser.add_argument("--postgres", action="store_true")
    said = parser.parse_args()
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "amana.settings")
    os.environ.setdefault("AMANA_VAR", str(HERE.parent / "var" / f"load-{said.cases}"))
    os.environ.setdefault("ALLOWED_HOSTS", "localhost,127.0.0.1,testserver")
    os.environ["DEBUG"] = ""
    with ExitStack() as stack:
        if said.postgres:
            from tools.postgres import postgres

            os.environ["DATABASE_URL"] = stack.enter_context(postgres(**DURABLE))
        crowd = people(said.users, said.cases)
        from django.db import connection

        said.name = connection.display_name
        with served():
            measure(crowd, WARM_UP, (0.5, 1.5))
            for person in crowd:
                person.answers.clear()
            measure(crowd, said.seconds, tuple(said.pause))
        failed = report_of(crowd, said)
        connection.close()
    return failed


if __name__ == "__main__":
    sys.exit(main())
