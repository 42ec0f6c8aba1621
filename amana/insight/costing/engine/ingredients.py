"""What a mechanism costs, by its ingredients: how many people, how much each needs, at
what price. Exact: amounts are fractions until a line is rounded to cents, and every
total is the sum of its lines.

The method is the ingredients method of cost analysis (H. M. Levin, P. J. McEwan et al.,
Economic Evaluation in Education, 3rd ed. 2018, chapters 3 to 5: list what is used,
price it, add it up, name who pays). The formulas of a referral mechanism are those of
our reference for the domain, 7.2:

    annual need   = people identified × (1 + growth) × uptake × share in need
    of it         = people (or nights, posts) × share in need × how many for each
    shelter       = beds × nights × occupancy × price of a bed-night + fixed costs
    case workers  = active cases ÷ cases that one may have
    supervisors   = case workers ÷ 6
    unit cost     = total ÷ cases; of shelter ÷ safe nights; total ÷ needs that are met
    gap           = need − what is committed
"""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace
from decimal import ROUND_HALF_EVEN, Decimal
from enum import StrEnum
from fractions import Fraction
from functools import cached_property
from math import ceil

NIGHTS = 365
MONTHS = 12
WORKERS_OF_A_SUPERVISOR = 6
CENT = Decimal("0.01")
NOTHING = Decimal(0)


class PriceBasis(StrEnum):
    """What the price of an ingredient is the price of."""

    PERSON = "person"
    """Once, or so many times, for each person who needs it."""
    NIGHT = "night"
    """A bed for a night."""
    WORKER = "worker"
    """A case worker's year."""
    SUPERVISOR = "supervisor"
    """The year of a supervisor, who supervises six case workers."""
    YEAR = "year"
    """So many a year, however many people come."""
    ONCE = "once"
    """In the first year alone."""
    REST = "rest"
    """A share of all the others, for unforeseen costs."""


SALARIES = frozenset({PriceBasis.WORKER, PriceBasis.SUPERVISOR})


class CostDriver(StrEnum):
    """What a cost depends on besides its ingredients."""

    IDENTIFIED = "identified"
    """People identified in the year before the first."""
    GROWTH = "growth"
    UPTAKE = "uptake"
    STAY = "stay"
    """Nights in a shelter, of each who needs one."""
    MONTHS = "months"
    """Of support, on average."""
    CASELOAD = "caseload"
    """Cases that one worker may have at a time."""
    OCCUPANCY = "occupancy"
    SALARIES = "salaries"
    """A change of all salaries as written."""
    PRICES = "prices"
    """A change of all other prices."""
    INFLATION = "inflation"


@dataclass(frozen=True)
class PricedIngredient:
    name: str
    centre: str
    basis: PriceBasis
    price: Decimal
    quantity: Decimal = Decimal(1)
    """How many of it each time: for a person, a night, a post or a year; of the rest:
    its share of all the others."""
    share: Decimal = Decimal(1)
    """Of the people who are supported: those who need it. What is paid by the year,
    once, or as the rest, doesn't depend on it."""
    fixed: Decimal = NOTHING
    """Of a shelter: what it costs a year however many sleep there."""
    payer: str = ""


type Assumptions = Mapping[CostDriver, Decimal]


@dataclass(frozen=True)
class IngredientLine:
    """An ingredient in one year."""

    ingredient: PricedIngredient
    year: int
    """0 is the first."""
    units: Fraction
    """People, nights, posts, or how many of it."""
    amount: Decimal


@dataclass(frozen=True)
class YearDemand:
    """What a year needs before anything is priced."""

    number: int
    cases: Fraction
    """People who are supported: the new cases."""
    active: Fraction
    """Cases at a time."""
    workers: Fraction
    dearer: Fraction
    """Prices, as a multiple of those written."""
    given: Assumptions

    def nights(self, one: PricedIngredient) -> Fraction:
        return (
            self.cases
            * compute_average_units(one)
            * Fraction(self.given[CostDriver.STAY])
        )

    def beds(self, one: PricedIngredient) -> int:
        """Whole ones, so that all nights can be slept at this occupancy."""
        full = NIGHTS * Fraction(self.given[CostDriver.OCCUPANCY])
        return ceil(self.nights(one) / full)


