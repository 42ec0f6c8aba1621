"""Boxes and lines of a drawing as SVG."""

import re
from collections.abc import Callable
from dataclasses import dataclass
from functools import cache
from itertools import pairwise

from django.utils.html import format_html, format_html_join
from django.utils.safestring import SafeString
from PIL import ImageFont

from amana.printing.document import Drawn, Mark
from amana.printing.font_files import FONTS
from amana.printing.layout import BELOW, Layout, LayoutBox
from amana.ui import languages
from amana.ui.charts import format_coordinate

FAMILY = "Noto Sans, Noto Sans Arabic, system-ui, sans-serif"


LARGE, SMALL = 13, 11


LEADING = 1.35


WIDE, NARROW = 158.0, 132.0


INSIDE = 9.0


WIDEST = 1050.0
"""Beyond it a drawing's letters would be too small on paper."""


SLACK = 0.9
"""Of the room in a box: another font may be a little wider than ours."""


MARGIN = 12.0


DEEPEST = 120
"""Steps one after the other in a drawing: it would be twelve metres tall on paper."""


INK, QUIET, LINE, PAPER = "#1f2933", "#56606b", "#857f73", "#ffffff"


COLOURS = (
    "#0f5c5c", "#7f5200", "#35546b", "#98301d",
    "#2c6239", "#6b3f73", "#4a5a1f", "#8a3a5a",
)  # fmt: skip
"""Of roles, in their order; each dark enough beside white."""


@dataclass(frozen=True)
class BoxText:
    """What stands in a box: who, small, and what."""

    kind: str
    """do, way, end, back, open, join, part, tell, wait, decide, choose"""
    what: str
    """Each of several things on a line of its own."""
    who: str = ""
    colour: str = QUIET

    @property
    def width(self) -> float:
        return NARROW if self.kind in ("way", "end", "back", "join", "open") else WIDE

    @property
    def lines(self) -> list[tuple[str, int, bool]]:
        """Each with its size, and whether it is bold."""
        room = (self.width - 2 * INSIDE) * SLACK
        size = LARGE if self.width == WIDE else SMALL
        who = [
            (line, SMALL, False) for line in wrap_words(self.who, SMALL, False, room)
        ]
        bold = self.kind == "do"
        what = [
            line
            for said in self.what.split("\n")
            for line in wrap_words(said, size, bold, room)
        ]
        return who + [(line, size, bold) for line in what]

    @property
    def size(self) -> tuple[float, float]:
        text = sum(size * LEADING for _line, size, _bold in self.lines)
        return self.width, text + 1.5 * INSIDE


@dataclass(frozen=True)
class PathwayDrawing:
    title: str
    language: str
    layout: Layout
    words: dict[str, BoxText]

    @property
    def width(self) -> float:
        return self.layout.width + 2 * MARGIN

    @property
    def height(self) -> float:
        return self.layout.height + 2 * MARGIN

    def cuts(self, most: float) -> list[tuple[float, float]]:
        """Compute from where to where, in pieces of at most that height; cut between
        layers."""
        pieces: list[tuple[float, float]] = []
        top = 0.0
        ends = [bottom + MARGIN + BELOW / 2 for bottom in self.layout.bottoms[:-1]]
        for before, end in pairwise([*ends, self.height]):
            if end - top > most and before > top:
                pieces.append((top, before))
                top = before
        return [*pieces, (top, self.height)]

    def svg(self, top: float = 0.0, bottom: float = 0.0) -> SafeString:
        return render_svg(self, self.title, self.language, top, bottom)

    @property
    def mirrored(self) -> bool:
        return languages.get_direction(self.language) == "rtl"

    def marks(self) -> list[Mark]:
        """List all that is drawn, in this order, in whatever format."""
        marks = [mark for line in self.layout.lines for mark in self.line(line)]
        for id, words in self.words.items():
            marks += self.box(self.layout.boxes[id], words)
        return marks

    def across(self, x: float) -> float:
        x += MARGIN
        return self.width - x if self.mirrored else x

    def line(self, line: tuple[LayoutBox, ...]) -> list[Mark]:
        """Draw a line straight down between boxes, bent only between layers."""
        first, last = line[0], line[-1]
        way: list[list[float]] = [
            [self.across(first.x), first.y + first.height + MARGIN]
        ]
        for upper, lower in pairwise(line):
            one, other = self.across(upper.x), self.across(lower.x)
            level = self.layout.bottoms[upper.layer] + MARGIN
            end = lower.y + MARGIN
            half = (level + end) / 2
            way.append([one, level])
            way.append([one, half, other, half, other, end])
        tip = {"is": "tip", "x": self.across(last.x), "y": last.y + MARGIN}
        return [{"is": "line", "way": way, "colour": LINE}, tip | {"colour": LINE}]

    def box(self, box: LayoutBox, words: BoxText) -> list[Mark]:
        """Draw a box: work has a bar at its side, what branches is round, what waits is
        dashed."""
        x, top = self.across(box.x), box.y + MARGIN
        is_work = words.kind == "do"
        rect: Mark = {
            "is": "rect",
            "x": x - box.width / 2,
            "y": top,
            "width": box.width,
            "height": box.height,
            "radius": min(box.height / 2, 16.0) if words.kind in ROUND else 5.0,
            "fill": FILLS.get(words.kind, PAPER),
            "colour": words.colour if is_work else LINE,
            "thick": 2.5 if words.kind == "part" else 1.2,
            # Shape and not only colour: many print in black, and some people see no
            # colours.
            "dashed": words.kind in DASHED,
        }
        marks = [rect]
        if is_work:
            bar = x + box.width / 2 - 6 if self.mirrored else x - box.width / 2
            side = {"x": bar, "width": 6.0, "radius": 2.0, "fill": words.colour}
            marks.append(rect | side)
        y = top + 0.75 * INSIDE
        for line, size, bold in words.lines:
            y += size * LEADING
            marks.append(
                {
                    "is": "text",
                    "x": x,
                    "y": y - 0.3 * size,
                    "size": size,
                    "bold": bold,
                    "colour": words.colour
                    if is_work and not bold
                    else choose_ink(words.kind),
                    "words": line,
                }
            )
        return marks


