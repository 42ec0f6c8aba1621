"""A table of a release for spreadsheets: with where it comes from on each of its lines,
so that it can be cited without the page."""

import csv
from io import StringIO

from django.utils.translation import gettext as _

from amana.insight.release.models import Release
from amana.insight.release.published_tables import PublishedTable
from amana.ui.harmless import escape_formula


def write_table(release: Release, shelf: PublishedTable) -> str:
    text = StringIO()
    write = csv.writer(text).writerow
    write(
        [
            *(_("Release"), _("Year"), _("Code"), _("What it shows"), *shelf.one.by),
            *(_("Group"), _("Value"), _("Between"), _("and"), _("Counted")),
            *(_("Out of"), _("Not known"), _("In words")),
        ]
    )
    name = _("Release %(n)s") % {"n": release.pk}
    for row in shelf.rows:
        shown = row.line.shown
        numbers = (
            *(shown.value, shown.low, shown.high),
            *(shown.counted, shown.of, shown.unknown),
        )
        group = " · ".join(filter(None, (row.before, row.line.label)))
        write(
            [
                *(name, release.year, shelf.one.code, escape_formula(shelf.title)),
                # Titles and labels come from files that a country writes: a cell that
                # begins with “=” is a formula to a spreadsheet.
                *map(escape_formula, row.codes[: len(shelf.one.by)]),
                escape_formula(group),
                *("" if n is None else round(n, 4) for n in numbers),
                escape_formula(row.line.value),
            ]
        )
    return text.getvalue()
