"""A version is adopted at once, and the running cases come after it in batches: killed
in the middle it goes on, and a case that can't be moved holds up no other (ADR 72)."""

import signal

import pytest
from django.core.management import call_command
from django.db import OperationalError
from django.urls import reverse
from django_tasks_db.management.commands import db_worker
from django_tasks_db.models import DBTaskResult

from amana import given
from amana.care.pathways import actions, status, version_moves
from amana.care.pathways.models import (
    DeviationReason,
    PathwayRun,
    UnmovedRun,
    VersionMove,
)
from amana.care.pathways.tests.conftest import go
from amana.care.pathways.tests.test_version_moves import (
    longer,
    next_version,
    without_care,
)
from amana.design.mechanism import actions as mechanisms
from amana.errors import Refused
from amana.notifications.models import Notification, NotificationTopic
from amana.trust.access.models import Role
from amana.trust.access.rules import Denied
from amana.trust.audit.models import AuditEvent
from amana.ui.once import make_form_key
from amana.unattended import TookTooLong
from tests.patching import replace_everywhere
from tests.worlds import kept

pytestmark = pytest.mark.django_db

FIVE = 5


@kept
def courses(mechanism, worker):
    """Five cases under way, each at the step that asks the worker first."""
    for _number in range(FIVE):
        given.make_case(worked_on_by=worker, identity_age=30)
    return list(PathwayRun.objects.order_by("pk"))


@pytest.fixture(autouse=True)
def _two_at_a_time(monkeypatch, settings):
    monkeypatch.setattr(db_worker, "close_old_connections", lambda: None)
    replace_everywhere(monkeypatch, version_moves, "AT_ONCE", 2)
    settings.TASKS = {"default": {"BACKEND": "django_tasks_db.DatabaseBackend"}}
    before = signal.getsignal(signal.SIGALRM)
    yield
    signal.setitimer(signal.ITIMER_REAL, 0)
    signal.signal(signal.SIGALRM, before)


@pytest.fixture
def adopted(courses, mechanism, coordinator):
    new = next_version(mechanism, coordinator, longer)
    mechanisms.put_in_force(new, by=coordinator)
    return new


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


def queued():
    return DBTaskResult.objects.ready().filter(
        task_path="amana.care.pathways.tasks.move_cases"
    )


def is_said_to_be_under_way(version, coordinator):
    found = mechanisms.find_move_progress(version, by=coordinator)
    return found is not None and found.ended_at is None


def moves_of(course):
    return course.facts.filter(kind="moved").count()


def on(version):
    return PathwayRun.objects.filter(version=version).count()


def test_a_version_is_adopted_at_once_and_cases_follow_in_batches(
    adopted, mechanism, coordinator
):
    assert (on(adopted), on(mechanism)) == (0, FIVE)
    assert queued().count() == 1

    seen = []
    while queued().exists():
        work(1)
        found = mechanisms.find_move_progress(adopted, by=coordinator)
        assert found
        seen.append((found.moved, found.total, found.ended_at is not None))

    assert seen == [(2, FIVE, False), (4, FIVE, False), (5, FIVE, True)]
    events = AuditEvent.objects.filter(did="moved cases")
    named = [case for event in events for case in event.mentions.values_list("case")]
    assert sorted(named) == sorted(PathwayRun.objects.values_list("case"))
    assert not Notification.objects.filter(what=NotificationTopic.UNMOVED).exists()


def test_it_is_over_where_all_that_waited_ended_meanwhile(
    adopted, courses, worker, coordinator
):
    for course in courses:
        actions.end_with_case(course, by=worker)
    assert is_said_to_be_under_way(adopted, coordinator)

    work()

    assert not is_said_to_be_under_way(adopted, coordinator)
    assert not queued().exists()


