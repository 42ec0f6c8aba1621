"""The differences between two versions of a mechanism, in plain words.

Pure. `engine.differences` compares the pathway; this module everything else, and puts
both in the order in which people read a mechanism. Of texts, forms and tables of words
it names only that they differ: their content is for people to read."""

from amana.design.mechanism.pack.differences.all_differences import list_differences

# -- the mechanism as a whole ----------------------------------------------------------


# -- who takes part --------------------------------------------------------------------


# -- what else is in the files ---------------------------------------------------------


# -- things by their names -------------------------------------------------------------


__all__ = [
    "list_differences",
]
