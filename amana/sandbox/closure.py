"""Nothing leaves: what a process of an exercise may open, and that it reaches no one.

Python tells of each file, database, connection and process before it is opened (PEP
578), also where a library opens it. So whatever the code around it forgets, an exercise
can't write into the installation beside it, nor read its database and keys, nor send
anything. A hook can't be taken out again. It is no wall against foreign code: what runs
here is our own."""

import os
import sys
import tempfile
from collections.abc import Callable, Iterable
from pathlib import Path

type Judge = Callable[[tuple[object, ...]], None]

WRITES = os.O_WRONLY | os.O_RDWR | os.O_CREAT | os.O_TRUNC | os.O_APPEND
OUTSIDE = frozenset(
    {
        "socket.connect",
        "socket.sendto",
        "socket.sendmsg",
        "socket.getaddrinfo",
        "socket.gethostbyname",
        "socket.gethostbyaddr",
    }
)
"""By which anything could be sent. What is answered to was accepted, not connected."""
CHANGES = frozenset(
    {
        *("os.remove", "os.rename", "os.rmdir", "os.mkdir", "os.truncate"),
        *("os.chmod", "os.chown", "os.link", "os.symlink", "os.utime"),
    }
)


class LeavesTheExercise(PermissionError):
    """What an exercise tried to reach is not its own."""


def shut(folder: Path, *, never: Iterable[Path] = ()) -> None:
    """Let this process write in its folder alone, and read nothing in `never`: the
    folders of the installation beside it."""
    sys.addaudithook(build_hook(folder, never=tuple(never)))


def build_hook(
    folder: Path, *, never: tuple[Path, ...]
) -> Callable[[str, tuple[object, ...]], None]:
    own = resolve(folder)
    # Confined children and printing keep what they work on there.
    writable = (own, resolve(Path(tempfile.gettempdir())), "/dev")
    closed = tuple(map(resolve, never))

    def is_in(path: str, folders: Iterable[str]) -> bool:
        return any(path == f or path.startswith(f + os.sep) for f in folders)

    def require_readable(path: str) -> None:
        if is_in(path, closed) and not is_in(path, (own,)):
            raise LeavesTheExercise(f"An exercise reads nothing in {path}.")

    def require_writable(path: str) -> None:
        require_readable(path)
        if not is_in(path, writable):
            raise LeavesTheExercise(f"An exercise writes nothing in {path}.")

    def hook(event: str, args: tuple[object, ...]) -> None:
        if event in OUTSIDE:
            raise LeavesTheExercise("An exercise sends nothing outside.")
        if event == "open":
            path, _mode, flags = args
            if isinstance(path, str | bytes | os.PathLike):
                there = resolve(path)
                writes = isinstance(flags, int) and flags & WRITES
                (require_writable if writes else require_readable)(there)
        elif event == "sqlite3.connect":
            (path,) = args
            if isinstance(path, str | bytes | os.PathLike) and str(path) != ":memory:":
                require_writable(resolve(str(path).removeprefix("file:").split("?")[0]))
        elif event in CHANGES:
            for path in args:
                if isinstance(path, str | bytes | os.PathLike):
                    require_writable(resolve(path))

    return hook


def resolve(path: str | bytes | os.PathLike[str] | os.PathLike[bytes]) -> str:
    """Resolve links, so that no name of a file hides where it lies."""
    return os.path.realpath(os.fsdecode(path))
