"""A failed task is shown, and run again by an administrator's tap (P40)."""

import importlib
import inspect

import pytest
import time_machine
from django.tasks import TaskResultStatus
from django.test import Client
from django.urls import reverse
from django.utils import timezone, translation
from django_tasks_db.models import DBTaskResult

from amana import given
from amana.errors import Changed
from amana.trust.access.models import Role, User
from amana.trust.access.rules import Denied
from amana.trust.audit.models import AuditEvent
from amana.trust.operation import actions, queue, worker
from amana.ui.once import FIELD
from tests.worlds import kept

from .invented_tasks import CANARY, DONE, fail, of, recover, succeed, work

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("own_queue")]


@kept
def administrator(db: None) -> User:
    return given.make_worker(role=Role.ADMINISTRATOR, name="Ines Carvalho")


@kept
def case_worker(db: None) -> User:
    return given.make_worker()


def failed_task() -> queue.Task:
    fail.enqueue(7)
    work()
    return DBTaskResult.objects.get()


# --- it is shown


def test_the_page_says_kind_time_and_what_to_do(administrator: User) -> None:
    row = failed_task()
    DBTaskResult.objects.filter(pk=row.pk).update(
        task_path="amana.care.referrals.tasks.notify_people",
        args_kwargs={"args": [CANARY], "kwargs": {}},
    )

    page = given.sign_in(administrator).get(reverse("operation:tasks"))
    text = page.content.decode()

    assert "Message about a referral" in text
    assert "SMTPRecipientsRefused" in text
    assert "no longer knows one of the addresses" in text
    assert CANARY not in text
    assert "invented_tasks.py" not in text


def test_the_page_says_that_none_has_failed(administrator: User) -> None:
    succeed.enqueue(1)
    page = given.sign_in(administrator).get(reverse("operation:tasks"))
    text = page.content.decode()
    assert "No task has failed" in text
    assert "1 task is waiting" in text
    assert "Run all again" not in text


@pytest.mark.parametrize("language", ["ar", "fr"])
def test_the_page_speaks_other_languages(administrator: User, language: str) -> None:
    failed_task()
    User.objects.filter(pk=administrator.pk).update(language=language)
    browser = given.sign_in(administrator)
    browser.cookies["django_language"] = language
    text = browser.get(reverse("operation:tasks")).content.decode()
    with translation.override(language):
        assert translation.gettext("Run again") in text
    assert "Run again" not in text
    assert "What to do" not in text


def test_a_task_whose_worker_was_killed_is_shown_as_failed(
    administrator: User,
) -> None:
    succeed.enqueue(1)
    DBTaskResult.objects.get().claim("killed")
    assert not DBTaskResult.objects.filter(queue.match_failed_tasks()).exists()

    with time_machine.travel(timezone.now() + 3 * worker.LONGEST):
        row = DBTaskResult.objects.get(queue.match_failed_tasks())
        assert "stopped while running the task" in str(queue.build_failure(row).advice)
        actions.run_task_again(row, by=administrator)
    work()

    assert DONE == [1]


def test_each_error_has_its_sentence() -> None:
    paths = {
        "smtplib.SMTPAuthenticationError": "MAIL_PASSWORD",
        "smtplib.SMTPServerDisconnected": "could not be reached",
        "builtins.ConnectionRefusedError": "could not be reached",
        "builtins.TimeoutError": "could not be reached",
        "amana.unattended.TookTooLong": "15 minutes",
        "amana.care.cases.models.case_record.Case.DoesNotExist": "since been deleted",
        "django.db.utils.OperationalError": "database",
        "builtins.ZeroDivisionError": "software error",
    }
    for path, words in paths.items():
        row: queue.Task = DBTaskResult(
            status=TaskResultStatus.FAILED, exception_class_path=path
        )
        assert words in str(queue.choose_advice(row)), path


@pytest.mark.parametrize("kind", sorted(queue.SEND_NO_MAIL))
@pytest.mark.parametrize("error", ["OSError", "PermissionError", "TimeoutError"])
def test_a_task_that_sends_no_mail_speaks_of_no_mail_server(
    kind: str, error: str
) -> None:
    assert kind in queue.KINDS
    row: queue.Task = DBTaskResult(
        status=TaskResultStatus.FAILED,
        exception_class_path=f"builtins.{error}",
        task_path=kind,
    )
    assert "file or disk" in str(queue.choose_advice(row))


