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


class Basis(StrEnum):
    """What the price of an ingredient is the price of."""

    PERSON = "person"
    """Once, or so many times, for each person who needs it."""
    NIGHT = "night"
    """A bed for a night."""
    WORKER = "worker"
    """A case worker's year."""
    SUPERVISOR = "supervisor"
    """The year of somebody who supervises six."""
    YEAR = "year"
    """So many a year, however many people come."""
    ONCE = "once"
    """In the first year alone."""
    REST = "rest"
    """A share of all the others: for what nobody foresees."""


SALARIES = frozenset({Basis.WORKER, Basis.SUPERVISOR})


class Driver(StrEnum):
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
class Ingredient:
    name: str
    centre: str
    basis: Basis
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


type Assumptions = Mapping[Driver, Decimal]


@dataclass(frozen=True)
class Line:
    """An ingredient in one year."""

    ingredient: Ingredient
    year: int
    """0 is the first."""
    units: Fraction
    """People, nights, posts, or how many of it."""
    amount: Decimal


@dataclass(frozen=True)
class Year:
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

    def nights(self, one: Ingredient) -> Fraction:
        return self.cases * each_time(one) * Fraction(self.given[Driver.STAY])

    def beds(self, one: Ingredient) -> int:
        """Whole ones, so that all nights can be slept at this occupancy."""
        full = NIGHTS * Fraction(self.given[Driver.OCCUPANCY])
        return ceil(self.nights(one) / full)


