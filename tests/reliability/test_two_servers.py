"""Two servers on one PostgreSQL, each with a folder of its own, and one for the files
that both share (docs/operations/running.md): people go from one to the other, limits
count over both, one seals, one runs the timers; a second leader does no harm, and a
server without the keys does not begin. What takes long is tried at night: `./run
nightly`."""

import json
import os
import re
import signal
import socket
import subprocess
import sys
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import suppress
from dataclasses import dataclass, field
from http.cookiejar import CookieJar
from pathlib import Path
from typing import Any
from urllib.error import HTTPError, URLError
from urllib.parse import urlencode
from urllib.request import HTTPCookieProcessor, build_opener

import psycopg
import pytest
from allauth.mfa.totp.internal.auth import format_hotp_value, hotp_value
from django.db import connection
from django.urls import reverse

from amana import given
from amana.design.directory.tests.test_views import filled_in
from amana.trust.alarms.leading import LOCK
from amana.trust.operation.outside import OUTSIDE
from amana.ui.once import make_form_key
from tests.reliability.houses import ROOT, House

pytestmark = [pytest.mark.django_db, pytest.mark.alone]

SOON = 90
"""Seconds; this machine may be busy."""
LEADS = "The timers run in this process."
NAMES = sorted(kept.setting for kept in OUTSIDE)


@dataclass
class Server:
    """One of two: a folder, what runs in it, and what it says."""

    folder: Path
    env: dict[str, str]
    port: int = 0
    begun: dict[str, "subprocess.Popen[bytes]"] = field(default_factory=dict)

    def start(self, *words: str, **env: str) -> "subprocess.Popen[bytes]":
        journal = self.journal(words[0])
        with journal.open("wb") as file:
            process = subprocess.Popen(
                [sys.executable, "-m", "tests.mutants.beside", *words],
                cwd=ROOT,
                env=os.environ | self.env | env,
                stdout=file,
                stderr=file,
                start_new_session=True,
            )
        self.begun[words[0]] = process
        return process

    def keeps(self, *words: str) -> dict[str, Any]:
        done = subprocess.run(
            [sys.executable, "-m", "tests.reliability.keeper", *words],
            cwd=ROOT,
            env=os.environ | self.env,
            capture_output=True,
            text=True,
        )
        assert done.returncode == 0, done.stderr[-3000:]
        said: dict[str, Any] = json.loads(done.stdout.splitlines()[-1])
        return said

    def journal(self, name: str) -> Path:
        return self.folder / f"{name}.journal"

    def says(self, name: str, words: str) -> bool:
        return words in self.journal(name).read_text()

    def serve(self) -> None:
        with socket.create_server(("127.0.0.1", 0)) as free:
            self.port = int(free.getsockname()[1])
        self.start("serve", "--port", str(self.port), "--workers", "1")

    def is_up(self) -> bool:
        assert self.begun["serve"].poll() is None, self.journal("serve").read_text()
        with suppress(OSError, URLError):
            return Browser().open(self, "/health").body == "up\n"
        return False

    def kill(self, name: str) -> None:
        """With all that it has begun."""
        os.killpg(self.begun[name].pid, signal.SIGKILL)
        self.begun[name].wait(SOON)

    def end(self) -> None:
        for process in self.begun.values():
            process.terminate()
        for process in self.begun.values():
            try:
                process.wait(20)
            except subprocess.TimeoutExpired:
                process.kill()
                process.wait()


@dataclass
class Answer:
    status: int
    url: str
    body: str


class Browser:
    """Goes from one server to the other, as behind a balancer: to it they are one."""

    def __init__(self) -> None:
        self.jar = CookieJar()
        self.opener = build_opener(HTTPCookieProcessor(self.jar))

    def open(self, at: Server, path: str, sent: bytes | None = None) -> Answer:
        url = f"http://127.0.0.1:{at.port}{path}"
        try:
            with self.opener.open(url, sent, timeout=SOON) as said:
                return Answer(said.status, said.url, said.read().decode())
        except HTTPError as said:
            return Answer(said.code, said.url, said.read().decode())

    def send(self, at: Server, path: str, **fields: Any) -> Answer:
        """The form of a page, with these fields; its hidden ones come along."""
        page = self.open(at, path)
        token = re.search(r'name="csrfmiddlewaretoken" value="(\w+)"', page.body)
        assert token, page.body[:2000]
        said = {"csrfmiddlewaretoken": token[1], **fields}
        return self.open(at, path, urlencode(said, doseq=True).encode())

    def pass_on(self) -> "Browser":
        """Another with the same cookies."""
        other = Browser()
        for cookie in self.jar:
            other.jar.set_cookie(cookie)
        return other


