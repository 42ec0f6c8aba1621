"""What may be kept as a file, and the harmless copy that people see."""

import hashlib
import unicodedata
from dataclasses import dataclass
from pathlib import PurePosixPath

from django.utils.functional import Promise
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from amana import confined
from amana.answers import require_kind, unpack_head
from amana.errors import Refused

LARGEST = 10 * 1024 * 1024
LONGEST_NAME = 120
LIMITS = confined.Limits(memory=1_500, seconds=20, answer=64)
"""A picture of 50 million pixels takes most of it; redrawn, it may be larger than it
came. Of the answer a line is read, and the picture never."""

ENDINGS = {
    ".pdf": "application/pdf",
    ".jpg": "image/jpeg",
    ".jpeg": "image/jpeg",
    ".png": "image/png",
    ".webp": "image/webp",
}
ACCEPTED = ",".join(ENDINGS)

DECEIVING = frozenset(
    ".app .bat .bin .chm .cmd .com .cpl .dll .docm .elf .exe .hta .htm .html .iso .jar "  # noqa: SIM905
    ".js .jse .lnk .mht .msi .php .pif .ps1 .py .rar .reg .scr .sh .svg .vbe .vbs .wsf "
    ".xhtml .xlsm .xml .zip".split()
) | frozenset(ENDINGS)
"""Endings that have no place before the last one: `photo.exe.jpg`."""

NO: dict[str, str | Promise] = {
    "kind": gettext_lazy(
        "Only PDF, JPEG, PNG and WebP can be added. Save the file as a PDF first."
    ),
    "malware": gettext_lazy("This file contains malware. It was not kept."),
    "two_kinds": gettext_lazy(
        "This file hides another kind of file. Print it to a new PDF, or photograph it."
    ),
    "pixels": gettext_lazy("This picture is too large: at most 50 million pixels."),
    "pages": gettext_lazy("This PDF is too long: at most 500 pages."),
    "password": gettext_lazy("This PDF is locked with a password. Unlock it first."),
    "damaged": gettext_lazy("This file is damaged, so it can’t be shown safely."),
}


@dataclass(frozen=True)
class InspectedFile:
    """A file that may stay: what it is, as it came, and the copy that people see."""

    kind: str
    name: str
    original: bytes
    shown: bytes
    sha256: str


def inspect_file(content: bytes, name: str, *, by: int | None = None) -> InspectedFile:
    """Refuse what is too large, disguised, hostile or damaged; `by` is the id of the
    person who brings it. To be called before the transaction in which the file is kept.
    """
    if not content:
        raise Refused(_("This file is empty."))
    if len(content) > LARGEST:
        raise Refused(_("This file is too large: at most 10 MB."))
    clean = clean_name(name)
    expected = get_kind_by_name(clean)
    kind, shown = make_safe_copy(content, by)
    if kind != expected:
        raise Refused(_("This file’s name doesn’t match its content."))
    sha256 = hashlib.sha256(content).hexdigest()
    return InspectedFile(kind, clean, content, shown, sha256)


def clean_name(name: str) -> str:
    """Take the last part of a path, without characters that are invisible or that
    reorder.
    """
    last = name.replace("\\", "/").rsplit("/", 1)[-1]
    # Unicode's category C holds controls, and among them the marks with which `gpj.exe`
    # reads as `exe.jpg`.
    seen = "".join(c for c in last if unicodedata.category(c)[0] != "C").strip()
    stem, ending = PurePosixPath(seen).stem, PurePosixPath(seen).suffix
    return stem[: LONGEST_NAME - len(ending)] + ending


def get_kind_by_name(name: str) -> str:
    """Get the media type that a name promises. Raises `Refused` for a kind that is not
    accepted, or for two extensions of which the first deceives.
    """
    *before, ending = [s.lower() for s in PurePosixPath(name).suffixes] or [""]
    if ending not in ENDINGS:
        raise Refused(str(NO["kind"]))
    if DECEIVING.intersection(before):
        raise Refused(_("This file’s name has two extensions. Rename it first."))
    return ENDINGS[ending]


def make_safe_copy(content: bytes, by: int | None = None) -> tuple[str, bytes]:
    """Find the kind and make the copy, in a process that can't write files."""
    work = "amana.trust.vault.safe_copy:answer"
    return confined.run_confined(work, content, parse_copy, by=by, limits=LIMITS)


def parse_copy(answer: bytes) -> tuple[str, bytes]:
    head, shown = unpack_head(answer)
    if "no" in require_kind(head, dict):
        raise Refused(str(NO[head["no"]]))
    # The confined process has read a hostile file: what it answers is not trusted.
    if head["kind"] not in ENDINGS.values():
        raise ValueError("The answer has a kind that is not accepted.")
    return head["kind"], shown
