"""Background tasks that succeed, fail, leave or hang."""

import time
from smtplib import SMTPRecipientsRefused, SMTPServerDisconnected

from django.tasks import TaskResultStatus, task
from django_tasks_db.models import DBTaskResult

from amana.trust.operation.worker import Worker

CANARY = "zubaida.canary@example.org"
DONE: list[int] = []


@task
def succeed(number: int) -> None:
    DONE.append(number)


@task
def fail(user_id: int) -> None:
    raise SMTPRecipientsRefused({CANARY: (550, f"no {CANARY}\nhere".encode())})


@task
def fail_on_many_lines(user_id: int) -> None:
    raise ValueError(f'\n  File "x", line 1, in {CANARY}\n{CANARY}')


@task
def leave(user_id: int) -> None:
    raise SystemExit(1)


@task
def hang(user_id: int) -> None:
    while True:
        try:
            time.sleep(0.01)
        except Exception:  # as code that tries again and again does
            continue


@task
def recover(user_id: int) -> None:
    if not DONE:
        raise SMTPServerDisconnected("Connection unexpectedly closed")


def work() -> None:
    """Do what is in the queue, as the worker does."""
    Worker("tried", alive=lambda **_within: None).run()


def of(status: TaskResultStatus) -> list[str]:
    rows = DBTaskResult.objects.filter(status=status)
    return sorted(row.task_path.rpartition(".")[2] for row in rows)
