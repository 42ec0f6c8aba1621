"""The directory as columns: one array for each fact, one row for each service.

A rule then reads one column for all services at once. Sets of codes are bits; what is
long and often the same (coverage, opening hours) is stored once and referred to."""

from collections.abc import Callable, Hashable, Iterable, Mapping
from dataclasses import dataclass
from datetime import date, datetime
from functools import lru_cache
from math import cos, nan, radians, sin
from typing import Any

import numpy as np
from numpy.typing import NDArray

from amana.design.directory.matching.clock import WEEK, iterate_stretches
from amana.design.directory.matching.person import ANY_NUMBER, OLDEST, Point

type Rows = NDArray[np.intp]
type Truths = NDArray[np.bool]

type Spans = tuple[NDArray[np.int64], NDArray[np.int64], NDArray[np.int64]]
"""Which kept hours, from, and to; one for each span."""

EARTH_KM = 6371.0088


@dataclass(frozen=True, kw_only=True)
class ServiceRecord:
    """One service, as matching sees it. An empty set means "no condition"."""

    id: int
    organisation: int
    types: frozenset[str]
    ended: bool = False
    paused: bool = False
    funded_until: date | None = None
    verify_by: date | None = None
    matched_until: date | None = None
    """The last day on which it is offered without a new confirmation; None: always."""

    at: Point | None = None
    """For a hidden place, the middle of its area."""
    hidden: bool = False
    area: str = ""
    coverage: frozenset[str] = frozenset()
    coverage_unsure: bool = False
    """It covers a part of these areas, or one that is known in words only."""
    comes_to_you: bool = False
    """Visits people, or helps them by telephone or online."""
    visits_only: bool = False
    """Helps people nowhere but where they are."""
    remote: bool = False
    """Helps by telephone or online alone: it lies nowhere."""
    walk_in: bool = False

    sexes: frozenset[str] = frozenset()
    age_min: int = 0
    age_max: int = OLDEST
    nationalities: frozenset[str] = frozenset()
    not_nationalities: frozenset[str] = frozenset()
    statuses: frozenset[str] = frozenset()
    exploitation: frozenset[str] = frozenset()
    groups: frozenset[str] = frozenset()
    not_groups: frozenset[str] = frozenset()
    children_max: int = ANY_NUMBER
    accessibility: frozenset[str] | None = None
    documents: frozenset[str] = frozenset()
    needs_police: bool = False
    needs_identified: bool = False
    costs: bool = False
    own_assessment: bool = False
    traits: frozenset[str] = frozenset()

    languages: frozenset[str] = frozenset()
    """Empty: not known."""
    hours: frozenset[tuple[int, int]] | None = None
    """From and to, in minutes since Monday 0:00, local time; None: not known."""
    zone: str = "UTC"

    accepts_referrals: bool = True
    counts_places: bool = False
    total: int = 0
    free: int | None = None
    """None: not known."""
    said_at: datetime | None = None
    children_take_places: bool = False
    waiting_list: bool = False
    wait_days: int | None = None
    stay_days: int = 0
    """The longest stay; 0: no limit is known."""
    lateness: float | None = None
    """Median of time taken to answer ÷ time promised, so far; None: no record."""


def convert_day(on: date | None, without: int) -> int:
    return on.toordinal() if on else without


def compute_vector(at: Point | None) -> tuple[float, float, float]:
    """Compute a place on the unit sphere."""
    if at is None:
        return (nan, nan, nan)
    # As a vector: at ±180° and at the poles, differences of degrees would be wrong.
    lat, lon = radians(at.lat), radians(at.lon)
    return (cos(lat) * cos(lon), cos(lat) * sin(lon), sin(lat))


FAR_FUTURE = date.max.toordinal()

NUMBERS: dict[str, tuple[type, Callable[[ServiceRecord], float]]] = {
    "id": (np.int64, lambda o: o.id),
    "organisation": (np.int64, lambda o: o.organisation),
    "ended": (np.bool, lambda o: o.ended),
    "paused": (np.bool, lambda o: o.paused),
    "funded_until": (np.int32, lambda o: convert_day(o.funded_until, FAR_FUTURE)),
    "verify_by": (np.int32, lambda o: convert_day(o.verify_by, 0)),
    "matched_until": (np.int32, lambda o: convert_day(o.matched_until, FAR_FUTURE)),
    "x": (np.float64, lambda o: compute_vector(o.at)[0]),
    "y": (np.float64, lambda o: compute_vector(o.at)[1]),
    "z": (np.float64, lambda o: compute_vector(o.at)[2]),
    "hidden": (np.bool, lambda o: o.hidden),
    "coverage_unsure": (np.bool, lambda o: o.coverage_unsure),
    "comes_to_you": (np.bool, lambda o: o.comes_to_you),
    "visits_only": (np.bool, lambda o: o.visits_only),
    "remote": (np.bool, lambda o: o.remote),
    "walk_in": (np.bool, lambda o: o.walk_in),
    "age_min": (np.int16, lambda o: o.age_min),
    "age_max": (np.int16, lambda o: o.age_max),
    "children_max": (np.int16, lambda o: o.children_max),
    "access_said": (np.bool, lambda o: o.accessibility is not None),
    "needs_police": (np.bool, lambda o: o.needs_police),
    "needs_identified": (np.bool, lambda o: o.needs_identified),
    "costs": (np.bool, lambda o: o.costs),
    "own_assessment": (np.bool, lambda o: o.own_assessment),
    "accepts_referrals": (np.bool, lambda o: o.accepts_referrals),
    "counts_places": (np.bool, lambda o: o.counts_places),
    "total": (np.int32, lambda o: o.total),
    "free": (np.int32, lambda o: -1 if o.free is None else o.free),
    "said_at": (np.float64, lambda o: o.said_at.timestamp() if o.said_at else nan),
    "children_take_places": (np.bool, lambda o: o.children_take_places),
    "waiting_list": (np.bool, lambda o: o.waiting_list),
    "wait_days": (np.int32, lambda o: -1 if o.wait_days is None else o.wait_days),
    "stay_days": (np.int32, lambda o: o.stay_days),
    "lateness": (np.float64, lambda o: nan if o.lateness is None else o.lateness),
}

