"""What surrounds a life of the machine: a transaction, all logs, and a folder of its
own."""

import logging
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from io import StringIO
from pathlib import Path
from unittest import mock

from django.db import transaction
from django.test import TestCase

from amana.trust.audit import anchor
from amana.trust.vault import roster

IN_THE_DATABASE = {"default": {"BACKEND": "django_tasks_db.DatabaseBackend"}}


@contextmanager
def all_in_one_transaction() -> Iterator[None]:
    """A life of the machine leaves nothing behind, in the database or beside it."""
    forget()
    with transaction.atomic():
        yield
        transaction.set_rollback(True)
    forget()


def forget() -> None:
    """What a file and this process know of the life before."""
    anchor.get_path().unlink(missing_ok=True)
    roster.seen.forget()


@contextmanager
def committed() -> Iterator[None]:
    """What an action leaves for after the commit is done then and there."""
    with TestCase.captureOnCommitCallbacks(execute=True), transaction.atomic():
        yield


@contextmanager
def everything_logged() -> Iterator[StringIO]:
    """All that any logger says, SQL with its parameters excepted."""
    said = StringIO()
    handler = logging.StreamHandler(said)
    root = logging.getLogger()
    level = root.level
    root.addHandler(handler)
    root.setLevel(logging.INFO)
    try:
        yield said
    finally:
        root.removeHandler(handler)
        root.setLevel(level)


@contextmanager
def own_temporary_files() -> Iterator[Path]:
    with (
        tempfile.TemporaryDirectory() as folder,
        mock.patch.object(tempfile, "tempdir", folder),
    ):
        yield Path(folder)
