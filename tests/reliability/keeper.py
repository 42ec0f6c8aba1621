"""A house whose backups are made and restored, each step in a process of its own.

    python -m tests.reliability.keeper open KEPT CLOSED   cases, some closed long ago
    python -m tests.reliability.keeper erase              what its time is over for
    python -m tests.reliability.keeper renew              a team's key, and all under it
    python -m tests.reliability.keeper look               which names open today

Works on the database of DATABASE_URL, or on SQLite in AMANA_VAR; says in JSON what it
did.
"""

import json
import os
import sys
from datetime import UTC, datetime, timedelta
from typing import Any

import django
from django.conf import settings

LONG_AGO = timedelta(days=7 * 365)


def ready() -> None:
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "amana.settings")
    django.setup()
    settings.VAULT_ARGON2 = {"iterations": 1, "lanes": 1, "memory_cost": 8}


def say(what: object) -> None:
    sys.stdout.write(json.dumps(what) + "\n")


def begin(kept: int, closed: int) -> None:
    import time_machine

    from amana import given
    from amana.care.cases import actions as cases
    from amana.care.cases.closing import REQUIRED
    from amana.care.cases.models import ClosureReason
    from amana.trust.audit import sealing

    with time_machine.travel(datetime.now(UTC) - LONG_AGO):
        worker = given.a_worker(email="keeper@house.example")
        for number in range(closed):
            case = a_case(f"Erased {number}", worker)
            cases.close(
                case,
                reason=ClosureReason.RELOCATED,
                checklist=REQUIRED,
                left_open="moved",
                by=worker,
            )
        sealing.seal_all()
    for number in range(kept):
        a_case(f"Kept {number}", at_work())
    say({"worker": worker.pk})


def a_case(name: str, worker: Any) -> Any:
    from amana import given

    return given.a_case(worked_on_by=worker, identity_name=name, identity_age="40")


def at_work() -> Any:
    from amana import given
    from amana.trust.access.models import User

    return given.unlocked(User.objects.get(email="keeper@house.example"))


def erase() -> None:
    from amana.trust.audit import sealing
    from amana.trust.retention import erasing

    done = erasing.erase_due()
    sealing.seal_all()
    say({"erased": done["case"]})


def renew() -> None:
    from amana.trust.vault import leaving

    worker = at_work()
    new = leaving.begin_epoch(worker.memberships.get().team, by=worker)
    while not leaving.rewrap_some(new, by=worker).is_complete:
        pass
    say({"epoch": new.epoch})


def look() -> None:
    from amana.trust.audit import checking, sealing
    from amana.trust.audit.offline_verifier import Wrong
    from amana.trust.vault import cards, documents
    from amana.trust.vault.compartments import Compartment
    from amana.trust.vault.models import CompartmentKey

    sealing.seal_all()
    worker = at_work()
    names = []
    found = CompartmentKey.objects.filter(compartment=Compartment.IDENTITY)
    for case in found.values_list("case", flat=True):
        opened = documents.opened(
            case, [Compartment.IDENTITY], by=worker, purpose="test"
        )
        names += [one.content["name"] for one in opened.values()]
    on_cards = [card["name"] for _case, card in cards.opened(by=worker)]
    try:
        right = checking.check_here().entries > 0
    except Wrong:  # an older copy: two people declare the restoration first
        right = False
    say({"opened": sorted(names), "cards": sorted(on_cards), "log": right})


if __name__ == "__main__":
    ready()
    match sys.argv[1:]:
        case ["open", kept, closed]:
            begin(int(kept), int(closed))
        case ["erase"]:
            erase()
        case ["renew"]:
            renew()
        case ["look"]:
            look()
        case _:
            sys.exit(__doc__)
