"""Figures as bars, worked out here and drawn as SVG by `foresight/chart.html`.

A bar is a mean; the line across its end reaches as far as one can be sure (95 %). Where
one reads from right to left, bars grow that way.
"""

from collections.abc import Iterable
from dataclasses import dataclass

from django.utils.formats import number_format
from django.utils.translation import get_language_bidi, ngettext
from django.utils.translation import gettext as _

from amana.design.mechanism.engine.simulator import ConfidenceBand

WIDTH, ROW = 340.0, 38.0
MOST_BARS = 12


@dataclass(frozen=True)
class SimulationBar:
    """Positions are in the units of the picture, as SVG writes numbers."""

    label: str
    words: str
    y: str
    x: str
    width: str
    line_from: str
    line_to: str
    tone: str = ""


@dataclass(frozen=True)
class SimulationChart:
    title: str
    bars: tuple[SimulationBar, ...]
    label_at: str
    words_at: str
    left_out: int = 0

    @property
    def view(self) -> str:
        return f"0 0 {WIDTH:g} {ROW * len(self.bars):g}"

    @property
    def described(self) -> str:
        """What there is to see, for who does not see it; the table has it all."""
        most = self.bars[0]
        return _("%(title)s. The longest bar: %(label)s, %(words)s.") % {
            "title": self.title,
            "label": most.label,
            "words": most.words,
        }

    @property
    def left_out_words(self) -> str:
        said = ngettext(
            "%(n)s more is in the table.",
            "%(n)s more are in the table.",
            self.left_out,
        )
        return said % {"n": self.left_out} if self.left_out else ""


type Given = tuple[str, ConfidenceBand, str]
"""What it is called, how much, and a tone."""


def build_chart(
    title: str, given: Iterable[Given], *, with_nothing: bool = False
) -> SimulationChart | None:
    """Build a chart with the longest bars first; None where there is nothing to
    draw."""
    all = sorted(
        # What is shown as zero has no bar, unless that is what there is to see.
        (
            row
            for row in given
            if with_nothing or format_number(row[1].mean) != format_number(0)
        ),
        key=lambda one: -one[1].mean,
    )
    if not all:
        return None
    drawn = all[:MOST_BARS]
    # Not the longest bar: the ends of the intervals have to fit in as well.
    most = max(row[1].high for row in drawn)
    mirrored = get_language_bidi()

    def across(value: float) -> float:
        share = max(0.0, min(value / most, 1.0)) if most > 0 else 0.0
        return round(WIDTH * share, 1)

    def bar(number: int, label: str, band: ConfidenceBand, tone: str) -> SimulationBar:
        length, low, high = across(band.mean), across(band.low), across(band.high)
        if mirrored:
            low, high = WIDTH - high, WIDTH - low
        x = WIDTH - length if mirrored else 0.0
        return SimulationBar(
            label=label,
            words=format_number(band.mean),
            y=f"{ROW * number:g}",
            x=f"{x:g}",
            width=f"{length:g}",
            line_from=f"{low:g}",
            line_to=f"{high:g}",
            tone=tone,
        )

    return SimulationChart(
        title=title,
        bars=tuple(
            bar(number, label, band, tone)
            for number, (label, band, tone) in enumerate(drawn)
        ),
        label_at=f"{WIDTH:g}" if mirrored else "0",
        words_at="0" if mirrored else f"{WIDTH:g}",
        left_out=len(all) - len(drawn),
    )


def format_number(value: float, places: int = 1) -> str:
    """Format a number as it is written in the reader's language."""
    # Adding 0.0 turns -0.0 into 0.0, which would be shown with its sign.
    return number_format(round(value, places) + 0.0, places)


def format_share(value: float) -> str:
    return _("%(n)s %%") % {"n": number_format(round(100 * value), 0)}


def format_interval(band: ConfidenceBand, places: int = 1) -> str:
    """Format a mean, and its interval: “3.2 (2.9–3.5)”."""
    mean, low, high = (
        format_number(v, places) for v in (band.mean, band.low, band.high)
    )
    return mean if low == high else f"{mean} ({low} – {high})"