def test_killed_in_the_middle_of_a_batch_it_goes_on_where_it_was(
    adopted, courses, monkeypatch
):
    work(1)
    write = status.write_rows

    def killed(some):
        write(some)
        raise TookTooLong  # no Exception: as little is done after it as after SIGKILL

    monkeypatch.setattr(status, "write_rows", killed)
    work(1)
    monkeypatch.setattr(status, "write_rows", write)
    assert (on(adopted), VersionMove.objects.get().moved) == (2, 2)
    assert not queued().exists()

    call_command("chase_steps")
    call_command("chase_steps")
    assert queued().count() == 1  # and not one for each look
    work()

    assert on(adopted) == FIVE
    assert [moves_of(course) for course in courses] == [1] * FIVE
    assert VersionMove.objects.get().moved == FIVE
    assert [list(status.compute_state(c).open) for c in PathwayRun.objects.all()] == [
        ["meet"]
    ] * FIVE
    assert version_moves.list_unfinished() == []


def test_a_case_that_waits_goes_on_by_its_version_and_is_moved_with_its_step(
    adopted, mechanism, courses, worker
):
    work(1)
    last = PathwayRun.objects.filter(version=mechanism).order_by("pk").last()
    assert last

    go(last, ("meet", worker, {"agrees": "yes"}))
    last.refresh_from_db()
    assert last.version == mechanism
    due_at = last.dues.get(key="register").due_at
    work()

    last.refresh_from_db()
    assert last.version == adopted
    assert last.dues.get(key="register").due_at == due_at


def test_a_case_opened_meanwhile_begins_by_the_new_version(adopted, worker):
    case = given.make_case(worked_on_by=worker, identity_age=30)
    assert PathwayRun.objects.get(case=case).version == adopted
    work()
    assert moves_of(PathwayRun.objects.get(case=case)) == 0


def test_of_two_adoptions_one_after_the_other_all_end_at_the_newest(
    adopted, courses, coordinator
):
    work(1)
    newest = next_version(adopted, coordinator, rename=("meet", "listen_first"))
    mechanisms.put_in_force(newest, by=coordinator)
    version_moves.move_batch(adopted)  # its task was under way
    assert on(adopted) == 2

    work()

    assert on(newest) == FIVE
    assert sorted(moves_of(course) for course in courses) == [1, 1, 1, 2, 2]
    assert not VersionMove.objects.filter(ended_at=None).exists()
    assert set(PathwayRun.objects.values_list("dues__key", flat=True)) == {
        "listen_first"
    }


@pytest.fixture
def broken(courses, monkeypatch):
    """One case, the second, on which a mistake of the program shows."""
    bad, right = courses[1], status.RunRows.of

    def fail(course, *rest):
        if course.pk == bad.pk:
            raise ZeroDivisionError
        return right(course, *rest)

    monkeypatch.setattr(status.RunRows, "of", fail)
    yield bad
    monkeypatch.setattr(status.RunRows, "of", right)


