"""Random directories and random people, as plain dicts, and as matching takes them."""

import random
from datetime import UTC, date, datetime, timedelta
from typing import Any

from amana.design.directory.matching import (
    Ages,
    Directory,
    Person,
    Point,
    ServiceRecord,
)
from amana.design.directory.models import Service

NOW = datetime(2026, 11, 25, 9, 30, tzinfo=UTC)
TYPES = [f"T{n}" for n in range(300)]
FEW = ["a", "b", "c", "d"]
LANGUAGES = [f"l{n}" for n in range(300)]
ZONES = ["UTC", "Asia/Amman", "America/St_Johns"]
"""More types and languages than fit one 64-bit word; a service with id 0 has all."""
CORNERS = [(31.9, 35.9), (89.5, 10.0), (-17.8, 179.9), (0.0, 0.0)]
"""An ordinary place, near the pole, beside the antimeridian, and where 0 is falsy."""

CHANGES = [
    datetime(2026, 11, 1, 4, 30, tzinfo=UTC),
    datetime(2027, 3, 14, 5, 30, tzinfo=UTC),
]
"""When the clocks of St. John's are put back, and put forward."""

type Thing = dict[str, Any]


def some(rng: random.Random, words: list[str], most: int, no: float = 0.5) -> list[str]:
    if rng.random() < no:
        return []
    return rng.sample(words, rng.randint(1, most))


def maybe[T](rng: random.Random, value: T, unknown: float = 0.3) -> T | None:
    return None if rng.random() < unknown else value


def areas(rng: random.Random) -> dict[str, str]:
    """A tree of up to three levels: each code, and the one above."""
    tree = {"C": ""}
    for region in range(rng.randint(1, 4)):
        tree[f"R{region}"] = "C"
        for district in range(rng.randint(0, 3)):
            tree[f"R{region}D{district}"] = f"R{region}"
    return tree


def near(rng: random.Random, corner: tuple[float, float]) -> tuple[float, float]:
    lat = max(-90.0, min(90.0, corner[0] + rng.gauss(0, 0.4)))
    lon = (corner[1] + rng.gauss(0, 0.6) + 180) % 360 - 180
    return (lat, lon)


def span(rng: random.Random) -> tuple[int, int]:
    start = rng.randrange(7 * 1440)
    return (start, start + rng.choice([30, 480, 1440]))


def a_service(
    rng: random.Random, id: int, tree: dict[str, str], corner: tuple[float, float]
) -> Thing:
    return {
        "id": id,
        "organisation": rng.randrange(8),
        "types": rng.sample(TYPES[:6] + TYPES[-3:], rng.randint(1, 3)) if id else TYPES,
        "ended": rng.random() < 0.05,
        "paused": rng.random() < 0.08,
        "funded_until": maybe(
            rng, NOW.date() + timedelta(days=rng.randint(-5, 60)), unknown=0.6
        ),
        "verify_by": maybe(
            rng,
            NOW.date() + timedelta(days=rng.choice([9, 9, 9, -89, -90, -91])),
            unknown=0.5,
        ),
        "came_on": NOW.date() - timedelta(days=rng.choice([3, 3, 3, 179, 180, 181])),
        "at": maybe(rng, near(rng, corner), unknown=0.15),
        "area": rng.choice(["", *tree]),
        "coverage": some(rng, list(tree), 2, no=0.6),
        "coverage_unsure": rng.random() < 0.1,
        **ways(rng),
        "sexes": some(rng, ["F", "M", "X"], 2, no=0.7),
        "ages": rng.choice(
            [(0, 120), (0, 120), (0, 17), (18, 120), (15, 24), (18, 18)]
        ),
        "nationalities": some(rng, FEW, 2, no=0.85),
        "not_nationalities": some(rng, FEW, 1, no=0.9),
        "statuses": some(rng, FEW, 3, no=0.7),
        "exploitation": some(rng, FEW, 3, no=0.8),
        "groups": some(rng, FEW, 2, no=0.8),
        "not_groups": some(rng, FEW, 2, no=0.85),
        "children_max": rng.choice([99, 99, 99, 0, 1, 3]),
        "accessibility": maybe(rng, some(rng, FEW, 4)),
        "documents": some(rng, FEW, 2, no=0.8),
        "needs_police": rng.random() < 0.1,
        "needs_identified": rng.random() < 0.1,
        "costs": rng.random() < 0.1,
        "traits": some(rng, FEW, 2),
        "languages": some(rng, LANGUAGES[-8:], 3, no=0.2) if id else LANGUAGES,
        "hours": maybe(rng, [span(rng) for _ in range(rng.randint(0, 8))]),
        "zone": rng.choice(ZONES),
        "accepts_referrals": rng.random() < 0.9,
        "counts_places": rng.random() < 0.6,
        "free": maybe(rng, rng.choice([0, 0, 1, 2, 5]), unknown=0.1),
        "said_at": maybe(
            rng, NOW - timedelta(hours=rng.choice([-1, 0, 5, 100, 168, 169, 900])), 0.1
        ),
        "children_take_places": rng.random() < 0.5,
        "wait_days": maybe(rng, rng.choice([0, 3, 40])),
        "lateness": maybe(rng, rng.choice([0.0, 0.4, 1.0, 6.0])),
    }


