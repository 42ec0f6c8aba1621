"""Costs against a slow computation that shares nothing with the engine, and the laws
that every costing obeys."""

from dataclasses import replace
from decimal import ROUND_HALF_EVEN, Decimal, getcontext
from math import ceil

from hypothesis import given, settings
from hypothesis import strategies as st

from amana.insight.costing.engine.ingredients import (
    Basis,
    Driver,
    Ingredient,
    cost,
    gap,
    tornado,
)
from tests.profiles import each_time

D = Decimal
GIVEN = {
    Driver.IDENTIFIED: D(200),
    Driver.GROWTH: D("0.1"),
    Driver.UPTAKE: D("0.8"),
    Driver.STAY: D(60),
    Driver.MONTHS: D(9),
    Driver.CASELOAD: D(20),
    Driver.OCCUPANCY: D("0.85"),
    Driver.SALARIES: D(0),
    Driver.PRICES: D(0),
    Driver.INFLATION: D("0.05"),
}


def money(low=0, high=100_000):
    return st.decimals(low, high, places=2)


def shares():
    return st.decimals(0, 1, places=3)


ingredients = st.lists(
    st.builds(
        Ingredient,
        name=st.text("abc", min_size=1, max_size=3),
        centre=st.sampled_from(["shelter", "cases", "legal"]),
        basis=st.sampled_from(Basis),
        price=money(),
        quantity=st.decimals(0, 3, places=2),
        share=shares(),
        fixed=money(),
        payer=st.sampled_from(["", "ministry", "donor"]),
    ),
    max_size=7,
)
assumptions = st.fixed_dictionaries(
    {
        Driver.IDENTIFIED: st.decimals(0, 5_000, places=0),
        Driver.GROWTH: st.decimals("-0.3", "0.5", places=2),
        Driver.UPTAKE: shares(),
        Driver.STAY: st.decimals(0, 200, places=0),
        Driver.MONTHS: st.decimals(1, 24, places=1),
        Driver.CASELOAD: st.decimals(1, 40, places=0),
        Driver.OCCUPANCY: st.decimals("0.3", 1, places=2),
        Driver.SALARIES: st.decimals("-0.3", "0.5", places=2),
        Driver.PRICES: st.decimals("-0.3", "0.5", places=2),
        Driver.INFLATION: st.decimals(0, "0.3", places=2),
    }
)


def slowly(every, given, years):
    """The same by long decimals and plain loops: year → name's place → amount."""
    getcontext().prec = 60
    found = []
    for year in range(years):
        people = given[Driver.IDENTIFIED]
        for _ in range(year + 1):
            people *= 1 + given[Driver.GROWTH]
        people *= given[Driver.UPTAKE]
        workers = people * given[Driver.MONTHS] / 12 / given[Driver.CASELOAD]
        sums = []
        for ingredient in every:
            if ingredient.basis == Basis.NIGHT:
                nights = (
                    people * ingredient.share * ingredient.quantity * given[Driver.STAY]
                )
                beds = ceil(nights / (365 * given[Driver.OCCUPANCY]))
                amount = beds * 365 * given[Driver.OCCUPANCY] * ingredient.price
                amount += ingredient.fixed if beds else 0
            elif ingredient.basis == Basis.PERSON:
                amount = (
                    people * ingredient.share * ingredient.quantity * ingredient.price
                )
            elif ingredient.basis == Basis.WORKER:
                amount = (
                    workers * ingredient.share * ingredient.quantity * ingredient.price
                )
            elif ingredient.basis == Basis.SUPERVISOR:
                amount = (
                    workers
                    / 6
                    * ingredient.share
                    * ingredient.quantity
                    * ingredient.price
                )
            elif ingredient.basis == Basis.YEAR or (
                ingredient.basis == Basis.ONCE and year == 0
            ):
                amount = ingredient.quantity * ingredient.price
            else:
                amount = D(0)
            for _ in range(year):
                amount *= 1 + given[Driver.INFLATION]
            paid = ingredient.basis in (Basis.WORKER, Basis.SUPERVISOR)
            amount *= 1 + given[Driver.SALARIES if paid else Driver.PRICES]
            sums.append(amount.quantize(D("0.01"), ROUND_HALF_EVEN))
        whole = sum(sums, D(0))
        found.append(
            [
                (whole * ingredient.quantity).quantize(D("0.01"), ROUND_HALF_EVEN)
                if ingredient.basis == Basis.REST
                else amount
                for ingredient, amount in zip(every, sums, strict=True)
            ]
        )
    return found


