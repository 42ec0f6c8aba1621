"""Figures that rooms above show on the mechanism's first page, without this room
knowing them. A room registers in its `apps.ready()`."""

from collections.abc import Callable, Iterable
from dataclasses import dataclass

from amana.design.mechanism.models import Version
from amana.registry import Registry
from amana.trust.access.models import User


@dataclass(frozen=True)
class Figure:
    label: str
    value: str
    note: str = ""
    url: str = ""


FIGURES: Registry[Callable[[Version, User], Iterable[Figure]]] = Registry()


def figures(version: Version, user: User) -> list[Figure]:
    return [one for find in FIGURES for one in find(version, user)]
