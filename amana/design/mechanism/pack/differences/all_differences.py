"""All differences of two versions, in order."""

from collections.abc import Mapping

from amana.design.mechanism.pack.differences.participant_differences import (
    compare_duties,
    compare_organisations,
    compare_roles,
)
from amana.design.mechanism.pack.differences.whole_differences import (
    compare_clocks,
    compare_files,
    compare_law,
    compare_mechanism,
    compare_sharing,
    compare_terms,
    compare_texts,
)
from amana.design.mechanism.pack.pack_model import Pack
from amana.design.pathway.pathway_differences import (
    Difference,
    iterate_pathway_differences,
)
from amana.design.pathway.pathway_model import EMPTY


def list_differences(
    old: Pack, new: Pack, renamed: Mapping[str, str] = EMPTY
) -> list[Difference]:
    """List every difference between two packs. `renamed` maps each step of the old
    version that has another name to the new one; others with a new name are gone, and
    new."""
    return [
        *compare_mechanism(old, new),
        *iterate_pathway_differences(old.pathway, new.pathway, renamed),
        *compare_clocks(old, new),
        *compare_roles(old, new),
        *compare_organisations(old, new),
        *compare_duties(old, new),
        *compare_sharing(old, new),
        *compare_law(old, new, renamed),
        *compare_files(old, new, renamed),
        *compare_texts(old, new),
        *compare_terms(old, new, renamed),
    ]
