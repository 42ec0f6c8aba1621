"""Matching once more, by loops over plain dicts, to hold `matching` against.

Written from the words of the semantics (`matching/__init__.py`), sharing no code with
it: no arrays, no bits, another formula for distance. It is slow, and easy to believe.
"""

import math
from datetime import UTC, date, datetime, timedelta
from functools import cache
from typing import Any
from zoneinfo import ZoneInfo

type Thing = dict[str, Any]

SAFETY = {"excluded_area", "excluded_organisation", "excluded_service", "wish"}


def answer(services: list[Thing], areas: dict[str, str], person: Thing) -> Thing:
    judged = []
    for service in services:
        if is_candidate(service, areas, person):
            against, ask = judge(service, areas, person)
            judged.append(
                {
                    "id": service["id"],
                    "against": against,
                    "ask": ask,
                    "score": score(service, areas, person, len(ask)),
                }
            )
    judged.sort(key=lambda one: (-one["score"], one["id"]))
    fits = [match for match in judged if not match["against"]]
    near = [
        match
        for match in judged
        if len(match["against"]) == 1 and not set(match["against"]) & {*SAFETY, "full"}
    ]
    return {
        "candidates": len(judged),
        "fits": [fit for fit in fits if "full" not in fit["ask"]],
        "unconfirmed": [fit for fit in fits if "full" in fit["ask"]],
        "full": [match for match in judged if match["against"] == ["full"]],
        "near": near,
        "funnel": tally(match["against"] for match in judged),
        "questions": tally(fit["ask"] for fit in fits),
        "excluded": {
            match["id"]: match["against"] for match in judged if match["against"]
        },
    }


def tally(lists: Any) -> dict[str, int]:
    counts: dict[str, int] = {}
    for words in lists:
        for word in words:
            counts[word] = counts.get(word, 0) + 1
    return counts


def is_candidate(service: Thing, areas: dict[str, str], person: Thing) -> bool:
    if service["ended"]:
        return False
    if not any(set(need) & set(service["types"]) for need in person["needs"]):
        return False
    if person["place"] is None or person["within_km"] is None:
        return True
    if service["at"] is None:
        return True
    if kilometres(person["place"], service["at"]) <= person["within_km"]:
        return True
    return helps_at_her_place(service, areas, person)


def helps_at_her_place(service: Thing, areas: dict[str, str], person: Thing) -> bool:
    """Without a doubt: by telephone, or by a visit to an area that it names."""
    answer = reach(service, areas, person)
    if service["remote"]:
        return answer != "no"
    return bool(service["comes"] and service["coverage"] and answer == "yes")


def kilometres(one: tuple[float, float], other: tuple[float, float]) -> float:
    """Haversine."""
    (a, b), (c, d) = one, other
    a, b, c, d = (math.radians(x) for x in (a, b, c, d))
    h = (
        math.sin((c - a) / 2) ** 2
        + math.cos(a) * math.cos(c) * math.sin((d - b) / 2) ** 2
    )
    return 2 * 6371.0088 * math.asin(min(1.0, math.sqrt(h)))


def path_up(area: str, areas: dict[str, str]) -> list[str]:
    path = []
    while area:
        path.append(area)
        area = areas[area]
    return path


def reach(service: Thing, areas: dict[str, str], person: Thing) -> str:
    """Whether it serves people where she is: yes, no, ask."""
    if not service["coverage"]:
        told = not service["coverage_unsure"] and not service["visits_only"]
        return "yes" if told else "ask"
    if person["area"] is None:
        return "ask"
    for covered in service["coverage"]:
        if covered in path_up(person["area"], areas):
            return "ask" if service["coverage_unsure"] else "yes"
    for covered in service["coverage"]:
        if person["area"] in path_up(covered, areas):
            return "ask"
    return "no"


def years(person: Thing) -> tuple[int, int] | None:
    """From and to; in doubt about 18, a child."""
    if person["ages"] is None:
        return (0, 17) if person["perhaps_child"] else None
    low, high = person["ages"]
    in_doubt = person["perhaps_child"] or low < 18
    if high >= 18 and in_doubt:
        return (min(low, 17), 17)
    return (low, high)


