"""Install Amana on this machine, as root: `./run install` (docs/operations/install.md).

Everything here may run again. What is there already stays as it is, what is missing is
added, and an installation that was killed in the middle is carried to its end. Nothing
but Python's own library is used: `./run` has brought Amana's packages, and what needs
them runs as a command of its own, as the user `amana`.
"""

import argparse
import errno
import os
import sys
from collections.abc import Callable, Iterable
from pathlib import Path

from .install_settings import QUESTIONS, answers, has_tables, write_settings
from .machine import (
    USER,
    Machine,
    Refused,
    chown,
    manage,
    read_settings,
    run,
    say,
    write,
)

SERVICES = ("amana", "amana-tasks", "amana-timers", "amana-audit")


def require_place(machine: Machine) -> None:
    here = Path(__file__).resolve().parents[1]
    if here != machine.code.resolve():
        raise Refused(
            f"This code is in {here}, but the services expect it in {machine.code}. "
            "Move it there, and run it from there."
        )


def require_bus(machine: Machine) -> None:
    """By D-Bus systemd is asked to run the command `amana`. A bare Debian has none, and
    starts one that was just installed at its next start."""
    bus = machine.root / "run/dbus/system_bus_socket"
    if not machine.runs_systemd or bus.exists():
        return
    if run("systemctl", "start", "dbus.socket", check=False).returncode:
        raise Refused(
            "D-Bus is missing: systemd needs it to run the command `amana`. "
            "Install it: apt-get install dbus"
        )


def make_user(machine: Machine) -> None:
    if run("getent", "passwd", USER, check=False, capture_output=True).returncode:
        home = ("--home-dir", "/var/lib/amana", "--no-create-home")
        run("useradd", "--system", *home, "--shell", "/usr/sbin/nologin", USER)


def make_folders(machine: Machine) -> None:
    """The two folders that Amana owns, and nothing else."""
    for folder in (machine.data, machine.backups):
        folder.mkdir(parents=True, exist_ok=True)
        folder.chmod(0o700)
        chown(f"{USER}:{USER}", folder)


def protect_code(machine: Machine) -> None:
    """Let everyone read the code, its history apart, and no one but root change it."""
    chown("root:root", machine.code, "-R", "-h")
    for folder, _names, files in os.walk(machine.code):
        for path in [Path(folder), *(Path(folder, name) for name in files)]:
            if not path.is_symlink():
                path.chmod(readable(path.stat().st_mode))
    history = machine.code / ".git"
    if history.exists():  # the program needs none of it
        history.chmod(0o700)


def readable(mode: int) -> int:
    may_run = 0o111 if mode & 0o100 else 0
    return (mode | 0o444 | may_run) & 0o7755


def compile_code(machine: Machine) -> None:
    """Make what root alone can write beside the code: translations, bytecode."""
    run(machine.python, "-m", "tools.translations", "compile", cwd=machine.code)
    run(machine.python, "-m", "compileall", "-q", "amana", cwd=machine.code)


def install_units(machine: Machine) -> None:
    source = machine.code / "docs/operations/systemd"
    for name in SERVICES:
        unit = f"{name}.service"
        write(machine.units / unit, (source / unit).read_bytes(), mode=0o644)
    write(machine.command, (source / "amana").read_bytes(), mode=0o755)


def prepare_database(machine: Machine) -> None:
    manage(machine, "migrate", "--no-input", "--verbosity", "0")
    collect_static(machine)
    manage(machine, "check", "--deploy", "--fail-level", "WARNING")


def collect_static(machine: Machine) -> None:
    """Copy the static files into place; all of them again where a copy was killed.

    A file may be there by half then, and newer than its source.
    """
    unfinished = machine.code / ".venv/static.unfinished"
    anew = ("--clear",) if unfinished.exists() else ()
    unfinished.touch()
    manage(machine, "collectstatic", "--no-input", "--verbosity", "0", *anew)
    unfinished.unlink()


def start(machine: Machine) -> None:
    if not machine.runs_systemd:
        say(
            "systemd didn't start this machine, so the services are installed and not "
            "started. Start the command after ExecStart in each of them."
        )
        return
    run("systemctl", "daemon-reload")
    run("systemctl", "enable", "--quiet", *SERVICES)
    run("systemctl", "restart", *SERVICES)


def install(machine: Machine, options: argparse.Namespace) -> None:
    require_place(machine)
    require_bus(machine)
    there = read_settings(machine.environment)
    said = answers(options, there)
    make_user(machine)
    make_folders(machine)
    protect_code(machine)
    if options.to_restore:
        require_empty(machine, there)
    write_settings(machine, said)
    say("Compiling translations and code …")
    compile_code(machine)
    install_units(machine)
    if options.to_restore:
        say("Ready for `amana restore`. Afterwards, run ./run install once more.")
        return
    say("Preparing the database and the files of pages …")
    prepare_database(machine)
    start(machine)
    report(machine)


def require_empty(machine: Machine, there: dict[str, str]) -> None:
    if "VAULT_PEPPERS" not in there:
        raise Refused(
            "Put /etc/amana.env of the installation to be restored in its place first: "
            "without its VAULT_PEPPERS no passphrase opens anything."
        )
    if has_tables(machine, there):
        raise Refused(
            "There is already a database, and a restoration never overwrites one. "
            "Stop the services and move it aside first."
        )


def report(machine: Machine) -> None:
    """Report what is still wrong, and what only people can do."""
    say("\nReport of `amana doctor` (the services may need a minute to start):")
    manage(machine, "doctor", check=False)
    say("\nLeft for people to do, if it isn't done yet:")
    for number, sentence in enumerate(left_to_do(machine.settings()), start=1):
        say(f"  {number}. {sentence}")


def left_to_do(settings: dict[str, str]) -> Iterable[str]:
    yield (
        "Set up a proxy with HTTPS in front of http://127.0.0.1:8000: "
        "docs/operations/Caddyfile is an example."
    )
    if not settings.get("BACKUP_KEYS_RECIPIENT"):
        yield (
            "Hold the key ceremony (key-ceremony.md). Without it there are no backups, "
            "and no copy of /etc/amana.env in a safe."
        )
    yield "Enter the first organisation and its two administrators: amana found"
    yield "Check the installation: amana doctor"


def parser() -> argparse.ArgumentParser:
    found = argparse.ArgumentParser(
        prog="./run install", description="Install Amana on this machine, as root."
    )
    for question in QUESTIONS:
        found.add_argument(
            question.option, dest=question.setting, default="", help=question.asks
        )
    found.add_argument(
        "--to-restore",
        action="store_true",
        help="leave the database empty and start nothing, for `amana restore`",
    )
    found.add_argument("--root", type=Path, default=Path("/"), help=argparse.SUPPRESS)
    return found


def main(words: list[str]) -> int:
    options = parser().parse_args(words)
    return ended(lambda: install(Machine(options.root.resolve()), options))


def ended(work: Callable[[], None]) -> int:
    """Do it; report in a sentence what kept it from its end."""
    try:
        work()
    except Refused as refused:
        print(refused, file=sys.stderr)
    except KeyboardInterrupt:
        print("Stopped. Run it again.", file=sys.stderr)
    except OSError as error:
        print(
            f"{error.strerror}{f': {error.filename}' if error.filename else ''}.\n"
            f"{ROOM if error.errno in FULL else 'Fix that.'} "
            "Then run the same command again.",
            file=sys.stderr,
        )
    else:
        return 0
    return 1


FULL = (errno.ENOSPC, errno.EDQUOT)
ROOM = "Make room; df -h shows where."


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
