"""From a need to services among which the person chooses, with reasons for each.

What failed before, what the person refused, and what is to be avoided is left out,
visibly. No one is assigned automatically: the person may choose none."""

from amana.care.referrals.choosing.service_card import ServiceCard, find_replaceable
from amana.care.referrals.choosing.service_choice import (
    ASKED_OTHERWISE,
    CANT_WAIT,
    ServiceChoice,
    build_choice,
    compute_opening_limit,
    find_area,
    find_refused_teams,
)
from amana.care.referrals.choosing.service_option import (
    MOST,
    SHOWN,
    ExcludedService,
    ServiceOption,
    ServiceSearch,
)

__all__ = [
    "ASKED_OTHERWISE",
    "CANT_WAIT",
    "MOST",
    "SHOWN",
    "ExcludedService",
    "ServiceCard",
    "ServiceChoice",
    "ServiceOption",
    "ServiceSearch",
    "build_choice",
    "compute_opening_limit",
    "find_area",
    "find_refused_teams",
    "find_replaceable",
]
