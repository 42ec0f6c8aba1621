"""SDG 16.2.2, victims of trafficking per 100,000 inhabitants by sex, age and form of
exploitation, as SDMX-CSV 2.0 (the file that SDMX programs read without an XML schema).

Figures of detected people: of those who were found, not of all there are. The series'
codes are those of the global SDG database as far as we know them; before reporting,
they have to be compared with the data structure in force."""

import csv
from collections.abc import Mapping
from decimal import ROUND_HALF_EVEN, Decimal
from io import StringIO

from django.conf import settings

from amana.exchange.figures import counts
from amana.exchange.figures.counts import FigureCount
from amana.insight.release.models import Release

INDICATOR = "I04"
COUNTED = "all"
STRUCTURE = "IAEG-SDGs:DF_SDG_GLH(1.0)"
PER = 100_000
WHOLE = "_T"
SERIES = {
    "": "VC_HTF_DETV",
    "sexual": "VC_HTF_DETVSX",
    "labour": "VC_HTF_DETVFL",
    "organs": "VC_HTF_DETVOG",
    "other": "VC_HTF_DETVOP",
}
"""All forms together, and those that have a series; our other forms have none."""
SEX = {"": WHOLE, "female": "F", "male": "M"}
AGE = {
    "": WHOLE,
    "0-11": "Y0T11",
    "12-17": "Y12T17",
    "18-24": "Y18T24",
    "25-59": "Y25T59",
    "60+": "Y_GE60",
}
SPLITS = frozenset({"sex", "age_band", "exploitation"})
COLUMNS = (
    *("STRUCTURE", "STRUCTURE_ID", "ACTION"),
    *("FREQ", "SERIES", "REF_AREA", "SEX", "AGE", "TIME_PERIOD", "OBS_VALUE"),
    *("UNIT_MEASURE", "NATURE", "COMMENT_OBS"),
)


def has_figures(release: Release) -> bool:
    """Check that the release has the indicator, and the number of inhabitants that
    divides it."""
    there = any(indicator["code"] == INDICATOR for indicator in release.chosen)
    return there and release.inhabitants > 0


def write_sdmx(release: Release) -> bytes:
    text = StringIO()
    write = csv.DictWriter(text, COLUMNS)
    write.writeheader()
    seen: set[tuple[str, ...]] = set()
    for count, value in counts.iterate_shown_counts(release):
        # A release has the same count in several tables, by the ways in which they are
        # split; a data set may hold each key once.
        key = build_key(count)
        if key and key not in seen:
            seen.add(key)
            write.writerow(build_observation(release, key, value))
    return text.getvalue().encode()


def build_key(count: FigureCount) -> tuple[str, ...]:
    """Build the key from series, sex and age; empty where the SDGs have no code."""
    told: Mapping[str, str] = dict(count.at)
    if count.indicator != INDICATOR or count.state != COUNTED:
        return ()
    # Unknown groups have no code, and to add them to the whole would count them twice.
    if not told.keys() <= SPLITS or "" in told.values():
        return ()
    key = (
        SERIES.get(told.get("exploitation", ""), ""),
        SEX.get(told.get("sex", ""), ""),
        AGE.get(told.get("age_band", ""), ""),
    )
    return key if all(key) else ()


def build_observation(
    release: Release, key: tuple[str, ...], value: int
) -> dict[str, object]:
    series, sex, age = key
    # Decimal, not float: the same release has to give the same bytes everywhere.
    rate = Decimal(value) * PER / release.inhabitants
    return {
        "STRUCTURE": "dataflow",
        "STRUCTURE_ID": STRUCTURE,
        "ACTION": "I",
        "FREQ": "A",
        "SERIES": series,
        "REF_AREA": settings.COUNTRY,
        "SEX": sex,
        "AGE": age,
        "TIME_PERIOD": release.year,
        "OBS_VALUE": rate.quantize(Decimal("0.001"), ROUND_HALF_EVEN),
        "UNIT_MEASURE": "PER_100000_POP",
        "NATURE": "CA",
        "COMMENT_OBS": f"Detected; rounded; no group under {release.smallest}.",
    }
