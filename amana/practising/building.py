"""Builds a practice installation, by our own clock."""

import json

from django.db import connection
from django.utils import timezone

from amana.academy.sandboxes.sandbox_folder import SandboxFolder
from amana.design.mechanism.pack import files, reading
from amana.practising.practice_country import PracticeCountry

BUILT = ("amana.sqlite3*", "audit*", "*.key")
"""What a building that was broken off leaves."""
BEGAN = "built.json"


def clear(folder: SandboxFolder) -> None:
    """Remove what was begun: half a country is built anew."""
    connection.close()
    for pattern in BUILT:
        for path in folder.path.glob(pattern):
            path.unlink()


def build(folder: SandboxFolder) -> None:
    """Build it, and write how far that is, and when it was done."""
    pack, faults = reading.read_pack(files.read_folder(folder.mechanism))
    assert pack is not None, faults
    country = PracticeCountry(pack, folder, folder.read_plan()["language"])
    for what, done, of in country.build():
        folder.write_progress(what, done, of)
        folder.require_wanted()
    began = json.dumps({"at": timezone.now().isoformat()})
    (folder.path / BEGAN).write_text(began)
    # As done only here: where a process is killed before, the next one begins anew.
    folder.write_progress("", 1, 1)
