"""The server ends when it is told to, whatever its pages are at; and a worker that is
stuck is replaced while the others serve."""

import os
import signal
import socket
import subprocess
import time
from collections.abc import Callable, Iterator
from contextlib import ExitStack, suppress
from http.client import HTTPConnection, HTTPException
from pathlib import Path

import pytest

from amana.trust.operation import serving

ROOT = Path(__file__).resolve().parents[2]
SOON = 120
"""Seconds; this machine may be busy."""
STOPS_WITHIN = 2


class Server:
    """granian with the planted pages, run as `manage.py serve` runs it."""

    def __init__(self, folder: Path, workers: int) -> None:
        with socket.create_server(("127.0.0.1", 0)) as free:
            self.port = int(free.getsockname()[1])
        self.journal = folder / "journal"
        self.notified = socket.socket(socket.AF_UNIX, socket.SOCK_DGRAM)
        self.notified.bind(str(folder / "notify"))
        command = serving.build_server_command(
            *("--workers-kill-timeout", str(STOPS_WITHIN)),
            host="127.0.0.1",
            port=self.port,
            workers=workers,
            target="tests.reliability.planted:application",
        )
        env = {"AMANA_VAR": str(folder), "NOTIFY_SOCKET": str(folder / "notify")}
        with self.journal.open("wb") as file:
            self.process = subprocess.Popen(
                command,
                cwd=ROOT,
                env=os.environ | {"DATABASE_URL": ""} | env,
                stdout=file,
                stderr=file,
            )
        self.open = ExitStack()
        wait_for(lambda: len(self.pids()) == workers)

    def ask(self, path: str, *, wait: float = 0.5) -> str:
        """What it answers; empty: nothing in this time."""
        connection = HTTPConnection("127.0.0.1", self.port, timeout=wait)
        with suppress(OSError, HTTPException):
            connection.request("GET", path)
            return connection.getresponse().read().decode()
        return ""

    def begin(self, path: str) -> HTTPConnection:
        """Ask, and leave the connection open."""
        connection = HTTPConnection("127.0.0.1", self.port, timeout=SOON)
        connection.request("GET", path)
        self.open.callback(connection.close)
        return connection

    def send_slowly(self, path: str, body: bytes, of: int) -> HTTPConnection:
        """Send the first bytes of so many, and leave it at that."""
        connection = HTTPConnection("127.0.0.1", self.port, timeout=SOON)
        connection.putrequest("POST", path)
        connection.putheader("Content-Length", str(of))
        connection.endheaders(body)
        self.open.callback(connection.close)
        return connection

    def pids(self) -> set[str]:
        """The workers that answer."""
        return {self.ask("/pid") for _try in range(24)} - {""}

    def end(self) -> None:
        self.open.close()
        self.process.terminate()
        try:
            self.process.wait(20)
        except subprocess.TimeoutExpired:
            self.process.kill()
        self.notified.close()


def wait_for(what: Callable[[], object]) -> None:
    until = time.monotonic() + SOON
    while not what():
        assert time.monotonic() < until
        time.sleep(0.1)


type Start = Callable[[int], Server]


@pytest.fixture
def start(tmp_path: Path) -> Iterator[Start]:
    begun: list[Server] = []

    def begin(workers: int) -> Server:
        begun.append(Server(tmp_path, workers))
        return begun[-1]

    yield begin
    for server in begun:
        server.end()


def has_ended(pid: str) -> bool:
    try:
        os.kill(int(pid), 0)
    except ProcessLookupError:
        return True
    return False


def test_a_worker_that_is_stuck_is_replaced_and_all_end_when_told_to(
    start: Start,
) -> None:
    server = start(2)
    before = server.pids()
    server.begin("/stuck")
    time.sleep(0.2)

    assert len(server.pids() & before) == 1  # the other one serves
    wait_for(lambda: len(server.pids()) == 2)
    after = server.pids()
    assert len(after & before) == 1
    assert "planted.py" in server.journal.read_text()  # where it was
    assert server.notified.recv(200).startswith(b"WATCHDOG=1\nWATCHDOG_USEC=13")

    for _stream in range(4):
        server.begin("/stream").getresponse()
    for _page in range(3):
        server.begin("/slow")
    time.sleep(0.5)
    began = time.monotonic()
    server.process.send_signal(signal.SIGTERM)
    server.process.wait(20)

    assert time.monotonic() - began < STOPS_WITHIN + 3
    assert all(has_ended(pid) for pid in after)


def test_a_worker_is_replaced_when_all_its_threads_hang_and_not_before(
    start: Start,
) -> None:
    server = start(1)
    before = server.pids()
    for _thread in range(3):
        server.begin("/slow")
    time.sleep(8)
    assert server.pids() == before

    server.begin("/slow")
    time.sleep(0.2)
    assert not server.pids()
    wait_for(lambda: server.pids() - before)


def test_what_arrives_slowly_holds_up_no_page_and_half_of_it_is_never_read(
    start: Start,
) -> None:
    server = start(1)
    before = server.pids()
    slow = [server.send_slowly("/said", b"words=Seen", of=20) for _more in range(8)]
    for _second in range(8):  # longer than all threads may be at a page
        assert server.ask("/pid", wait=5) in before
        time.sleep(0.5)
    for broken in slow[1:]:
        broken.close()
    slow[0].send(b" today")
    slow[0].close()
    assert server.ask("/pid", wait=5) in before
    assert "said" not in server.journal.read_text()

    whole = server.send_slowly("/said", b"words=Seen", of=20)
    time.sleep(0.2)
    whole.send(b" today, we")
    whole.getresponse()
    assert "said 20" in server.journal.read_text()


@pytest.mark.parametrize("page", ["/long", "/lines"])
def test_who_reads_slowly_holds_up_no_page(start: Start, page: str) -> None:
    """Nor does one who reads a table of 12 MB, which is made line by line."""
    server = start(1)
    before = server.pids()
    for _more in range(8):
        server.begin(page)
    for _second in range(8):
        assert server.ask("/pid", wait=5) in before
        time.sleep(0.5)
