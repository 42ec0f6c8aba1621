"""The commands of the manual, as they are written there.

A block that begins with ```sh is for all; one with ```sh postgresql or ```sh sqlite for
those who have that database.
"""

import re
from dataclasses import dataclass
from textwrap import dedent

from tests.architecture.code import ROOT

FOLDER = ROOT / "docs/operations"
DATABASES = ("postgresql", "sqlite")
BLOCK = re.compile(r"^ *```sh(?: (\w+))?\n(.*?)^ *```$", re.M | re.S)
HEADING = re.compile(r"^## (.+)$", re.M)


@dataclass(frozen=True)
class Section:
    """A part of a page whose commands are run one after the other."""

    page: str
    heading: str


def blocks(section: Section, database: str) -> list[str]:
    """Find the shell blocks of a section for who has this database, in order."""
    text = (FOLDER / f"{section.page}.md").read_text()
    after = text.partition(f"\n## {section.heading}\n")[2]
    if not after:
        raise LookupError(f"{section.page}.md has no section “{section.heading}”.")
    found = BLOCK.findall(HEADING.split(after)[0])
    return [dedent(block) for whose, block in found if whose in ("", database)]


def sections(page: str, database: str) -> list[Section]:
    """Find the sections of a page that have something to run."""
    text = (FOLDER / f"{page}.md").read_text()
    named = (Section(page, heading) for heading in HEADING.findall(text))
    return [section for section in named if blocks(section, database)]
