"""What the columns of a file of areas mean.

A row is one area. It has a code, names, and the code of the area above; a sheet with
one row for each district often has the region and the country beside it, in columns of
their own: from these, the areas above are made where they have no rows."""

from collections.abc import Mapping
from dataclasses import dataclass, field

from django.utils.translation import gettext as _

from amana.errors import Unreadable
from amana.faults import NOTHING

BY_BEGINNING = "@beginning"
"""Instead of a column: the code of the area above is the beginning of one's own."""
STEPS = 4
"""A row's own area, and as many above it as may have columns in it."""


@dataclass(frozen=True)
class AreaColumns:
    """The columns of one area: its code, and its name by language."""

    code: str = ""
    names: Mapping[str, str] = field(default=NOTHING)


@dataclass(frozen=True)
class AreaTable:
    """What the columns of one table are. The first step is the row's own area, the
    next the one above it."""

    steps: tuple[AreaColumns, ...] = (AreaColumns(),)
    lat: str = ""
    lon: str = ""
    level: str = ""

    @property
    def is_used(self) -> bool:
        return bool(self.steps[0].code)


@dataclass(frozen=True)
class AreaMapping:
    """What a file of areas means."""

    tables: Mapping[str, AreaTable]
    root_code: str = ""
    """The code of the country, where rows have no area above them."""
    root_name: str = ""
    is_complete: bool = True
    """It names every area of its country at its levels: others are out of use."""


def write_area_mapping(mapping: AreaMapping) -> dict[str, object]:
    """Write a mapping as plain values, for JSON."""
    tables = {
        name: {
            "steps": [[step.code, dict(step.names)] for step in table.steps],
            "lat": table.lat,
            "lon": table.lon,
            "level": table.level,
        }
        for name, table in mapping.tables.items()
    }
    return {
        "tables": tables,
        "root_code": mapping.root_code,
        "root_name": mapping.root_name,
        "is_complete": mapping.is_complete,
    }


def read_area_mapping(said: object) -> AreaMapping:
    """Read a mapping from plain values. Raises `Unreadable`."""
    if not isinstance(said, dict):
        raise Unreadable(_("the mapping"), _("It is incomplete."))
    try:
        tables = {
            str(name): AreaTable(
                tuple(AreaColumns(code, names) for code, names in table["steps"]),
                table["lat"],
                table["lon"],
                table["level"],
            )
            for name, table in said["tables"].items()
        }
        root = str(said["root_code"]), str(said["root_name"])
        complete = bool(said["is_complete"])
    except (KeyError, TypeError, ValueError, AttributeError) as error:
        raise Unreadable(_("the mapping"), _("It is incomplete.")) from error
    return AreaMapping(tables, *root, complete)
