"""What was agreed, as a chapter of a mechanism's procedures and as values in its
files."""

import json
import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from hashlib import sha256

from amana.academy.practice.labs.engine.lab import LabScript
from amana.design.mechanism import writing
from amana.design.mechanism.pack.files import Files

CHAPTER = re.compile(r"sop/[^/]+/(\d\d)-[^/]+\.md")
HEADING = re.compile(r"^[ \t]*#+[ \t]*", re.MULTILINE)
UNDISPLAYABLE = re.compile("[\0-\x08\x0b\x0c\x0e-\x1f\x7f\u202d\u202e\ufffe\uffff]")
LONGEST_ID = 60


@dataclass(frozen=True)
class AgreedWords:
    """What the parties agreed on for a clause."""

    option: str
    """The code of its choice; empty: the clause has none."""
    words: str


class NoAgreement(ValueError):
    """A clause is still open."""


def compute_fingerprint(agreed: Mapping[str, AgreedWords]) -> str:
    """Compute the hash of the text that the parties sign."""
    # Sorted, because clauses are agreed in any order.
    told = [[code, agreed[code].option, agreed[code].words] for code in sorted(agreed)]
    return sha256(json.dumps(told, ensure_ascii=False).encode()).hexdigest()


def write_agreed(
    files: Files,
    agreed: Mapping[str, AgreedWords],
    scripts: Mapping[str, LabScript],
    notes: Mapping[str, str],
) -> Files:
    """Write what was agreed into the files of the mechanism; the rest stays as its
    author wrote it. `scripts` has the negotiation in each language of the mechanism,
    `notes` a line above the words for those in which they were not written. Raises
    `NoAgreement` while a clause is open."""
    lab = next(iter(scripts.values()))
    if set(lab.clauses) - set(agreed):
        raise NoAgreement
    written = dict(files)
    for path, values in group_values(lab, agreed).items():
        # By the code of the web editor, which changes these values alone: what is
        # signed is a mechanism that loads (ADR 20).
        written |= writing.write_values(written, path, values)
    written |= writing.write_values(
        written, "mechanism.yaml", dict(name_draft(scripts))
    )
    number = find_free_number(files)
    for language, script in scripts.items():
        path = f"sop/{language}/{number:02d}-{lab.code}.md"
        text = format_chapter(script, agreed, notes.get(language, ""))
        written[path] = text.encode()
    return written


def group_values(
    lab: LabScript, agreed: Mapping[str, AgreedWords]
) -> dict[str, dict[tuple[str | int, ...], object]]:
    """Group the values of the choices by the file in which each is written."""
    by_file: dict[str, dict[tuple[str | int, ...], object]] = {}
    for code, clause in lab.clauses.items():
        if clause.file:
            value = clause.options[agreed[code].option].value
            by_file.setdefault(clause.file, {})[clause.place] = value
    return by_file


def name_draft(
    scripts: Mapping[str, LabScript],
) -> Iterator[tuple[tuple[str | int, ...], object]]:
    """Give the mechanism an id, a title and a notice of its own."""
    lab = next(iter(scripts.values()))
    # Loaded where the negotiated mechanism is in force, it must not become that one's
    # next version.
    own = f"{lab.pack}_{lab.code}".replace("-", "_")[:LONGEST_ID]
    yield ("id",), own
    yield ("title",), {language: lab.title for language, lab in scripts.items()}
    if lab.notice:
        yield ("notice",), {language: lab.notice for language, lab in scripts.items()}


def find_free_number(files: Files) -> int:
    taken = {int(found[1]) for name in files if (found := CHAPTER.fullmatch(name))}
    after = max(taken, default=0) + 1
    return after if after < 100 else min(set(range(1, 100)) - taken)


def format_chapter(lab: LabScript, agreed: Mapping[str, AgreedWords], note: str) -> str:
    """Format the chapter of the procedures: a heading for each clause, the choice, and
    the words as they were agreed."""
    parts = [f"# {lab.title}", lab.notice, note]
    for code, clause in lab.clauses.items():
        found = agreed[code]
        parts += [
            f"## {clause.title}",
            f"**{choice}**" if (choice := clause.format_option(found.option)) else "",
            clean_words(found.words),
        ]
    return "\n\n".join(part for part in parts if part) + "\n"


def clean_words(words: str) -> str:
    """Make people's words safe for the file: they hold no heading, no place that the
    mechanism would fill, and nothing that can't be displayed."""
    plain = UNDISPLAYABLE.sub("", words.replace("\r\n", "\n"))
    plain = HEADING.sub("", plain)
    # Twice, since "{{{" would leave "{{" after the first time.
    for brace in ("{{", "}}", "{{", "}}"):
        plain = plain.replace(brace, " ".join(brace))
    return plain.strip()
