"""Files outside the database that are there whole or not at all, also when a process is
killed or the power fails in the middle."""

import fcntl
import os
import shutil
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from amana.errors import Refused


def write_secret_once(path: Path, text: str) -> None:
    """Write a secret, for our eyes only; a second process takes what the first has
    written."""
    path.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
    made, name = tempfile.mkstemp(prefix=f".{path.name}.", dir=path.parent)
    unfinished = Path(name)
    try:
        with open(made, "w", encoding="utf-8") as file:
            file.write(text)
        flush_to_disk(unfinished)  # else a power failure leaves an empty key
        # Not `replace`: of two services that start at once, the second must not
        # overwrite the key with which the first has already sealed.
        os.link(unfinished, path)
    except FileExistsError:
        return
    finally:
        unfinished.unlink()
    flush_to_disk(path.parent)


def replace_file(file: Path, text: str, *, durable: bool = True) -> None:
    """Replace what a file said, for our eyes only, and wait until it is on the disk.
    Not `durable`: the folder may name the file before for a moment more."""
    file.parent.mkdir(parents=True, exist_ok=True)
    draft = file.with_name(f"{file.name}.new")
    with draft.open("w", encoding="utf-8") as out:
        # Before the first byte, so that no other user of the machine can open it
        # meanwhile.
        draft.chmod(0o600)
        out.write(text)
    flush_to_disk(draft)  # else a power failure leaves an empty file
    draft.replace(file)
    if durable:
        flush_to_disk(file.parent)


def flush_to_disk(path: Path) -> None:
    """Wait until a file, or what a folder lists, is on the disk."""
    opened = os.open(path, os.O_RDONLY)
    try:
        os.fsync(opened)
    finally:
        os.close(opened)


@contextmanager
def lock_folder(folder: Path, *, busy: str) -> Iterator[None]:
    """Keep other processes out of a folder. Raises Refused, with `busy`, while one
    works there."""
    folder.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
    with folder.with_name(f"{folder.name}.lock").open("a") as lock:
        try:
            fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError as error:
            raise Refused(busy) from error
        # A program that we start there, such as pg_basebackup, may outlive us; while it
        # does, no other process may clear the folder.
        os.set_inheritable(lock.fileno(), True)
        yield


@contextmanager
def make_scratch_folder(folder: Path, *, busy: str) -> Iterator[Path]:
    """Make an empty folder to work in, for our eyes only, that is gone afterwards. What
    a process that was killed has left there is deleted first. Raises Refused, with
    `busy`, while another is at work in it.

    A child that inherits open files holds the folder for as long as it runs."""
    with lock_folder(folder, busy=busy):
        if folder.exists():
            shutil.rmtree(folder)
        folder.mkdir(mode=0o700)
        try:
            yield folder
        finally:
            shutil.rmtree(folder)