class TestSetAside:
    def test_a_case_that_cannot_be_moved_holds_up_no_other(
        self, broken, adopted, mechanism, coordinator, worker, mailoutbox
    ):
        mailoutbox.clear()
        work()

        assert on(adopted) == FIVE - 1
        assert PathwayRun.objects.get(version=mechanism) == broken
        aside = UnmovedRun.objects.get()
        assert (aside.course, aside.error) == (broken, "ZeroDivisionError")
        assert moves_of(broken) == 0
        told = Notification.objects.filter(what=NotificationTopic.UNMOVED)
        assert [notification.user for notification in told] == [coordinator]
        assert version_moves.list_unfinished() == []  # it is not tried for ever
        actions.finish_step(broken, "meet", data={"agrees": "yes"}, by=worker)

    def test_it_is_tried_again_after_an_update(
        self, broken, adopted, coordinator, worker, monkeypatch
    ):
        work()
        with pytest.raises(Denied):
            version_moves.retry_set_aside(adopted, by=worker)
        monkeypatch.undo()

        monkeypatch.setattr(db_worker, "close_old_connections", lambda: None)
        version_moves.retry_set_aside(adopted, by=coordinator)
        assert is_said_to_be_under_way(adopted, coordinator)
        work()

        assert not is_said_to_be_under_way(adopted, coordinator)
        assert on(adopted) == FIVE
        assert not UnmovedRun.objects.exists()
        assert VersionMove.objects.get().moved == FIVE

    def test_the_database_away_sets_nothing_aside(self, adopted, courses, monkeypatch):
        def away(*rest):
            raise OperationalError("the server closed the connection")

        monkeypatch.setattr(status.RunRows, "of", away)
        with pytest.raises(OperationalError):
            version_moves.move_batch(adopted)
        assert not UnmovedRun.objects.exists()

    def test_what_has_no_place_is_listed_and_placed_by_hand(
        self, courses, mechanism, worker, coordinator, supervisor
    ):
        first = courses[0]
        go(first, ("meet", worker, {"agrees": "yes"}))
        go(first, ("register", coordinator, {}))
        new = next_version(mechanism, coordinator, without_care)
        mechanisms.put_in_force(new, by=coordinator)
        work()
        assert on(new) == FIVE - 1

        browser = given.sign_in(coordinator)
        page = browser.get(reverse("pathways:overview")).content.decode()
        assert reverse("pathways:place", args=[first.pk]) in page
        assert "1 case could not be moved" in page
        version_moves.place_case(first, {"care": "listen"}, by=coordinator)

        assert not UnmovedRun.objects.exists()
        with pytest.raises(Refused, match="Another version"):
            version_moves.retry_set_aside(mechanism, by=coordinator)

    def test_one_that_has_gone_on_to_where_it_has_a_place_is_tried_again(
        self, courses, mechanism, worker, coordinator
    ):
        first = courses[0]
        go(first, ("meet", worker, {"agrees": "yes"}))
        go(first, ("register", coordinator, {}))
        new = next_version(mechanism, coordinator, without_care)
        mechanisms.put_in_force(new, by=coordinator)
        work()
        actions.skip_step(first, "care", reason=DeviationReason.NOT_WISHED, by=worker)
        page = given.sign_in(coordinator).get(reverse("pathways:overview"))
        assert "now fits the new version" in page.content.decode()

        version_moves.retry_set_aside(new, by=coordinator)
        work()

        first.refresh_from_db()
        assert first.version == new


class TestPages:
    def test_the_page_of_the_adoption_shows_how_far_it_is(
        self, adopted, coordinator, worker
    ):
        address = reverse("mechanism:adoption", args=[adopted.pk])
        browser = given.sign_in(coordinator)
        work(1)

        page = browser.get(address).content.decode()
        assert "2 of 5" in page
        assert 'hx-trigger="every 5s"' in page
        assert "adopted as supplied" not in page  # it was made from the one before
        part = browser.get(address, headers={"HX-Request": "true"}).content.decode()
        assert "2 of 5" in part
        assert "<html" not in part

        work()
        page = browser.get(address).content.decode()
        assert "5 cases were moved to this version." in page
        assert "every 5s" not in page
        others = given.sign_in(worker).get(address).content.decode()
        assert "were moved to this version" not in others

    def test_who_keeps_no_mechanism_tries_nothing_again(self, adopted, worker):
        address = reverse("pathways:move_again", args=[adopted.pk])
        assert given.sign_in(worker).post(address, make_form_key()).status_code == 404

    def test_an_administrator_sees_how_far_it_is_and_no_case(
        self, broken, adopted, mechanism
    ):
        work()
        admin = given.sign_in(given.make_worker(role=Role.ADMINISTRATOR))
        page = admin.get(reverse("mechanism:adoption", args=[adopted.pk]))
        assert "1 case could not be moved" in page.content.decode()
        assert reverse("pathways:overview") + "#left" not in page.content.decode()
        address = reverse("pathways:move_again", args=[adopted.pk])
        assert admin.post(address, make_form_key()).status_code == 302
        assert queued().count() == 1
