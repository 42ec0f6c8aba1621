"""A figure as a table for spreadsheets: what the page shows, and nothing more."""

import csv
from collections.abc import Iterator
from io import StringIO

from django.utils.translation import gettext as _

from amana.insight.measure import times
from amana.insight.measure.figure_view import FigureView, TableLine
from amana.ui.harmless import escape_formula


def write_table(look: FigureView) -> str:
    text = StringIO()
    write = csv.writer(text).writerow
    write(
        [
            *(_("Code"), _("What it shows"), _("Year"), _("Only"), _("Split by")),
            *(_("Group"), _("Group code"), _("Value"), _("Between"), _("and")),
            *(_("Counted"), _("Out of"), _("Not known"), _("In words")),
        ]
    )
    for split, line in iterate_lines(look):
        shown = line.shown
        numbers = (
            *(shown.value, shown.low, shown.high),
            *(shown.counted, shown.of, shown.unknown),
        )
        write(
            [
                # Names come from files and forms: a spreadsheet would run one that
                # begins like a formula.
                *(look.definition.code, escape_formula(look.definition.name)),
                *(look.year.number, escape_formula(look.question.words)),
                *(split, escape_formula(line.label), line.code),
                *("" if n is None else round(n, 4) for n in numbers),
                escape_formula(line.value),
            ]
        )
    return text.getvalue()


def iterate_lines(look: FigureView) -> Iterator[tuple[str, TableLine]]:
    yield "", look.whole
    moments = {
        moment.code: moment for moment in (*look.moments, *times.list_periods(look))
    }
    yield from ((_("Time"), moment) for moment in moments.values())
    yield from ((look.by_words, group) for group in look.groups_shown)
