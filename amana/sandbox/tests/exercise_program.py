"""The folder of an exercise, and programs run in it as its own process is: with an
environment made from nothing."""

import os
import shutil
import subprocess
import sys
from http.client import HTTPResponse
from pathlib import Path
from tempfile import mkdtemp
from typing import Any
from urllib.parse import urlencode

from amana.academy.exercises.models import PlayMode
from amana.academy.exercises.shipped_scenarios import load_scenarios
from amana.academy.sandboxes.relay import ACCOUNT, UnixConnection
from amana.academy.sandboxes.sandbox_folder import SandboxFolder

ROOT = Path(__file__).parents[3]


def create_folder(code: str, *, mode: PlayMode = PlayMode.ROOM) -> SandboxFolder:
    """Create the folder of an exercise, by a path short enough for its socket."""
    shipped = load_scenarios()[code]
    folder = SandboxFolder(Path(mkdtemp(prefix="play")) / "exercises" / "one")
    folder.create(
        shipped.content,
        shipped.mechanism,
        areas=shipped.areas,
        plan={
            "language": "en",
            "start": shipped.scenario.start.isoformat(),
            "zone": str(shipped.scenario.start.tzinfo),
            "mode": mode,
        },
    )
    return folder


def remove_folder(folder: SandboxFolder) -> None:
    """Remove all that was made for it, replays too."""
    shutil.rmtree(folder.path.parents[1], ignore_errors=True)


def build_environment(folder: SandboxFolder) -> dict[str, str]:
    return {
        "PATH": os.defpath,
        "PYTHONPATH": str(ROOT),
        "DJANGO_SETTINGS_MODULE": "amana.settings",
        "AMANA_SANDBOX": str(folder.path),
        "AMANA_PREFIX": "/practice",
        "AMANA_BESIDE": str(folder.path.parents[1]),
        "ALLOWED_HOSTS": "*",
        "TIME_ZONE": folder.read_plan()["zone"],
        "SECRET_KEY": folder.read_plan()["secret"],
    }


def run_program(folder: SandboxFolder, *words: str) -> str:
    """Run a program of Python there, and return what it prints."""
    done = subprocess.run(
        [sys.executable, *words],
        cwd=ROOT,
        env=build_environment(folder),
        capture_output=True,
        text=True,
        check=False,
    )
    assert done.returncode == 0, done.stderr
    return done.stdout


class ServedExercise:
    """An exercise whose process runs, and whom it answers."""

    def __init__(self, folder: SandboxFolder) -> None:
        self.folder = folder
        self.cookies: dict[str, dict[str, str]] = {}
        self.process = self.start()

    def start(self) -> "subprocess.Popen[bytes]":
        with self.folder.log.open("ab") as log:
            self.process = subprocess.Popen(
                [sys.executable, str(ROOT / "manage.py"), "sandbox"],
                cwd=ROOT,
                env=build_environment(self.folder),
                stdout=log,
                stderr=log,
            )
        return self.process

    def stop(self) -> None:
        self.process.kill()
        self.process.wait()

    def ask(self, account: str, page: str, **said: Any) -> tuple[int, str]:
        """Ask for a page as an account, or send a form; return its status and words."""
        cookies = self.cookies.setdefault(account, {})
        headers = {
            ACCOUNT: account,
            "Host": "localhost",
            "Cookie": "; ".join(f"{name}={value}" for name, value in cookies.items()),
        }
        body = None
        if said:
            said |= {"csrfmiddlewaretoken": cookies["form"]}
            body = urlencode(said, doseq=True)
            headers["Content-Type"] = "application/x-www-form-urlencoded"
        connection = UnixConnection(self.folder.socket)
        connection.request("POST" if said else "GET", page, body, headers)
        answer = connection.getresponse()
        words = answer.read().decode()
        self.keep_cookies(cookies, answer, words)
        connection.close()
        return answer.status, words

    def keep_cookies(
        self, cookies: dict[str, str], answer: HTTPResponse, page: str
    ) -> None:
        for header in answer.headers.get_all("Set-Cookie") or ():
            name, _equals, rest = header.partition("=")
            cookies[name] = rest.partition(";")[0]
        _before, found, rest = page.partition('name="csrfmiddlewaretoken" value="')
        if found:
            cookies["form"] = rest.partition('"')[0]
