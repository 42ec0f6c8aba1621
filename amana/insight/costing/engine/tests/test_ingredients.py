"""Costs against a slow computation that shares nothing with the engine, and the laws
that every costing obeys."""

from dataclasses import replace
from decimal import ROUND_HALF_EVEN, Decimal, getcontext
from math import ceil

from hypothesis import given, settings
from hypothesis import strategies as st

from amana.insight.costing.engine.ingredients import (
    CostDriver,
    PriceBasis,
    PricedIngredient,
    compute_costs,
    compute_gap,
    list_swings,
)
from tests.profiles import each_time

D = Decimal
GIVEN = {
    CostDriver.IDENTIFIED: D(200),
    CostDriver.GROWTH: D("0.1"),
    CostDriver.UPTAKE: D("0.8"),
    CostDriver.STAY: D(60),
    CostDriver.MONTHS: D(9),
    CostDriver.CASELOAD: D(20),
    CostDriver.OCCUPANCY: D("0.85"),
    CostDriver.SALARIES: D(0),
    CostDriver.PRICES: D(0),
    CostDriver.INFLATION: D("0.05"),
}


def money(low=0, high=100_000):
    return st.decimals(low, high, places=2)


def shares():
    return st.decimals(0, 1, places=3)


ingredients = st.lists(
    st.builds(
        PricedIngredient,
        name=st.text("abc", min_size=1, max_size=3),
        centre=st.sampled_from(["shelter", "cases", "legal"]),
        basis=st.sampled_from(PriceBasis),
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
        CostDriver.IDENTIFIED: st.decimals(0, 5_000, places=0),
        CostDriver.GROWTH: st.decimals("-0.3", "0.5", places=2),
        CostDriver.UPTAKE: shares(),
        CostDriver.STAY: st.decimals(0, 200, places=0),
        CostDriver.MONTHS: st.decimals(1, 24, places=1),
        CostDriver.CASELOAD: st.decimals(1, 40, places=0),
        CostDriver.OCCUPANCY: st.decimals("0.3", 1, places=2),
        CostDriver.SALARIES: st.decimals("-0.3", "0.5", places=2),
        CostDriver.PRICES: st.decimals("-0.3", "0.5", places=2),
        CostDriver.INFLATION: st.decimals(0, "0.3", places=2),
    }
)


def slowly(every, given, years):
    """The same by long decimals and plain loops: year → name's place → amount."""
    getcontext().prec = 60
    found = []
    for year in range(years):
        people = given[CostDriver.IDENTIFIED]
        for _ in range(year + 1):
            people *= 1 + given[CostDriver.GROWTH]
        people *= given[CostDriver.UPTAKE]
        workers = people * given[CostDriver.MONTHS] / 12 / given[CostDriver.CASELOAD]
        sums = []
        for ingredient in every:
            if ingredient.basis == PriceBasis.NIGHT:
                nights = (
                    people
                    * ingredient.share
                    * ingredient.quantity
                    * given[CostDriver.STAY]
                )
                beds = ceil(nights / (365 * given[CostDriver.OCCUPANCY]))
                amount = beds * 365 * given[CostDriver.OCCUPANCY] * ingredient.price
                amount += ingredient.fixed if beds else 0
            elif ingredient.basis == PriceBasis.PERSON:
                amount = (
                    people * ingredient.share * ingredient.quantity * ingredient.price
                )
            elif ingredient.basis == PriceBasis.WORKER:
                amount = (
                    workers * ingredient.share * ingredient.quantity * ingredient.price
                )
            elif ingredient.basis == PriceBasis.SUPERVISOR:
                amount = (
                    workers
                    / 6
                    * ingredient.share
                    * ingredient.quantity
                    * ingredient.price
                )
            elif ingredient.basis == PriceBasis.YEAR or (
                ingredient.basis == PriceBasis.ONCE and year == 0
            ):
                amount = ingredient.quantity * ingredient.price
            else:
                amount = D(0)
            for _ in range(year):
                amount *= 1 + given[CostDriver.INFLATION]
            paid = ingredient.basis in (PriceBasis.WORKER, PriceBasis.SUPERVISOR)
            amount *= 1 + given[CostDriver.SALARIES if paid else CostDriver.PRICES]
            sums.append(amount.quantize(D("0.01"), ROUND_HALF_EVEN))
        whole = sum(sums, D(0))
        found.append(
            [
                (whole * ingredient.quantity).quantize(D("0.01"), ROUND_HALF_EVEN)
                if ingredient.basis == PriceBasis.REST
                else amount
                for ingredient, amount in zip(every, sums, strict=True)
            ]
        )
    return found


