"""Somebody at work, in a process that is killed or whose disk is full.

    python -m tests.reliability.writer setup         a database, a team, a case
    python -m tests.reliability.writer kill SEED N   write, be killed, N times over
    python -m tests.reliability.writer fill          write until the disk is full
    python -m tests.reliability.writer erase         write, erase, say what was sealed

Works on the SQLite database in AMANA_VAR. Says in JSON what was acknowledged: each
number was written to a pipe only after its transaction had been committed.
"""

import json
import os
import random
import signal
import sys
import time
from pathlib import Path
from typing import Any
from uuid import UUID

import django
from django.conf import settings

from tests.mutants.beside import plant_if_asked

FEW = {"iterations": 1, "lanes": 1, "memory_cost": 8}
FULL = 2
"""SQLite's `synchronous`, with which a commit returns when it is on the disk."""


def ready() -> None:
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "amana.settings")
    django.setup()
    plant_if_asked()
    settings.VAULT_ARGON2 = FEW
    settings.AUDIT_SEALS_AT_ONCE = False


def setup() -> None:
    from django.core.management import call_command

    from amana import given

    call_command("migrate", verbosity=0)
    worker = given.make_worker()
    case = given.make_case_keys(of=worker.memberships.get().team)
    say({"worker": worker.pk, "case": str(case)})


def say(what: object) -> None:
    sys.stdout.write(json.dumps(what) + "\n")


def at_work() -> tuple[Any, UUID]:
    """The worker, unlocked, and the case."""
    from amana import given
    from amana.trust.access.models import User
    from amana.trust.vault.models import CompartmentKey

    worker = given.unlock_user(User.objects.get())
    return worker, CompartmentKey.objects.values_list("case", flat=True)[0]


def write(number: int, worker: Any, case: UUID) -> None:
    """One act: words and what is logged of it, in one transaction."""
    from django.db import transaction

    from amana.trust.audit import log
    from amana.trust.vault import documents
    from amana.trust.vault.compartments import Compartment

    with transaction.atomic():
        content = {"words": f"act {number} " + "x" * 2000}
        name = f"note/{number}"
        documents.write(case, Compartment.NEEDS, content, by=worker, name=name)
        log.record("wrote note", by=worker, case=case, number=number)


# --- killed


def kill(seed: int, times: int) -> None:
    chance = random.Random(seed)
    acknowledged: list[int] = []
    for round_ in range(times):
        reading, writing = os.pipe()
        child = os.fork()
        if child == 0:
            os.close(reading)
            work_for_ever(round_ * 100_000, writing)
        os.close(writing)
        with os.fdopen(reading, "rb") as pipe:
            first = pipe.readline()  # not before the first act is through
            time.sleep(chance.uniform(0, 0.15))
            os.kill(child, signal.SIGKILL)
            rest = pipe.read().split(b"\n")[:-1]
        os.waitpid(child, 0)
        acknowledged += [int(line) for line in [first, *rest]]
    say({"acknowledged": acknowledged, **found()})


def work_for_ever(number: int, pipe: int) -> None:
    from amana.trust.audit import sealing

    worker, case = at_work()
    while True:
        number += 1
        write(number, worker, case)
        os.write(pipe, b"%d\n" % number)
        if number % 5 == 0:
            sealing.seal()


def found() -> dict[str, Any]:
    """What the database holds: acts that open, acts that were logged, and its state."""
    from django.db import connection

    from amana.trust.audit import checking, sealing
    from amana.trust.audit.models import AuditDetail
    from amana.trust.vault import documents
    from amana.trust.vault.compartments import Compartment

    worker, case = at_work()
    with connection.cursor() as cursor:
        cursor.execute("PRAGMA integrity_check")
        integrity = cursor.fetchone()[0]
        cursor.execute("PRAGMA synchronous")
        waits_for_the_disk = cursor.fetchone()[0] >= FULL
    opened = documents.open_documents(
        case, [Compartment.NEEDS], by=worker, purpose="test"
    )
    details = AuditDetail.objects.values_list("details", flat=True)
    sealing.seal_all()
    return {
        "integrity": integrity,
        "waits_for_the_disk": waits_for_the_disk,
        "opened": [
            int(document.content["words"].split()[1]) for document in opened.values()
        ],
        "logged": [detail["number"] for detail in details if "number" in detail],
        "entries": checking.check_whole_log().entries,
    }


# --- full


def fill() -> None:
    """Write until it fails; then make room, and go on."""
    from django.db import DatabaseError, transaction

    from amana.trust.vault.models import Document
    from amana.ui.outages import is_disk_full

    ballast = Path(os.environ["AMANA_VAR"]) / "ballast"
    ballast.write_bytes(os.urandom(3_000_000))
    worker, case = at_work()
    acknowledged, failed = [], None
    for number in range(1, 50_000):
        try:
            write(number, worker, case)
        except DatabaseError as error:
            failed = error
            break
        acknowledged.append(number)
    assert failed is not None, "the disk never filled"
    documents = Document.objects.count()
    again = None
    try:
        with transaction.atomic():
            write(99_999, worker, case)
    except DatabaseError as error:
        again = str(error)
    ballast.unlink()
    write(100_000, worker, case)
    say(
        {
            "acknowledged": [*acknowledged, 100_000],
            "said": str(failed),
            "again": again,
            "is_full": is_disk_full(failed),
            "documents": documents,
            **found(),
        }
    )


# --- erased


def erase() -> None:
    """Write and erase a case; say every key and word of it, as it was sealed."""
    from amana.trust.vault import documents
    from amana.trust.vault.models import CompartmentWrap, Document

    worker, case = at_work()
    for number in range(1, 4):
        write(number, worker, case)
    sealed = [
        bytes(blob)
        for model in (CompartmentWrap, Document)
        for blob in model.objects.values_list("sealed", flat=True)
    ]
    kept = [blob[100:140].hex() for blob in sealed]
    say_before = {"there_before": in_files(sealed)}
    documents.shred(case)
    say({"sealed": kept, "there_after": in_files(sealed), **say_before})


def in_files(blobs: list[bytes]) -> int:
    """How many of these lie in any file of the database, in part at least."""
    folder = Path(os.environ["AMANA_VAR"])
    files = [path.read_bytes() for path in folder.glob("amana.sqlite3*")]
    return sum(any(blob[100:140] in file for file in files) for blob in blobs)


if __name__ == "__main__":
    ready()
    match sys.argv[1:]:
        case ["setup"]:
            setup()
        case ["kill", seed, times]:
            kill(int(seed), int(times))
        case ["fill"]:
            fill()
        case ["erase"]:
            erase()
        case _:
            sys.exit(__doc__)
