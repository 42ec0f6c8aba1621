"""Try what more places, posts or hours would change, and keep what was found."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from decimal import Decimal
from functools import lru_cache
from typing import TYPE_CHECKING, Any

from django.db import transaction
from django.utils.translation import gettext as _

from amana.design.directory.models import Area
from amana.design.mechanism.engine.faults import Sayable
from amana.design.mechanism.engine.simulation import NeverEnds
from amana.design.mechanism.models import Version
from amana.errors import Refused
from amana.insight.costing import outcomes
from amana.insight.costing.engine.foreseen import (
    WITHIN,
    Change,
    Seen,
    Unknown,
    cost_a_year,
)
from amana.insight.costing.engine.foreseen import what_if as foresee
from amana.insight.costing.models import Kind, Scenario
from amana.insight.costing.outcomes import Outcome
from amana.insight.costing.rules import WRITERS, write_costs
from amana.trust.access.models import User
from amana.trust.access.rules import Denied, holds
from amana.trust.audit import log

if TYPE_CHECKING:
    from amana.design.mechanism.pack.model import Pack

ANSWERS_KEPT = 64


@dataclass(frozen=True)
class Question:
    """What is tried. The hash of its files names the mechanism that it is asked of."""

    wording: str
    change: Change
    arrivals: Decimal | None
    within: int
    # Not compared: the hash of its files is, and names the same mechanism.
    pack: "Pack" = field(compare=False, repr=False)

    @property
    def capacity(self) -> Mapping[str, Any]:
        said: Mapping[str, Any] = self.pack.capacity
        if self.arrivals is None:
            return said
        return {**said, "arrivals_per_day": float(self.arrivals)}


# Worked out once: who keeps what they saw asks the same question again.
@lru_cache(maxsize=ANSWERS_KEPT)
def answered(question: Question) -> Seen:
    """Simulate what a question asks."""
    return foresee(
        question.pack.pathway,
        question.capacity,
        question.change,
        within=question.within,
    )


def what_if(
    version: Version,
    *,
    kind: str,
    name: str,
    more: Decimal,
    price: Decimal,
    currency: str,
    fixed: Decimal = Decimal(0),
    arrivals: Decimal | None = None,
    within: int = WITHIN,
    service_type: str = "",
    area: Area | None = None,
    by: User,
) -> Outcome:
    """Try a year of the mechanism with invented people, before and after. It takes
    about a second, the first time, writes nothing, and always gives the same answer."""
    if not holds(by, WRITERS):
        raise Denied(write_costs, by)
    pack = version.pack
    if not pack.capacity:
        raise Refused(
            _(
                "This mechanism does not specify who comes and who helps, so "
                "nothing can be simulated."
            )
        )
    change = Change(Kind(kind).value, name, float(more))
    question = Question(version.sha256, change, arrivals, within, pack)
    capacity = question.capacity
    try:
        seen = answered(question)
    except Unknown as error:
        raise Refused(_("The mechanism in force has no such place or role.")) from error
    except NeverEnds as never:
        raise Refused(said(never)) from never
    return Outcome(
        version=version,
        kind=Kind(kind),
        name=name,
        more=more,
        arrivals=Decimal(str(capacity["arrivals_per_day"])),
        within=within,
        price=price,
        fixed=fixed,
        currency=currency,
        seen=seen,
        cost=cost_a_year(
            pack.pathway, capacity, change, seen, price=price, fixed=fixed
        ),
        service_type=service_type,
        area=area,
    )


def said(fault: Sayable) -> str:
    return _(fault.sentence) % fault.values


@transaction.atomic
def keep(outcome: Outcome, *, by: User) -> Scenario:
    """Keep what was found, so that a brief can cite it; it never changes."""
    if not holds(by, WRITERS):
        raise Denied(write_costs, by)
    kept = Scenario.objects.create(
        version=outcome.version,
        kind=outcome.kind,
        name=outcome.name,
        more=outcome.more,
        arrivals=outcome.arrivals,
        within=outcome.within,
        price=outcome.price,
        fixed=outcome.fixed,
        currency=outcome.currency,
        service_type=outcome.service_type,
        area=outcome.area,
        found=outcomes.written(outcome.seen),
        cost=outcome.cost,
        made_by=by,
    )
    log.record("kept scenario", kept, by=by, kind=str(outcome.kind))
    return kept
