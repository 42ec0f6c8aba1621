"""A pathway drawn as a line with stations: a list of steps that is also its drawing.

Every step is one item of a list. Next to the list runs a line downwards; where
there is room the same items stand beneath lines that run from the side on which reading
begins, in stretches of a few columns. Items say in words all that the line shows, so a
list without its line, as a screen reader has it, loses nothing. Pure.
"""

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from functools import lru_cache
from itertools import pairwise

from django.utils.translation import gettext as _

from amana.design.mechanism import labels
from amana.design.mechanism import outline as outlines
from amana.design.mechanism.documents.layout import Lanes, Link, assign_lanes
from amana.design.mechanism.documents.pathway_drawing import wrap_words
from amana.design.mechanism.documents.way import list_told_before
from amana.design.mechanism.outline import Outline, OutlineBranch, OutlineStep

WIDE, NARROW = 7, 5
"""Columns where a page has all its room, and where other things share it."""
ROOM, SIZE = 136.0, 14
"""Of a column's words at its narrowest, in pixels; and their size."""
MOST_ROWS, MOST_SPAN, MOST_LANES = 96, 24, 12
"""Beyond them a stretch is drawn from above downwards also where there is room, and a
lane at the place of the last."""
MARK_ROWS = 2
"""Rows that a station takes above its words, and beneath them."""
DOWN, UP, TURN, CORNER = 0.82, 0.88, 0.04, 0.5
"""Where in a column no words stand and lines change their lane: those that part from a
station before those that join one. A corner's width in columns, and its height in rows.
"""
STEP, BEGIN, RADIUS = 16, 12, 14
"""In pixels from above downwards: from lane to lane, to the first, to a station."""

OPEN = "open:"
"""Before the code of what may happen at any time, which is a station too."""


@dataclass(frozen=True)
class StationText:
    """What a station says."""

    id: str
    kind: str
    title: str
    url: str = ""
    when: str = ""
    """On what it depends that a case comes here."""
    who: str = ""
    clock: str = ""
    notes: tuple[str, ...] = ()
    """Where it leads back to; how a case ends there."""
    ways: tuple[tuple[str, str], ...] = ()
    """Of a fork: each condition, and the step to which it leads."""
    forks: bool = False
    """A branching follows at once, and belongs to it."""
    state: str = ""
    """done, now, next; or nothing"""
    status: str = ""
    """The state in words: “Done on 24 November”."""
    late: bool = False

    @property
    def lines(self) -> int:
        """Lines of words, in a column at its narrowest."""
        beside = " · ".join(filter(None, (self.who, self.clock)))
        said = (self.when, self.title, beside, *self.notes, self.status)
        return sum(map(count_lines, said))


@lru_cache(maxsize=20_000)
def count_lines(words: str) -> int:
    return len(wrap_words(words, SIZE, True, ROOM)) if words else 0


@dataclass(frozen=True)
class LineStation:
    stop: StationText
    rails: tuple[tuple[str, str], ...]
    """What is drawn next to it where the line runs downwards: whether it is done, and
    the path."""
    at: int
    """Where the line runs downwards."""
    lanes: int
    """Next to it, those included that only pass."""
    column: int = 0
    row: int = 0
    span: int = 0

    @property
    def place(self) -> str:
        """The classes that place it there: the policy allows no style of its own."""
        return (
            f"l{self.at} w{self.lanes} c{self.column} r{self.row} "
            f"s{min(self.span, MOST_SPAN)}"
        )


@dataclass(frozen=True)
class LineStretch:
    """As many layers as fit next to each other."""

    stations: Sequence[LineStation]
    paths: Sequence[tuple[str, str]]
    rows: int

    @property
    def is_wide(self) -> bool:
        """Whether the sheet has a class for each place."""
        spans = max((station.span for station in self.stations), default=0)
        return 0 < self.rows <= MOST_ROWS and spans <= MOST_SPAN


@dataclass(frozen=True)
class PathwayLine:
    title: str
    stretches: Sequence[LineStretch]
    columns: int
    part: str = ""

    @property
    def stations(self) -> Iterator[LineStation]:
        for stretch in self.stretches:
            yield from stretch.stations


# --- from stops and links to a line


def build_line(
    stops: Sequence[StationText],
    links: Iterable[Link],
    *,
    title: str = "",
    columns: int = WIDE,
    part: str = "",
) -> PathwayLine:
    """Build a line from stops in order and the links between them. What leads back is
    left out, and has to be in the notes.
    """
    said = {stop.id: stop for stop in stops}
    forward = list_forward_links(list(said), links)
    order = sort_stations(list(said), forward)
    # Laid out three times: first to learn the layers, then in layers moved to where
    # side stations belong, and last from above downwards with one item in each row.
    early = {id: cell[0] for id, cell in assign_lanes(order, forward).cells.items()}
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
    return PathwayLine(title, stretches, columns, part)


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


