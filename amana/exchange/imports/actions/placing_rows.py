"""Where a row is and what it covers, in areas of ours; coordinates that are right only
when they are turned.

What is found is kept with the row as `placed`. Coordinates that seem turned stay as the
file has them (`written`) and are neither used nor moved until a person decides."""

import json
from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass, field
from enum import StrEnum, auto
from typing import Any

from django.db import transaction
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from amana.design.directory.matching import Point
from amana.design.directory.models import Area
from amana.design.directory.placing import AreaFinder, Turn, TurnedPoint, is_on_globe
from amana.errors import Refused
from amana.exchange.imports.actions.background import queue_step
from amana.exchange.imports.models import Import, ImportOutcome, ImportRow
from amana.exchange.imports.rules import bring_services
from amana.trust.access.models.organisations import User
from amana.trust.audit import log


class TurnDecision(StrEnum):
    """What is done with coordinates that seem turned."""

    TURN = auto()
    KEEP = auto()
    LEAVE_OUT = auto()


TURN_LABELS = {
    Turn.SWAPPED: gettext_lazy("latitude and longitude swapped"),
    Turn.LATITUDE_SIGN: gettext_lazy("latitude with the wrong sign"),
    Turn.LONGITUDE_SIGN: gettext_lazy("longitude with the wrong sign"),
    Turn.BOTH_SIGNS: gettext_lazy("both with the wrong sign"),
    Turn.SWAPPED_SIGN: gettext_lazy("swapped, and with a wrong sign"),
}


@dataclass
class Placing:
    """Where one row is, while it is found out."""

    row: ImportRow
    finder: AreaFinder
    remarks: list[str] = field(default_factory=list)
    area: Area | None = None
    is_named: bool = False
    """Its area is the one that the file names, and not only the one around it."""
    turned: TurnedPoint | None = None

    def remark(self, sentence: str, **values: object) -> None:
        self.remarks.append(sentence % values)


def place_row(
    row: ImportRow,
    finder: AreaFinder,
    decisions: Mapping[str, str],
    decided: Area | None = None,
) -> None:
    """Find the area and the coverage of a row, and what is wrong with its coordinates.
    `decided` is the area that a person has chosen for the name in the file."""
    former = row.placed.get("remarks", [])
    placing = Placing(row, finder, area=decided, is_named=decided is not None)
    if decided is None:
        find_named_area(placing)
    at = check_coordinates(placing, decisions)
    find_area_by_point(placing, at)
    coverage, note = find_coverage(placing)
    own = [remark for remark in row.remarks if remark not in former]
    row.remarks = [*own, *(r for r in placing.remarks if r not in own)]
    row.placed = {
        "area": placing.area.code if placing.area else "",
        "coverage": coverage,
        "coverage_note": note[:300],
        "turn": placing.turned.turn if placing.turned else "",
        "remarks": placing.remarks,
    }


def find_named_area(placing: Placing) -> None:
    found = placing.finder.find_named(placing.row.area)
    if len(found) == 1:
        placing.area, placing.is_named = found[0], True


# -- coordinates -----------------------------------------------------------------------


def get_written(values: Mapping[str, Any]) -> Point | None:
    """Get the coordinates as the file has them."""
    if written := values.get("written"):
        return Point(*map(float, written))
    if values.get("lat") is None or values.get("lon") is None:
        return None
    return Point(float(values["lat"]), float(values["lon"]))


def check_coordinates(placing: Placing, decisions: Mapping[str, str]) -> Point | None:
    """Check the coordinates of a row, and set those that count: as they are written, or
    as a person has decided; none while that is open."""
    row, at = placing.row, get_written(placing.row.values)
    if at is None:
        return None
    row.values = {**row.values, "written": [*at]}
    counts: Point | None = at if is_on_globe(at) else None
    if is_doubtful(placing, at):
        shaped = placing.area and placing.area.code in placing.finder.shaped
        placing.turned = placing.finder.propose_turn(
            at, placing.area if shaped else None
        )
        if placing.turned:
            counts = decide_turn(placing, placing.turned, counts, decisions)
        else:
            remark_elsewhere(placing, at)
    if counts is None:
        # Nothing is said of them then: what people have entered stays.
        row.values = {n: v for n, v in row.values.items() if n not in ("lat", "lon")}
    else:
        row.values |= {"lat": counts.lat, "lon": counts.lon}
    return counts


def is_doubtful(placing: Placing, at: Point) -> bool:
    if not is_on_globe(at):
        return True
    if not len(placing.finder.shapes):
        return False
    if placing.area and placing.area.code in placing.finder.shaped:
        return not placing.finder.holds(placing.area, at)
    return placing.finder.find_at(at) is None


def decide_turn(
    placing: Placing,
    turned: TurnedPoint,
    written: Point | None,
    decisions: Mapping[str, str],
) -> Point | None:
    area = placing.finder.areas.get(turned.area)
    said = {"how": TURN_LABELS[turned.turn], "area": area.name if area else "—"}
    decided = decisions.get(turned.turn)
    if decided == TurnDecision.TURN:
        placing.remark(
            _("Its coordinates were turned, as you decided (%(how)s)."), **said
        )
        return turned.at
    if decided == TurnDecision.KEEP and written is not None:
        placing.remark(_("Its coordinates are kept as they are, as you decided."))
        return written
    if decided == TurnDecision.LEAVE_OUT:
        placing.remark(_("Its coordinates are left out, as you decided."))
        return None
    if area is None:
        sentence = _(
            "Its coordinates look wrong (%(how)s). They are left out until you decide."
        )
    else:
        sentence = _(
            "Its coordinates look wrong (%(how)s): turned, they lie in %(area)s. They "
            "are left out until you decide."
        )
    placing.remark(sentence, **said)
    return None


