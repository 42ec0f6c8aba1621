"""What a piece is, and a collection of them."""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from amana.design.mechanism import outline as outlines
from amana.design.mechanism.forms.inputs import Words
from amana.design.mechanism.forms.piece_questions import PieceInput
from amana.design.mechanism.writing import Place
from amana.design.pathway.plain import Plain
from amana.trust.access.models.organisations import Role, Sphere

MECHANISM, PATHWAY = "mechanism.yaml", "pathway.yaml"


CAPACITY = "capacity.yaml"


SPHERES: dict[str, Words] = {sphere.value: sphere.label for sphere in Sphere}


ACCESS: dict[str, Words] = {
    role.value: role.label
    for role in (
        Role.SCREENER,
        Role.CASE_WORKER,
        Role.SUPERVISOR,
        Role.FOCAL_POINT,
        Role.COORDINATOR,
        Role.AUTHORITY,
    )
}


def keep_value(said: object) -> object:
    return said


@dataclass(frozen=True)
class PackPiece:
    """What one form writes: a place in a file, and the questions about it."""

    path: str
    place: Place
    asks: tuple[PieceInput, ...]
    title: Words
    whole: bool = False
    opened: Callable[[Any], object] = keep_value
    """What stands there, as its questions ask for it."""
    closed: Callable[[Any], object] = keep_value
    """The answers, as they are to stand there."""


@dataclass(frozen=True)
class PieceCollection:
    """Pieces of one kind, each under a code: organisations, roles, words."""

    path: str
    place: Place
    asks: tuple[PieceInput, ...]
    one: Words
    """What one of them is called, on the page that adds one."""
    new: str
    """The code of one whose title can't be made into a code."""
    page: str
    """The page on which they stand."""
    whole: bool = False

    def piece(self, code: str, title: Words = "") -> PackPiece:
        return PackPiece(
            self.path, (*self.place, code), self.asks, title or self.one, self.whole
        )

    def taken(self, plain: Plain) -> dict[str, Any]:
        found: object = plain.get(self.path)
        for key in self.place:
            found = outlines.read_map(found).get(str(key))
        return outlines.read_map(found)