@pytest.fixture(scope="module")
def house(places: Callable[..., House]) -> House:
    if connection.vendor != "postgresql":
        pytest.skip("two servers share a PostgreSQL; SQLite is one server’s own")
    return places("two", migrated=True)


@pytest.fixture(scope="module")
def settings_of(house: House) -> Callable[[str], Server]:
    """A server with its own folder, and the files that it shares with the others."""
    shared = {name: str(house.folder / "shared" / name.lower()) for name in NAMES}

    def server(name: str) -> Server:
        folder = house.folder / name
        folder.mkdir(exist_ok=True)
        own = {"AMANA_VAR": str(folder), "DATABASE_URL": house.database}
        as_here = {"DEBUG": "1", "PYTHONUNBUFFERED": "1"}
        return Server(folder, own | as_here | shared)

    return server


@pytest.fixture(scope="module")
def two(settings_of: Callable[[str], Server]) -> Iterator[tuple[Server, Server]]:
    """Both serve; the first that begins makes the files."""
    pair = settings_of("a"), settings_of("b")
    try:
        for server in pair:
            server.serve()
            wait_for(server.is_up)
        yield pair
    finally:
        for server in pair:
            server.end()


@pytest.fixture(scope="module")
def people(two: tuple[Server, Server]) -> Iterator[dict[str, str]]:
    return iter(two[0].keeps("focal_points", "3")["people"])


@pytest.fixture
def person(people: Iterator[dict[str, str]]) -> dict[str, str]:
    return next(people)


def wait_for(what: Callable[[], object]) -> None:
    until = time.monotonic() + SOON
    while not what():
        assert time.monotonic() < until
        time.sleep(0.1)


def signed_in(at: Server, then: Server, person: dict[str, str]) -> Browser:
    """The first factor at one server, the second at the other."""
    browser = Browser()
    login, code = reverse("account_login"), reverse("mfa_authenticate")
    passphrase = given.PASSPHRASE
    said = browser.send(at, login, login=person["email"], password=passphrase)
    assert code in said.url, said.body[:2000]
    counter = int(time.time()) // 30
    digits = format_hotp_value(hotp_value(person["seed"], counter))
    assert browser.send(then, code, code=digits).status == 200
    return browser


SERVICES = "/directory/"


def enter(name: str, at: Server, browser: Browser) -> Answer:
    """A service, by its form."""
    new = reverse("directory:new")
    form = filled_in(browser.open(at, new).body)
    told = {"name": name, "types_SH": "SH1", "hours_0": "22:00–06:00"}
    return browser.send(at, new, **{**form, **told, **make_form_key()})


def is_in(browser: Browser, at: Server) -> bool:
    page = reverse("access:account")
    return browser.open(at, page).url.endswith(page)


# --- people


def test_people_go_from_one_server_to_the_other(
    two: tuple[Server, Server], person: dict[str, str]
) -> None:
    """Signed in and unlocked at one they are so at the other, and out of both."""
    a, b = two
    browser = signed_in(a, b, person)
    assert is_in(browser, a)
    assert is_in(browser, b)
    assert "Night desk" not in browser.open(b, SERVICES).body
    made = enter("Night desk", a, browser)
    assert made.status == 200, made.body[-3000:]
    assert "Night desk" in browser.open(b, SERVICES).body
    elsewhere = browser.pass_on()
    browser.send(a, reverse("account_logout"))
    assert not is_in(elsewhere, b)
    assert not is_in(elsewhere, a)


def test_tries_at_both_servers_are_counted_together(
    two: tuple[Server, Server], person: dict[str, str]
) -> None:
    """Five in five minutes, however a balancer deals them out."""
    login, name = reverse("account_login"), person["email"]
    for number in range(5):
        at = two[number % 2]
        wrong = Browser().send(at, login, login=name, password=f"wrong {number}")
        assert "address and passphrase don’t match" in wrong.body
    for at in two:
        slowed = Browser().send(at, login, login=name, password=given.PASSPHRASE)
        assert "Too many attempts" in slowed.body


@pytest.mark.nightly
def test_where_one_is_killed_the_other_has_all_that_was_acknowledged(
    two: tuple[Server, Server], person: dict[str, str]
) -> None:
    """(P36)"""
    a, b = two
    browser, acknowledged = signed_in(a, a, person), list[str]()

    def work() -> None:
        with suppress(OSError):
            for number in range(1000):
                assert enter(f"Desk {number};", a, browser).status == 200
                acknowledged.append(f"Desk {number};")

    worker = threading.Thread(target=work, daemon=True)
    worker.start()
    wait_for(lambda: len(acknowledged) > 2)
    a.kill("serve")
    worker.join(SOON)

    page = browser.open(b, SERVICES).body
    assert [name for name in acknowledged[:20] if name not in page] == []
    assert is_in(browser, b)
    a.serve()
    wait_for(a.is_up)
    assert is_in(browser, a)