def remark_elsewhere(placing: Placing, at: Point) -> None:
    if not is_on_globe(at):
        placing.remark(_("Its coordinates are not on the globe."))
        return
    there = placing.finder.find_at(at)
    if there is None:
        placing.remark(_("Its coordinates lie in no known area."))
    elif placing.area is not None:
        placing.remark(
            _("Its coordinates lie in %(there)s and not in %(area)s."),
            there=there.name,
            area=placing.area.name,
        )


# -- area and coverage -----------------------------------------------------------------


def find_area_by_point(placing: Placing, at: Point | None) -> None:
    """Find the area by coordinates, where the file names none that is known."""
    said, finder = placing.row.area, placing.finder
    if placing.area is not None:
        return
    # Of several with one name, that which holds it.
    same = finder.find_named(said)
    holding = [
        a for a in same if at and a.code in finder.shaped and finder.holds(a, at)
    ]
    if len(holding) == 1:
        placing.area, placing.is_named = holding[0], True
        return
    placing.area = finder.find_at(at) if at else None
    if placing.area is not None:
        if said:
            sentence = _(
                "“%(said)s” is not a known area. By its coordinates it is in %(area)s."
            )
            placing.remark(sentence, said=said, area=placing.area.name)
    elif same:
        placing.remark(_("Several areas are called “%(said)s”."), said=said)
    elif said:
        placing.remark(_("“%(said)s” is not a known area."), said=said)
    elif get_written(placing.row.values) is None:
        placing.remark(_("It has neither an area nor coordinates."))


def find_coverage(placing: Placing) -> tuple[list[str], str]:
    """Find the areas whose people a service is for, as codes; and in words what of it
    no code can say, so that matching asks."""
    codes: set[str] = set()
    words: list[str] = []
    if placing.row.within:
        cover_surroundings(placing, codes, words)
    unknown = cover_served(placing, codes)
    if placing.row.shape:
        cover_shape(placing, codes, words)
    if unknown:
        # Outside the areas that are known it may help as well: no code is a limit then.
        codes, words = set(), [*placing.row.served, *words]
    return sorted(codes), ", ".join(dict.fromkeys(words))


def cover_surroundings(placing: Placing, codes: set[str], words: list[str]) -> None:
    """Cover the area of the place itself, or the region around it."""
    said, area = placing.row.area, placing.area
    if area is None:
        words.append(said or _("the area where it is"))
        placing.remark(_("It serves the area where it is, which is not known."))
        return
    wider = placing.row.within == "region" and area.level > 1
    codes.add(area.codes[-2] if wider else area.code)
    # By its coordinates alone: the place that the file names is a part of this area.
    if not placing.is_named and placing.row.within != "region" and said:
        words.append(said)


def cover_served(placing: Placing, codes: set[str]) -> bool:
    """Cover the areas that the file names; return whether one is not known."""
    unknown = False
    for said in placing.row.served:
        found = placing.finder.find_named(said)
        if len(found) == 1:
            codes.add(found[0].code)
        else:
            unknown = True
            placing.remark(
                _("It serves “%(said)s”, which is not a known area."), said=said
            )
    return unknown


def cover_shape(placing: Placing, codes: set[str], words: list[str]) -> None:
    """Cover the areas that a shape holds; one that it holds in part is asked about."""
    whole, partly = placing.finder.find_covered(json.loads(placing.row.shape))
    codes |= {*whole, *partly}
    if partly or not whole:
        words.append(_("a shape on the map"))
        placing.remark(_("The shape of the area that it serves cuts through areas."))


# -- decisions for all rows with one mistake -------------------------------------------


@dataclass(frozen=True)
class TurnedRows:
    """The rows whose coordinates have one mistake, and what was decided of them."""

    turn: Turn
    count: int
    decided: str
    examples: list[ImportRow]

    @property
    def label(self) -> object:
        return TURN_LABELS[self.turn]


EXAMPLES = 5


def list_turned_rows(brought: Import) -> list[TurnedRows]:
    """List the mistakes in coordinates, the most frequent first. One query, and one for
    the examples of each."""
    doubtful = brought.rows.exclude(placed={}).exclude(placed__turn="")
    counts = Counter(doubtful.values_list("placed__turn", flat=True))
    return [
        TurnedRows(
            Turn(turn),
            count,
            brought.turns.get(turn, ""),
            list(doubtful.filter(placed__turn=turn).order_by("number")[:EXAMPLES]),
        )
        for turn, count in counts.most_common()
        if turn
    ]


def find_last_turns(origin: str) -> dict[str, str]:
    """Find what was last decided of the coordinates of a source."""
    last = Import.objects.filter(origin=origin).exclude(turns={})
    found = last.order_by("-brought_at").values_list("turns", flat=True).first()
    return dict(found or {})


@transaction.atomic
def decide_turns(
    brought: Import, turn: Turn, decision: TurnDecision, *, by: User
) -> int:
    """Decide what becomes of all coordinates with one mistake; return how many. The
    rows are checked again. Raises `Refused` where the file was imported already."""
    bring_services.require(by, brought)
    if brought.taken_in_at or brought.asked_at:
        raise Refused(
            _(
                "This file has already been imported. To correct a row, "
                "upload the file again."
            )
        )
    brought.turns = {**brought.turns, turn: decision}
    brought.save(update_fields=["turns"])
    rows = brought.rows.filter(placed__turn=turn)
    # Planned again by the same steps as before: an import may have very many.
    count = rows.update(outcome=ImportOutcome.WAITING, problem="")
    queue_step(brought)
    log.record("decided coordinates", brought, by=by, turn=turn, rows=count)
    return count
