"""Where each node stands and each arrow runs, so that the file opens as a drawing.

Columns by the longest way from the start, rows by lane. An arrow that passes columns,
or leads back, is given a cell in each of them, so that it runs beside the nodes and not
through them.
"""

from collections.abc import Mapping
from dataclasses import dataclass, field, replace

from amana.exchange.bpmn.chart import ChartFlow, ChartNode
from amana.printing.layout import (
    MOST,
    DrawingTooLarge,
    assign_layers,
    list_forward_links,
    sort_by_links,
)

type Point = tuple[float, float]
type Cell = tuple[int, str, int]
"""Column, lane, and row within the lane."""

TASK = (150.0, 80.0)
EVENT = (36.0, 36.0)
GATEWAY = (50.0, 50.0)
COLUMN_GAP, ROW_GAP, ARROW_ROW = 70.0, 36.0, 14.0
UNDER_EVENT = 44.0
"""Room for the name of an event or gateway, which stands beneath it."""
UNDER_TASK = 130.0
"""Room for a task's clock, and for where the clock's arrow ends."""
LANE_HEAD, POOL_HEAD, MARGIN = 30.0, 30.0, 30.0


@dataclass(frozen=True)
class NodeBox:
    x: float
    y: float
    width: float
    height: float

    @property
    def left(self) -> Point:
        return self.x, self.y + self.height / 2

    @property
    def right(self) -> Point:
        return self.x + self.width, self.y + self.height / 2

    def moved(self, x: float, y: float) -> "NodeBox":
        return replace(self, x=self.x + x, y=self.y + y)


@dataclass
class ChartLayout:
    width: float = 0
    height: float = 0
    boxes: dict[str, NodeBox] = field(default_factory=dict)
    routes: dict[str, list[Point]] = field(default_factory=dict)
    lanes: dict[str, NodeBox] = field(default_factory=dict)
    labels: dict[str, NodeBox] = field(default_factory=dict)
    """Of clocks, whose names would else lie under their arrows."""

    def take(self, inner: "ChartLayout", x: float, y: float) -> None:
        self.boxes |= {id: box.moved(x, y) for id, box in inner.boxes.items()}
        self.labels |= {id: box.moved(x, y) for id, box in inner.labels.items()}
        for id, points in inner.routes.items():
            self.routes[id] = [(px + x, py + y) for px, py in points]


def lay_out(flow: ChartFlow, lanes: tuple[str, ...] = ("",)) -> ChartLayout:
    """Lay out a process, and what is inside its sub-processes. Raises
    DrawingTooLarge."""
    inner = {id: lay_out(n.inside) for id, n in flow.nodes.items() if n.inside}
    columns = assign_columns(flow)
    passed = (
        len(list_passed_columns(columns[arrow.source], columns[arrow.target]))
        for arrow in flow.arrows
    )
    if len(columns) + len(flow.arrows) + sum(passed) > MOST:
        raise DrawingTooLarge
    cells, ways = assign_cells(flow, columns, lanes)
    return place_nodes(flow, lanes, inner, cells, ways)


def assign_columns(flow: ChartFlow) -> dict[str, int]:
    """Assign columns by the longest way from where something begins, arrows that lead
    back left out."""
    ids = list(flow.nodes)
    arrows = [(arrow.source, arrow.target) for arrow in flow.arrows]
    links = list_forward_links(ids, arrows)
    layers = assign_layers(ids, links)
    # What no arrow reaches and none leaves (it may come at any time) stands at the end.
    bound = {end for arrow in arrows for end in arrow}
    last = max(layers.values(), default=0)
    return {
        id: layers[id] if id in bound else last + 1 for id in sort_by_links(ids, links)
    }


type Ways = dict[str, list[Cell]]


def assign_cells(
    flow: ChartFlow, columns: Mapping[str, int], lanes: tuple[str, ...]
) -> tuple[dict[str, Cell], Ways]:
    """Assign the cell of each node, and those that each arrow passes."""
    taken: set[Cell] = set()

    def take(column: int, lane: str, row: int) -> Cell:
        while (column, lane, row) in taken:
            row += 1
        taken.add((column, lane, row))
        return column, lane, row

    cells: dict[str, Cell] = {}
    before: dict[str, list[str]] = {}
    for arrow in flow.arrows:
        before.setdefault(arrow.target, []).append(arrow.source)
    for id in sorted(columns, key=lambda id: columns[id]):
        lane = flow.nodes[id].lane if flow.nodes[id].lane in lanes else lanes[0]
        rows = [
            cells[earlier][2]
            for earlier in before.get(id, ())
            if earlier in cells and cells[earlier][1] == lane
        ]
        cells[id] = take(columns[id], lane, min(rows, default=0))
    ways: Ways = {}
    for arrow in flow.arrows:
        source, target = cells[arrow.source], cells[arrow.target]
        passed = list_passed_columns(source[0], target[0])
        if passed:
            row = find_free_row(taken, passed, target)
            ways[arrow.id] = [take(column, target[1], row) for column in passed]
    return cells, ways


def list_passed_columns(source: int, target: int) -> list[int]:
    """List the columns between the two; a way back passes the columns of both."""
    if target > source:
        return list(range(source + 1, target))
    return list(range(source, target - 1, -1))


def find_free_row(taken: set[Cell], columns: list[int], target: Cell) -> int:
    """Find the first row of the target's lane that is free all along."""
    row = target[2]
    while any((column, target[1], row) in taken for column in columns):
        row += 1
    return row


