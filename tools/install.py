"""Install Amana on this machine, as root: `./run install` (docs/operations/install.md).

Everything here may run again. What is there already stays as it is, what is missing is
added, and an installation that was killed in the middle is carried to its end. Nothing
but Python's own library is used: `./run` has brought Amana's packages, and what needs
them runs as a command of its own, as the user `amana`.
"""

import argparse
import errno
import getpass
import os
import re
import secrets
import subprocess
import sys
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass
from pathlib import Path
from urllib.parse import unquote, urlsplit
from zoneinfo import ZoneInfo

USER = "amana"
SERVICES = ("amana", "amana-tasks", "amana-timers", "amana-audit")
PATHS = ("AMANA_VAR", "BACKUP_FOLDER", "WAL_FOLDER")


class Refused(Exception):
    """It can't be done; the sentence says why, and what to do."""


@dataclass(frozen=True)
class Machine:
    """Where things lie. Tests take another folder than / for its root."""

    root: Path = Path("/")

    @property
    def code(self) -> Path:
        return self.root / "opt/amana"

    @property
    def python(self) -> Path:
        return self.code / ".venv/bin/python"

    @property
    def environment(self) -> Path:
        return self.root / "etc/amana.env"

    @property
    def data(self) -> Path:
        return self.root / "var/lib/amana"

    @property
    def backups(self) -> Path:
        return self.root / "var/backups/amana"

    @property
    def units(self) -> Path:
        return self.root / "etc/systemd/system"

    @property
    def command(self) -> Path:
        return self.root / "usr/local/bin/amana"

    @property
    def runs_systemd(self) -> bool:
        """Whether systemd started this machine (as sd_booted(3) asks)."""
        return (self.root / "run/systemd/system").is_dir()

    def settings(self) -> dict[str, str]:
        """What the services are given, with paths below this root."""
        given = read_settings(self.environment)
        moved = {name: str(self.root) + given[name] for name in PATHS if name in given}
        return given if self.root == Path("/") else given | moved


@dataclass(frozen=True)
class Question:
    """A setting that only the operator knows."""

    setting: str
    option: str
    asks: str
    is_valid: Callable[[str], bool] = lambda answer: True
    default: str | None = None
    """None: it has to be answered."""


def is_host(answer: str) -> bool:
    return bool(re.fullmatch(r"(?=.{1,253}$)[a-z0-9-]+(\.[a-z0-9-]+)+", answer))


def is_port(answer: str) -> bool:
    return answer.isdecimal() and 0 < int(answer) < 65536


def is_database(answer: str) -> bool:
    return not answer or answer.startswith(("postgresql://", "sqlite:///"))


def is_recipient(answer: str) -> bool:
    return not answer or bool(re.fullmatch(r"age1[0-9a-z]{58}", answer))


def is_time_zone(answer: str) -> bool:
    try:
        ZoneInfo(answer)
    except (KeyError, ValueError, OSError):
        return False
    return True


QUESTIONS = (
    Question(
        "ALLOWED_HOSTS",
        "--host",
        "Host name of the installation, such as amana.example.org",
        is_host,
    ),
    Question(
        "MAIL_HOST",
        "--mail-host",
        "Mail server, reached with STARTTLS",
        lambda answer: bool(re.fullmatch(r"[\w.-]+", answer)),
    ),
    Question("MAIL_PORT", "--mail-port", "Port of the mail server", is_port, "587"),
    Question("MAIL_USER", "--mail-user", "Account on the mail server", default=""),
    Question(
        "MAIL_FROM",
        "--mail-from",
        "Sender's address; amana@HOST if empty",
        lambda answer: not answer or "@" in answer,
        "",
    ),
    Question(
        "TIME_ZONE",
        "--time-zone",
        "Time zone, such as Asia/Amman",
        is_time_zone,
        "UTC",
    ),
    Question(
        "DATABASE_URL",
        "--database",
        "Database: empty for SQLite, or postgresql://…",
        is_database,
        "",
    ),
    Question(
        "BACKUP_DATA_RECIPIENT",
        "--data-recipient",
        "Public key of the backups' data, from the key ceremony",
        is_recipient,
        "",
    ),
    Question(
        "BACKUP_KEYS_RECIPIENT",
        "--keys-recipient",
        "Public key of the backups' keys, from the key ceremony",
        is_recipient,
        "",
    ),
)


