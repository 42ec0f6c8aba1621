"""What `./run hooks` puts on: a commit is checked quickly, and asked for its reason."""

import os
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

from tests.architecture.code import ROOT

BIN = Path(sys.executable).parent
CLEAN = '"""A module."""\n\nA = 1\n'
TEMPLATE = "amana/home/templates/home/today.html"
TRANSLATIONS = "python -m tools.translations check"
REASON = "Count from one\n\nPeople count so.\n"


class Clone:
    """A repository with our hooks, and programs that note what they are asked."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self.asked = folder / "asked"
        shutil.copytree(ROOT / ".githooks", folder / ".githooks")
        shutil.copy(ROOT / "pyproject.toml", folder)
        self.write("amana/__init__.py", "")
        self.git("init", "-q")
        self.git("config", "core.hooksPath", ".githooks")
        (folder / ".venv/bin").mkdir(parents=True)
        (folder / ".venv/bin/ruff").symlink_to(BIN / "ruff")
        for name in ("djade", "python"):
            self.write(f".venv/bin/{name}", f'#!/bin/sh\necho {name} "$@" >>asked\n')
            (folder / ".venv/bin" / name).chmod(0o755)

    def git(self, *words: str) -> subprocess.CompletedProcess[str]:
        # No settings of this machine or of a hook that runs this test.
        env = {k: v for k, v in os.environ.items() if not k.startswith("GIT_")}
        who = {"NAME": "A", "EMAIL": "a@example.org"}
        env |= {
            f"GIT_{role}_{k}": v
            for role in ("AUTHOR", "COMMITTER")
            for k, v in who.items()
        }
        return subprocess.run(
            ["git", *words],
            cwd=self.folder,
            env=env | {"GIT_CONFIG_GLOBAL": os.devnull, "GIT_CONFIG_NOSYSTEM": "1"},
            capture_output=True,
            text=True,
        )

    def write(self, name: str, text: str) -> None:
        path = self.folder / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(text)

    def commit(self, name: str, text: str, message: str = REASON) -> bool:
        self.write(name, text)
        self.git("add", name)
        done = self.git("commit", "-q", "-m", message)
        self.said = done.stdout + done.stderr
        return done.returncode == 0


@pytest.fixture
def clone(tmp_path: Path) -> Clone:
    return Clone(tmp_path)


def test_a_commit_that_is_right_is_made_in_silence(clone: Clone) -> None:
    assert clone.commit("amana/one.py", CLEAN)
    assert clone.said == ""
    assert not clone.asked.exists()


@pytest.mark.parametrize("text", ["import os\n\nA = 1\n", "A  =  1\n"])
def test_style_and_format_are_checked(clone: Clone, text: str) -> None:
    assert not clone.commit("amana/one.py", text)
    assert "./run format" in clone.said
    assert clone.commit("amana/one.py", CLEAN)


def test_only_what_is_in_the_commit_is_checked(clone: Clone) -> None:
    clone.write("amana/other.py", "A  =  1\n")
    assert clone.commit("amana/one.py", CLEAN)


def test_what_was_changed_since_is_named(clone: Clone) -> None:
    clone.write("amana/one.py", "A  =  1\n")
    clone.git("add", "amana/one.py")
    clone.write("amana/one.py", CLEAN)
    done = clone.git("commit", "-q", "-m", REASON)
    assert "not in this commit: amana/one.py" in done.stderr


def test_migrations_are_left_as_django_writes_them(clone: Clone) -> None:
    assert clone.commit("amana/migrations/0001_initial.py", "import os\nA  =  1\n")


@pytest.mark.parametrize(
    ("name", "asked"),
    [
        (
            "amana/locale/fr/LC_MESSAGES/django.po",
            ["python -m tools.translations check"],
        ),
        (
            "amana/home/templates/home/today.html",
            [
                "djade --check amana/home/templates/home/today.html",
                "python -m tools.translations check",
            ],
        ),
        ("README.md", []),
    ],
)
def test_each_kind_of_file_has_its_check(
    clone: Clone, name: str, asked: list[str]
) -> None:
    assert clone.commit(name, "text\n")
    said = clone.asked.read_text().splitlines() if clone.asked.exists() else []
    assert said == asked


@pytest.mark.parametrize(
    ("message", "reminded"),
    [
        (REASON, False),
        ("Count from one", True),
        ("Count from one\n\nCo-authored-by: B <b@example.org>\n", True),
        ("Count from one\n\n# Please enter the message\n", True),
        ("Merge branch 'other'", False),
        ("fixup! Count from one", False),
    ],
)
def test_a_commit_is_asked_for_its_reason(
    clone: Clone, message: str, reminded: bool
) -> None:
    clone.git("config", "commit.cleanup", "strip")
    assert clone.commit("amana/one.py", CLEAN, message)
    assert ("Give the reason" in clone.said) is reminded


def test_without_packages_a_commit_is_made_and_says_so(clone: Clone) -> None:
    shutil.rmtree(clone.folder / ".venv")
    assert clone.commit("amana/one.py", "A  =  1\n")
    assert "./run brings them" in clone.said


def test_the_hooks_can_be_started() -> None:
    hooks = sorted((ROOT / ".githooks").iterdir())
    assert [hook.name for hook in hooks] == ["commit-msg", "pre-commit"]
    assert all(os.access(hook, os.X_OK) for hook in hooks)
