"""Everything that is wrong with a pathway, in its author's words; first causes only.

Its files have passed their schemas. Three looks, each at what the one before found
whole: do its names and conditions mean something (`PathwayChecks`), does every case
come to an end (`find_unsound`), does it speak of codes that its steps give
(`find_code_faults`).
"""

from collections.abc import Collection

from amana.design.pathway.code_checks import find_code_faults
from amana.design.pathway.link_checks import PathwayChecks, PathwayContext, check_table
from amana.design.pathway.pathway_model import EMPTY
from amana.design.pathway.pathway_reading import read_pathway
from amana.design.pathway.plain import Plain
from amana.design.pathway.soundness import find_unsound
from amana.faults import Fault


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
    checks = PathwayChecks(plain, world, file)
    faults = checks.run()
    for name, table in decisions.items():
        faults += check_table(table, tables[name])
    # What follows builds the pathway, which needs whole links; and from one slip it
    # would find ten more faults that hide it.
    if checks.broken:
        return faults
    pathway = read_pathway(plain, decisions=decisions)
    unsound = find_unsound(pathway, file)
    return faults + (unsound or find_code_faults(pathway, file, tables))
