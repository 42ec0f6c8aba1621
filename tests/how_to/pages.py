"""The how-tos, read so that a test can do what they ask.

Each section of a page is a step. A block whose first line names a file changes it:

    ```diff amana/care/referrals/steps.py      lines to add or to remove
    ```python amana/care/referrals/new.py      a new file
    ```po fr                                   translations of collected texts
    ```sh                                      what is typed

A step that names a test, or a command of `./run check`, after “Forgotten?” is one whose
absence this notices.
"""

import os
import re
import shutil
import subprocess
import sys
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from pathlib import Path

from babel.messages.pofile import read_po

from tests.architecture.code import ROOT
from tools import translations

FOLDER = ROOT / "docs/how-to"
BLOCK = re.compile(r"^```(\w+)(?: (\S+))?\n(.*?)^```$", re.MULTILINE | re.DOTALL)
SECTION = re.compile(r"^## (.+)$", re.MULTILINE)
FORGOTTEN = re.compile(r"^\*Forgotten\?\* `([^`]+)`", re.MULTILINE)
LAST = "See that it works"
LEFT_OUT = "docs/manual/images/"
"""Pictures, which no test of a how-to asks for: nine tenths of what there is."""


class Misfit(Exception):
    """A block does not fit the house: a page has aged, or a step was left out."""


@dataclass(frozen=True)
class Block:
    kind: str
    target: str
    """A file or a language; empty for what is typed."""
    body: str


@dataclass(frozen=True)
class Step:
    title: str
    blocks: tuple[Block, ...]
    noticed_by: str
    """The test or command that fails where the step is forgotten, if one does."""


def names() -> list[str]:
    return sorted(path.stem for path in FOLDER.glob("*.md"))


def read_steps(name: str) -> list[Step]:
    """Read a page's sections that have something to do, in order."""
    _before, *parts = SECTION.split((FOLDER / f"{name}.md").read_text())
    steps = []
    for title, text in zip(parts[::2], parts[1::2], strict=True):
        blocks = tuple(Block(*found) for found in BLOCK.findall(text))
        noticed = FORGOTTEN.search(text)
        if blocks:
            steps.append(Step(title, blocks, noticed[1] if noticed else ""))
    return steps


# --- changing files


def edit(text: str, diff: str, of: str) -> str:
    """Apply the hunks of a diff, each of which has to fit in one place alone."""
    for hunk in re.split(r"^@@\n", diff, flags=re.MULTILINE):
        lines = hunk.splitlines(keepends=True)
        before = "".join(line[1:] or "\n" for line in lines if line[0] != "+")
        after = "".join(line[1:] or "\n" for line in lines if line[0] != "-")
        if text.count(before) != 1:
            places = text.count(before) or "no"
            raise Misfit(f"{of} has {places} places for:\n{hunk}")
        text = text.replace(before, after)
    return text


def change_texts(files: Mapping[str, str], blocks: Iterable[Block]) -> dict[str, str]:
    """Change files, given by their paths, as the blocks of a page ask."""
    changed = dict(files)
    for block in blocks:
        if block.kind == "diff":
            changed[block.target] = edit(
                changed[block.target], block.body, block.target
            )
        elif block.kind not in ("sh", "po") and block.target:
            if block.target in changed:
                raise Misfit(f"{block.target} is there already")
            changed[block.target] = block.body
    return changed


def read_texts(root: Path, blocks: Iterable[Block]) -> dict[str, str]:
    """Read the files that blocks name, as far as they are there."""
    paths = {block.target for block in blocks if block.target}
    return {
        path: (root / path).read_text() for path in paths if (root / path).is_file()
    }


# --- a copy of the repository


class Copy:
    """The repository as it is in this folder, to be changed."""

    def __init__(self, root: Path) -> None:
        self.root = root

    @classmethod
    def make(cls, root: Path) -> "Copy":
        words = ["git", "ls-files", "-z", "--cached", "--others", "--exclude-standard"]
        listed = subprocess.check_output(words, cwd=ROOT, text=True).split("\0")
        made = ("amana/locale/**/*.mo", ".pytest_cache/d/migrated/*.sqlite")
        others = (path.relative_to(ROOT) for glob in made for path in ROOT.glob(glob))
        for name in [*listed, *map(str, others)]:
            source, to = ROOT / name, root / name
            if source.is_file() and not name.startswith(LEFT_OUT):
                to.parent.mkdir(parents=True, exist_ok=True)
                shutil.copy2(source, to)
        (root / ".venv").symlink_to(Path(sys.prefix))
        return cls(root)

    def copy(self, to: Path) -> "Copy":
        shutil.copytree(self.root, to, symlinks=True, dirs_exist_ok=True)
        return Copy(to)

    def follow(self, step: Step) -> None:
        for block in step.blocks:
            if block.kind == "sh":
                self.check(block.body)
            elif block.kind == "po":
                self.translate(block.target, block.body)
            else:
                self.change(block)

    def change(self, block: Block) -> None:
        before = read_texts(self.root, [block])
        for path, text in change_texts(before, [block]).items():
            to = self.root / path
            to.parent.mkdir(parents=True, exist_ok=True)
            to.write_text(text)

    def translate(self, language: str, body: str) -> None:
        """Fill in translations of texts that `./run messages` has collected."""
        product = self.root / "amana"
        catalog = translations.translated(language, product)
        for message in read_po(body.splitlines(keepends=True), locale=language):
            if not message.id:
                continue
            there = catalog.get(message.id, message.context)
            if there is None:
                raise Misfit(f"No text “{message.id}” was collected.")
            there.string = message.string
        translations.save(product, language, catalog)
        self.check("python -m tools.translations compile")

    def check(self, script: str) -> None:
        """Type what is to be typed, and see that it goes well."""
        done = self.run(["sh", "-euc", script])
        printed = done.stdout[-4000:] + done.stderr[-2000:]
        assert done.returncode == 0, f"{script}\n{printed}"

    def fails(self, noticed_by: str) -> bool:
        """Whether a test, or a command, fails: not, that it could not be run."""
        words = noticed_by.split()
        done = self.run(words if words[0] == "python" else ["pytest", "-x", *words])
        assert done.returncode in (0, 1), done.stdout[-4000:] + done.stderr[-2000:]
        return done.returncode == 1

    def run(self, words: list[str]) -> subprocess.CompletedProcess[str]:
        # Not as a part of the run that this is: its settings are for the house itself.
        env = {k: v for k, v in os.environ.items() if not k.startswith("PYTEST_")}
        env.pop("AMANA_NIGHTLY", None)
        path = f"{self.root / '.venv/bin'}:{env['PATH']}"
        return subprocess.run(
            words,
            cwd=self.root,
            env=env | {"PATH": path, "DJANGO_SETTINGS_MODULE": "amana.settings"},
            capture_output=True,
            text=True,
        )
