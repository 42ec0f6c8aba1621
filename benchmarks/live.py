"""Two hundred open pages: served by granian in one process, asked by real HTTP.

    python -m benchmarks.live [--people 200] [--rounds 20] [--postgres]

Every page follows its stream as a browser does. First nothing happens, and the CPU time
of the server is measured. Then referrals are sent, each to a house of ten people; how
long it takes from the end of the transaction until each of their pages shows it is
measured, and at last one referral is sent to every house at once.

Fails when idle takes more than 1 % of a core, when an event is later than 2 seconds in
any page, or when a page that it does not concern is told anything. Database: as for
benchmarks.load. The figures go into results.md when they are for 200 pages.
"""

import argparse
import asyncio
import json
import os
import subprocess
import sys
import time
from contextlib import suppress
from dataclasses import dataclass, field
from pathlib import Path
from statistics import median
from typing import Any

from benchmarks.room import BROKEN, HEADERS, HERE, PORT, answers, database, kill

IN_A_HOUSE = 10
IDLE_SECONDS = 30
IDLE_AT_MOST = 1.0
"""Per cent of a core."""
WITHIN_MS = 2_000
TICKS = os.sysconf("SC_CLK_TCK")


@dataclass
class OpenPage:
    """One browser, with any page open."""

    cookie: str
    house: int
    counts: dict[str, int] = field(default_factory=dict)
    version: str = ""
    messages: int = 0
    came: asyncio.Event = field(default_factory=asyncio.Event)

    async def follow(self) -> None:
        while True:
            with suppress(*BROKEN):
                await self.listen()
            await asyncio.sleep(1)

    async def listen(self) -> None:
        reader, writer = await asyncio.open_connection("127.0.0.1", PORT)
        try:
            asked = f"GET /notifications/stream HTTP/1.1\r\n{HEADERS}"
            since = f"Last-Event-ID: {self.version}\r\n" if self.version else ""
            writer.write(f"{asked}Cookie: {self.cookie}\r\n{since}\r\n".encode())
            if b" 200 " not in await reader.readline():
                raise ValueError("not let in")
            while line := await reader.readline():
                if line.startswith(b"id: "):
                    self.version = line[4:].strip().decode()
                elif line.startswith(b"data: "):
                    self.counts = json.loads(line[6:])
                    self.messages += 1
                    self.came.set()
                    self.came = asyncio.Event()
        finally:
            writer.close()

    async def until(self, inbox: int) -> float:
        while self.counts.get("inbox") != inbox:
            await self.came.wait()
        return time.perf_counter()


@dataclass
class World:
    pages: list[OpenPage]
    beds: list[Any]
    needs: list[Any]
    worker: Any