@settings(max_examples=each_time(25), deadline=None)
@given(ingredients, assumptions, st.integers(1, 4))
def test_each_amount_is_what_a_slow_computation_says(every, given, years):
    costs = compute_costs(every, given, years=years)
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
    costs = compute_costs(every, given, years=years)

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
    if driver == CostDriver.OCCUPANCY:
        return
    more = {**given, driver: given[driver] + D("0.5")}
    before, after = (
        compute_costs(every, assumed, years=2).total for assumed in (given, more)
    )

    if driver == CostDriver.CASELOAD:
        assert after <= before
    else:
        assert after >= before


def test_a_small_costing_by_hand():
    """200 × 1.1 × 0.8 = 176 people; half of them 60 nights each: 5,280 nights, that
    is 18 beds at 85 %, so 18 × 365 × 0.85 × 30 = 167,535. 176 × 9/12 = 132 cases at a
    time: 6.6 workers, 1.1 supervisors."""
    bed = PricedIngredient(
        "bed", "shelter", PriceBasis.NIGHT, D(30), share=D("0.5"), fixed=D(10_000)
    )
    worker = PricedIngredient("worker", "cases", PriceBasis.WORKER, D(12_000))
    lead = PricedIngredient("lead", "cases", PriceBasis.SUPERVISOR, D(18_000))
    reserve = PricedIngredient(
        "reserve", "rest", PriceBasis.REST, D(0), quantity=D("0.1")
    )

    costs = compute_costs([bed, worker, lead, reserve], GIVEN, years=1)

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
    assert compute_gap(costs.total, D(300_000)) == D("4188.50")
    assert compute_gap(costs.total, D(400_000)) == 0


def test_how_many_and_for_whom_count_whatever_is_paid():
    """Two beds for each of a quarter are as many nights as one for half of the people,
    and so with whatever else is paid for people; three cost more than two."""
    for basis in (
        PriceBasis.PERSON,
        PriceBasis.NIGHT,
        PriceBasis.WORKER,
        PriceBasis.SUPERVISOR,
    ):
        one = PricedIngredient("one", "cases", basis, D(100), share=D("0.5"))
        many = replace(one, quantity=D(2), share=D("0.25"))
        more = replace(one, quantity=D(3))
        total, same, dear = (
            compute_costs([i], GIVEN, years=1).total for i in (one, many, more)
        )
        assert total == same > 0
        assert dear > 2 * total


def test_what_moves_the_total_most_stands_first():
    bed = PricedIngredient("bed", "shelter", PriceBasis.NIGHT, D(30))
    phone = PricedIngredient("phone", "basic", PriceBasis.PERSON, D(1))
    low = {**GIVEN, CostDriver.STAY: D(30), CostDriver.UPTAKE: D("0.79")}
    high = {**GIVEN, CostDriver.STAY: D(120), CostDriver.UPTAKE: D("0.81")}

    swings = list_swings([bed, phone], GIVEN, low, high, years=1)

    assert [swing.name for swing in swings] == ["stay", "bed", "uptake", "phone"]
    total = compute_costs([bed, phone], GIVEN, years=1).total
    assert all(swing.low < total < swing.high for swing in swings)
    alone = compute_costs([replace(bed, price=D(24)), phone], GIVEN, years=1).total
    assert swings[1].low == alone
