"""A house whose backups are made and restored, each step in a process of its own.

    python -m tests.reliability.keeper open KEPT CLOSED   cases, some closed long ago
    python -m tests.reliability.keeper add NAME           one more case
    python -m tests.reliability.keeper erase              what its time is over for
    python -m tests.reliability.keeper renew              a team's key, and all under it
    python -m tests.reliability.keeper look               which names open today
    python -m tests.reliability.keeper focal_points N     people with a second factor
    python -m tests.reliability.keeper owe N              N consents whose time is over
    python -m tests.reliability.keeper note N             N entries to be sealed
    python -m tests.reliability.keeper tell N             N tasks that wait
    python -m tests.reliability.keeper tasks              the service's worker
    python -m tests.reliability.keeper adopt N            N cases, and a new version
    python -m tests.reliability.keeper moved              where those cases are
    python -m tests.reliability.keeper count              what is there, and half there

With -- between them, one after the other.

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

from tests.reliability import mover

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
        worker = given.make_worker(email="keeper@house.example")
        given.make_worker(email="recipient@house.example")
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

    return given.make_case(worked_on_by=worker, identity_name=name, identity_age="40")


def at_work() -> Any:
    from amana import given
    from amana.trust.access.models import User

    return given.unlock_user(User.objects.get(email="keeper@house.example"))


def erase() -> None:
    from amana.trust.audit import sealing
    from amana.trust.retention import erasing

    done = erasing.erase_due()
    sealing.seal_all()
    say({"erased": done["case"]})


def renew() -> None:
    from amana.trust.vault import epochs, leaving

    worker = at_work()
    new = epochs.begin_epoch(worker.memberships.get().team, by=worker)
    while not leaving.rewrap_some(new, by=worker).is_complete:
        pass
    say({"epoch": new.epoch})


def look() -> None:
    from amana.trust.audit import checking, sealing
    from amana.trust.audit.offline_verifier import LogBroken
    from amana.trust.vault import cards, documents
    from amana.trust.vault.compartments import Compartment
    from amana.trust.vault.models import CompartmentKey

    sealing.seal_all()
    worker = at_work()
    names = []
    found = CompartmentKey.objects.filter(compartment=Compartment.IDENTITY)
    for case in found.values_list("case", flat=True):
        opened = documents.open_documents(
            case, [Compartment.IDENTITY], by=worker, purpose="test"
        )
        names += [document.content["name"] for document in opened.values()]
    on_cards = [card["name"] for _case, card in cards.open_cards(by=worker)]
    try:
        right = checking.check_whole_log().entries > 0
    except LogBroken:  # an older copy: two people declare the restoration first
        right = False
    sealing.seal_all()  # what was opened here, too
    say({"opened": sorted(names), "cards": sorted(on_cards), "log": right})


def owe(number: int) -> None:
    """Shared for a day, a week ago."""
    import time_machine

    from amana import given
    from amana.care.consent import actions as consents
    from amana.trust.access.models import User

    with time_machine.travel(datetime.now(UTC) - timedelta(days=7)):
        worker, now = at_work(), datetime.now(UTC)
        to = User.objects.get(email="recipient@house.example").memberships.get().team
        for index in range(number):
            case = a_case(f"Owed {index}", worker)
            over = now + timedelta(days=1)
            consent = given.make_consent(case, to=to, by=worker, expires_at=over)
            consents.disclose(consent, by=worker)
    say({"owed": number})


def focal_points(number: int) -> None:
    from allauth.mfa.totp.internal.auth import TOTP, generate_totp_secret

    from amana import given
    from amana.trust.access.models import Role

    found = []
    for _one in range(number):
        person, seed = given.make_worker(role=Role.FOCAL_POINT), generate_totp_secret()
        TOTP.activate(person, seed)
        found.append({"email": person.email, "seed": seed})
    say({"people": found})


def note(number: int) -> None:
    from amana.trust.audit import log

    settings.AUDIT_SEALS_AT_ONCE = False
    for index in range(number):
        log.record("opened", by=None, number=index)
    say({"noted": number})


def tell(number: int) -> None:
    from amana.trust.access import tasks

    for _one in range(number):
        tasks.notify_user.enqueue(at_work().pk, False)
    say({"told": number})


def tasks() -> None:
    from amana import watchdog
    from amana.trust.operation.worker import Worker

    Worker(worker_id="keeper", alive=watchdog.report_alive).run()
    say({})


def count() -> None:
    """Compares what lies in two places: a row and a file, a consent and its copies."""
    from django_tasks_db.models import DBTaskResult

    from amana.care.consent.models import Consent
    from amana.insight.facts.models import Observation, PendingObservation
    from amana.insight.facts.waiting import get_box
    from amana.trust.access.models import Invitation, Organisation, User
    from amana.trust.alarms.models import TimerRun
    from amana.trust.audit import anchor, checking
    from amana.trust.audit.models import AuditEvent, AuditPending
    from amana.trust.vault import erased
    from amana.trust.vault.models import Disclosure, ErasedLine, TeamWrap

    listed = erased.read().lines
    sealed = PendingObservation.objects.values_list("sealed", flat=True)
    states = DBTaskResult.objects.values_list("status", flat=True)
    doubt = anchor.read().doubt
    say(
        {
            "people": User.objects.count(),
            "organisations": Organisation.objects.count(),
            "invitations": Invitation.objects.count(),
            "overdue consents": Consent.objects.lapsed().count(),
            "ended in log": AuditEvent.objects.filter(did="expired consent").count(),
            "copies": Disclosure.objects.count(),
            "erased": ErasedLine.objects.filter(kind="case").count(),
            "unlisted": ErasedLine.objects.count() - len(listed),
            "facts": Observation.objects.count() + PendingObservation.objects.count(),
            "lost facts": sum(
                not get_box().opens(bytes(sealed_fact)) for sealed_fact in sealed
            ),
            "unfinished timers": TimerRun.objects.exclude(
                unfinished_since=None
            ).count(),
            "tasks": len(states),
            "waiting tasks": sum(state == "READY" for state in states),
            "unsealed": AuditPending.objects.count(),
            "doubt": str(doubt.kind) if doubt else "",
            "earlier keys": TeamWrap.objects.exclude(team_key__retired_at=None).count(),
            "checked": checking.read().wrong if checking.read().ended_at else "not",
        }
    )


def act(words: list[str]) -> None:
    match words:
        case ["open", kept, closed]:
            begin(int(kept), int(closed))
        case ["add", name]:
            a_case(name, at_work())
            say({"added": name})
        case ["erase"]:
            erase()
        case ["renew"]:
            renew()
        case ["look"]:
            look()
        case ["focal_points", number]:
            focal_points(int(number))
        case ["owe", number]:
            owe(int(number))
        case ["note", number]:
            note(int(number))
        case ["tell", number]:
            tell(int(number))
        case ["tasks"]:
            tasks()
        case ["adopt", number]:
            mover.adopt(int(number))
            mover.look()
        case ["moved"]:
            mover.look()
        case ["count"]:
            count()
        case _:
            sys.exit(__doc__)


if __name__ == "__main__":
    ready()
    for words in " ".join(sys.argv[1:]).split(" -- "):
        act(words.split())
