"""HSDS 3.x, the Human Services Data Specification of Open Referral: JSON and tabular.

What HSDS has no field for (our eligibility, for whom, how referrals are answered)
travels as attributes whose taxonomy term belongs to our own vocabulary, `TAXONOMY`.
"""

TAXONOMY = "amana"
"""The name of our vocabulary; a term's code is `field:value`."""

SWITCHES = (
    "hidden",
    "costs",
    "counts_places",
    "needs_police",
    "needs_identified",
    "own_assessment",
    "children_take_places",
    "waiting_list",
)
"""Fields that are yes or no; no is written by leaving them out."""

NONE = "none"
"""The value of a list that is known to be empty: a service that is never open."""
