"""Everything that is wrong with a pathway, in its author's words; first causes only.

Three looks, each at what the one before found whole: has the file the shape of a
pathway (`shapes`), does every case come to an end (`soundness`), does it speak of codes
that its steps give (`codes`).
"""

from collections.abc import Collection, Mapping
from typing import Any

from amana.design.mechanism.engine.codes import codes
from amana.design.mechanism.engine.faults import Fault
from amana.design.mechanism.engine.pathway import EMPTY, read_pathway
from amana.design.mechanism.engine.shapes import Shapes, World, look_at_table
from amana.design.mechanism.engine.soundness import soundness


def check(
    plain: Mapping[str, Any],
    *,
    decisions: Mapping[str, Any] = EMPTY,
    roles: Collection[str] | None = None,
    partners: Collection[str] = (),
    forms: Collection[str] | None = None,
    screenings: Collection[str] | None = None,
    file: str = "pathway.yaml",
) -> list[Fault]:
    """Find the faults of `pathway.yaml` and of `decisions/*.yaml`, given as plain
    contents. Roles, forms and screenings that are None are not checked.
    """
    tables = {name: f"decisions/{name}.yaml" for name in decisions}
    world = World(roles, partners, forms, screenings, tuple(decisions))
    shapes = Shapes(plain, world, file)
    faults = shapes.look()
    for name, table in decisions.items():
        looked = Shapes({}, World(), tables[name])
        look_at_table(looked, table)
        faults += looked.faults
        shapes.broken |= looked.broken
    # What follows builds the pathway, which needs the right shape; and from one slip it
    # would find ten more faults that hide it.
    if shapes.broken:
        return faults
    pathway = read_pathway(plain, decisions=decisions)
    unsound = soundness(pathway, file)
    return faults + (unsound or codes(pathway, file, tables))
