"""The place of each box in a drawing: layers from the top down, no box on another, no
line through a box. Pure.

The same layers serve three drawings. `lay_out` centres boxes with words in them, for
paper. `assign_lanes` puts stations on whole lanes, the main line straight in the first,
for a line on the screen. `exchange.bpmn` lays the layers side by side, across the lanes
of roles.

After Sugiyama: lines that lead back are left out; each box is placed one layer
below the lowest of those before it; a line over several layers bends in each; the order
in a layer follows the middle of a box's neighbours.
"""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from itertools import pairwise

type Link = tuple[str, str]

MOST = 4_000
"""Boxes, lines and bends: each is compared with its neighbours some thirty times. The
largest pathway that comes along has 400 boxes and bends."""
GAP, BEND = 14.0, 10.0
"""Between two boxes; and the width that a passing line is given."""
BELOW = 30.0
"""Between two layers."""
SWEEPS = 12


class DrawingTooLarge(Exception):
    """A drawing with more in it than people could follow, or we lay out."""


@dataclass
class LayoutBox:
    """`x` and `y` are its middle and its top; a bend is a box without a name."""

    id: str
    width: float
    height: float
    layer: int = 0
    x: float = 0.0
    y: float = 0.0
    before: list["LayoutBox"] = field(default_factory=list)
    after: list["LayoutBox"] = field(default_factory=list)

    @property
    def left(self) -> float:
        return self.x - self.width / 2

    @property
    def right(self) -> float:
        return self.x + self.width / 2


@dataclass(frozen=True)
class Layout:
    boxes: Mapping[str, LayoutBox]
    lines: Sequence[tuple[LayoutBox, ...]]
    """From box to box, over the bends between."""
    bottoms: Sequence[float]
    """Of each layer."""
    width: float
    height: float


# --- links without rings, and the layers that they make


def list_forward_links(ids: Sequence[str], links: Iterable[Link]) -> list[Link]:
    """List the links that don't lead back to where one came from."""
    after: dict[str, list[str]] = {id: [] for id in ids}
    known = list(dict.fromkeys(link for link in links if link[0] in after))
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


def sort_by_links(ids: Sequence[str], links: Sequence[Link]) -> list[str]:
    """Sort `ids`: each after all those that lead to it, and a branch in one piece."""
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


def assign_layers(ids: Iterable[str], links: Sequence[Link]) -> dict[str, int]:
    """Assign each a layer below all before it; what nothing leads to is right above
    what it leads to. `links` have no rings."""
    layers = dict.fromkeys(ids, 0)
    after: dict[str, list[str]] = {id: [] for id in layers}
    waits = dict.fromkeys(layers, 0)
    for this, other in links:
        after[this].append(other)
        waits[other] += 1
    first = [id for id, count in waits.items() if not count]
    todo = list(first)
    while todo:
        id = todo.pop()
        for other in after[id]:
            layers[other] = max(layers[other], layers[id] + 1)
            waits[other] -= 1
            if not waits[other]:
                todo.append(other)
    for id in first[1:]:
        if after[id]:
            layers[id] = max(0, min(layers[later] for later in after[id]) - 1)
    return layers


def is_drawable(layers: Mapping[str, int], links: Sequence[Link]) -> bool:
    """Check whether people could follow this, before a bend is made: hundreds of ways
    past hundreds of layers took minutes."""
    bends = sum(max(0, layers[other] - layers[this] - 1) for this, other in links)
    return len(layers) + len(links) + bends <= MOST


# --- boxes on paper


def lay_out(sizes: Mapping[str, tuple[float, float]], links: Sequence[Link]) -> Layout:
    """Lay out boxes; `links` lead from box to box, and never round in a ring. Raises
    DrawingTooLarge."""
    at = assign_layers(sizes, links)
    if not is_drawable(at, links):
        raise DrawingTooLarge
    boxes = {id: LayoutBox(id, *size, at[id]) for id, size in sizes.items()}
    layers: list[list[LayoutBox]] = [
        [] for _ in range(max((box.layer for box in boxes.values()), default=0) + 1)
    ]
    for box in boxes.values():
        layers[box.layer].append(box)
    lines = [bend_line(boxes[this], boxes[other], layers) for this, other in links]
    for line in lines:
        for upper, lower in pairwise(line):
            upper.after.append(lower)
            lower.before.append(upper)
    order_layers(layers)
    width = place_boxes(layers)
    bottoms = set_heights(layers)
    return Layout(boxes, lines, bottoms, width, bottoms[-1])


def bend_line(
    one: LayoutBox, other: LayoutBox, layers: list[list[LayoutBox]]
) -> tuple[LayoutBox, ...]:
    bends = []
    for layer in range(one.layer + 1, other.layer):
        bend = LayoutBox("", BEND, 0, layer)
        layers[layer].append(bend)
        bends.append(bend)
    return (one, *bends, other)


def order_layers(layers: list[list[LayoutBox]]) -> None:
    """Order each layer by the middle of the neighbours, down and up again."""
    for layer in layers:
        number_boxes(layer)
    for sweep in range(SWEEPS):
        down = sweep % 2 == 0
        for layer in layers if down else reversed(layers):
            layer.sort(
                key=lambda box: compute_middle(box.before if down else box.after, box.x)
            )
            number_boxes(layer)


def number_boxes(layer: list[LayoutBox]) -> None:
    for place_, box in enumerate(layer):
        box.x = float(place_)


def compute_middle(neighbours: Sequence[LayoutBox], otherwise: float) -> float:
    if not neighbours:
        return otherwise
    return sum(box.x for box in neighbours) / len(neighbours)


