"""Record observations. Those about no person are written at once; those about a person
wait sealed."""

import re
from collections.abc import Iterable, Mapping
from datetime import date
from typing import Any
from uuid import UUID

from anyascii import anyascii
from django.db import transaction
from django.utils import timezone
from django.utils.text import slugify

from amana.insight.facts import codes
from amana.insight.facts.kinds import KINDS
from amana.insight.facts.models import Observation, PendingObservation
from amana.insight.facts.waiting import COLUMNS, WaitingObservation, lock_box
from amana.trust.access.models import Organisation

CODED = frozenset(COLUMNS) - {"kind"}
CODE = re.compile(r"[a-z0-9-]*")


@transaction.atomic
def record_observation(kind: str, **said: object) -> UUID:
    """Record an observation that is about no person, and return its id, for a later
    correction. Raises `ValueError` when the kind is about a person."""
    if KINDS[kind].of_person:
        raise ValueError(f"{kind} is of a person: it has to wait sealed")
    fact = build_observation(kind, said)
    fact.save(force_insert=True)
    return fact.pk


@transaction.atomic
def record_pending_observation(kind: str, *, person: UUID, **said: object) -> UUID:
    """Seal an observation about a person until the batch, and return its id, which is
    to be kept in the encrypted case alone. `person`: the case, or a random id for an
    answer without a name; it only distinguishes people."""
    return record_pending_observations([(kind, said)], person=person)[0]


def record_pending_observations(
    some: Iterable[tuple[str, Mapping[str, Any]]], *, person: UUID
) -> list[UUID]:
    """Seal several observations that happened at once, in the transaction of the act.
    One query. Raises `OSError`, without any query, if the key can't be read."""
    facts = [require_public_codes(build_observation(kind, said)) for kind, said in some]
    lock_box()  # before sealing: the key must not change before these are written
    rows = [
        PendingObservation(sealed=WaitingObservation.of(fact, person).sealed())
        for fact in facts
    ]
    PendingObservation.objects.bulk_create(rows)
    return [fact.pk for fact in facts]


def build_observation(kind: str, said: Mapping[str, Any]) -> Observation:
    """Build an observation in the public codes; the database refuses any other."""
    unknown = said.keys() - CODED
    if unknown:
        raise TypeError(f"a fact has no {', '.join(sorted(unknown))}")
    month = said.get("month") or timezone.localdate()
    return Observation(kind=kind, **{**said, "month": get_month_start(month)})


def require_public_codes(fact: Observation) -> Observation:
    """Return the observation if it holds nothing but public codes. Raises `ValueError`
    otherwise."""
    # Under a seal the database can't check its own constraints: a code that it refuses
    # later would stop the batch of a whole night.
    kind = KINDS[fact.kind]
    allowed = {
        "result": kind.results,
        "reason": kind.reasons,
        "topic": kind.topics,
        "band": codes.Band.values if kind.timed else (),
        **{name: words.values for name, words in codes.DIMENSIONS.items()},
    }
    wrong = [n for n, known in allowed.items() if getattr(fact, n) not in ("", *known)]
    if not CODE.fullmatch(fact.agency) or len(fact.area) > 20:
        wrong.append("agency or area")
    if fact.number is not None and not kind.numbered:
        wrong.append("number")
    if wrong or not kind.of_person:
        raise ValueError(f"not of {fact.kind}: {', '.join(wrong)}")
    return fact


def get_month_start(day: date) -> date:
    return date(day.year, day.month, 1)


def build_agency_code(organisation: Organisation | str) -> str:
    """Build the public code of an organisation from its name, in one alphabet."""
    return slugify(anyascii(str(organisation)))[:60].strip("-")
