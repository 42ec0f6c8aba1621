"""The process that an exercise runs in: started when someone comes, by whichever
process of the server they reach; ended by itself once it is left alone."""

import fcntl
import os
import subprocess
import sys
from contextlib import suppress
from pathlib import Path
from socket import AF_UNIX, SOCK_STREAM, socket

from django.conf import settings
from django.urls import reverse
from django.utils.translation import gettext as _

from amana.academy.exercises.models import Exercise
from amana.academy.exercises.sandbox_folder import LONGEST_SOCKET, SandboxFolder
from amana.errors import Refused

AT_ONCE = 4
"""Exercises that run at the same time: each takes some 200 MB."""


def get_prefix(exercise: Exercise) -> str:
    """Get the part of the address by which an exercise is reached."""
    return reverse("scenarios:enter", args=[exercise.pk]).rstrip("/")


def ensure_running(exercise: Exercise) -> bool:
    """Start the exercise's process unless it runs; return whether it answers already.
    Raises Refused where too many run."""
    folder = exercise.folder
    if is_answering(folder):
        return True
    if not is_held(folder):
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


def is_held(folder: SandboxFolder) -> bool:
    """Check whether a process runs in a folder, or is about to answer."""
    try:
        with folder.lock.open("a") as file:
            fcntl.flock(file, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except BlockingIOError:
        return True
    return False


def require_room(exercise: Exercise) -> None:
    others = Exercise.objects.kept().exclude(pk=exercise.pk)
    if sum(is_held(other.folder) for other in others if other.folder.path.exists()) >= (
        AT_ONCE
    ):
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
    # In a session of its own: what ends the worker that started it is not meant for it.
    with folder.log.open("ab") as log:
        subprocess.Popen(  # noqa: S603 — words of our own
            [sys.executable, str(settings.ROOT / "manage.py"), "sandbox"],
            env=build_environment(exercise),
            cwd=settings.ROOT,
            stdin=subprocess.DEVNULL,
            stdout=log,
            stderr=log,
            start_new_session=True,
        )


def build_environment(exercise: Exercise) -> dict[str, str]:
    """Build it from nothing, so that no setting of this server gets into it."""
    folder = exercise.folder
    return {
        "PATH": os.defpath,
        "DJANGO_SETTINGS_MODULE": "amana.settings",
        "AMANA_SANDBOX": str(folder.path),
        "AMANA_PREFIX": get_prefix(exercise),
        "AMANA_BESIDE": os.pathsep.join(map(str, list_folders_beside())),
        "AMANA_STATIC": str(settings.STATIC_ROOT),
        "ALLOWED_HOSTS": "*",
        "TRUSTED_PROXIES": "1",
        "SECRET_KEY": folder.read_plan()["secret"],
        "TIME_ZONE": folder.read_plan()["zone"],
    }


def list_folders_beside() -> list[Path]:
    """List the folders of this installation, which an exercise never reads."""
    database = Path(str(settings.DATABASES["default"]["NAME"]))
    return [Path(settings.VAR), *([database.parent] if database.is_absolute() else [])]


def stop(folder: SandboxFolder) -> None:
    """End the process of an exercise, if it runs."""
    with suppress(OSError, ValueError):
        os.kill(int(folder.lock.read_text()), 15)
