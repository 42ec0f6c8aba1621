"""A draft's files by where they belong, and what has to be mended in each."""

import re
from collections import defaultdict
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field

from amana.academy.courses.engine import files as places
from amana.academy.courses.engine.reading import CheckedCourse
from amana.faults import Fault

OF = re.compile(r"^translated_from:.*$", re.MULTILINE)


@dataclass
class DraftFileLine:
    path: str
    name: str
    """Within its shelf."""
    faults: int = 0
    remarks: int = 0

    @property
    def form(self) -> str:
        """The form that edits it: of a lesson, of questions, of sources; empty for a
        file that is edited as text."""
        return find_form(self.path)


@dataclass
class FileShelf:
    """Files of the whole course, or of one module."""

    name: str
    lines: list[DraftFileLine] = field(default_factory=list)


def list_shelves(paths: Iterable[str], checked: CheckedCourse) -> list[FileShelf]:
    faults, remarks = group_by_file(checked.faults), group_by_file(checked.remarks)
    found: dict[str, FileShelf] = {"": FileShelf("")}
    for path in sorted(paths):
        folder = get_folder(path)
        shelf = found.setdefault(folder, FileShelf(folder))
        name = path.removeprefix(f"modules/{folder}/") if folder else path
        shelf.lines.append(
            DraftFileLine(path, name, len(faults[path]), len(remarks[path]))
        )
    return list(found.values())


def find_form(path: str) -> str:
    """Find which form edits a file; empty for none."""
    if places.LESSON.fullmatch(path):
        return "lesson"
    found = places.OF_MODULE.fullmatch(path)
    if found and found["what"] in ("bank", "questions"):
        return "questions"
    return "sources" if path == "sources.yaml" else ""


def get_folder(path: str) -> str:
    parts = path.split("/")
    return parts[1] if parts[0] == "modules" and len(parts) > 2 else ""


def group_by_file(faults: Iterable[Fault]) -> dict[str, list[Fault]]:
    found: dict[str, list[Fault]] = defaultdict(list)
    for fault in faults:
        found[fault.file].append(fault)
    return found


def list_other_faults(checked: CheckedCourse, paths: Iterable[str]) -> list[Fault]:
    """List the faults of no file that is there: of one that is missing, or of all."""
    known = set(paths)
    return [fault for fault in checked.faults if fault.file not in known]


def find_original(path: str, files: Mapping[str, bytes], first: str) -> bytes | None:
    """Find, of a translated lesson or piece of a kit, the one in the course's first
    language."""
    found = places.LESSON.fullmatch(path) or places.KIT.fullmatch(path)
    if found is None or found["language"] == first:
        return None
    begins, ends = found.span("language")
    return files.get(f"{path[:begins]}{first}{path[ends:]}")


def mark_translation(text: str, sha256: str) -> str:
    """Mark in its head of which wording a text is a translation."""
    line = f"translated_from: {sha256}"
    if OF.search(text):
        return OF.sub(line, text, count=1)
    return text.replace("\n---\n", f"\n{line}\n---\n", 1)
