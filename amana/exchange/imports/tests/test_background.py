"""An import runs to its end in the background: killed in the middle it continues, and
never are two steps of it stored at once (ADR 94)."""

import signal
from datetime import timedelta

import pytest
import time_machine
from django.core.management import call_command
from django.db import IntegrityError, OperationalError
from django.urls import reverse
from django.utils import timezone
from django_tasks_db.management.commands import db_worker
from django_tasks_db.models import DBTaskResult

from amana import given
from amana.design.directory import actions as directory
from amana.design.directory.models import Service
from amana.errors import Changed, Refused
from amana.exchange.imports import actions
from amana.exchange.imports.actions import planning_rows
from amana.exchange.imports.models import STANDS_STILL, Import, ImportOutcome
from amana.exchange.imports.tests.conftest import a_feature, a_map, read_map
from amana.trust.access.models import Organisation, Role
from amana.trust.audit.models import AuditEvent
from amana.ui.once import make_form_key
from tests.patching import replace_everywhere

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def _two_at_a_time(monkeypatch, settings):
    monkeypatch.setattr(db_worker, "close_old_connections", lambda: None)
    replace_everywhere(monkeypatch, actions, "AT_ONCE", 2)
    replace_everywhere(monkeypatch, actions, "PIECE", 0)
    settings.TASKS = {"default": {"BACKEND": "django_tasks_db.DatabaseBackend"}}
    before = signal.getsignal(signal.SIGALRM)
    yield
    signal.setitimer(signal.ITIMER_REAL, 0)
    signal.signal(signal.SIGALRM, before)


def work(tasks=None):
    """Let the queue's worker run so many tasks, or all."""
    db_worker.Worker(
        queue_names=["default"],
        interval=0,
        batch=True,
        backend_name="default",
        startup_delay=False,
        max_tasks=tasks,
        worker_id="test",
        excluded_queue_names=[],
    ).run()


def begun(coordinator, number=5):
    file = read_map(a_map(*map(a_feature, range(1, number + 1))), by=coordinator)
    prepared = actions.prepare_import(file, by=coordinator)
    return actions.begin_import(prepared, by=coordinator)


def waiting(brought):
    return actions.count_outcomes(brought)[ImportOutcome.WAITING]


def queued():
    return DBTaskResult.objects.filter(status="READY").count()


def test_a_file_is_compared_step_by_step_and_imported_at_once(coordinator):
    brought = begun(coordinator)
    work(1)
    assert waiting(brought) == 3
    assert queued() == 1
    work()
    assert actions.count_outcomes(brought)[ImportOutcome.NEW] == 5
    assert not Service.objects.exists()

    actions.ask_to_apply(brought, by=coordinator)
    assert not Service.objects.exists()
    work()
    assert Service.objects.count() == 5
    brought.refresh_from_db()
    assert brought.taken_in_at
    assert queued() == 0
    done = list(AuditEvent.objects.order_by("pk").values_list("did", flat=True))
    assert done[-2:] == ["wrote services of a file", "took in services"]


def test_a_task_holds_an_id_and_nothing_of_the_file(coordinator):
    brought = begun(coordinator)
    task = DBTaskResult.objects.get()
    assert task.args_kwargs == {"args": [str(brought.pk), brought.turn], "kwargs": {}}


def test_a_step_that_is_killed_is_done_by_the_next_task(coordinator, monkeypatch):
    brought = begun(coordinator)

    def kill(rows, *names):
        raise OperationalError

    with monkeypatch.context() as patch:
        replace_everywhere(patch, actions, "update_rows", kill)
        work()
    assert waiting(brought) == 5
    assert queued() == 0

    call_command("continue_imports")
    assert queued() == 0, "it may still be at work"
    with time_machine.travel(timezone.now() + STANDS_STILL + timedelta(minutes=1)):
        call_command("continue_imports")
        assert queued() == 1
        work()
    assert waiting(brought) == 0


def test_what_fails_each_time_is_not_tried_for_ever(coordinator, monkeypatch):
    brought = begun(coordinator)

    def fail(rows, *names):
        raise OperationalError

    with monkeypatch.context() as patch:
        replace_everywhere(patch, actions, "update_rows", fail)
        now = timezone.now()
        for round_ in range(1, 8):
            work()
            with time_machine.travel(now + round_ * timedelta(minutes=5)):
                call_command("continue_imports")
    # The first has stored the names; three more were tried by the timer.
    assert DBTaskResult.objects.count() == 4
    here = reverse("imports:brought", args=[brought.pk])
    with time_machine.travel(now + timedelta(hours=1)):
        browser = given.sign_in(coordinator)
        assert "The work has stopped" in browser.get(here).content.decode()
        browser.post(f"{here}proceed/", make_form_key())
        work()
    assert waiting(brought) == 0