def build(many: int, events: int) -> World:
    import django

    django.setup()
    from django.conf import settings
    from django.core.management import call_command

    from amana import given
    from amana.trust.access.models import Role

    settings.DEBUG = False
    settings.VAULT_ARGON2 = {"iterations": 1, "lanes": 1, "memory_cost": 8}
    call_command("migrate", verbosity=0)
    print(f"Opening {many} pages …", flush=True)
    pages, beds = [], []
    for house in range(many // IN_A_HOUSE):
        team = given.make_team()
        people = [
            given.make_worker(of=team, role=Role.FOCAL_POINT) for _ in range(IN_A_HOUSE)
        ]
        beds.append(given.make_service(of=team, by=people[0]))
        for person in people:
            jar = given.sign_in(person).cookies.items()
            cookie = "; ".join(f"{name}={morsel.value}" for name, morsel in jar)
            pages.append(OpenPage(cookie, house))
    worker = given.make_worker()
    needs = [
        given.make_case(worked_on_by=worker).needs.get() for _event in range(events)
    ]
    return World(pages, beds, needs, worker)


def start() -> "subprocess.Popen[bytes]":
    granian = [sys.executable, "-m", "granian", "--interface", "asgi"]
    options = ["--workers", "1", "--backpressure", "1024", "--log-level", "warning"]
    where = ["--host", "127.0.0.1", "--port", str(PORT), "amana.asgi:application"]
    return subprocess.Popen(
        [*granian, *options, *where],
        cwd=HERE.parent,
        stdout=subprocess.DEVNULL,
        start_new_session=True,
    )


def cpu_of(group: int) -> float:
    """Seconds of CPU that all processes of a group have used."""
    used = 0.0
    for stat in Path("/proc").glob("[0-9]*/stat"):
        with suppress(OSError):
            said = stat.read_text().rpartition(") ")[2].split()
            if int(said[2]) == group:
                used += (int(said[11]) + int(said[12])) / TICKS
    return used


@dataclass
class Measured:
    idle: float = 0.0
    delays: list[float] = field(default_factory=list)
    all_at_once: list[float] = field(default_factory=list)
    strays: int = 0
    """Messages to pages that an event did not concern."""


async def measure(world: World, rounds: int) -> Measured:
    measured = Measured()
    server = start()
    try:
        await answers()
        following = [asyncio.create_task(page.follow()) for page in world.pages]
        opened = asyncio.gather(*(page.until(0) for page in world.pages))
        await asyncio.wait_for(opened, 300)
        await asyncio.sleep(5)
        began, spent = time.monotonic(), cpu_of(server.pid)
        await asyncio.sleep(IDLE_SECONDS)
        passed = time.monotonic() - began
        measured.idle = (cpu_of(server.pid) - spent) / passed * 100
        inbox = [0] * len(world.beds)
        needs = iter(world.needs)
        for turn in range(rounds):
            house = turn % len(world.beds)
            before = {id(p): p.messages for p in world.pages if p.house != house}
            inbox[house] += 1
            measured.delays += await told(world, [house], inbox, needs)
            measured.strays += sum(
                page.messages - before[id(page)]
                for page in world.pages
                if page.house != house
            )
        inbox = [count + 1 for count in inbox]
        houses = range(len(world.beds))
        measured.all_at_once = await told(world, houses, inbox, needs)
        for task in following:
            task.cancel()
        return measured
    finally:
        kill(server)


async def told(world: World, houses: Any, inbox: list[int], needs: Any) -> list[float]:
    """Send a referral to each of these houses; when each of their pages has it."""
    waiting = [
        asyncio.create_task(page.until(inbox[page.house]))
        for page in world.pages
        if page.house in houses
    ]
    await asyncio.sleep(0.05)
    loop = asyncio.get_running_loop()
    for house in houses:
        await loop.run_in_executor(None, send, world, house, next(needs))
    sent = time.perf_counter()
    came = await asyncio.wait_for(asyncio.gather(*waiting), 60)
    return [max(0.0, (at - sent) * 1000) for at in came]


def send(world: World, house: int, need: Any) -> None:
    from django.db import connection

    from amana import given

    given.make_referral(need=need, to=world.beds[house], by=world.worker)
    connection.close()


def told_of(world: World, measured: Measured) -> str:
    from benchmarks import report

    delays, at_once = sorted(measured.delays), sorted(measured.all_at_once)
    return "\n".join(
        [
            f"{report.measured()} {len(world.pages)} open pages, each of another "
            "person, in one process of granian; the pages themselves and who sends on "
            "the same cores. Idle may take 1 % of a core, an event 2 s.",
            "",
            "| | |",
            "|---|--:|",
            f"| idle, per cent of a core | {measured.idle:.2f} |",
            f"| events in open pages | {len(delays)} |",
            f"| median, ms | {median(delays):.0f} |",
            f"| slowest, ms | {delays[-1]:.0f} |",
            f"| all {len(at_once)} pages at once: median, ms | {median(at_once):.0f} |",
            f"| all {len(at_once)} pages at once: slowest, ms | {at_once[-1]:.0f} |",
            f"| told to a page that it does not concern | {measured.strays} |",
        ]
    )


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--people", type=int, default=200)
    parser.add_argument("--rounds", type=int, default=20)
    parser.add_argument("--postgres", action="store_true")
    said = parser.parse_args()
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "amana.settings")
    os.environ.setdefault("ALLOWED_HOSTS", "localhost,127.0.0.1,testserver")
    os.environ["DEBUG"] = ""
    with database(said.postgres):
        world = build(said.people, said.rounds + said.people // IN_A_HOUSE)
        from django.db import connection

        connection.close()
        measured = asyncio.run(measure(world, said.rounds))
        text = told_of(world, measured)
        print(text)
        if said.people == 200:
            from benchmarks import report

            name = connection.display_name
            report.put(f"Two hundred open pages: {name}", text)
        connection.close()
    late = max(*measured.delays, *measured.all_at_once) > WITHIN_MS
    return 1 if late or measured.strays or measured.idle > IDLE_AT_MOST else 0


if __name__ == "__main__":
    sys.exit(main())
