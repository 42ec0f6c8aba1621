"""What is known about our parts is told, and what could not be asked is never called
good."""

import json
import socket
import subprocess
import sys
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from threading import Thread
from typing import Any

import pytest

from tests.architecture.code import ROOT
from tests.supply.test_dependencies import PARTS
from tools import advisories
from tools.advisories import NOT_CHECKED, NOTHING_KNOWN, SOMETHING_KNOWN

DJANGO = next(part for part in PARTS if part.name == "django")
AXE = next(part for part in PARTS if part.name == "axe-core")
Queries = list[dict[str, Any]]
Answers = Callable[[Queries], bytes]


@contextmanager
def source(answers: Answers, *, status: int = 200, missing: int = 0) -> Iterator[str]:
    """A source of advisories on this machine; `missing` bytes never come."""

    class Handler(BaseHTTPRequestHandler):
        def do_POST(self) -> None:
            assert self.path == "/v1/querybatch"
            length = int(self.headers["Content-Length"])
            body = answers(json.loads(self.rfile.read(length))["queries"])
            self.send_response(status)
            self.send_header("Content-Length", str(len(body) + missing))
            self.end_headers()
            self.wfile.write(body)

        def log_message(self, *words: object) -> None: ...

    server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    Thread(target=server.serve_forever, daemon=True).start()
    try:
        yield f"http://127.0.0.1:{server.server_port}"
    finally:
        server.shutdown()
        server.server_close()


def about(known: dict[str, list[str]]) -> Answers:
    """Answer as OSV does, in the order of the questions; `{}` is nothing known."""

    def answers(queries: Queries) -> bytes:
        ids = [known.get(query["package"]["name"], []) for query in queries]
        results = [
            {"vulns": [{"id": i} for i in found]} if found else {} for found in ids
        ]
        return json.dumps({"results": results}).encode()

    return answers


def report(address: str) -> int:
    return advisories.report(address, PARTS)


def test_where_nothing_is_known_it_says_so(capsys: Any) -> None:
    asked: Queries = []

    def answers(queries: Queries) -> bytes:
        asked.extend(queries)
        return about({})(queries)

    with source(answers) as address:
        assert report(address) == NOTHING_KNOWN
    said = capsys.readouterr()
    assert f"knows nothing about any of the {len(PARTS)} parts" in said.out
    assert said.err == ""
    assert [query["version"] for query in asked] == [part.version for part in PARTS]
    assert {"name": "django", "ecosystem": "PyPI"} in [q["package"] for q in asked]
    assert {"name": "htmx.org", "ecosystem": "npm"} in [q["package"] for q in asked]


def test_each_advisory_is_named_with_its_part_and_address(capsys: Any) -> None:
    known = {"django": ["PYSEC-2026-7", "GHSA-1"], "axe-core": ["GHSA-2"]}
    with source(about(known)) as address:
        assert report(address) == SOMETHING_KNOWN
    said = capsys.readouterr().out.splitlines()
    assert said == [
        f"axe-core {AXE.version}, in tests alone: GHSA-2 "
        "https://osv.dev/vulnerability/GHSA-2",
        f"django {DJANGO.version}: GHSA-1 https://osv.dev/vulnerability/GHSA-1",
        f"django {DJANGO.version}: PYSEC-2026-7 "
        "https://osv.dev/vulnerability/PYSEC-2026-7",
        f"2 of {len(PARTS)} parts have known weaknesses.",
    ]


def test_all_pages_are_asked_for(capsys: Any) -> None:
    def answers(queries: Queries) -> bytes:
        if len(queries) > 1:
            first: dict[str, Any] = {"next_page_token": "two"}
            results = [first, *({} for _query in queries[1:])]
        else:
            assert queries[0]["package"]["name"] == PARTS[0].name
            assert queries[0]["page_token"] == "two"
            results = [{"vulns": [{"id": "GHSA-on-page-two"}]}]
        return json.dumps({"results": results}).encode()

    with source(answers) as address:
        assert report(address) == SOMETHING_KNOWN
    assert "GHSA-on-page-two" in capsys.readouterr().out


