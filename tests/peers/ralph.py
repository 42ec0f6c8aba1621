"""Ralph, a record store that we did not write, in an environment of its own: what it
needs would not go together with what we need."""

import base64
import fcntl
import json
import os
import shutil
import socket
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any
from urllib.error import URLError
from urllib.request import Request, urlopen

import pytest

ROOT = Path(__file__).parents[2]
HOME = ROOT / ".tools" / "ralph"
PACKAGES = ["ralph-malph[lrs,cli]==5.1.0", "requests"]
SERVE = """
import sys
import uvicorn
from ralph.backends.data.base import BaseOperationType
from ralph.backends.data.fs import FSDataBackend

# Else its store of files takes one request in all: it never adds to a file.
FSDataBackend.default_operation_type = BaseOperationType.APPEND
uvicorn.run("ralph.api:app", host="127.0.0.1", port=int(sys.argv[1]))
"""
USER, PASSWORD = "amana", "only-for-this-test"


def require_ralph() -> None:
    """See that it is installed; step aside where that can't be."""
    HOME.parent.mkdir(exist_ok=True)
    with (HOME.parent / "ralph.lock").open("w") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        done = HOME / "packages.txt"
        if done.exists() and done.read_text().split() == PACKAGES:
            return
        shutil.rmtree(HOME, ignore_errors=True)
        uv = shutil.which("uv") or str(ROOT / ".tools/bin/uv")
        python = str(HOME / "bin/python")
        try:
            for words in (
                [uv, "venv", "-q", "--python", sys.executable, str(HOME)],
                [uv, "pip", "install", "-q", "--python", python, *PACKAGES],
            ):
                subprocess.run(words, check=True, capture_output=True, text=True)
        except (OSError, subprocess.CalledProcessError) as error:
            pytest.skip(f"Ralph can't be brought: {getattr(error, 'stderr', error)}")
        done.write_text("\n".join(PACKAGES))


@dataclass
class Ralph:
    url: str

    def ask(self, path: str) -> Any:
        pair = base64.b64encode(f"{USER}:{PASSWORD}".encode()).decode()
        headers = {
            "Authorization": f"Basic {pair}",
            "X-Experience-API-Version": "1.0.3",
        }
        with urlopen(Request(f"{self.url}{path}", headers=headers)) as answer:
            return json.load(answer)

    @property
    def statements(self) -> list[Any]:
        """The oldest first."""
        found: list[Any] = self.ask("/statements?ascending=true")["statements"]
        return found


@contextmanager
def running(folder: Path) -> Iterator[Ralph]:
    require_ralph()
    kept = folder / "statements"
    kept.mkdir()
    environment = os.environ | {
        "RALPH_APP_DIR": str(folder),
        "RALPH_AUTH_FILE": str(folder / "auth.json"),
        "RALPH_RUNSERVER_BACKEND": "fs",
        "RALPH_BACKENDS__LRS__FS__DEFAULT_DIRECTORY_PATH": str(kept),
    }
    account = ["-u", USER, "-p", PASSWORD, "-s", "all", "-A", USER, "http://lrs.test"]
    words = [str(HOME / "bin/ralph"), "auth", *account, "-N", USER, "-w"]
    subprocess.run(words, check=True, capture_output=True, env=environment)
    port = a_port()
    with (folder / "ralph.log").open("w") as log:
        process = subprocess.Popen(
            [str(HOME / "bin/python"), "-c", SERVE, str(port)],
            env=environment,
            stdout=log,
            stderr=log,
        )
    try:
        wait_for(f"http://127.0.0.1:{port}/__heartbeat__", folder / "ralph.log")
        yield Ralph(f"http://127.0.0.1:{port}/xAPI")
    finally:
        process.terminate()
        process.wait(20)


def a_port() -> int:
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        return int(free.getsockname()[1])


def wait_for(url: str, log: Path) -> None:
    for _time in range(120):
        try:
            urlopen(url).close()
        except URLError:
            time.sleep(0.25)
        else:
            return
    pytest.fail(f"Ralph did not start: {log.read_text()[-2000:]}")
