"""The process that an exercise runs in: started when someone comes, by whichever
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
from django.urls import reverse
from django.utils.translation import gettext as _

from amana.academy.exercises.models import Exercise, get_folder_of_all
from amana.academy.exercises.sandbox_folder import LONGEST_SOCKET, SandboxFolder
from amana.errors import Refused

AT_ONCE = 4
"""Exercises that run at the same time: each takes some 200 MB."""
AGAIN = 30.0
"""Seconds before one that ended at its start, or could not be built, is tried anew."""
FAREWELL = 20.0
"""Seconds in which a process ends once it was told to."""


class StillRunning(Exception):
    """The process of an exercise did not end in time."""


def get_prefix(exercise: Exercise) -> str:
    """Get the part of the address by which an exercise is reached."""
    return reverse("scenarios:enter", args=[exercise.pk]).rstrip("/")


def ensure_running(exercise: Exercise) -> bool:
    """Start the exercise's process unless it runs; return whether it answers already.
    Raises Refused where too many run, or its folder is not on this server."""
    folder = exercise.folder
    if not folder.path.exists():
        raise Refused(
            _(
                "The installation of this exercise is not on this server. Open another "
                "exercise."
            )
        )
    if is_answering(folder):
        return True
    with hold(get_folder_of_all() / "starting"):
        # One at a time: each takes seconds until it answers, and of twenty people who
        # go in together each asks every two seconds.
        if not is_held(folder) and not was_started_lately(folder):
            require_room(exercise)
            start(exercise)
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


def require_room(exercise: Exercise) -> None:
    others = Exercise.objects.kept().exclude(pk=exercise.pk)
    running = [o for o in others if o.folder.path.exists() and is_held(o.folder)]
    if len(running) >= AT_ONCE:
        raise Refused(
            _(
                "%(most)s exercises already run on this server. Try again when one of "
                "them has been left alone for half an hour."
            )
            % {"most": AT_ONCE}
        )
    if len(str(exercise.folder.socket)) > LONGEST_SOCKET:
        raise Refused(
            _("The path of this server’s data is too long for exercises: %(path)s")
            % {"path": settings.VAR}
        )


def start(exercise: Exercise) -> None:
    """Start the process. It knows nothing of this installation: neither its secrets nor
    its database."""
    folder = exercise.folder
    folder.started.touch()
    folder.over.unlink(missing_ok=True)
    # Its lock is taken here and handed on: no second one is started before it answers,
    # and it is free when that process ends, however it does.
    with folder.log.open("wb") as log, folder.lock.open("a") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
        process = subprocess.Popen(  # noqa: S603 — words of our own
            [sys.executable, str(settings.ROOT / "manage.py"), "sandbox"],
            env=build_environment(exercise),
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


def build_environment(exercise: Exercise) -> dict[str, str]:
    """Build it from nothing, so that no setting of this server gets into it."""
    folder = exercise.folder
    return {
        "PATH": os.defpath,
        "DJANGO_SETTINGS_MODULE": "amana.settings",
        "AMANA_SANDBOX": str(folder.path),
        "AMANA_PREFIX": get_prefix(exercise),
        "AMANA_BESIDE": os.pathsep.join(list_beside()),
        "AMANA_STATIC": str(settings.STATIC_ROOT),
        "ALLOWED_HOSTS": ",".join(settings.ALLOWED_HOSTS),
        "TRUSTED_PROXIES": "1",
        "SECRET_KEY": folder.read_plan()["secret"],
        "TIME_ZONE": folder.read_plan()["zone"],
    }


def list_beside() -> list[str]:
    """List the folders and files of this installation, which an exercise never
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
    """End the process of an exercise, if one runs. Raises StillRunning."""
    folder.over.touch()
    until = time.monotonic() + FAREWELL
    while is_held(folder):
        if time.monotonic() > until:
            raise StillRunning(folder.path.name)
        time.sleep(0.2)