# --- the log


@pytest.mark.nightly
def test_of_two_sealers_each_event_is_sealed_once(
    two: tuple[Server, Server], house: House
) -> None:
    for server in two:
        server.start("seal_audit", "--every", "0.1")
    wait_for(lambda: all(s.says("seal_audit", "events sealed") for s in two))
    two[0].keeps("note", "400")
    wait_for(lambda: ask(house, "SELECT count(*) = 0 FROM audit_auditpending"))

    sealed = ask(house, "SELECT count(*) FROM audit_auditleaf")
    assert sealed == ask(house, "SELECT count(*) FROM audit_auditevent")
    assert ask(house, "SELECT max(position) + 1 FROM audit_auditleaf") == sealed
    for server in two:
        server.start("verify_audit", "--all").wait(SOON)
        assert server.says("verify_audit", "The log is intact")
        assert server.begun["seal_audit"].poll() is None
        server.kill("seal_audit")


def talk(house: House, sql: str) -> None:
    with psycopg.connect(house.database, autocommit=True) as there:
        there.execute(sql)


def ask(house: House, sql: str) -> Any:
    with psycopg.connect(house.database, autocommit=True) as there:
        row = there.execute(sql).fetchone()
    assert row is not None
    return row[0]


# --- the timers


def leads(server: Server) -> bool:
    return server.says("timers", LEADS)


@pytest.mark.nightly
def test_one_server_runs_the_timers_and_the_other_takes_over(
    two: tuple[Server, Server], house: House
) -> None:
    a, b = two
    a.start("timers")
    wait_for(lambda: leads(a))
    b.start("timers", DATABASE_URL=f"{house.database}&application_name=waits")
    wait_for(lambda: ask(house, WAITS))
    time.sleep(2)
    assert not leads(b)

    a.kill("timers")
    began = time.monotonic()
    wait_for(lambda: leads(b))
    assert time.monotonic() - began < 15

    a.start("timers")
    talk(house, STOLEN)  # who leads loses the network, and does not know it yet
    wait_for(lambda: leads(a))
    assert ask(house, ONE_LEADS)
    for server in two:
        server.kill("timers")


HELD = f"""
    FROM pg_locks WHERE locktype = 'advisory' AND granted
    AND (classid::bigint << 32 | objid::bigint) = {LOCK}
    AND database = (SELECT oid FROM pg_database WHERE datname = current_database())
"""
ONE_LEADS = f"SELECT count(*) = 1 {HELD}"
WAITS = "SELECT count(*) > 0 FROM pg_stat_activity WHERE application_name = 'waits'"
STOLEN = f"SELECT pg_terminate_backend(pid) {HELD}"


@pytest.mark.nightly
def test_two_that_both_think_they_lead_run_each_timer_once(
    two: tuple[Server, Server], house: House, tmp_path: Path
) -> None:
    talk(house, "DELETE FROM alarms_timerrun")
    go = tmp_path / "go"
    both = [
        subprocess.Popen(
            [sys.executable, "-m", "tests.reliability.leader", str(go)],
            cwd=ROOT,
            env=os.environ | server.env,
            stdout=subprocess.PIPE,
            text=True,
        )
        for server in two
    ]
    wait_for(lambda: len(list(tmp_path.glob("ready-*"))) == len(both))
    go.touch()
    ran = [json.loads(process.communicate(timeout=SOON)[0]) for process in both]

    assert all(ran), "one was late: it shows nothing"
    assert set(ran[0]).isdisjoint(ran[1])
    assert len({*ran[0], *ran[1]}) > 25


# --- the keys


def test_a_server_without_the_keys_does_not_begin(
    two: tuple[Server, Server], settings_of: Callable[[str], Server]
) -> None:
    third = settings_of("third")
    own = [name for name in NAMES if name != "CERTIFICATE_KEYS"]
    third.env |= {name: str(third.folder / name.lower()) for name in own}

    assert third.start("serve").wait(SOON) == 1

    said = third.journal("serve").read_text()
    assert "Missing here" in said
    assert [name for name in own if name not in said] == []
    assert "Traceback" not in said
    assert [p.name for p in third.folder.iterdir() if p.suffix != ".journal"] == []
