"""Draw the floors of the house for ARCHITECTURE.md: `./run docs`.

pyproject.toml holds the contracts that import-linter checks: which room may import
which. The picture and the table are made of them, so no one has to keep a copy true.
"""

import sys
import tomllib
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field, replace
from pathlib import Path
from xml.sax.saxutils import escape

ROOT = Path(__file__).resolve().parent.parent
PAGE = ROOT / "ARCHITECTURE.md"
PICTURE = ROOT / "docs/architecture.svg"
BEGIN, END = "<!-- drawn: floors -->\n", "<!-- end of what is drawn -->\n"

WIDTH = 880.0
MARGIN, GAP = 10.0, 6.0
ROOM_HEIGHT, TITLE_HEIGHT = 22.0, 20.0
LETTER = 7.4
"""The width of a letter: any monospaced font of 12 pixels is a little narrower."""

STYLE = """
text { font: 12px ui-monospace, "DejaVu Sans Mono", Menlo, Consolas, monospace }
.paper { fill: #ffffff } .wing { fill: #eceae4; stroke: #857f73 }
.room { fill: #ffffff; stroke: #857f73 } text { fill: #1f2933 }
.title { font-weight: bold } .legend { fill: #56606b }
@media (prefers-color-scheme: dark) {
  .paper { fill: #14181c } .wing { fill: #242b32; stroke: #7d8790 }
  .room { fill: #14181c; stroke: #7d8790 } text { fill: #eceae4 }
  .legend { fill: #a9b2ba }
}
"""
LEGEND = (
    "A room may import what is below it, in its wing and on the floors further down.",
    "In one row, rooms that touch may import each other; rooms apart may not.",
)


@dataclass(frozen=True)
class Layer:
    rooms: list[str]
    independent: bool
    """None of them may import another."""


@dataclass(frozen=True)
class Drawn:
    """What the contracts say, as far as the house has it today."""

    floors: list[Layer]
    wings: dict[str, list[Layer]]
    """By the wing's name: the layers of its rooms."""
    rules: list[str] = field(default_factory=list)
    """The names of the contracts that are no layers."""


def read_contracts(root: Path) -> Drawn:
    """Read pyproject.toml, and leave out the rooms in brackets that do not exist."""
    options = tomllib.loads((root / "pyproject.toml").read_text())
    house = options["tool"]["importlinter"]["root_package"]
    floors: list[Layer] = []
    wings = {}
    rules = []
    for contract in options["tool"]["importlinter"]["contracts"]:
        if contract["type"] != "layers":
            rules.append(contract["name"])
            continue
        for container in contract["containers"]:
            folder = root.joinpath(*container.split("."))
            layers = list(read_layers(contract["layers"], folder))
            if container == house:
                floors = layers
            elif container.count(".") == 1:  # rooms in a room are not drawn
                wings[container.removeprefix(f"{house}.")] = layers
    return Drawn(floors, wings, rules)


def read_layers(texts: Iterable[str], folder: Path) -> Iterator[Layer]:
    for text in texts:
        names = text.replace(":", "|").split("|")
        rooms = [name.strip(" ()") for name in names]
        there = [
            room
            for room in rooms
            if (folder / room).is_dir() or (folder / f"{room}.py").is_file()
        ]
        if there:
            yield Layer(there, independent=":" not in text)


# --- the picture


@dataclass(frozen=True)
class Box:
    kind: str
    text: str
    x: float
    y: float
    width: float
    height: float

    def write(self) -> Iterator[str]:
        at = f'x="{self.x:g}" y="{self.y:g}"'
        size = f'width="{self.width:g}" height="{self.height:g}"'
        yield f'<rect class="{self.kind}" {at} {size}/>'
        if self.kind == "room":
            middle = self.x + self.width / 2
            yield write_text(self.text, middle, self.y + 15, "", "middle")
        elif self.text:
            yield write_text(self.text, self.x + GAP, self.y + 15, "title")


def write_text(text: str, x: float, y: float, kind: str, anchor: str = "start") -> str:
    looks = f' class="{kind}"' if kind else ""
    if anchor != "start":
        looks += f' text-anchor="{anchor}"'
    return f'<text{looks} x="{x:g}" y="{y:g}">{escape(text)}</text>'


def measure_room(name: str) -> float:
    return LETTER * len(name) + 2 * GAP