@dataclass(frozen=True)
class ScenarioCosts:
    """One scenario, all its years."""

    lines: tuple[IngredientLine, ...]
    years: tuple[YearDemand, ...]

    @cached_property
    def total(self) -> Decimal:
        return add_amounts(self.lines)

    def of_year(self, number: int) -> Decimal:
        return add_amounts(line for line in self.lines if line.year == number)

    def of_centre(self, centre: str, number: int | None = None) -> Decimal:
        return add_amounts(
            line
            for line in self.lines
            if line.ingredient.centre == centre and number in (None, line.year)
        )

    def of_payer(self, payer: str, number: int | None = None) -> Decimal:
        return add_amounts(
            line
            for line in self.lines
            if line.ingredient.payer == payer and number in (None, line.year)
        )

    @property
    def centres(self) -> list[str]:
        return list(dict.fromkeys(line.ingredient.centre for line in self.lines))

    @property
    def payers(self) -> list[str]:
        return list(dict.fromkeys(line.ingredient.payer for line in self.lines))

    @property
    def cases(self) -> Fraction:
        return sum((year.cases for year in self.years), Fraction())

    @property
    def nights(self) -> Fraction:
        return sum((line.units for line in self._of(PriceBasis.NIGHT)), Fraction())

    @property
    def needs(self) -> Fraction:
        """Needs of people that are met: each person counts once for each of them."""
        per_person = [*self._of(PriceBasis.PERSON), *self._of(PriceBasis.NIGHT)]
        shares = (
            self.years[line.year].cases * Fraction(line.ingredient.share)
            for line in per_person
        )
        return sum(shares, Fraction())

    @property
    def per_case(self) -> Decimal | None:
        return divide_amount(self.total, self.cases)

    @property
    def per_night(self) -> Decimal | None:
        return divide_amount(add_amounts(self._of(PriceBasis.NIGHT)), self.nights)

    @property
    def per_need(self) -> Decimal | None:
        return divide_amount(self.total, self.needs)

    def _of(self, basis: PriceBasis) -> list[IngredientLine]:
        return [line for line in self.lines if line.ingredient.basis is basis]


def compute_costs(
    ingredients: Iterable[PricedIngredient], given: Assumptions, *, years: int
) -> ScenarioCosts:
    """Compute what these cost in so many years, if things are as assumed."""
    every = tuple(build_year(number, given) for number in range(years))
    listed = list(ingredients)
    return ScenarioCosts(
        lines=tuple(line for year in every for line in build_lines(listed, year)),
        years=every,
    )


def build_year(number: int, given: Assumptions) -> YearDemand:
    def of(driver: CostDriver) -> Fraction:
        return Fraction(given[driver])

    # People were counted in the year before the first, so the first has grown once.
    grown = (1 + of(CostDriver.GROWTH)) ** (number + 1)
    cases = of(CostDriver.IDENTIFIED) * grown * of(CostDriver.UPTAKE)
    active = cases * of(CostDriver.MONTHS) / MONTHS
    return YearDemand(
        number=number,
        cases=cases,
        active=active,
        workers=active / of(CostDriver.CASELOAD),
        dearer=(1 + of(CostDriver.INFLATION)) ** number,
        given=given,
    )


def build_lines(
    ingredients: list[PricedIngredient], year: YearDemand
) -> list[IngredientLine]:
    lines = [
        build_line(ingredient, year)
        for ingredient in ingredients
        if ingredient.basis is not PriceBasis.REST
    ]
    # A share of the lines as they are rounded: every total is the sum of its lines
    # (ADR 29).
    others = Fraction(add_amounts(lines))
    for ingredient in ingredients:
        if ingredient.basis is PriceBasis.REST:
            share = Fraction(ingredient.quantity)
            lines.append(
                IngredientLine(
                    ingredient, year.number, share, round_amount(others * share)
                )
            )
    return lines


