"""A mapping file: what the properties of one publisher's service map mean.

    origin = "services-advisor"          # names the source; with the identity, a key
    identity = ["id", "properties.activity"]
    organisation = "properties.partnerName"
    area = "properties.locationName"

    [copy]                               # our field = where it stands
    name = "properties.activityName"

    [values."10. Referral Method"]       # property, value → our fields
    "Referrals not accepted" = { accepts_referrals = false }

A property that is an object of `{value: true}` counts as the set of its values. Lists
of several values are joined; a single field that two values claim takes the last.
"""

import tomllib
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from amana.errors import Unreadable

SHIPPED = Path(__file__).parent / "mappings"

type Feature = Mapping[str, Any]
"""One thing of a GeoJSON file, as it was published."""


@dataclass(frozen=True)
class FeatureMapping:
    """How to read one publisher's features."""

    origin: str
    identity: tuple[str, ...]
    organisation: str
    area: str
    copy: Mapping[str, str]
    dates: Mapping[str, str]
    listed: Mapping[str, str]
    hours: Mapping[str, str]
    values: Mapping[str, Mapping[str, Mapping[str, Any]]]
    defaults: Mapping[str, Any]
    days: Mapping[str, tuple[int, ...]]


def list_shipped() -> list[str]:
    """List the names of the mappings that come with Amana."""
    return sorted(path.stem for path in SHIPPED.glob("*.toml"))


def load(path: Path) -> FeatureMapping:
    """Load the mapping in `path`. Raises `Unreadable` with what is wrong in it."""
    try:
        text = path.read_text(encoding="utf-8")
        said = tomllib.loads(text)
    except (OSError, UnicodeDecodeError, tomllib.TOMLDecodeError) as error:
        raise Unreadable(path.name, str(error)) from error
    missing = {"origin", "identity", "organisation", "area"} - said.keys()
    if missing:
        raise Unreadable(path.name, f"It does not say: {', '.join(sorted(missing))}.")
    return FeatureMapping(
        origin=said["origin"],
        identity=tuple(said["identity"]),
        organisation=said["organisation"],
        area=said["area"],
        copy=said.get("copy", {}),
        dates=said.get("dates", {}),
        listed=said.get("listed", {}),
        hours=said.get("hours", {}),
        values=said.get("values", {}),
        defaults=said.get("defaults", {}),
        days={name: tuple(days) for name, days in said.get("days", {}).items()},
    )


def get_value(thing: Feature, path: str) -> Any:
    """Get what is at `path` (`properties.a name`); None if nothing is."""
    head, dot, rest = path.partition(".")
    # The whole path first: publishers have dots in the names of their properties.
    if path in thing:
        return thing[path]
    if not dot or not isinstance(thing.get(head), Mapping):
        return None
    return get_value(thing[head], rest)


def iterate_values(said: object) -> Iterator[str]:
    """Yield each value of a property: one word, or the keys of `{value: true}`."""
    if isinstance(said, Mapping):
        yield from (str(value).strip() for value, holds in said.items() if holds)
    elif said not in (None, ""):
        yield str(said).strip()