def place_layer(layer: Layer, x: float, y: float, width: float) -> list[Box]:
    """Place rooms in a row that fills the width, and in further rows if need be."""
    gap = GAP if layer.independent else 0.0
    boxes: list[Box] = []
    for number, row in enumerate(split_into_rows(layer.rooms, gap, width)):
        needed = sum(map(measure_room, row)) + gap * (len(row) - 1)
        wider, left = (width - needed) / len(row), x
        down = y + number * (ROOM_HEIGHT + gap / 2)
        for room in row:
            wide = measure_room(room) + wider
            boxes.append(Box("room", room, left, down, wide, ROOM_HEIGHT))
            left += wide + gap
    return boxes


def split_into_rows(rooms: list[str], gap: float, width: float) -> Iterator[list[str]]:
    row: list[str] = []
    used = 0.0
    for room in rooms:
        needed = measure_room(room) + gap
        if row and used + needed - gap > width:
            yield row
            row, used = [], 0.0
        row.append(room)
        used += needed
    yield row


def place_wing(
    name: str, layers: list[Layer], x: float, y: float, width: float
) -> list[Box]:
    """Place a wing's frame, and its layers in it."""
    boxes: list[Box] = []
    below = y + TITLE_HEIGHT + GAP
    for layer in layers:
        boxes += place_layer(layer, x + GAP, below, width - 2 * GAP)
        below = find_bottom(boxes) + GAP
    return [Box("wing", name, x, y, width, below - y), *boxes]


def find_bottom(boxes: list[Box]) -> float:
    return max(box.y + box.height for box in boxes)


def place_floor(floor: Layer, house: Drawn, y: float) -> list[Box]:
    """Place a floor: its wings share what width its other rooms leave."""
    wings = [room for room in floor.rooms if room in house.wings]
    width = WIDTH - 2 * MARGIN
    if not wings:
        return place_layer(floor, MARGIN, y, width)
    others = [room for room in floor.rooms if room not in house.wings]
    width -= sum(measure_room(room) for room in others)
    width = (width - GAP * (len(floor.rooms) - 1)) / len(wings)
    boxes: list[Box] = []
    x = MARGIN
    for room in floor.rooms:
        wide = width if room in house.wings else measure_room(room)
        boxes += place_wing(room, house.wings.get(room, []), x, y, wide)
        x += wide + GAP
    # Next to each other they reach down as far as the longest of them.
    bottom = find_bottom(boxes)
    return [
        replace(box, height=bottom - y) if box.kind == "wing" else box for box in boxes
    ]


def draw(house: Drawn) -> str:
    """Draw the house as SVG: the uppermost floor first."""
    boxes: list[Box] = []
    y = MARGIN
    for floor in house.floors:
        boxes += place_floor(floor, house, y)
        y = find_bottom(boxes) + MARGIN
    legend = [
        write_text(line, MARGIN, y + 14 + 18 * number, "legend")
        for number, line in enumerate(LEGEND)
    ]
    height = y + 18 * len(LEGEND) + MARGIN
    paper = Box("paper", "", 0, 0, WIDTH, height)
    return "\n".join(
        [
            f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {WIDTH:g} '
            f'{height:g}" role="img">',
            "<title>The floors of the house</title>",
            f"<style>{STYLE}</style>",
            *(line for box in [paper, *boxes] for line in box.write()),
            *legend,
            "</svg>\n",
        ]
    )


# --- the table


def list_floors(house: Drawn) -> Iterator[str]:
    """Write in words what the picture shows, for who does not see it."""
    yield "| floor, the uppermost first | its rooms, the uppermost first |"
    yield "|---|---|"
    for floor in house.floors:
        for wing in [room for room in floor.rooms if room in house.wings]:
            rows = " → ".join(join_rooms(layer) for layer in house.wings[wing])
            yield f"| {join_rooms(floor, wing)} | {rows} |"
        if not set(floor.rooms) & house.wings.keys():
            yield f"| {join_rooms(floor)} | – |"
    yield ""
    yield "What import-linter holds as well:"
    yield ""
    yield from (f"- {rule}." for rule in house.rules)


def join_rooms(layer: Layer, this: str = "") -> str:
    """Write the rooms of a layer, this one in bold."""
    between = ", " if layer.independent else " + "
    return between.join(f"**{room}**" if room == this else room for room in layer.rooms)


def fill_page(page: str, house: Drawn) -> str:
    """Put the table into the page, in the place of the one that is there."""
    before, begin, rest = page.partition(BEGIN)
    _old, end, after = rest.partition(END)
    if not (begin and end):
        raise ValueError(f"The page has no place between {BEGIN.strip()} and its end.")
    table = "\n".join(list_floors(house))
    return f"{before}{begin}\n{table}\n\n{end}{after}"


def main() -> int:
    house = read_contracts(ROOT)
    PICTURE.write_text(draw(house))
    PAGE.write_text(fill_page(PAGE.read_text(), house))
    return 0


if __name__ == "__main__":
    sys.exit(main())