@dataclass(frozen=True)
class Costs:
    """One scenario, all its years."""

    lines: tuple[Line, ...]
    years: tuple[Year, ...]

    @cached_property
    def total(self) -> Decimal:
        return added(self.lines)

    def of_year(self, number: int) -> Decimal:
        return added(line for line in self.lines if line.year == number)

    def of_centre(self, centre: str, number: int | None = None) -> Decimal:
        return added(
            line
            for line in self.lines
            if line.ingredient.centre == centre and number in (None, line.year)
        )

    def of_payer(self, payer: str, number: int | None = None) -> Decimal:
        return added(
            line
            for line in self.lines
            if line.ingredient.payer == payer and number in (None, line.year)
        )

    def of_ingredient(self, ingredient: Ingredient, number: int) -> Decimal:
        return added(
            line
            for line in self.lines
            if line.ingredient is ingredient and line.year == number
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
        return sum((line.units for line in self._of(Basis.NIGHT)), Fraction())

    @property
    def needs(self) -> Fraction:
        """Needs of people that are met: each person counts once for each of them."""
        per_person = [*self._of(Basis.PERSON), *self._of(Basis.NIGHT)]
        shares = (
            self.years[line.year].cases * Fraction(line.ingredient.share)
            for line in per_person
        )
        return sum(shares, Fraction())

    @property
    def per_case(self) -> Decimal | None:
        return each(self.total, self.cases)

    @property
    def per_night(self) -> Decimal | None:
        return each(added(self._of(Basis.NIGHT)), self.nights)

    @property
    def per_need(self) -> Decimal | None:
        return each(self.total, self.needs)

    def _of(self, basis: Basis) -> list[Line]:
        return [line for line in self.lines if line.ingredient.basis is basis]


def cost(ingredients: Iterable[Ingredient], given: Assumptions, *, years: int) -> Costs:
    """Compute what these cost in so many years, if things are as assumed."""
    every = tuple(year_of(number, given) for number in range(years))
    listed = list(ingredients)
    return Costs(
        lines=tuple(line for year in every for line in lines_of(listed, year)),
        years=every,
    )


def year_of(number: int, given: Assumptions) -> Year:
    def of(driver: Driver) -> Fraction:
        return Fraction(given[driver])

    # People were counted in the year before the first, so the first has grown once.
    grown = (1 + of(Driver.GROWTH)) ** (number + 1)
    cases = of(Driver.IDENTIFIED) * grown * of(Driver.UPTAKE)
    active = cases * of(Driver.MONTHS) / MONTHS
    return Year(
        number=number,
        cases=cases,
        active=active,
        workers=active / of(Driver.CASELOAD),
        dearer=(1 + of(Driver.INFLATION)) ** number,
        given=given,
    )


def lines_of(ingredients: list[Ingredient], year: Year) -> list[Line]:
    lines = [
        line_of(ingredient, year)
        for ingredient in ingredients
        if ingredient.basis is not Basis.REST
    ]
    # A share of the lines as they are rounded: every total is the sum of its lines
    # (ADR 29).
    others = Fraction(added(lines))
    for ingredient in ingredients:
        if ingredient.basis is Basis.REST:
            share = Fraction(ingredient.quantity)
            lines.append(Line(ingredient, year.number, share, cents(others * share)))
    return lines


def line_of(one: Ingredient, year: Year) -> Line:
    units = units_of(one, year)
    change = Driver.SALARIES if one.basis in SALARIES else Driver.PRICES
    paid = units
    if one.basis is Basis.NIGHT:
        occupancy = Fraction(year.given[Driver.OCCUPANCY])
        # Beds are whole (ADR 29), so a few more nights are paid for than are needed.
        paid = year.beds(one) * NIGHTS * occupancy
    amount = paid * Fraction(one.price)
    # Where no bed is needed, there is no house with costs of its own.
    if one.basis is Basis.NIGHT and paid:
        amount += Fraction(one.fixed)
    amount *= year.dearer * (1 + Fraction(year.given[change]))
    return Line(one, year.number, units, cents(amount))


def units_of(one: Ingredient, year: Year) -> Fraction:
    quantity = Fraction(one.quantity)
    match one.basis:
        case Basis.PERSON:
            return year.cases * each_time(one)
        case Basis.NIGHT:
            return year.nights(one)
        case Basis.WORKER:
            return year.workers * each_time(one)
        case Basis.SUPERVISOR:
            return year.workers / WORKERS_OF_A_SUPERVISOR * each_time(one)
        case Basis.ONCE:
            return quantity if year.number == 0 else Fraction()
        case _:
            return quantity


def each_time(one: Ingredient) -> Fraction:
    """Compute how many there are of it for each who is supported, on average."""
    return Fraction(one.share) * Fraction(one.quantity)


# -- what moves the total most ---------------------------------------------------------


@dataclass(frozen=True)
class Swing:
    """What the total would be if one thing alone were lower or higher."""

    name: str
    low: Decimal
    high: Decimal

    @property
    def width(self) -> Decimal:
        return abs(self.high - self.low)


def tornado(
    ingredients: Iterable[Ingredient],
    likely: Assumptions,
    low: Assumptions,
    high: Assumptions,
    *,
    years: int,
    by: Decimal = Decimal("0.2"),
) -> list[Swing]:
    """List swings, one thing changed at a time, the widest first (one-way sensitivity:
    M. Drummond et al., Methods for the Economic Evaluation of Health Care Programmes,
    4th ed. 2015, chapter 11): each driver at its low and high value, each price a fifth
    lower and higher."""
    listed = list(ingredients)

    def total(given: Assumptions, of: list[Ingredient] = listed) -> Decimal:
        return cost(of, given, years=years).total

    swings = [
        Swing(
            driver,
            total({**likely, driver: low[driver]}),
            total({**likely, driver: high[driver]}),
        )
        for driver in likely
        if low[driver] != high[driver]
    ]
    for ingredient in listed:
        # The rest has no price of its own: it changes with the others.
        if ingredient.basis is not Basis.REST:
            less, more = (
                [
                    scaled(other, by) if other is ingredient else other
                    for other in listed
                ]
                for by in (1 - by, 1 + by)
            )
            swings.append(
                Swing(ingredient.name, total(likely, less), total(likely, more))
            )
    return sorted(swings, key=lambda swing: (-swing.width, swing.name))


def scaled(one: Ingredient, by: Decimal) -> Ingredient:
    return replace(one, price=one.price * by, fixed=one.fixed * by)


# -- sums ------------------------------------------------------------------------------


def added(lines: Iterable[Line]) -> Decimal:
    return sum((line.amount for line in lines), NOTHING)


def gap(need: Decimal, committed: Decimal) -> Decimal:
    """Compute what is lacking; never less than nothing."""
    return max(need - committed, NOTHING)


def each(amount: Decimal, of: Fraction) -> Decimal | None:
    return cents(Fraction(amount) / of) if of else None


def cents(amount: Fraction | Decimal) -> Decimal:
    """Round an amount to cents, halves to the even one."""
    whole = round(Fraction(amount) * 100)
    return (Decimal(whole) / 100).quantize(CENT, rounding=ROUND_HALF_EVEN)
