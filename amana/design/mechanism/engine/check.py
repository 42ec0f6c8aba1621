"""Everything that is wrong with a pathway, in its author's words; first causes only.

Three looks, each at what the one before found whole: has the file the shape of a
pathway (`shapes`), does every case come to an end (`find_unsound`), does it speak of
codes
that its steps give (`find_code_faults`).
"""

from collections.abc import Collection

from amana.design.mechanism.engine.code_checks import find_code_faults
from amana.design.mechanism.engine.faults import Fault
from amana.design.mechanism.engine.pathway import EMPTY
from amana.design.mechanism.engine.pathway_reading import read_pathway
from amana.design.mechanism.engine.pathway_schema import (
    PathwayContext,
    PathwayValidator,
    check_table,
)
from amana.design.mechanism.engine.plain import Plain
from amana.design.mechanism.engine.soundness import find_unsound


def check_pathway(
    plain: Plain,
    *,
    decisions: Plain = EMPTY,
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
    world = PathwayContext(roles, partners, forms, screenings, tuple(decisions))
    shapes = PathwayValidator(plain, world, file)
    faults = shapes.look()
    for name, table in decisions.items():
        looked = PathwayValidator({}, PathwayContext(), tables[name])
        check_table(looked, table)
        faults += looked.faults
        shapes.broken |= looked.broken
    # What follows builds the pathway, which needs the right shape; and from one slip it
    # would find ten more faults that hide it.
    if shapes.broken:
        return faults
    pathway = read_pathway(plain, decisions=decisions)
    unsound = find_unsound(pathway, file)
    return faults + (unsound or find_code_faults(pathway, file, tables))