# --- the settings


def read_settings(path: Path) -> dict[str, str]:
    """The NAME=value lines of a systemd EnvironmentFile without quotes."""
    if not path.exists():
        return {}
    lines = (line.strip() for line in path.read_text().splitlines())
    pairs = (line.partition("=") for line in lines if line and line[0] not in "#;")
    return {name.strip(): value.strip() for name, _, value in pairs}


def answers(options: argparse.Namespace, there: dict[str, str]) -> dict[str, str]:
    """What the operator says: by options, else on the terminal, if there is one."""
    given = {q.setting: getattr(options, q.setting) for q in QUESTIONS}
    said = {name: answer for name, answer in given.items() if answer}
    if sys.stdin.isatty() and list(unanswered(said | there)):
        said |= asked(said | there)
    require_valid(said, there)
    return said


def unanswered(known: dict[str, str]) -> Iterator[Question]:
    return (q for q in QUESTIONS if q.default is None and q.setting not in known)


def asked(known: dict[str, str]) -> dict[str, str]:
    found = {q.setting: ask(q) for q in QUESTIONS if q.setting not in known}
    if found.get("MAIL_USER") and "MAIL_PASSWORD" not in known:
        found["MAIL_PASSWORD"] = getpass.getpass("Password of that account: ")
    return {name: answer for name, answer in found.items() if answer}


def ask(question: Question) -> str:
    """Ask until the answer is valid; an empty line takes the default."""
    hint = f" [{question.default or 'empty'}]" if question.default is not None else ""
    while True:
        answer = input(f"{question.asks}{hint}: ").strip() or question.default
        if answer is not None and question.is_valid(answer):
            return answer
        say("That is not a valid answer.")


def require_valid(said: dict[str, str], there: dict[str, str]) -> None:
    for question in unanswered(said | there):
        raise Refused(f"Give {question.option}: {question.asks}.")
    for question in QUESTIONS:
        answer = said.get(question.setting, "")
        if answer and ("\n" in answer or not question.is_valid(answer)):
            raise Refused(f"{question.option} can't be {answer!r}: {question.asks}.")
    after = said | there
    data = after.get("BACKUP_DATA_RECIPIENT")
    if data and data == after.get("BACKUP_KEYS_RECIPIENT"):
        raise Refused("Both archives would open with one key. Use those of two people.")


def missing_settings(
    said: dict[str, str], there: dict[str, str]
) -> Iterator[tuple[str, str]]:
    """What /etc/amana.env lacks. What is there already is never changed."""
    host = there.get("ALLOWED_HOSTS") or said["ALLOWED_HOSTS"]
    first = host.partition(",")[0]
    complete = {
        "AMANA_PRODUCTION": "1",
        "SECRET_KEY": secrets.token_urlsafe(64),
        "VAULT_PEPPERS": secrets.token_urlsafe(48),
        "ADDRESS": f"https://{first}",
        "AMANA_VAR": "/var/lib/amana",
        "AUDIT_ORIGIN": f"{first}/log",
        "TRUSTED_PROXIES": "1",
        "BACKUP_FOLDER": "/var/backups/amana",
        "MAIL_FROM": f"amana@{first}",
    }
    if (said | there).get("DATABASE_URL", "").startswith("postgresql:"):
        complete["WAL_FOLDER"] = "/var/backups/amana/wal"
    for name, value in (complete | said).items():
        if name not in there:
            yield name, value
        elif name in said and said[name] != there[name]:
            say(f"{name} stays as it is. Change it in /etc/amana.env.")


