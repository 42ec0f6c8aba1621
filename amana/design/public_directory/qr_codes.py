"""The square that a telephone reads: the address of a page here."""

from dataclasses import dataclass
from functools import cached_property

import segno
from django.utils.html import format_html, format_html_join
from django.utils.safestring import SafeString

from amana.printing.document import Mark

QUIET = 4
"""Modules of white around it, without which some telephones don't find it."""
DARK, LIGHT = "#000000", "#ffffff"
SCALE = 4.0


@dataclass(frozen=True)
class AddressSquare:
    """A QR code as a drawing, for a page and for paper."""

    address: str

    @cached_property
    def rows(self) -> list[bytes]:
        code = segno.make(self.address, error="m", micro=False)
        return [bytes(row) for row in code.matrix]

    @property
    def width(self) -> float:
        return (len(self.rows) + 2 * QUIET) * SCALE

    @property
    def height(self) -> float:
        return self.width

    def data_uri(self) -> str:
        """Draw it as an address that a page can show as a picture."""
        code = segno.make(self.address, error="m", micro=False)
        # As a picture, since the policy of pages allows no style in their markup.
        return code.svg_data_uri(scale=4, border=QUIET, encode_minimal=True)

    def runs(self) -> list[tuple[int, int, int]]:
        """List the dark bars: column, row and how many modules long."""
        found = []
        for y, row in enumerate(self.rows):
            x = 0
            while x < len(row):
                end = x
                while end < len(row) and row[end]:
                    end += 1
                if end > x:
                    found.append((x, y, end - x))
                x = end + 1
        return found

    def marks(self) -> list[Mark]:
        return [
            {
                "is": "rect",
                "x": (x + QUIET) * SCALE,
                "y": (y + QUIET) * SCALE,
                "width": length * SCALE,
                "height": SCALE,
                "radius": 0.0,
                "fill": DARK,
                "colour": DARK,
                "thick": 0.0,
                "dashed": False,
            }
            for x, y, length in self.runs()
        ]

    def cuts(self, _most: float) -> list[tuple[float, float]]:
        return [(0.0, self.height)]

    def svg(self, top: float = 0.0, bottom: float = 0.0) -> SafeString:
        size = len(self.rows) + 2 * QUIET
        bars = format_html_join(
            "",
            "M{} {}h{}",
            ((x + QUIET, y + QUIET + 0.5, n) for x, y, n in self.runs()),
        )
        return format_html(
            '<svg xmlns="http://www.w3.org/2000/svg" width="{0}" height="{0}" '
            'viewBox="0 0 {1} {1}" aria-hidden="true"><path fill="{2}" '
            'd="M0 0h{1}v{1}H0z"/><path stroke="{3}" d="{4}"/></svg>',
            int(self.width),
            size,
            LIGHT,
            DARK,
            bars,
        )
