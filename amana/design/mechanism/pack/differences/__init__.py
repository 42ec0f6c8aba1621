"""The differences between two versions of a mechanism, in plain words.

Pure. `pathway_differences` compares the pathway; this module everything else,
and puts both in the order in which people read a mechanism. Of texts, forms and tables
of words it names only that they differ: their content is for people to read."""

from amana.design.mechanism.pack.differences.all_differences import list_differences

__all__ = [
    "list_differences",
]
