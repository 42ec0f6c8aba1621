"""Moments of an exercise from which it can be played again: a copy of all that it is,
taken before an inject comes."""

import json
import shutil
import sqlite3
from contextlib import closing
from threading import Lock

from django.conf import settings

from amana.sandbox.here import FOLDER
from amana.sandbox.stage import FILE, Stage, drop_marks

MOST = 24
"""Copies that are kept: each has some ten million bytes."""
COPYING = Lock()
BEFORE_THE_DATABASE = ("audit*", "*.key")
"""What is copied first: what only grows may be older than the database, and then lacks
its end; newer, it would name what the database has not."""


def keep_moment(stage: Stage, codes: list[str]) -> None:
    """Keep what the exercise is before these injects come. It appears whole, or a copy
    that was broken off is left aside."""
    # Two who press at once, or one who does in a turn: each would remove the other's.
    with COPYING:
        kept = FOLDER.list_moments()
        if len(kept) < MOST and all(codes != moment.codes for moment in kept):
            copy_all(stage, codes, f"{len(kept) + 1:02}")


def copy_all(stage: Stage, codes: list[str], name: str) -> None:
    beside = FOLDER.moments / "being-copied"
    shutil.rmtree(beside, ignore_errors=True)
    beside.mkdir(parents=True)
    at = stage.now()
    for pattern in BEFORE_THE_DATABASE:
        for path in FOLDER.path.glob(pattern):
            shutil.copyfile(path, beside / path.name)
    (beside / FILE).write_bytes(drop_marks(stage.file.read_bytes()))
    copy_database(beside / FOLDER.database.name)
    described = {"codes": codes, "at": at.isoformat()}
    (beside / FOLDER.MOMENT).write_text(json.dumps(described), encoding="utf-8")
    beside.rename(FOLDER.moments / name)


def copy_database(to: object) -> None:
    # By a connection of its own, while others write: it is as it was at one moment.
    name = settings.DATABASES["default"]["NAME"]
    with (
        closing(sqlite3.connect(str(name))) as here,
        closing(sqlite3.connect(str(to))) as there,
    ):
        here.backup(there)
