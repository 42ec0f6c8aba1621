"""The first of the README's two commands, as newcomers give it: in an empty folder."""

import os
import socket
import subprocess
import sys
import time
from pathlib import Path

import pytest
from playwright.sync_api import Page, expect

ROOT = Path(__file__).parents[2]


def a_free_port() -> int:
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port: int = free.getsockname()[1]
        return port


def wait_for(port: int, *, seconds: int = 20) -> None:
    until = time.monotonic() + seconds
    while time.monotonic() < until:
        with socket.socket() as visitor:
            if visitor.connect_ex(("127.0.0.1", port)) == 0:
                return
        time.sleep(0.1)
    pytest.fail("The demo says that it serves, and nobody answers.")


@pytest.fixture
def demo(tmp_path):
    """A demo that says it serves; the line before tells how it got there."""
    port = a_free_port()
    environment = os.environ | {"AMANA_DEMO": "1", "AMANA_VAR": str(tmp_path)}
    environment.pop("DATABASE_URL", None)
    command = [sys.executable, "manage.py", "demo", "--port", str(port)]
    with subprocess.Popen(
        command,
        cwd=ROOT,
        env=environment,
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        text=True,
        encoding="utf-8",
    ) as running:
        assert running.stdout
        said = []
        for line in running.stdout:
            said.append(line)
            if line.startswith("Serving on"):
                break
        else:
            pytest.fail("".join(said))
        wait_for(port)
        yield f"http://localhost:{port}/demo/", "".join(said)
        running.terminate()


@pytest.mark.xdist_group("demo")
def test_the_demo_builds_itself_in_an_empty_folder_and_lets_anyone_in(
    demo, page: Page
) -> None:
    address, said = demo
    assert "Sign in as" in said
    for name in ("Karim Bensalah", "Salma Haddou"):
        page.goto(address)
        page.get_by_role("button", name=name).first.click()
        expect(page.get_by_role("heading", level=1)).to_be_visible()
        expect(page).not_to_have_url(address)
