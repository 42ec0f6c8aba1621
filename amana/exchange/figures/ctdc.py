"""Counts in the columns of the Counter Trafficking Data Collaborative's data (codebook
of 2024), for programs that read those.

Only the shape is theirs: these are counts and not people, our bands of age are wider
than theirs, and where one of our forms has no column of its own it is
isOtherExploit."""

import csv
from io import StringIO

from amana.exchange.figures import counts
from amana.exchange.figures.counts import FigureCount
from amana.insight.release.models import Release

INDICATOR = "I04"
COUNTED = "all"
SPLITS = frozenset({"sex", "age_band", "exploitation"})
COLUMNS = (
    *("yearOfRegistration", "gender", "ageBroad"),
    *("isForcedLabour", "isSexualExploit", "isOtherExploit", "count"),
)
GENDER = {"female": "Woman", "male": "Man", "other": "Other"}
AGE = {
    "0-11": "0--11",
    "12-17": "12--17",
    "18-24": "18--24",
    "25-59": "25--59",
    "60+": "60+",
}
LABOUR = frozenset({"labour", "domestic"})
SEXUAL = frozenset({"sexual"})


def has_figures(release: Release) -> bool:
    return any(indicator["code"] == INDICATOR for indicator in release.chosen)


def write_ctdc(release: Release) -> bytes:
    """Write a line for each count of detected victims; "" where a table is not split by
    a column, and where it is not known."""
    text = StringIO()
    write = csv.DictWriter(text, COLUMNS)
    write.writeheader()
    for count, value in counts.iterate_shown_counts(release):
        wanted = count.indicator == INDICATOR and count.state == COUNTED
        if wanted and {dim for dim, _code in count.at} <= SPLITS:
            write.writerow(build_line(release, count, value))
    return text.getvalue().encode()


def build_line(release: Release, count: FigureCount, value: int) -> dict[str, object]:
    told = dict(count.at)
    # Empty rather than 0 in all three where the form is not known: 0 would mean that it
    # was none of them.
    form = told.get("exploitation", "")
    return {
        "yearOfRegistration": release.year,
        "gender": GENDER.get(told.get("sex", ""), ""),
        "ageBroad": AGE.get(told.get("age_band", ""), ""),
        "isForcedLabour": int(form in LABOUR) if form else "",
        "isSexualExploit": int(form in SEXUAL) if form else "",
        "isOtherExploit": int(form not in LABOUR | SEXUAL) if form else "",
        "count": value,
    }
