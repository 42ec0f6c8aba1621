"""HXL 1.1, the Humanitarian Exchange Language: a CSV whose second row has hashtags that
name each column (hxlstandard.org)."""

import csv
from io import StringIO

from django.utils.translation import gettext as _

from amana.exchange.figures import counts
from amana.insight.measure.figure_labels import Definition
from amana.insight.measure.library.reading import load_library
from amana.insight.release import choosing
from amana.insight.release.models import Release
from amana.ui.harmless import escape_formula

TAGS = {
    "area": "#adm1+code",
    "sex": "#affected+sex+code",
    "age_band": "#affected+age+code",
    "nationality_group": "#affected+nationality+code",
    "disability": "#affected+disability+code",
    "status": "#affected+status+code",
    "exploitation": "#affected+exploitation+code",
    "sector": "#sector+code",
    "urgency": "#severity+code",
    "quarter": "#date+quarter+code",
}
HEAD = {
    "release": "#meta+release+id",
    "year": "#date+year",
    "indicator": "#indicator+code",
    "what": "#indicator+name",
    "state": "#indicator+state+code",
}
VALUE = "#indicator+value+num"


def write_hxl(release: Release) -> bytes:
    """Write the counts; a suppressed one is an empty value, as HXL defines for what is
    not known."""
    text = StringIO()
    write = csv.writer(text).writerow
    split = [choosing.format_dimension(dim) for dim in TAGS]
    write(
        [
            *(_("Release"), _("Year"), _("Code"), _("What it shows"), _("Counted as")),
            *(*split, _("How many")),
        ]
    )
    write([*HEAD.values(), *TAGS.values(), VALUE])
    for count in counts.iterate_counts(release):
        indicator = load_library()[count.indicator]
        name = Definition(indicator, indicator.part(count.part)).name
        write(
            [
                *(release.pk, release.year, count.indicator, escape_formula(name)),
                count.state,
                *(escape_formula(count.codes.get(dim, "")) for dim in TAGS),
                "" if count.value is None else count.value,
            ]
        )
    return text.getvalue().encode()
