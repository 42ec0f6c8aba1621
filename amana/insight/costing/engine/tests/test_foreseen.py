"""More places are tried with the same people, and what one can't be sure of is said."""

from decimal import Decimal
from functools import cache
from pathlib import Path

import pytest

from amana.design.mechanism.pack import files, reading
from amana.insight.costing.engine.foreseen import (
    CapacityChange,
    UnknownCapacity,
    change_capacity,
    compute_cost_a_year,
    simulate_change,
)

ROOT = Path(__file__).parents[5]


@cache
def pack():
    found, faults = reading.read_pack(files.read_folder(ROOT / "mechanisms/example"))
    assert found is not None, faults
    return found


def tried(change, **capacity):
    given = {**pack().capacity, "arrivals_per_day": 1.5, **capacity}
    return simulate_change(pack().pathway, given, change, replications=3)


SHORT = {"emergency": {"places": 26, "days": 5}, "housing": {"places": 20, "days": 60}}


def test_more_beds_where_beds_are_lacking_help_people_sooner():
    seen = tried(CapacityChange("place", "housing", 20), places=SHORT)

    assert seen.shorter.low > 0
    assert seen.before.wait.mean > seen.after.wait.mean
    assert seen.before.unmet.mean > seen.after.unmet.mean
    assert seen.sooner.low > 0
    assert 0 < seen.after.used.mean < seen.before.used.mean <= 1
    assert seen == tried(CapacityChange("place", "housing", 20), places=SHORT)


def test_more_where_nobody_waits_changes_nothing_for_sure():
    seen = tried(CapacityChange("place", "emergency", 5))

    assert not seen.shorter.sure
    assert not seen.sooner.sure


def test_more_hours_are_more_of_each_post():
    hours = change_capacity(pack().capacity, CapacityChange("hours", "authority", 2.5))

    assert hours["staff"]["authority"] == 8 + 8 * 2.5 / 5
    assert (
        change_capacity(pack().capacity, CapacityChange("role", "authority", 4))[
            "staff"
        ]
        == (hours["staff"])
    )


def test_what_the_mechanism_does_not_have_is_not_tried():
    for change in (
        CapacityChange("place", "nowhere", 1),
        CapacityChange("role", "nobody", 1),
    ):
        with pytest.raises(UnknownCapacity):
            change_capacity(pack().capacity, change)


def test_beds_cost_by_the_night_posts_by_the_year_hours_by_the_hour():
    beds = CapacityChange("place", "housing", 20)
    seen = tried(beds, places=SHORT)

    def cost(change, price):
        return compute_cost_a_year(
            pack().pathway,
            pack().capacity,
            change,
            seen,
            price=Decimal(price),
            fixed=Decimal(1000),
        )

    nights = 20 * 365 * Decimal(str(round(seen.after.used.mean, 4)))
    assert cost(beds, 30) == (nights * 30 + 1000).quantize(Decimal("0.01"))
    assert cost(CapacityChange("role", "authority", 2), 12_000) == Decimal("25000.00")
    # 8 posts, an hour more on each working day of 365
    working = 365 * (7 - len(pack().pathway.calendar.weekend)) / Decimal(7)
    expected = 8 * working * 10 + 1000
    assert cost(CapacityChange("hours", "authority", 1), 10) == expected.quantize(
        Decimal("0.01")
    )
