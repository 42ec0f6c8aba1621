"""Servers that share a database and files, and a browser that goes from one to
another."""

import json
import os
import re
import signal
import socket
import subprocess
import sys
from contextlib import suppress
from dataclasses import dataclass, field
from http.cookiejar import CookieJar
from pathlib import Path
from typing import Any
from urllib.error import HTTPError, URLError
from urllib.parse import urlencode
from urllib.request import HTTPCookieProcessor, build_opener

from tests.reliability.houses import ROOT

SOON = 90
"""Seconds; this machine may be busy."""


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
