"""Cost a mechanism: what is assumed, what it is made of, at what price."""

from collections.abc import Mapping
from dataclasses import dataclass
from decimal import Decimal

from django.db import transaction
from django.utils.translation import gettext as _

from amana.errors import Refused
from amana.insight.costing.models import (
    Assumption,
    Basis,
    Centre,
    Consequence,
    Costing,
    Driver,
    Fund,
    Ingredient,
)
from amana.insight.costing.rules import WRITERS, write_costs
from amana.trust.access.models import User
from amana.trust.access.rules import Denied, holds
from amana.trust.audit import log

START: Mapping[Driver, tuple[str, str, str]] = {
    Driver.IDENTIFIED: ("100", "100", "100"),
    Driver.GROWTH: ("0", "0.05", "0.1"),
    Driver.UPTAKE: ("0.6", "0.75", "0.9"),
    Driver.STAY: ("30", "60", "90"),
    Driver.MONTHS: ("6", "9", "12"),
    Driver.CASELOAD: ("25", "20", "15"),
    Driver.OCCUPANCY: ("0.9", "0.85", "0.8"),
    Driver.SALARIES: ("0", "0", "0.1"),
    Driver.PRICES: ("-0.05", "0", "0.1"),
    Driver.INFLATION: ("0.02", "0.03", "0.05"),
}
"""Invented, to be written over: the page says so until each has its source."""

USUAL: Mapping[Centre, Basis] = {
    Centre.GOVERNANCE: Basis.YEAR,
    Centre.IDENTIFICATION: Basis.YEAR,
    Centre.CASES: Basis.WORKER,
    Centre.SHELTER: Basis.NIGHT,
    Centre.HEALTH: Basis.PERSON,
    Centre.LEGAL: Basis.PERSON,
    Centre.LANGUAGE: Basis.PERSON,
    Centre.BASIC: Basis.PERSON,
    Centre.GUARDIANSHIP: Basis.PERSON,
    Centre.RETURN: Basis.PERSON,
    Centre.TRAINING: Basis.YEAR,
    Centre.SYSTEMS: Basis.YEAR,
    Centre.DIRECTORY: Basis.YEAR,
    Centre.LEARNING: Basis.YEAR,
    Centre.SECURITY: Basis.YEAR,
    Centre.CONTINGENCY: Basis.REST,
}
"""How the cost of each thing is counted in most countries; without a price yet."""


@dataclass(frozen=True)
class Assumed:
    low: Decimal
    likely: Decimal
    high: Decimal
    source: str = ""


@transaction.atomic
def begin(
    title: str, *, currency: str, first_year: int, years: int, by: User
) -> Costing:
    """Begin a costing with all that a mechanism is usually made of, to be priced."""
    if not holds(by, WRITERS):
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
            quantity=Decimal("0.05") if basis == Basis.REST else Decimal(1),
        )
        for centre, basis in USUAL.items()
    )
    log.record("began costing", costing, by=by)
    return costing


@transaction.atomic
def change(
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
def assume(costing: Costing, said: Mapping[str, Assumed], *, by: User) -> None:
    """Record what is assumed in each scenario, and where it comes from."""
    write_costs.require(by, costing)
    for driver, assumed in said.items():
        values = (assumed.low, assumed.likely, assumed.high)
        # Cases are divided by the one, nights by the other.
        if Driver(driver) in (Driver.CASELOAD, Driver.OCCUPANCY) and min(values) <= 0:
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
class Priced:
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
def add(costing: Costing, what: Priced, *, by: User) -> Ingredient:
    write_costs.require(by, costing)
    made = Ingredient.objects.create(costing=costing, **vars(what))
    log.record("added ingredient", made, by=by)
    return made


@transaction.atomic
def alter(ingredient: Ingredient, what: Priced, *, by: User) -> None:
    write_costs.require(by, ingredient)
    Ingredient.objects.filter(pk=ingredient.pk).update(**vars(what))
    log.record("changed ingredient", ingredient, by=by)


@transaction.atomic
def remove(ingredient: Ingredient, *, by: User) -> None:
    write_costs.require(by, ingredient)
    log.record("removed ingredient", ingredient, by=by)
    ingredient.delete()


@dataclass(frozen=True)
class Follows:
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
def add_consequence(costing: Costing, what: Follows, *, by: User) -> Consequence:
    write_costs.require(by, costing)
    _can_be_told(what)
    made = Consequence.objects.create(costing=costing, **vars(what))
    log.record("added consequence", made, by=by)
    return made


@transaction.atomic
def alter_consequence(consequence: Consequence, what: Follows, *, by: User) -> None:
    write_costs.require(by, consequence)
    _can_be_told(what)
    Consequence.objects.filter(pk=consequence.pk).update(**vars(what))
    log.record("changed consequence", consequence, by=by)


def _can_be_told(what: Follows) -> None:
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
