"""Try what more places, posts or hours would change, and keep what was found."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from decimal import Decimal
from functools import lru_cache
from typing import TYPE_CHECKING, Any

from django.db import transaction
from django.utils.translation import gettext as _

from amana.design.directory.models import Area
from amana.design.mechanism.models import Version
from amana.design.simulation.simulator import EndlessRun
from amana.errors import Refused
from amana.faults import ReadableError
from amana.insight.costing import scenario_outcomes
from amana.insight.costing.engine.foreseen import (
    WITHIN,
    CapacityChange,
    ScenarioForecast,
    UnknownCapacity,
    compute_cost_a_year,
)
from amana.insight.costing.engine.foreseen import simulate_change as foresee
from amana.insight.costing.models import Scenario, ScenarioKind
from amana.insight.costing.rules import WRITERS, write_costs
from amana.insight.costing.scenario_outcomes import ScenarioOutcome
from amana.trust.access.models import User
from amana.trust.access.rules import Denied, has_role
from amana.trust.audit import log

if TYPE_CHECKING:
    from amana.design.mechanism.pack.pack_model import Pack

ANSWERS_KEPT = 64


@dataclass(frozen=True)
class ScenarioQuestion:
    """What is tried. The hash of its files names the mechanism that it is asked of."""

    wording: str
    change: CapacityChange
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
def simulate_question(question: ScenarioQuestion) -> ScenarioForecast:
    """Simulate what a question asks."""
    return foresee(
        question.pack.pathway,
        question.capacity,
        question.change,
        within=question.within,
    )


def try_change(
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
) -> ScenarioOutcome:
    """Try a year of the mechanism with invented people, before and after. It takes
    about a second, the first time, writes nothing, and always gives the same answer."""
    if not has_role(by, WRITERS):
        raise Denied(write_costs, by)
    pack = version.pack
    if not pack.capacity:
        raise Refused(
            _(
                "This mechanism does not specify who comes and who helps, so "
                "nothing can be simulated."
            )
        )
    change = CapacityChange(ScenarioKind(kind).value, name, float(more))
    question = ScenarioQuestion(version.sha256, change, arrivals, within, pack)
    capacity = question.capacity
    try:
        seen = simulate_question(question)
    except UnknownCapacity as error:
        raise Refused(_("The mechanism in force has no such place or role.")) from error
    except EndlessRun as never:
        raise Refused(format_fault(never)) from never
    return ScenarioOutcome(
        version=version,
        kind=ScenarioKind(kind),
        name=name,
        more=more,
        arrivals=Decimal(str(capacity["arrivals_per_day"])),
        within=within,
        price=price,
        fixed=fixed,
        currency=currency,
        seen=seen,
        cost=compute_cost_a_year(
            pack.pathway, capacity, change, seen, price=price, fixed=fixed
        ),
        service_type=service_type,
        area=area,
    )


def format_fault(fault: ReadableError) -> str:
    return _(fault.sentence) % fault.values


@transaction.atomic
def keep_scenario(outcome: ScenarioOutcome, *, by: User) -> Scenario:
    """Keep what was found, so that a brief can cite it; it never changes."""
    if not has_role(by, WRITERS):
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
        found=scenario_outcomes.serialise_seen(outcome.seen),
        cost=outcome.cost,
        made_by=by,
    )
    log.record("kept scenario", kept, by=by, kind=str(outcome.kind))
    return kept
