"""On PostgreSQL: people do steps while their cases are moved to a new version."""

import threading
import time

import pytest
from django.db import connection

from amana import given
from amana.care.pathways import actions, status, version_moves
from amana.care.pathways.models import PathwayRun
from amana.care.pathways.tests.test_version_moves import longer, next_version
from amana.design.mechanism import actions as mechanisms
from tests.patching import replace_everywhere

pytestmark = pytest.mark.django_db(transaction=True)


def test_who_works_on_a_case_waits_for_no_more_than_a_batch(
    mechanism, worker, coordinator, monkeypatch, settings
):
    if connection.vendor != "postgresql":
        pytest.skip("SQLite has one writer at any time (tests/reliability)")
    settings.TASKS = {"default": {"BACKEND": "django_tasks_db.DatabaseBackend"}}
    replace_everywhere(monkeypatch, version_moves, "AT_ONCE", 2)
    for _number in range(10):
        given.make_case(worked_on_by=worker, identity_age=30)
    new = next_version(mechanism, coordinator, longer)
    mechanisms.put_in_force(new, by=coordinator)
    right, failed, at = status.RunRows.of, [], []

    def slowly(*given_):
        time.sleep(0.1)
        return right(*given_)

    monkeypatch.setattr(status.RunRows, "of", slowly)

    def moves():
        try:
            while version_moves.find_waiting(new).exists():
                version_moves.move_batch(new)
        except Exception as error:
            failed.append(error)
        finally:
            connection.close()

    mover = threading.Thread(target=moves)
    mover.start()
    me = given.unlock_user(worker)
    for course in PathwayRun.objects.order_by("-pk"):
        actions.finish_step(course, "meet", data={"agrees": "yes"}, by=me)
        at.append(version_moves.find_waiting(new).count())
    mover.join(120)

    assert failed == []
    assert len(set(at)) > 1  # steps were done before, and after, others were moved
    assert PathwayRun.objects.filter(version=new).count() == 10
    for course in PathwayRun.objects.all():
        assert list(status.compute_state(course).open) == ["register"]
        assert course.facts.filter(kind="moved").count() == 1
        assert course.length == course.facts.count() == 3
