"""Groups and types of services, and what a place is a place of: `service_types.yaml`
has them."""

from pathlib import Path

from django.utils.functional import Promise

from amana.reviewed_files import FileCodes, name_codes, read_reviewed

FILE = Path(__file__).with_suffix(".yaml")
KINDS = read_reviewed(FILE)
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
        return ServiceGroup(self.value.rstrip("0123456789"))

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
