"""When a keyholder leaves, their team gets a new key: a new *epoch*.

At once, the leaver's wraps are gone and all that is new is sealed under the new key.
What was sealed under earlier keys is then sealed anew in small steps, after the pages
of whoever of the team is at work; when nothing is left of it, the earlier keys are
destroyed. Until then work goes on as usual, and a step that is interrupted is simply
done again. What can't be sealed anew holds up nothing (`unopened`, ADR 72).
"""

from amana.trust.vault.leaving.departure import (
    can_open_anything,
    count_held_alone,
    expose_team_keys,
    has_keys_to_lose,
    is_last_holder,
    take_person_key,
)
from amana.trust.vault.leaving.epochs import (
    SEALED,
    STEP,
    ResealableKind,
    _settle_if_done,
    begin_epoch,
    compute_progress,
    count_set_aside,
    find_current_epoch,
    find_staying_wraps,
    find_wraps_of_members,
    is_renewal_due,
    refresh_progress,
    renew_where_due,
)
from amana.trust.vault.leaving.team_resealing import (
    TRICKLE,
    destroy_lapsed,
    find_unsettled,
    rewrap_in_passing,
    rewrap_some,
    try_again,
)

# --- moving on


# --- a person who leaves altogether


__all__ = [
    "SEALED",
    "STEP",
    "TRICKLE",
    "ResealableKind",
    "_settle_if_done",
    "begin_epoch",
    "can_open_anything",
    "compute_progress",
    "count_held_alone",
    "count_set_aside",
    "destroy_lapsed",
    "expose_team_keys",
    "find_current_epoch",
    "find_staying_wraps",
    "find_unsettled",
    "find_wraps_of_members",
    "has_keys_to_lose",
    "is_last_holder",
    "is_renewal_due",
    "refresh_progress",
    "renew_where_due",
    "rewrap_in_passing",
    "rewrap_some",
    "take_person_key",
    "try_again",
]
