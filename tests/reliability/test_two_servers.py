"""Two servers on one PostgreSQL, each with a folder of its own, and one for the files
that both share (docs/operations/running.md): people go from one to the other, limits
count over both, one seals, one runs the timers; a second leader does no harm, and a
server without the keys does not begin. What takes long is tried at night: `./run
nightly`."""

import json
import os
import subprocess
import sys
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import suppress
from pathlib import Path
from typing import Any

import psycopg
import pytest
from allauth.mfa.totp.internal.auth import format_hotp_value, hotp_value
from django.db import connection
from django.urls import reverse

from amana import given
from amana.design.directory.tests.service_pages import filled_in
from amana.trust.alarms.leading import LOCK
from amana.trust.operation.outside import OUTSIDE
from amana.ui.once import make_form_key
from tests.reliability.houses import ROOT, House

from .servers import SOON, Answer, Browser, Server

pytestmark = [pytest.mark.django_db, pytest.mark.alone]


LEADS = "The timers run in this process."
NAMES = sorted(kept.setting for kept in OUTSIDE)


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
