"""A release in the codes of a classification that was loaded."""

import csv
from io import StringIO

from amana.exchange.figures import counts
from amana.exchange.figures.models import Classification
from amana.insight.release.models import Release
from amana.ui.harmless import escape_formula


def write_classified(release: Release, classification: Classification) -> bytes:
    """Write a line for each count whose groups all have a code in it."""
    dims = [dim for dim in counts.DIMENSIONS if dim in classification.codes]
    text = StringIO()
    write = csv.writer(text).writerow
    pairs = [name for dim in dims for name in (dim, f"{dim}_label")]
    write(["classification", "version", "year", "figure", *pairs, "count"])
    for count, value in counts.iterate_shown_counts(release):
        told = dict(count.at)
        places = {
            dim: classification.codes[dim].get(told[dim]) for dim in dims if dim in told
        }
        # With one group left out, the line would seem to be the count of the whole.
        if told.keys() == places.keys() and all(places.values()):
            said = [part for dim in dims for part in (places.get(dim) or ["", ""])]
            head = (classification.name, classification.version, release.year)
            write([*map(escape_formula, (*head, count.key, *said)), value])
    return text.getvalue().encode()
