"""From stops and links to a line, downwards and sideways."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import replace
from itertools import pairwise

from amana.design.mechanism.line.line_drawing import (
    BEGIN,
    CORNER,
    DOWN,
    MARK_ROWS,
    MOST_LANES,
    RADIUS,
    STEP,
    TURN,
    UP,
    WIDE,
    LineStation,
    LineStretch,
    PathwayLine,
    StationText,
)
from amana.printing.layout import (
    Lanes,
    Link,
    assign_lanes,
    assign_layers,
    is_drawable,
    list_forward_links,
    sort_by_links,
)


def build_line(
    stops: Sequence[StationText],
    links: Iterable[Link],
    *,
    title: str = "",
    columns: int = WIDE,
    part: str = "",
) -> PathwayLine:
    """Build a line from stops in order and the links between them. What leads back is
    left out, and has to be in the notes. What is too large to draw is a list.
    """
    said = {stop.id: stop for stop in stops}
    forward = list_forward_links(list(said), links)
    order = sort_by_links(list(said), forward)
    early = assign_layers(order, forward)
    is_list = not is_drawable(early, forward)
    if is_list:
        forward, early = [], dict.fromkeys(order, 0)
    # Laid out twice: in layers moved to where side stations belong, and from above
    # downwards with one item in each row.
    layer = delay_side_stations(early, order, forward)
    across = assign_lanes(order, forward, layer)
    place = {id: nth for nth, id in enumerate(order)}
    # Only now, as a stretch holds whole layers, so that the list reads stretch after
    # stretch.
    order.sort(key=lambda id: (layer[id] // columns, place[id]))
    down = assign_lanes(order, forward, {id: nth for nth, id in enumerate(order)})
    done = {link for link in forward if is_done(said, link)}
    rails, beside = draw_rails(down, order, done), count_lanes(down, order)
    stretches = []
    last = max(layer.values(), default=-1)
    for first in range(0, last + 1, columns):
        stations = [
            LineStation(
                said[id], rails[nth], limit_lane(down.cells[id][1]), beside[nth]
            )
            for nth, id in enumerate(order)
            if first <= layer[id] < first + columns
        ]
        stretches.append(build_stretch(stations, across, first, columns, done))
    return PathwayLine(title, stretches, columns, part, is_list)


def delay_side_stations(
    layer: Mapping[str, int], order: Sequence[str], links: Sequence[Link]
) -> dict[str, int]:
    """Move what may happen at any time next to what it leads to, away from the
    start."""
    found = dict(layer)
    reached = {order[0]} if order else set()
    before: dict[str, list[str]] = {id: [] for id in order}
    after: dict[str, list[str]] = {id: [] for id in order}
    for this, other in links:
        after[this].append(other)
        before[other].append(this)
    for id in order:
        if not reached.isdisjoint(before[id]):
            reached.add(id)
    aside = [id for id in order if id not in reached]
    # From the last to the first: what an item leads to must have its place before it.
    for id in reversed(aside):
        ahead = [
            found[later] for later in after[id] if later in reached or after[later]
        ]
        if ahead:
            found[id] = max(found[id], min(ahead) - 1)
    for id in aside:
        if not after[id] and before[id]:
            found[id] = max(found[earlier] for earlier in before[id]) + 1
    return found


def is_done(said: Mapping[str, StationText], link: Link) -> bool:
    one, other = said[link[0]].state, said[link[1]].state
    return one == "done" and other in ("done", "now")


def draw_rails(
    lanes: Lanes, order: Sequence[str], done: set[Link]
) -> list[tuple[tuple[str, str], ...]]:
    tops: list[dict[tuple[int, int], bool]] = [{} for _id in order]
    bottoms: list[dict[int, bool]] = [{} for _id in order]
    for link, way in lanes.ways.items():
        is_done_ = link in done
        for (row, lane), (then, beside) in pairwise(way):
            bottoms[row][lane] = bottoms[row].get(lane, False) or is_done_
            turn = (lane, beside)
            tops[then][turn] = tops[then].get(turn, False) or is_done_
    return [
        tuple(
            (name, path)
            for name, wanted in (("ahead", False), ("done", True))
            if (path := draw_rail(top, bottom, wanted))
        )
        for top, bottom in zip(tops, bottoms, strict=True)
    ]


def draw_rail(
    top: Mapping[tuple[int, int], bool], bottom: Mapping[int, bool], wanted: bool
) -> str:
    path = ""
    for (lane, to), is_done_ in top.items():
        if is_done_ is wanted:
            one, other = compute_x(lane), compute_x(to)
            if one == other:
                path += f"M{one} 0V{RADIUS}"
            else:
                path += f"M{one} 0C{one} {RADIUS - 3} {other} 1 {other} {RADIUS}"
    for lane, is_done_ in bottom.items():
        if is_done_ is wanted:
            path += f"M{compute_x(lane)} {RADIUS}V999"
    return path


def compute_x(lane: int) -> int:
    return BEGIN + STEP * limit_lane(lane)


def limit_lane(lane: int) -> int:
    return min(lane, MOST_LANES - 1)


def count_lanes(lanes: Lanes, order: Sequence[str]) -> list[int]:
    """Count the lanes that run next to each item."""
    found = [lanes.cells[id][1] for id in order]
    for way in lanes.ways.values():
        for (row, lane), (then, beside) in pairwise(way):
            found[row] = max(found[row], lane)
            found[then] = max(found[then], lane, beside)
    return [limit_lane(lane) for lane in found]


def build_stretch(
    stations: Sequence[LineStation],
    lanes: Lanes,
    first: int,
    columns: int,
    done: set[Link],
) -> LineStretch:
    heights: dict[int, int] = {}
    for station in stations:
        lane = lanes.cells[station.stop.id][1]
        needed = MARK_ROWS + station.stop.lines
        heights[lane] = max(heights.get(lane, 0), needed)
    # A lane that a line only passes through has no words, but needs a row.
    cells = {cell for way in lanes.ways.values() for cell in way}
    for layer, lane in cells:
        if first <= layer < first + columns:
            heights.setdefault(lane, 1)
    tops: dict[int, int] = {}
    rows = 0
    for lane in sorted(heights):
        tops[lane] = rows
        rows += heights[lane]
    placed = []
    for station in stations:
        layer, lane = lanes.cells[station.stop.id]
        placed.append(
            replace(
                station,
                column=layer - first + 1,
                row=tops[lane] + 1,
                span=heights[lane],
            )
        )
    return LineStretch(placed, draw_paths(lanes, tops, first, columns, done), rows)


def draw_paths(
    lanes: Lanes, tops: Mapping[int, int], first: int, columns: int, done: set[Link]
) -> list[tuple[str, str]]:
    """Draw the paths in units of a column and a row; a line that continues in the next
    stretch leaves through the edge.
    """
    found = {"ahead": dict[str, None](), "done": dict[str, None]()}
    for link, way in lanes.ways.items():
        pieces = found["done" if link in done else "ahead"]
        for (layer, lane), (then, beside) in pairwise(way):
            x = layer - first
            if 0 <= x < columns - 1:
                pieces[draw_piece(x, tops[lane], tops[beside])] = None
            elif x == columns - 1:
                pieces[f"M{x} {tops[lane]}H{columns}"] = None
            elif then == first:
                pieces[f"M-1 {tops[beside]}H0"] = None
    return [(name, "".join(pieces)) for name, pieces in found.items() if pieces]


def draw_piece(x: int, y: int, to: int) -> str:
    """Draw a level piece, or one down or up in the gutter between two columns, around
    two corners.
    """
    if y == to:
        return f"M{x} {y}H{x + 1}"
    at, corner = (x + DOWN, CORNER) if to > y else (x + UP, -CORNER)
    return (
        f"M{x} {y}H{at - TURN:g}Q{at:g} {y} {at:g} {y + corner:g}"
        f"V{to - corner:g}Q{at:g} {to} {at + TURN:g} {to}H{x + 1}"
    )