def choose_ink(kind: str) -> str:
    return PAPER if kind == "end" else QUIET if kind in ("back", "join") else INK


FILLS = {"way": "#f3f0e9", "end": "#0a4444", "part": "#e8eef2", "open": "#fbf0d9"}


DASHED = {"wait", "back", "join", "open"}


ROUND = {"way", "end", "back", "join", "open"}


def render_svg(
    drawing: Drawn, title: str, language: str, top: float = 0.0, bottom: float = 0.0
) -> SafeString:
    """Render the whole drawing, or what lies between two heights."""
    bottom = bottom or drawing.height
    marks = (IN_SVG[mark["is"]](mark) for mark in drawing.marks())
    return format_html(
        '<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 {0} {1} {2}" width="{1}" '
        'height="{2}" role="img" aria-label="{3}" font-family="{4}" '
        'text-anchor="middle" direction="{5}" xml:lang="{6}">{7}</svg>',
        *map(format_coordinate, (top, drawing.width, bottom - top)),
        title,
        FAMILY,
        languages.get_direction(language),
        language,
        format_html_join("", "{}", ((mark,) for mark in marks)),
    )


def render_rect(mark: Mark) -> SafeString:
    return format_html(
        '<rect x="{}" y="{}" width="{}" height="{}" rx="{}" fill="{}" stroke="{}" '
        'stroke-width="{}" stroke-dasharray="{}"/>',
        *(
            format_coordinate(mark[name])
            for name in ("x", "y", "width", "height", "radius")
        ),
        mark["fill"],
        mark["colour"],
        mark["thick"],
        "4 3" if mark["dashed"] else "none",
    )


def render_line(mark: Mark) -> SafeString:
    begin, *others = (" ".join(map(format_coordinate, point)) for point in mark["way"])
    signs = ["C" if len(point) == 6 else "L" for point in mark["way"][1:]]
    way = "".join(sign + point for sign, point in zip(signs, others, strict=True))
    return format_html(
        '<path d="M{}{}" fill="none" stroke="{}" stroke-width="1.4"/>',
        begin,
        way,
        mark["colour"],
    )


def render_tip(mark: Mark) -> SafeString:
    return format_html(
        '<path d="M{} {}l-4 -7h8z" fill="{}"/>',
        format_coordinate(mark["x"]),
        format_coordinate(mark["y"]),
        mark["colour"],
    )


def render_text(mark: Mark) -> SafeString:
    return format_html(
        '<text x="{}" y="{}" font-size="{}" font-weight="{}" fill="{}">{}</text>',
        format_coordinate(mark["x"]),
        format_coordinate(mark["y"]),
        mark["size"],
        "bold" if mark["bold"] else "normal",
        mark["colour"],
        mark["words"],
    )


IN_SVG: dict[str, Callable[[Mark], SafeString]] = {
    "rect": render_rect,
    "line": render_line,
    "tip": render_tip,
    "text": render_text,
}


@cache
def load_font(script: str, size: int, bold: bool) -> ImageFont.FreeTypeFont:
    file = FONTS / script / ("bold.ttf" if bold else "regular.ttf")
    # Ten times as large, and divided again: the library rounds to whole pixels.
    return ImageFont.truetype(file, size * 10, layout_engine=ImageFont.Layout.BASIC)


def measure_width(words: str, size: int, bold: bool) -> float:
    """Measure words as wide as the wider of our fonts makes them: a letter that one
    lacks is a box."""
    arabic = any("\u0600" <= sign <= "\u06ff" for sign in words)
    script = "noto-sans-arabic" if arabic else "noto-sans"
    return load_font(script, size, bold).getlength(words) / 10


def wrap_words(words: str, size: int, bold: bool, room: float) -> list[str]:
    """Wrap words in lines that fit; a word that is too long by itself is broken. No
    line begins with what a no-break space holds to the word before it."""
    lines: list[str] = []
    # Not `split()`, which parts at a no-break space too: French has one before each
    # question mark.
    for word in filter(None, re.split(r"[ \t\n]+", words)):
        longer = f"{lines[-1]} {word}" if lines else word
        if lines and measure_width(longer, size, bold) <= room:
            lines[-1] = longer
            continue
        while measure_width(word, size, bold) > room:
            most = next(
                n
                for n in range(len(word) - 1, 0, -1)
                if n == 1 or measure_width(word[:n], size, bold) <= room
            )
            lines.append(word[:most])
            word = word[most:]
        lines.append(word)
    return lines
