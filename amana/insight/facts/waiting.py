"""Facts of people, sealed while they wait; what is under the seal, and its lock."""

import hashlib
import json
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import date
from pathlib import Path
from typing import Any, Self
from uuid import UUID

from django.conf import settings
from django.db import connection, transaction
from django.utils.translation import gettext as _

from amana.insight.facts.models import Observation, PendingObservation
from amana.trust.operation.checks import CheckFinding
from amana.trust.vault.boxes import SealedBox

SIZE = 640
"""Of every fact under its seal, whatever it says."""

ONE_NIGHT = 0x6661637473
"""“facts”: the lock that many hold who tell, and one alone who writes."""


def get_box() -> SealedBox:
    return SealedBox("facts", Path(settings.FACTS_KEY_FILE), SIZE)


def make_key() -> None:
    get_box().make_key()


@dataclass(frozen=True)
class WaitingObservation:
    """A fact as it waits. `person` tells people apart and is forgotten with the key."""

    fact: Observation
    person: str

    @classmethod
    def of(cls, fact: Observation, person: UUID) -> Self:
        # A hash, so that what is under the seal does not name the case either.
        return cls(fact, hashlib.sha256(person.bytes).hexdigest()[:32])

    def sealed(self) -> bytes:
        said = {
            "id": self.fact.pk.hex,
            "person": self.person,
            **get_known_columns(self.fact),
        }
        return get_box().put(json.dumps(said, default=str).encode())

    @classmethod
    def read(cls, plain: bytes) -> Self:
        said: dict[str, Any] = json.loads(plain)
        # Not a column: it only counts different people in the batch, and is gone with
        # the key.
        person = said.pop("person")
        said["id"] = UUID(said["id"])
        said["month"] = date.fromisoformat(said["month"])
        if said.get("corrects"):
            said["corrects"] = UUID(said["corrects"])
        return cls(Observation(**said), person)


COLUMNS = tuple(f.name for f in Observation._meta.concrete_fields if f.name != "id")


def check_other_server_key() -> CheckFinding | None:
    """Check whether observations wait that another server sealed with its own key."""
    some = PendingObservation.objects.order_by("pk").values_list("sealed", flat=True)[
        :50
    ]
    if all(get_box().opens(bytes(sealed)) for sealed in some):
        return None
    return CheckFinding(
        _(
            "Observations are waiting under a key that is not in FACTS_KEY_FILE on "
            "this server: they would not be counted."
        ),
        _(
            "Add the lines of the other server’s file to this one, and use one file "
            "on both servers from now on."
        ),
    )


def get_known_columns(fact: Observation) -> dict[str, object]:
    """Get what is known of an observation, by column."""
    said = {name: getattr(fact, name) for name in COLUMNS}
    return {name: value for name, value in said.items() if value not in ("", None)}


def lock_box() -> None:
    """Lock the key until the transaction ends, so that the batch can't replace it."""
    _lock("pg_advisory_xact_lock_shared")


@contextmanager
def lock_batch() -> Iterator[None]:
    """Open a transaction in which no other adds an observation."""
    with transaction.atomic():
        _lock("pg_advisory_xact_lock")
        yield


def _lock(function: str) -> None:
    # SQLite has one writer at a time, and so needs no lock. On PostgreSQL many who
    # record share it, and the batch takes it alone.
    if connection.vendor == "postgresql":
        with connection.cursor() as cursor:
            cursor.execute(f"SELECT {function}(%s)", [ONE_NIGHT])


def count_people(told: Iterable[WaitingObservation]) -> int:
    return len({telling.person for telling in told})