@settings(max_examples=each_time(25), deadline=None)
@given(ingredients, assumptions, st.integers(1, 4))
def test_each_amount_is_what_a_slow_computation_says(every, given, years):
    costs = cost(every, given, years=years)
    slow = slowly(every, given, years)

    for year, amounts in enumerate(slow):
        # a third cannot be written as a decimal: the last cent may differ
        for ingredient, amount in zip(every, amounts, strict=True):
            ours = [
                line.amount
                for line in costs.lines
                if line.year == year and line.ingredient is ingredient
            ]
            assert abs(ours[0] - amount) <= D("0.01") * len(every)


@settings(max_examples=each_time(15), deadline=None)
@given(ingredients, assumptions, st.integers(1, 4))
def test_totals_add_up_to_the_cent_however_they_are_added(every, given, years):
    costs = cost(every, given, years=years)

    assert sum((costs.of_year(n) for n in range(years)), D(0)) == costs.total
    assert sum(map(costs.of_centre, costs.centres), D(0)) == costs.total
    assert sum(map(costs.of_payer, costs.payers), D(0)) == costs.total
    for payer in costs.payers:
        by_year = sum((costs.of_payer(payer, n) for n in range(years)), D(0))
        assert by_year == costs.of_payer(payer)


@settings(max_examples=each_time(15), deadline=None)
@given(ingredients, assumptions, st.sampled_from(sorted(GIVEN)))
def test_more_people_longer_stays_and_higher_prices_never_cost_less(
    every, given, driver
):
    """And larger caseloads never cost more. Fuller beds may: a bed is a whole one."""
    if driver == Driver.OCCUPANCY:
        return
    more = {**given, driver: given[driver] + D("0.5")}
    before, after = (cost(every, assumed, years=2).total for assumed in (given, more))

    if driver == Driver.CASELOAD:
        assert after <= before
    else:
        assert after >= before


def test_a_small_costing_by_hand():
    """200 × 1.1 × 0.8 = 176 people; half of them 60 nights each: 5,280 nights, that
    is 18 beds at 85 %, so 18 × 365 × 0.85 × 30 = 167,535. 176 × 9/12 = 132 cases at a
    time: 6.6 workers, 1.1 supervisors."""
    bed = Ingredient(
        "bed", "shelter", Basis.NIGHT, D(30), share=D("0.5"), fixed=D(10_000)
    )
    worker = Ingredient("worker", "cases", Basis.WORKER, D(12_000))
    lead = Ingredient("lead", "cases", Basis.SUPERVISOR, D(18_000))
    reserve = Ingredient("reserve", "rest", Basis.REST, D(0), quantity=D("0.1"))

    costs = cost([bed, worker, lead, reserve], GIVEN, years=1)

    assert [line.amount for line in costs.lines] == [
        D("177535.00"),
        D("79200.00"),
        D("19800.00"),
        D("27653.50"),
    ]
    assert costs.years[0].beds(bed) == 18
    assert costs.per_case == D("1728.34")
    assert costs.per_night == D("33.62")
    assert costs.per_need == D("3456.69")
    assert gap(costs.total, D(300_000)) == D("4188.50")
    assert gap(costs.total, D(400_000)) == 0


def test_how_many_and_for_whom_count_whatever_is_paid():
    """Two beds for each of a quarter are as many nights as one for half of the people,
    and so with whatever else is paid for people; three cost more than two."""
    for basis in (Basis.PERSON, Basis.NIGHT, Basis.WORKER, Basis.SUPERVISOR):
        one = Ingredient("one", "cases", basis, D(100), share=D("0.5"))
        many = replace(one, quantity=D(2), share=D("0.25"))
        more = replace(one, quantity=D(3))
        total, same, dear = (cost([i], GIVEN, years=1).total for i in (one, many, more))
        assert total == same > 0
        assert dear > 2 * total


def test_what_moves_the_total_most_stands_first():
    bed = Ingredient("bed", "shelter", Basis.NIGHT, D(30))
    phone = Ingredient("phone", "basic", Basis.PERSON, D(1))
    low = {**GIVEN, Driver.STAY: D(30), Driver.UPTAKE: D("0.79")}
    high = {**GIVEN, Driver.STAY: D(120), Driver.UPTAKE: D("0.81")}

    swings = tornado([bed, phone], GIVEN, low, high, years=1)

    assert [swing.name for swing in swings] == ["stay", "bed", "uptake", "phone"]
    total = cost([bed, phone], GIVEN, years=1).total
    assert all(swing.low < total < swing.high for swing in swings)
    alone = cost([replace(bed, price=D(24)), phone], GIVEN, years=1).total
    assert swings[1].low == alone
