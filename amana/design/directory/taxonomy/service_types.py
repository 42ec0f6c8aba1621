"""Groups and types of services, and what a place is a place of: `service_types.yaml`
has them."""

from collections.abc import Iterator
from pathlib import Path
from typing import Any

from django.utils.functional import Promise

from amana.faults import Fault, check_known
from amana.reviewed_files import FileCodes, name_codes, read_reviewed
from amana.yaml_files.yamls import YAMLSource

FILE = Path(__file__).with_suffix(".yaml")
DIGITS = "0123456789"
OF_OTHER_GROUP = "“%(code)s” is not of group %(group)s: its code begins otherwise."
UNKNOWN = "There is no “%(name)s” in this group."


def read_types(file: Path) -> Any:
    """Read the groups with their types, and the units. Raises FaultyFile."""
    return read_reviewed(file, check=check_types)


def check_types(source: YAMLSource) -> Iterator[Fault]:
    """Check that each type is in the group that its code names."""
    for name, group in source.plain["groups"].items():
        place = "groups", name
        for code in group["types"]:
            if code.rstrip(DIGITS) != name:
                there = (*place, "types", code)
                yield source.fault(there, OF_OTHER_GROUP, code=code, group=name)
        for code in group.get("other_units", ()):
            there = (*place, "other_units", code)
            yield from check_known(source, there, UNKNOWN, code, group["types"])


KINDS = read_types(FILE)
GROUPS = KINDS["groups"]


class CapacityUnit(FileCodes):
    """What a free place is a place of."""

    vars().update(name_codes(KINDS["units"]))


class ServiceGroup(FileCodes):
    vars().update(name_codes({code: group["name"] for code, group in GROUPS.items()}))

    @property
    def types(self) -> list["ServiceType"]:
        return [kind for kind in ServiceType if kind.group is self]

    @property
    def unit(self) -> CapacityUnit:
        return UNITS[self]

    @property
    def icon(self) -> str:
        """The drawing by which a reader of another language finds it."""
        return ICONS[self]


class ServiceType(FileCodes):
    vars().update(
        name_codes(
            {
                code: text
                for group in GROUPS.values()
                for code, text in group["types"].items()
            }
        )
    )

    @property
    def group(self) -> ServiceGroup:
        return ServiceGroup(self.value.rstrip(DIGITS))

    @property
    def unit(self) -> CapacityUnit:
        return SPECIAL_UNITS.get(self) or self.group.unit


UNITS = {
    ServiceGroup(code): CapacityUnit(group["unit"]) for code, group in GROUPS.items()
}


SPECIAL_UNITS = {
    ServiceType(code): CapacityUnit(unit)
    for group in GROUPS.values()
    for code, unit in group.get("other_units", {}).items()
}


def group_types() -> list[tuple[str | Promise, list[tuple[str, str | Promise]]]]:
    """Group all types as choices of a form, under the names of their groups."""
    return [
        (group.label, [(kind.value, kind.label) for kind in group.types])
        for group in ServiceGroup
    ]


ICONS: dict[ServiceGroup, str] = {
    ServiceGroup(code): group["icon"] for code, group in GROUPS.items()
}
"""Icons of the sprite in `ui`; each kind of help has its own."""