def place_boxes(layers: list[list[LayoutBox]]) -> float:
    """Place boxes side by side first; then each as near to its neighbours as the others
    allow. Returns the width."""
    for layer in layers:
        pack_layer(layer, [0.0] * len(layer))
    for sweep in range(SWEEPS * 2):
        down = sweep % 2 == 0
        for layer in layers if down else reversed(layers):
            wishes = [
                compute_middle(box.before if down else box.after, box.x)
                for box in layer
            ]
            pack_layer(layer, wishes)
    left = min(box.left for layer in layers for box in layer)
    right = max(box.right for layer in layers for box in layer)
    for layer in layers:
        for box in layer:
            box.x -= left
    return right - left


def pack_layer(layer: list[LayoutBox], wishes: list[float]) -> None:
    """Pack a layer, each box where it wishes to be; those that would touch share the
    way (isotonic regression by pooling neighbours, so the sum of squared ways is the
    least)."""
    offsets = [0.0]
    for this, other in pairwise(layer):
        offsets.append(offsets[-1] + this.width / 2 + GAP + other.width / 2)
    pools: list[tuple[float, int]] = []
    for wish, offset in zip(wishes, offsets, strict=True):
        pools.append((wish - offset, 1))
        while len(pools) > 1 and pools[-2][0] > pools[-1][0]:
            (mean, count), (above, more) = pools.pop(), pools.pop()
            pools.append(((mean * count + above * more) / (count + more), count + more))
    shifts = [mean for mean, count in pools for _ in range(count)]
    for box, shift, offset in zip(layer, shifts, offsets, strict=True):
        box.x = shift + offset


def set_heights(layers: list[list[LayoutBox]]) -> list[float]:
    top = 0.0
    bottoms = []
    for layer in layers:
        for box in layer:
            box.y = top
        bottoms.append(top + max((box.height for box in layer), default=0.0))
        top = bottoms[-1] + BELOW
    return bottoms


# --- stations on lanes

type Cell = tuple[int, int]
"""A layer, and a lane in it."""


@dataclass(frozen=True)
class Lanes:
    cells: Mapping[str, Cell]
    ways: Mapping[Link, tuple[Cell, ...]]
    """Each link, from station to station over the cells that it passes."""


def assign_lanes(
    ids: Sequence[str], links: Sequence[Link], at: Mapping[str, int]
) -> Lanes:
    """Assign each station a lane of its layer; nothing else passes its cell.

    `ids` are in an order in which every link leads on, `at` are their layers. The way
    with the most to come runs straight in lane 0; each other way takes the first lane
    that is free as far as it runs, so that a detour lies next to what it bypasses."""
    chains = list_chains(ids, links)
    own: dict[Link, int] = {}
    """The chain in whose lane a link runs."""
    spans: list[tuple[int, int]] = []
    into = {other: link for link in reversed(links) for other in (link[1],)}
    heads = {chain[0]: nth for nth, chain in enumerate(chains)}
    for nth, (chain, leads_to) in enumerate(
        zip(chains, list_ends(chains, links), strict=True)
    ):
        own |= dict.fromkeys(pairwise(chain), nth)
        begin, end = at[chain[0]], at[chain[-1]]
        if leads_to:
            own[chain[-1], leads_to] = nth
            end = at[leads_to] - 1
        spans.append((begin, end))
    for head, nth in heads.items():
        if (link := into.get(head)) and link not in own:
            own[link] = nth
            spans[nth] = (at[link[0]] + 1, spans[nth][1])
    taken: list[list[tuple[int, int]]] = []
    lanes = [take_free_lane(taken, span) for span in spans]
    lane = {id: lanes[nth] for nth, chain in enumerate(chains) for id in chain}
    cells = {id: (at[id], lane[id]) for id in ids}
    ways: dict[Link, tuple[Cell, ...]] = {}
    for link in links:
        passed = range(at[link[0]] + 1, at[link[1]])
        along = 0
        if passed:
            beside = own.get(link)
            span = (passed[0], passed[-1])
            along = take_free_lane(taken, span) if beside is None else lanes[beside]
        between = tuple((layer, along) for layer in passed)
        ways[link] = (cells[link[0]], *between, cells[link[1]])
    return Lanes(cells, ways)


def list_chains(ids: Sequence[str], links: Sequence[Link]) -> list[list[str]]:
    """List every station once, in lines that lead straight on; the main line first."""
    after = {id: [other for this, other in links if this == id] for id in ids}
    reach: dict[str, frozenset[str]] = {}
    # Backwards, so that what a station leads to is known before the station itself.
    for id in reversed(ids):
        reach[id] = frozenset(after[id]).union(*(reach[later] for later in after[id]))
    taken: set[str] = set()
    chains = []
    for id in ids:
        if id in taken:
            continue
        chain = [id]
        taken.add(id)
        while (then := choose_straight(after[chain[-1]], reach)) and then not in taken:
            chain.append(then)
            taken.add(then)
        chains.append(chain)
    return chains


def choose_straight(after: Sequence[str], reach: Mapping[str, frozenset[str]]) -> str:
    """Choose where the line continues: not into a detour that only leads to another of
    these; of the rest, where the most is still to come."""
    direct = [later for later in after if reach[later].isdisjoint(after)]
    return max(direct, key=lambda one: len(reach[one]), default="")


def list_ends(chains: Sequence[Sequence[str]], links: Sequence[Link]) -> list[str]:
    """List the station of another line in which each one ends, or nothing."""
    then = dict(reversed(links))
    return [then.get(chain[-1], "") for chain in chains]


def take_free_lane(taken: list[list[tuple[int, int]]], span: tuple[int, int]) -> int:
    """Take the first lane in which nothing else runs between these two layers."""
    for lane, spans in enumerate(taken):
        if all(span[1] < first or last < span[0] for first, last in spans):
            spans.append(span)
            return lane
    taken.append([span])
    return len(taken) - 1
