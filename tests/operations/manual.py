"""The commands of the manual, as they are written there."""

import re
from dataclasses import dataclass
from textwrap import dedent

from tests.architecture.code import ROOT

FOLDER = ROOT / "docs/operations"
BLOCK = re.compile(r"^( *)```sh\n(.*?)^ *```$", re.M | re.S)
HEADING = re.compile(r"^## (.+)$", re.M)


@dataclass(frozen=True)
class Section:
    """A part of a page whose commands are run one after the other."""

    page: str
    heading: str


def blocks(section: Section) -> list[str]:
    """The shell blocks of a section, in order."""
    text = (FOLDER / f"{section.page}.md").read_text()
    after = text.partition(f"\n## {section.heading}\n")[2]
    if not after:
        raise LookupError(f"{section.page}.md has no section “{section.heading}”.")
    return [dedent(found[2]) for found in BLOCK.finditer(HEADING.split(after)[0])]


def sections(page: str) -> list[Section]:
    """The sections of a page that have something to run."""
    text = (FOLDER / f"{page}.md").read_text()
    named = (Section(page, heading) for heading in HEADING.findall(text))
    return [section for section in named if blocks(section)]
