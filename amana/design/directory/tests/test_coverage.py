"""Coverage beside a count by hand, one service and one person after the other."""

import random
from datetime import UTC, datetime, timedelta
from math import asin, cos, inf, radians, sin, sqrt

import numpy as np
import pytest
from hypothesis import given as for_all
from hypothesis import settings
from hypothesis import strategies as st

from amana.design.directory import coverage
from amana.design.directory.coverage import (
    SHARING,
    CoverageAssumptions,
    CoverageStage,
    PopulationGroup,
    Regions,
)
from amana.design.directory.matching import Directory, MatchRule, Point, ServiceRecord
from amana.design.directory.taxonomy import ServiceType

NOW = datetime(2026, 11, 25, 9, 30, tzinfo=UTC)
TODAY = NOW.date()
REGIONS = {"R0": Point(8.5, -26.0), "R1": Point(9.5, -24.0), "R2": Point(7.9, -25.2)}
TREE = {"C": "", "R0": "C", "R1": "C", "R2": "C", "R0D": "R0", "R0E": "R0", "R1D": "R1"}
NEEDS = ("SH1", "HE2", "LA1", "AC1")
WEEK = [(0, 7 * 1440)]
OFFICE = [(day * 1440 + 510, day * 1440 + 990) for day in range(5)]


def a_service(rng, id):
    def maybe(value, chance=0.25):
        return value if rng.random() < chance else None

    return {
        "id": id,
        "organisation": 1,
        "types": frozenset(rng.sample([*NEEDS[:3], "SH5", "MH2"], rng.randint(1, 3))),
        "ended": rng.random() < 0.05,
        "paused": rng.random() < 0.05,
        "accepts_referrals": rng.random() < 0.9,
        "walk_in": rng.random() < 0.3,
        "funded_until": maybe(TODAY + timedelta(days=rng.choice([-1, 0, 90, 181]))),
        "verify_by": maybe(TODAY + timedelta(days=rng.choice([-1, 0])), 0.7),
        "at": maybe(Point(rng.uniform(7.5, 10), rng.uniform(-26.8, -23.5)), 0.9),
        "hidden": rng.random() < 0.3,
        "area": rng.choice(["", *TREE]),
        "coverage": frozenset(rng.sample(list(TREE), rng.choice([0, 0, 1, 2]))),
        "comes_to_you": rng.random() < 0.2,
        "sexes": frozenset(maybe([rng.choice(["female", "male"])]) or []),
        "age_min": rng.choice([0, 0, 16, 18]),
        "age_max": rng.choice([120, 120, 17]) if rng.random() < 0.6 else 120,
        "groups": frozenset(maybe([rng.choice(["trafficked", "smuggled"])]) or []),
        "not_groups": frozenset(maybe([rng.choice(["disability", "family"])]) or []),
        "exploitation": frozenset(maybe(["labour"]) or []),
        "children_max": rng.choice([0, 99]),
        "accessibility": rng.choice([None, frozenset(), frozenset({"step_free"})]),
        "documents": frozenset(maybe(["passport"]) or []),
        "statuses": frozenset(maybe(["national"]) or []),
        "needs_police": rng.random() < 0.1,
        "needs_identified": rng.random() < 0.1,
        "costs": rng.random() < 0.15,
        "languages": frozenset(rng.sample(["ar", "fr", "ti"], rng.randint(0, 2))),
        "hours": rng.choice(
            [None, frozenset(WEEK), frozenset(OFFICE), frozenset(OFFICE[:1])]
        ),
        "traits": frozenset(maybe([rng.choice(["staff_24h", "closed"])]) or []),
        "counts_places": rng.random() < 0.7,
        "total": rng.randint(0, 30),
        "free": rng.choice([None, 0, 3]),
        "stay_days": rng.choice([0, 0, 5, 400]),
    }


