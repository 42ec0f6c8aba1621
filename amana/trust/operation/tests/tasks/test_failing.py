"""A background task that fails holds up no other, and is kept without a word of what it
was about (P40)."""

import itertools
import logging
import os
import re
import signal
import threading
import time
from datetime import timedelta
from io import StringIO
from types import SimpleNamespace
from typing import Any

import pytest
import time_machine
from django.conf import settings as configured
from django.core.management import call_command
from django.tasks import TaskResultStatus
from django.utils import timezone
from django_tasks_db.models import DBTaskResult

from amana.trust.operation import queue, worker
from amana.trust.operation.worker import Worker

from .invented_tasks import (
    CANARY,
    DONE,
    fail,
    fail_on_many_lines,
    hang,
    leave,
    of,
    recover,
    succeed,
    work,
)

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("own_queue")]


@pytest.mark.parametrize("poison", [fail, fail_on_many_lines, leave])
def test_a_task_that_always_fails_holds_up_no_other(poison: Any) -> None:
    succeed.enqueue(1)
    poison.enqueue(7)
    succeed.enqueue(2)

    work()
    work()

    assert DONE == [1, 2]
    assert DBTaskResult.objects.failed().count() == 1
    assert (
        len(DBTaskResult.objects.failed().get().worker_ids) == 1
    )  # not tried for ever


def test_a_task_that_hangs_is_stopped_and_holds_up_no_other(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr(worker, "LONGEST", timedelta(seconds=0.2))
    hang.enqueue(7)
    succeed.enqueue(1)
    alarm = threading.Timer(10, os.kill, (os.getpid(), signal.SIGINT))
    alarm.start()  # else this test would hang itself

    work()

    alarm.cancel()
    assert DONE == [1]
    row = DBTaskResult.objects.failed().get()
    assert row.exception_class_path == "amana.unattended.TookTooLong"


def test_what_took_long_before_stops_nothing_that_comes_after(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr(worker, "LONGEST", timedelta(seconds=0.2))
    succeed.enqueue(1)
    fail.enqueue(7)
    work()

    time.sleep(0.3)

    assert of(TaskResultStatus.SUCCESSFUL) == ["succeed"]


def test_a_task_of_another_version_holds_up_no_other() -> None:
    succeed.enqueue(1)
    gone = DBTaskResult.objects.get()
    DBTaskResult.objects.filter(pk=gone.pk).update(task_path="amana.gone.tasks.tell")
    succeed.enqueue(2)

    work()

    assert DONE == [2]
    failure = queue.build_failure(DBTaskResult.objects.failed().get())
    assert "Another version of Amana" in str(failure.advice)


def test_a_mail_server_that_does_not_answer_is_waited_for_some_seconds() -> None:
    source = (configured.ROOT / "amana/settings.py").read_text()
    [seconds] = re.findall(r'"timeout": (\d+),  # seconds', source)
    assert int(seconds) <= 60


@pytest.mark.parametrize("poison", [fail, fail_on_many_lines])
def test_no_word_of_an_error_is_kept_or_logged(poison: Any) -> None:
    said = StringIO()
    handler = logging.StreamHandler(said)
    names = ["django.tasks", "django_tasks_db"]
    for name in names:
        logging.getLogger(name).addHandler(handler)
    poison.enqueue(7)

    work()

    for name in names:
        logging.getLogger(name).removeHandler(handler)
    row = DBTaskResult.objects.failed().get()
    assert f"in {poison.name}" in row.traceback  # where it happened
    assert CANARY not in row.traceback
    assert poison.name in said.getvalue()
    assert CANARY not in said.getvalue()


def test_failed_tasks_are_kept_and_done_ones_for_a_week() -> None:
    fail.enqueue(7)
    succeed.enqueue(1)
    work()

    call_command("forget_tasks", stdout=StringIO())
    assert DBTaskResult.objects.count() == 2

    with time_machine.travel(timezone.now() + queue.KEPT + timedelta(hours=1)):
        succeed.enqueue(2)
        call_command("forget_tasks", stdout=StringIO())
    assert of(TaskResultStatus.FAILED) == ["fail"]
    assert of(TaskResultStatus.SUCCESSFUL) == []
    assert of(TaskResultStatus.READY) == ["succeed"]


def test_a_task_ends_with_its_process(monkeypatch: pytest.MonkeyPatch) -> None:
    """What does not end by itself is kept, to be run again."""
    monkeypatch.setattr(worker, "FAREWELL", timedelta(seconds=0.1))
    hang.enqueue(7)
    recover.enqueue(7)
    works = Worker("tried", alive=lambda **_within: None)
    before = [(number, signal.getsignal(number)) for number in SIGNALS]
    works.configure_signals()
    told = threading.Timer(0.3, os.kill, [os.getpid(), signal.SIGTERM])
    told.start()
    works.run()
    for number, handler in before:
        signal.signal(number, handler)

    assert not works.running
    assert of(TaskResultStatus.FAILED) == ["hang"]
    assert of(TaskResultStatus.READY) == ["recover"]


def test_after_what_can_wait_others_have_the_database(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    rests: list[float] = []
    monkeypatch.setattr(worker, "time", SimpleNamespace(
        monotonic=itertools.count(step=0.25).__next__, sleep=rests.append
    ))  # fmt: skip
    succeed.enqueue(1)
    work()
    assert rests == []

    succeed.using(priority=-1).enqueue(2)
    work()
    assert rests == [worker.RESTS * 0.25]


SIGNALS = (signal.SIGTERM, signal.SIGINT, signal.SIGQUIT)


def test_a_worker_says_how_long_it_may_be_silent() -> None:
    said: list[timedelta] = []
    recover.enqueue(7)
    Worker("tried", alive=lambda within: said.append(within)).run()

    assert said == [worker.LONGEST + worker.ROUND, worker.ROUND]