def write_settings(machine: Machine, said: dict[str, str]) -> None:
    """Add to /etc/amana.env what it lacks, all at once."""
    there = read_settings(machine.environment)
    if "VAULT_PEPPERS" not in there and has_tables(machine, said | there):
        raise Refused(
            "There is already a database, but no VAULT_PEPPERS in /etc/amana.env: "
            "with new ones no passphrase would open anything. Put the old file back."
        )
    text = machine.environment.read_text() if machine.environment.exists() else ""
    added = [f"{name}={value}\n" for name, value in missing_settings(said, there)]
    if text and not text.endswith("\n"):
        text += "\n"
    write(machine.environment, (text + "".join(added)).encode(), mode=0o600)
    chown("root:root", machine.environment)


# --- the database


def has_tables(machine: Machine, settings: dict[str, str]) -> bool:
    """Whether an installation has been here. PostgreSQL has to answer."""
    url = settings.get("DATABASE_URL", "")
    if url.startswith("postgresql:"):
        return asked_postgresql(machine, url)
    path = unquote(urlsplit(url).path) if url else ""
    file = machine.root / path.lstrip("/") if path else machine.data / "amana.sqlite3"
    return file.exists() and file.stat().st_size > 0


PROBE = """
import os, psycopg
with psycopg.connect(os.environ["DATABASE_URL"], connect_timeout=10) as server:
    if server.info.server_version < 150000:
        raise SystemExit("PostgreSQL has to be 15 or newer.")
    if server.info.parameter_status("server_encoding") != "UTF8":
        raise SystemExit("Create it in UTF-8, as described in install.md.")
    [found] = server.execute("SELECT to_regclass('django_migrations')").fetchone()
    print("there" if found else "empty")
"""


def asked_postgresql(machine: Machine, url: str) -> bool:
    done = run(
        *as_amana(machine, machine.python, "-c", PROBE),
        env=surroundings() | {"DATABASE_URL": url},
        cwd=machine.code,
        check=False,
        capture_output=True,
    )
    if done.returncode:
        last = (done.stderr.strip().splitlines() or ["no reason was given"])[-1]
        raise Refused(f"The database can't be used: {last}")
    return bool(done.stdout.strip() == "there")


# --- what is put where


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


# --- how


def say(sentence: str) -> None:
    print(sentence, flush=True)


def run(
    *words: str | Path, check: bool = True, **options: object
) -> subprocess.CompletedProcess[str]:
    done: subprocess.CompletedProcess[str] = subprocess.run(
        [str(word) for word in words],
        text=True,
        **options,  # type: ignore[call-overload]
    )
    if check and done.returncode:
        raise Refused(
            f"This failed: {' '.join(str(word) for word in words)}\n"
            "Fix what is reported above, and run the same command again."
        )
    return done


def as_amana(machine: Machine, *words: str | Path) -> tuple[str | Path, ...]:
    return ("runuser", "-u", USER, "--", *words)


def surroundings() -> dict[str, str]:
    """Build the environment that systemd would give the user `amana`: what root
    exported in this shell, secrets among it, is not for them."""
    return {"PATH": os.environ["PATH"], "HOME": "/var/lib/amana"}


def manage(
    machine: Machine, *words: str, check: bool = True, stdout: int | None = None
) -> str:
    """Run a command of manage.py as the services run."""
    done = run(
        *as_amana(machine, machine.python, "manage.py", *words),
        check=check,
        cwd=machine.code,
        env=surroundings() | machine.settings(),
        stdout=stdout,
    )
    return done.stdout or ""


def chown(owner: str, path: Path, *options: str) -> None:
    run("chown", *options, owner, path)


def write(path: Path, content: bytes, *, mode: int) -> None:
    """Write a file wholly or not at all; no other account reads it before its mode."""
    path.parent.mkdir(parents=True, exist_ok=True)
    beside = path.with_name(f".{path.name}.new")
    beside.unlink(missing_ok=True)
    new = os.open(beside, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
    with os.fdopen(new, "wb") as file:
        file.write(content)
        file.flush()
        os.fsync(file.fileno())
    beside.chmod(mode)
    beside.replace(path)


# --- all of it


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
