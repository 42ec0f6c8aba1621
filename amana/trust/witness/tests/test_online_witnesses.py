"""A witness on the network that is wrong, slow or down stops no work (P15)."""

import socket
import threading
import time
from contextlib import contextmanager, suppress
from datetime import timedelta
from http.server import BaseHTTPRequestHandler, HTTPServer

import pytest
from django.core.management import call_command
from django.utils import timezone

from amana.trust.audit import log_keys, sealing
from amana.trust.audit.models import Cosignature
from amana.trust.audit.offline_witness import CosignRefusal, write_request
from amana.trust.witness import asking
from amana.trust.witness.models import Finding, Witness

from .conftest import grow
from .logs_of_others import chosen

pytestmark = pytest.mark.django_db


@contextmanager
def serving(answer):
    """A witness on this machine that answers as told: status, text, headers."""

    class Handler(BaseHTTPRequestHandler):
        def do_POST(self):
            text = self.rfile.read(int(self.headers["Content-Length"])).decode()
            status, body, headers = answer(text)
            self.send_response(status)
            for name, value in headers.items():
                self.send_header(name, value)
            self.end_headers()
            self.wfile.write(body.encode())

        def log_message(self, *words):
            pass

    server = HTTPServer(("127.0.0.1", 0), Handler)
    thread = threading.Thread(target=server.serve_forever)
    thread.start()
    try:
        yield f"http://127.0.0.1:{server.server_port}/w"
    finally:
        server.shutdown()
        thread.join()
        server.server_close()


def online(laptop, administrator, coordinator, address):
    found = chosen(laptop, administrator, coordinator)
    Witness.objects.filter(pk=found.pk).update(address=address)
    return Witness.objects.get(pk=found.pk)


def test_a_witness_on_the_network_is_asked_and_asked_from_where_it_was(
    laptop, administrator, coordinator, capsys
):
    laptop.let_in(log_keys.get_public_key())
    first = grow(5)
    laptop.answer(write_request(0, [], first.note))  # of which we do not know

    def answer(text):
        try:
            return 200, laptop.answer(text), {}
        except CosignRefusal as refusal:
            return refusal.status, refusal.body, {}

    with serving(answer) as address:
        found = online(laptop, administrator, coordinator, address)
        newest = grow(5)
        call_command("ask_witnesses")
        assert "1 witnesses cosigned" in capsys.readouterr().out
        assert asking.find_cosigned_size(found) == newest.size
        assert asking.ask_all_witnesses() == 0, "there is nothing new"


@pytest.mark.parametrize(
    "answer",
    [
        (500, "", {}),
        (200, "nonsense", {}),
        (200, "— laptop.example AAAA\n", {}),
        (200, "x" * 100_000, {}),
        (409, "not a number", {}),
        (409, "3", {}),
        (302, "", {"Location": "http://127.0.0.1:1/elsewhere"}),
    ],
)
def test_a_witness_that_answers_nonsense_stops_nobody(
    laptop, administrator, coordinator, answer
):
    grow(5)
    with serving(lambda text: answer) as address:
        found = online(laptop, administrator, coordinator, address)
        assert asking.ask_all_witnesses() == 0
    found.refresh_from_db()
    assert found.failing_since is not None
    assert not Cosignature.objects.exists()
    assert sealing.compare_with_anchor() is None


def test_a_witness_that_says_it_has_seen_more_is_told_and_stops_nobody(
    laptop, administrator, coordinator, auditor
):
    """It may lie: it shows no signature of ours."""
    grow(5)
    with serving(lambda text: (409, "99999\n", {})) as address:
        found = online(laptop, administrator, coordinator, address)
        asking.ask_all_witnesses()
        asking.ask_all_witnesses()
    found.refresh_from_db()
    assert found.says == 99999
    assert [finding.what for finding in Finding.objects.all()] == ["witness"]
    assert sealing.compare_with_anchor() is None


@pytest.mark.parametrize("how", ["down", "slow"])
def test_a_witness_that_is_down_or_slow_keeps_nobody_waiting(
    laptop, administrator, coordinator, monkeypatch, how
):
    monkeypatch.setattr(asking, "SECONDS", 0.2)
    over = threading.Event()

    def answer(text):
        over.wait(5)
        return 200, "", {}

    grow(5)
    with serving(answer) as address:
        address = "http://127.0.0.1:1" if how == "down" else address
        found = online(laptop, administrator, coordinator, address)
        began = timezone.now()
        assert asking.ask_all_witnesses() == 0
        assert timezone.now() - began < timedelta(seconds=3)
        over.set()
    found.refresh_from_db()
    assert found.failing_since is not None


@pytest.mark.parametrize("part", ["head", "body"])
def test_a_witness_that_drips_is_left_and_its_silence_told(
    laptop, administrator, coordinator, auditor, monkeypatch, part
):
    monkeypatch.setattr(asking, "SECONDS", 0.4)
    over = threading.Event()
    grow(5)
    with dripping(part, over) as address:
        found = online(laptop, administrator, coordinator, address)
        later = timezone.now() + timedelta(hours=25)
        monkeypatch.setattr(timezone, "now", lambda: later)
        began = time.monotonic()
        assert asking.ask_all_witnesses() == 0
        assert time.monotonic() - began < 1.5
        over.set()
    found.refresh_from_db()
    assert found.failing_since is not None
    assert [finding.what for finding in Finding.objects.all()] == ["silent"]


@contextmanager
def dripping(part, over):
    """A witness that sends a letter at a time, each before a socket gives up."""

    def drip(listening):
        connection, _address = listening.accept()
        with connection, suppress(OSError):
            connection.recv(4096)
            head = b"HTTP/1.1 200 OK\r\n" + (b"\r\n" if part == "body" else b"X: ")
            connection.sendall(head)
            for _time in range(30):
                if over.wait(0.1):
                    return
                connection.sendall(b"x")

    with socket.create_server(("127.0.0.1", 0)) as listening:
        thread = threading.Thread(target=drip, args=[listening])
        thread.start()
        yield f"http://127.0.0.1:{listening.getsockname()[1]}/w"
        over.set()
        thread.join()


def test_silence_is_told_whatever_goes_wrong_in_asking(
    laptop, administrator, coordinator, auditor, monkeypatch
):
    grow(5)
    online(laptop, administrator, coordinator, "http://127.0.0.1:1")
    later = timezone.now() + timedelta(hours=25)
    monkeypatch.setattr(timezone, "now", lambda: later)

    def broken(witness, checkpoint):
        raise ZeroDivisionError

    monkeypatch.setattr(asking, "ask_witness", broken)
    with pytest.raises(ZeroDivisionError):
        asking.ask_all_witnesses()
    assert Finding.objects.get().what == "silent"


def test_two_at_once_ask_once(laptop, administrator, coordinator, monkeypatch):
    grow(5)
    online(laptop, administrator, coordinator, "http://127.0.0.1:1")
    asked = []
    monkeypatch.setattr(
        asking, "ask_witness", lambda *what: asked.append(asking.ask_all_witnesses())
    )
    assert asking.ask_all_witnesses() == 1
    assert asked == [0]
