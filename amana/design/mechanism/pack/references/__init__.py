"""Checks across the files of a pack: whether they fit together.

Each check reads only files that are sound in themselves, so that one mistake is
reported once. Of a name that is wrong in ten places, the first place is reported."""

from amana.design.mechanism.pack.references.pack_checks import find_faults
from amana.design.mechanism.pack.references.pack_sources import (
    NO_FORM,
    PackSources,
)
from amana.design.mechanism.pack.references.pathway_checks import read_title

__all__ = [
    "NO_FORM",
    "PackSources",
    "find_faults",
    "read_title",
]