def place_nodes(
    flow: ChartFlow,
    lanes: tuple[str, ...],
    inner: Mapping[str, ChartLayout],
    cells: Mapping[str, Cell],
    ways: Ways,
) -> ChartLayout:
    sizes = {id: get_size(node, inner.get(id)) for id, node in flow.nodes.items()}
    last = max((cell[0] for cell in cells.values()), default=0)
    wide = [0.0] * (last + 1)
    tall: dict[tuple[str, int], float] = {(lane, 0): ARROW_ROW for lane in lanes}
    for id, (column, lane, row) in cells.items():
        wide[column] = max(wide[column], sizes[id][0])
        needed = sizes[id][1] + get_room_below(flow.nodes[id])
        tall[lane, row] = max(tall.get((lane, row), 0), needed)
    for way in ways.values():
        for _column, lane, row in way:
            tall.setdefault((lane, row), ARROW_ROW)
    found = ChartLayout()
    lefts = stack_sizes(wide, COLUMN_GAP, COLUMN_GAP)
    found.width = lefts[-1]
    tops: dict[tuple[str, int], float] = {}
    y = 0.0
    for lane in lanes:
        begun = y
        y += ROW_GAP / 2
        for row in range(1 + max(row for of_lane, row in tall if of_lane == lane)):
            tops[lane, row] = y
            y += tall.get((lane, row), ARROW_ROW) + ROW_GAP
        y -= ROW_GAP / 2
        found.lanes[lane] = NodeBox(0, begun, found.width, y - begun)
    found.height = y
    for id, (column, lane, row) in cells.items():
        width, height = sizes[id]
        x = lefts[column] + (wide[column] - width) / 2
        middle = tops[lane, row] + compute_arrow_height(tall[lane, row])
        box = NodeBox(x, max(tops[lane, row], middle - height / 2), width, height)
        place_node(found, flow.nodes[id], box)
        if id in inner:
            found.take(inner[id], box.x, box.y + MARGIN)
    route_arrows(found, flow, cells, ways, lefts, wide, tops)
    return found


def compute_arrow_height(tall: float) -> float:
    """Compute where the arrows of a row run: through the middle of its tasks, not of
    sub-processes, which hang down from there."""
    return min(tall, TASK[1]) / 2


def stack_sizes(sizes: list[float], gap: float, start: float) -> list[float]:
    found = [start]
    for size in sizes:
        found.append(found[-1] + size + gap)
    return found


def get_size(node: ChartNode, inside: ChartLayout | None) -> tuple[float, float]:
    if inside:
        return inside.width, inside.height + 2 * MARGIN
    if node.tag.endswith("Event"):
        return EVENT
    return GATEWAY if node.tag.endswith("Gateway") else TASK


def get_room_below(node: ChartNode) -> float:
    if node.timer:
        return UNDER_TASK
    return UNDER_EVENT if node.tag.endswith(("Event", "Gateway")) else 0.0


def place_node(found: ChartLayout, node: ChartNode, box: NodeBox) -> None:
    """Place the node, with its clock on the lower edge and beneath that where it
    leads."""
    found.boxes[node.id] = box
    if node.timer and node.late:
        x = box.x + box.width - EVENT[0] - 10
        clock = NodeBox(x, box.y + box.height - EVENT[1] / 2, *EVENT)
        late = clock.moved(0, EVENT[1] + 18)
        found.boxes[node.timer.id], found.boxes[node.late.id] = clock, late
        beneath = box.y + box.height + 2
        found.labels[node.timer.id] = NodeBox(box.x, beneath, clock.x - box.x - 4, 84)
        middle = clock.x + EVENT[0] / 2
        found.routes[f"{node.timer.id}.flow"] = [
            (middle, clock.y + EVENT[1]),
            (middle, late.y),
        ]


def route_arrows(
    found: ChartLayout,
    flow: ChartFlow,
    cells: Mapping[str, Cell],
    ways: Ways,
    lefts: list[float],
    wide: list[float],
    tops: Mapping[tuple[str, int], float],
) -> None:
    """Route the arrows level through cells and up or down between columns, each in a
    track of its own there."""
    tracks: dict[int, int] = {}

    def between(column: int) -> float:
        """Return a place of its own in the gap on the right of a column."""
        nth = tracks[column] = tracks.get(column, 0) + 1
        right = lefts[column] + wide[column] if column >= 0 else 0.0
        return right + 12 + (nth * 11) % (COLUMN_GAP - 24)

    for arrow in flow.arrows:
        points = [found.boxes[arrow.source].right]
        end = found.boxes[arrow.target].left
        if way := ways.get(arrow.id):
            _column, lane, row = way[0]
            x, y = between(cells[arrow.source][0]), tops[lane, row] + ARROW_ROW / 2
            points += [(x, points[-1][1]), (x, y)]
        x = between(cells[arrow.target][0] - 1)
        points += [(x, points[-1][1]), (x, end[1]), end]
        found.routes[arrow.id] = straighten_points(points)


def straighten_points(points: list[Point]) -> list[Point]:
    """Remove points that lie on the line between their neighbours."""
    kept: list[Point] = []
    for point in points:
        if kept and point == kept[-1]:
            continue
        if len(kept) > 1 and any(
            kept[-2][axis] == kept[-1][axis] == point[axis] for axis in (0, 1)
        ):
            kept.pop()
        kept.append(point)
    return kept