def ways(rng: random.Random) -> Thing:
    """How it helps: where it is, at people's places, from afar; or in several ways."""
    way = rng.choice(["here", "here", "here", "both", "visits", "remote"])
    return {
        "comes": way != "here",
        "visits_only": way == "visits",
        "remote": way == "remote",
    }


def moment(rng: random.Random) -> datetime:
    """Of one week, by day and night; or of a night in which a clock is changed."""
    if rng.random() < 0.2:
        return rng.choice(CHANGES) + timedelta(minutes=rng.randrange(-180, 180))
    return NOW + timedelta(minutes=rng.randrange(7 * 1440)) * rng.choice([0, 1])


def a_person(
    rng: random.Random, tree: dict[str, str], corner: tuple[float, float]
) -> Thing:
    youngest = rng.choice([0, 12, 16, 17, 18, 24, 60])
    now = moment(rng)
    by = timedelta(minutes=rng.choice([0, 60, 60, 24 * 60]))
    return {
        "now": now,
        "open_by": maybe(rng, now + by, unknown=0.6),
        "needs": [
            rng.sample(TYPES[:6] + TYPES[-3:], rng.randint(1, 3))
            for _ in range(rng.randint(1, 3))
        ],
        "place": maybe(rng, near(rng, corner), unknown=0.15),
        "within_km": maybe(rng, rng.choice([10.0, 40.0, 150.0]), unknown=0.15),
        "area": maybe(rng, rng.choice(list(tree))),
        "sex": maybe(rng, rng.choice(["F", "M", "X"])),
        "ages": maybe(rng, (youngest, youngest + rng.choice([0, 0, 2, 8]))),
        "perhaps_child": rng.random() < 0.15,
        "nationalities": maybe(rng, some(rng, [*FEW, "zz"], 2, no=0.1)),
        "statuses": maybe(rng, some(rng, [*FEW, "zz"], 2, no=0.1)),
        "exploitation": maybe(rng, some(rng, FEW, 2, no=0.2)),
        "groups": some(rng, FEW[:2], 2),
        "not_groups": some(rng, FEW[2:], 2),
        "children": maybe(rng, rng.choice([0, 0, 1, 2, 5]), unknown=0.15),
        "adults": rng.choice([0, 0, 0, 1]),
        "access_needs": maybe(rng, some(rng, [*FEW, "zz"], 2, no=0.7), unknown=0.1),
        "documents": some(rng, FEW[:2], 2),
        "no_documents": some(rng, [*FEW[2:], "zz"], 2),
        "works_with_police": rng.choice([None, True, False]),
        "identified": rng.choice([None, True, False]),
        "pays": rng.choice([None, True, False]),
        "languages": some(rng, [*LANGUAGES[-8:], "zz"], 2, no=0.1),
        "needs_language": rng.random() < 0.3,
        "not_areas": some(rng, list(tree), 2, no=0.7),
        "not_organisations": rng.sample(range(8), rng.choice([0, 0, 1, 3])),
        "not_services": rng.sample(range(40), rng.choice([0, 0, 2])),
        "refuses": some(rng, [*FEW, "zz"], 1, no=0.6),
        "prefers": some(rng, [*FEW, "zz"], 3),
    }


def as_sets(fields: Thing) -> Thing:
    return {k: frozenset(v) if isinstance(v, list) else v for k, v in fields.items()}


def find_last_day(verify_by: date | None, came_on: date) -> date:
    """As a service in the database works it out."""
    made = Service(verify_by=verify_by)
    made.created_at = datetime(came_on.year, came_on.month, came_on.day, 12, tzinfo=UTC)
    return made.matched_until


def offer_of(service: Thing) -> ServiceRecord:
    fields: dict[str, Any] = dict(service)
    age_min, age_max = fields.pop("ages")
    at = fields.pop("at")
    fields["matched_until"] = find_last_day(fields["verify_by"], fields.pop("came_on"))
    said = None if fields["hours"] is None else frozenset(fields.pop("hours"))
    fields["hours"] = said
    fields["accessibility"] = (
        None if fields["accessibility"] is None else frozenset(fields["accessibility"])
    )
    return ServiceRecord(
        age_min=age_min,
        age_max=age_max,
        at=Point(*at) if at else None,
        comes_to_you=fields.pop("comes"),
        **as_sets(fields),
    )


def person_of(person: Thing) -> Person:
    fields: dict[str, Any] = dict(person)
    needs = tuple(frozenset(need) for need in fields.pop("needs"))
    place, ages = fields.pop("place"), fields.pop("ages")
    return Person(
        needs=needs,
        at=fields.pop("now"),
        place=Point(*place) if place else None,
        ages=Ages(*ages) if ages else None,
        **as_sets(fields),
    )


def directory_of(services: list[Thing], tree: dict[str, str]) -> Directory:
    return Directory([offer_of(service) for service in services], tree)
