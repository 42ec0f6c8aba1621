"""A command ends well, or with a sentence that an operator can act on."""

import errno
import sqlite3
from typing import Any

import pytest
from django.db import OperationalError

from amana import commands


def run(
    monkeypatch: pytest.MonkeyPatch, error: Exception, *more: str
) -> pytest.ExceptionInfo[SystemExit]:
    def fails(_words: Any) -> None:
        raise error

    monkeypatch.setattr(commands, "execute_from_command_line", fails)
    with pytest.raises(SystemExit) as ended:
        commands.run_command(["manage.py", "backup", *more])
    return ended


@pytest.mark.parametrize(
    ("error", "says"),
    [
        (OSError(errno.ENOSPC, "No space left", "/secret/place"), "Make room"),
        (sqlite3.OperationalError("database or disk is full"), "Make room"),
        (OperationalError("no answer of secret"), "did not answer"),
    ],
)
def test_what_the_machine_lacks_is_said_in_a_sentence(
    monkeypatch: pytest.MonkeyPatch, error: Exception, says: str
) -> None:
    said = str(run(monkeypatch, error).value)
    assert says in said
    assert "the same command again" in said
    assert "secret" not in said


@pytest.mark.parametrize(
    ("error", "words"),
    [(ValueError(), []), (OperationalError("no such table: x"), [])],
)
def test_a_mistake_of_the_program_stays_loud(
    monkeypatch: pytest.MonkeyPatch, error: Exception, words: list[str]
) -> None:
    with pytest.raises(type(error)):
        run(monkeypatch, error, *words)


def test_who_asks_for_it_reads_where_it_failed(monkeypatch: pytest.MonkeyPatch) -> None:
    with pytest.raises(OperationalError):
        run(monkeypatch, OperationalError("no answer"), "--traceback")