def judge(
    service: Thing, areas: dict[str, str], person: Thing
) -> tuple[list[str], list[str]]:
    verdicts = {
        "sex": among(service["sexes"], [person["sex"]] if person["sex"] else None),
        "age": age(service, person),
        "nationality": nationality(service, person),
        "status": among(service["statuses"], person["statuses"]),
        "exploitation": among(service["exploitation"], person["exploitation"]),
        "group": group(service, person),
        "not_for": not_for(service, person),
        "children": children(service, person),
        "access": access(service, person),
        "documents": documents(service, person),
        "police": insists(service["needs_police"], person["works_with_police"]),
        "identified": insists(service["needs_identified"], person["identified"]),
        "cost": insists(service["costs"], person["pays"]),
        "language": language(service, person),
        "closed": closed(service, person),
        "full": full(service, person),
        "no_referrals": "yes" if service["accepts_referrals"] else "no",
        "paused": "no" if service["paused"] else "yes",
        "funding": funding(service, person),
        "outdated": outdated(service, person),
        "out_of_area": reach(service, areas, person),
        "too_far": distance_known(service, areas, person),
        "excluded_area": excluded_area(service, areas, person),
        "excluded_organisation": "no"
        if service["organisation"] in person["not_organisations"]
        else "yes",
        "excluded_service": "no" if service["id"] in person["not_services"] else "yes",
        "wish": "no" if set(service["traits"]) & set(person["refuses"]) else "yes",
    }
    return (
        [name for name, verdict in verdicts.items() if verdict == "no"],
        [name for name, verdict in verdicts.items() if verdict == "ask"],
    )


def among(wanted: Any, has: Any) -> str:
    if not wanted:
        return "yes"
    if has is None:
        return "ask"
    return "yes" if set(wanted) & set(has) else "no"


def age(service: Thing, person: Thing) -> str:
    from_, to = service["ages"]
    known = years(person)
    possible = range(known[0], known[1] + 1) if known else range(121)
    taken = [year for year in possible if from_ <= year <= to]
    if not taken:
        return "no"
    return "yes" if len(taken) == len(possible) else "ask"


def nationality(service: Thing, person: Thing) -> str:
    mine, only, others = (
        person["nationalities"],
        service["nationalities"],
        service["not_nationalities"],
    )
    if mine is None:
        return "ask" if only or others else "yes"
    if only and not set(mine) & set(only):
        return "no"
    return "no" if set(mine) & set(others) else "yes"


def group(service: Thing, person: Thing) -> str:
    wanted = service["groups"]
    if not wanted or any(group in person["groups"] for group in wanted):
        return "yes"
    if all(group in person["not_groups"] for group in wanted):
        return "no"
    return "ask"


def not_for(service: Thing, person: Thing) -> str:
    for group in service["not_groups"]:
        if group in person["groups"]:
            return "no"
    for group in service["not_groups"]:
        if group not in person["not_groups"]:
            return "ask"
    return "yes"


def children(service: Thing, person: Thing) -> str:
    if person["children"] is None:
        return "yes" if service["children_max"] == 99 else "ask"
    return "yes" if person["children"] <= service["children_max"] else "no"


def access(service: Thing, person: Thing) -> str:
    if person["access_needs"] is None:
        return "ask"
    if not person["access_needs"]:
        return "yes"
    if service["accessibility"] is None:
        return "ask"
    for need in person["access_needs"]:
        if need not in service["accessibility"]:
            return "no"
    return "yes"


def documents(service: Thing, person: Thing) -> str:
    for paper in service["documents"]:
        if paper in person["no_documents"]:
            return "no"
    for paper in service["documents"]:
        if paper not in person["documents"]:
            return "ask"
    return "yes"


def insists(on_it: bool, can: bool | None) -> str:
    if not on_it or can is True:
        return "yes"
    return "ask" if can is None else "no"