def test_all_other_tasks_send_mail() -> None:
    """Or their advice would speak of a mail server for nothing."""
    modules = {kind.rpartition(".")[0] for kind in queue.KINDS}
    silent = {
        name
        for name in modules
        if "mail" not in inspect.getsource(importlib.import_module(name))
    }
    assert silent == {kind.rpartition(".")[0] for kind in queue.SEND_NO_MAIL}


# --- it is run again


def test_a_task_that_is_run_again_is_done(administrator: User) -> None:
    recover.enqueue(7)
    work()
    browser = given.sign_in(administrator)
    row = DBTaskResult.objects.failed().get()
    DONE.append(0)  # the mail server is back

    browser.post(reverse("operation:run_again", args=[row.pk]), {FIELD: "a" * 32})
    work()

    assert of(TaskResultStatus.SUCCESSFUL) == ["recover"]
    event = AuditEvent.objects.get(did="ran task again")
    assert event.actor == administrator.actor_id


def test_one_that_fails_again_is_kept_again(administrator: User) -> None:
    row = failed_task()
    actions.run_task_again(row, by=administrator)
    work()
    again = DBTaskResult.objects.failed().get()
    assert queue.build_failure(again).tries == 2


def test_all_are_run_again_by_one_tap(administrator: User) -> None:
    for number in range(3):
        recover.enqueue(number)
    work()
    DONE.append(0)

    browser = given.sign_in(administrator)
    browser.post(reverse("operation:run_all_again"), {FIELD: "b" * 32})
    work()

    assert of(TaskResultStatus.SUCCESSFUL) == ["recover"] * 3
    assert AuditEvent.objects.filter(did="ran task again").count() == 3


def test_all_are_only_those_that_failed(administrator: User) -> None:
    failed_task()
    succeed.enqueue(1)
    assert actions.run_tasks_again(by=administrator) == 1


def test_who_may_not_runs_none_again(case_worker: User) -> None:
    failed_task()
    assert actions.run_tasks_again(by=case_worker) == 0


def test_the_second_tap_runs_nothing_twice(administrator: User) -> None:
    row = failed_task()
    actions.run_task_again(row, by=administrator)
    with pytest.raises((Denied, Changed)):
        actions.run_task_again(row, by=administrator)
    assert AuditEvent.objects.filter(did="ran task again").count() == 1


def test_a_task_that_can_not_succeed_is_discarded(administrator: User) -> None:
    row = failed_task()
    browser = given.sign_in(administrator)
    browser.post(reverse("operation:discard", args=[row.pk]), {FIELD: "c" * 32})
    assert not DBTaskResult.objects.exists()
    assert AuditEvent.objects.filter(did="discarded task").exists()


def test_a_task_that_waits_is_not_discarded(administrator: User) -> None:
    succeed.enqueue(1)
    with pytest.raises(Denied):
        actions.discard_task(DBTaskResult.objects.get(), by=administrator)
    assert DBTaskResult.objects.exists()


# --- nobody else


def addresses(row: queue.Task) -> list[tuple[str, str]]:
    return [
        ("get", reverse("operation:tasks")),
        ("post", reverse("operation:run_all_again")),
        ("post", reverse("operation:run_again", args=[row.pk])),
        ("post", reverse("operation:discard", args=[row.pk])),
    ]


def asked(browser: Client, method: str, address: str) -> int:
    data = {FIELD: "d" * 32} if method == "post" else {}
    return int(getattr(browser, method)(address, data).status_code)


def test_only_administrators_see_and_run_them(case_worker: User) -> None:
    row = failed_task()
    browser = given.sign_in(case_worker)
    assert [asked(browser, *place) for place in addresses(row)] == [404] * 4
    assert of(TaskResultStatus.FAILED) == ["fail"]


def test_who_has_left_sees_them_no_more(administrator: User) -> None:
    row = failed_task()
    browser = given.sign_in(administrator)
    administrator.memberships.update(ended_at=timezone.now())
    statuses = [asked(browser, *place) for place in addresses(row)]
    assert 200 not in statuses
    assert of(TaskResultStatus.FAILED) == ["fail"]


def test_a_visitor_is_asked_to_sign_in() -> None:
    row = failed_task()
    assert [asked(Client(), *place) for place in addresses(row)] == [302] + [401] * 3


def test_a_tap_is_needed_to_run_it_again(administrator: User) -> None:
    row = failed_task()
    browser = given.sign_in(administrator)
    address = reverse("operation:run_again", args=[row.pk])
    assert browser.get(address).status_code == 405
