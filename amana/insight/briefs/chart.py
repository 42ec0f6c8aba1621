"""One figure by groups, as columns: for paper, for Word and for a page alike.

Each column shows what it is and how much; a group whose figure is not shown has a
dashed frame and a word, never an empty place that could be read as nothing."""

from collections.abc import Sequence
from dataclasses import dataclass

from django.utils.safestring import SafeString

from amana.design.mechanism.documents.pathway_drawing import (
    INK,
    LINE,
    QUIET,
    Mark,
    render_svg,
    wrap_words,
)
from amana.ui import languages

WIDTH = 850.0
TOP, FLOOR = 24.0, 140.0
WIDEST = 80.0
TEAL, PALE = "#0f5c5c", "#f6f4ee"
SIZE, LEADING = 15, 17.0
MOST_LINES = 3


@dataclass(frozen=True)
class ChartColumn:
    label: str
    value: float | None
    """None: not shown, for reasons of privacy."""
    words: str


@dataclass(frozen=True)
class ColumnChart:
    """Drawn as `amana.design.mechanism.documents` draws."""

    title: str
    columns: Sequence[ChartColumn]
    language: str
    width: float = WIDTH

    @property
    def room(self) -> float:
        """Of each column."""
        return self.width / len(self.columns)

    def lines(self, one: ChartColumn) -> list[str]:
        return wrap_words(one.label, SIZE, False, self.room * 0.92)[:MOST_LINES]

    @property
    def height(self) -> float:
        return (
            FLOOR
            + LEADING * max(len(self.lines(column)) for column in self.columns)
            + 6
        )

    def cuts(self, most: float) -> list[tuple[float, float]]:
        return [(0.0, self.height)]

    @property
    def mirrored(self) -> bool:
        return languages.get_direction(self.language) == "rtl"

    def marks(self) -> list[Mark]:
        most = max((column.value or 0 for column in self.columns), default=0) or 1
        marks: list[Mark] = []
        for nth, column in enumerate(self.columns):
            x = self.room * (nth + 0.5)
            # The chart is mirrored as its page is: the first group is where reading
            # begins.
            marks += self.column(column, self.width - x if self.mirrored else x, most)
        floor = [[0.0, FLOOR], [self.width, FLOOR]]
        return [*marks, {"is": "line", "way": floor, "colour": LINE}]

    def column(self, one: ChartColumn, x: float, most: float) -> list[Mark]:
        wide = min(self.room * 0.6, WIDEST)
        shown = one.value is not None
        tall = (FLOOR - TOP) * one.value / most if one.value is not None else 30.0
        rect: Mark = {
            "is": "rect",
            "x": x - wide / 2,
            "y": FLOOR - tall,
            "width": wide,
            "height": tall,
            "radius": 2.0,
            "fill": TEAL if shown else PALE,
            "colour": TEAL if shown else LINE,
            "thick": 1.0,
            "dashed": not shown,
        }
        return [
            rect,
            self.text(one.words, x, FLOOR - tall - 6, INK if shown else QUIET, shown),
            *(
                self.text(line, x, FLOOR + LEADING * (nth + 1), INK)
                for nth, line in enumerate(self.lines(one))
            ),
        ]

    def text(
        self, words: str, x: float, y: float, colour: str, bold: bool = False
    ) -> Mark:
        return {
            "is": "text",
            "x": x,
            "y": y,
            "size": SIZE,
            "bold": bold,
            "colour": colour,
            "words": words,
        }

    def svg(self, top: float = 0.0, bottom: float = 0.0) -> SafeString:
        return render_svg(self, self.title, self.language, top, bottom)
