"""What a page shows of witnesses, logs, and a log in doubt."""

from dataclasses import dataclass
from datetime import datetime

from django.db.models import Max
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from amana.trust.access.models import User
from amana.trust.audit import anchor
from amana.trust.audit.models import Cosignature
from amana.trust.audit.offline_verifier import parse_head
from amana.trust.witness.models import (
    Finding,
    VouchedKey,
    Witness,
    WitnessedLog,
    is_overdue,
)
from amana.trust.witness.rules import confirm_witness, end_witness


@dataclass(frozen=True)
class ShownDoubt:
    what: str | Promise
    since: datetime
    has: int
    """How many entries the database has."""
    seen: int
    """How many were signed, as far as is known."""


def find_doubt() -> ShownDoubt | None:
    found = anchor.read().doubt
    if found is None:
        return None
    return ShownDoubt(
        Finding.What(found.kind).label,
        datetime.fromisoformat(found.at),
        found.size,
        parse_head(found.seen).size if found.seen else 0,
    )


@dataclass(frozen=True)
class WitnessRow:
    """A witness or a log, with what the reader may do."""

    thing: Witness | WitnessedLog
    confirms: bool
    ends: bool
    last: datetime | None = None
    size: int = 0

    @property
    def status(self) -> str | Promise:
        if not self.thing.is_in_force:
            return _("Waiting for a second person")
        if isinstance(self.thing, WitnessedLog):
            return _("Contradicts itself") if self.thing.conflict else _("Cosigned")
        if self.thing.says is not None:
            return _("Reports having seen more than there is")
        if self.thing.failing_since:
            return _("Doesn’t answer")
        return _("Cosigns") if self.last else _("Has not cosigned yet")

    @property
    def tone(self) -> str:
        thing = self.thing
        if not thing.is_in_force:
            return "due"
        if isinstance(thing, WitnessedLog):
            return "late" if thing.conflict else "good"
        failing = thing.says is not None or is_overdue(thing.failing_since)
        return "late" if failing else "good" if self.last else "due"


def list_witnesses(user: User) -> list[WitnessRow]:
    last = {
        row["name"]: (row["size"], row["at"])
        for row in Cosignature.objects.values("name").annotate(
            size=Max("size"), at=Max("at")
        )
    }
    found = list(Witness.objects.all().for_list())
    return [
        WitnessRow(thing, confirms, ends, at, size)
        for thing, confirms, ends in _with_acts(found, Witness, user)
        for size, at in [last.get(thing.name, (0, None))]
    ]


def list_logs(user: User) -> list[WitnessRow]:
    found = list(WitnessedLog.objects.all().for_list())
    return [
        WitnessRow(thing, confirms, ends, thing.seen_at, thing.size)
        for thing, confirms, ends in _with_acts(found, WitnessedLog, user)
    ]


def _with_acts[V: VouchedKey](
    found: list[V], model: type[V], user: User
) -> list[tuple[V, bool, bool]]:
    rows = model._default_manager.all()
    confirms = set(confirm_witness.among(rows, user).values_list("pk", flat=True))
    ends = set(end_witness.among(rows, user).values_list("pk", flat=True))
    return [(thing, thing.pk in confirms, thing.pk in ends) for thing in found]


def format_groups(hash_: bytes) -> list[str]:
    """Format a hash four letters at a time, as people type it from paper."""
    text = hash_.hex()
    return [text[at : at + 4] for at in range(0, len(text), 4)]