def kilometres(a, b):
    """The haversine formula."""
    lat, lon = radians(b.lat - a.lat), radians(b.lon - a.lon)
    h = sin(lat / 2) ** 2
    h += cos(radians(a.lat)) * cos(radians(b.lat)) * sin(lon / 2) ** 2
    return 2 * 6371.0088 * asin(sqrt(h))


def chain(area):
    while area:
        yield area
        area = TREE[area]


def place(s, unplaced):
    if s["id"] in unplaced:
        return None
    if s["hidden"]:
        return next((REGIONS[a] for a in chain(s["area"]) if a in REGIONS), None)
    return s["at"]


def travel(s, region, assumed, unplaced):
    at = place(s, unplaced)
    if at is None:
        return None
    return kilometres(at, REGIONS[region]) * assumed.detour / assumed.speed


def works(s):
    funded = s["funded_until"] is None or s["funded_until"] >= TODAY
    asks = s["accepts_referrals"] or s["walk_in"]
    return not s["ended"] and not s["paused"] and funded and asks


def serves(s, region):
    return not s["coverage"] or any(
        region in chain(code) or code in chain(region) for code in s["coverage"]
    )


def takes(s, group):
    youngest, oldest = (0, 17) if group == "children" else (18, 59)
    if group in ("disability", "smuggled"):
        youngest, oldest = 0, 120
    if oldest < s["age_min"] or youngest > s["age_max"]:
        return False
    sex = {"women": "female", "men": "male"}.get(group)
    if sex and s["sexes"] and sex not in s["sexes"]:
        return False
    mine = {"families": "family"}.get(group, group)
    if mine in s["not_groups"]:
        return False
    if group == "families" and s["children_max"] < 1:
        return False
    if group == "disability":
        return s["accessibility"] is None or "step_free" in s["accessibility"]
    if group == "smuggled":
        return s["groups"] != {"trafficked"} and not s["exploitation"]
    return True


def bare(s):
    asks = s["needs_police"] or s["needs_identified"] or s["documents"]
    return not asks and not s["statuses"]


def understood(s, language):
    return not language or not s["languages"] or language in s["languages"]


def is_open(s, need):
    if s["hours"] is None or "staff_24h" in s["traits"]:
        return True
    if need in coverage.AT_NIGHT:
        return s["hours"] == frozenset(WEEK)
    return sum(end - start for start, end in s["hours"]) >= 600


def stage(s, need, region, group, assumed, unplaced):
    """How many stages it passes."""
    hours = travel(s, region, assumed, unplaced)
    near = hours is None or hours <= assumed.reach or s["comes_to_you"]
    tests = (
        serves(s, region),
        takes(s, group),
        near,
        bare(s),
        not s["costs"],
        understood(s, assumed.language),
        is_open(s, need),
    )
    return next((n for n, passed in enumerate(tests) if not passed), len(tests))


def month(s):
    kind = next(t for t in ServiceType if t in s["types"])
    days = coverage.estimate_days(kind)
    if s["stay_days"]:
        days = min(days, s["stay_days"])
    return s["total"] * coverage.MONTH / days if s["counts_places"] else 0.0


def ratios(services, wanted, assumed, unplaced):
    """Each service's places over all needs it may meet, added up where people are."""
    found: dict[tuple[str, str, str], float] = {}

    def usable(s, need, region, group):
        passed = stage(s, need, region, group, assumed, unplaced)
        return need in s["types"] and passed == len(CoverageStage)

    for s in filter(works, services):
        demand = sum(
            number
            for (need, region, group), number in wanted.items()
            if group in SHARING and usable(s, need, region, group)
        )
        for cell in wanted:
            if usable(s, *cell) and month(s) > 0:
                each = month(s) / demand if demand else inf
                found[cell] = found.get(cell, 0.0) + each
    return found


CELLS = [(n, r, g) for n in NEEDS for r in REGIONS for g in PopulationGroup]


def at(array, cell):
    need, region, group = cell
    return array[
        NEEDS.index(need),
        list(REGIONS).index(region),
        list(PopulationGroup).index(group),
    ]


