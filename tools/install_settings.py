"""What an installation is asked, and its settings in /etc/amana.env."""

import argparse
import getpass
import re
import secrets
import sys
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from urllib.parse import unquote, urlsplit
from zoneinfo import ZoneInfo

from .machine import (
    Machine,
    Refused,
    as_amana,
    chown,
    read_settings,
    run,
    say,
    surroundings,
    write,
)


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
