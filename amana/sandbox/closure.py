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
from typing import TypeGuard

WRITES = os.O_WRONLY | os.O_RDWR | os.O_CREAT | os.O_TRUNC | os.O_APPEND
OUTSIDE = frozenset(
    {
        *("os.system", "os.exec", "socket.getnameinfo"),
        "socket.connect",
        "socket.sendto",
        "socket.sendmsg",
        "socket.getaddrinfo",
        "socket.gethostbyname",
        "socket.gethostbyaddr",
    }
)
"""By which anything could be sent, or another program run. What is answered to was
accepted, not connected."""
STARTS = frozenset({"subprocess.Popen", "os.posix_spawn"})
CHANGES = frozenset(
    {
        *("os.remove", "os.rename", "os.rmdir", "os.mkdir", "os.truncate"),
        *("os.chmod", "os.chown", "os.link", "os.symlink", "os.utime"),
    }
)


class LeavesTheExercise(PermissionError):
    """What an exercise tried to reach is not its own."""


def shut(
    folder: Path, *, never: Iterable[Path] = (), static: Path | None = None
) -> None:
    """Let this process write in its folder alone, and read nothing in `never`: the
    folders of the installation beside it, but for its collected files."""
    sys.addaudithook(build_hook(folder, never=tuple(never), static=static))


def build_hook(
    folder: Path, *, never: tuple[Path, ...], static: Path | None = None
) -> Callable[[str, tuple[object, ...]], None]:
    own = resolve(folder)
    # Confined children and printing keep what they work on there.
    writable = (own, resolve(Path(tempfile.gettempdir())), "/dev")
    closed = tuple(map(resolve, never))
    readable = (own, resolve(static)) if static else (own,)

    def is_in(path: str, folders: Iterable[str]) -> bool:
        return any(path == f or path.startswith(f + os.sep) for f in folders)

    def require_readable(path: str) -> None:
        if is_in(path, closed) and not is_in(path, readable):
            raise LeavesTheExercise(f"An exercise reads nothing in {path}.")

    def require_writable(path: str) -> None:
        is_beside = is_in(path, closed) and not is_in(path, (own,))
        if is_beside or not is_in(path, writable):
            raise LeavesTheExercise(f"An exercise writes nothing in {path}.")

    def hook(event: str, args: tuple[object, ...]) -> None:
        if event in OUTSIDE:
            raise LeavesTheExercise("An exercise sends nothing outside.")
        if event == "open":
            path, _mode, flags = args
            if is_path(path):
                there = resolve(path)
                writes = isinstance(flags, int) and flags & WRITES
                (require_writable if writes else require_readable)(there)
        elif event == "sqlite3.connect":
            (path,) = args
            if is_path(path) and str(path) != ":memory:":
                require_writable(resolve(str(path).removeprefix("file:").split("?")[0]))
        elif event in STARTS:
            # Python alone, for the confined children that read files and print.
            if not is_path(args[0]) or os.fsdecode(args[0]) != sys.executable:
                raise LeavesTheExercise("An exercise starts no other program.")
        elif event in CHANGES:
            for path in args:
                if is_path(path):
                    require_writable(resolve(path, within=args[-1]))

    return hook


def is_path(value: object) -> TypeGuard[str | bytes | os.PathLike[str]]:
    return isinstance(value, str | bytes | os.PathLike)


def resolve(
    path: str | bytes | os.PathLike[str] | os.PathLike[bytes], *, within: object = -1
) -> str:
    """Resolve links, so that no name of a file hides where it lies. `within`: the
    number of the open folder that a name is in, if it has one."""
    found = os.fsdecode(path)
    if isinstance(within, int) and within >= 0 and not os.path.isabs(found):
        found = os.path.join(os.readlink(f"/proc/self/fd/{within}"), found)
    return os.path.realpath(found)
