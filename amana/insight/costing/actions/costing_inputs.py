"""Cost a mechanism: what is assumed, what it is made of, at what price."""

from collections.abc import Mapping
from dataclasses import dataclass
from decimal import Decimal

from django.db import transaction
from django.utils.translation import gettext as _

from amana.errors import Refused
from amana.insight.costing.models import (
    Assumption,
    BasisChoice,
    Consequence,
    CostCentre,
    Costing,
    DriverChoice,
    Fund,
    Ingredient,
)
from amana.insight.costing.rules import WRITERS, write_costs
from amana.trust.access.models import User
from amana.trust.access.rules import Denied, has_role
from amana.trust.audit import log

START: Mapping[DriverChoice, tuple[str, str, str]] = {
    DriverChoice.IDENTIFIED: ("100", "100", "100"),
    DriverChoice.GROWTH: ("0", "0.05", "0.1"),
    DriverChoice.UPTAKE: ("0.6", "0.75", "0.9"),
    DriverChoice.STAY: ("30", "60", "90"),
    DriverChoice.MONTHS: ("6", "9", "12"),
    DriverChoice.CASELOAD: ("25", "20", "15"),
    DriverChoice.OCCUPANCY: ("0.9", "0.85", "0.8"),
    DriverChoice.SALARIES: ("0", "0", "0.1"),
    DriverChoice.PRICES: ("-0.05", "0", "0.1"),
    DriverChoice.INFLATION: ("0.02", "0.03", "0.05"),
}
"""Invented, to be written over: the page says so until each has its source."""

USUAL: Mapping[CostCentre, BasisChoice] = {
    CostCentre.GOVERNANCE: BasisChoice.YEAR,
    CostCentre.IDENTIFICATION: BasisChoice.YEAR,
    CostCentre.CASES: BasisChoice.WORKER,
    CostCentre.SHELTER: BasisChoice.NIGHT,
    CostCentre.HEALTH: BasisChoice.PERSON,
    CostCentre.LEGAL: BasisChoice.PERSON,
    CostCentre.LANGUAGE: BasisChoice.PERSON,
    CostCentre.BASIC: BasisChoice.PERSON,
    CostCentre.GUARDIANSHIP: BasisChoice.PERSON,
    CostCentre.RETURN: BasisChoice.PERSON,
    CostCentre.TRAINING: BasisChoice.YEAR,
    CostCentre.SYSTEMS: BasisChoice.YEAR,
    CostCentre.DIRECTORY: BasisChoice.YEAR,
    CostCentre.LEARNING: BasisChoice.YEAR,
    CostCentre.SECURITY: BasisChoice.YEAR,
    CostCentre.CONTINGENCY: BasisChoice.REST,
}
"""How the cost of each thing is counted in most countries; without a price yet."""


@dataclass(frozen=True)
class AssumptionValues:
    low: Decimal
    likely: Decimal
    high: Decimal
    source: str = ""


@transaction.atomic
def begin_costing(
    title: str, *, currency: str, first_year: int, years: int, by: User
) -> Costing:
    """Begin a costing with all that a mechanism is usually made of, to be priced."""
    if not has_role(by, WRITERS):
        raise Denied(write_costs, by)
    costing = Costing.objects.create(
        title=title, currency=currency, first_year=first_year, years=years, made_by=by
    )
    Assumption.objects.bulk_create(
        Assumption(costing=costing, driver=driver, low=low, likely=likely, high=high)
        for driver, (low, likely, high) in START.items()
    )
    Ingredient.objects.bulk_create(
        Ingredient(
            costing=costing,
            title=str(centre.label),
            centre=centre,
            basis=basis,
            quantity=Decimal("0.05") if basis == BasisChoice.REST else Decimal(1),
        )
        for centre, basis in USUAL.items()
    )
    log.record("began costing", costing, by=by)
    return costing


@transaction.atomic
def change_costing(
    costing: Costing,
    *,
    title: str,
    currency: str,
    first_year: int,
    years: int,
    by: User,
) -> None:
    write_costs.require(by, costing)
    Costing.objects.filter(pk=costing.pk).update(
        title=title, currency=currency, first_year=first_year, years=years
    )
    log.record("changed costing", costing, by=by)


@transaction.atomic
def record_assumptions(
    costing: Costing, said: Mapping[str, AssumptionValues], *, by: User
) -> None:
    """Record what is assumed in each scenario, and where it comes from."""
    write_costs.require(by, costing)
    for driver, assumed in said.items():
        values = (assumed.low, assumed.likely, assumed.high)
        # Cases are divided by the one, nights by the other.
        if (
            DriverChoice(driver) in (DriverChoice.CASELOAD, DriverChoice.OCCUPANCY)
            and min(values) <= 0
        ):
            raise Refused(_("Caseload and occupancy have to be more than zero."))
        Assumption.objects.update_or_create(
            costing=costing,
            driver=driver,
            defaults={
                "low": assumed.low,
                "likely": assumed.likely,
                "high": assumed.high,
                "source": assumed.source,
            },
        )
    log.record("changed assumptions", costing, by=by, drivers=sorted(said))


@dataclass(frozen=True)
class IngredientValues:
    """What an ingredient is, and what it costs."""

    title: str
    centre: str
    basis: str
    price: Decimal
    quantity: Decimal = Decimal(1)
    share: Decimal = Decimal(1)
    fixed: Decimal = Decimal(0)
    payer: Fund | None = None
    source: str = ""


@transaction.atomic
def add_ingredient(costing: Costing, what: IngredientValues, *, by: User) -> Ingredient:
    write_costs.require(by, costing)
    made = Ingredient.objects.create(costing=costing, **vars(what))
    log.record("added ingredient", made, by=by)
    return made


@transaction.atomic
def change_ingredient(
    ingredient: Ingredient, what: IngredientValues, *, by: User
) -> None:
    write_costs.require(by, ingredient)
    Ingredient.objects.filter(pk=ingredient.pk).update(**vars(what))
    log.record("changed ingredient", ingredient, by=by)


@transaction.atomic
def remove_ingredient(ingredient: Ingredient, *, by: User) -> None:
    write_costs.require(by, ingredient)
    log.record("removed ingredient", ingredient, by=by)
    ingredient.delete()


@dataclass(frozen=True)
class ConsequenceValues:
    """What follows from a need that stays unmet, what it costs, and from which
    source."""

    title: str
    need: str
    price: Decimal
    low: Decimal
    likely: Decimal
    high: Decimal
    source: str


@transaction.atomic
def add_consequence(
    costing: Costing, what: ConsequenceValues, *, by: User
) -> Consequence:
    write_costs.require(by, costing)
    _can_be_told(what)
    made = Consequence.objects.create(costing=costing, **vars(what))
    log.record("added consequence", made, by=by)
    return made


@transaction.atomic
def change_consequence(
    consequence: Consequence, what: ConsequenceValues, *, by: User
) -> None:
    write_costs.require(by, consequence)
    _can_be_told(what)
    Consequence.objects.filter(pk=consequence.pk).update(**vars(what))
    log.record("changed consequence", consequence, by=by)


def _can_be_told(what: ConsequenceValues) -> None:
    if not what.source.strip():
        raise Refused(_("Add the source. Without a source, this cannot be saved."))
    if not what.low <= what.likely <= what.high:
        raise Refused(
            _("The low share has to be the smallest, the high share the largest.")
        )


@transaction.atomic
def remove_consequence(consequence: Consequence, *, by: User) -> None:
    write_costs.require(by, consequence)
    log.record("removed consequence", consequence, by=by)
    consequence.delete()