def build_line(one: PricedIngredient, year: YearDemand) -> IngredientLine:
    units = compute_units(one, year)
    change = CostDriver.SALARIES if one.basis in SALARIES else CostDriver.PRICES
    paid = units
    if one.basis is PriceBasis.NIGHT:
        occupancy = Fraction(year.given[CostDriver.OCCUPANCY])
        # Beds are whole (ADR 29), so a few more nights are paid for than are needed.
        paid = year.beds(one) * NIGHTS * occupancy
    amount = paid * Fraction(one.price)
    # Where no bed is needed, there is no house with costs of its own.
    if one.basis is PriceBasis.NIGHT and paid:
        amount += Fraction(one.fixed)
    amount *= year.dearer * (1 + Fraction(year.given[change]))
    return IngredientLine(one, year.number, units, round_amount(amount))


def compute_units(one: PricedIngredient, year: YearDemand) -> Fraction:
    quantity = Fraction(one.quantity)
    match one.basis:
        case PriceBasis.PERSON:
            return year.cases * compute_average_units(one)
        case PriceBasis.NIGHT:
            return year.nights(one)
        case PriceBasis.WORKER:
            return year.workers * compute_average_units(one)
        case PriceBasis.SUPERVISOR:
            return year.workers / WORKERS_OF_A_SUPERVISOR * compute_average_units(one)
        case PriceBasis.ONCE:
            return quantity if year.number == 0 else Fraction()
        case _:
            return quantity


def compute_average_units(one: PricedIngredient) -> Fraction:
    """Compute how many there are of it for each who is supported, on average."""
    return Fraction(one.share) * Fraction(one.quantity)


# -- what moves the total most ---------------------------------------------------------


@dataclass(frozen=True)
class CostSwing:
    """What the total would be if one thing alone were lower or higher."""

    name: str
    low: Decimal
    high: Decimal

    @property
    def width(self) -> Decimal:
        return abs(self.high - self.low)


def list_swings(
    ingredients: Iterable[PricedIngredient],
    likely: Assumptions,
    low: Assumptions,
    high: Assumptions,
    *,
    years: int,
    by: Decimal = Decimal("0.2"),
) -> list[CostSwing]:
    """List swings, one thing changed at a time, the widest first (one-way sensitivity:
    M. Drummond et al., Methods for the Economic Evaluation of Health Care Programmes,
    4th ed. 2015, chapter 11): each driver at its low and high value, each price a fifth
    lower and higher."""
    listed = list(ingredients)

    def total(given: Assumptions, of: list[PricedIngredient] = listed) -> Decimal:
        return compute_costs(of, given, years=years).total

    swings = [
        CostSwing(
            driver,
            total({**likely, driver: low[driver]}),
            total({**likely, driver: high[driver]}),
        )
        for driver in likely
        if low[driver] != high[driver]
    ]
    for ingredient in listed:
        # The rest has no price of its own: it changes with the others.
        if ingredient.basis is not PriceBasis.REST:
            less, more = (
                [
                    scale_price(other, by) if other is ingredient else other
                    for other in listed
                ]
                for by in (1 - by, 1 + by)
            )
            swings.append(
                CostSwing(ingredient.name, total(likely, less), total(likely, more))
            )
    return sorted(swings, key=lambda swing: (-swing.width, swing.name))


def scale_price(one: PricedIngredient, by: Decimal) -> PricedIngredient:
    return replace(one, price=one.price * by, fixed=one.fixed * by)


# -- sums ------------------------------------------------------------------------------


def add_amounts(lines: Iterable[IngredientLine]) -> Decimal:
    return sum((line.amount for line in lines), NOTHING)


def compute_gap(need: Decimal, committed: Decimal) -> Decimal:
    """Compute what is lacking; never less than nothing."""
    return max(need - committed, NOTHING)


def divide_amount(amount: Decimal, of: Fraction) -> Decimal | None:
    return round_amount(Fraction(amount) / of) if of else None


def round_amount(amount: Fraction | Decimal) -> Decimal:
    """Round an amount to cents, halves to the even one."""
    whole = round(Fraction(amount) * 100)
    return (Decimal(whole) / 100).quantize(CENT, rounding=ROUND_HALF_EVEN)
