"""Mechanisms that came along as folders, to be printed as templates."""

from functools import lru_cache
from pathlib import Path

from django.conf import settings

from amana.design.mechanism.documents.source import PrintedEdition, build_file_edition
from amana.design.mechanism.pack import files, reading
from amana.design.mechanism.pack.pack_model import Pack

FOLDER: Path = settings.ROOT / "mechanisms"

KINDS = ("sop", "map", "information-sharing", "agreement", "consent")
"""The papers that a course hands out as templates, and each form."""


def list_names() -> list[str]:
    """List the folders that hold a mechanism."""
    if not FOLDER.is_dir():
        return []
    return sorted(path.parent.name for path in FOLDER.glob("*/mechanism.yaml"))


# A pack is many files to read and check, and never changes while we run.
@lru_cache(maxsize=8)
def read(folder: Path) -> Pack | None:
    """Read a folder's pack; None if it has a fault: those that are shipped have none,
    which a test checks.
    """
    pack, _faults = reading.read_pack(files.read_folder(folder))
    return pack


def load_pack(name: str) -> Pack | None:
    return read(FOLDER / name) if name in list_names() else None


def build_edition(pack: Pack) -> PrintedEdition:
    return build_file_edition(pack.files)