@settings(max_examples=12, deadline=None)
@for_all(st.integers(0, 10**9))
def test_coverage_is_what_one_counts_by_hand(seed):
    rng = random.Random(seed)
    services = [a_service(rng, id) for id in range(rng.randint(0, 25))]
    unplaced = {s["id"] for s in services if rng.random() < 0.1}
    assumed = CoverageAssumptions(
        reach=rng.choice([1, 2, 4]), language=rng.choice(["", "ti"])
    )
    supply = coverage.compute_supply(
        Directory([ServiceRecord(**s) for s in services], TREE),
        NEEDS,
        Regions(REGIONS),
        now=NOW,
        assumed=assumed,
        unplaced=np.array([s["id"] in unplaced for s in services], bool),
    )
    wanted = {cell: float(rng.choice([0, 0, 1, 5, 20])) for cell in CELLS}
    monthly = np.zeros((len(NEEDS), len(REGIONS), len(PopulationGroup)))
    for n, need in enumerate(NEEDS):
        for r, region in enumerate(REGIONS):
            for g, group in enumerate(PopulationGroup):
                monthly[n, r, g] = wanted[need, region, group]
    ratio = supply.ratio(monthly)
    by_hand = ratios(services, wanted, assumed, unplaced)

    for cell in CELLS:
        need, region, group = cell
        mine = [s for s in services if works(s) and need in s["types"]]
        passed = [stage(s, *cell, assumed, unplaced) for s in mine]
        for step in CoverageStage:
            assert at(supply.left[step], cell) == sum(n > step for n in passed)
        used = [s for s, n in zip(mine, passed, strict=True) if n == len(CoverageStage)]
        assert at(supply.places, cell) == pytest.approx(sum(map(month, used)))
        assert at(supply.counted, cell) == sum(s["counts_places"] for s in used)
        assert at(supply.coming, cell) == sum(s["comes_to_you"] for s in used)
        locked = sum("closed" in s["traits"] for s in used)
        assert at(supply.locked, cell) == locked
        soon = TODAY + timedelta(days=assumed.ends_within)
        ending = [s for s in used if s["funded_until"] and s["funded_until"] <= soon]
        assert at(supply.ending, cell) == len(ending)
        there = [s for s in mine if serves(s, region)]
        asking = coverage.EXCLUDING.index(MatchRule.DOCUMENTS)
        papers = sum(bool(s["documents"]) for s in there)
        assert at(supply.excluded[asking], cell) == papers
        assert at(ratio, cell) == pytest.approx(by_hand.get(cell, 0.0))


def test_nothing_finer_than_the_region_of_a_hidden_place_makes_a_difference():
    """It may move within its region, and be found nowhere."""

    def supply(area, place):
        house = ServiceRecord(
            id=1,
            organisation=1,
            types=frozenset({"SH1"}),
            hidden=True,
            area=area,
            at=place,
            counts_places=True,
            total=7,
        )
        return coverage.compute_supply(
            Directory([house], TREE), NEEDS, Regions(REGIONS), now=NOW
        )

    here, there = supply("R0D", Point(8.4, -26.4)), supply("R0E", Point(9.4, -24.1))
    assert np.array_equal(here.left, there.left)
    assert np.array_equal(here.nearest, there.nearest)


def test_of_a_place_that_nobody_else_may_know_no_region_makes_a_difference():
    def supply(area, place):
        house = ServiceRecord(
            id=1, organisation=1, types=frozenset({"SH1"}), area=area, at=place
        )
        return coverage.compute_supply(
            Directory([house], TREE),
            NEEDS,
            Regions(REGIONS),
            now=NOW,
            unplaced=np.array([True]),
        )

    here, there = supply("R0D", REGIONS["R0"]), supply("R1", REGIONS["R1"])
    assert np.array_equal(here.left, there.left)
    assert (here.nearest == there.nearest).all()
