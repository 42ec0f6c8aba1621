"""A classification as a table: which of our codes each of its codes means.

    dimension,ours,code,label
    sex,female,F,Female
    exploitation,labour,02,Forced labour

The International Classification for Trafficking in Persons (IC-TIP), adopted by the
United Nations Statistical Commission in 2025, is loaded in this way by those who have
it: its codes are not public, so none come with Amana.
"""

import csv
from collections.abc import Mapping
from io import StringIO

from django.utils.translation import gettext as _

from amana.errors import Refused
from amana.exchange.figures.counts import DIMENSIONS
from amana.insight.measure import labels

COLUMNS = ("dimension", "ours", "code", "label")
MOST_BYTES = 1_000_000
MOST_SAID = 10

type Codes = dict[str, dict[str, list[str]]]


def read_codes(blob: bytes) -> Codes:
    """Read the codes of a table. Raises `Refused` with a sentence for each line that
    can't be placed."""
    rows = csv.DictReader(StringIO(decode_text(blob)))
    missing = [name for name in COLUMNS if name not in (rows.fieldnames or ())]
    if missing:
        raise Refused(
            _("The first line must name these columns: %(columns)s.")
            % {"columns": ", ".join(COLUMNS)}
        )
    codes: Codes = {}
    faults = []
    # From 2, the number that a spreadsheet shows: the first line has the names.
    for number, row in enumerate(rows, 2):
        said = {name: (row[name] or "").strip() for name in COLUMNS}
        if fault := find_fault(said, codes):
            faults.append(_("Line %(n)s: %(fault)s") % {"n": number, "fault": fault})
        else:
            ours = codes.setdefault(said["dimension"], {})
            ours[said["ours"]] = [said["code"], said["label"]]
    if faults:
        raise Refused(" ".join(faults[:MOST_SAID]))
    if not codes:
        raise Refused(_("The table has no line with a code."))
    return codes


def decode_text(blob: bytes) -> str:
    if len(blob) > MOST_BYTES:
        raise Refused(
            _(
                "The table is larger than 1 MB, so it was not loaded. Load a "
                "smaller one."
            )
        )
    try:
        # Excel begins its UTF-8 files with a byte order mark, which would become a part
        # of the first column's name.
        return blob.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        raise Refused(
            _(
                "This file is not in UTF-8. Save the table as CSV in UTF-8 and load it "
                "again."
            )
        ) from error


def find_fault(said: Mapping[str, str], codes: Codes) -> str:
    """Find why a line can't be placed; empty if it can."""
    dim, ours = said["dimension"], said["ours"]
    if dim not in DIMENSIONS:
        return _("“%(dim)s” is not one of our dimensions: %(known)s.") % {
            "dim": dim,
            "known": ", ".join(DIMENSIONS),
        }
    known = labels.map_labels(dim)
    if ours not in known:
        return _("“%(code)s” is not one of our codes of %(dim)s: %(known)s.") % {
            "code": ours,
            "dim": dim,
            "known": ", ".join(known),
        }
    if ours in codes.get(dim, {}):
        return _("“%(code)s” appears here a second time.") % {"code": ours}
    return "" if said["code"] else _("The code of the classification is missing.")
