"""The pieces of a mechanism that people write: where each stands, and what is asked."""

from amana.design.mechanism.pieces.collections_of_pieces import COLLECTIONS
from amana.design.mechanism.pieces.piece import (
    ACCESS,
    CAPACITY,
    MECHANISM,
    PATHWAY,
    SPHERES,
    PackPiece,
    PieceCollection,
)
from amana.design.mechanism.pieces.single_pieces import (
    ABOUT,
    CALENDAR,
    CLOCKS,
    COUNTS,
    SHARING,
)
from amana.design.mechanism.pieces.step_pieces import STEPS, build_step_piece

__all__ = [
    "ABOUT",
    "ACCESS",
    "CALENDAR",
    "CAPACITY",
    "CLOCKS",
    "COLLECTIONS",
    "COUNTS",
    "MECHANISM",
    "PATHWAY",
    "SHARING",
    "SPHERES",
    "STEPS",
    "PackPiece",
    "PieceCollection",
    "build_step_piece",
]