def list_forward_links(ids: Sequence[str], links: Iterable[Link]) -> list[Link]:
    """List the links that don't lead back to a station from which one came."""
    known = list(dict.fromkeys(link for link in links if link[0] in ids))
    after: dict[str, list[str]] = {id: [] for id in ids}
    for this, other in known:
        if other in after:
            after[this].append(other)
    back: set[Link] = set()
    seen: set[str] = set()
    for root in ids:
        if root in seen:
            continue
        seen.add(root)
        above = {root}
        # A loop, not a recursion: a pathway may be longer than Python's stack is deep.
        todo = [(root, iter(after[root]))]
        while todo:
            id, rest = todo[-1]
            then = next(rest, None)
            if then is None:
                above.discard(id)
                todo.pop()
            elif then in above:
                back.add((id, then))
            elif then not in seen:
                seen.add(then)
                above.add(then)
                todo.append((then, iter(after[then])))
    return [link for link in known if link not in back and link[1] in after]


def sort_stations(ids: Sequence[str], links: Sequence[Link]) -> list[str]:
    """Sort stations: each after all those that lead to it, and a branch in one
    piece."""
    after: dict[str, list[str]] = {id: [] for id in ids}
    for this, other in links:
        after[this].append(other)
    seen: set[str] = set()
    found: list[str] = []
    for root in reversed(ids):
        if root in seen:
            continue
        seen.add(root)
        todo = [(root, iter(reversed(after[root])))]
        while todo:
            id, rest = todo[-1]
            then = next((later for later in rest if later not in seen), None)
            if then is None:
                found.append(id)
                todo.pop()
            else:
                seen.add(then)
                todo.append((then, iter(reversed(after[then]))))
    return found[::-1]


# --- downwards: one piece for each item, so that an item may be of any height


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


# --- sideways: columns of one width, lanes as high as their words


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


# --- from a mechanism to stops and links


@dataclass(frozen=True)
class PathwayGraph:
    """A pathway, or one part of it, before it is drawn."""

    stops: dict[str, StationText] = field(default_factory=dict)
    links: list[Link] = field(default_factory=list)
    within: dict[str, str] = field(default_factory=dict)
    """The station of each step: its own, or that of the step whose branching it is."""


def build_graph(
    seen: Outline, urls: Mapping[str, str], part: str = "", urgency: str = ""
) -> PathwayGraph:
    """Build the graph of the pathway or of a part, each step in one station; also of an
    unfinished draft.
    """
    inside = {id: step for id, step in seen.steps.items() if step.part == part}
    within = {id: id for id in inside} | dict(iterate_branchings(seen, inside))
    after = map_joins(inside)
    leads = [
        (within[id], lead)
        for id in inside
        for lead in list_leads(inside, id, after)
        if lead.to in inside and within[lead.to] != within[id]
    ]
    links = [(id, within[lead.to]) for id, lead in leads]
    order = [id for id in sort_as_in_file(seen, inside, part) if within[id] == id]
    forward = set(list_forward_links(order, links))
    conditions: dict[str, list[str]] = {}
    backs: dict[str, list[str]] = {}
    for id, lead in leads:
        if (id, within[lead.to]) in forward:
            conditions.setdefault(lead.to, []).append(format_condition(lead))
        else:
            backs.setdefault(id, []).append(labels.format_step_title(seen, lead.to))
    graph = PathwayGraph(within=within, links=links)
    for id in order:
        step = inside[id]
        whens = conditions.get(id, [])
        forks = [inside[fork] for fork in inside if within[fork] == id != fork]
        graph.stops[id] = StationText(
            id,
            kind=step.kind,
            title=format_title(seen, step),
            url=urls.get(id, ""),
            # With several ways to a station no single condition is true, so none is
            # shown.
            when=whens[0] if len(whens) == 1 else "",
            who=labels.format_role_title(seen, step.role) if step.role else "",
            clock=format_clock(step, urgency),
            notes=tuple(iterate_notes(step, backs.get(id, ()))),
            ways=tuple(
                way for source in (step, *forks) for way in iterate_ways(seen, source)
            ),
            forks=bool(forks),
        )
    if not part:
        for key, interrupt in seen.interrupts.items():
            to = str(interrupt.get("next", ""))
            on = labels.format_message(str(interrupt.get("on", key)))
            words = _("At any time: %(what)s") % {"what": on}
            way = ("", labels.format_step_title(seen, to))
            graph.stops[OPEN + key] = StationText(
                OPEN + key, "open", words, ways=(way,)
            )
            graph.links.append((OPEN + key, within.get(to, to)))
    return graph


