"""Read a Markdown file of a course: its head between two lines of three hyphens, and
its body."""

from collections.abc import Mapping
from dataclasses import dataclass
from functools import cached_property
from hashlib import sha256
from typing import Any

from amana.academy.courses.engine import prose
from amana.faults import Fault
from amana.yaml_files import yamls

FENCE = "---"


@dataclass(frozen=True)
class MarkdownFile:
    """A text of a course in one language."""

    file: str
    folder: str
    language: str
    part: str
    source: yamls.YAMLSource
    """Its head."""
    body: str
    first: int
    """The line on which the body begins."""
    sha256: str

    @property
    def said(self) -> Mapping[str, Any]:
        plain: Mapping[str, Any] = self.source.plain
        return plain

    @cached_property
    def blocks(self) -> list[prose.MarkdownBlock]:
        return prose.parse_blocks(self.body, self.first)

    @property
    def cites(self) -> list[str]:
        """Each source once, in the order in which the text comes to it."""
        return list(dict.fromkeys(key for block in self.blocks for key in block.cites))

    def is_current(self, original: "MarkdownFile") -> bool:
        """Check whether a translation is, as far as it records, of the present
        wording."""
        return self.said.get("translated_from") in (None, original.sha256)

    def fault(self, line: int, sentence: str, /, **values: object) -> Fault:
        return Fault(self.file, line, sentence, values)


def read_markdown(
    file: str, content: bytes, no_head: str, *, folder: str, language: str, part: str
) -> MarkdownFile:
    """Read a file. Raises UnreadableYAML, with the sentence `no_head` where it has no
    head."""
    text = yamls.decode_text(file, content).replace("\r\n", "\n")
    lines = text.split("\n")
    ends = [at for at, line in enumerate(lines[1:], 1) if line.rstrip() == FENCE]
    if lines[0].rstrip() != FENCE or not ends:
        raise yamls.UnreadableYAML(file, 1, no_head)
    # An empty first line in place of the hyphens keeps the numbers of the lines.
    source = yamls.read_yaml(file, "\n".join(["", *lines[1 : ends[0]]]).encode())
    return MarkdownFile(
        file=file,
        folder=folder,
        language=language,
        part=part,
        source=source,
        body="\n".join(lines[ends[0] + 1 :]),
        first=ends[0] + 2,
        sha256=sha256(content).hexdigest(),
    )
