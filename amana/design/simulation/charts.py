"""Figures as bars: a bar is a mean, and the line across its end its 95 % interval."""

from collections.abc import Iterable
from dataclasses import replace

from django.utils.formats import number_format
from django.utils.translation import get_language_bidi, ngettext
from django.utils.translation import gettext as _

from amana.design.simulation.simulator import ConfidenceBand
from amana.ui.charts import RowChart, RowValue, draw_rows

MOST_BARS = 12
"""More are in the table alone."""
LETTERS = 42

type Given = tuple[str, ConfidenceBand, str]
"""What it is called, how much, and a tone."""


def build_chart(
    title: str, given: Iterable[Given], *, with_nothing: bool = False
) -> RowChart | None:
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
    drawn, left_out = all[:MOST_BARS], len(all[MOST_BARS:])
    rows = [
        RowValue(
            label,
            format_number(band.mean),
            value=band.mean,
            low=band.low,
            high=band.high,
            tone=tone,
        )
        for label, band, tone in drawn
    ]
    chart = draw_rows(
        rows,
        described=_("%(title)s. The longest bar: %(label)s, %(words)s.")
        % {"title": title, "label": rows[0].label, "words": rows[0].words},
        # Not the longest bar: the ends of the intervals have to fit in as well.
        most=max(band.high for _label, band, _tone in drawn),
        mirrored=get_language_bidi(),
    )
    note = ngettext(
        "%(n)s more is in the table.", "%(n)s more are in the table.", left_out
    )
    note = note % {"n": left_out} if left_out else ""
    return replace(chart, title=title, note=note, letters=LETTERS)


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