CODES: dict[str, Callable[[ServiceRecord], frozenset[str]]] = {
    "types": lambda o: o.types,
    "sexes": lambda o: o.sexes,
    "nationalities": lambda o: o.nationalities,
    "not_nationalities": lambda o: o.not_nationalities,
    "statuses": lambda o: o.statuses,
    "exploitation": lambda o: o.exploitation,
    "groups": lambda o: o.groups,
    "not_groups": lambda o: o.not_groups,
    "accessibility": lambda o: o.accessibility or frozenset(),
    "documents": lambda o: o.documents,
    "traits": lambda o: o.traits,
    "languages": lambda o: o.languages,
}


class CodeSetColumn:
    """For each row a set of codes, as bits; new codes get the next bit."""

    def __init__(self, sets: list[frozenset[str]]) -> None:
        self.bit: dict[str, int] = {}
        self.words: NDArray[np.uint64] = np.zeros((1, len(sets)), np.uint64)
        for row, codes in enumerate(sets):
            if codes:
                self.put(row, codes)

    def put(self, row: int, codes: frozenset[str]) -> None:
        for code in codes:
            self.bit.setdefault(code, len(self.bit))
        # 64 codes to a word: a new code may need a word more for every row.
        missing = -(-len(self.bit) // 64) - len(self.words)
        rows = max(row + 1, self.words.shape[1])
        if missing > 0 or rows > self.words.shape[1]:
            grown = np.zeros((len(self.words) + max(0, missing), rows), np.uint64)
            grown[: self.words.shape[0], : self.words.shape[1]] = self.words
            self.words = grown
        for word, mask in enumerate(self.masks(codes)):
            self.words[word, row] = mask

    def masks(self, codes: Iterable[str]) -> list[np.uint64]:
        """Build the words of these codes; those that no service has are left out."""
        words = [0] * len(self.words)
        for code in codes:
            if code in self.bit:
                word, bit = divmod(self.bit[code], 64)
                words[word] |= 1 << bit
        return [np.uint64(word) for word in words]

    def any_of(self, codes: Iterable[str], at: Rows) -> Truths:
        """Find where the row has at least one of `codes`."""
        found = np.zeros(len(at), np.bool)
        for word, mask in enumerate(self.masks(codes)):
            if mask:
                found |= (self.words[word, at] & mask) != 0
        return found

    def within(self, codes: Iterable[str], at: Rows) -> Truths:
        """Find where every code of the row is one of `codes`."""
        inside = np.ones(len(at), np.bool)
        for word, mask in enumerate(self.masks(codes)):
            inside &= (self.words[word, at] & ~mask) == 0
        return inside

    def all_of(self, codes: frozenset[str], at: Rows) -> Truths:
        """Find where the row has each of `codes`."""
        if not codes <= self.bit.keys():
            return np.zeros(len(at), np.bool)
        found = np.ones(len(at), np.bool)
        for word, mask in enumerate(self.masks(codes)):
            if mask:
                found &= (self.words[word, at] & mask) == mask
        return found

    def none(self, at: Rows) -> Truths:
        """Find where the row has no code."""
        return self.within((), at)

    def of(self, row: int) -> frozenset[str]:
        words = [int(word) for word in self.words[:, row]]
        return frozenset(
            code for code, bit in self.bit.items() if words[bit // 64] >> bit % 64 & 1
        )


class SharedValues[T: Hashable]:
    """Values that many rows share, each stored once: `number[row]` names it."""

    def __init__(self, values: list[T]) -> None:
        self.place: dict[T, int] = {}
        self.known: list[T] = []
        self.number = np.array([self.keep(value) for value in values], np.int32)

    def keep(self, value: T) -> int:
        if value not in self.place:
            self.place[value] = len(self.known)
            self.known.append(value)
        return self.place[value]

    def put(self, row: int, value: T) -> None:
        if row == len(self.number):
            self.number = np.append(self.number, np.int32(0))
        self.number[row] = self.keep(value)

    def where(self, truths: list[bool], at: Rows) -> Truths:
        """Look up `truths`, which has one for each stored value in the order of
        `known`."""
        return np.array(truths, np.bool)[self.number[at]]

    def of(self, row: int) -> T:
        return self.known[int(self.number[row])]


class Directory:
    """All services, and the tree of areas: `areas[code]` is the code above, or ""."""

    def __init__(
        self, offers: Iterable[ServiceRecord], areas: Mapping[str, str]
    ) -> None:
        offers = list(offers)
        self.areas = dict(areas)
        self.rows = {offer.id: row for row, offer in enumerate(offers)}
        self.numbers: dict[str, NDArray[Any]] = {
            name: np.array([of(offer) for offer in offers], kind)
            for name, (kind, of) in NUMBERS.items()
        }
        self.codes = {
            name: CodeSetColumn([of(offer) for offer in offers])
            for name, of in CODES.items()
        }
        self.area = SharedValues([offer.area for offer in offers])
        self.coverage = SharedValues([offer.coverage for offer in offers])
        self.hours = SharedValues([offer.hours for offer in offers])
        self.zone = SharedValues([offer.zone for offer in offers])
        self._spans: tuple[int, Spans] | None = None
        # A cache for each directory: one on the method would outlive it, and answer by
        # old areas.
        self.above = lru_cache(maxsize=None)(self._above)

    def __len__(self) -> int:
        return len(self.rows)

    def __getitem__(self, name: str) -> NDArray[Any]:
        return self.numbers[name]

    def put(self, offer: ServiceRecord) -> None:
        """Replace what one service offers, or add it."""
        row = self.rows.setdefault(offer.id, len(self.rows))
        for name, (kind, of) in NUMBERS.items():
            if row == len(self.numbers[name]):
                self.numbers[name] = np.append(self.numbers[name], np.zeros(1, kind))
            self.numbers[name][row] = of(offer)
        for name, codes_of in CODES.items():
            self.codes[name].put(row, codes_of(offer))
        self.area.put(row, offer.area)
        self.coverage.put(row, offer.coverage)
        self.hours.put(row, offer.hours)
        self.zone.put(row, offer.zone)

    def _above(self, area: str) -> frozenset[str]:
        """List the area itself and all that it is in."""
        found: set[str] = set()
        while area and area not in found:
            found.add(area)
            area = self.areas.get(area, "")
        return frozenset(found)

    def covered(self, area: str | None) -> tuple[list[bool], list[bool]]:
        """Judge each stored coverage: where it surely leaves `area` out; where it
        may."""
        if area is None:
            unsure = [bool(coverage) for coverage in self.coverage.known]
            return [False] * len(unsure), unsure
        no, ask = [], []
        for coverage in self.coverage.known:
            inside = not coverage or bool(coverage & self.above(area))
            # The service covers a part of the area: whether the person is in it has to
            # be asked.
            partly = not inside and any(area in self.above(code) for code in coverage)
            no.append(not inside and not partly)
            ask.append(partly)
        return no, ask

    def lacks_coverage(self, rows: Rows) -> Truths:
        """Find where no area is stored that it covers."""
        return self.coverage.where([not stored for stored in self.coverage.known], rows)

    def hours_said(self, rows: Rows) -> Truths:
        return self.hours.where([hours is not None for hours in self.hours.known], rows)

    def kilometres(self, at: Point, rows: Rows) -> NDArray[np.float64]:
        """Compute the distance from `at` to each row, over the sphere; nan where the
        place isn't known."""
        x, y, z = compute_vector(at)
        squared = (
            (self["x"][rows] - x) ** 2
            + (self["y"][rows] - y) ** 2
            + (self["z"][rows] - z) ** 2
        )
        # Rounding can make it a little more than 1, of which there is no arcsine.
        half_chord = np.minimum(np.sqrt(squared) / 2, 1)
        return np.asarray(2 * EARTH_KM * np.arcsin(half_chord), np.float64)

    def open_between(self, start: datetime, end: datetime, rows: Rows) -> Truths:
        """Find where it is open at some moment from `start` to `end`, both included, by
        the local clock."""
        number, opens, closes = self.spans()
        found = np.zeros(len(rows), np.bool)
        for zone, name in enumerate(self.zone.known):
            meets = np.zeros(len(number), np.bool)
            for first, last in iterate_stretches(start, end, name):
                # The week before, for hours that reach from Sunday into Monday; the
                # week after, for a stretch that does.
                for week in (-WEEK, 0, WEEK):
                    meets |= (opens + week <= last) & (first < closes + week)
            is_open = np.zeros(len(self.hours.known), np.bool)
            is_open[number[meets]] = True
            here = self.zone.number[rows] == zone
            found |= here & is_open[self.hours.number[rows]]
        return found

    def spans(self) -> Spans:
        """List all spans of all stored hours; built once, and again when hours were
        added."""
        known = self.hours.known
        if self._spans is None or self._spans[0] != len(known):
            listed = [
                (n, *span) for n, hours in enumerate(known) for span in hours or ()
            ]
            number, opens, closes = np.array(listed, np.int64).reshape(-1, 3).T
            self._spans = len(known), (number, opens, closes)
        return self._spans[1]