def iterate_branchings(
    seen: Outline, inside: Mapping[str, OutlineStep]
) -> Iterator[tuple[str, str]]:
    """Yield the branchings that always follow one and the same step, with that step.
    What follows a block is alone: the ends of its branches lead there.
    """
    told = list_told_before(seen)
    for id in inside:
        before = seen.leading_to(id)
        if id in told and len(before) == 1:
            step = before[0]
            if step.kind != "choose" and not step.beside:
                yield id, step.id


def sort_as_in_file(
    seen: Outline, inside: Mapping[str, OutlineStep], part: str
) -> list[str]:
    """Sort as in the file, but the step at which it begins first."""
    parts = outlines.read_map(
        outlines.read_map(seen.plain.get("pathway.yaml")).get("parts")
    )
    begin = (
        str(outlines.read_map(parts.get(part)).get("start", "")) if part else seen.start
    )
    return sorted(inside, key=lambda id: id != begin)


def map_joins(inside: Mapping[str, OutlineStep]) -> dict[str, list[OutlineBranch]]:
    """Map the steps that end a branch to where they continue: after their block."""
    found: dict[str, list[OutlineBranch]] = {}
    todo: list[tuple[str, list[OutlineBranch]]] = []
    for step in inside.values():
        if step.beside:
            todo += [(first, list(step.leads)) for first in step.beside]
    # The innermost block is written last in a file, and counts.
    while todo:
        id, after = todo.pop()
        step_ = inside.get(id)
        if step_ is None or id in found:
            continue
        found[id] = after
        todo += [(lead.to, after) for lead in step_.leads if lead.to]
        if step_.beside and not step_.leads:
            todo += [(first, after) for first in step_.beside]
    return found


def list_leads(
    inside: Mapping[str, OutlineStep], id: str, after: Mapping[str, list[OutlineBranch]]
) -> list[OutlineBranch]:
    """List all ways out of a step: to what begins in it, to what follows, or to what
    follows the block that it ends.
    """
    step = inside[id]
    if step.beside:
        return [OutlineBranch(first) for first in step.beside]
    then = after.get(id, [])
    if not step.leads and not step.end:
        return list(then)
    ways = []
    for lead in step.leads:
        if lead.to:
            ways.append(lead)
        else:
            ways += [replace(lead, to=other.to) for other in then]
    return ways


def format_title(seen: Outline, step: OutlineStep) -> str:
    """Format a station's title. A fork names itself as one; its branches are drawn."""
    if step.kind == "together" and not step.each:
        return _("All of these at the same time")
    return labels.format_step_title(seen, step.id)


def format_condition(lead: OutlineBranch) -> str:
    """Format a way's condition in few words: the station before it shows what is
    asked."""
    if lead.when:
        return labels.format_answers(lead.when)
    if lead.message:
        return labels.format_message(lead.message)
    if lead.after:
        return _("After %(time)s") % {"time": format_range(lead.after)}
    return _("Otherwise") if lead.otherwise else ""


def iterate_notes(step: OutlineStep, backs: Iterable[str]) -> Iterator[str]:
    for title in backs:
        yield _("Back to: %(step)s") % {"step": title}
    if step.end:
        yield _("Ends: %(how)s") % {"how": labels.format_ending(step.end)}


def iterate_ways(seen: Outline, step: OutlineStep) -> Iterator[tuple[str, str]]:
    """Yield the ways for screen readers, as they can be seen on the line."""
    for lead in step.leads:
        way = labels.build_way(seen, lead)
        if way.words:
            yield way.words, way.title or _("nothing more here")
    for first in step.beside:
        yield "", labels.format_branch_title(seen, first)


def format_clock(step: OutlineStep, urgency: str) -> str:
    if urgency in step.due:
        return labels.format_span(step.due[urgency])
    return format_range(step.due)


def format_range(due: Mapping[str, str]) -> str:
    """Format the range from the shortest time to the longest."""
    clocks = list(
        dict.fromkeys(shown_clock.words for shown_clock in labels.list_clocks(due))
    )
    if len(clocks) < 2:
        return "".join(clocks)
    return _("%(shortest)s to %(longest)s") % {
        "shortest": clocks[0],
        "longest": clocks[-1],
    }


def build_lines(
    seen: Outline,
    urls: Mapping[str, str],
    marked: Callable[[PathwayGraph], Mapping[str, StationText]] | None = None,
    *,
    urgency: str = "",
) -> list[PathwayLine]:
    """Build the line of the pathway, then of each part; `marked` gives a case's
    stops."""
    named = [("", _("Case pathway"))]
    named += [
        (part, _("Part: %(name)s") % {"name": labels.format_part_title(seen, part)})
        for part in seen.parts
    ]
    found = []
    for part, title in named:
        graph = build_graph(seen, urls, part, urgency)
        stops = marked(graph) if marked else graph.stops
        found.append(
            build_line(list(stops.values()), graph.links, title=title, part=part)
        )
    return [line for line in found if line.stretches]
