"""How alike two descriptions of people are, across scripts and spellings. Pure.

The same name is written in many ways: محمد is Mohammed, Muhamad, Mehmed, Maxamed. What
the ways have in common is the order of their consonants, the *skeleton*; letters that
are read differently in different countries give a word two skeletons or three. Parts
of a name may come in any order, with or without their articles.

Nothing here decides that two people are one. It finds whom to look at, and says which
fields agree; a person compares, and asks.
"""

from amana.trust.name_matching.card_lines import (
    ENOUGH,
    build_line,
    normalise_reference,
    rank_matches,
)
from amana.trust.name_matching.matching import (
    HOURS_AGO,
    LATELY,
    MET_LATELY,
    compare_births,
    compare_words,
    compute_trace,
    find_candidates,
    rank_likely,
    score_likeness,
)
from amana.trust.name_matching.name_skeletons import (
    SkeletonCache,
    extract_digits,
    get_phone_key,
    list_skeletons,
    parse_birth,
    split_name,
)

__all__ = [
    "ENOUGH",
    "HOURS_AGO",
    "LATELY",
    "MET_LATELY",
    "SkeletonCache",
    "build_line",
    "compare_births",
    "compare_words",
    "compute_trace",
    "extract_digits",
    "find_candidates",
    "get_phone_key",
    "list_skeletons",
    "normalise_reference",
    "parse_birth",
    "rank_likely",
    "rank_matches",
    "score_likeness",
    "split_name",
]
