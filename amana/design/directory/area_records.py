"""One area as a file describes it, and what is wrong with it.

Apart from `area_files`, because files are read in a process that knows no models."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any


@dataclass(frozen=True)
class AreaRecord:
    """One area as a file describes it."""

    where: str
    """Its place in the file, for a person who looks it up."""
    code: str
    above: str
    names: Mapping[str, str]
    """By language."""
    lat: float | None = None
    lon: float | None = None
    """A point in its middle."""
    geometry: Mapping[str, Any] | None = None
    """None, as of the point: the file has none, and what is here stays."""
    level: int | None = None
    """As the file counts; only checked."""

    @property
    def has_point(self) -> bool:
        return self.lat is not None and self.lon is not None


@dataclass(frozen=True)
class AreaFault:
    """What is wrong with a file of areas: where, in which field, in a sentence."""

    where: str
    field: str
    what: str
