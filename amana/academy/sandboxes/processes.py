"""The process that an installation runs in: started when someone comes, by whichever
process of the server they reach; ended by itself once it is left alone."""

import fcntl
import os
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from socket import AF_UNIX, SOCK_STREAM, socket
from threading import Thread

from django.conf import settings

from amana.academy.sandboxes.sandbox_folder import LONGEST_SOCKET, SandboxFolder
from amana.academy.sandboxes.sandbox_kinds import HasSandbox
from amana.errors import Refused

AGAIN = 30.0
"""Seconds before one that ended at its start, or could not be built, is tried anew."""
FAREWELL = 20.0
"""Seconds in which a process ends once it was told to."""


class StillRunning(Exception):
    """The process of an installation did not end in time."""


def ensure_running(sandbox: HasSandbox) -> bool:
    """Start the installation's process unless it runs; return whether it answers
    already. Raises Refused where too many run, or its folder is not on this server."""
    folder = sandbox.folder
    if not folder.path.exists():
        raise Refused(str(sandbox.sandbox_kind.is_elsewhere))
    if is_answering(folder):
        return True
    with hold(folder.path.parent / "starting"):
        # One at a time: each takes seconds until it answers, and of twenty people who
        # go in together each asks every two seconds.
        if not is_held(folder) and not was_started_lately(folder):
            require_room(sandbox)
            start(sandbox)
    return False


def is_answering(folder: SandboxFolder) -> bool:
    # Connected to, and not looked for: a process that dies leaves its socket's file.
    with socket(AF_UNIX, SOCK_STREAM) as here:
        here.settimeout(5)
        try:
            here.connect(str(folder.socket))
        except OSError:
            return False
    return True


@contextmanager
def hold(path: Path) -> Iterator[None]:
    """Hold a lock for as long as it takes, after the one that holds it."""
    with path.open("a") as file:
        fcntl.flock(file, fcntl.LOCK_EX)
        yield


def is_held(folder: SandboxFolder) -> bool:
    """Check whether a process runs in a folder, or is about to answer."""
    try:
        with folder.lock.open("a") as file:
            fcntl.flock(file, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except BlockingIOError:
        return True
    return False


def was_started_lately(folder: SandboxFolder) -> bool:
    started = folder.started
    return started.exists() and time.time() - started.stat().st_mtime < AGAIN


def require_room(sandbox: HasSandbox) -> None:
    kind, own = sandbox.sandbox_kind, sandbox.folder.path
    # By what runs in the folders next to it, so that no database is asked.
    running = [
        path
        for path in own.parent.iterdir()
        if path != own and path.is_dir() and is_held(SandboxFolder(path))
    ]
    if len(running) >= kind.at_once:
        raise Refused(kind.are_too_many % {"most": kind.at_once})
    if len(str(sandbox.folder.socket)) > LONGEST_SOCKET:
        raise Refused(kind.path_too_long % {"path": settings.VAR})


def start(sandbox: HasSandbox) -> None:
    """Start the process. It knows nothing of this installation: neither its secrets nor
    its database."""
    folder = sandbox.folder
    folder.started.touch()
    folder.over.unlink(missing_ok=True)
    # Its lock is taken here and handed on: no second one is started before it answers,
    # and it is free when that process ends, however it does.
    with folder.log.open("wb") as log, folder.lock.open("a") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
        process = subprocess.Popen(  # noqa: S603 — words of our own
            [
                *(sys.executable, str(settings.ROOT / "manage.py")),
                sandbox.sandbox_kind.command,
            ],
            env=build_environment(sandbox),
            cwd=settings.ROOT,
            stdin=subprocess.DEVNULL,
            stdout=log,
            stderr=log,
            pass_fds=[lock.fileno()],
            # What ends the worker that started it is not meant for it.
            start_new_session=True,
        )
    # Waited for, so that the system forgets it once it has ended.
    Thread(target=process.wait, daemon=True).start()


def build_environment(sandbox: HasSandbox) -> dict[str, str]:
    """Build it from nothing, so that no setting of this server gets into it."""
    folder = sandbox.folder
    return {
        "PATH": os.defpath,
        "DJANGO_SETTINGS_MODULE": "amana.settings",
        "AMANA_SANDBOX": str(folder.path),
        "AMANA_PREFIX": sandbox.prefix,
        "AMANA_BESIDE": os.pathsep.join(list_beside()),
        "AMANA_STATIC": str(settings.STATIC_ROOT),
        "ALLOWED_HOSTS": ",".join(settings.ALLOWED_HOSTS),
        "TRUSTED_PROXIES": "1",
        "SECRET_KEY": folder.read_plan()["secret"],
        "TIME_ZONE": folder.read_plan()["zone"],
        **sandbox.sandbox_kind.environment,
    }


def list_beside() -> list[str]:
    """List the folders and files of this server’s own installation, which no other
    reads."""
    database = settings.DATABASES["default"]
    found = [
        *(settings.VAR, settings.BACKUP_FOLDER, settings.WAL_FOLDER),
        *(settings.AUDIT_LOG_KEY_FILE, settings.AUDIT_ANCHOR, settings.ERASED_LIST),
        *(settings.WITNESS_KEY_FILE, settings.FACTS_KEY_FILE, settings.LTI_KEY_FILE),
        settings.CERTIFICATE_KEYS,
    ]
    if "sqlite" in str(database["ENGINE"]):
        found += [f"{database['NAME']}{end}" for end in ("", "-wal", "-shm")]
    return [os.path.abspath(str(path)) for path in found if str(path)]


def stop(folder: SandboxFolder) -> None:
    """End the process of an installation, if one runs. Raises StillRunning."""
    folder.over.touch()
    until = time.monotonic() + FAREWELL
    while is_held(folder):
        if time.monotonic() > until:
            raise StillRunning(folder.path.name)
        time.sleep(0.2)