def test_of_two_tasks_for_one_step_the_second_does_nothing(coordinator, monkeypatch):
    brought = begun(coordinator)
    turn = brought.turn
    actions.continue_import(brought.pk, turn)
    before = (waiting(brought), Import.objects.get().turn)
    actions.continue_import(brought.pk, turn)
    assert (waiting(brought), Import.objects.get().turn) == before


def test_a_step_that_was_overtaken_stores_nothing(coordinator, monkeypatch):
    """One that seemed dead wakes up after a person has continued the import."""
    brought = begun(coordinator)
    plan = planning_rows.plan_rows
    overtaken: list[Import] = []

    def slow(brought, rows):
        plan(brought, rows)
        if not overtaken:
            overtaken.append(brought)
            actions.resume_import(Import.objects.get(), by=coordinator)

    with monkeypatch.context() as patch:
        replace_everywhere(patch, actions, "plan_rows", slow)
        actions.continue_import(brought.pk, brought.turn)
    assert waiting(brought) == 5
    work()
    assert waiting(brought) == 0


def test_only_one_of_two_who_press_import_is_heard(coordinator):
    brought = begun(coordinator)
    work()
    actions.ask_to_apply(Import.objects.get(), by=coordinator)
    with pytest.raises(Changed, match="already done"):
        actions.ask_to_apply(Import.objects.get(), by=coordinator)
    work()
    with pytest.raises(Changed):
        actions.ask_to_apply(Import.objects.get(), by=coordinator)
    assert Service.objects.count() == 5
    assert brought.rows.count() == 5


def test_nothing_is_imported_while_rows_wait(coordinator):
    brought = begun(coordinator)
    with pytest.raises(Refused, match="not been checked"):
        actions.ask_to_apply(brought, by=coordinator)
    assert not Organisation.objects.filter(name="Field Works").exists()


def test_who_brings_the_same_service_first_is_no_error(coordinator):
    """Two files of one source, compared at the same time."""
    first, second = begun(coordinator, 3), begun(coordinator, 4)
    work()
    actions.apply_import(first, by=coordinator)
    second.refresh_from_db()
    actions.apply_import(second, by=coordinator)
    assert Service.objects.count() == 4


def test_what_others_change_meanwhile_is_read_again(coordinator, monkeypatch):
    actions.apply_import(planned(begun(coordinator, 2)), by=coordinator)
    changed = a_feature(1, **{"10. Referral Method": {"IA Form": True}})
    file = read_map(a_map(changed), by=coordinator)
    brought = actions.record_file(file, by=coordinator)
    while actions.plan_next_rows(brought, by=coordinator):
        pass
    write = actions.write_application
    times: list[int] = []

    def overtaken(*args):
        if not times:
            service = Service.objects.earliest("pk")
            directory.change_service(service, by=coordinator, description="By hand")
        times.append(1)
        return write(*args)

    with monkeypatch.context() as patch:
        replace_everywhere(patch, actions, "write_application", overtaken)
        actions.apply_import(brought, by=coordinator)
    service = Service.objects.earliest("pk")
    assert (service.description, service.referral_method) == ("By hand", "form")
    assert len(times) == 2


def planned(brought):
    work()
    brought.refresh_from_db()
    return brought


def test_what_stands_against_it_each_time_is_told_and_leaves_nothing(
    coordinator, monkeypatch
):
    brought = planned(begun(coordinator))

    def clash(*args):
        raise IntegrityError

    with monkeypatch.context() as patch:
        replace_everywhere(patch, actions, "write_application", clash)
        actions.ask_to_apply(brought, by=coordinator)
        work()
    assert not Service.objects.exists()
    assert not Organisation.objects.filter(name="Field Works").exists()
    browser = given.sign_in(coordinator)
    page = browser.get(reverse("imports:brought", args=[brought.pk])).content.decode()
    assert "Nothing was imported" in page
    assert "Import these services" in page
    actions.ask_to_apply(Import.objects.get(), by=coordinator)
    work()
    assert Service.objects.count() == 5


def test_the_page_shows_how_far_it_is_without_scripts(coordinator):
    brought = begun(coordinator)
    work(1)
    browser = given.sign_in(coordinator)
    here = reverse("imports:brought", args=[brought.pk])
    page = browser.get(here).content.decode()
    assert "2 of 5" in page
    assert "<progress" in page
    assert "Refresh this page" in page
    work()
    assert "Import these services" in browser.get(here).content.decode()
    actions.ask_to_apply(brought, by=coordinator)
    assert "being imported" in browser.get(here).content.decode()
    work()
    assert "Undo this import" in browser.get(here).content.decode()


def test_only_those_who_import_continue_one(coordinator):
    brought = begun(coordinator)
    worker = given.make_worker()
    for act in (actions.resume_import, actions.ask_to_apply, actions.undo_import):
        with pytest.raises(Exception, match="bring_services"):
            act(brought, by=worker)
    other = given.make_worker(role=Role.ADMINISTRATOR)
    actions.resume_import(brought, by=other)
    work()
    with pytest.raises(Refused, match="finished"):
        actions.resume_import(brought, by=other)
