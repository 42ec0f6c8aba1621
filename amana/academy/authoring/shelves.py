"""A draft's files by where they belong, and what has to be mended in each."""

import re
from collections import defaultdict
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field

from amana.academy.courses.engine import files as places
from amana.academy.courses.engine.reading import Checked
from amana.design.mechanism.engine.faults import Fault

OF = re.compile(r"^translated_from:.*$", re.MULTILINE)


@dataclass
class Line:
    path: str
    name: str
    """Within its shelf."""
    faults: int = 0
    remarks: int = 0


@dataclass
class Shelf:
    """Files of the whole course, or of one module."""

    name: str
    lines: list[Line] = field(default_factory=list)


def shelves(paths: Iterable[str], checked: Checked) -> list[Shelf]:
    faults, remarks = by_file(checked.faults), by_file(checked.remarks)
    found: dict[str, Shelf] = {"": Shelf("")}
    for path in sorted(paths):
        folder = folder_of(path)
        shelf = found.setdefault(folder, Shelf(folder))
        name = path.removeprefix(f"modules/{folder}/") if folder else path
        shelf.lines.append(Line(path, name, len(faults[path]), len(remarks[path])))
    return list(found.values())


def folder_of(path: str) -> str:
    parts = path.split("/")
    return parts[1] if parts[0] == "modules" and len(parts) > 2 else ""


def by_file(faults: Iterable[Fault]) -> dict[str, list[Fault]]:
    found: dict[str, list[Fault]] = defaultdict(list)
    for fault in faults:
        found[fault.file].append(fault)
    return found


def elsewhere(checked: Checked, paths: Iterable[str]) -> list[Fault]:
    """List the faults of no file that is there: of one that is missing, or of all."""
    known = set(paths)
    return [fault for fault in checked.faults if fault.file not in known]


def original_of(path: str, files: Mapping[str, bytes], first: str) -> bytes | None:
    """Find, of a translated lesson, the lesson in the course's first language."""
    found = places.LESSON.fullmatch(path)
    if found is None or found["language"] == first:
        return None
    return files.get(f"modules/{found['folder']}/{first}/{found['part']}.md")


def as_translation(text: str, sha256: str) -> str:
    """Mark in its head of which wording a lesson is a translation."""
    line = f"translated_from: {sha256}"
    if OF.search(text):
        return OF.sub(line, text, count=1)
    return text.replace("\n---\n", f"\n{line}\n---\n", 1)
