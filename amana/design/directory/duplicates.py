"""Services that may be the same, and are not from one source: alike in name, and in
what else both have (telephone, place, organisation, area)."""

import unicodedata
from collections import defaultdict
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from itertools import combinations

from rapidfuzz import fuzz

from amana.design.directory.models import DuplicateDecision, Service
from amana.telephones import format_dialled

LARGEST_BLOCK = 40
"""Services that share a telephone or a place: the switchboard of an agency with more
than this tells nothing."""
LAST_DIGITS = 8
"""Of a number, so that +962 6 555 0101 and 06 555 0101 are one."""
ALIKE = {
    "name": 100.0,
    "phone": 60.0,
    "place": 75.0,
    "organisation": 85.0,
    "area": 92.0,
}
"""How alike two names have to be (0 to 100), by what else the services share: the more
this tells, the less."""

type BlockKey = tuple[str, object]


@dataclass(frozen=True)
class ComparedService:
    """What is compared of a service."""

    pk: int
    name: str
    organisation: str
    phone: str
    place: tuple[float, float] | None
    area: int | None
    origin: str


@dataclass(frozen=True)
class DuplicateCandidate:
    """Two services that may be the same; the lower id first."""

    first: int
    second: int
    shared: tuple[str, ...]
    """What both have: codes of `ALIKE`."""
    alike: float
    """How alike their names are, 0 to 100."""


def find_candidates(at_most: int = 200) -> list[DuplicateCandidate]:
    """Find pairs that no one has decided, the most alike first."""
    decided = set(
        DuplicateDecision.objects.filter(undone_at=None).values_list("main", "other")
    )
    known = {tuple(sorted(pair)) for pair in decided}
    found = compare_services(load_compared())
    waiting = [pair for pair in found if (pair.first, pair.second) not in known]
    waiting.sort(key=lambda pair: (-len(pair.shared), -pair.alike, pair.first))
    return waiting[:at_most]


def load_compared() -> Iterator[ComparedService]:
    rows = Service.objects.listed().values_list(
        "pk", "name", "organisation__name", "phone", "lat", "lon", "area", "origin"
    )
    for pk, name, organisation, phone, lat, lon, area, origin in rows.iterator():
        yield ComparedService(
            pk=pk,
            name=fold_name(name),
            organisation=fold_name(organisation),
            phone=format_dialled(phone)[-LAST_DIGITS:],
            place=round_place(lat, lon),
            area=area,
            origin=origin,
        )


def round_place(lat: float | None, lon: float | None) -> tuple[float, float] | None:
    """Round a place to about a hundred metres."""
    return None if lat is None or lon is None else (round(lat, 3), round(lon, 3))


def fold_name(name: str) -> str:
    """Fold a name to its words: without accents, signs and capitals."""
    apart = unicodedata.normalize("NFKD", name).casefold()
    plain = "".join(c for c in apart if not unicodedata.combining(c))
    words = "".join(c if c.isalnum() else " " for c in plain).split()
    return " ".join(words)


def compare_services(
    services: Iterable[ComparedService],
) -> Iterator[DuplicateCandidate]:
    """Compare those that share something, once each; of one source, none."""
    # Only what shares something is compared: every pair of a country would take hours.
    blocks: dict[BlockKey, list[ComparedService]] = defaultdict(list)
    for service in services:
        for key in iterate_keys(service):
            blocks[key].append(service)
    seen: set[tuple[int, int]] = set()
    for block in blocks.values():
        if len(block) > LARGEST_BLOCK:
            continue
        for first, second in combinations(block, 2):
            pair = (min(first.pk, second.pk), max(first.pk, second.pk))
            if pair not in seen and (candidate := compare_pair(first, second)):
                seen.add(pair)
                yield candidate


def iterate_keys(service: ComparedService) -> Iterator[BlockKey]:
    yield "name", service.name
    if len(service.phone) == LAST_DIGITS:
        yield "phone", service.phone
    if service.place is not None:
        yield "place", service.place
    yield "organisation", service.organisation
    if service.area is not None:
        first = service.name.partition(" ")[0]
        yield "area", (service.area, first)


def compare_pair(
    first: ComparedService, second: ComparedService
) -> DuplicateCandidate | None:
    """Compare two services; None where they are from one source, or not alike."""
    # A source has its own ids: two of them are two services to those who keep it.
    if first.origin and first.origin == second.origin:
        return None
    shared = tuple(code for code in ALIKE if is_shared(code, first, second))
    alike = fuzz.token_sort_ratio(first.name, second.name)
    if not any(alike >= ALIKE[code] for code in shared):
        return None
    low, high = sorted((first.pk, second.pk))
    return DuplicateCandidate(low, high, shared, round(alike, 1))


def is_shared(code: str, first: ComparedService, second: ComparedService) -> bool:
    mine, theirs = getattr(first, code), getattr(second, code)
    if code == "phone" and len(mine) < LAST_DIGITS:
        return False
    return bool(mine) and mine == theirs
