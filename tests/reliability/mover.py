"""Running cases on their way to a new version, in a process that is killed.

    python -m tests.reliability.mover adopt N   N cases, and a version put in force
    python -m tests.reliability.mover work      the service's worker, till nothing waits
    python -m tests.reliability.mover resume    what the clock does, and then the worker

Works on the SQLite database in AMANA_VAR; says in JSON where the cases are.
"""

import json
import os
import sys
import tempfile
import time
from pathlib import Path
from typing import Any

import django
from django.conf import settings

from tests.mutants.beside import plant_if_asked
from tests.patching import put_everywhere

AT_ONCE = 1
PAUSE = 0.05
"""Seconds between two batches, so that there is time to kill it."""


def ready() -> None:
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "amana.settings")
    django.setup()
    plant_if_asked()
    settings.VAULT_ARGON2 = {"iterations": 1, "lanes": 1, "memory_cost": 8}
    settings.EMAIL_BACKEND = "django.core.mail.backends.locmem.EmailBackend"
    from amana.care.pathways import version_moves

    put_everywhere(version_moves, "AT_ONCE", AT_ONCE)


def adopt(number: int) -> None:
    from amana import given
    from amana.care.pathways.tests.pack import files
    from amana.care.pathways.tests.test_version_moves import longer, next_version
    from amana.design.mechanism import actions as mechanisms
    from amana.trust.access.models import Role
    from amana.trust.audit import sealing

    with tempfile.TemporaryDirectory() as name:
        for path, content in files().items():
            (Path(name) / path).parent.mkdir(parents=True, exist_ok=True)
            (Path(name) / path).write_bytes(content)
        coordinator = given.make_worker(role=Role.COORDINATOR)
        version = mechanisms.adopt_shipped(Path(name), by=coordinator)
    worker = given.make_worker()
    home = worker.memberships.get().team
    mechanisms.give_part(version.mechanism, "responder", home, by=coordinator)
    for _number in range(number):
        given.make_case(worked_on_by=worker, identity_age=30)
    new = next_version(version, coordinator, longer)
    mechanisms.put_in_force(new, by=coordinator)
    sealing.seal_all()


def work() -> None:
    from amana import watchdog
    from amana.care.pathways import version_moves
    from amana.trust.operation.worker import Worker

    as_it_is = version_moves.move_batch

    def with_a_pause(version: Any) -> None:
        as_it_is(version)
        time.sleep(PAUSE)

    put_everywhere(version_moves, "move_batch", with_a_pause)
    Worker(worker_id="mover", alive=watchdog.report_alive).run()


def resume() -> None:
    from django.core.management import call_command

    call_command("chase_steps", stdout=sys.stderr)
    work()


def look() -> None:
    from amana.care.pathways import version_moves
    from amana.care.pathways.models import PathwayEvent, PathwayRun, VersionMove
    from amana.design.mechanism.choosing import find_first_version
    from amana.trust.audit.models import AuditEvent

    moves = VersionMove.objects.get()
    events = AuditEvent.objects.filter(did="moved cases")
    said = {
        "there": PathwayRun.objects.filter(version=find_first_version()).count(),
        "moved": moves.moved,
        "facts": PathwayEvent.objects.filter(kind="moved").count(),
        "logged": len([c for e in events for c in e.mentions.values_list("case")]),
        "waits": bool(version_moves.list_unfinished()),
        "ended": moves.ended_at is not None,
    }
    sys.stdout.write(json.dumps(said) + "\n")


if __name__ == "__main__":
    ready()
    match sys.argv[1:]:
        case ["adopt", number]:
            adopt(int(number))
        case ["work"]:
            work()
        case ["resume"]:
            resume()
    look()