def said_as_not_checked(capsys: Any) -> str:
    said = capsys.readouterr()
    assert said.out == ""
    assert "NOT CHECKED" in said.err
    assert "So not all parts were checked" in said.err
    return str(said.err)


def test_a_source_that_cannot_be_reached_says_nothing_about_the_parts(
    capsys: Any,
) -> None:
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port = free.getsockname()[1]
    assert report(f"http://127.0.0.1:{port}") == NOT_CHECKED
    assert "could not be reached" in said_as_not_checked(capsys)


def test_a_source_that_never_answers_is_left(
    capsys: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(advisories, "TIMEOUT", 0.2)
    with socket.create_server(("127.0.0.1", 0)) as silent:
        port = silent.getsockname()[1]
        assert report(f"http://127.0.0.1:{port}") == NOT_CHECKED
    assert "could not be reached" in said_as_not_checked(capsys)


STRANGE: list[Any] = [
    None,
    "",
    [],
    {"vulns": [{}]},
    {"vulns": ["GHSA-1"]},
    {"vulns": [{"id": 7}]},
    {"vulns": [{"id": "\x1b[2J"}]},
    {"next_page_token": 1},
]
"""What is no answer about a part."""


@pytest.mark.parametrize(
    "garbage",
    [
        b"",
        b"<html>Sign in to this network</html>",
        b"[]",
        b"{}",
        b'{"results": null}',
        b'{"results": {}}',
        b"[" * 100_000,
        b"\xff\xfe",
        *(
            json.dumps({"results": [strange] * len(PARTS)}).encode()
            for strange in STRANGE
        ),
    ],
)
def test_an_answer_that_is_none_says_nothing_about_the_parts(
    capsys: Any, garbage: bytes
) -> None:
    with source(lambda queries: garbage) as address:
        assert report(address) == NOT_CHECKED
    said_as_not_checked(capsys)


@pytest.mark.parametrize("status", [400, 403, 429, 500, 503])
def test_an_error_says_nothing_about_the_parts(capsys: Any, status: int) -> None:
    with source(about({}), status=status) as address:
        assert report(address) == NOT_CHECKED
    assert str(status) in said_as_not_checked(capsys)


def test_half_an_answer_says_nothing_about_the_parts(capsys: Any) -> None:
    with source(lambda queries: about({})(queries[1:])) as address:
        assert report(address) == NOT_CHECKED
    assert f"{len(PARTS) - 1} of {len(PARTS)} questions" in said_as_not_checked(capsys)
    with source(about({}), missing=10) as address:
        assert report(address) == NOT_CHECKED
    said_as_not_checked(capsys)


def test_what_was_found_before_the_source_went_away_is_told(capsys: Any) -> None:
    def answers(queries: Queries) -> bytes:
        if len(queries) == 1:
            return b"gone"
        found = {"vulns": [{"id": "GHSA-1"}], "next_page_token": "two"}
        return json.dumps({"results": [found, *([{}] * (len(queries) - 1))]}).encode()

    with source(answers) as address:
        assert report(address) == SOMETHING_KNOWN
    said = capsys.readouterr()
    assert "GHSA-1" in said.out
    assert "NOT CHECKED" in said.err


def test_a_source_without_an_end_is_left(
    capsys: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(advisories, "PAGES", 3)
    results = [{"next_page_token": "more"}] * len(PARTS)
    answers = json.dumps({"results": results}).encode()
    with source(lambda queries: answers) as address:
        assert report(address) == NOT_CHECKED
    assert "more than 3 pages" in said_as_not_checked(capsys)


def test_a_server_asks_with_python_alone_and_hears_how_it_ended() -> None:
    """As installed for people: without the tools for development."""
    command = [sys.executable, "-S", "-m", "tools.advisories", "--source"]
    for answers, code in [(about({}), 0), (about({"django": ["GHSA-1"]}), 1)]:
        with source(answers) as address:
            done = subprocess.run([*command, address], cwd=ROOT, capture_output=True)
        assert done.returncode == code, done.stderr
    nowhere = [*command, "http://127.0.0.1:9"]
    done = subprocess.run(nowhere, cwd=ROOT, capture_output=True)
    assert done.returncode == 3
    assert b"NOT CHECKED" in done.stderr
