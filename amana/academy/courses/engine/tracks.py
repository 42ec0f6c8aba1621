"""Tracks: a course learned for one sector, which comes first in it and has cases of its
own."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Any


@dataclass(frozen=True)
class Track:
    """A sector that one can learn a course for."""

    code: str
    name: Mapping[str, str]
    """By language."""


@dataclass(frozen=True)
class ModuleTrack:
    """What of a module is for one sector; the rest is for all."""

    first: tuple[str, ...]
    """The lessons that its people read first, by the names of their files."""
    cases: tuple[str, ...]
    """Lessons and conversations that are cases of that sector."""

    def has(self, part: str) -> bool:
        return part in self.first or part in self.cases


def build_tracks(plain: Iterable[Mapping[str, Any]]) -> tuple[Track, ...]:
    return tuple(Track(track["code"], track["name"]) for track in plain)


def build_module_tracks(
    plain: Mapping[str, Mapping[str, Any]],
) -> Mapping[str, ModuleTrack]:
    return {
        code: ModuleTrack(tuple(said["first"]), tuple(said["cases"]))
        for code, said in plain.items()
    }
