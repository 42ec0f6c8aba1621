"""Mechanisms that came along as folders, to be printed as templates."""

from functools import lru_cache
from pathlib import Path

from django.conf import settings

from amana.design.mechanism.pack import files, reading
from amana.design.mechanism.pack.model import Pack
from amana.design.mechanism.paper.source import Edition, edition_of_files

FOLDER: Path = settings.ROOT / "mechanisms"

KINDS = ("sop", "map", "information-sharing", "agreement", "consent")
"""The papers that a course hands out as templates, and each form."""


def names() -> list[str]:
    """Of the folders that hold one."""
    if not FOLDER.is_dir():
        return []
    return sorted(path.parent.name for path in FOLDER.glob("*/mechanism.yaml"))


@lru_cache(maxsize=8)
def read(folder: Path) -> Pack | None:
    """None where it has a fault: what comes along has none, and a test looks."""
    pack, _faults = reading.read(files.of_folder(folder))
    return pack


def pack(name: str) -> Pack | None:
    return read(FOLDER / name) if name in names() else None


def edition(pack: Pack) -> Edition:
    return edition_of_files(pack.files)