def language(service: Thing, person: Thing) -> str:
    if not person["needs_language"]:
        return "yes"
    if not service["languages"]:
        return "ask"
    return among(service["languages"], person["languages"])


def closed(service: Thing, person: Thing) -> str:
    if person["open_by"] is None:
        return "yes"
    if service["hours"] is None:
        return "ask"
    for minutes in shown_on_the_wall(person["now"], person["open_by"], service["zone"]):
        for start, end in service["hours"]:
            if start <= minutes < end or start <= minutes + 7 * 1440 < end:
                return "yes"
    return "no"


@cache
def shown_on_the_wall(now: datetime, until: datetime, zone: str) -> list[int]:
    """Minute by minute, what the clock there shows, counted from Monday 0:00."""
    shown = []
    while now <= until:
        there = now.astimezone(ZoneInfo(zone))
        monday = (there - timedelta(days=there.weekday())).date()
        days = (there.date() - monday).days
        shown.append(days * 1440 + there.hour * 60 + there.minute)
        now = now.astimezone(UTC) + timedelta(minutes=1)
    return shown


def full(service: Thing, person: Thing) -> str:
    if not service["counts_places"]:
        return "yes"
    if service["free"] is None or service["said_at"] is None:
        return "ask"
    if would_be_refused(service, person):
        return "no"
    old = person["now"] - service["said_at"] > timedelta(days=7)
    return "ask" if old else "yes"


def would_be_refused(service: Thing, person: Thing) -> bool:
    """Accepting takes places from the last count, however old it is."""
    if not service["counts_places"]:
        return False
    if service["free"] is None or service["said_at"] is None:
        return False
    wanted = 1 + person["adults"]
    if service["children_take_places"]:
        wanted += person["children"] or 0
    return bool(service["free"] < wanted)


def funding(service: Thing, person: Thing) -> str:
    until: date | None = service["funded_until"]
    return "no" if until is not None and until < person["now"].date() else "yes"


def outdated(service: Thing, person: Thing) -> str:
    """Twice 90 days after it was confirmed; else after it came."""
    due = service["verify_by"] or service["came_on"] + timedelta(days=90)
    return "no" if (person["now"].date() - due).days > 90 else "yes"


def distance_known(service: Thing, areas: dict[str, str], person: Thing) -> str:
    if person["place"] is None or person["within_km"] is None:
        return "yes"
    if service["at"] is not None or helps_at_her_place(service, areas, person):
        return "yes"
    return "ask"


def excluded_area(service: Thing, areas: dict[str, str], person: Thing) -> str:
    if not person["not_areas"]:
        return "yes"
    if not service["area"]:
        return "ask"
    if any(area in person["not_areas"] for area in path_up(service["area"], areas)):
        return "no"
    for area in person["not_areas"]:
        if service["area"] in path_up(area, areas):
            return "ask"
    return "yes"


def score(
    service: Thing, areas: dict[str, str], person: Thing, questions: int
) -> float:
    now: datetime = person["now"]
    met = [need for need in person["needs"] if set(need) & set(service["types"])]
    points = 50 * len(met) / len(person["needs"])
    if person["place"] is not None:
        if helps_at_her_place(service, areas, person):
            points += 30
        elif service["at"] is not None:
            limit = person["within_km"] or 100
            far = kilometres(person["place"], service["at"]) / limit
            points += 30 * max(0.0, 1 - far)
    lateness = 1 if service["lateness"] is None else service["lateness"]
    points += 15 / (1 + lateness)
    if set(service["languages"]) & set(person["languages"]):
        points += 10
    if not service["counts_places"]:
        points += 10
    elif service["free"] is not None and service["said_at"] is not None:
        days = max(0.0, (now - service["said_at"]) / timedelta(days=1))
        points += 10 / (1 + days / 7)
    points += 10 / (1 + questions)
    wait = service["wait_days"]
    points += 2.5 if wait is None else 5 / (1 + wait / 7)
    if person["prefers"]:
        liked = set(person["prefers"]) & set(service["traits"])
        points += 20 * len(liked) / len(person["prefers"])
    return round(points, 6)
